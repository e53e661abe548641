"""conv, conv_transpose and their gradients: the same expression twice, ours and torch's."""

import tracemalloc

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from cases import assert_same, by_torch, cases, tensor, torch_gradients
from hypothesis import assume, given
from hypothesis import strategies as st

import tconv_helpers
from tconv_helpers import (
    conv,
    conv_backward,
    conv_transpose,
    conv_transpose_backward,
    dot_test,
    gradient_check,
    operators,
    output_padding_for,
)

# dtype -> how far from torch, relative to the largest value
TOLERANCES = {"float64": 1e-12, "complex128": 1e-12, "float32": 1e-5, "complex64": 1e-5, "int64": 0}
over_dtypes = pytest.mark.parametrize("dtype", TOLERANCES)
full = ("bare", "unbatched", 1, 2, 3)


@over_dtypes
@given(case=cases(transposed=False))
def test_conv_equals_torch(dtype, case):
    check_forward("conv", case, dtype)


@over_dtypes
@given(case=cases(transposed=True))
def test_conv_transpose_equals_torch(dtype, case):
    check_forward("conv_transpose", case, dtype)


@over_dtypes
@given(case=cases(transposed=False))
def test_conv_backward_equals_autograd(dtype, case):
    check_backward("conv", case, dtype)


@over_dtypes
@given(case=cases(transposed=True))
def test_conv_transpose_backward_equals_autograd(dtype, case):
    check_backward("conv_transpose", case, dtype)


def check_forward(name, case, dtype):
    x, k, bias = case.arrays(dtype)
    given_bias = bias if case.biased else None
    ours = getattr(tconv_helpers, name)(x, k, given_bias, **case.settings)
    assert_same(ours, by_torch(name, x, k, given_bias, **case.settings), TOLERANCES[dtype])
    assert_unchanged([x, k, bias], case.arrays(dtype))


def check_backward(name, case, dtype):
    x, k, bias = case.arrays(dtype)
    dy = case.dy(getattr(tconv_helpers, name)(x, k, **case.settings))
    ours = getattr(tconv_helpers, f"{name}_backward")(dy, x, k, **case.settings)
    floats = [each.astype(float if dtype == "int64" else dtype) for each in (dy, x, k, bias)]
    for gradient, theirs in zip(ours, torch_gradients(name, *floats, case.settings), strict=True):
        assert_same(gradient, theirs.astype(dtype), TOLERANCES[dtype])
    assert_unchanged([dy, x, k], [case.dy(dy), *case.arrays(dtype)[:2]])


def assert_unchanged(arrays, fresh):
    for now, then in zip(arrays, fresh, strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize("dtype", [float, complex])
@given(case=cases(transposed=False, layouts=full))
def test_conv_transpose_is_the_adjoint_of_conv(dtype, case):
    """<conv(x), y> = <x, conv_transpose(y)>, once output_padding restores the size of x."""
    x, k, _ = case.arrays(dtype)
    rank = max(1, k.ndim - 2)
    per_axis = {name: value for name, value in case.settings.items() if name != "groups"}
    extra = output_padding_for(x.shape[-rank:], k.shape[-rank:], **per_axis)
    dot_test(
        lambda x: conv(x, k, **case.settings),
        lambda y: conv_transpose(y, k.conj(), output_padding=extra, **case.settings),
        x.shape,
        conv(x, k, **case.settings).shape,
        dtype=dtype,
        seed=case.seed,
        rtol=1e-14,
    )


@pytest.mark.parametrize("dtype", [float, complex])
@given(case=cases(transposed=True, layouts=full))
def test_backward_is_the_adjoint_of_conv_transpose(dtype, case):
    """<conv_transpose(x), dy> = <x, dx>, and the same for k: both maps are linear."""
    x, k, _ = case.arrays(dtype)
    y = conv_transpose(x, k, **case.settings)
    check = {"y_shape": y.shape, "dtype": dtype, "seed": case.seed, "rtol": 1e-14}
    forward = lambda x, k: conv_transpose(x, k, **case.settings)  # noqa: E731
    backward = lambda dy, i: conv_transpose_backward(dy, x, k, **case.settings)[i]  # noqa: E731
    dot_test(lambda x: forward(x, k), lambda dy: backward(dy, 0), x.shape, **check)
    dot_test(lambda k: forward(x, k), lambda dy: backward(dy, 1), k.shape, **check)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.uint64, np.float16])
