"""Five upsamplers behind one switch, and what sets them apart before any training."""

import numpy as np
import pytest
import torch

from tconv_helpers.generator.checkerboard import locked_energy
from tconv_helpers.generator.models import Generator, sample
from tconv_helpers.generator.upsamplers import UPSAMPLERS, icnr_, transposed_form, upsampler

NAMES = "conv_transpose_k3", "conv_transpose_k4", "nearest_conv", "pixel_shuffle", "pixel_shuffle_icnr"


def test_the_switch_knows_five_upsamplers():
    assert tuple(UPSAMPLERS) == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", [1, 2, 7])
def test_each_doubles_the_side_and_every_weight_gets_a_gradient(name, side):
    torch.manual_seed(0)
    layer = upsampler(name, 3, 5)
    y = layer(torch.randn(2, 3, side, side))
    assert y.shape == (2, 5, 2 * side, 2 * side)
    y.square().sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in layer.parameters())


def test_an_unknown_name_gets_the_list():
    with pytest.raises(ValueError) as caught:
        upsampler("bilinear", 3, 5)
    assert str(caught.value) == (
        "upsampler must be one of conv_transpose_k3, conv_transpose_k4, nearest_conv, pixel_shuffle, "
        "pixel_shuffle_icnr: got 'bilinear'"
    )


def test_icnr_starts_as_nearest_neighbour_and_plain_pixel_shuffle_does_not():
    torch.manual_seed(0)
    x = torch.randn(1, 4, 6, 6)
    for name, flat in (("pixel_shuffle_icnr", True), ("pixel_shuffle", False)):
        y = upsampler(name, 4, 2)(x)
        blocks = y.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)
        assert bool((blocks == blocks[..., :1]).all()) is flat


def test_icnr_keeps_the_spread_of_the_weights():
    weight = torch.randn(4 * 64, 32, 3, 3, generator=torch.Generator().manual_seed(0))
    before = weight.std().item()
    assert icnr_(weight).std().item() == pytest.approx(before, rel=0.02)


def test_untrained_generators_show_a_grid_unless_every_phase_has_the_same_kernel():
    grid = {}
    for name in NAMES:
        torch.manual_seed(0)
        images = sample(Generator(name).eval(), np.arange(200) % 10)
        grid[name] = locked_energy(images, period=2)
    assert min(grid["conv_transpose_k3"], grid["conv_transpose_k4"], grid["pixel_shuffle"]) > 0.2
    assert max(grid["nearest_conv"], grid["pixel_shuffle_icnr"]) < 0.05


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_each_is_one_transposed_convolution(name, size):
    """Borders included, with a bias for each phase where there are several."""
    layer, rng = upsampler(name, 3, 5), torch.Generator().manual_seed(0)
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter, generator=rng)
    form, x = transposed_form(layer), torch.randn(2, 3, size, size, generator=rng)
    plain = torch.nn.functional.conv_transpose2d(x, form.weight, None, *form[2:])
    bias = form.bias if form.bias.ndim > 1 else form.bias[:, None, None].expand(-1, 2, 2)
    torch.testing.assert_close(plain + bias.repeat(1, size, size), layer(x), atol=1e-5, rtol=1e-5)


def test_without_a_bias_the_form_has_zeros():
    form = transposed_form(torch.nn.ConvTranspose2d(2, 3, 4, stride=2, bias=False))
    assert form.bias.tolist() == [0, 0, 0] and form[2:] == (2, 0, 0)


CONV, SHUFFLE = torch.nn.Conv2d(2, 4, 3, padding=1), torch.nn.PixelShuffle(2)


@pytest.mark.parametrize(
    "layer",
    [
        torch.nn.ConvTranspose2d(2, 2, 3, stride=2, dilation=2),
        torch.nn.ConvTranspose2d(2, 2, 3, stride=(2, 1)),
        torch.nn.ConvTranspose2d(2, 2, 3, padding=(0, 1)),
        torch.nn.ConvTranspose2d(2, 2, (3, 4)),
        torch.nn.ConvTranspose2d(2, 2, 3, groups=2),
        torch.nn.Sequential(torch.nn.Upsample(scale_factor=2, mode="bilinear"), CONV),
        torch.nn.Sequential(torch.nn.Upsample(scale_factor=3), CONV),
        torch.nn.Sequential(torch.nn.Upsample(size=(4, 4)), CONV),
        torch.nn.Sequential(torch.nn.Upsample(scale_factor=2), torch.nn.Conv2d(2, 4, 3)),
        torch.nn.Sequential(torch.nn.Upsample(scale_factor=2), torch.nn.Conv2d(2, 4, 5, padding=1)),
        torch.nn.Sequential(torch.nn.Conv2d(2, 9, 3, padding=1), torch.nn.PixelShuffle(3)),
        torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3, padding=1, stride=2), SHUFFLE),
        torch.nn.Sequential(torch.nn.Conv2d(2, 4, 3, padding=1, padding_mode="reflect"), SHUFFLE),
        torch.nn.Sequential(CONV, SHUFFLE, CONV),
        torch.nn.Sequential(SHUFFLE, CONV),
        CONV,
    ],
)
def test_a_layer_that_is_no_such_form_is_refused(layer):
    with pytest.raises(ValueError, match=r"(?s)layer must be a ConvTranspose2d .*: got .*; use one of them"):
        transposed_form(layer)


@pytest.mark.parametrize("name", NAMES)
def test_a_form_without_a_bias_has_zeros(name):
    layer = upsampler(name, 3, 5)
    for each in (layer, *layer.children()):
        if getattr(each, "bias", None) is not None:
            each.bias = None
    x, form = torch.randn(1, 3, 4, 4), transposed_form(layer)
    assert not form.bias.any()
    torch.testing.assert_close(
        torch.nn.functional.conv_transpose2d(x, form.weight, None, *form[2:]), layer(x), atol=1e-5, rtol=1e-5
    )
