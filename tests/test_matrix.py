"""The matrix against the operators, its memory, and the operator that forms none."""

import pickle
import tracemalloc

import numpy as np
import pytest
import scipy.sparse
from cases import axis, numbers
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import lsqr

from tconv_helpers import (
    agree,
    conv,
    conv_matrix,
    conv_operator,
    conv_transpose,
    dot_test,
    output_padding_for,
)

axes = st.lists(axis(transposed=False, rank=2), min_size=1, max_size=2)  # one: 1-D; two: doubly blocked
over_dtypes = pytest.mark.parametrize("dtype", [float, complex, np.int64, np.float32])


def one_channel(axes, dtype, seed=0):
    """Return k, x and y of one channel, conv's settings, the output_padding that leads back."""
    n, m, *rest = zip(*axes, strict=True)
    settings = dict(zip(("stride", "dilation", "padding"), rest, strict=True))
    rng = np.random.default_rng(seed)
    k, x = numbers(rng, m, dtype), numbers(rng, n, dtype)
    y = numbers(rng, conv(x[None], k[None, None], **settings)[0].shape, dtype)
    return k, x, y, settings, output_padding_for(n, m, **settings)


@over_dtypes
@given(axes, st.integers(0, 99))
def test_A_is_conv_and_its_transpose_conv_transpose(dtype, axes, seed):
    k, x, y, settings, extra = one_channel(axes, dtype, seed)
    A = conv_matrix(k, x.shape, **settings)
    forward = conv(x[None], k[None, None], **settings).ravel()
    backward = conv_transpose(y[None], k[None, None], output_padding=extra, **settings).ravel()
    tolerance = {"rtol": 0, "atol": 1e-4 if dtype == np.float32 else 1e-12}
    np.testing.assert_allclose(A @ x.ravel(), forward, **tolerance)
    np.testing.assert_allclose(A.T @ y.ravel(), backward, **tolerance)
    assert A.shape == (y.size, x.size) and A.dtype == dtype


@given(axes, st.integers(0, 99))
def test_sparse_is_dense_and_canonical(axes, seed):
    k, x, _, settings, _ = one_channel(axes, float, seed)
    dense, A = (conv_matrix(k, x.shape, sparse=sparse, **settings) for sparse in (False, True))
    assert isinstance(A, scipy.sparse.csr_array) and A.dtype == dense.dtype and A.shape == dense.shape
    np.testing.assert_array_equal(A.toarray(), dense)
    assert A.nnz == np.count_nonzero(dense)
    fresh = scipy.sparse.csr_array((A.data, A.indices, A.indptr), A.shape)  # judged anew, no flag believed
    assert fresh.has_canonical_format
    A.check_format(full_check=True)


@pytest.mark.parametrize("dtype", [float, complex])
@given(axes, st.integers(0, 99))
def test_conv_operator_is_the_matrix(dtype, axes, seed):
    k, x, y, settings, _ = one_channel(axes, dtype, seed)
    A, L = conv_matrix(k, x.shape, **settings), conv_operator(k, x.shape, **settings)
    assert (L.shape, L.dtype) == (A.shape, A.dtype)
    agree({"matrix": lambda x: A @ x, "operator": lambda x: L @ x}, x.ravel())
    agree({"matrix": lambda y: A.conj().T @ y, "operator": lambda y: L.H @ y}, y.ravel())
    dot_test(L.matvec, L.rmatvec, x.size, y.size, dtype=dtype, seed=seed)


@given(st.integers(1, 9), st.integers(1, 4), st.integers(1, 3), st.integers(0, 3), st.integers(1, 3))
def test_entries_follow_the_rule(extra, m, stride, padding, dilation):
    """A[i, u] = k[(u + padding - stride i) / dilation] where that is an index of k, else 0."""
    n, k = dilation * (m - 1) + extra, np.arange(1, m + 1)
    A = conv_matrix(k, n, stride=stride, padding=padding, dilation=dilation)
    for i, u in np.ndindex(A.shape):
        a, rest = divmod(u + padding - stride * i, dilation)
        assert A[i, u] == (k[a] if rest == 0 and 0 <= a < m else 0)


def test_the_lecture_s_matrix():
    assert conv_matrix([1, 2, 3], 7).tolist() == [
        [1, 2, 3, 0, 0, 0, 0],
        [0, 1, 2, 3, 0, 0, 0],
        [0, 0, 1, 2, 3, 0, 0],
        [0, 0, 0, 1, 2, 3, 0],
        [0, 0, 0, 0, 1, 2, 3],
    ]


def test_doubly_blocked():
    """2-D: the rows of k are 1-D matrices, laid out as the entries of a 1-D matrix."""
    blocks = [conv_matrix([1, 2], 3), conv_matrix([3, 4], 3)]
    zero = np.zeros((2, 3), int)
    expected = np.block([[*blocks, zero], [zero, *blocks]])
    np.testing.assert_array_equal(conv_matrix([[1, 2], [3, 4]], (3, 3)), expected)


