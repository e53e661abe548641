"""The networks have the sizes that they promise, and use their labels."""

import pytest
import torch
from torch import nn

from tconv_helpers.generator.models import (
    ClassNorm,
    Discriminator,
    FirstLayer,
    Generator,
    layer_sizes,
    parameter_count,
    sample,
)


def z_and_labels(count=4):
    return torch.randn(count, 64, generator=torch.Generator().manual_seed(0)), torch.arange(count)


@pytest.mark.parametrize(
    "size, widths, sides",
    [
        (28, (64, 32), (7, 14, 28)),
        (32, (64, 32), (8, 16, 32)),
        (64, (16, 8, 8, 8), (4, 8, 16, 32, 64)),
        (2, (3,), (1, 2)),
    ],
)
def test_the_maps_follow_the_chain_of_sizes(size, widths, sides):
    generator, discriminator = Generator(widths=widths, size=size), Discriminator(widths[::-1], size)
    maps = generator.maps(*z_and_labels())
    assert [m.shape[-2:] for m in maps] == [(side, side) for side in sides]
    assert [m.shape[1] for m in maps] == [*widths, 1]
    assert layer_sizes(size, len(widths)) == (1, *sides)
    assert discriminator(maps[-1], torch.arange(4)).shape == (4,)


@pytest.mark.parametrize(
    "size, layers, message",
    [
        (30, 2, "size must be a multiple of 2**layers: got size=30, layers=2; use size=32"),
        (29, 2, "size must be a multiple of 2**layers: got size=29, layers=2; use size=28"),
        (0, 2, "size must be a multiple of 2**layers: got size=0, layers=2; use size=4"),
        (4, 3, "size must be a multiple of 2**layers: got size=4, layers=3; use size=8"),
    ],
)
def test_a_size_that_cannot_be_halved_is_refused(size, layers, message):
    with pytest.raises(ValueError) as caught:
        layer_sizes(size, layers)
    assert str(caught.value) == message


def test_on_a_1x1_input_the_matrix_product_is_the_transposed_convolution():
    torch.manual_seed(0)
    layer = FirstLayer(74, 64, 7, bias=False)
    x = torch.randn(3, 74)
    plain = nn.functional.conv_transpose2d(x[:, :, None, None], layer.weight)
    torch.testing.assert_close(layer(x), plain)


def test_the_label_changes_the_image_and_the_score():
    torch.manual_seed(0)
    generator, discriminator = Generator().eval(), Discriminator()
    z, labels = z_and_labels()
    images = generator(z, labels)
    assert not torch.allclose(images, generator(z, labels + 1))
    assert not torch.allclose(discriminator(images, labels), discriminator(images, labels + 1))


def test_the_score_tells_how_much_the_images_of_a_batch_vary():
    torch.manual_seed(0)
    discriminator, labels = Discriminator(), torch.full((4,), 3)
    x = torch.randn(4, 1, 28, 28)
    features = discriminator.features(x).detach()
    spread = discriminator.score.weight[0, -1] * features.numpy().std(axis=0).mean()
    alone = torch.cat([discriminator(one[None], labels[:1]) for one in x])  # one image does not vary
    torch.testing.assert_close(discriminator(x, labels) - alone, spread.expand(4), rtol=0, atol=1e-4)


def test_images_that_are_all_the_same_have_a_slope():
    x = torch.zeros(4, 1, 28, 28, requires_grad=True)
    Discriminator()(x, torch.arange(4)).sum().backward()
    assert x.grad.isfinite().all() and x.grad.abs().sum() > 0


def test_the_image_is_the_last_map_and_lies_between_minus_1_and_1():
    generator = Generator().eval()
    images = generator(*z_and_labels())
    torch.testing.assert_close(images, generator.maps(*z_and_labels())[-1], rtol=0, atol=0)
    assert images.abs().max() <= 1


def test_samples_repeat_for_the_same_seed_only():
    generator = Generator().eval()
    first, again, other = (sample(generator, [1, 2, 3], seed) for seed in (5, 5, 6))
    assert (first == again).all() and (first != other).any()


def test_parameters_are_counted_by_hand():
    first = 74 * 64 * 7 * 7
    ups = (64 * 32 * 16 + 32) + (32 * 1 * 16 + 1)
    norms = 10 * (2 * 64 + 2 * 32)
    assert parameter_count(Generator()) == first + ups + norms


def test_class_norm_is_batch_norm_with_the_scale_and_shift_of_the_label():
    norm, plain = ClassNorm(3, classes=2), nn.BatchNorm2d(3, affine=False)
    x, labels = (
        torch.randn(4, 3, 5, 5, generator=torch.Generator().manual_seed(0)),
        torch.tensor([0, 1, 0, 1]),
    )
    torch.testing.assert_close(norm(x, labels), plain(x))
    with torch.no_grad():
        norm.scale.weight[1], norm.shift.weight[1] = 2, 5
    expected = plain(x)
    expected[1::2] = 2 * expected[1::2] + 5
    torch.testing.assert_close(norm(x, labels), expected)
