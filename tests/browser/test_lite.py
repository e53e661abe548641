"""The browser edition in a real browser: every page from top to bottom, and what a student does on one.

`make test-lite` runs it, with a Pyodide inside, so that nobody but this machine is asked.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import served_edition
from playwright.sync_api import expect
from waiting import LONG, eventually

from .conftest import ASK, Tab

ROOT = Path(__file__).parents[2]
PAGES = [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
PYODIDE = os.environ.get("PYODIDE", "")
SITE = """import sys; sys.path.insert(0, "site")
from make import build; from pathlib import Path
sys.exit(build(*map(Path, sys.argv[1:])))"""
RIGHT = "def conv_by_kernel(x, k):\n    return np.correlate(x, k, 'valid')"
WRONG = RIGHT.replace("correlate", "convolve")
ENDLESS = "def conv_by_kernel(x, k):\n    while True:\n        pass"
CODE = """() => jupyterapp.shell.currentWidget.content.widgets.filter(({ model }) => model.type === "code")
    .map(({ model }) => [model.id, model.outputs.toJSON().map(({ output_type, text, ename, evalue, data }) =>
        ({ output_type, name: ename, text: text ?? evalue ?? data?.["text/plain"] }))])"""
READY = """async () => {
    const { context, sessionContext } = jupyterapp.shell.currentWidget;
    await context.ready;
    await sessionContext.ready;
}"""
SOURCES = """() => jupyterapp.shell.currentWidget.content.widgets
    .map(({ model }) => model.sharedModel.getSource())"""
SCROLL = """(id) => {
    const { content } = jupyterapp.shell.currentWidget;
    return content.scrollToItem(content.widgets.findIndex(({ model }) => model.id === id), "center");
}"""
COUNTS = """() => jupyterapp.shell.currentWidget.content.widgets.filter(({ model }) => model.type === "code")
    .map(({ model }) => model.executionCount)"""
# Sets the source of a cell of the page, runs the cells that are named, and gives what the last of them shows.
RUN = """async ([name, source, names]) => {
    const { content, sessionContext } = jupyterapp.shell.currentWidget;
    const cell = (id) => content.widgets.find(({ model }) => model.id === id);
    if (source) cell(name).model.sharedModel.setSource(source);
    for (const id of names) {
        content.activeCellIndex = content.widgets.indexOf(cell(id));
        await jupyterapp.commands.execute("notebook:run-cell");
    }
    await content.scrollToItem(content.activeCellIndex, "center");
    return JSON.stringify(cell(names.at(-1)).model.outputs.toJSON());
}"""

pytestmark = pytest.mark.skipif(
    not PYODIDE and os.environ.get("CI") != "true",
    reason="PYODIDE names no folder with a distribution of Pyodide; make test-lite gets one",
)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The address of the edition on loopback, in the site that is published with it, built for this run."""
    assert Path(PYODIDE, "pyodide.js").is_file(), "PYODIDE must name a folder with a distribution of Pyodide"
    source, site = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    command = [sys.executable, "-c", SITE, source, site]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"LITE": "lite"})
    with served_edition(site, PYODIDE) as address:
        yield address


