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
    DRAWN,
    FOLDER,
    KERNEL,
    LANGUAGE,
    ROOT,
    RULES,
    WIDGET,
    an_exercise_is_checked_and_its_master_is_right,
    answers_are_kept_out_of_sight,
    broken_links,
    code_is_short,
    code_keeps_the_answer,
    each_code_cell_has_run_in_order,
    ends_that_lead_nowhere,
    formulas_and_code_keep_their_own_signs,
    ids_are_unique,
    mathematics_is_typeset,
    minutes,
    navigation,
    no_output_is_an_error_or_a_warning,
    no_path_of_a_machine,
    nothing_is_skipped,
    only_lasting_metadata,
    pictures_say_what_they_show,
    prose_stands_above_code,
    saved_explorers_are_todays,
    the_minutes_are_computed,
    unlisted_citations,
    unlisted_questions,
    what_shows_something_has_an_output,
    without_identifier,
    wrong_rows,
)

from tconv_helpers.exercises.edition import ANSWER, FOLDED

each_book = pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)


@each_book
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule, path):
    assert list(rule(nbformat.read(path, 4))) == []


@each_book
def test_links_lead_to_a_heading_that_is_there(path):
    assert list(broken_links(nbformat.read(path, 4), path.name, FOLDER)) == []


@each_book
def test_a_page_leads_to_its_neighbours_at_both_ends(path):
    assert list(ends_that_lead_nowhere(nbformat.read(path, 4), path)) == []


@each_book
def test_what_a_page_cites_is_in_the_list_of_references(path):
    assert list(unlisted_citations(nbformat.read(path, 4), nbformat.read(BOOKS[0], 4))) == []


def test_the_references_have_their_identifiers_linked():
    assert list(without_identifier(nbformat.read(BOOKS[0], 4))) == []


def test_the_first_page_leads_to_every_question():
    first, *others = (nbformat.read(path, 4) for path in BOOKS)
    assert list(unlisted_questions(first, dict(zip(BOOKS[1:], others, strict=True)))) == []


