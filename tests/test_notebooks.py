"""What every notebook must be on disk, beyond what strict nbval compares; a rule yields its complaints.

nbval compares only cells that have run: a notebook stripped of its outputs passes it, but not these.
"""

import ast
import html
import re
import shutil
import statistics
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import tconv_helpers

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
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
    if odd := set(book.metadata) - {"kernelspec", "widgets"}:
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


BOOKS = sorted(FOLDER.glob("*.ipynb"))
each_book = pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)


@each_book
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule, path):
    assert list(rule(nbformat.read(path, 4))) == []


@each_book
def test_links_lead_to_a_heading_that_is_there(path):
    assert list(broken_links(nbformat.read(path, 4), path.name, FOLDER)) == []


@each_book
def test_the_file_is_in_normal_form(path):
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert path.read_text(encoding="utf-8") == nbformat.writes(book) + "\n"


# The rules themselves: a small notebook keeps them all, and each way to spoil it breaks the rule it should


LONG = "def f():\n    ### BEGIN SOLUTION\n" + "    x = 1\n" * 6 + "    ### END SOLUTION"


def small_book():
    def ran(count, source, *outputs, **metadata):
        return new_code_cell(source, execution_count=count, outputs=list(outputs), metadata=metadata)

    picture = {
        "text/plain": 'A "k"',
        "text/html": '<img alt="A &quot;k&quot;" src="data:image/png;base64,/tmp/A">',
    }
    cells = [
        new_markdown_cell("# What `y_i` *is*\n\nSee [below](#In-short) and [again](a.ipynb#What-y_i-is)."),
        ran(1, "x = 1\nx", new_output("execute_result", {"text/plain": "1"}, execution_count=1)),
        new_markdown_cell("Prose."),
        ran(2, "draw(x)", new_output("execute_result", picture, execution_count=2)),
        new_markdown_cell("## In short\n\nMore."),
        ran(
            3,
            "explore()",
            new_output("display_data", {WIDGET: {}, "text/plain": ""}),
            tags=["nbval-ignore-output"],
        ),
        new_markdown_cell("Prose."),
        ran(4, "assert x\nassert_close(x, 1)"),
        new_markdown_cell("### Exercise 1"),
        ran(5, LONG, nbgrader={"solution": True, "grade_id": "f"}),
        ran(
            6,
            'check("f")',
            new_output("stream", text="f is right on all 9 inputs.\n"),
            new_output("execute_result", {"text/plain": "2"}, execution_count=6),
            nbgrader={"grade": True, "points": 2},
        ),
    ]
    state = dict(zip(("_esm", "_css"), EXPLORERS[0], strict=True))
    widgets = {"widget-state": {"state": {"widget-1": {"state": state}}}}
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "widgets": widgets})


def saved_state(book):
    return book.metadata.widgets["widget-state"].state["widget-1"].state


def spoil(book, where, **change):
    book.cells[where].update(change)


