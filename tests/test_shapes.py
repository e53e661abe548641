"""Output sizes: against torch's shapes, and against all sizes tried one by one."""

import pytest
import torch
from cases import axis, by_torch
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import (
    conv_output_size,
    conv_transpose_output_size,
    input_sizes_for,
    output_padding_for,
)
from tconv_helpers.arguments import ints

NAMES = ("stride", "dilation", "padding", "output_padding")


def one_axis(transposed):
    """Draw n, m and the settings of one axis."""
    return axis(transposed).map(lambda a: (a[0], a[1], dict(zip(NAMES, a[2:], strict=False))))


@given(one_axis(transposed=False))
def test_conv_output_size_is_torch_s(case):
    n, m, settings = case
    y = by_torch("conv", *ones(n, m), **settings)
    assert conv_output_size(n, m, **settings) == y.size


@given(one_axis(transposed=True))
def test_conv_transpose_output_size_is_torch_s(case):
    n, m, settings = case
    y = by_torch("conv_transpose", *ones(n, m), **settings)
    assert conv_transpose_output_size(n, m, **settings) == y.size


def ones(*sizes):
    return [torch.ones(size).numpy() for size in sizes]


@given(one_axis(transposed=False))
def test_output_padding_for_leads_back(case):
    n, m, settings = case
    extra = output_padding_for(n, m, **settings)
    small = conv_output_size(n, m, **settings)
    assert conv_transpose_output_size(small, m, **settings, output_padding=extra) == n
    assert 0 <= extra < settings["stride"]


@given(one_axis(transposed=False), st.integers(1, 9))
def test_input_sizes_for_is_exactly_the_preimage(case, size):
    _, m, settings = case

    def comes_out(n):
        try:
            return conv_output_size(n, m, **settings) == size
        except ValueError:
            return False

    most = size * settings["stride"] + settings["dilation"] * m
    assert input_sizes_for(size, m, **settings) == [n for n in range(1, most + 1) if comes_out(n)]


@given(st.lists(axis(transposed=True, rank=2), min_size=1, max_size=4))
def test_tuples_are_axis_by_axis(axes):
    arguments = list(zip(*axes, strict=True))
    settings = dict(zip(NAMES, arguments[2:], strict=True))
    expected = [
        conv_transpose_output_size(n, m, **dict(zip(NAMES, rest, strict=True))) for n, m, *rest in axes
    ]
    assert conv_transpose_output_size(*arguments[:2], **settings) == tuple(expected)


def test_sizes_by_hand():
    assert conv_output_size(7, 3) == 5  # the lecture's case
    assert conv_transpose_output_size(5, 3) == 7
    assert conv_output_size(16, 3, stride=2, padding=1) == 8  # 16 -> 8 -> 15
    assert conv_transpose_output_size(8, 3, stride=2, padding=1) == 15
    assert conv_transpose_output_size(1, 4) == 4  # the first layer of PyTorch's DCGAN
    assert conv_transpose_output_size(4, 4, stride=2, padding=1) == 8  # and the next: twice the size
    assert conv_transpose_output_size(2, 2, dilation=3, output_padding=2) == 7
    assert input_sizes_for(8, 3, stride=2, padding=1) == [15, 16]
    assert input_sizes_for(1, 1, padding=1) == []  # n=1 gives 3 already


def test_a_tuple_in_is_a_tuple_out():
    assert conv_output_size((7, 9), 3, stride=(1, 2)) == (5, 4)
    assert conv_output_size([7], 3) == (5,)
    assert output_padding_for((15, 16), 3, stride=2, padding=1) == (0, 1)


def test_without_settings_the_stride_is_1_and_nothing_is_padded():
    assert output_padding_for(8, 3) == 0
    assert input_sizes_for(5, 3) == [7]


def test_the_largest_number_that_is_taken():
    assert ints("n", 2**48, 1) == (2**48,)
    with pytest.raises(ValueError, match="n must be at most"):
        ints("n", 2**48 + 1, 1)