def test_the_first_page_has_the_minutes_of_the_others():
    first, *others = (nbformat.read(path, 4) for path in BOOKS)
    assert list(wrong_rows(first, dict(zip(BOOKS[1:], others, strict=True)))) == []


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

    one = new_output("execute_result", {"text/plain": " \n1"}, execution_count=1)
    picture = {
        "text/plain": 'A "k"',
        "text/html": '<svg role="img" aria-label="A &quot;k&quot;"><desc><img alt="A &quot;k&quot;" '
        'src="data:image/png;base64,/tmp/A"></desc><path d="m1 2z"/></svg>',
        "image/png": "/tmp/A",
    }
    cells = [
        new_markdown_cell(
            "# What `y_i` *is*\n\nAbout 2 minutes to read and run, and about 8 for the exercises.\n\n"
            "See [below](#In-short) and [again](a.ipynb#What-y_i-is). **Predict:** is it 1?"
        ),
        ran(1, "x = 1  # of 27\nx", one, tags=[ANSWER], **FOLDED),
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
    state = dict(zip(("_esm", "_css"), DRAWN[0], strict=True))
    widgets = {"widget-state": {"state": {"widget-1": {"state": state}}}}
    language = {**LANGUAGE, "version": platform.python_version()}
    return new_notebook(
        cells=cells, metadata={"kernelspec": KERNEL, "language_info": language, "widgets": widgets}
    )


def saved_state(book):
    return book.metadata.widgets["widget-state"].state["widget-1"].state


def spoil(book, where, **change):
    book.cells[where].update(change)


UNTYPESET = [
    "The entry x_1 is read.",
    "Choose output_padding.",
    "It is A.T times the vector.",
    "Going back, dl/dy is given.",
    "There are n - m + 1 outputs.",
    "There are 7 − 3 places.",
    "Take stride=2.",
    "Here n = 7.",
    "Here n <= 7.",
    "Multiply by A and add.",
    "Each patch is s × s.",
    "The kernel has m₁ rows.",
    "It is ½ of it.",
    "Read every s-th sample.",
    "Convolve it with k.",
    "Here x's size is 4.",
    "There are 5 + 2 of them.",
    "See $x_1 and more.",
]
TYPESET = [
    "A 5 × 7 matrix, in 2-D. U-Nets, Dong, C., Loy, C. C. and Maier-Hein, K. H.: it is a network.",
    "Press Shift + Enter: $A^T$ is `A.T`, $n - m + 1$ is right, and so is `output_padding=1`.",
    "A claim, 3.5 of it, and [a link](a_b.ipynb#n-=-7): $$y_i = x_i$$ and 15 → 7 → 14, 1, 2, 1, k4 s2 p1.",
    '<a href="a_b">`x`</a>',
]
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
    (only_lasting_metadata, lambda b: b.cells[3].metadata.update(FOLDED)),
    (answers_are_kept_out_of_sight, lambda b: b.cells[1].metadata.pop("tags")),
    (answers_are_kept_out_of_sight, lambda b: b.cells[1].metadata.pop("collapsed")),
    (answers_are_kept_out_of_sight, lambda b: b.cells[3].metadata.update(tags=[ANSWER], **FOLDED)),
    (answers_are_kept_out_of_sight, lambda b: b.cells[7].metadata.update(FOLDED)),
    (
        answers_are_kept_out_of_sight,
        lambda b: b.cells[1].outputs[0].data.update({"text/plain": "1"}),
    ),
    (answers_are_kept_out_of_sight, lambda b: spoil(b, 2, source="**Predict:** what shows?")),
    (code_keeps_the_answer, lambda b: spoil(b, 0, source="**Predict:** 3 · 9?\n<details>27.</details>")),
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
    (
        pictures_say_what_they_show,
        lambda b: b.cells[3].outputs[0].data.update({"text/html": '<svg role="img" aria-label="A"></svg>'}),
    ),
    (pictures_say_what_they_show, lambda b: b.cells[3].outputs[0].data.pop("text/html")),
    (pictures_say_what_they_show, lambda b: b.cells[3].outputs[0].data.pop("image/png")),
    (pictures_say_what_they_show, lambda b: spoil(b, 2, source="![](x.png)")),
    *[(mathematics_is_typeset, lambda b, s=s: spoil(b, 2, source=s)) for s in UNTYPESET],
    (formulas_and_code_keep_their_own_signs, lambda b: spoil(b, 2, source="There are $n − 1$ of them.")),
    (formulas_and_code_keep_their_own_signs, lambda b: spoil(b, 2, source="It is `x[n − 1]`.")),
    (formulas_and_code_keep_their_own_signs, lambda b: spoil(b, 4, source="## Where $n = 7$")),
    (the_minutes_are_computed, lambda b: b.cells[0].update(source="# A page")),
    (the_minutes_are_computed, lambda b: spoil(b, 6, source="word " * 480)),
    (the_minutes_are_computed, lambda b: b.cells[10].metadata.nbgrader.update(points=3)),
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


@pytest.mark.parametrize("source", TYPESET)
def test_what_is_typeset_or_is_no_mathematics_passes(source):
    book = small_book()
    spoil(book, 2, source=source)
    assert list(mathematics_is_typeset(book)) == []


def test_minutes_are_those_of_words_formulas_cells_pictures_and_points():
    def spent(*sources):
        cells = [new_markdown_cell(s) if isinstance(s, str) else s() for s in sources]
        return minutes(new_notebook(cells=cells))

    def graded():
        return new_code_cell("", metadata={"nbgrader": {"grade": True, "points": 2}})

    text = "word " * 320
    assert spent(text) == [2, 0, 0]
    assert spent("$x_1$ " * 90) == [3, 0, 0]
    assert spent("$$x_1$$\n\n" * 9) == [3, 0, 0]
    assert spent("<details>" * 6) == [3, 0, 0]
    assert spent(*[lambda: new_code_cell("x = 1")] * 12) == [5, 0, 0]
    assert spent(*[lambda: new_code_cell('quiz("a")')] * 5) == [5, 0, 0]
    assert spent(text, "## *Optional:* More", text, "### Inside", text, "## Less", text) == [8, 4, 0]
    assert spent(text, "## Exercises", text, graded) == [2, 0, 10]
    assert spent(text, "## Credit and references", text) == [2, 0, 0]


@pytest.mark.parametrize("cell, end", [(0, "top"), (1, "bottom")])
def test_an_end_of_a_page_that_leads_nowhere_is_found(cell, end):
    path, parts = BOOKS[3], [f"# Title\n\n{navigation(BOOKS[3])}", f"## Summary\n\n{navigation(BOOKS[3])}"]
    assert navigation(BOOKS[0]).startswith("Next") and "Next" not in navigation(BOOKS[-1])
    book = new_notebook(cells=[new_markdown_cell(part) for part in parts])
    assert list(ends_that_lead_nowhere(book, path)) == []
    book.cells[cell].source = book.cells[cell].source.replace("[04 Transposed", "[05 Transposed")
    assert list(ends_that_lead_nowhere(book, path)) == [end]


def test_other_minutes_in_the_first_pages_table_are_found():
    first, second = (nbformat.read(path, 4) for path in BOOKS[:2])
    second.cells[0].source = second.cells[0].source.replace("About 3", "About 4")
    assert list(wrong_rows(first, {BOOKS[1]: second})) == ["01 Convolution"]


REFERENCE = "Gray, R. M. (2006). *Toeplitz.* [doi:10.1561/0100000006](https://doi.org/10.1561/0100000006)."


def page_of_references(*lines):
    sources = "## Summary", "## Credit and references\n\n" + "\n".join(f"- {line}" for line in lines)
    return new_notebook(cells=[new_markdown_cell(source) for source in sources])


def test_a_reference_without_a_linked_identifier_is_found():
    wrong = [
        "Gray, R. M. (2006). *Toeplitz.* doi:10.1561/0100000006.",
        REFERENCE.replace("(https://doi.org/10.1561/0100000006", "(https://doi.org/10.1561/0100000007"),
        "Xiao, H. (2017). *Fashion-MNIST.* [arXiv:1708.07747](https://arxiv.org/abs/1708.07748).",
    ]
    book = page_of_references(REFERENCE, *wrong, "Vaidyanathan, P. P. (1993). *Multirate systems.*")
    assert list(without_identifier(book)) == wrong


@pytest.mark.parametrize(
    "source, found",
    [
        ("As [Gray (2006)](00_start_here.ipynb#Credit-and-references) says.", []),
        ("As Gray (2006) says.", ["Gray (2006"]),
        ("See [Gray and Hu 2007](00_start_here.ipynb#Credit-and-references).", ["Gray and Hu 2007"]),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(source, found):
    book = new_notebook(cells=[new_markdown_cell(source)])
    assert list(unlisted_citations(book, page_of_references(REFERENCE))) == found


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
        inner = '<desc><img alt="A k" src="data:image/png;base64,AAAA"></desc>\\n<path d="m1 2z"/>'
        html = f'<svg role="img" aria-label="A k" width="8">{inner}</svg>'
        return {"text/plain": "A k", "text/html": html, "image/png": "AAAA"}
"""


def run(*words, cwd):
    env = {"PATH": str(Path(sys.executable).parent), "HOME": str(cwd), "OMP_NUM_THREADS": "1"}
    env["PYTHONPATH"] = str(ROOT)
    return subprocess.run([sys.executable, "-m", *words], cwd=cwd, env=env, capture_output=True, text=True)


def test_make_notebooks_writes_the_normal_form_and_leaves_it_alone(tmp_path):
    book = small_book()
    book.cells[3:] = []
    spoilt, normal = tmp_path / "spoilt.ipynb", tmp_path / "normal.ipynb"
    normal.write_text(nbformat.writes(book) + "\n")
    book.metadata.update(language_info={"name": "python"})
    spoil(book, 1, execution_count=7, outputs=[], metadata={"execution": {}, "tags": [ANSWER]})
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
    def shown(plain="A k", label="A k", png="AAAA", width=8, path="m1 2z"):
        inner = f'<desc><img alt="A k" src="data:image/png;base64,{png}"></desc>\n<path d="{path}"/>'
        html = f'<svg role="img" aria-label="{label}" width="{width}">{inner}</svg>'
        data = {"text/plain": plain, "text/html": html, "image/png": png}
        outputs = [new_output("execute_result", data, execution_count=1)]
        return new_code_cell("Figure()", execution_count=1, outputs=outputs)

    wrong = [new_output("execute_result", {"text/plain": "3"}, execution_count=1)]
    cells = [new_code_cell(FIGURE, execution_count=1), shown(), shown(png="BB/+B=", width=9, path="m3 4z")]
    cells += [shown(label="A q"), shown(plain="A q")]
    cells += [new_code_cell("1 + 1", execution_count=1, outputs=wrong)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), tmp_path / "a.ipynb")
    (tmp_path / "tests").mkdir()
    for name in ("pyproject.toml", "tests/sanitize.cfg"):
        shutil.copy(ROOT / name, tmp_path / name)
    done = run("pytest", "-q", "--color=no", "a.ipynb", cwd=tmp_path)
    assert re.findall(r"^FAILED a.ipynb::Cell (\d)", done.stdout, re.M) == ["3", "4", "5"], done.stdout
