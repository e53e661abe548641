"""The explorers in a real JupyterLab, moved by keyboard, from Python, and after their kernel is gone."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from waiting import eventually

from tconv_helpers import LatentExplorer

from .conftest import Tab

AXE = Path(__file__).with_name("axe.min.js")  # axe-core 4.14.1, MPL-2.0, as npm has it
NORMAL_FORM = Path(__file__).parents[2] / ".ci/normal_form.py"

# One name for each that is added
EXPLORERS = [
    "TransposedExplorer",
    "BackwardExplorer",
    "StampExplorer",
    "ToeplitzExplorer",
    "CheckerboardExplorer",
    "SpectrumExplorer",
    "LatentExplorer",
]
MAKE = "from tconv_helpers import {0}\nexplorer = {0}()\nexplorer"
MAKE_LATENT = """from tconv_helpers import Generator, LatentExplorer
explorer = LatentExplorer(Generator())
explorer"""


def make(name):
    return MAKE_LATENT if name == "LatentExplorer" else MAKE.format(name)


each_explorer = pytest.mark.parametrize("name", EXPLORERS, scope="module")


def of(name):
    return pytest.mark.parametrize("name", [name], scope="module")


@pytest.fixture(scope="module")
def tab(browser, lab, name):
    """A page for all tests of an explorer, which so cannot need what another one left there."""
    tab = Tab(browser)
    yield tab
    lab.close(tab.page)
    tab.page.close()
    tab.check()


@pytest.fixture
def page(shared_page):
    return shared_page


CELLS = """(sources) => {
    const { sharedModel } = jupyterapp.shell.currentWidget.content.model;
    sharedModel.transact(() => {
        sharedModel.deleteCellRange(0, sharedModel.cells.length);
        sharedModel.insertCells(0, sources.map((source) => ({ cell_type: "code", source })));
    });
}"""


@pytest.fixture
def opened(lab, page, name):
    """Run a cell that shows the explorer, or these cells, in a notebook without others; the explorers on it.

    Its kernel is that of the test before: to start one takes longer than what the test asks of it.
    """

    def opened(*sources):
        if not lab.shows(page, "one.ipynb"):
            lab.open(page, lab.write("one.ipynb"))
        page.evaluate(CELLS, sources or [make(name)])
        lab.run(page)
        explorers = page.locator(".tconv-explorer")
        explorers.first.wait_for()
        return explorers

    return opened


def text(explorer):
    return explorer.locator(".message").inner_text()


def slide(explorer, name, key):
    explorer.get_by_role("slider", name=name, exact=True).press(key)


@each_explorer
def test_the_keyboard_moves_it_and_the_pixels_change(opened, page):
    explorer = opened()
    sliders = explorer.get_by_role("slider").all()
    assert len(sliders) >= 2
    for slider in sliders:
        before, picture = text(explorer), explorer.screenshot()
        slider.focus()
        at_the_end = slider.evaluate("element => element.max !== undefined && element.value === element.max")
        page.keyboard.press("ArrowLeft" if at_the_end else "ArrowRight")
        assert text(explorer) != before
        assert explorer.screenshot() != picture
        explorer.get_by_role("button", name="Reset").press("Enter")
        assert text(explorer) == before


@each_explorer
def test_nothing_is_clipped_or_scrolls(opened, page):
    explorer = opened()
    page.evaluate("jupyterapp.shell.collapseLeft()")
    over = """element => [element, element.closest('.jp-OutputArea-output')].flatMap((each) =>
        [each.scrollWidth - each.clientWidth, each.scrollHeight - each.clientHeight])"""
    for width in (1280, 900, 600):
        page.set_viewport_size({"width": width, "height": 900})
        assert eventually(lambda: explorer.evaluate(over), [0, 0, 0, 0]) == [0, 0, 0, 0], width
    assert eventually(lambda: 470 < explorer.bounding_box()["width"] < 520, True)  # JupyterLab takes its time
    page.evaluate("jupyterapp.shell.expandLeft()")


STUCK = """explorer => {
    [...explorer.querySelectorAll(".view")].at(-1).scrollIntoView({ block: "end" });
    const { left, top } = explorer.querySelector(".controls").getBoundingClientRect();
    const there = document.elementFromPoint(left + 30, top + 20);
    return [explorer.getBoundingClientRect().top < 0, Boolean(there?.closest(".controls"))];
}"""


@of("CheckerboardExplorer")
def test_in_a_narrow_window_the_controls_stay_in_sight(opened, page):
    explorer = opened()
    page.evaluate("jupyterapp.shell.collapseLeft()")
    page.set_viewport_size({"width": 600, "height": 800})
    assert eventually(lambda: 470 < explorer.bounding_box()["width"] < 520, True)
    assert eventually(lambda: explorer.evaluate(STUCK), [True, True]) == [True, True]
    page.set_viewport_size({"width": 1200, "height": 900})
    page.evaluate("jupyterapp.shell.expandLeft()")


@each_explorer
def test_axe_finds_nothing_in_light_or_dark(opened, page):
    explorer = opened()
    page.add_script_tag(path=AXE)
    page.set_viewport_size({"width": 1200, "height": 1600})  # so that nothing has to scroll
    # JupyterLab's body has no height: axe takes what is in it for hidden
    height = page.add_style_tag(content="body { height: 100vh }")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
        page.locator("#jupyterlab-splash").wait_for(state="detached")  # it lies over the page as it fades
        found = explorer.evaluate("element => axe.run(element)")
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
        passed = {each["id"]: [node["html"] for node in each["nodes"]] for each in found["passes"]}
        assert {"aria-input-field-name", "label"} <= set(passed)
        assert sum("<p" in html for html in passed["color-contrast"]) >= 5  # its words, one and all
    height.evaluate("element => element.remove()")


@of("TransposedExplorer")
def test_python_moves_the_picture_and_the_picture_moves_python(opened, lab, page):
    explorer = opened()
    assert lab.ask(page, "explorer.stride = 3; explorer.x = [1, 2]; explorer.padding = 1") == ""
    page.wait_for_function(
        "document.querySelector('.tconv-explorer .message').innerText.includes('y = 2 3 2 4\\n')"
    )
    slide(explorer, "stride", "ArrowLeft")
    slide(explorer, "kernel size", "ArrowRight")
    explorer.get_by_role("spinbutton", name="x 2").fill("-5")
    shown = re.search("y = (.*)", text(explorer)).group(1).replace("−", "-")
    asked = "print(explorer.stride, explorer.x, explorer.k, *explorer.y)"
    assert lab.hears(page, asked, f"2 (1, -5) (1, 2, 3, 4) {shown}\n")


@of("TransposedExplorer")
def test_an_invalid_combination_says_the_librarys_sentence_and_so_does_python(opened, lab, page):
    explorer = opened()
    slide(explorer, "output_padding", "End")
    sentence = text(explorer)
    assert sentence.startswith(
        "output_padding must be smaller than stride or dilation: got output_padding=2, stride=2"
    )
    assert lab.hears(page, "explorer.y", f"ValueError: {sentence}")
    assert lab.ask(page, "explorer.stride = 7").startswith(
        "ValueError: stride must be a whole number from 1 to 3"
    )


@of("TransposedExplorer")
def test_a_value_that_does_not_fit_is_explained_and_put_back(opened, page):
    explorer = opened()
    cell = explorer.get_by_role("spinbutton", name="k 1")
    cell.fill("12")
    assert text(explorer) == "k1 must be a whole number from -9 to 9: got 12; use 9"
    cell.press("Tab")
    assert (cell.input_value(), text(explorer).split()[0]) == ("1", "y3")


@of("ToeplitzExplorer")
def test_a_value_is_dragged_and_everything_moves_with_it(opened, lab, page):
    explorer = opened()
    cell = explorer.get_by_role("spinbutton", name="k 2")
    pictures = [view.screenshot() for view in explorer.locator(".canvas").all()]
    cell.hover()
    page.mouse.down()
    page.mouse.move(0, cell.bounding_box()["y"] - 30, steps=5)
    page.mouse.up()
    dragged = cell.input_value()
    assert 4 <= int(dragged) <= 9
    assert lab.hears(page, "print(explorer.k[1])", f"{dragged}\n")
    moved = [view.screenshot() for view in explorer.locator(".canvas").all()]
    assert len(moved) == 4 and all(a != b for a, b in zip(pictures, moved, strict=True))
    page.mouse.move(0, 0)
    assert cell.input_value() == dragged


@of("TransposedExplorer")
def test_pointing_and_stepping_light_the_same_terms_in_all_views(opened, page):
    explorer = opened()
    lit = explorer.locator(".mark.lit:not(.empty)")

    def marks():
        return [mark.text_content() for mark in lit.all()]

    explorer.get_by_role("slider", name="Scatter: choose an output y").press("End")
    at_the_end = ["3", "9", "9", "3", "3", "9", "3", "9", "3"]
    assert (text(explorer).splitlines()[0], marks()) == ("y7 = x3 k3 = 3·3 = 9", at_the_end)
    explorer.get_by_role("combobox", name="what Play shows").select_option("each output y")
    explorer.get_by_role("button", name="Step").click()
    assert text(explorer).startswith("y1 = x1 k1 = 1·1 = 1")
    explorer.locator(".canvas").nth(1).locator(".mark.output").nth(6).hover()
    assert marks() == at_the_end
    explorer.locator(".title").hover()
    assert text(explorer).startswith("y1")


@of("TransposedExplorer")
def test_play_goes_through_the_outputs_and_stops(opened, page, name):
    explorer = opened(make(name) + ".__class__(x=[1, 2], k=[1], stride=2)")
    explorer.get_by_role("combobox", name="what Play shows").select_option("each output y")
    explorer.get_by_role("button", name="Play").click()
    explorer.get_by_role("button", name="Pause").wait_for()
    page.wait_for_function(
        "document.querySelector('.tconv-explorer .message').innerText.startsWith('y2 = 0')"
    )
    explorer.get_by_role("button", name="Play").wait_for()
    assert text(explorer).startswith("y3 = ")


@each_explorer
def test_two_of_them_are_independent(opened, name):
    explorers = opened(make(name), make(name))
    explorers.nth(1).wait_for()
    one, other = text(explorers.nth(0)), text(explorers.nth(1))
    assert one == other
    explorers.nth(0).get_by_role("slider").first.press("Home")
    assert text(explorers.nth(0)) != one
    assert text(explorers.nth(1)) == other


@each_explorer
def test_it_outlives_its_kernel_and_meets_the_next_one(opened, lab, page):
    explorer = opened()
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    before = text(explorer)
    explorer.get_by_role("slider").first.press("Home")
    assert text(explorer) != before
    lab.run(page)
    page.wait_for_function(
        "text => document.querySelector('.tconv-explorer .message')?.innerText === text", arg=before
    )
    explorer.get_by_role("slider").first.press("Home")
    changed = "print({name: getattr(explorer, name) for name in explorer.state_names()} != explorer._start)"
    assert lab.hears(page, changed, "True\n")


SEEN = """() => [...document.querySelectorAll(".small canvas, .step:last-child canvas")].map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, j) => j % 4 < 1);
})"""


def drawn(page):
    """Return what the page shows: the image at the end of the chain, then those of all classes."""
    return np.array(page.evaluate(SEEN)).reshape(-1, 28, 28)


def images_agree(lab, page):
    """The kernel's images, from the state that it has heard of, are what the page has drawn by itself."""
    ours = lab.ask(page, "print(explorer.images.tolist(), explorer.label, sep='|')").split("|")
    images, label = np.array(json.loads(ours[0])), int(ours[1])
    shown = drawn(page)
    assert np.abs(shown[1:] - images).max() <= 1
    assert np.abs(shown[0] - images[label]).max() <= 1
    return shown


