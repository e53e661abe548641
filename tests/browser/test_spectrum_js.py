"""The spectra, signals and phases on the page are the library's, and so are the kernels of its buttons."""

import numpy as np
import pytest

from tconv_helpers import SpectrumExplorer, bilinear_kernel, nearest_kernel, phase_sums

HIGH, STEP, UNIT = 3, 4.4, 40  # of a plot, from one to the next; of the SVG in a cell
SIGNALS = "xzky"
SEEN = """(cases) => cases.map((state) => {
    model.set(state);
    const [time, phases, frequency] = el.querySelectorAll(".canvas svg");
    const number = (mark) => Number(mark.textContent.replace("−", "-"));
    const numbers = (text) => text.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
    const place = (mark) => numbers(mark.getAttribute("transform")).slice(0, 2);
    const corners = (path) => path.getAttribute("d").split("L").map(numbers);
    return {
        points: [...time.querySelectorAll(".point")].map((mark) => [mark.classList[1], ...place(mark)]),
        paths: [...frequency.querySelectorAll(".path")].map(corners),
        entries: [...phases.querySelectorAll(".mark.kernel")].map(number),
        outputs: [...phases.querySelectorAll(".mark.output")].map((mark) => [number(mark), +mark.dataset.at]),
        lit: [...phases.querySelectorAll(".mark.output.lit")].map((mark) => +mark.dataset.at),
        words: el.querySelector(".message").innerText,
    };
})"""


def rows(plot, values):
    """Return where values stand in a plot whose axis spans 0 and these."""
    least, most = min(0, *values), max(0, *values)
    return [plot * STEP + HIGH * (1 - (value - least) / ((most - least) or 1)) for value in values]


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(0)
    cases = [{"x": [0], "k": [0], "stride": 1, "u": 1}]
    for n in range(1, 7):
        for m in range(1, 12):
            for stride in range(1, 5):
                x, k = (rng.integers(-9, 10, size).tolist() for size in (n, m))
                u = int(rng.integers(1, (n - 1) * stride + m + 1))
                cases.append({"x": x, "k": k, "stride": stride, "u": u})
    return cases


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture
def seen(mount, page, cases, told):
    """Return for each case the explorer and what the page shows, which is asked once for all tests."""
    if not told:
        mount(SpectrumExplorer())
        told += zip([SpectrumExplorer(**case) for case in cases], page.evaluate(SEEN, cases), strict=True)
    return told


def test_the_spectra_are_numpys(seen):
    for explorer, shown in seen:
        assert len(shown["paths"]) == 4
        for plot, (name, drawn) in enumerate(zip(SIGNALS, shown["paths"], strict=True)):
            sizes = np.append(explorer.spectra[name], explorer.spectra[name][0])
            expected = np.array(rows(plot, sizes)) * UNIT
            columns = np.arange(97) / 96 * 30 * UNIT
            np.testing.assert_allclose(drawn, np.stack([columns, expected], axis=1), atol=0.06)


def test_the_signals_stand_at_their_places_and_heights(seen):
    kinds = {"x": "input", "z": "input", "k": "kernel", "y": "output"}
    for explorer, shown in seen:
        columns = {
            "x": np.arange(explorer.n) * explorer.stride,
            "z": np.arange(len(explorer.z)),
            "k": explorer.u - 1 - np.arange(explorer.m),
            "y": np.arange(len(explorer.y)),
        }
        expected = []
        for plot, name in enumerate(SIGNALS):
            at = rows(plot, np.asarray(getattr(explorer, name)).tolist())
            drawn = zip(columns[name], at, strict=True)
            expected += [(kinds[name], column * UNIT, row * UNIT) for column, row in drawn if column >= 0]
        assert [kind for kind, *_ in shown["points"]] == [kind for kind, *_ in expected]
        np.testing.assert_allclose(
            [place for _, *place in shown["points"]], [place for _, *place in expected], atol=1e-9
        )


def test_each_phase_makes_its_own_outputs(seen):
    for explorer, shown in seen:
        s, k, y = explorer.stride, explorer.k, explorer.y
        assert shown["entries"] == [entry for r in range(s) for entry in k[r::s]]
        assert shown["outputs"] == [[y[p], p + 1] for r in range(s) for p in range(r, len(y), s)]
        assert shown["lit"] == [p + 1 for p in range(len(y)) if p % s == (explorer.u - 1) % s]
        for r in range(s):
            made = np.convolve(explorer.x, k[r::s]) if k[r::s] else np.zeros(explorer.n)
            assert y[r::s].tolist() == made[: len(y[r::s])].tolist()


def test_the_words_tell_what_is_left_of_the_copies(seen):
    flats = 0
    for explorer, shown in seen:
        flat = len(set(phase_sums(explorer.k, explorer.stride).tolist())) == 1
        if explorer.stride > 1:
            told = ", ".join(f"{value:.1f}".removesuffix(".0") for value in explorer.copies)
            assert f": {told}; " in shown["words"]
            assert ("a constant gets a checkerboard" in shown["words"]) != flat
        flats += flat
    assert 0 < flats < len(seen)


def test_the_buttons_give_the_kernels_of_their_names(mount, page):
    mount(SpectrumExplorer())
    pressed = page.evaluate("""() => [1, 2, 3, 4].map((stride) => {
        model.set({ stride, u: 1 });
        return Object.fromEntries([...el.querySelectorAll(".values .buttons button")].map((button) => {
            button.click();
            const cells = [...el.querySelectorAll(".cell.kernel input")].map((input) => Number(input.value));
            return [button.textContent, cells];
        }));
    })""")
    for s, kernels in enumerate(pressed, 1):
        assert list(kernels) == ["nearest", "bilinear", "sinc", "random"]
        assert kernels["nearest"] == nearest_kernel(s).tolist()
        bilinear = np.array(kernels["bilinear"])
        np.testing.assert_allclose(bilinear / phase_sums(bilinear, s)[0], bilinear_kernel(s))
        m = len(kernels["sinc"])
        places = np.arange(m) - (m - 1) / 2
        sinc = kernels["sinc"][m // 2] * np.sinc(places / s) * np.cos(np.pi * places / (m + 1))
        assert m == min(4 * s - 1, 11) and kernels["sinc"] == np.round(sinc).tolist()
        assert np.ptp(phase_sums(kernels["sinc"], s)) == 0  # a constant gets no checkerboard
        assert len(kernels["random"]) == m
        SpectrumExplorer(k=kernels["random"])
