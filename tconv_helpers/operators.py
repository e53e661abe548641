"""conv and conv_transpose with their gradients: NumPy, 1-D to 3-D, batches, channels, groups.

With K the kernel as a matrix, and ``_gather`` and ``_scatter`` each other's adjoint, the module is::

    conv             y  = K gather(x)        conv_transpose             y  = scatter(K^T x)
    conv_backward    dx = scatter(K^H dy)    conv_transpose_backward    dx = conj(K) gather(dy)
                     dk = dy gather(x)^H                                dk = conj(x) gather(dy)^T

Inside, arrays are (groups, channels/groups, *n, batch): one matrix product per group serves the whole
batch. The large side is split by ``u mod stride`` (its phases), so that what one kernel entry meets at
every stride-th sample lies side by side.
"""

from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from .shapes import check_layout, conv_output_size, conv_transpose_output_size, ints, numbers


def conv(x, k, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolution as in deep learning, the kernel not flipped (cross-correlation): Eq. 1.

    ``y_i = sum_a x_{stride (i-1) + dilation (a-1) + 1 - padding} k_a``, x being 0 outside, plus bias.
    x: (batch, in, *n), (in, *n), or (n,) beside a k of (m,); k: (out, in/groups, *m); y: (batch, out, *).
    Arguments, order and meaning are those of ``torch.nn.functional.conv1d``, ``conv2d``, ``conv3d``.
    ValueError or TypeError where shapes or values do not fit.

    >>> conv([1, 2, 3, 4, 5, 6, 7], [1, 0, -1])
    array([-2, -2, -2, -2, -2])
    """
    x, k = _arrays(x=x, k=k)
    bias = None if bias is None else np.atleast_1d(numbers("bias", bias, np.asarray))
    g = _geometry(x, k, bias, stride, padding, dilation, groups, transposed=False)
    y = _as_matrix(k, g) @ _gather(_inward(x, g), g)
    return _outward(y, g.small, x, g, bias)


def conv_transpose(x, k, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Transposed convolution: the transpose of ``conv`` with the same k, stride, padding and dilation.

    ``y_u = sum_{i,a} x_i k_a`` over ``u = stride (i-1) + dilation (a-1) + 1 - padding``, plus bias: each
    sample stamps a scaled copy of the kernel. x: (batch, in, *n), (in, *n) or (n,); k: (in, out/groups, *m).
    Arguments, order and meaning are those of ``torch.nn.functional.conv_transpose1d``, ``2d``, ``3d``.
    ValueError or TypeError where shapes or values do not fit.

    >>> conv_transpose([1, 0, 0, 2], [1, 2, 3], stride=2)
    array([1, 2, 3, 0, 0, 0, 2, 4, 6])
    """
    x, k = _arrays(x=x, k=k)
    bias = None if bias is None else np.atleast_1d(numbers("bias", bias, np.asarray))
    g = _geometry(x, k, bias, stride, padding, dilation, groups, transposed=True, extra=output_padding)
    y = _scatter(_as_matrix(k, g).swapaxes(1, 2) @ _as_columns(_inward(x, g)), g)
    return _outward(y, g.large, x, g, bias)


def conv_backward(dy, x, k, stride=1, padding=0, dilation=1, groups=1):
    """Gradients (dx, dk, dbias) of ``sum(dy * conv(x, k, bias, ...))``: Eq. 3 and Eq. 6.

    ``dx_u = sum_i dy_i k_{u-i+1}`` is a transposed convolution of dy; ``dk_a = sum_i dy_i x_{i+a-1}``.
    Shapes are those of x, k and (out,). Complex gradients follow torch: the adjoint, with conjugates.
    ValueError if dy has not the shape of ``conv(x, k, ...)``.

    >>> dx, dk, dbias = conv_backward([1, 0, 0, 0, 2], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3])
    >>> print(dx, dk, dbias)
    [1 2 3 0 2 4 6] [11 14 17] [3]
    """
    dy, x, k = _arrays(dy=dy, x=x, k=k)
    g = _geometry(x, k, None, stride, padding, dilation, groups, transposed=False)
    _check_dy(dy, x, g, g.small)
    dy = _inward(dy, g)
    dx = _scatter(_as_matrix(k, g).conj().swapaxes(1, 2) @ _as_columns(dy), g)
    dk = _as_columns(dy) @ _gather(_inward(x, g), g).conj().swapaxes(1, 2)
    return _outward(dx, g.large, x, g), dk.reshape(k.shape), _sum_to_bias(dy)


def conv_transpose_backward(dy, x, k, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Gradients (dx, dk, dbias) of ``sum(dy * conv_transpose(x, k, bias, ...))``.

    ``dx = conv(dy, k)`` with the same stride, padding and dilation: the adjoint of the adjoint.
    Shapes are those of x, k and (out,). Complex gradients follow torch: the adjoint, with conjugates.
    ValueError if dy has not the shape of ``conv_transpose(x, k, ...)``.

    >>> dx, dk, dbias = conv_transpose_backward([1, 1, 1, 1, 1, 1, 1], [1, 0, 2], [1, 2, 3], stride=2)
    >>> print(dx, dk, dbias)
    [6 6 6] [3 3 3] [7]
    """
    dy, x, k = _arrays(dy=dy, x=x, k=k)
    g = _geometry(x, k, None, stride, padding, dilation, groups, transposed=True, extra=output_padding)
    _check_dy(dy, x, g, g.large)
    dy = _inward(dy, g)
    columns = _gather(dy, g)
    dx = _as_matrix(k, g).conj() @ columns
    dk = _as_columns(_inward(x, g)).conj() @ columns.swapaxes(1, 2)
    return _outward(dx, g.small, x, g), dk.reshape(k.shape), _sum_to_bias(dy)


class _Geometry(NamedTuple):
    """One call's sizes: ``large`` is the side that conv reads and conv_transpose writes."""

    rank: int
    out: int
    groups: int
    m: tuple
    stride: tuple
    padding: tuple
    dilation: tuple
    small: tuple
    large: tuple

    def taps(self):
        """For each kernel entry a: where the samples that it meets lie on the split large side."""
        for a in product(*map(range, self.m)):
            steps = [divmod(d * i, s) for i, d, s in zip(a, self.dilation, self.stride, strict=True)]
            runs = [slice(q, q + n) for (q, _), n in zip(steps, self.small, strict=True)]
            yield a, (*(phase for _, phase in steps), *runs)

    def phases(self):
        """For each remainder modulo stride: its samples on the large side, and where they lie when split."""
        for phase in product(*map(range, self.stride)):
            axes = list(zip(phase, self.padding, self.large, self.stride, strict=True))
            there = [slice((r - p) % s, n, s) for r, p, n, s in axes]
            runs = [slice(-((r - p) // s), -((r - p - n) // s)) for r, p, n, s in axes]
            yield tuple(there), (*phase, *runs)

    def split(self, x):
        """Zeros for the padded large side of x, split: (groups, channels, *stride, *sizes, batch)."""
        sizes = [-(-(n + 2 * p) // s) for n, p, s in zip(self.large, self.padding, self.stride, strict=True)]
        return np.zeros((*x.shape[:2], *self.stride, *sizes, x.shape[-1]), x.dtype)


def _geometry(x, k, bias, stride, padding, dilation, groups, transposed, extra=0):
    bias_shape = None if bias is None else bias.shape
    rank, out = check_layout(x.shape, k.shape, bias_shape, groups, transposed)
    n, m = x.shape[-rank:], k.shape[-rank:]
    stride, padding, dilation = (
        ints(name, value, rank)
        for name, value in (("stride", stride), ("padding", padding), ("dilation", dilation))
    )
    if transposed:
        extra = ints("output_padding", extra, rank)
        small, large = n, conv_transpose_output_size(n, m, stride, padding, extra, dilation)
    else:
        small, large = conv_output_size(n, m, stride, padding, dilation), n
    return _Geometry(rank, out, groups, m, stride, padding, dilation, small, large)


def _gather(x, g):
    """Columns (groups, channels m, small batch): under each kernel entry, the samples it multiplies."""
    split = g.split(x)
    for there, here in g.phases():
        split[:, :, *here] = x[:, :, *there]
    columns = np.empty((*x.shape[:2], *g.m, *g.small, x.shape[-1]), x.dtype)
    for a, place in g.taps():
        columns[:, :, *a] = split[:, :, *place]
    return columns.reshape(g.groups, x.shape[1] * prod(g.m), prod(g.small) * x.shape[-1])


def _scatter(columns, g):
    """The adjoint of ``_gather``: each column is added where it was read, then the padding is cropped."""
    channels, batch = columns.shape[1] // prod(g.m), columns.shape[2] // prod(g.small)
    columns = columns.reshape(g.groups, channels, *g.m, *g.small, batch)
    y = np.empty((g.groups, channels, *g.large, batch), columns.dtype)
    split = g.split(y)
    for a, place in g.taps():
        split[:, :, *place] += columns[:, :, *a]
    for there, here in g.phases():
        y[:, :, *there] = split[:, :, *here]
    return y


def _as_matrix(k, g):
    """K: (groups, k's own channels / groups, all other axes of k)."""
    k = k.reshape(1, 1, -1) if k.ndim == 1 else k
    return k.reshape(g.groups, k.shape[0] // g.groups, prod(k.shape[1:]))


def _inward(x, g):
    """From the caller's layout to (groups, channels/groups, *n, batch)."""
    x = x[None] if x.ndim == 1 else x
    one = x.ndim == g.rank + 1 or len(x) == 1
    x = x.reshape(*x.shape[-g.rank - 1 :], 1) if one else _batch_last(x)
    return x.reshape(g.groups, x.shape[0] // g.groups, *x.shape[1:])


def _batch_last(x):
    """``np.moveaxis(x, 0, -1)``, copied 8 samples at a time: measured 4 times as fast as at once, since
    rows that lie a power of two apart evict each other from the processor's cache."""
    out = np.empty((*x.shape[1:], x.shape[0]), x.dtype)
    for i in range(0, len(x), 8):
        out[..., i : i + 8] = np.moveaxis(x[i : i + 8], 0, -1)
    return out


def _as_columns(x):
    return x.reshape(*x.shape[:2], prod(x.shape[2:]))


def _outward(y, sizes, x, g, bias=None):
    """Back to the layout in which the caller gave x, plus one bias per channel."""
    y = y.reshape(g.groups * y.shape[1], *sizes, x.shape[0] if x.ndim == g.rank + 2 else 1)
    y = np.moveaxis(y, -1, 0)
    bias = 0 if bias is None else bias.reshape(-1, *[1] * g.rank)
    y = np.add(y, bias, order="C")
    return y.reshape(y.shape[y.ndim - x.ndim :])


def _sum_to_bias(dy):
    return dy.sum(axis=tuple(range(2, dy.ndim)), dtype=dy.dtype).reshape(-1)


def _check_dy(dy, x, g, sizes):
    """dy must be shaped like the output whose gradient it is."""
    expected = sizes if x.ndim == 1 else (*x.shape[: -g.rank - 1], g.out, *sizes)
    if dy.shape != expected:
        raise ValueError(
            f"dy must have the shape of the output: got dy of shape {dy.shape}; use shape {expected}"
        )


def _arrays(**named):
    """NumPy arrays of numbers, never written to; TypeError for anything else."""
    return [numbers(name, value, np.asarray) for name, value in named.items()]