@of("LatentExplorer")
def test_the_latent_explorer_draws_what_the_generator_draws(opened, lab, page):
    explorer = opened()
    first = images_agree(lab, page)
    for _ in range(3):
        slide(explorer, "turn", "ArrowRight")
    assert lab.hears(page, "print(explorer.turn)", "60\n")
    turned = images_agree(lab, page)
    assert (turned != first).any()
    explorer.get_by_role("slider", name="Generator: choose a class").press("End")
    explorer.locator(".small").nth(3).click()
    assert text(explorer).startswith("dress; z is turned by 60°")
    assert lab.hears(page, "print(explorer.label)", "3\n")
    assert lab.ask(page, "explorer.tilt = 90") == ""
    page.wait_for_function("document.querySelector('.message').innerText.includes('z = 0 a + 0 b + 1 c')")
    pole = images_agree(lab, page)
    slide(explorer, "turn", "Home")
    assert lab.hears(page, "print(explorer.turn)", "0\n")
    assert (images_agree(lab, page) == pole).all() and (pole != turned).any()


@of("LatentExplorer")
def test_a_layers_kernels_are_swapped_and_back(opened, lab, page):
    explorer = opened()
    trained = images_agree(lab, page)
    explorer.locator(".step").nth(2).click()
    explorer.get_by_role("button", name="nearest").click()
    assert lab.hears(page, "print(explorer.layer, explorer.kernel)", "3 nearest\n")
    swapped = images_agree(lab, page)
    assert (swapped != trained).any() and (swapped == swapped[:, ::2, ::2].repeat(2, 1).repeat(2, 2)).all()
    assert "Layer 3 has nearest kernels" in text(explorer)
    explorer.get_by_role("button", name="trained").click()
    assert (drawn(page) == trained).all()


