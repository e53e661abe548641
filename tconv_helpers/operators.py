"""Run conv, conv_transpose and their gradients in NumPy: 1-D to 3-D, batches, channels, groups.

With K the kernel as a matrix, and ``_gather`` and ``_scatter`` each other's adjoint, the module is::

    conv             y  = K gather(x)        conv_transpose             y  = scatter(K^T x)
    conv_backward    dx = scatter(K^H dy)    conv_transpose_backward    dx = conj(K) gather(dy)
                     dk = dy gather(x)^H                                dk = conj(x) gather(dy)^T

Inside, arrays are (groups, channels/groups, *n, batch): one matrix product per group serves the whole
batch, block by block of the small side, so that no more than BUDGET is in memory at once. Letters, each with
one int per spatial axis, counted from 0::

    n, m     sizes of x and of k
    small    size of the side that conv writes and conv_transpose reads; i counts its samples
    large    size of the side that conv reads and conv_transpose writes; u counts its samples
    a        an entry of the kernel, a tap: it joins i with u = stride i + dilation a - padding
    r        the phase of u: the first u that a meets, were the large side endless; u = r + stride j
    q        what a is ahead: j = i + q

So a meets one phase of the large side only, every stride-th sample from r on, and of that the run of the j
that exist. ``_gather`` and ``_scatter`` copy one phase at a time, so that a run lies side by side in memory;
padding is what they leave at 0.
"""

from collections import defaultdict
from functools import partial
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from .arguments import check_layout, ints, numbers
from .borders import extend, fold, widths_of
from .shapes import conv_output_size, conv_transpose_output_size

BUDGET = 64 * 2**20  # bytes of columns at a time


