"""Kernels that upsample, and the phases that decide whether they leave a checkerboard.

Output u of a transposed convolution with stride s meets only the entries k[r], k[r + s], ... with
r = (u + padding) mod s: one of s *phases*. Everything here is one reading of that fact.
"""

import numpy as np

from .arguments import ints, numbers


def nearest_kernel(stride):
    """Return the kernel with which conv_transpose repeats each sample, without padding.

    Shapes: stride s or (s1, s2), ...; returns floats (s,) or (s1, s2), ....
    Formula: ``k_a = 1``; then ``conv_transpose(x, k, stride=s)`` is ``np.repeat(x, s)``, borders included.
    Errors: ValueError or TypeError if a stride is no positive whole number.

    >>> nearest_kernel(3)
    array([1., 1., 1.])
    """
    return np.ones(ints("stride", stride, len(stride) if isinstance(stride, (tuple, list)) else 1))


def bilinear_kernel(stride):
    """Return the kernel with which conv_transpose interpolates linearly: a triangle, 0 after stride steps.

    Shapes: stride s or (s1, s2), ...; returns floats (m,) or (m1, m2), ....
    Formula: ``k_a = 1 - |a - (m+1)/2| / s`` with m = 2s for even s and 2s - 1 for odd, the outer product over
    the axes; padding (m - s) / 2 then makes s n samples of n.
    Errors: those of ``nearest_kernel``.
    Source: Long, Shelhamer & Darrell 2015, where such a kernel starts the upsampling layers.

    >>> bilinear_kernel(2)
    array([0.25, 0.75, 0.75, 0.25])
    >>> bilinear_kernel((2, 2))[1]
    array([0.1875, 0.5625, 0.5625, 0.1875])
    """
    kernel = np.ones(())
    for s in nearest_kernel(stride).shape:
        m = 2 * s - s % 2
        kernel = np.multiply.outer(kernel, 1 - abs(np.arange(m) - (m - 1) / 2) / s)
    return kernel