@pytest.fixture(scope="module")
def saved(lab):
    """For each explorer a notebook that shows it, as `make notebooks` writes it: {explorer: file}."""
    names = {name: lab.write(f"{name}.ipynb", make(name)) for name in EXPLORERS}
    lab.jupyter("nbconvert", "--config", NORMAL_FORM, *names.values())
    lab.jupyter("trust", *names.values())  # JupyterLab shows an untrusted page's widgets as their text
    return names


@each_explorer
def test_a_saved_page_moves_before_anything_has_run(lab, saved, page, name):
    """Only opened: JupyterLab waits for a kernel, no more."""
    lab.open(page, saved[name])
    lab.restored(page)
    explorer = page.locator(".tconv-explorer")
    before = text(explorer)
    assert lab.ask(page, "print('explorer' in dir())") == "False\n"
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    explorer.get_by_role("slider").first.press("Home")
    assert text(explorer) != before


@of("LatentExplorer")
def test_a_saved_page_draws_with_its_own_generator_before_anything_has_run(lab, saved, page):
    """Its weights are random, others than the stored generator's: they stand in the page, once."""
    lab.open(page, saved["LatentExplorer"])
    lab.restored(page)
    shown = drawn(page)
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    slide(page.locator(".tconv-explorer"), "turn", "ArrowRight")
    turned = drawn(page)
    assert (turned != shown).mean() > 0.1
    slide(page.locator(".tconv-explorer"), "turn", "ArrowLeft")
    assert (drawn(page) == shown).all()
    assert (lab.folder / saved["LatentExplorer"]).stat().st_size < 900_000
    stored = LatentExplorer().images.astype(int)
    assert np.abs(shown[1:] - stored).mean() > 20
