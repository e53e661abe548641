"""The explorers make of a photograph and of noise what the library makes of them, pixel by pixel."""

from base64 import b64decode
from itertools import product

import numpy as np

from tconv_helpers import CheckerboardExplorer, StampExplorer
from tconv_helpers.explore.photograph import noise, photograph, seen

# Of each canvas its width and its grey levels
PICTURES = """(states) => states.map((state) => {
    model.set(state);
    if (el.querySelector(".stale")) return null;
    return [...el.querySelectorAll("canvas")].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return [canvas.width, btoa(String.fromCharCode(...data.filter((_, i) => i % 4 === 0)))];
    });
})"""


def levels(pictures):
    return [np.frombuffer(b64decode(grey), np.uint8).reshape(size, size) for size, grey in pictures]


def test_in_2d_both_directions_act_on_the_photograph(mount, page):
    rng = np.random.default_rng(4)
    settings = product(range(1, 5), (1, 2, 3), range(4), range(3), (1, 2))
    names = "stride", "padding", "output_padding", "dilation"
    states = [
        {"k": rng.integers(-9, 10, (m, m)).tolist(), **dict(zip(names, each, strict=True))}
        for m, *each in settings
    ]
    plain = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
    states += [{"k": k, **plain} for k in ([[0]], [[-1]])]
    mount(StampExplorer())
    shown = 0
    for state, pictures in zip(states, page.evaluate(PICTURES, states), strict=True):
        if pictures is None:
            continue
        explorer = StampExplorer(**state)
        for ours, theirs in zip((photograph(), *explorer.photographs), levels(pictures), strict=True):
            np.testing.assert_array_equal(theirs, seen(ours), str(state))
        shown += 1
    assert 100 < shown < len(states) == 290


def test_a_kernel_on_both_axes_acts_on_the_photograph_and_on_noise(mount, page):
    rng = np.random.default_rng(5)
    states = [
        {"k": rng.integers(-9, 10, m).tolist(), "stride": s} for m, s in product(range(1, 9), range(1, 5))
    ]
    states += [{"k": [1] * m, "stride": s} for m, s in product(range(1, 9), range(1, 5))]
    mount(CheckerboardExplorer())
    for state, pictures in zip(states, page.evaluate(PICTURES, states), strict=True):
        ours = CheckerboardExplorer(**state).photographs
        for image, theirs in zip(ours, levels(pictures), strict=True):
            np.testing.assert_array_equal(theirs, seen(image), str(state))
    assert len(noise()) == len(photograph())


def test_a_picture_is_made_again_only_when_it_changes(mount, page):
    mount(CheckerboardExplorer())
    painted = page.evaluate("""() => {
        let painted = 0;
        const paint = CanvasRenderingContext2D.prototype.putImageData;
        CanvasRenderingContext2D.prototype.putImageData = function (...given) {
            painted += 1;
            return paint.apply(this, given);
        };
        const counts = [{ u: 3 }, { u: 4 }, { stride: 3 }].map((state) => (model.set(state), painted));
        CanvasRenderingContext2D.prototype.putImageData = paint;
        return counts;
    }""")
    assert painted == [0, 0, 2]


def test_each_pixel_has_two_on_the_screen(mount, page):
    for kind in (StampExplorer, CheckerboardExplorer):
        for width in (390, 700, 1000):
            mount(kind(), width=width)
            wide = "(canvas) => canvas.getBoundingClientRect().width / canvas.width"
            canvases = page.locator("canvas").all()
            assert canvases and {canvas.evaluate(wide) for canvas in canvases} == {2}
