"""The checkerboard's numbers are the library's, for every kernel size and stride that it can be moved to."""

from itertools import product

import numpy as np
import pytest

from tconv_helpers import (
    CheckerboardExplorer,
    bilinear_kernel,
    icnr_kernel,
    phase_spread,
    phase_sums,
    polyphase,
)

SIZES = list(product(range(1, 9), range(1, 5)))  # of the kernel, and strides


@pytest.fixture(scope="module")
def cases():
    """Random kernels, and for each one that has been mended: the first entries make the phase sums equal."""
    rng, kernels = np.random.default_rng(0), []
    for m, s in SIZES * 3:
        k = rng.integers(-3, 4, m)
        mended = k.copy()
        mended[: min(m, s)] += (k.sum() - phase_sums(k, s))[:m]
        kernels += [(each.clip(-9, 9).tolist(), s) for each in (k, mended)]
    return kernels


@pytest.fixture
def seen(mount, page):
    """Return what the page shows for each kernel and stride, and what its functions return."""
    mount(CheckerboardExplorer())

    def seen(cases):
        return page.evaluate(
            """(cases) => cases.map(([k, stride]) => {
                model.set({ k, stride, u: 1 });
                const number = (mark) => Number(mark.textContent.replace("−", "-"));
                const [flat, spectrum, phases] = el.querySelectorAll(".canvas");
                const board = [...el.querySelectorAll(".pixels")].map((pixels) => pixels.style);
                return {
                    words: el.querySelector(".message p").textContent,
                    y: [...flat.querySelectorAll(".mark.output")].map(number),
                    x: [...flat.querySelectorAll(".mark.input")].map(number),
                    inside: [...flat.querySelectorAll(".mark.output")].map((mark) => mark.matches(".full")),
                    sums: [...phases.querySelectorAll(".mark.output")].map(number),
                    entries: [...phases.querySelectorAll(".mark.kernel")].slice(k.length).map(number),
                    tones: board.map((style) => Number(style.getPropertyValue("--strength"))),
                    shown: [...spectrum.querySelectorAll(".mark.kernel")].map(number),
                    left: [...spectrum.querySelectorAll(".lit.mark")].length,
                    copies: Array.from({ length: stride }, (_, r) => module.frequencyResponse(k, r / stride)),
                    phaseSums: module.phaseSums(k, stride),
                    icnr: module.icnrKernel(k, stride),
                };
            })""",
            cases,
        )

    return seen


def test_sums_outputs_and_response_are_the_librarys(seen, cases):
    for (k, s), page in zip(cases, seen(cases), strict=True):
        ours = CheckerboardExplorer(k=k, stride=s)
        assert (page["x"], page["y"]) == (ours.x.tolist(), ours.y.tolist())
        assert page["sums"] == page["phaseSums"] == ours.sums.tolist()
        assert page["icnr"] == icnr_kernel(k, s).tolist()
        assert page["entries"] == [v for r, row in enumerate(polyphase(k, s)) for v in row[: len(k[r::s])]]
        np.testing.assert_allclose(page["copies"], ours.copies, atol=1e-12)
        np.testing.assert_allclose(page["shown"], ours.copies, atol=0.05 + 1e-9)


def test_the_verdict_is_that_of_the_interior_and_of_the_copies(seen, cases):
    flats = 0
    for (k, s), page in zip(cases, seen(cases), strict=True):
        ours = CheckerboardExplorer(k=k, stride=s)
        inside = ours.y[s * (-(-len(k) // s) - 1) :][: s * (len(ours.x) - -(-len(k) // s) + 1)]
        flat = phase_spread(inside, s) == 0
        assert page["words"].startswith("Flat: " if flat else "Checkerboard: ")
        assert (page["left"] == 0, len(set(page["tones"])) == 1) == (flat, flat)
        shown = np.array(page["y"])[page["inside"]]
        assert set(shown) == set(ours.sums.tolist())
        flats += flat
    assert len(cases) // 4 < flats < len(cases)


def test_the_buttons_give_the_kernels_of_their_names(mount, page):
    mount(CheckerboardExplorer())
    pressed = page.evaluate(
        """async (sizes) => {
            const told = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            const pressed = [];
            for (const [m, stride] of sizes) {
                model.set({ k: Array(m).fill(2), stride });
                const kernels = {};
                for (const button of [...el.querySelectorAll(".values .buttons button")].toReversed()) {
                    button.click();
                    await told();
                    kernels[button.textContent] = model.get("k");
                }
                pressed.push(kernels);
            }
            return pressed;
        }""",
        SIZES,
    )
    for (m, s), k in zip(SIZES, pressed, strict=True):
        assert all(list(CheckerboardExplorer(k=each).k) == each for each in k.values())
        assert list(k) == ["ICNR", "random", "bilinear", "ones"]
        assert k["ICNR"] == icnr_kernel(k["ICNR"][::s], s).tolist()
        assert len(k["random"]) == len(k["ICNR"]) == s * min(-(-m // s), 8 // s)
        np.testing.assert_allclose(k["bilinear"] / phase_sums(k["bilinear"], s)[0], bilinear_kernel(s))
        assert k["ones"] == [1] * len(k["bilinear"])
