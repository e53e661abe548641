"""Observations on wrong results, of what they have in common: where they differ, and which way.

It is true of every input that the answer gets wrong, so it needs no cause and names none.
"""

import numpy as np

from .values import Raised


def observed(values, wanted, right):
    """Return what is true of all wrong results, "" where nothing of what is looked for is.

    values, wanted, right : what came, what is right and whether it is, input by input.

    >>> ones = [np.ones(3), np.ones(4), np.ones(2)]
    >>> observed([np.array([1, 1, 5]), np.array([1, 1, 1, 7]), ones[2]], ones, [False, False, True])
    'on each of the 2 inputs that it gets wrong, only the last entry differs'
    >>> observed([3, 5, 9], [3, 4, 8], [True, False, False])
    'on each of the 2 inputs that it gets wrong, its result is 1 too large'
    """
    pairs = [(v, w) for v, w, good in zip(values, wanted, right, strict=True) if not good]
    if not pairs or any(isinstance(v, Exception | Raised) or v is None for v, _ in pairs):
        return ""
    where = f"on each of the {len(pairs)} inputs" if len(pairs) > 1 else "on the one input"
    looks = (
        (_fractions, _truths, _orders, _lists, _places, _factors, _ways) if len(pairs) > 1 else (_fractions,)
    )
    with np.errstate(all="ignore"):  # of what a student returned, which may hold anything
        said = next(filter(None, (look(pairs) for look in looks)), "")
    return said and f"{where} that it gets wrong, {said}"


def _truths(pairs):
    if not all(isinstance(each, bool | np.bool_) for pair in pairs for each in pair):
        return ""
    return f"it says {bool(pairs[0][0])}" if len({bool(v) for v, _ in pairs}) == 1 else ""


def _lists(pairs):
    """Compare lists of whole numbers, whose order was compared before."""
    if not all(type(each) is list and all(type(e) is int for e in each) for pair in pairs for each in pair):
        return ""
    if not any(v for v, _ in pairs):
        return "its list is empty"
    if all(set(v) < set(w) for v, w in pairs):
        return "what it lists is right, and something is missing"
    if all(set(v) > set(w) for v, w in pairs):
        return "it lists all that is right, and more"
    if all(len(v) == len(w) and v[:-1] == w[:-1] for v, w in pairs):
        return "only the last entry differs"
    return ""


def _orders(pairs):
    """Look whether the numbers are right, and their places are not."""
    if all(type(v) is type(w) is list and len(v) == len(w) for v, w in pairs):
        pairs = [tuple(map(np.asarray, pair)) for pair in pairs]
    arrays = _arrays(pairs)
    if not arrays or not all(np.allclose(*(np.sort(each, axis=None) for each in pair)) for pair in arrays):
        return ""
    turned = all(v.ndim == 1 and np.allclose(v[::-1], w) for v, w in arrays)
    return f"it has the right numbers in {'reverse' if turned else 'another'} order"


def _factors(pairs):
    """Look whether each result is the right one times a number, another on each input."""
    arrays = _arrays(pairs)
    if not arrays or any(np.count_nonzero(w) < 2 for _, w in arrays):
        return ""
    factors = [np.vdot(w, v) / np.vdot(w, w) for v, w in arrays]
    if 0 in factors or not all(np.allclose(v, c * w) for c, (v, w) in zip(factors, arrays, strict=True)):
        return ""
    return "its result is the right one times a number, which changes from input to input"


def _fractions(pairs):
    """Look for numbers that are none, and for fractions that were lost where the right results have some."""
    arrays = _arrays(pairs)
    if arrays and all(np.isnan(v).any() for v, _ in arrays):
        return "it has something that is not a number (NaN)"
    if arrays and all(_whole(v) and not _whole(w) for v, w in arrays):
        cut = all(np.array_equal(v, np.trunc(w)) for v, w in arrays)
        return f"it holds whole numbers only, {'the right ones cut' if cut else 'where there are fractions'}"
    return ""


def _whole(array):
    return np.array_equal(array, np.trunc(array))


def _places(pairs):
    """Look for a place that holds all entries that differ."""
    arrays = _arrays(pairs)
    off = [~np.isclose(v, w) for v, w in arrays]
    for place, said in PLACES.get(off[0].ndim if off else 0, ()):
        if all(each.ndim == off[0].ndim and not _without(each, place).any() for each in off):
            return f"only {said}"
    if all((v[each] == 0).all() for (v, _), each in zip(arrays, off, strict=True)) and any(map(np.ndim, off)):
        return "it has a 0 wherever an entry differs"
    return ""


def _without(off, place):
    """Return which entries differ outside a place."""
    rest = off.copy()
    for part in place:
        rest[part] = False
    return rest


# By the number of axes: a place in an array as indices, and its name; the first that holds is said
PLACES = {
    1: [([-1], "the last entry differs"), ([0], "the first entry differs"), ([0, -1], "its ends differ")],
    2: [
        ([(-1, slice(None))], "the last row differs"),
        ([(0, slice(None))], "the first row differs"),
        ([(slice(None), -1)], "the last column differs"),
        ([(slice(None), 0)], "the first column differs"),
        ([0, -1, (slice(None), 0), (slice(None), -1)], "its edges differ"),
    ],
}


def _ways(pairs):
    """Look which way numbers are off, and by how much."""
    arrays = _arrays(pairs)
    off = [(v - w)[~np.isclose(v, w)] for v, w in arrays]
    off = np.concatenate(off) if off else np.zeros(0)
    if not off.size or not np.isfinite(off).all() or not (off.min() > 0 or off.max() < 0):
        return ""
    by = f"{abs(off[0]):.6g} " if np.allclose(off, off[0]) else ""
    what = "what differs" if arrays[0][1].ndim else "its result"
    return f"{what} is {by}too {'large' if off.min() > 0 else 'small'}"


def _arrays(pairs):
    """Return the pairs as real arrays, a list of numbers as one; none where one is something else."""
    arrays = []
    for pair in pairs:
        if any(isinstance(each, bool | np.bool_ | str | tuple) for each in pair):
            return []
        if any(type(each) is list and not all(type(e) in (int, float) for e in each) for each in pair):
            return []
        v, w = map(np.asarray, pair)
        if v.shape != w.shape or not w.size or any(each.dtype.kind not in "iuf" for each in (v, w)):
            return []
        arrays.append((v.astype(float), w.astype(float)))
    return arrays
