"""Sliders give back what they took, say what they are, and presets and seeds lead to what they name."""

import random

import pytest

from tconv_helpers import (
    CheckerboardExplorer,
    LatentExplorer,
    ShapeExplorer,
    StampExplorer,
    ToeplitzExplorer,
    TransposedExplorer,
)
from tconv_helpers.explore.alone import EXPLORERS
from tconv_helpers.explore.explorer import Explorer

from .test_alone import in_lists
from .test_looks_js import OF_MARKS, between

KINDS = [EXPLORERS[name][0] for name in OF_MARKS]
PARTS = """
    const names = Object.keys(model.get("_start"));
    const state = () => Object.fromEntries(names.map((each) => [each, model.get(each)]));
    const told = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const input = (name) => el.querySelector(`[aria-label="${name}"]`);
    const move = (slider, value) => {
        slider.value = value;
        slider.dispatchEvent(new Event("input"));
    };
"""
DOWN_AND_UP = f"""async (start) => {{ {PARTS}
    const [first, ...rest] = el.querySelectorAll(".slider input");
    const seen = [];
    for (const slider of [first, ...rest]) {{
        model.set(start);
        await told();
        const [before, value] = [state(), Number(slider.value)];
        const [shown, kept] = [Number(slider.previousSibling.textContent), before[slider.ariaLabel] ?? value];
        if (shown !== value || kept !== value) continue; // it lies beyond the slider's end
        for (let down = value; down >= slider.min; down--) move(slider, down);
        for (let up = Number(slider.min); up <= slider.max; up++) move(slider, up);
        for (let down = Number(slider.max); down >= value; down--) move(slider, down);
        await told();
        seen.push([slider.ariaLabel, before, state()]);
    }}
    return seen;
}}"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_slider_that_is_moved_down_and_up_gives_the_values_back(mount, page, kind):
    rng, traits = random.Random(2), kind.class_traits()
    mount(kind())
    for state in [{}, *[{n: between(rng, traits[n]) for n in kind.state_names()} for _ in range(8)]]:
        for name, before, after in page.evaluate(DOWN_AND_UP, state):
            assert after == before, name


def test_values_come_back_after_another_was_typed_but_not_after_reset(mount, page):
    mount(TransposedExplorer(x=[5, 6, 7, 8]))
    seen = page.evaluate(f"""async () => {{ {PARTS}
        const seen = [];
        for (const act of [
            () => move(input("n"), 2), () => move(input("x 1"), 9), () => move(input("n"), 3),
            () => el.querySelector(".player button:last-child").click(),
            () => model.set({{ x: [4] }}), () => move(input("n"), 3),
        ]) {{ act(); await told(); seen.push(model.get("x")); }}
        return seen;
    }}""")
    assert seen == [[5, 6], [9, 6], [9, 6, 7], [5, 6, 7, 8], [4], [4, 2, 3]]


@pytest.mark.parametrize("kind", KINDS)
def test_each_slider_says_what_it_is(mount, kind):
    sliders = mount(kind()).locator(".slider").all()
    assert len(sliders) > 2
    for slider in sliders:
        title = slider.get_attribute("title")
        assert len(title) > 20 and title.endswith(".")
        assert slider.locator("input").get_attribute("title") == title


@pytest.mark.parametrize("kind", [*KINDS, ShapeExplorer, LatentExplorer])
def test_each_preset_is_a_state_with_a_picture(mount, page, kind):
    start = kind()
    explorer = mount(start)
    select = explorer.get_by_role("combobox", name="presets")
    assert len(start.presets) >= 4
    for name, changes in start.presets.items():
        shown = kind(**changes)
        assert " must " not in repr(shown), name
        select.select_option(name)
        page.evaluate(f"async () => {{ {PARTS} await told(); }}")
        assert page.evaluate("(names) => names.map((name) => model.get(name))", list(changes)) == [
            in_lists(value) for value in changes.values()
        ]
        assert (select.input_value(), explorer.locator(".stale").count()) == (name, 0)
    explorer.get_by_role("button", name="Reset").click()
    as_at_start = [name for name, to in start.presets.items() if all(getattr(start, n) == to[n] for n in to)]
    assert select.input_value() == (as_at_start or [""])[0]


def test_one_without_presets_has_no_choice_of_them(mount):
    class Bare(TransposedExplorer):
        presets = Explorer.presets

    assert mount(Bare()).get_by_role("combobox", name="presets").count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_its_kernel_again(mount, page, kind):
    drawn = []
    for _ in range(2):
        explorer = mount(kind())
        for seed in (1, 2):
            explorer.get_by_role("button", name="random", exact=True).click()
            assert explorer.locator(".seed").inner_text() == f"seed {seed}"
            page.evaluate(f"async () => {{ {PARTS} await told(); }}")
            drawn.append(page.evaluate("model.get('k')"))
            kind(k=drawn[-1])
    assert drawn[:2] == drawn[2:] and drawn[0] != drawn[1]


PRESS = """(keys) => keys.map((key) => {
    const canvas = el.querySelector(".canvas[role=slider]");
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
    return Number(canvas.getAttribute("aria-valuenow"));
})"""


def test_arrow_keys_go_where_they_point(mount, page):
    mount(StampExplorer(pixel=1))  # 3 rows of 3
    keys = ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft"]
    assert page.evaluate(PRESS, keys) == [2, 5, 6, 6, 9, 9, 8]
    assert page.evaluate(PRESS, ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft"]) == [
        5,
        2,
        2,
        1,
        1,
    ]
    mount(ToeplitzExplorer(i=2))  # a row below the other
    assert page.evaluate(PRESS, ["ArrowDown", "ArrowUp", "ArrowUp", "ArrowRight"]) == [3, 2, 1, 2]


@pytest.mark.parametrize("kind, all_of", [(StampExplorer, "7 × 7 pixels"), (TransposedExplorer, "7 samples")])
def test_a_padding_that_leaves_one_output_is_warned_of(mount, page, kind, all_of):
    sizes = {"x": [1, 2, 3], "k": [1, 2, 1]} if kind is TransposedExplorer else {}
    explorer = mount(kind(padding=3, **sizes))
    warned = f"Careful: padding crops all but one of {all_of}."
    assert warned in explorer.locator(".message").inner_text()
    for padding in (2, 0):
        page.evaluate("(padding) => model.set({ padding })", padding)
        assert "Careful" not in explorer.locator(".message").inner_text()


def test_the_sentences_have_no_slips(mount, page):
    explorer = mount(CheckerboardExplorer(k=[1, 2, 3, 4], stride=4, u=7))
    assert "y7 = k3 = 3, phase 2" in explorer.locator(".message").inner_text()
    assert "f = 1/4, 1/2, 3/4" in explorer.locator(".message").inner_text()
    assert "2/4" not in explorer.inner_text()
    for typed, way_out in {"12": 9, "-12": -9, "2.6": 3, "": 0}.items():
        explorer.get_by_role("spinbutton", name="k 1").fill(typed)
        said = f"k1 must be a whole number from -9 to 9: got {typed or 'nothing'}; use {way_out}"
        assert explorer.locator(".message").inner_text() == said
