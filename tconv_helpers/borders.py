"""Values beyond the ends of a signal: zeros, its mirror image, its last sample, or its other end.

``extend`` is linear, and ``fold`` its adjoint: what a sample's copies beyond the ends get goes back to it.
"""

import numpy as np

from .arguments import ints

NUMPY = {
    "zeros": None,
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}  # torch's word -> NumPy's
# The most that fits beyond an end of n samples
MOST = {"reflect": lambda n: n - 1, "circular": lambda n: n}


def widths_of(padding, n, m, *, stride, dilation, padding_mode):
    """Return (left, right) for each axis: how many samples are put before and after the signal.

    Shapes: n and m tuples with the sizes of signal and kernel.
    Formula: padding on both sides; "valid" 0; for "same", dilation (m - 1) in all, the odd one on the right.
    Errors: ValueError or TypeError where the padding does not fit the signal, the stride or the mode.

    >>> widths_of("same", (9, 9), (3, 4), stride=1, dilation=1, padding_mode="zeros")
    [(1, 1), (1, 2)]
    """
    rank = len(n)
    if padding_mode not in NUMPY:
        words = ", ".join(map(repr, NUMPY))
        raise ValueError(f"padding_mode must be one of {words}: got {padding_mode!r}; use 'zeros'")
    if isinstance(padding, str):
        widths = _by_word(padding, m, ints("stride", stride, rank), ints("dilation", dilation, rank))
    else:
        widths = [(p, p) for p in ints("padding", padding, rank)]
    for size, pair in zip(n, widths, strict=True):
        most = MOST.get(padding_mode, lambda _: np.inf)(size)
        if max(pair) > most:
            raise ValueError(
                f"padding must be at most {most} with padding_mode={padding_mode!r} and {size} samples: "
                f"got {max(pair)}; use less, or 'replicate'"
            )
    return widths


def _by_word(padding, m, stride, dilation):
    """Return the widths for "same" and "valid"."""
    if padding not in ("same", "valid"):
        raise ValueError(f"padding must be an int, 'same' or 'valid': got {padding!r}; use 'same'")
    if padding == "valid":
        return [(0, 0)] * len(m)
    if max(stride) > 1:
        raise ValueError(f"padding='same' needs stride 1: got stride={stride}; use an int for padding")
    spans = [d * (size - 1) for size, d in zip(m, dilation, strict=True)]
    return [(span // 2, span - span // 2) for span in spans]


def extend(x, widths, padding_mode):
    """Return x with its last axes made longer, by what lies beyond their ends.

    >>> extend(np.array([1, 2, 3]), [(2, 1)], "reflect")
    array([3, 2, 1, 2, 3, 2])
    """
    if padding_mode == "zeros":
        return np.pad(x, [(0, 0)] * (x.ndim - len(widths)) + widths)
    for axis, index in enumerate(_indices(x.shape, widths, padding_mode), x.ndim - len(widths)):
        x = x.take(index, axis)
    return x


def fold(y, shape, widths, padding_mode):
    """Return the adjoint of ``extend`` applied to y, in the shape of its x.

    >>> fold(np.array([1, 1, 1, 1, 1, 1]), (3,), [(2, 1)], "reflect")
    array([1, 3, 2])
    """
    first = len(shape) - len(widths)
    if padding_mode == "zeros":
        inside = [slice(left, left + n) for n, (left, _) in zip(shape[first:], widths, strict=True)]
        return np.ascontiguousarray(y[..., *inside])
    for axis, index in enumerate(_indices(shape, widths, padding_mode), first):
        x = np.zeros((*y.shape[:axis], shape[axis], *y.shape[axis + 1 :]), y.dtype)
        np.add.at(np.moveaxis(x, axis, 0), index, np.moveaxis(y, axis, 0))
        y = x
    return y


def _indices(shape, widths, padding_mode):
    """Yield, for each of the last axes, which sample of x stands at each place of the longer one."""
    for n, pair in zip(shape[-len(widths) :], widths, strict=True):
        yield np.pad(np.arange(n), pair, mode=NUMPY[padding_mode])
