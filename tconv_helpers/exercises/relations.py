"""Relations of a wrong answer, which no misconception equals, to right ones: found from its results alone.

A relation must hold on every input of the exercise. Where two of them hold, the inputs cannot tell which, and
the one that says less is said, or none.
"""

import hashlib
import json
from functools import partial
from itertools import islice

import numpy as np

from .values import Raised

SEEN = 2  # a transformation changes at least so many inputs ...
SIDE = 4  # ... and a condition has so many inputs on each side
# Of a list in a list in ..., which may hold itself, and of entries: right results have fewer
DEEP, MOST = 8, 1000
FACTORS = {2: "times 2", 3: "times 3", 4: "times 4", 1 / 2: "halved", 1 / 3: "divided by 3"}
FACTORS |= {1 / 4: "divided by 4", -1: "with its sign changed"}
TOTALS = {1: "plus 1", -1: "minus 1"}
CUT = "cut to whole numbers"
ORDER = "in another order"
REARRANGED = {"reversed", ORDER, "transposed", "with its parts exchanged"}
HINTS = {  # to a relation in which these words stand
    CUT: (
        "int( ) and arrays made with int cut off fractions: 1.5 becomes 1. "
        "np.zeros(size) makes an array that keeps them."
    ),
    " were always ": "Does your function use it at all, and in each place where it matters?",
    " were reversed": "Write one output as a sum by hand: which entry meets which sample?",
}


def transformation(values, wanted, same):
    """Return what was done to the right results where that gives every value, else None.

    same : whether a value is the one that is wanted, see `verdicts.same`.

    >>> right = [np.array([1, 2, 3]), np.array([4, 5]), np.array([6])]
    >>> transformation([each[::-1] for each in right], right, np.array_equal)
    'reversed'
    >>> transformation([each[::-1] for each in right[:2]] + [np.array([7])], right, np.array_equal)
    """
    return _told(TRANSFORMATIONS, values, wanted, same)


def rearrangement(values, known, same):
    """Return how known wrong results were put in another order where that gives every value, else None."""
    return _told((each for each in TRANSFORMATIONS if each[0] in REARRANGED), values, known, same)


def _told(transformations, values, wanted, same):
    """Return the transformation that fits, or the family that does, None where no one or several do."""
    if _hardly_seen(values, wanted, same):
        return None
    found = {}
    for family, said, change in transformations:
        if all(_gives(change, v, w, same) for v, w in zip(values, wanted, strict=True)):
            found.setdefault(family, []).append(said)
    if len(found) != 1:
        return None
    (family, said), *_ = found.items()
    return said[0] if len(said) == 1 else family


def _hardly_seen(values, wanted, same):
    """Return whether fewer than SEEN inputs show that something was done."""
    changed = (True for v, w in zip(values, wanted, strict=True) if not same(v, w))
    return sum(islice(changed, SEEN)) < SEEN


def _gives(change, value, wanted, same):
    """Return whether a value is what a change makes of the right one; what raises or is None stays."""
    if wanted is None or isinstance(wanted, Exception | Raised):
        return same(value, wanted)
    changed = change(wanted)
    return changed is not None and same(value, changed)


def _numbers(change):
    """Return a change that is made to whatever holds numbers alone, None of anything else."""

    def changed(wanted):
        if isinstance(wanted, list | tuple):
            return None
        if isinstance(wanted, bool | np.bool_ | str) or np.asarray(wanted).dtype.kind not in "iuf":
            return None
        return change(wanted)

    return changed


def _fractions(change):
    """Return a change that is made to numbers of which some may have fractions, not to whole ones."""
    return _numbers(lambda wanted: wanted if np.asarray(wanted).dtype.kind in "iu" else change(wanted))


def _array(change, ndim=None):
    """Return a change that is made to arrays, of so many axes if that matters, None of anything else."""

    def changed(wanted):
        if not isinstance(wanted, np.ndarray) or not wanted.ndim or ndim not in (None, wanted.ndim):
            return None
        return change(wanted)

    return changed


def _sequence(change):
    """Return a change that is made to 1-D arrays and lists, None of anything else."""

    def changed(wanted):
        if type(wanted) is list:
            return change(wanted)
        return change(wanted) if isinstance(wanted, np.ndarray) and wanted.ndim == 1 else None

    return changed


def _zero_enters(array, end):
    """Return an array whose entries moved by one place, 0 entering at an end.

    >>> _zero_enters(np.array([1, 2, 3]), 0), _zero_enters(np.array([1, 2, 3]), -1)
    (array([0, 1, 2]), array([2, 3, 0]))
    """
    moved = np.roll(array, 1 if end == 0 else -1)
    moved[end : end + 1 or None] = 0
    return moved


