"""Convolution as a matrix: dense, sparse, doubly blocked, or a SciPy LinearOperator that forms none.

``A @ x.ravel()`` is ``conv(x, k).ravel()`` and ``A.T @ y.ravel()`` is ``conv_transpose(y, k).ravel()`` at
the size of x. Built from indices alone: this module imports no operator, so that agreement means something.
"""

from functools import partial
from math import prod

import numpy as np
from scipy import sparse as sp
from scipy.sparse.linalg import LinearOperator

from .arguments import ints, numbers
from .shapes import conv_output_size, output_padding_for


def conv_matrix(k, n, stride=1, padding=0, dilation=1, *, sparse=False):
    """Return the matrix A of ``x -> conv(x, k)`` for one channel (Eq. 7), dense or as SciPy CSR.

    Shapes: k (m,) and n an int, or k (m1, m2) and n a pair; returns (product of the output size, of n).
    Formula: ``A[i, u] = k[(u + padding - stride i) / dilation]`` where that is an index of k, else 0: a
    Toeplitz matrix where stride is 1. In 2-D the same rule on each axis, rows and columns numbered as
    ``ravel()`` does: Toeplitz blocks of Toeplitz blocks.
    Errors: ValueError where k and n differ in rank or the kernel does not fit; TypeError for a dtype that a
    sparse matrix of SciPy's cannot hold.

    >>> conv_matrix([1, 2, 3], 5)
    array([[1, 2, 3, 0, 0],
           [0, 1, 2, 3, 0],
           [0, 0, 1, 2, 3]])
    >>> bool((conv_matrix([1, 2, 3], 5).T @ [1, 0, 2] == np.convolve([1, 0, 2], [1, 2, 3])).all())
    True
    """
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    k, sizes, out = _sizes(k, n, **settings)
    n, axes = sizes["n"], _axes(sizes, out)
    columns, inside = axes[0]
    if k.ndim == 2:  # rows (i1, i2), taps (a1, a2): the column is u1 n2 + u2
        (u1, in1), (u2, in2) = axes
        columns = u1[:, None, :, None] * n[1] + u2[None, :, None, :]
        inside = in1[:, None, :, None] & in2[None, :, None, :]
    rows = columns.size // k.size
    columns, inside = columns.reshape(rows, k.size), inside.reshape(rows, k.size)
    values = np.broadcast_to(k.ravel(), inside.shape)[inside]
    if sparse:
        if k.dtype.kind == "O" or k.dtype == np.float16:
            raise TypeError(
                f"a sparse matrix must hold numbers that SciPy knows: got k of dtype {k.dtype}; "
                "use sparse=False, or np.array(k, float)"
            )
        starts = np.concatenate([[0], inside.sum(axis=1).cumsum()])
        return sp.csr_array((values, columns[inside], starts), shape=(rows, prod(n)))
    matrix = np.zeros((rows, prod(n)), k.dtype)
    matrix[np.nonzero(inside)[0], columns[inside]] = values
    return matrix


def conv_operator(k, n, stride=1, padding=0, dilation=1, *, forward=None, backward=None):
    """Return the map of ``conv_matrix`` as a SciPy LinearOperator that forms no matrix.

    Shapes: k (m,) and n an int, or k (m1, m2) and n a pair; ``forward(x)`` takes an array of the sizes n to
    one of the output size, ``backward(y)`` back.
    Formula: matvec is forward, by default ``conv``; rmatvec is backward, by default its adjoint,
    ``conv_transpose``.
    Errors: those of ``conv_matrix``.

    >>> A = conv_operator([1, 2, 3], 7)
    >>> A.shape
    (5, 7)
    >>> A @ np.ones(7), A.H @ np.ones(5)
    (array([6., 6., 6., 6., 6.]), array([1., 3., 6., 6., 6., 5., 3.]))
    """
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    k, sizes, out = _sizes(k, n, **settings)
    n = sizes["n"]
    if forward is None or backward is None:
        from .operators import conv, conv_transpose  # late: the rest of this module stands on its own

        w, extra = k[None, None], output_padding_for(n, k.shape, **settings)
        forward = forward or partial(_on_one_channel, conv, k=w, **settings)
        backward = backward or partial(
            _on_one_channel, conv_transpose, k=w.conj(), output_padding=extra, **settings
        )
    return LinearOperator(
        shape=(prod(out), prod(n)),
        matvec=partial(_on_vector, forward, n),
        rmatvec=partial(_on_vector, backward, out),
        dtype=k.dtype,
    )


# Functions of the module, so that an operator can be pickled and so be handed to another process.
def _on_one_channel(operator, x, **arguments):
    return operator(x[None], **arguments)[0]


def _on_vector(function, sizes, vector):
    return function(vector.reshape(sizes)).ravel()


def _sizes(k, n, *, stride, padding, dilation):
    """Return k as an array, n and m and the settings as tuples, and the output size as one."""
    k = numbers("k", k, np.asarray, kinds="iufcO")  # O: SymPy's symbols
    if k.ndim not in (1, 2) or len(n := tuple(n) if isinstance(n, (tuple, list)) else (n,)) != k.ndim:
        raise ValueError(
            f"k must be (m,) beside an int n, or (m1, m2) beside a pair: got k of shape {k.shape} and n={n}; "
            "give n one size per axis of k"
        )
    sizes = {"n": n, "m": k.shape, "stride": stride, "padding": padding, "dilation": dilation}
    sizes = {name: ints(name, value, k.ndim) for name, value in sizes.items()}
    return k, sizes, conv_output_size(**sizes)


def _axes(sizes, out):
    """Return (column, inside) by row and tap for each axis."""
    axes = []
    for rows, size, m, s, p, d in zip(out, *sizes.values(), strict=True):
        columns = s * np.arange(rows)[:, None] + d * np.arange(m) - p
        axes.append((columns, (columns >= 0) & (columns < size)))
    return axes
