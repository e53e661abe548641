"""The lecture's sums: the numbers of the lecture, NumPy, torch, SymPy."""

import numpy as np
import pytest
import sympy
from cases import axis, by_torch, numbers
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import (
    conv_dk,
    conv_dx,
    conv_over_kernel,
    conv_over_signal,
    conv_transpose_by_scatter,
    conv_transpose_by_zero_insertion,
    signal_convolution,
)
from tconv_helpers.definition import insert_zeros

signals = st.tuples(st.integers(1, 9), st.integers(1, 5), st.integers(0, 99)).map(
    lambda s: [numbers(np.random.default_rng(s[2]), (size,), int) for size in (s[0] + s[1] - 1, s[1])]
)


@given(signals)
def test_both_index_forms_are_np_correlate(signal):
    x, k = signal
    assert list(conv_over_kernel(x, k)) == list(conv_over_signal(x, k)) == list(np.correlate(x, k, "valid"))


@given(signals)
def test_signal_convolution_is_np_convolve(signal):
    x, k = signal
    assert list(signal_convolution(x, k)) == list(np.convolve(x, k))


@given(signals)
def test_dx_is_a_signal_convolution_and_dk_a_correlation(signal):
    x, k = signal
    dy = conv_over_kernel(x, k)
    assert list(conv_dx(dy, k)) == list(np.convolve(dy, k))
    assert list(conv_dk(dy, x)) == list(np.correlate(x, dy, "valid"))


@pytest.mark.parametrize("view", [conv_transpose_by_scatter, conv_transpose_by_zero_insertion])
@given(axis(transposed=True), st.integers(0, 99))
def test_both_transposes_are_torch_s(view, sizes, seed):
    n, m, stride, dilation, padding, output_padding = sizes
    rng = np.random.default_rng(seed)
    x, k = numbers(rng, (n,), int), numbers(rng, (m,), int)
    settings = dict(stride=stride, dilation=dilation, padding=padding, output_padding=output_padding)
    assert list(view(x, k, **settings)) == list(by_torch("conv_transpose", x, k, **settings))


def test_sums_hold_for_symbols():
    """SymPy's own derivative of l = sum(dy * y) is conv_dx and conv_dk."""
    x, k, dy = (sympy.symbols(f"{name}1:{size + 1}") for name, size in (("x", 4), ("k", 2), ("dy", 3)))
    loss = sum(conv_over_kernel(x, k) * dy)
    assert [sympy.expand(loss.diff(u) - dx) for u, dx in zip(x, conv_dx(dy, k), strict=True)] == [0] * 4
    assert [sympy.expand(loss.diff(a) - dk) for a, dk in zip(k, conv_dk(dy, x), strict=True)] == [0] * 2
    assert list(conv_over_signal(x, k)) == list(conv_over_kernel(x, k))


def test_sums_by_hand():
    x, k, dy = [1, 2, 3, 4, 5, 6, 7], [1, 0, 2], [1, 0, 0, 0, 10]
    assert list(conv_over_kernel(x, k)) == list(conv_over_signal(x, k)) == [7, 10, 13, 16, 19]
    assert list(conv_dx(dy, [1, 2, 3])) == [1, 2, 3, 0, 10, 20, 30]
    assert list(conv_dk(dy, x)) == [51, 62, 73]
    assert list(signal_convolution([1, 10], [1, 2, 3])) == [1, 12, 23, 30]


@pytest.mark.parametrize("view", [conv_transpose_by_scatter, conv_transpose_by_zero_insertion])
def test_transposes_by_hand(view):
    assert list(view([1, 10], [1, 2, 3])) == [1, 12, 23, 30]
    assert list(view([1, 10], [1, 2, 3], padding=1)) == [12, 23]
    assert list(view([1, 10], [1, 2], stride=2, output_padding=1)) == [1, 2, 10, 20, 0]
    assert list(view([1, 10], [1, 2], dilation=2)) == [1, 10, 2, 20]


def test_values_keep_their_type():
    assert conv_over_kernel(np.ones(3, np.float32), np.ones(2, np.float32)).dtype == np.float32
    assert conv_dx([1j], [1, 2]).dtype == complex


@pytest.mark.parametrize("second", [np.int64, np.float32, complex])
@pytest.mark.parametrize("first", [np.int64, np.float32, complex])
@pytest.mark.parametrize(
    "loops",
    [
        lambda x, k: conv_over_kernel(x, k),
        lambda x, k: conv_over_signal(x, k),
        lambda x, k: conv_dx(x, k),
        lambda x, k: conv_dk(k, x),
        lambda x, k: signal_convolution(x, k),
        lambda x, k: conv_transpose_by_scatter(x, k),
        lambda x, k: conv_transpose_by_zero_insertion(x, k),
    ],
)
def test_the_result_has_the_type_of_the_products(loops, first, second):
    x, k = np.ones(3, first), np.ones(2, second)
    assert loops(x, k).dtype == np.result_type(first, second)


@pytest.mark.parametrize("dtype", [int, np.float32, complex])
def test_without_settings_samples_stand_beside_each_other(dtype):
    z, real = insert_zeros(np.array([1, 10], dtype), 3)
    assert (z.tolist(), z.dtype) == ([0, 0, 1, 10, 0, 0], dtype)
    assert (real.tolist(), real.dtype) == ([False, False, True, True, False, False], bool)
