"""The generator on the page is PyTorch's: each layer of each upsampler, each kernel, and each grey level."""

import base64

import numpy as np
import pytest
import torch

from tconv_helpers import Generator, as_images, draw_latents, load_generator
from tconv_helpers.explore.joining import esm
from tconv_helpers.generator.stamping import links_of, maps_of, sent, swapped
from tconv_helpers.generator.swaps import KERNELS
from tconv_helpers.generator.upsamplers import UPSAMPLERS

DRAWS = 200
GREYS = "btoa(String.fromCharCode(...greys(mapsOf(layers, z, label).at(-1))))"
RUN = """async ([source, links, numbers, rows]) => {{
    const module = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
    const {{ greys, half, layersOf, mapsOf, swapped }} = module;
    const bytes = new DataView(Uint8Array.from(atob(numbers), (letter) => letter.charCodeAt()).buffer);
    const layers = links && layersOf(links, bytes);
    return rows.map(({names}) => {expression});
}}"""


@pytest.fixture
def run(page):
    """Return a function that runs an expression of generator.js over rows, with the layers of some links."""
    page.goto("about:blank")

    def run(expression, names, rows, links=None):
        arguments, numbers = sent(links) if links else (None, b"")
        numbers = base64.b64encode(numbers).decode()
        given = [esm("generator.js"), arguments, numbers, rows]
        return page.evaluate(RUN.format(expression=expression, names=names), given)

    return run


def random_generator(**settings):
    """Return a generator whose every number is random, its statistics and scales, too."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        generator = Generator(**settings).eval()
        for norm in generator.norms:
            norm.norm.running_mean.normal_()
            norm.norm.running_var.uniform_(0.5, 2)
            torch.nn.init.normal_(norm.scale.weight)
            torch.nn.init.normal_(norm.shift.weight)
    return generator


def test_the_stored_generators_images_are_pytorchs(run):
    """200 random z, each for all ten classes: within 1 grey level, and nearly all are the same."""
    generator = load_generator()
    z = draw_latents(generator, DRAWS, torch.Generator().manual_seed(7))
    rows = [(each, label) for each in z.tolist() for label in range(10)]
    shown = run(GREYS, "[z, label]", rows, links_of(generator))
    labels = torch.arange(10).repeat(DRAWS)
    with torch.no_grad():
        ours = as_images(generator(z.repeat_interleave(10, dim=0), labels))
    shown = np.frombuffer(b"".join(map(base64.b64decode, shown)), np.uint8).reshape(ours.shape)
    off = np.abs(shown - ours.astype(int))
    assert ours.shape == (2000, 28, 28) and len({image.tobytes() for image in ours}) == 2000
    assert off.max() <= 1
    assert np.count_nonzero(off) < off.size / 10_000


MAPS = """mapsOf(layers.with(at, swapped(layers[at], kernel)), z, label)
    .map(({ n, channels, values }) => [n, channels, [...values]])"""


@pytest.mark.parametrize("upsample", UPSAMPLERS)
def test_each_map_is_pytorchs_whatever_the_upsampler_and_the_kernel(run, upsample):
    generator = random_generator(upsample=upsample, widths=(6, 4), size=12, latent=5, classes=3)
    links, rows, ours = links_of(generator), [], []
    z = draw_latents(generator, len(links) * len(KERNELS), torch.Generator().manual_seed(1))
    for at in range(len(links)):
        for kernel in KERNELS:
            each, label = z[[len(rows)]], len(rows) % 3
            rows.append((at, kernel, each[0].tolist(), label))
            changed = [*links[:at], swapped(links[at], kernel), *links[at + 1 :]]
            ours.append(maps_of(changed, each, torch.tensor([label])))
    shown = run(MAPS, "[at, kernel, z, label]", rows, links)
    assert len({str(maps) for maps in shown}) == 12
    for theirs, maps in zip(shown, ours, strict=True):
        assert [each[:2] for each in theirs] == [[m.shape[-1], m.shape[1]] for m in maps]
        for (_, _, values), m in zip(theirs, maps, strict=True):
            np.testing.assert_allclose(values, m[0].permute(1, 2, 0).flatten(), atol=2e-5, rtol=1e-5)


def test_each_number_of_half_precision_is_read(run):
    bits = np.arange(2**16, dtype=np.uint16)
    finite = bits[np.isfinite(bits.view(np.float16))].tolist()
    read = run("half(bits)", "bits", finite)
    assert len(finite) == 62 * 1024
    assert read == np.array(finite, np.uint16).view(np.float16).astype(float).tolist()