def _zero_more(array, end):
    """Return an array with a 0 more at an end."""
    return np.concatenate([[0], array] if end == 0 else [array, [0]])


def _pair(wanted):
    return wanted[::-1] if type(wanted) is tuple and len(wanted) == 2 else None


def _sorted(wanted):
    return np.sort(wanted) if isinstance(wanted, np.ndarray) else sorted(wanted)


def _transformations():
    """Yield (family, what was done, the change) for each; a family is said where its members all fit."""
    yield "reversed", "reversed", _sequence(lambda w: w[::-1])
    yield ORDER, "with its rows in reversed order", _array(lambda w: w[::-1], 2)
    yield ORDER, "with its columns in reversed order", _array(lambda w: w[:, ::-1], 2)
    yield ORDER, "turned by 180 degrees", _array(lambda w: w[::-1, ::-1], 2)
    yield "transposed", "transposed", _array(np.transpose, 2)
    yield "with its parts exchanged", "with its parts exchanged", _pair
    yield "sorted", "sorted", _sequence(_sorted)
    moved = "moved by one place"
    for end, way in ((0, "back"), (-1, "forward")):
        enters = "with 0 coming in at the " + ("beginning" if end == 0 else "end")
        yield moved, f"moved {way} by one place, {enters}", _array(partial(_zero_enters, end=end), 1)
        around = f"moved {way} by one place in a circle"
        yield moved, around, _array(partial(np.roll, shift=1 if end == 0 else -1), 1)
    short = "without one of its entries at an end"
    yield short, "without its first entry", _sequence(lambda w: w[1:])
    yield short, "without its last entry", _sequence(lambda w: w[:-1])
    line = "without a row or column at an edge"
    yield line, "without its first row", _array(lambda w: w[1:], 2)
    yield line, "without its last row", _array(lambda w: w[:-1], 2)
    yield line, "without its first column", _array(lambda w: w[:, 1:], 2)
    yield line, "without its last column", _array(lambda w: w[:, :-1], 2)
    longer = "with a 0 too many at an end"
    yield longer, "with a 0 too many at its beginning", _array(partial(_zero_more, end=0), 1)
    yield longer, "with a 0 too many at its end", _array(partial(_zero_more, end=-1), 1)
    for factor, said in FACTORS.items():
        yield said, said, _numbers(partial(_times, factor))
    for total, said in TOTALS.items():
        yield said, said, _numbers(partial(_plus, total))
    yield "without its signs", "without its signs", _numbers(np.abs)
    clipped = "with 0 in place of what is negative"
    yield clipped, clipped, _numbers(partial(np.maximum, 0))
    yield CUT, f"{CUT}, towards 0", _fractions(np.trunc)
    yield CUT, f"{CUT}, downwards", _fractions(np.floor)
    yield CUT, "rounded to whole numbers", _fractions(np.round)


def by_a_size(parameters, inputs, values, wanted, *, same):
    """Return by which parameter or size the right results were multiplied, divided or moved; else "".

    >>> by_a_size(["n", "m"], [(4, 2), (6, 3), (6, 2)], [2.5, 2, 5], [5, 6, 10], same=np.isclose)
    'divided by m'
    """
    if _hardly_seen(values, wanted, same):
        return ""
    found, gives = [], partial(_gives, same=same)
    for what, column in _columns(parameters, inputs):
        for said, change in BY_A_SIZE.items():
            changes = [_numbers(partial(change, size)) for size in column]
            if len(set(column)) > 1 and all(map(gives, changes, values, wanted)):
                found.append(f"{said} {what}")
    return found[0] if len(found) == 1 else ""


BY_A_SIZE = {
    "times": lambda size, wanted: wanted * size,
    "divided by": lambda size, wanted: wanted / size if size else None,
    "plus": lambda size, wanted: wanted + size,
    "minus": lambda size, wanted: wanted - size,
}


def _times(factor, wanted):
    return wanted * factor if isinstance(factor, int) else wanted / round(1 / factor)


def _plus(total, wanted):
    return wanted + total


TRANSFORMATIONS = tuple(_transformations())


def hint_to(relation):
    """Return the hint that goes with a relation, "" where its words say enough.

    >>> hint_to("yours works as if stride were always 1")
    'Does your function use it at all, and in each place where it matters?'
    """
    return next((hint for words, hint in HINTS.items() if words in relation), "")