def conv(x, k, bias=None, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
    """Convolve x with k as in deep learning, the kernel not flipped (cross-correlation).

    Shapes: x (batch, in, *n), (in, *n), or (n,) beside a k of (m,); k (out, in/groups, *m); bias (out,);
    returns (batch, out, *output size), without the axes that x lacks.
    Formula: ``y_i = sum_a x_{stride (i-1) + dilation (a-1) + 1 - padding} k_a`` (Eq. 1, with the settings),
    x being 0 outside, or what padding_mode says ("reflect", "replicate", "circular"); plus bias. Padding
    "same", for stride 1, gives an output of the size of x, an odd sample being the last; "valid" is 0.
    Errors: ValueError or TypeError where shapes or values do not fit.
    Source: arguments, order and meaning are those of ``torch.nn.functional.conv1d``, 2d and 3d; padding_mode
    that of ``torch.nn.Conv1d``, 2d and 3d.

    >>> conv([1, 2, 3, 4, 5, 6, 7], [1, 0, -1])
    array([-2, -2, -2, -2, -2])
    >>> conv([1, 2, 3, 4, 5, 6, 7], [1, 0, -1], padding="same", padding_mode="circular")
    array([ 5, -2, -2, -2, -2, -2,  5])
    """
    x, k = _arrays(x=x, k=k)
    bias = None if bias is None else np.atleast_1d(numbers("bias", bias, np.asarray))
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    x, settings, _ = _extended(x, k, settings, groups=groups, padding_mode=padding_mode)
    g = _geometry(x, k, bias, groups=groups, **settings)
    matrix, x_inside = _as_matrix(k, g), _inward(x, g)
    y = np.empty((g.groups, matrix.shape[1], *g.small, x_inside.shape[-1]), np.result_type(x, k))
    for rows, block in g.blocks(x_inside):
        y[:, :, rows] = (matrix @ _gather(x_inside, block)).reshape(y[:, :, rows].shape)
    return _outward(y, g.small, x, g, bias=bias)


def conv_transpose(
    x,
    k,
    bias=None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
    *,
    output_size=None,
    padding_mode="zeros",
):
    """Apply the transpose of ``conv`` with the same k, stride, padding and dilation.

    Shapes: x (batch, in, *n), (in, *n), or (n,) beside a k of (m,); k (in, out/groups, *m); bias (out,);
    returns (batch, out, *output size), without the axes that x lacks.
    Formula: ``y_u = sum_{i,a} x_i k_a`` over ``u = stride (i-1) + dilation (a-1) + 1 - padding``, plus bias:
    each sample stamps a scaled copy of the kernel. output_size, a size for each axis, stands for the
    output_padding that gives it.
    Errors: ValueError or TypeError where shapes or values do not fit, and for a padding_mode but "zeros".
    Source: arguments, order and meaning are those of ``torch.nn.functional.conv_transpose1d``, 2d and 3d;
    output_size that of the call of a ``torch.nn.ConvTranspose1d``, 2d or 3d.

    >>> conv_transpose([1, 0, 0, 2], [1, 2, 3], stride=2)
    array([1, 2, 3, 0, 0, 0, 2, 4, 6])
    >>> conv_transpose([1, 0, 0, 2], [1, 2, 3], stride=2, output_size=10)
    array([1, 2, 3, 0, 0, 0, 2, 4, 6, 0])
    """
    x, k = _arrays(x=x, k=k)
    if padding_mode != "zeros":
        raise ValueError(
            f"padding_mode must be 'zeros' in conv_transpose: got {padding_mode!r}; its padding crops the "
            "output, and there is nothing beyond the ends to choose"
        )
    bias = None if bias is None else np.atleast_1d(numbers("bias", bias, np.asarray))
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    if output_size is not None:
        output_padding = _output_padding(x, k, output_padding, output_size, groups=groups, **settings)
    g = _geometry(x, k, bias, groups=groups, transposed=True, output_padding=output_padding, **settings)
    y = _scattered(_as_matrix(k, g).swapaxes(1, 2), _inward(x, g), g)
    return _outward(y, g.large, x, g, bias=bias)


def conv_backward(dy, x, k, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
    """Return the gradients (dx, dk, dbias) of ``sum(dy * conv(x, k, bias, ...))``.

    Shapes: dy that of ``conv(x, k, ...)``; returns those of x, of k and (out,).
    Formula: ``dx_u = sum_i dy_i k_{u-i+1}`` (Eq. 3), a transposed convolution of dy, and
    ``dk_a = sum_i dy_i x_{i+a-1}`` (Eq. 6). Complex gradients follow torch: the adjoint, with conjugates.
    Errors: ValueError if dy has another shape; else those of ``conv``.

    >>> dx, dk, dbias = conv_backward([1, 0, 0, 0, 2], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3])
    >>> print(dx, dk, dbias)
    [1 2 3 0 2 4 6] [11 14 17] [3]
    """
    dy, x, k = _arrays(dy=dy, x=x, k=k)
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    x, settings, folded = _extended(x, k, settings, groups=groups, padding_mode=padding_mode)
    g = _geometry(x, k, groups=groups, **settings)
    _check_dy(dy, x, g, g.small)
    dy, x_inside = _inward(dy, g), _inward(x, g)
    dx = _scattered(_as_matrix(k, g).conj().swapaxes(1, 2), dy, g)
    dk = sum(
        _as_columns(dy[:, :, rows]) @ _gather(x_inside, block).conj().swapaxes(1, 2)
        for rows, block in g.blocks(x_inside)
    )
    return folded(_outward(dx, g.large, x, g)), dk.reshape(k.shape), _sum_to_bias(dy)


def conv_transpose_backward(dy, x, k, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Return the gradients (dx, dk, dbias) of ``sum(dy * conv_transpose(x, k, bias, ...))``.

    Shapes: dy that of ``conv_transpose(x, k, ...)``; returns those of x, of k and (out,).
    Formula: ``dx = conv(dy, k)`` with the same stride, padding and dilation: the adjoint of the adjoint.
    Complex gradients follow torch: the adjoint, with conjugates.
    Errors: ValueError if dy has another shape; else those of ``conv_transpose``.

    >>> dx, dk, dbias = conv_transpose_backward([1, 1, 1, 1, 1, 1, 1], [1, 0, 2], [1, 2, 3], stride=2)
    >>> print(dx, dk, dbias)
    [6 6 6] [3 3 3] [7]
    """
    dy, x, k = _arrays(dy=dy, x=x, k=k)
    settings = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    g = _geometry(x, k, groups=groups, transposed=True, **settings)
    _check_dy(dy, x, g, g.large)
    dy, x_inside, matrix = _inward(dy, g), _inward(x, g), _as_matrix(k, g).conj()
    dx, dk = np.empty(x_inside.shape, np.result_type(dy, k)), 0
    for rows, block in g.blocks(dy):
        columns = _gather(dy, block)
        dx[:, :, rows] = (matrix @ columns).reshape(dx[:, :, rows].shape)
        dk = dk + _as_columns(x_inside[:, :, rows]).conj() @ columns.swapaxes(1, 2)
    return _outward(dx, g.small, x, g), dk.reshape(k.shape), _sum_to_bias(dy)


class _Geometry(NamedTuple):
    """Hold the sizes of one call; each tuple has an int per spatial axis."""

    # Spatial axes: 1, 2 or 3
    rank: int
    # Output channels, those of all groups together
    out: int
    # Parts that the channels fall into; no channel meets one of another part
    groups: int
    # Size of the kernel
    m: tuple
    # Size of the side that conv writes and conv_transpose reads
    small: tuple
    # Size of the side that conv reads and conv_transpose writes, without the padding
    large: tuple
    # Samples that u moves on by when i does by one
    stride: tuple
    # Samples at each end of the large side: conv adds them as zeros, conv_transpose crops them
    padding: tuple
    # Samples that u moves on by when a does by one
    dilation: tuple

    def blocks(self, large):
        """Yield (rows of the small side, their geometry), so that the columns of each keep within BUDGET.

        large : an array of the large side, whose channels, batch and itemsize the columns have.
        """
        row = large.shape[1] * large.shape[-1] * large.itemsize * self.groups * prod(self.m)
        count = max(1, BUDGET // max(1, row * prod(self.small[1:])))
        for first in range(0, self.small[0], count):
            rows = slice(first, min(first + count, self.small[0]))
            small = (rows.stop - first, *self.small[1:])
            padding = (self.padding[0] - self.stride[0] * first, *self.padding[1:])  # i counts from first on
            yield rows, self._replace(small=small, padding=padding)

    def phases(self):
        """Yield each phase that the kernel meets: its place on the large side, its taps (a, i, j)."""
        taps = defaultdict(list)
        for a in product(*map(range, self.m)):
            phase, i, j = zip(*(self._run(axis, each) for axis, each in enumerate(a)), strict=True)
            taps[phase].append((a, i, j))
        for phase, entries in taps.items():
            yield tuple(slice(r, None, s) for r, s in zip(phase, self.stride, strict=True)), entries

    def _run(self, axis, a):
        """Return, for a tap on an axis, its r, the run of i that it joins with samples, and that of j."""
        small, large, stride = self.small[axis], self.large[axis], self.stride[axis]
        q, r = divmod(self.dilation[axis] * a - self.padding[axis], stride)
        samples = max(0, -((r - large) // stride))  # of this phase
        first = max(0, -q)
        last = max(first, min(small, samples - q))
        return r, slice(first, last), slice(first + q, last + q)


def _output_padding(x, k, output_padding, output_size, *, groups, **settings):
    """Return the output_padding that leads to an output_size; ValueError if none does."""
    rank, _ = check_layout(x.shape, k.shape, None, groups=groups, transposed=True)
    if output_padding != 0:
        raise ValueError(
            f"output_padding and output_size must not both be given: got {output_padding} and {output_size}; "
            "use one of them"
        )
    sizes = ints("output_size", output_size, rank)
    settings = {name: ints(name, value, rank) for name, value in settings.items()}
    above = [max(s, d) - 1 for s, d in zip(settings["stride"], settings["dilation"], strict=True)]
    most = conv_transpose_output_size(x.shape[-rank:], k.shape[-rank:], output_padding=above, **settings)
    given = tuple(size - (m - a) for size, m, a in zip(sizes, most, above, strict=True))
    if any(not 0 <= op <= a for op, a in zip(given, above, strict=True)):
        fits = " x ".join(f"{max(m - a, 1)} to {m}" for m, a in zip(most, above, strict=True))
        raise ValueError(
            f"output_size must be {fits} with these settings: got {output_size}; use "
            f"{most[0] if rank == 1 else most}"
        )
    return given


def _extended(x, k, settings, *, groups, padding_mode):
    """Return x, the settings, and what brings a gradient of x back: with what lies beyond its ends put to it.

    Zeros of a width in numbers are left to ``_gather``, which needs no copy for them.
    """
    if padding_mode == "zeros" and not isinstance(settings["padding"], str):
        return x, settings, lambda dx: dx
    rank, _ = check_layout(x.shape, k.shape, None, groups=groups, transposed=False)
    widths = widths_of(n=x.shape[-rank:], m=k.shape[-rank:], padding_mode=padding_mode, **settings)
    back = partial(fold, shape=x.shape, widths=widths, padding_mode=padding_mode)
    return extend(x, widths, padding_mode), {**settings, "padding": 0}, back


def _geometry(x, k, bias=None, *, groups, stride, padding, dilation, output_padding=0, transposed=False):
    """Return the checked geometry of a call on these arrays."""
    bias_shape = None if bias is None else bias.shape
    rank, out = check_layout(x.shape, k.shape, bias_shape, groups=groups, transposed=transposed)
    n, m = x.shape[-rank:], k.shape[-rank:]
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    settings = {name: ints(name, value, rank) for name, value in settings.items()}
    if transposed:
        output_padding = ints("output_padding", output_padding, rank)
        small, large = n, conv_transpose_output_size(n, m, output_padding=output_padding, **settings)
    else:
        small, large = conv_output_size(n, m, **settings), n
    return _Geometry(rank=rank, out=out, groups=groups, m=m, small=small, large=large, **settings)


def _gather(x, g):
    """Return the columns (groups, channels m, small batch): under each kernel entry, the samples it meets."""
    columns = np.empty((*x.shape[:2], *g.m, *g.small, x.shape[-1]), x.dtype)
    everywhere = tuple(slice(0, n) for n in g.small)
    for place, taps in g.phases():
        phase = np.ascontiguousarray(x[:, :, *place])
        for a, i, j in taps:
            if i != everywhere:
                columns[:, :, *a] = 0
            columns[:, :, *a, *i] = phase[:, :, *j]
    return columns.reshape(g.groups, x.shape[1] * prod(g.m), prod(g.small) * x.shape[-1])


def _scattered(matrix, x, g):
    """Return the large side: the columns of ``matrix @ x``, each added where ``_gather`` reads it."""
    y = np.zeros((g.groups, matrix.shape[1] // prod(g.m), *g.large, x.shape[-1]), np.result_type(matrix, x))
    for rows, block in g.blocks(y):
        _scatter(matrix @ _as_columns(x[:, :, rows]), block, y)
    return y


def _scatter(columns, g, y):
    """Add to y the adjoint of ``_gather``: each column where it was read."""
    columns = columns.reshape(*y.shape[:2], *g.m, *g.small, y.shape[-1])
    for place, taps in g.phases():
        phase = np.ascontiguousarray(y[:, :, *place])
        for a, i, j in taps:
            phase[:, :, *j] += columns[:, :, *a, *i]
        y[:, :, *place] = phase


def _as_matrix(k, g):
    """Return K: (groups, axis 0 of k / groups, all its other axes)."""
    k = k.reshape(1, 1, -1) if k.ndim == 1 else k
    return k.reshape(g.groups, k.shape[0] // g.groups, prod(k.shape[1:]))


def _inward(x, g):
    """Bring x from the caller's layout to (groups, channels/groups, *n, batch)."""
    x = x[None] if x.ndim == 1 else x
    one = x.ndim == g.rank + 1 or len(x) == 1
    x = x.reshape(*x.shape[-g.rank - 1 :], 1) if one else _batch_last(x)
    return x.reshape(g.groups, x.shape[0] // g.groups, *x.shape[1:])


def _batch_last(x):
    """Return a copy of ``np.moveaxis(x, 0, -1)``."""
    # 8 samples at a time: measured 4 times as fast as at once, since rows that lie a power of two apart
    # evict each other from the processor's cache
    out = np.empty((*x.shape[1:], x.shape[0]), x.dtype)
    for i in range(0, len(x), 8):
        out[..., i : i + 8] = np.moveaxis(x[i : i + 8], 0, -1)
    return out


def _as_columns(x):
    """Return x with its spatial axes and the batch as one: (groups, channels/groups, all the rest)."""
    return x.reshape(*x.shape[:2], prod(x.shape[2:]))


def _outward(y, sizes, x, g, *, bias=None):
    """Bring y back to the layout in which the caller gave x, and add one bias per channel."""
    y = y.reshape(g.groups * y.shape[1], *sizes, x.shape[0] if x.ndim == g.rank + 2 else 1)
    y = np.moveaxis(y, -1, 0)
    bias = 0 if bias is None else bias.reshape(-1, *[1] * g.rank)
    y = np.add(y, bias, order="C")
    return y.reshape(y.shape[y.ndim - x.ndim :])


def _sum_to_bias(dy):
    """Return dbias (out,): the sum of dy over all but the channels."""
    return dy.sum(axis=tuple(range(2, dy.ndim)), dtype=dy.dtype).reshape(-1)


def _check_dy(dy, x, g, sizes):
    """Raise ValueError unless dy is shaped like the output whose gradient it is."""
    expected = sizes if x.ndim == 1 else (*x.shape[: -g.rank - 1], g.out, *sizes)
    if dy.shape != expected:
        raise ValueError(
            f"dy must have the shape of the output: got dy of shape {dy.shape}; use shape {expected}"
        )


def _arrays(**named):
    """Return each as a NumPy array of numbers, often the caller's own; TypeError for anything else."""
    return [numbers(name, value, np.asarray) for name, value in named.items()]