def test_zeros_of_the_kernel_stay_where_they_are():
    np.testing.assert_array_equal(
        conv_matrix([1, 0, 2], 4, sparse=True).toarray(), [[1, 0, 2, 0], [0, 1, 0, 2]]
    )


def peak(call):
    """Return the result of a call and the most bytes it held at once."""
    tracemalloc.start()
    try:
        return call(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("k", "n"), [(np.ones(5), 1_000_000), (np.ones((3, 3)), (700, 700))])
def test_sparse_memory_grows_with_the_nonzeros(k, n):
    conv_matrix(k[:1], 9 if k.ndim == 1 else (9, 9), sparse=True)  # whatever loads on first use
    A, most = peak(lambda: conv_matrix(k, n, sparse=True))
    assert A.nnz == A.shape[0] * k.size
    assert most < 64 * A.nnz  # value and column hold 16 bytes; the dense matrix would hold 4 million


def test_operator_forms_no_matrix():
    k, n = np.ones(5), 100_000
    conv_operator(k, n) @ np.ones(n)
    y, most = peak(lambda: conv_operator(k, n) @ np.ones(n))
    assert most < 40 * y.nbytes  # conv's columns, 5 wide: nothing of n * n


def test_operator_goes_to_another_process():
    A = conv_operator([[1.0, 2.0], [3.0, 4.0]], (3, 4), stride=2)
    again = pickle.loads(pickle.dumps(A))
    assert (again @ np.eye(12) == A @ np.eye(12)).all() and (again.H @ np.eye(2) == A.H @ np.eye(2)).all()


def test_operator_of_a_huge_signal_forms_nothing():
    assert conv_operator([1, 2], 10**12).shape == (10**12 - 1, 10**12)


@pytest.mark.parametrize("dtype", [object, np.float16])
def test_a_sparse_matrix_refuses_what_scipy_cannot_hold(dtype):
    k = np.array([1, 2, 3], dtype)
    assert conv_matrix(k, 5).dtype == dtype
    with pytest.raises(
        TypeError, match=f"a sparse matrix must hold numbers .* got k of dtype {k.dtype}; use"
    ):
        conv_matrix(k, 5, sparse=True)


def test_operator_uses_what_it_is_handed():
    """matrix knows no operator: any pair of callables will do."""
    seen = []

    def forward(x):
        seen.append(("forward", x.shape))
        return np.array([[x.sum()] * 2])

    def backward(y):
        seen.append(("backward", y.shape))
        return np.full((2, 3), y.sum())

    L = conv_operator(np.ones((2, 2)), (2, 3), forward=forward, backward=backward)
    assert (L @ np.ones(6)).tolist() == [6, 6] and (L.H @ np.ones(2)).tolist() == [2] * 6
    assert seen == [("forward", (2, 3)), ("backward", (1, 2))]


@pytest.mark.parametrize("k", [[1, 2, 3], [1.0, 2.0, 3.0]])
def test_lsqr_solves_with_it(k):
    """A has full row rank: the least-norm x that convolves to y, as pinv finds it."""
    y = np.array([1.0, 2.0, 3.0, 2.0, 1.0])
    x = lsqr(conv_operator(k, 7), y, atol=1e-14, btol=1e-14)[0]
    np.testing.assert_allclose(x, np.linalg.pinv(conv_matrix(k, 7)) @ y, atol=1e-10)
    assert conv_operator(k, 7).dtype == np.asarray(k).dtype


def test_padding_in_two_dimensions_leaves_out_what_either_axis_leaves_out():
    k = np.arange(1, 5).reshape(2, 2)
    inner = conv_matrix(k, (5, 5))
    padded = conv_matrix(k, (3, 3), padding=1)
    middle = [5 * u + v for u in (1, 2, 3) for v in (1, 2, 3)]
    np.testing.assert_array_equal(padded, inner[:, middle])


def test_an_operator_of_one_s_own_beside_the_course_s():
    k, A = np.array([1.0, 2.0, 3.0]), conv_matrix([1, 2, 3], 7)
    for mine in ({"forward": lambda x: A @ x}, {"backward": lambda y: A.T @ y}):
        dot_test(*(lambda L: (L.matvec, L.rmatvec))(conv_operator(k, 7, **mine)), 7, 5)
    twice = conv_operator(k, 7, forward=lambda x: 2 * (A @ x), backward=lambda y: 3 * (A.T @ y))
    assert twice.matvec(np.ones(7)).tolist() == (2 * A.sum(1)).tolist()
    assert twice.rmatvec(np.ones(5)).tolist() == (3 * A.sum(0)).tolist()


@pytest.mark.parametrize("dtype", [object, np.float16])
def test_what_scipy_cannot_hold_is_told_with_both_ways_out(dtype):
    with pytest.raises(TypeError, match=r"use sparse=False, or np\.array\(k, float\)$"):
        conv_matrix(np.ones(2, dtype), 3, sparse=True)