@pytest.mark.parametrize("operator", [conv, conv_transpose])
def test_dtype_is_kept(operator, dtype):
    x, k, bias = np.array([1, 2, 3], dtype), np.array([1, 2], dtype), np.array([4], dtype)
    assert operator(x, k, bias).dtype == dtype
    backward = getattr(tconv_helpers, f"{operator.__name__}_backward")
    assert [g.dtype for g in backward(operator(x, k), x, k)] == [dtype] * 3


def test_mixed_dtypes_give_the_wider_one():
    assert conv_transpose(np.ones(3, np.int32), np.ones(2)).dtype == float
    assert conv(np.ones(3, np.float32), np.ones(2, np.complex64)).dtype == np.complex64


def test_lists_and_plain_numbers_are_read():
    assert conv([1, 2, 3], [1, 1], 10).tolist() == [13, 15]
    assert conv_transpose([1, 2], [1, 1], bias=[10]).tolist() == [11, 13, 12]


def test_what_can_be_made_an_array_is_read_and_a_method_mask_is_no_mask():
    class Series:  # has what pandas' has
        def __array__(self, dtype=None, copy=None):
            return np.array([1.0, 2.0])

        def mask(self):
            pass

    np.testing.assert_array_equal(conv_transpose(Series(), [1, 10]), [1, 12, 20])


def test_torch_s_argument_order():
    """groups before dilation in the transpose, dilation before groups in conv, for torch and for us."""
    x, k = np.ones((1, 2, 9)), np.ones((2, 1, 3))
    assert_same(conv(x, k, None, 2, 1, 3, 2), F.conv1d(tensor(x), tensor(k), None, 2, 1, 3, 2).numpy())
    theirs = F.conv_transpose1d(tensor(x), tensor(k), None, 2, 1, 1, 2, 3).numpy()
    assert_same(conv_transpose(x, k, None, 2, 1, 1, 2, 3), theirs)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_layer_of_torch(rank):
    """A layer's own weight and bias go in as they are: (in, out/groups, *m)."""
    layer = [torch.nn.ConvTranspose1d, torch.nn.ConvTranspose2d, torch.nn.ConvTranspose3d][rank - 1]
    torch.manual_seed(0)
    layer = layer(4, 6, 4, stride=2, padding=1, groups=2, dtype=torch.float64)
    x = torch.randn(2, 4, *[3] * rank, dtype=torch.float64)
    k, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    ours = conv_transpose(x.numpy(), k, bias, stride=2, padding=1, groups=2)
    assert_same(ours, layer(x).detach().numpy())


@pytest.mark.parametrize("batch", [7, 8, 9, 17])
@pytest.mark.parametrize("operator", [conv, conv_transpose])
def test_each_sample_of_a_batch_stands_alone(operator, batch):
    """Also beyond 8, the samples that are copied at a time."""
    rng = np.random.default_rng(0)
    x, k = rng.standard_normal((batch, 2, 5)), rng.standard_normal((2, 2, 3))
    np.testing.assert_allclose(operator(x, k), np.stack([operator(each, k) for each in x]), atol=1e-12)


def test_gradients_equal_finite_differences():
    """No torch: the loss sum(dy * y) moved entry by entry."""
    rng = np.random.default_rng(0)
    x, k, dy = (rng.standard_normal(shape) for shape in ((2, 4, 3, 2), (4, 1, 2, 3), (2, 2, 4, 4)))
    settings = {"stride": (1, 2), "padding": (0, 1), "output_padding": (0, 1), "groups": 2}
    dx, dk, dbias = conv_transpose_backward(dy, x, k, **settings)
    loss = lambda x, k, b: (dy * conv_transpose(x, k, b, **settings)).sum()  # noqa: E731
    gradient_check(lambda v: loss(v, k, None), dx, x)
    gradient_check(lambda v: loss(x, v, None), dk, k)
    gradient_check(lambda v: loss(x, k, v), dbias, np.zeros(2))