@pytest.fixture(scope="session")
def context(browser):
    """One reader's browser: what one page fetched, the next has."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(browser, context, served):
    tab = Tab(browser, context.new_page())
    yield tab.page
    tab.page.close()
    tab.check()


def see(page, served, name):
    """Open a page of the edition in its JupyterLab."""
    page.goto(f"{served}/lab/index.html?path={name}.ipynb")
    page.wait_for_function(f"window.jupyterapp?.shell.currentWidget?.context?.path === '{name}.ipynb'")
    page.evaluate(READY)


def said(outputs):
    """Return in words what a cell shows, as nbval compares it: pictures by their words."""
    texts = (output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)
    return "".join("".join(text) for text in texts).strip()


@pytest.mark.parametrize("name", PAGES)
def test_every_cell_runs_and_shows_what_is_stored(page, served, name):
    """From the first to the last; the exercises are not written yet, and say so."""
    master = json.loads((ROOT / f"notebooks/{name}.ipynb").read_text("utf-8"))
    stored = {cell["id"]: cell for cell in master["cells"]}
    see(page, served, name)
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    shown = dict(page.evaluate(CODE))
    errors = {
        cell: each for cell, outputs in shown.items() for each in outputs if each["output_type"] == "error"
    }
    assert errors == {}
    assert page.evaluate(COUNTS) == list(range(1, len(shown) + 1))
    compared = 0
    for cell, outputs in shown.items():
        if "IFrame" in said(outputs):  # the explorer of the generator, as a file
            page.evaluate(SCROLL, cell)
            frame = page.frame_locator("iframe[src*='latent.html']")
            frame.locator(".tconv-explorer").wait_for()
        elif "nbgrader" not in stored[cell]["metadata"]:
            assert said(outputs) == said(stored[cell]["outputs"]), cell
            compared += bool(outputs)
        elif cell.endswith("-check"):
            assert "not yet" in said(outputs), cell
    assert compared > 2


def test_a_student_works_on_a_page_and_finds_it_again(page, served):
    see(page, served, "01_convolution")
    page.evaluate(RUN, [None, None, ["imports", "ex-imports"]])

    def check(source):
        return page.evaluate(
            RUN, ["ex-conv-by-kernel", source, ["ex-conv-by-kernel", "ex-conv-by-kernel-check"]]
        )

    assert "the kernel is flipped" in check(WRONG)
    assert "was stopped after 5 seconds" in check(ENDLESS)
    assert "is right on all" in check(RIGHT)

    page.evaluate(RUN, [None, None, ["quiz-terms"]])
    quiz = page.locator(".tconv-quiz").first
    if field := quiz.locator("input").all():
        field[0].fill("1")
    quiz.locator("button").first.press("Enter")
    expect(quiz.locator(".said")).not_to_be_empty(timeout=1000 * LONG)

    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    see(page, served, "01_convolution")
    assert RIGHT in page.evaluate(SOURCES)
    with page.expect_download() as download:
        page.evaluate("jupyterapp.commands.execute('docmanager:download')")
    cells = json.loads(Path(download.value.path()).read_text("utf-8"))["cells"]
    assert RIGHT in ["".join(cell["source"]) for cell in cells]

    # What is deleted is the course's own again
    page.evaluate("jupyterapp.serviceManager.contents.delete('01_convolution.ipynb')")
    see(page, served, "01_convolution")
    sources = page.evaluate(SOURCES)
    assert RIGHT not in sources and any("# YOUR CODE HERE" in source for source in sources)


def test_an_explorer_moves_and_python_hears_of_it(page, served):
    see(page, served, "00_start_here")
    page.evaluate(RUN, [None, None, ["explore-transposed"]])
    before = int(page.evaluate(ASK, "explorer = _; print(explorer.stride)"))
    page.locator(".tconv-explorer").get_by_role("slider", name="stride", exact=True).press("ArrowRight")
    assert eventually(lambda: page.evaluate(ASK, "print(explorer.stride)").strip(), str(before + 1)) == str(
        before + 1
    )


def test_each_page_of_the_site_leads_to_its_own_edition(page, served):
    for name in PAGES:
        page.goto(f"{served}/../notebooks/{name}.html")
        link = page.get_by_role("link", name="Run this page here")
        assert link.evaluate("link => link.href") == f"{served}/lab/index.html?path={name}.ipynb"
    page.goto(f"{served}/../notebooks/01_convolution.html")
    page.get_by_role("link", name="Run this page here").click()
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.path === '01_convolution.ipynb'")
    page.evaluate(READY)
    assert page.evaluate(ASK, "from tconv_helpers import conv; print(conv([1, 2, 3], [1, 1]))") == "[3 5]\n"
