"""Figures in a real JupyterLab: in the ink of its theme, and there, too, where it strips SVG from a page."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tconv_helpers import draw_grid, draw_links, draw_signals
from tconv_helpers.exercises.edition import FOLDED

from .conftest import KERNEL, eventually
from .test_explorers_in_lab import AXE

FIGURES = [
    draw_links(7, 3, u=4),
    draw_signals(input_gradient=[1, -2], kernel=[3]),
    draw_grid([[[0, 255], [255, 0]]], "Two by two.", top=["a name"]),
]


@pytest.fixture
def saved(lab, page):
    """Show a notebook whose figures were drawn elsewhere, trusted or not: ``saved(trusted)``; its outputs."""

    def saved(trusted):
        name = f"trusted-{trusted}.ipynb"
        cells = []
        for figure in FIGURES:
            data, metadata = figure._repr_mimebundle_()
            output = new_output("execute_result", data, metadata=metadata, execution_count=1)
            cells.append(new_code_cell(f"draw()  # {name}", execution_count=1, outputs=[output]))
        nbformat.write(new_notebook(cells=cells, metadata=KERNEL), lab.folder / name)
        if trusted:
            lab.jupyter("trust", name)
        page.set_viewport_size({"width": 1200, "height": 2000})  # JupyterLab draws what can be seen
        lab.open(page, name)
        outputs = page.locator(".jp-OutputArea-output")
        for figure in FIGURES:
            outputs.get_by_role("img", name=figure.alt, exact=True).wait_for()
        return outputs

    return saved


def test_a_folded_figure_tells_nothing(lab, page):
    """JupyterLab shows the first line of what is folded: of a figure, that was its description in words."""
    data, metadata = FIGURES[0]._repr_mimebundle_()
    output = new_output("execute_result", data, metadata=metadata, execution_count=1)
    folded = new_code_cell("draw()", execution_count=1, outputs=[output], metadata=FOLDED)
    nbformat.write(new_notebook(cells=[folded], metadata=KERNEL), lab.folder / "folded.ipynb")
    lab.open(page, "folded.ipynb")
    placeholder = page.locator(".jp-OutputPlaceholder")
    placeholder.wait_for()
    assert placeholder.inner_text().strip() == ""


# The red, green and blue of everything that takes the ink of the page
INK = """outputs => outputs.flatMap((output) => [...output.querySelectorAll("[fill=currentColor]")])
    .flatMap((path) => getComputedStyle(path).fill.match(/\\d+/g).slice(0, 3).map(Number))"""


def test_the_ink_of_a_figure_is_the_themes(saved, page):
    outputs = saved(True)
    assert outputs.locator("img:visible").count() == 0
    page.add_script_tag(path=AXE)
    # JupyterLab's body has no height: axe takes what is in it for hidden
    height = page.add_style_tag(content="body { height: 100vh }")
    for theme, ink in (("JupyterLab Dark", range(166, 256)), ("JupyterLab Light", range(90))):
        page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        page.locator("#jupyterlab-splash").wait_for(state="detached")  # it lies over the page as it fades
        seen = lambda: {part in ink for part in outputs.evaluate_all(INK)}  # noqa: B023, E731
        assert eventually(seen, {True}) == {True}, theme  # a theme's name is there before its colours
        for output in outputs.all():
            found = output.evaluate("element => axe.run(element)")
            assert [problem["id"] for problem in found["violations"]] == []
            assert "svg-img-alt" in [rule["id"] for rule in found["passes"]]
    height.evaluate("element => element.remove()")


def test_a_page_that_is_not_trusted_shows_the_described_png(saved):
    outputs = saved(False)
    assert outputs.locator("svg").count() == 0
    for picture in outputs.locator("img").all():
        assert picture.evaluate("async img => (await img.decode(), img.naturalWidth > 100)")