STDERR = new_output("stream", name="stderr", text="hm")
SPOILT = [
    (each_code_cell_has_run_in_order, lambda b: spoil(b, 1, execution_count=None)),
    (each_code_cell_has_run_in_order, lambda b: spoil(b, 1, execution_count=7)),
    (each_code_cell_has_run_in_order, lambda b: spoil(b, 7, source="")),
    (what_shows_something_has_an_output, lambda b: spoil(b, 1, outputs=[])),
    (what_shows_something_has_an_output, lambda b: spoil(b, 7, source="print(x)\ny = 2")),
    (what_shows_something_has_an_output, lambda b: b.cells[1].outputs[0].update(execution_count=9)),
    (nothing_is_skipped, lambda b: spoil(b, 1, source="# NBVAL_SKIP\nx")),
    (nothing_is_skipped, lambda b: spoil(b, 1, metadata={"tags": ["nbval-skip"]})),
    (nothing_is_skipped, lambda b: spoil(b, 1, source="# NBVAL_IGNORE_OUTPUT\nx")),
    (nothing_is_skipped, lambda b: spoil(b, 3, metadata={"tags": ["nbval-ignore-output"]})),
    (no_output_is_an_error_or_a_warning, lambda b: b.cells[7].outputs.append(STDERR)),
    (
        no_output_is_an_error_or_a_warning,
        lambda b: b.cells[1].outputs[0].data.update({"text/plain": "UserWarning: x"}),
    ),
    (no_path_of_a_machine, lambda b: spoil(b, 2, source="It is in /srv/me/x.")),
    (no_path_of_a_machine, lambda b: b.cells[1].outputs[0].data.update({"text/plain": "'C:\\Users'"})),
    (only_lasting_metadata, lambda b: spoil(b, 1, metadata={"execution": {"iopub.execute_input": "1"}})),
    (only_lasting_metadata, lambda b: b.metadata.update(language_info={"version": "3.11"})),
    (only_lasting_metadata, lambda b: b.metadata.pop("kernelspec")),
    (saved_explorers_are_todays, lambda b: saved_state(b).update(_esm="export default {}")),
    (saved_explorers_are_todays, lambda b: saved_state(b).update(_css="")),
    (ids_are_unique, lambda b: spoil(b, 1, id=b.cells[0].id)),
    (code_is_short, lambda b: spoil(b, 7, source="\n".join(["x = 1"] * 16))),
    (code_is_short, lambda b: spoil(b, 7, source="\n".join(["x = 1"] * 7))),
    (code_is_short, lambda b: [spoil(b, i, source="x = 1\ny = 1\nz = 1\nassert x") for i in (1, 5, 7)]),
    (prose_stands_above_code, lambda b: b.cells.pop(2)),
    (prose_stands_above_code, lambda b: b.cells.pop(0)),
    (prose_stands_above_code, lambda b: b.cells.pop(8)),
    (an_exercise_is_checked_and_its_master_is_right, lambda b: spoil(b, 9, source="def f(): ...")),
    (an_exercise_is_checked_and_its_master_is_right, lambda b: b.cells.pop(10)),
    (an_exercise_is_checked_and_its_master_is_right, lambda b: spoil(b, 10, source='check("g")')),
    (an_exercise_is_checked_and_its_master_is_right, lambda b: spoil(b, 10, outputs=[])),
    (
        an_exercise_is_checked_and_its_master_is_right,
        lambda b: b.cells[10].outputs[1].data.update({"text/plain": "0"}),
    ),
    (
        pictures_say_what_they_show,
        lambda b: b.cells[3].outputs[0].data.update({"text/html": '<img src="x">'}),
    ),
    (
        pictures_say_what_they_show,
        lambda b: b.cells[3].outputs[0].data.update({"text/html": '<img alt=" ">'}),
    ),
    (pictures_say_what_they_show, lambda b: b.cells[3].outputs[0].data.update({"text/plain": "<Figure>"})),
    (pictures_say_what_they_show, lambda b: b.cells[3].outputs[0].data.update({"image/png": "AAAA"})),
    (pictures_say_what_they_show, lambda b: spoil(b, 2, source="![](x.png)")),
]


def test_the_small_book_keeps_every_rule():
    assert [complaint for rule in RULES for complaint in rule(small_book())] == []


@pytest.mark.parametrize("rule, spoils", SPOILT, ids=lambda part: getattr(part, "__name__", ""))
def test_a_rule_can_be_broken(rule, spoils):
    book = small_book()
    spoils(book)
    assert list(rule(book))


def test_every_rule_has_been_broken():
    assert {rule.__name__ for rule, _ in SPOILT} == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    "link",
    [
        "b.ipynb",
        "#in-short",
        "a.ipynb#What-is-y_i",
        "../README.md",
        "%23In-short",
        "#In-short-",
        "#f(g(x))-is-x",
    ],
)
def test_a_broken_link_is_found(tmp_path, link):
    nbformat.write(small_book(), tmp_path / "a.ipynb")
    assert list(broken_links(small_book(), "a.ipynb", tmp_path)) == []
    book = small_book()
    spoil(book, 2, source=f'See [there]({link}) and <a href="{link}">there</a>.')
    assert list(broken_links(book, "a.ipynb", tmp_path)) == [link, link]


# What writes and what compares the notebooks, each on a small one


