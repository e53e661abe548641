"""A generator as nothing but transposed convolutions: its maps, what is sent of it, and swapped kernels."""

import numpy as np
import pytest
import torch

from tconv_helpers import Generator, as_images, bilinear_kernel, draw_latents, phase_sums, swap_kernel
from tconv_helpers.generator.stamping import links_of, maps_of, sent, swapped
from tconv_helpers.generator.swaps import KERNELS
from tconv_helpers.generator.upsamplers import UPSAMPLERS


@pytest.fixture(params=UPSAMPLERS)
def generator(request):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return Generator(request.param).eval()


def test_the_maps_are_those_of_the_generator_up_to_half_precision(generator):
    z, labels = draw_latents(generator, 20, torch.Generator().manual_seed(1)), torch.arange(20) % 10
    with torch.no_grad():
        theirs = generator.maps(z, labels)
    ours = maps_of(links_of(generator), z, labels)
    assert [m.shape for m in ours] == [m.shape for m in theirs]
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, atol=2e-3, rtol=0)
    assert np.abs(as_images(ours[-1]).astype(int) - as_images(theirs[-1])).max() <= 1


def test_what_is_sent_are_all_numbers_in_their_order(generator):
    links = links_of(generator)
    arguments, numbers = sent(links)
    values = np.frombuffer(numbers, "<f2").astype(np.float32)
    parts = [part for link in links for part in (*link.norm, link.form.weight, link.form.bias)]
    assert np.array_equal(values, torch.cat([part.flatten() for part in parts]).numpy())
    counts = [
        2 * (a["classes"] + 1) * a["from"] * (a["classes"] > 0)
        + a["from"] * a["to"] * a["m"] ** 2
        + a["biases"]
        for a in arguments
    ]
    assert sum(counts) == len(values)


def test_what_half_precision_cannot_hold_is_refused(generator):
    generator.norms[1].norm.running_var[3] = 1e5
    with pytest.raises(ValueError, match=r"^a generator's numbers must be finite and of at most 65504 .*"):
        links_of(generator)


@pytest.mark.parametrize("kernel", KERNELS[1:])
def test_a_swapped_kernel_keeps_its_sum_and_takes_the_shape(kernel):
    weight = torch.randn(3, 2, 4, 4, generator=torch.Generator().manual_seed(0))
    other = swap_kernel(weight, kernel, factor=2, padding=1).numpy()
    sums = weight.numpy().sum((2, 3), keepdims=True)
    np.testing.assert_allclose(other.sum((2, 3), keepdims=True), sums, atol=1e-6)
    shape = {
        "nearest": np.outer([0, 1, 1, 0], [0, 1, 1, 0]),
        "bilinear": bilinear_kernel((2, 2)),
        "ones": np.ones((4, 4)),
    }[kernel]
    np.testing.assert_allclose(other, sums * shape / shape.sum(), atol=1e-6)
    phases = phase_sums(other, 2)
    np.testing.assert_allclose(phases, np.broadcast_to(phases[..., :1, :1], phases.shape), atol=1e-6)


def test_nearest_kernels_repeat_pixels_and_the_first_layers_the_one_pixel(generator):
    """In every upsampler, whatever its kernel's size."""
    z, labels = draw_latents(generator, 2, torch.Generator().manual_seed(1)), torch.arange(2)
    links = [swapped(link, "nearest") for link in links_of(generator)]
    plain = [link._replace(form=link.form._replace(bias=torch.zeros_like(link.form.bias))) for link in links]
    first, second, image = maps_of(plain, z, labels)
    assert torch.equal(first, first[:, :, :1, :1].expand_as(first))
    for m in (second, image):
        blocks = m.unflatten(2, (-1, 2)).unflatten(4, (-1, 2))
        torch.testing.assert_close(blocks, blocks[:, :, :, :1, :, :1].expand_as(blocks))


def test_another_kernel_is_refused():
    with pytest.raises(ValueError, match=r"^kernel must be one of trained, .*: got 'sinc'; use 'nearest'$"):
        swap_kernel(torch.ones(1, 1, 4, 4), "sinc", factor=2)
