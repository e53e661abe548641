"""The lecture's sums as loops: one 1-D channel, one function per equation, each loop's body is its formula.

The equations count from 1, the code from 0: ``x_{i+a-1}`` is ``x[i + a]``. Slow and obvious on purpose:
what the fast operators must agree with. x, k, y, dy are 1-D arrays or lists; n and m are the sizes of x
and k. Values keep their type, so that SymPy symbols work too.
"""

import numpy as np

from .shapes import conv_output_size, conv_transpose_output_size


def conv_over_kernel(x, k):
    """Convolve x with k by a sum over the entries of the kernel.

    Shapes: x (n,), k (m,); returns y (n - m + 1,).
    Formula: ``y_i = sum_a x_{i+a-1} k_a`` (Eq. 1).
    Errors: ValueError if the kernel is longer than x.

    >>> conv_over_kernel([1, 2, 3, 4, 5, 6, 7], [1, 0, 2])
    array([ 7, 10, 13, 16, 19])
    """
    n, m = len(x), len(k)
    y = _zeros(conv_output_size(n, m), x, k)
    for i in range(len(y)):
        for a in range(m):
            y[i] += x[i + a] * k[a]
    return y


def conv_over_signal(x, k):
    """Convolve x with k by a sum over the samples of the signal.

    Shapes: x (n,), k (m,); returns y (n - m + 1,).
    Formula: ``y_i = sum_u x_u k_{u-i+1}`` (Eq. 2), k being 0 outside 1..m.
    Errors: ValueError if the kernel is longer than x.

    >>> conv_over_signal([1, 2, 3, 4, 5, 6, 7], [1, 0, 2])
    array([ 7, 10, 13, 16, 19])
    """
    n, m = len(x), len(k)
    y = _zeros(conv_output_size(n, m), x, k)
    for i in range(len(y)):
        for u in range(n):
            if 0 <= u - i < m:
                y[i] += x[u] * k[u - i]
    return y


def conv_dx(dy, k):
    """Return the gradient of the loss for the signal.

    Shapes: dy (n - m + 1,), k (m,); returns dl/dx (n,).
    Formula: ``[dl/dx]_u = sum_i [dl/dy]_i k_{u-i+1}`` (Eq. 3). The kernel is visited in reverse: its index
    falls as i grows.
    Errors: ValueError if dy or k is empty.

    >>> conv_dx([1, 0, 0, 0, 10], [1, 2, 3])
    array([ 1,  2,  3,  0, 10, 20, 30])
    """
    m = len(k)
    dx = _zeros(conv_transpose_output_size(len(dy), m), dy, k)
    for u in range(len(dx)):
        for i in range(len(dy)):
            if 0 <= u - i < m:
                dx[u] += dy[i] * k[u - i]
    return dx


def conv_dk(dy, x):
    """Return the gradient of the loss for the kernel, itself a convolution of x.

    Shapes: dy (n - m + 1,), x (n,); returns dl/dk (m,).
    Formula: ``[dl/dk]_a = sum_i [dl/dy]_i x_{i+a-1}`` (Eq. 6).
    Errors: ValueError if dy is longer than x.

    >>> conv_dk([1, 0, 0, 0, 10], [1, 2, 3, 4, 5, 6, 7])
    array([51, 62, 73])
    """
    dk = _zeros(conv_output_size(len(x), len(dy)), dy, x)
    for a in range(len(dk)):
        for i in range(len(dy)):
            dk[a] += dy[i] * x[i + a]
    return dk


def signal_convolution(x, k):
    """Convolve x with k as in signal processing, the kernel flipped: ``np.convolve``.

    Shapes: x (n,), k (m,); returns (n + m - 1,), every i at which a term exists.
    Formula: ``(x * k)_i = sum_a x_a k_{i-a+1}`` (Eq. 4).
    Errors: ValueError if x or k is empty.

    >>> signal_convolution([1, 10], [1, 2, 3])
    array([ 1, 12, 23, 30])
    """
    y = _zeros(conv_transpose_output_size(len(x), len(k)), x, k)
    for i in range(len(y)):
        for a in range(len(x)):
            if 0 <= i - a < len(k):
                y[i] += x[a] * k[i - a]
    return y


def conv_transpose_by_scatter(x, k, stride=1, padding=0, output_padding=0, dilation=1):
    """Stamp a scaled copy of the kernel for each sample (scatter-add): a transposed convolution.

    Shapes: x (n,), k (m,); returns y, its size that of ``conv_transpose_output_size``.
    Formula: ``y_u = sum_{i,a} x_i k_a`` over ``u = stride (i-1) + dilation (a-1) + 1 - padding`` (Eq. 10):
    sample i adds ``x_i k`` from ``stride (i-1) + 1 - padding`` on; what falls outside 1..size is cropped.
    Errors: those of ``conv_transpose_output_size``.

    >>> conv_transpose_by_scatter([1, 10, 100], [1, 2, 3], stride=2)
    array([  1,   2,  13,  20, 130, 200, 300])
    """
    size = conv_transpose_output_size(
        len(x), len(k), stride=stride, padding=padding, output_padding=output_padding, dilation=dilation
    )
    y = _zeros(size, x, k)
    for i in range(len(x)):
        for a in range(len(k)):
            u = stride * i + dilation * a - padding
            if 0 <= u < size:
                y[u] += x[i] * k[a]
    return y


def conv_transpose_by_zero_insertion(x, k, stride=1, padding=0, output_padding=0, dilation=1):
    """Transposed convolution as zeros between the samples, then a plain convolution with the flipped kernel.

    ``y = conv(z, k reversed)``, z as in ``insert_zeros`` (Dumoulin & Visin 2016, section 4). ValueError as
    in ``conv_transpose_output_size``.

    >>> conv_transpose_by_zero_insertion([1, 10, 100], [1, 2, 3], stride=2)
    array([  1,   2,  13,  20, 130, 200, 300])
    """
    m = len(k)
    z, _ = insert_zeros(
        x, m, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation
    )
    y = _zeros(len(z) - dilation * (m - 1), z, k)
    for i in range(len(y)):
        for a in range(m):
            y[i] += z[i + dilation * a] * k[m - 1 - a]
    return y


def insert_zeros(x, m, stride=1, padding=0, output_padding=0, dilation=1):
    """Return z, x with zeros between and around its samples, and at which places of z a sample stands.

    z has ``stride - 1`` zeros between neighbours, then ``dilation (m - 1) - padding`` zeros at both ends
    (negative: cropped) and output_padding more at the right; m is the size of the kernel. Both results:
    (output size + dilation (m - 1),). ValueError as in ``conv_transpose_output_size``.

    >>> insert_zeros([1, 10], m=2, stride=2)
    (array([ 0,  1,  0, 10,  0]), array([False,  True, False,  True, False]))
    """
    size = conv_transpose_output_size(
        len(x), m, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation
    )
    z = _zeros(size + dilation * (m - 1), x)
    real = np.zeros(len(z), bool)
    for i in range(len(x)):
        if 0 <= (u := stride * i + dilation * (m - 1) - padding) < len(z):
            z[u], real[u] = x[i], True
    return z, real


def _zeros(size, *factors):
    """Return zeros (size,) of the type that products of the factors have."""
    return np.zeros(size, np.result_type(*map(np.asarray, factors)))
