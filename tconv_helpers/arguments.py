"""Checks of the arguments that operators, matrices and kernels share (standard library only).

Each returns what it checked in one form, or raises one sentence: the rule, what came, a way out.
"""

from operator import index

_LEAST = {
    "n": 1,
    "m": 1,
    "wanted": 1,
    "stride": 1,
    "dilation": 1,
    "groups": 1,
    "padding": 0,
    "output_padding": 0,
    "output_size": 1,
    "kernel_size": 1,
}
_MOST = 2**48  # beyond it no array has a place for what is counted, and sums of several might overflow


def ints(name, value, rank):
    """Return one int for each of ``rank`` axes, from one int for all of them or a tuple with one for each.

    rank 0 stands for a plain int that belongs to no axis.
    Errors: TypeError if a value is no whole number; ValueError if one is below the least that argument
    ``name`` allows or beyond 2**48, or if their count is not rank.

    >>> ints("stride", 2, rank=3)
    (2, 2, 2)
    """
    values = tuple(value) if rank and isinstance(value, (tuple, list)) else (value,) * (rank or 1)
    hint = f"an int, or a tuple of {rank} ints" if rank > 1 else "an int"
    if len(values) != (rank or 1):
        axes = "1 axis" if rank == 1 else f"{rank} axes"
        raise ValueError(
            f"{name} must be one int, or one per spatial axis: got {name}={value} for {axes}; use {hint}"
        )
    try:
        if any(isinstance(v, bool) for v in values):
            raise TypeError
        values = tuple(map(index, values))
    except TypeError:
        if name == "padding" and isinstance(value, str):
            hint = "padding=0 for 'valid'; padding = dilation (m - 1) / 2 for 'same' at stride 1 and odd m"
        raise TypeError(f"{name} must be a whole number: got {name}={value!r}; use {hint}") from None
    if min(values) < _LEAST[name]:
        raise ValueError(
            f"{name} must be at least {_LEAST[name]}: got {name}={value}; use {_LEAST[name]} or more"
        )
    if max(values) > _MOST:
        raise ValueError(f"{name} must be at most 2**48: got {name}={value}; use a smaller one")
    return values


def numbers(name, value, asarray, kinds="iufc"):
    """Return ``asarray(value)``, NumPy's, if that is one rectangular array of numbers.

    kinds: the letters that ``dtype.kind`` may be.
    Errors: TypeError for any other value, and for a masked array, whose mask no sum would see.

    >>> import numpy as np
    >>> numbers("x", [1, 2], np.asarray)
    array([1, 2])
    """
    if hasattr(value, "filled"):
        raise TypeError(f"{name} must have no mask: got a masked array; use {name}.filled(0)")
    try:
        array = asarray(value)
        got = f"dtype {array.dtype}"
    except ValueError:
        array, got = None, "nested lists of unequal lengths"
    if array is None or array.dtype.kind not in kinds:
        raise TypeError(
            f"{name} must be one rectangular array of numbers: got {got}; use np.array(..., float)"
        )
    return array


def check_layout(x, k, bias, *, groups, transposed):
    """Return how many spatial axes and output channels a call has, from the *shapes* of x, k and bias.

    Shapes: x (in, *n) or (batch, in, *n); k (out, in/groups, *m) for conv, (in, out/groups, *m) for
    conv_transpose; bias (out,) or None. x and k both 1-D means one channel.
    Errors: ValueError that says which of the shapes does not fit.

    >>> check_layout(x=(8, 6, 10), k=(6, 2, 3), bias=None, groups=3, transposed=True)
    (1, 6)
    """
    got = f"got x of shape {x} and k of shape {k}"
    if len(k) == len(x) == 1:
        k, x = (1, 1, *k), (1, *x)
    rank = len(k) - 2
    _check_axes(x, k, rank, got)
    (groups,) = ints("groups", groups, rank=0)
    _check_channels(x[-rank - 1], k, groups=groups, transposed=transposed)
    out = k[1] * groups if transposed else k[0]
    if bias not in (None, (out,)):
        raise ValueError(f"bias must have one value per output channel: got shape {bias}; use shape ({out},)")
    return rank, out


def _check_axes(x, k, rank, got):
    """Raise ValueError if the shapes x and k do not have the axes of a rank, or have an empty one."""
    if rank not in (1, 2, 3):
        raise ValueError(
            "k must have 3, 4 or 5 axes, (channels, channels, *m), or 1 beside an x of 1: "
            f"{got}; add channel axes with k[None, None]"
        )
    if len(x) not in (rank + 1, rank + 2):
        raise ValueError(
            f"x must have {rank + 1} axes, (channels, *n), or {rank + 2}, (batch, channels, *n), beside "
            f"a k of {rank + 2}: {got}; add or drop axes of x"
        )
    if 0 in k or 0 in x[-rank - 1 :]:
        raise ValueError(
            f"only the batch may be empty: {got}; give each channel and spatial axis at least one sample"
        )


def _check_channels(channels, k, *, groups, transposed):
    """Raise ValueError if a k of this shape does not fit the channels of x and their groups."""
    if channels % groups or (not transposed and k[0] % groups):
        raise ValueError(
            f"groups must divide the channels: got groups={groups}, x with {channels} channels and k of "
            f"shape {k}; use a divisor of both"
        )
    if transposed and k[0] != channels:
        raise ValueError(
            f"conv_transpose takes k as (in, out/groups, *m): got k of shape {k} and x with {channels} "
            f"channels; use a k with {channels} in axis 0, perhaps np.swapaxes(k, 0, 1)"
        )
    if not transposed and k[1] * groups != channels:
        raise ValueError(
            f"conv takes k as (out, in/groups, *m): got k of shape {k}, groups={groups} and x with "
            f"{channels} channels; use a k with {channels // groups} in axis 1"
        )
