"""Each notebook keeps every rule, each rule can be broken, and `make notebooks` writes what they ask for."""

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import (
    BOOKS,
    EXPLORERS,
    FOLDER,
    KERNEL,
    LANGUAGE,
    ROOT,
    RULES,
    WIDGET,
    an_exercise_is_checked_and_its_master_is_right,
    broken_links,
    code_is_short,
    each_code_cell_has_run_in_order,
    ids_are_unique,
    no_output_is_an_error_or_a_warning,
    no_path_of_a_machine,
    nothing_is_skipped,
    only_lasting_metadata,
    pictures_say_what_they_show,
    prose_stands_above_code,
    saved_explorers_are_todays,
    what_shows_something_has_an_output,
)

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
    language = {**LANGUAGE, "version": platform.python_version()}
    return new_notebook(
        cells=cells, metadata={"kernelspec": KERNEL, "language_info": language, "widgets": widgets}
    )


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
    (only_lasting_metadata, lambda b: b.metadata.pop("language_info")),
    (only_lasting_metadata, lambda b: b.metadata.language_info.update(version="3.11")),
    (only_lasting_metadata, lambda b: b.metadata.language_info.update(name="ipython")),
    (only_lasting_metadata, lambda b: b.metadata.language_info.pop("pygments_lexer")),
    (only_lasting_metadata, lambda b: b.metadata.update(orig_nbformat=4)),
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