def digest(results):
    """Return a short hash of results, the same for equal ones: close values, whole numbers as numbers.

    None where one of them is larger than any right result.

    >>> digest([np.array([1, 2]), 3]) == digest([np.array([1.0, 2 + 1e-12]), 3.0])
    True
    >>> digest([np.array([1, 2]), 3]) == digest([np.array([2, 1]), 3])
    False
    """
    if any(_room_after(each, MOST) < 0 for each in results):
        return None
    return hashlib.sha256(json.dumps([_canonical(each) for each in results]).encode()).hexdigest()[:12]


def _room_after(result, room, depth=0):
    """Return the room for entries that a result leaves, below 0 where it needs more or is too deep."""
    if isinstance(result, np.ndarray):
        return room - result.size
    if type(result) not in (list, tuple):
        return room - 1
    for part in result:
        room = _room_after(part, room, depth + 1) if depth < DEEP else -1
        if room < 0:
            break
    return room


def _canonical(result):
    """Return a result as JSON with its shape, and its numbers to 9 digits; what is not plain, by its type."""
    if isinstance(result, Exception | Raised):
        return ["raises", result.name if isinstance(result, Raised) else type(result).__name__]
    if type(result) in (list, tuple):
        return ["list", *map(_canonical, result)]
    if type(result) in (bool, np.bool_):
        return bool(result)
    if type(result) in (np.ndarray, int, float) or isinstance(result, np.number):
        array = np.asarray(result)
        if array.dtype.kind in "iuf":
            return [list(array.shape), [f"{round(number, 9) + 0.0:.8e}" for number in map(float, array.flat)]]
    return ["text", result] if type(result) is str else type(result).__name__


def cut_by_type(parameters, inputs, values, wanted, *, same):
    """Return where results are cut to whole numbers: where one argument holds such, which gave its dtype.

    >>> ints, floats = np.array([1, 2]), np.array([1.0, 2.0])
    >>> inputs, wanted = [(ints,), (floats,), (ints,)], [np.array([1.5, 2.0])] * 3
    >>> cut_by_type(["x"], inputs, [ints, wanted[0], ints], wanted, same=np.array_equal)
    'cut to whole numbers wherever x has an integer dtype'
    """
    if _hardly_seen(values, wanted, same):
        return ""
    found, gives = [], partial(_gives, same=same)
    for name, column in zip(parameters, zip(*inputs, strict=True), strict=True):
        if not all(isinstance(each, np.ndarray) for each in column):
            continue
        changes = [CUT_TOWARDS_0 if each.dtype.kind in "iu" else _nothing for each in column]
        if all(map(gives, changes, values, wanted)):
            found.append(name)
    return f"{CUT} wherever {found[0]} has an integer dtype" if len(found) == 1 else ""


CUT_TOWARDS_0 = _fractions(np.trunc)


def _nothing(wanted):
    return wanted


def condition(parameters, inputs, right):
    """Return on which inputs a function is right and on which wrong, where one parameter tells; else "".

    >>> inputs = [(n, padding) for n in (3, 5, 4, 6) for padding in (0, 2)]
    >>> condition(["n", "padding"], inputs, [padding == 0 for _, padding in inputs])
    'right on all 4 inputs with padding = 0 and wrong on all 4 with padding = 2'
    """
    rights, wrongs = sum(right), len(right) - sum(right)
    if min(rights, wrongs) < SIDE:
        return ""
    found = [sides for column in _columns(parameters, inputs) if (sides := _sides(*column, right))]
    if len(found) != 1:  # two of them tell it as well: which one matters cannot be seen
        return ""
    return f"right on all {rights} inputs with {found[0][0]} and wrong on all {wrongs} with {found[0][1]}"


def _columns(parameters, inputs):
    """Yield what a condition may be about, and its value on each input."""
    for name, column in zip(parameters, zip(*inputs, strict=True), strict=True):
        if all(type(value) is int for value in column):
            yield name, column
        elif all(isinstance(value, np.ndarray) for value in column):
            for axis in range(min(value.ndim for value in column)):
                size = f"{name}.shape[{axis}]" if axis else f"len({name})"
                yield size, [value.shape[axis] for value in column]


def _sides(what, column, right):
    """Return the conditions of the right side and of the wrong one, None where no bound parts them."""
    yes = {value for value, good in zip(column, right, strict=True) if good}
    no = {value for value, good in zip(column, right, strict=True) if not good}
    if max(yes) < min(no):
        return _side(what, yes, f"<= {max(yes)}"), _side(what, no, f"> {max(yes)}")
    if max(no) < min(yes):
        return _side(what, yes, f"> {max(no)}"), _side(what, no, f"<= {max(no)}")
    return None


def _side(what, values, bound):
    """Return a condition that values meet, an equation where they are one."""
    return f"{what} = {min(values)}" if len(values) == 1 else f"{what} {bound}"