def polyphase(k, stride):
    """Return the phases of a kernel (polyphase components), zeros at their ends.

    Shapes: k (m,), returns (s, ceil(m/s)); k (m1, m2), returns (s1, s2, ceil(m1/s1), ceil(m2/s2)); and so on.
    Formula: ``polyphase(k, s)[r]`` is k[r], k[r + s], k[r + 2 s], ...; then
    ``conv_transpose(x, k, stride=s)[r::s]`` is ``np.convolve(x, polyphase(k, s)[r])``, up to zeros.
    Errors: ValueError or TypeError if stride does not fit k.
    Source: Vaidyanathan 1993, chapter 4.

    >>> polyphase([1, 2, 3, 4, 5], 2)
    array([[1, 3, 5],
           [2, 4, 0]])
    """
    k = numbers("k", k, np.asarray)
    s = ints("stride", stride, k.ndim)
    k = np.pad(k, [(0, -m % each) for m, each in zip(k.shape, s, strict=True)])
    split = k.reshape([size for m, each in zip(k.shape, s, strict=True) for size in (m // each, each)])
    return split.transpose(*range(1, 2 * k.ndim, 2), *range(0, 2 * k.ndim, 2))


def phase_sums(k, stride):
    """Return the sum of each phase of a kernel: the output that a constant 1 gives at that phase.

    Shapes: k (m,) or (m1, m2), returns (s,) or (s1, s2); the weight of a layer, (in, out/groups, *m), returns
    (in, out/groups, *s), for each kernel its own; (m1, m2, m3) beside a stride of three.
    Formula: ``S_r = k[r] + k[r + s] + k[r + 2 s] + ...``. A constant input gives a flat interior if and only
    if all are equal.
    Errors: those of ``polyphase``.

    >>> phase_sums([1, 2, 1], 2), phase_sums([1, 1, 1], 2)
    (array([2, 2]), array([2, 1]))
    >>> phase_sums(np.ones((8, 3, 4, 4)), 2).shape
    (8, 3, 2, 2)
    """
    k = numbers("k", k, np.asarray)
    if k.ndim > 2 and len(np.atleast_1d(stride)) != k.ndim:
        s = ints("stride", stride, k.ndim - 2)
        sums = [phase_sums(kernel, s) for kernel in k.reshape(-1, *k.shape[2:])]
        return np.reshape(sums, (*k.shape[:2], *s))
    phases = polyphase(k, stride)
    return phases.sum(axis=tuple(range(phases.ndim // 2, phases.ndim)))


def phase_spread(y, stride):
    """Return the strength of a checkerboard of period ``stride`` in y, in the units of y: 0 for a flat y.

    Shapes: y (n,) or (n1, n2), ...; of a size that is no multiple of its stride, the last, partial period is
    left out.
    Formula: the largest minus the smallest mean of a phase of y.
    Errors: ValueError if an axis of y is shorter than its stride; those of ``polyphase``.

    >>> phase_spread([1, 2, 1, 2, 1, 2], 2), phase_spread([3, 3, 3, 3], 2)
    (1.0, 0.0)
    """
    y = numbers("y", y, np.asarray)
    s = ints("stride", stride, y.ndim)
    if y.ndim == 0 or any(n < each for n, each in zip(y.shape, s, strict=True)):
        raise ValueError(
            f"y must hold a whole period on each axis: got shape {y.shape}, stride={stride}; use a larger y"
        )
    whole = tuple(slice(n - n % each) for n, each in zip(y.shape, s, strict=True))
    means = polyphase(y[whole], s).mean(axis=tuple(range(y.ndim, 2 * y.ndim)))
    return float(means.max() - means.min())


def icnr_kernel(k, stride, kernel_size=None):
    """Return the kernel of a transposed convolution whose phases are all equal to k.

    Shapes: k (m,), or (in, out/groups, *m), then the channel axes stay; returns the same with sizes
    kernel_size, which is stride m if it is not given.
    Formula: each entry repeated stride times along each axis; then ``conv_transpose(x, icnr_kernel(k, s),
    stride=s)`` is ``conv_transpose(x, k)``, then nearest upsampling. A kernel_size that is no multiple of
    stride leaves kernel_size mod stride entries over, at the end: they are 0, and the output has as many
    zeros more.
    Errors: ValueError or TypeError if stride does not fit k; ValueError if kernel_size // stride is not m.
    Source: Aitken et al. 2017, there for PixelShuffle.

    >>> icnr_kernel([1, 5], 3)
    array([1, 1, 1, 5, 5, 5])
    >>> icnr_kernel([1, 5], 2, kernel_size=5), phase_sums([1, 1, 5, 5, 0], 2)
    (array([1, 1, 5, 5, 0]), array([6, 6]))
    """
    k = numbers("k", k, np.asarray)
    first = 0 if k.ndim == 1 else 2
    strides = ints("stride", stride, max(k.ndim - first, 1))
    m = k.shape[first:]
    for axis, s in enumerate(strides, first):
        k = np.repeat(k, s, axis)
    if kernel_size is None:
        return k
    sizes = ints("kernel_size", kernel_size, len(strides))
    if m != (whole := tuple(size // s for size, s in zip(sizes, strides, strict=True))):
        raise ValueError(
            f"kernel_size // stride must be the size of k: got {kernel_size=}, {stride=} and size {m}; "
            f"use a k of size {whole}"
        )
    return np.pad(k, [(0, 0)] * first + [(0, size % s) for size, s in zip(sizes, strides, strict=True)])


def pixel_shuffle(x, stride):
    """Weave stride channels per axis into space, as ``torch.nn.functional.pixel_shuffle`` does in 2-D.

    Shapes: x (batch, out s s, n1, n2), returns (batch, out, s n1, s n2); stride s is one int.
    Formula: ``y[b, c, s i + r, s j + q] = x[b, c s s + r s + q, i, j]``.
    Errors: ValueError if x has other axes or s s does not divide its channels.
    Source: Shi et al. 2016.

    >>> pixel_shuffle(np.arange(4).reshape(1, 4, 1, 1), 2)[0, 0]
    array([[0, 1],
           [2, 3]])
    """
    x = numbers("x", x, np.asarray)
    (s,) = ints("stride", stride, 0)
    if x.ndim != 4 or x.shape[1] % s**2:
        way_out = f"use a multiple of {s**2} channels" if x.ndim == 4 else "use x[None] for one image"
        raise ValueError(
            f"x must be (batch, out * stride * stride, n1, n2): got shape {x.shape} and stride={s}; {way_out}"
        )
    batch, channels, n1, n2 = x.shape
    y = x.reshape(batch, channels // s**2, s, s, n1, n2).transpose(0, 1, 4, 2, 5, 3)
    return y.reshape(batch, channels // s**2, s * n1, s * n2)
