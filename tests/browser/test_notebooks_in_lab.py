"""Every notebook in a real JupyterLab: all cells run without an error, every form and explorer is drawn."""

from pathlib import Path

import nbformat
import pytest

BOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

# JupyterLab leaves out what cannot be seen, unless it is told otherwise
DRAW_ALL = """() => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.notebookConfig = { ...notebook.notebookConfig, windowingMode: "none" };
}"""
SUMMARY = """() => {
    const cells = jupyterapp.shell.currentWidget.content.model.sharedModel.cells;
    const code = cells.filter((cell) => cell.cell_type === "code");
    return {
        ran: code.every((cell) => cell.execution_count !== null),
        errors: code.flatMap((cell) => cell.outputs).filter((out) => out.output_type === "error"),
        widgets: code.flatMap((cell) => cell.outputs)
            .filter((out) => out.data?.["application/vnd.jupyter.widget-view+json"]).length,
    };
}"""


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
def test_all_cells_run_and_every_widget_is_drawn(lab, page, path):
    cells = copy_without_outputs(path, lab.folder)
    lab.open(page, path.name)
    page.evaluate(DRAW_ALL)
    lab.run(page)
    summary = page.evaluate(SUMMARY)
    assert (summary["errors"], summary["ran"]) == ([], True)
    assert summary["widgets"] == sum(is_widget(cell) for cell in cells)
    page.wait_for_function(
        "n => document.querySelectorAll('.jp-OutputArea-output .tconv-explorer, .tconv-quiz').length === n",
        arg=summary["widgets"],
    )


def copy_without_outputs(path, folder):
    """The notebook's cells, written anew, so that what is seen was made here."""
    book = nbformat.read(path, 4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    book.metadata.pop("widgets", None)
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    nbformat.write(book, folder / path.name)
    return code


def is_widget(cell):
    return cell.source.startswith("quiz(") or "Explorer(" in cell.source