def peak(call):
    """Return what a call returns, and the most bytes that it held at once."""
    tracemalloc.start()
    try:
        return call(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def by_the_sum(x, k, n, stride, padding, dilation):
    """Return the n outputs of a convolution as its sum says, term by term."""
    signal = dict(enumerate(x))
    return [
        sum(signal.get(stride * i + dilation * a - padding, 0) * k_a for a, k_a in enumerate(k))
        for i in range(n)
    ]


huge = st.integers(0, 4).flatmap(lambda power: st.integers(0, 3 * 10 ** (3 * power)))


@given(
    x=st.lists(st.integers(-9, 9), min_size=1, max_size=6),
    k=st.lists(st.integers(-9, 9), min_size=1, max_size=4),
    settings=st.fixed_dictionaries(
        {"stride": huge.map(lambda s: s + 1), "padding": huge, "dilation": huge.map(lambda d: d + 1)}
    ),
)
def test_cost_follows_the_work_whatever_the_settings(x, k, settings):
    """A small output needs little memory, though the signal with its padding is not small."""
    room = len(x) + 2 * settings["padding"] - settings["dilation"] * (len(k) - 1) - 1
    assume(0 <= room < 50 * settings["stride"])
    y, held = peak(lambda: conv(x, k, **settings))
    assert y.tolist() == by_the_sum(x, k, room // settings["stride"] + 1, **settings)
    assert held < 100_000
    (dx, dk, _), held = peak(lambda: conv_backward(y, x, k, **settings))
    assert held < 100_000
    assert dx.tolist() == conv_transpose(y, k, output_padding=room % settings["stride"], **settings).tolist()
    assert dx @ x == y @ y == dk @ k  # y is linear in either


@pytest.mark.parametrize("budget", [1, 300])
@pytest.mark.parametrize("name", ["conv", "conv_transpose"])
def test_blocks_are_one_call(name, budget, monkeypatch):
    """The sums are those of torch, whether the columns are made at once or row by row."""

    @given(case=cases(transposed=name == "conv_transpose"))
    def same(case):
        check_forward(name, case, "float64")
        check_backward(name, case, "float64")

    monkeypatch.setattr(operators, "BUDGET", budget)
    same()


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("name", ["conv", "conv_transpose"])
def test_memory_is_bounded_by_the_budget_and_the_arrays(name, backward, monkeypatch):
    """The columns of this call would take 9 MB."""
    monkeypatch.setattr(operators, "BUDGET", 2**18)
    x, k = np.ones((1, 1, 100, 100)), np.ones((1, 1, 11, 11))
    y = getattr(tconv_helpers, name)(x, k)
    gradients = getattr(tconv_helpers, f"{name}_backward")
    _, held = peak(lambda: gradients(y, x, k) if backward else getattr(tconv_helpers, name)(x, k))
    assert held < 3 * 2**18 + 8 * (x.nbytes + y.nbytes)


def test_smallest_case_by_hand():
    assert conv([1, 2, 3, 4], [1, 0, -1]).tolist() == [-2, -2]
    assert conv_transpose([1, 10, 100], [1, 2, 3]).tolist() == [1, 12, 123, 230, 300]
    assert [g.tolist() for g in conv_backward([1, 10], [1, 2, 3], [5, 7])] == [[5, 57, 70], [21, 32], [11]]


def by_layer(x, k, bias, dy, *, padding_mode, **settings):
    """Return y and the gradients of x and k from torch.nn.Conv1d, 2d or 3d, with these numbers in it."""
    layer = getattr(torch.nn, f"Conv{k.ndim - 2}d")(
        k.shape[1] * settings["groups"], len(k), k.shape[2:], padding_mode=padding_mode, **settings
    )
    layer.to(torch.float64)
    leaves = [tensor(x), layer.weight, layer.bias]
    with torch.no_grad():
        layer.weight.copy_(tensor(k))
        layer.bias.copy_(tensor(bias))
    leaves[0].requires_grad_()
    y = layer(leaves[0])
    return y.detach(), torch.autograd.grad(y, leaves, tensor(dy(y.detach().numpy())))


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("padding", ["same", "valid", None])
@pytest.mark.parametrize("padding_mode", ["zeros", "reflect", "replicate", "circular"])
@given(case=cases(transposed=False, layouts=(1, 2)))
def test_borders_are_torch_s_forward_and_backward(padding_mode, padding, case):
    rank = len(case.k) - 2
    given_padding = case.settings["padding"] if padding is None else padding
    settings = case.settings | {"padding_mode": padding_mode, "padding": given_padding}
    if padding == "same":
        settings["stride"] = 1
    x, k, bias = case.arrays(float)
    if padding_mode != "zeros":
        axes = [given_padding] * rank if isinstance(given_padding, int) else given_padding
        widths = {"same": lambda: spans(case, rank), "valid": lambda: [0]}.get(padding, lambda: axes)()
        room = {"reflect": 1, "circular": 0, "replicate": -99}[padding_mode]
        assume(all(n - w >= room for n, w in zip(x.shape[2:], widths, strict=False)))
    try:
        expected, gradients = by_layer(x, k, bias, case.dy, **settings)
    except RuntimeError:  # torch's own sentence where the kernel does not fit
        with pytest.raises(ValueError, match="the kernel must fit into the padded input"):
            conv(x, k, bias, **settings)
        return
    y = conv(x, k, bias, **settings)
    assert_same(y, expected.numpy(), 1e-12)
    for ours, theirs in zip(conv_backward(case.dy(y), x, k, **settings), gradients, strict=True):
        assert_same(ours, theirs.numpy(), 1e-12)


def spans(case, rank):
    """Return the padding on the right of each axis that "same" stands for."""
    dilation = case.settings["dilation"]
    dilations = [dilation] * rank if isinstance(dilation, int) else dilation
    return [d * (m - 1) - d * (m - 1) // 2 for m, d in zip(case.k[2:], dilations, strict=True)]


@given(case=cases(transposed=True, layouts=(1, 2)))
def test_output_size_is_the_output_padding_that_gives_it(case):
    x, k, bias = case.arrays(float)
    y = conv_transpose(x, k, bias, **case.settings)
    settings = {name: value for name, value in case.settings.items() if name != "output_padding"}
    asked = conv_transpose(x, k, bias, **settings, output_size=y.shape[2:])
    np.testing.assert_array_equal(asked, y)


def test_blocks_fill_the_budget_and_no_more(monkeypatch):
    """A row of columns: 2 channels, batch 5, 8 bytes, 2 groups, 3 x 2 entries and 6 places, so 5760 bytes."""
    x, k = np.ones((5, 4, 9, 7)), np.ones((2, 2, 3, 2))
    one = {"stride": 1, "padding": 0, "dilation": 1}
    g = operators._geometry(x, k, groups=2, **one)
    inward = operators._inward(x, g)
    for budget, rows in ((1, [1] * 7), (3 * 5760, [3, 3, 1]), (4 * 5760 - 1, [3, 3, 1]), (10**9, [7])):
        monkeypatch.setattr(operators, "BUDGET", budget)
        blocks = list(g.blocks(inward))
        assert (
            [each.stop - each.start for each, _ in blocks] == [block.small[0] for _, block in blocks] == rows
        )


@pytest.mark.parametrize("first", [np.float32, complex])
@pytest.mark.parametrize("second", [np.float32, complex])
def test_gradients_have_the_type_of_the_products(first, second):
    x, k = np.ones((1, 1, 5), np.float32), np.ones((1, 1, 2), second)
    for backward, size in ((conv_backward, 4), (conv_transpose_backward, 6)):
        dx, dk, _ = backward(np.ones((1, 1, size), first), x, k)
        assert dx.dtype == np.result_type(first, second) and dk.dtype == np.result_type(first, np.float32)


@pytest.mark.parametrize("padding_mode", ["reflect", "replicate", "circular"])
def test_a_border_keeps_whole_numbers_whole(padding_mode):
    dx, _, _ = conv_backward(
        np.ones(5, int), np.ones(5, int), np.ones(3, int), padding=1, padding_mode=padding_mode
    )
    assert dx.dtype == int


def test_sizes_that_cannot_be_asked_for_are_told_for_each_axis():
    with pytest.raises(ValueError, match=r"output_size must be 3 to 4 x 1 to 3 with .* use \(4, 3\)"):
        conv_transpose(np.ones((1, 2, 1)), np.ones((1, 1, 1, 1)), stride=(2, 3), output_size=(9, 9))


def test_a_bias_that_is_no_number_is_told_by_its_name():
    with pytest.raises(TypeError, match=r"^bias must"):
        conv_transpose(np.ones((1, 3)), np.ones((1, 1, 2)), bias="a")
