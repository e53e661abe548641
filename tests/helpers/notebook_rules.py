"""The rules of the notebooks: what each must be on disk, beyond what strict nbval compares.

A rule yields its complaints.
nbval compares only cells that have run: a notebook stripped of its outputs passes it, but not these.
"""

import ast
import html
import re
import statistics
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import nbformat
from nbformat.v4 import new_markdown_cell

import tconv_helpers

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
LANGUAGE = {  # as JupyterLab writes it when it opens a notebook, beside the version of the kernel's Python
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
EXPLORERS = [
    (str(kind._esm), str(kind._css))
    for kind in (getattr(tconv_helpers, name) for name in tconv_helpers.__all__ if name.endswith("Explorer"))
]
WIDGET = "application/vnd.jupyter.widget-view+json"
LINK = r"\]\(<?((?:[^()\s>]|\((?:[^()\s]|\([^()\s]*\))*\))+)"  # parentheses may stand in it, in pairs
MACHINE = r"file:/|(?<![\w.:/<)\]}~-])(/\w[\w.-]*/\w|[A-Z]:\\\w)"


def code(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


def prose(book):
    return [cell for cell in book.cells if cell.cell_type == "markdown"]


def texts(cell):
    """Each piece of text among a cell's outputs, pictures left out."""
    for output in cell.get("outputs", []):
        yield output.get("text", "")
        for kind, data in output.get("data", {}).items():
            if kind.startswith("text/"):
                yield re.sub(r"data:image/[^\"')]*", "", data)


def lines(cell):
    return len([line for line in cell.source.splitlines() if line.strip()])


def shows(cell):
    """Whether a cell's code prints, or ends in a value to show."""
    body = ast.parse(re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.M)).body
    called = [ast.unparse(node.value.func) for node in body if is_call(node)]
    if {"print", "display"} & set(called):
        return True
    silent = body and is_call(body[-1]) and "assert" in called[-1]
    return (
        bool(body)
        and isinstance(body[-1], ast.Expr)
        and not silent
        and not cell.source.rstrip().endswith(";")
    )


def imports_only(cell):
    return cell.cell_type == "code" and re.fullmatch(r"((from|import) .*\n*)+", cell.source)


def marks(cell):
    """What nbgrader knows of a cell: an exercise is its `solution`, the check below it `grade`."""
    return cell.metadata.get("nbgrader", {})


def is_call(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


RULES = []


def rule(complaints):
    RULES.append(complaints)
    return complaints


@rule
def each_code_cell_has_run_in_order(book):
    for count, cell in enumerate(code(book), 1):
        if cell.execution_count != count:
            yield f"code cell {count} has count {cell.execution_count}: run `make notebooks`"
        if not cell.source.strip():
            yield f"code cell {count} is empty"


@rule
def what_shows_something_has_an_output(book):
    for cell in code(book):
        if shows(cell) and not cell.outputs:
            yield f"the output is missing of: {cell.source}"
        for output in cell.outputs:
            if output.get("execution_count", cell.execution_count) != cell.execution_count:
                yield f"the output is of another run, of: {cell.source}"


@rule
def nothing_is_skipped(book):
    for cell in code(book):
        said = " ".join([*cell.metadata.get("tags", []), cell.source]).lower().replace("-", "_")
        if "nbval_skip" in said or "raises_exception" in said or "check_output" in said:
            yield f"a cell asks not to be checked in full: {cell.source}"
        only_widgets = cell.outputs and all(WIDGET in output.get("data", {}) for output in cell.outputs)
        if "nbval_ignore_output" in said and not only_widgets:
            yield f"NBVAL_IGNORE_OUTPUT is for a cell whose sole output is a widget, not for: {cell.source}"


@rule
def no_output_is_an_error_or_a_warning(book):
    for cell in code(book):
        if any(output.output_type == "error" or output.get("name") == "stderr" for output in cell.outputs):
            yield f"an error or stderr comes from: {cell.source}"
        if any(re.search(r"Traceback|\w+Warning\b", text) for text in texts(cell)):
            yield f"a warning is in the output of: {cell.source}"


@rule
def no_path_of_a_machine(book):
    for cell in book.cells:
        for text in [cell.source, *texts(cell)]:
            if found := re.search(MACHINE, text):
                yield f"an absolute path: {text[found.start() :][:60]}"


@rule
def only_lasting_metadata(book):
    if book.metadata.get("kernelspec") != KERNEL:
        yield f"kernelspec must be {KERNEL}: got {book.metadata.get('kernelspec')}"
    language = {**book.metadata.get("language_info", {})}
    if not re.fullmatch(r"3\.\d+\.\d+", language.pop("version", "")) or language != LANGUAGE:
        yield f"language_info must be {LANGUAGE} and a version: got {book.metadata.get('language_info')}"
    if odd := set(book.metadata) - {"kernelspec", "language_info", "widgets"}:
        yield f"metadata that differs from run to run: {sorted(odd)}"
    for cell in book.cells:
        if odd := set(cell.metadata) - {"tags", "nbgrader"}:
            yield f"metadata that differs from run to run, {sorted(odd)}, in: {cell.source}"


@rule
def ids_are_unique(book):
    ids = [cell.get("id") for cell in book.cells]
    if None in ids or len(set(ids)) < len(ids):
        yield "each cell must have an id of its own: run `make notebooks`"


@rule
def code_is_short(book):
    sizes = [lines(cell) for cell in code(book) if not marks(cell).get("solution")] or [0]
    if (middle := statistics.median(sizes)) > 3:
        yield f"code cells have a median of {middle} lines: at most 3"
    if (long := sum(size > 6 for size in sizes)) * 10 > len(sizes):
        yield f"{long} of {len(sizes)} code cells have more than 6 lines: at most one in ten"
    for cell in code(book):
        if lines(cell) > 15:
            yield f"a code cell has {lines(cell)} lines, at most 15: {cell.source}"


@rule
def prose_stands_above_code(book):
    for above, cell in zip([None, *book.cells], book.cells, strict=False):
        both_import = above and imports_only(above) and imports_only(cell)
        checks = above and marks(above).get("solution") and marks(cell).get("grade")
        if cell.cell_type != "code" or both_import or checks:
            continue
        if above is None or above.cell_type != "markdown":
            yield f"no prose above: {cell.source}"


@rule
def pictures_say_what_they_show(book):
    for cell in code(book):
        for output in cell.outputs:
            data = output.get("data", {})
            if any(kind.startswith("image/") for kind in data):
                yield f"a bare picture has no alt text; show a Drawing: {cell.source}"
            for tag in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
                alt = html.unescape((re.findall(r'\balt="([^"]*)"', tag) or [""])[0])
                if not alt.strip():
                    yield f"a picture has no alt text: {cell.source}"
                elif alt != data.get("text/plain"):
                    yield f"text/plain must be the alt text, which nbval compares: {cell.source}"
    for cell in prose(book):
        for alt in re.findall(r"!\[([^\]]*)\]\(", cell.source):
            if not alt.strip():
                yield f"a picture has no alt text: {cell.source}"


@rule
def an_exercise_is_checked_and_its_master_is_right(book):
    cells = [*book.cells, new_markdown_cell()]
    for cell, below in pairwise(cells):
        if not marks(cell).get("solution"):
            continue
        if "### BEGIN SOLUTION" not in cell.source:
            yield f"an exercise without a marked solution: {cell.source}"
        if not (marks(below).get("grade") and below.source == f'check("{marks(cell)["grade_id"]}")'):
            yield f"no check below the exercise: {cell.source}"
        elif [output.data["text/plain"] for output in below.outputs[1:]] != [str(marks(below)["points"])]:
            yield f"the check does not give all points: {below.source}"


@rule
def saved_explorers_are_todays(book):
    """What moves before anything has run is the library's code of today: `make notebooks` writes it."""
    for saved in book.metadata.get("widgets", {}).values():
        for name, widget in saved["state"].items():
            state = widget["state"]
            if "_esm" in state and (state["_esm"], state["_css"]) not in EXPLORERS:
                yield f"{name} is an explorer of another day"


# Links, which need the other notebooks, and the form on disk, which needs the file


def anchors(book):
    """The anchors that JupyterLab gives the headings: their text as rendered, each space turned to a dash."""
    for cell in prose(book):
        source = re.sub(r"^```.*?^```", "", cell.source, flags=re.M | re.S)
        for heading in re.findall(r"^#{1,6}[ \t]+(.*?)[ \t#]*$", source, flags=re.M):
            text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
            text = re.sub(r"(\*\*|__|\*|(?<!\w)_|_(?!\w)|`)", "", text)
            yield html.unescape(text).replace(" ", "-")


def broken_links(book, name, folder):
    """The links of a notebook to places in its folder that are not there."""
    for cell in prose(book):
        source = re.sub(r"`[^`]*`", "", cell.source)
        for link in re.findall(LINK, source) + re.findall(r"(?:href|src)=\"([^\"]+)\"", source):
            if re.match(r"[a-z]+:", link):
                continue
            target, anchor = map(unquote, (link + "#").split("#")[:2])
            path = folder / (target or name)
            inside = path.resolve().is_relative_to(folder.resolve())  # a student's copy has nothing above it
            there = inside and path.is_file()
            if there and anchor:
                there = anchor in anchors(nbformat.read(path, 4) if target else book)
            if not there:
                yield link