FIGURE = """class Figure:
    def _repr_mimebundle_(self, **_):
        return {"text/plain": "A k", "text/html": '<img src="data:image/png;base64,AAAA" alt="A k">'}
"""


def run(*words, cwd):
    env = {"PATH": str(Path(sys.executable).parent), "HOME": str(cwd), "OMP_NUM_THREADS": "1"}
    env["PYTHONPATH"] = str(ROOT)
    return subprocess.run([sys.executable, "-m", *words], cwd=cwd, env=env, capture_output=True, text=True)


def test_make_notebooks_writes_the_normal_form_and_leaves_it_alone(tmp_path):
    book = small_book()
    book.cells[3:] = []
    book.cells[1].metadata["tags"] = ["a"]
    spoilt, normal = tmp_path / "spoilt.ipynb", tmp_path / "normal.ipynb"
    normal.write_text(nbformat.writes(book) + "\n")
    book.metadata.update(language_info={"name": "python"})
    spoil(book, 1, execution_count=7, outputs=[], metadata={"execution": {}, "tags": ["a"]})
    spoilt.write_text(nbformat.writes(book, indent=4))
    before = normal.read_bytes()
    done = run(
        "jupyter", "nbconvert", "--config", str(ROOT / ".ci/normal_form.py"), spoilt, normal, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert normal.read_bytes() == before
    assert spoilt.read_bytes() == before


TWO_EXPLORERS = """from tconv_helpers import TransposedExplorer
unseen = TransposedExplorer()
TransposedExplorer(x=[1, 2])"""


def test_make_notebooks_numbers_the_widgets_that_are_shown(tmp_path):
    """Twice the same bytes; and a page that is only read still has what an explorer draws itself from."""
    cells = [new_code_cell(TWO_EXPLORERS, id="a"), new_code_cell("unseen = 1", id="b")]
    cells += [new_code_cell("TransposedExplorer(stride=3)", id="c")]
    path = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    written = []
    for _ in range(2):
        done = run(
            "jupyter", "nbconvert", "--config", str(ROOT / ".ci/normal_form.py"), str(path), cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        written.append(path.read_bytes())
    assert written[0] == written[1]
    book = nbformat.read(path, 4)
    (saved,) = book.metadata["widgets"].values()
    shown = [cell.outputs[0].data[WIDGET]["model_id"] for cell in (book.cells[0], book.cells[2])]
    assert shown == ["widget-1", "widget-2"]
    assert sorted(saved["state"]) == ["widget-1", "widget-2", "widget-3", "widget-4"]  # and their two layouts
    first, second = (saved["state"][name]["state"] for name in shown)
    assert (first["x"], second["stride"]) == ([1, 2], 3)
    assert [first["layout"], second["layout"]] == ["IPY_MODEL_widget-3", "IPY_MODEL_widget-4"]
    assert not re.search(rb"[0-9a-f]{32}", written[0])


def test_nbval_compares_the_alt_text_and_the_numbers_and_not_the_bytes_of_a_picture(tmp_path):
    def shown(plain="A k", alt="A k", data="AAAA"):
        source = f'<img src="data:image/png;base64,{data}" alt="{alt}">'
        outputs = [
            new_output("execute_result", {"text/plain": plain, "text/html": source}, execution_count=1)
        ]
        return new_code_cell("Figure()", execution_count=1, outputs=outputs)

    wrong = [new_output("execute_result", {"text/plain": "3"}, execution_count=1)]
    cells = [new_code_cell(FIGURE, execution_count=1), shown(), shown(data="BB/+B="), shown(alt="A q")]
    cells += [shown(plain="A q"), new_code_cell("1 + 1", execution_count=1, outputs=wrong)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), tmp_path / "a.ipynb")
    (tmp_path / "tests").mkdir()
    for name in ("pyproject.toml", "tests/sanitize.cfg"):
        shutil.copy(ROOT / name, tmp_path / name)
    done = run("pytest", "-q", "--color=no", "a.ipynb", cwd=tmp_path)
    assert re.findall(r"^FAILED a.ipynb::Cell (\d)", done.stdout, re.M) == ["3", "4", "5"], done.stdout
