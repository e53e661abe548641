"""Upsampling kernels against torch's upsampling, and the checkerboard theorem on random kernels."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import (
    bilinear_kernel,
    conv,
    conv_backward,
    conv_transpose,
    icnr_kernel,
    nearest_kernel,
    phase_spread,
    phase_sums,
    pixel_shuffle,
    polyphase,
)

strides, seeds = st.integers(1, 5), st.integers(0, 99)
pairs = st.tuples(strides, strides)


def up(x, k, **settings):
    """Return conv_transpose of one image with one kernel."""
    return conv_transpose(x[None], k[None, None], **settings)[0]


def whole(rng, *shape):
    return rng.integers(-9, 10, shape)


@given(pairs, seeds)
def test_nearest_is_nearest_everywhere(s, seed):
    x = np.random.default_rng(seed).standard_normal((3, 4))
    y = up(x, nearest_kernel(s), stride=s)
    theirs = F.interpolate(torch.tensor(x)[None, None], scale_factor=s, mode="nearest")[0, 0]
    assert np.array_equal(y, theirs)


@given(pairs, seeds)
def test_bilinear_is_bilinear_inside_and_everywhere_on_a_replicated_edge(s, seed):
    x = np.random.default_rng(seed).standard_normal((4, 5))
    theirs = F.interpolate(torch.tensor(x)[None, None], scale_factor=s, mode="bilinear", align_corners=False)
    k = bilinear_kernel(s)
    p = tuple((m - each) // 2 for m, each in zip(k.shape, s, strict=True))
    y = up(x, k, stride=s, padding=p)
    inside = tuple(slice(each // 2, n - each // 2) for n, each in zip(y.shape, s, strict=True))
    assert y.shape == theirs[0, 0].shape
    np.testing.assert_allclose(y[inside], theirs[0, 0].numpy()[inside], atol=1e-12)
    padding = tuple(a + b for a, b in zip(p, s, strict=True))
    y = up(np.pad(x, 1, "edge"), k, stride=s, padding=padding)
    np.testing.assert_allclose(y, theirs[0, 0].numpy(), atol=1e-12)


@given(st.integers(1, 7), strides, seeds)
def test_each_phase_of_the_output_is_a_convolution_with_a_phase_of_the_kernel(m, s, seed):
    rng = np.random.default_rng(seed)
    x, k = whole(rng, 6), whole(rng, m)
    y = np.append(conv_transpose(x, k, stride=s), np.zeros(s * m, int))
    for r, phase in enumerate(polyphase(k, s)):
        full = np.convolve(x, phase)
        assert y[r::s][: len(full)].tolist() == full.tolist()
        assert not y[r::s][len(full) :].any()


@given(st.tuples(st.integers(1, 6), st.integers(1, 6)), pairs, seeds)
def test_the_phases_are_the_strided_slices(m, s, seed):
    k = whole(np.random.default_rng(seed), *m)
    phases, sums = polyphase(k, s), phase_sums(k, s)
    assert phases.shape == (*s, *(-(-size // each) for size, each in zip(m, s, strict=True)))
    for r in np.ndindex(*s):
        part = k[r[0] :: s[0], r[1] :: s[1]]
        assert np.array_equal(phases[r][: part.shape[0], : part.shape[1]], part)
        assert part.sum() == phases[r].sum() == sums[r]


def interior(y, m, s):
    """Return the outputs that every entry of their phase reaches."""
    return y[tuple(slice(max(a - b, 0), n - max(a - b, 0)) for n, a, b in zip(y.shape, m, s, strict=True))]


@given(st.tuples(st.integers(1, 6), st.integers(1, 6)), pairs, seeds, st.booleans())
def test_the_interior_is_flat_if_and_only_if_the_phase_sums_are_equal(m, s, seed, even):
    m = tuple(max(a, b) for a, b in zip(m, s, strict=True))  # with m < s a phase is empty: its sum is 0
    k = whole(np.random.default_rng(seed), *m)
    if even:  # the first entry of each phase makes up what its sum lacks
        k[: s[0], : s[1]] += phase_sums(k, s).max() - phase_sums(k, s)
    y = interior(up(np.full((8, 8), 3), k, stride=s), m, s)
    sums = phase_sums(k, s)
    assert y.shape >= s and np.unique(y).tolist() == np.unique(3 * sums).tolist()
    assert (phase_spread(y, s) == 0) == (np.unique(sums).size == 1) == (np.ptp(y) == 0)


@given(st.integers(1, 4), strides, seeds)
def test_in_1d_equal_phase_sums_are_nearest_upsampling_and_a_convolution(q, s, seed):
    """Division by 1 + z + ... + z^(s-1) leaves nothing exactly then; in 2-D the one direction fails."""
    rng = np.random.default_rng(seed)
    k = np.convolve(np.ones(s, int), whole(rng, q))
    assert np.ptp(phase_sums(k, s)) == 0
    k[0] += 1
    remainder = np.polydiv(k[::-1].astype(float), np.ones(s))[1]
    assert (np.ptp(phase_sums(k, s)) == 0) == (not np.round(remainder, 6).any()) == (s == 1)


@given(strides, seeds)
def test_a_strided_convolution_has_the_same_board_in_its_gradient(s, seed):
    rng = np.random.default_rng(seed)
    k = whole(rng, 2 * s)
    x = np.zeros(10 * s)
    dx, _, _ = conv_backward(np.ones(9), x, k, stride=s)
    assert dx[s : 2 * s].tolist() == phase_sums(k, s)[np.arange(s)].tolist()


@given(st.tuples(st.integers(1, 3), st.integers(1, 3)), pairs, seeds)
def test_icnr_is_a_transposed_convolution_and_then_nearest(q, s, seed):
    rng = np.random.default_rng(seed)
    x, k = whole(rng, 2, 3, 4, 5), whole(rng, 3, 2, *q)
    wide = icnr_kernel(k, s)
    small = conv_transpose(x, k)
    assert np.array_equal(conv_transpose(x, wide, stride=s), np.repeat(np.repeat(small, s[0], 2), s[1], 3))
    phases = polyphase(wide[0, 0], s).reshape(-1, *q)
    assert all(np.array_equal(phase, k[0, 0]) for phase in phases)


@given(st.tuples(st.integers(1, 3), st.integers(1, 3)), pairs, seeds)
def test_icnr_leaves_what_no_multiple_of_the_stride_has_over_at_zero(q, s, seed):
    rng = np.random.default_rng(seed)
    x, k = whole(rng, 2, 3, 4, 5), whole(rng, 3, 2, *q)
    over = tuple(int(rng.integers(each)) for each in s)
    kernel_size = tuple(a * b + c for a, b, c in zip(q, s, over, strict=True))
    wide = icnr_kernel(k, s, kernel_size)
    assert wide.shape == (3, 2, *kernel_size)
    sums = phase_sums(wide, s)
    assert (sums == sums[:, :, :1, :1]).all()
    nearest = np.repeat(np.repeat(conv_transpose(x, k), s[0], 2), s[1], 3)
    zeros = [(0, 0), (0, 0), *((0, each) for each in over)]
    assert np.array_equal(conv_transpose(x, wide, stride=s), np.pad(nearest, zeros))


@pytest.mark.parametrize("kernel_size", [3, 6, (4, 4)])
def test_icnr_says_which_size_k_must_have(kernel_size):
    with pytest.raises(ValueError, match=r"kernel_size .*: got kernel_size=.*; use "):
        icnr_kernel([1, 5], 2, kernel_size)


def test_icnr_of_pixel_shuffle_is_the_same_thing():
    rng = np.random.default_rng(0)
    x, k = whole(rng, 2, 3, 5, 5), whole(rng, 4, 3, 3, 3)
    y = pixel_shuffle(conv(x, np.repeat(k, 4, axis=0), padding=1), 2)
    assert np.array_equal(y, np.repeat(np.repeat(conv(x, k, padding=1), 2, 2), 2, 3))


@given(st.integers(1, 3), st.integers(1, 3), seeds)
def test_pixel_shuffle_is_torch_s(s, out, seed):
    x = np.random.default_rng(seed).standard_normal((2, out * s * s, 3, 4))
    assert np.array_equal(pixel_shuffle(x, s), F.pixel_shuffle(torch.tensor(x), s))


@pytest.mark.parametrize("m", [(5,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("stride", [2, 3])
def test_the_phase_sums_of_a_layer_are_those_of_its_kernels(m, stride):
    weight = np.random.default_rng(0).integers(-9, 10, (3, 2, *m))
    sums = phase_sums(weight, stride)
    assert sums.shape == (3, 2, *[stride] * len(m))
    assert (phase_sums(weight, (stride,) * len(m)) == sums).all()
    for i, o in np.ndindex(3, 2):
        assert (sums[i, o] == phase_sums(weight[i, o], (stride,) * len(m))).all()


def test_phase_spread_sees_a_board_only_at_its_own_period():
    board = np.indices((12, 12)).sum(0) % 2
    assert phase_spread(board, 2) == 1
    assert phase_spread(board, 3) == phase_spread(np.ones((5, 7)), 2) == 0
    assert phase_spread([5, 1, 5, 1, 9], 2) == 4  # the last, partial period is left out


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: nearest_kernel(0), "stride must be at least 1: got stride=0"),
        (lambda: bilinear_kernel(1.5), "stride must be a whole number: got stride=1.5"),
        (lambda: polyphase([[1, 2]], (2,)), "stride must be one int, or one per spatial axis"),
        (lambda: phase_sums(["a"], 2), "k must be one rectangular array of numbers"),
        (lambda: icnr_kernel(np.ones((2, 3, 4)), (2, 2)), "stride must be one int, or one per spatial axis"),
        (lambda: pixel_shuffle(np.ones((1, 6, 2, 2)), 2), "got shape (1, 6, 2, 2) and stride=2; use a mult"),
        (
            lambda: pixel_shuffle(np.ones((4, 2, 2)), 2),
            "got shape (4, 2, 2) and stride=2; use x[None] for one",
        ),
        (lambda: phase_spread([1], 2), "y must hold a whole period on each axis: got shape (1,), stride=2"),
        (lambda: phase_spread(np.ones((4, 1)), 2), "y must hold a whole period on each axis"),
        (lambda: nearest_kernel(10**30), "stride must be at most 2**48: got stride=1"),
    ],
)
def test_errors_say_the_rule_and_what_came(call, words):
    with pytest.raises((ValueError, TypeError)) as error:
        call()
    assert words in str(error.value)


def test_an_int_stride_is_one_axis_and_an_odd_triangle_has_one_top():
    assert nearest_kernel(3).tolist() == [1, 1, 1]
    assert bilinear_kernel(3).shape == (5,) and bilinear_kernel(3).argmax() == 2


def test_phase_sums_of_one_kernel_with_two_axes_take_one_stride_for_both():
    k = np.arange(16).reshape(4, 4)
    assert phase_sums(k, 2).tolist() == phase_sums(k, (2, 2)).tolist() == polyphase(k, 2).sum((2, 3)).tolist()


def test_one_whole_period_is_enough():
    assert phase_spread([3, 5], 2) == 2


def test_channels_that_no_square_divides_are_told_with_the_square():
    with pytest.raises(ValueError, match="use a multiple of 9 channels"):
        pixel_shuffle(np.ones((1, 4, 2, 2)), 3)


@pytest.mark.parametrize("call", [polyphase, phase_sums, phase_spread, icnr_kernel, pixel_shuffle])
def test_what_is_no_number_is_told_by_its_name(call):
    name = {phase_spread: "y", pixel_shuffle: "x"}.get(call, "k")
    with pytest.raises(TypeError, match=f"^{name} must"):
        call("a", 2)


def test_a_pixel_shuffle_has_one_stride_for_both_axes():
    with pytest.raises(TypeError, match=r"^stride must be a whole number"):
        pixel_shuffle(np.ones((1, 4, 2, 2)), (2,))
