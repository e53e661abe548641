"""The student's edition: stubs for solutions, no leak in any byte, and never a student's file overwritten."""

import errno
import json
import os
import re
from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import BOOKS, RULES

from tconv_helpers.exercises import edition
from tconv_helpers.grading import answers

MASTERS = answers.masters()
SOLVED = """def double(x):
    n = len(x)
    ### BEGIN SOLUTION
    y = [2 * entry for entry in x]
    return y
    ### END SOLUTION
"""
STUB = """def double(x):
    n = len(x)
    # YOUR CODE HERE
    raise NotImplementedError()"""


def marks(**more):
    return {"nbgrader": {"grade": False, "grade_id": "double", "locked": False, "solution": False, **more}}


def small_book():
    """Return a page with a lecture cell, an exercise, its check, and a quiz."""
    shown = new_output("execute_result", {"text/plain": "2"}, execution_count=3)
    cells = [
        new_markdown_cell("# A page"),
        new_code_cell("1 + 1", outputs=[shown], execution_count=1),
        new_code_cell(SOLVED, metadata=marks(solution=True), execution_count=2),
        new_code_cell(
            'check("double")\n### BEGIN HIDDEN TESTS\nassert double([3]) == [6]\n### END HIDDEN TESTS',
            metadata=marks(grade=True, locked=True, points=1),
            outputs=[shown],
            execution_count=3,
        ),
        new_code_cell('quiz("a")', outputs=[widget("f0")], execution_count=4),
        new_code_cell("explore()", outputs=[widget("e0")], execution_count=5),
    ]
    states = {"f0": {"c": "IPY_MODEL_f1"}, "f1": {}, "e0": {"c": "IPY_MODEL_e1"}, "e1": {}}
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": states}}
    return new_notebook(cells=cells, metadata={"widgets": widgets})


def widget(model):
    return new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": model}})


def released(book):
    return nbformat.reads(edition.edition_text(nbformat.writes(book)), 4)


def test_a_solution_becomes_a_stub_and_what_is_given_stays():
    assert released(small_book()).cells[2].source == STUB


def test_a_solution_cell_without_marks_of_a_region_becomes_a_stub_as_a_whole():
    book = small_book()
    book.cells[2].source = "y = 7"
    assert released(book).cells[2].source == "# YOUR CODE HERE\nraise NotImplementedError()"


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("Because it **halves**.", "YOUR ANSWER HERE"),
        ("Why?\n\n### BEGIN SOLUTION\nBecause.\n### END SOLUTION\n", "Why?\n\nYOUR ANSWER HERE"),
    ],
)
def test_an_answer_in_words_gets_nbgraders_stub_for_words(written, given):
    book = small_book()
    book.cells[0] = new_markdown_cell(written, metadata=marks(grade=True, solution=True, points=2))
    assert released(book).cells[0].source == given


def test_an_answer_appears_when_its_cell_is_run():
    """Not before, and not folded away then; nbval compares no cell that has not run."""
    book = small_book()
    shown = new_output("execute_result", {"text/plain": "9"}, execution_count=6)
    folded = {"tags": [edition.ANSWER, "nbval-check-output"], **deepcopy(edition.FOLDED)}
    book.cells.append(new_code_cell("3 * 3", outputs=[shown], execution_count=6, metadata=folded))
    cell = released(book).cells[-1]
    assert (cell.source, cell.outputs, cell.execution_count) == ("3 * 3", [], None)
    assert cell.metadata == {"tags": folded["tags"]}


def test_no_answer_of_the_course_stands_below_its_question(folder):
    for path in folder.iterdir():
        for above, below in pairwise(nbformat.read(path, 4).cells):
            moves = any("widget-view" in str(output) for output in below.get("outputs", []))
            assert "**Predict:**" not in above.source or moves or not below.get("outputs"), below.source


def test_an_edition_of_an_edition_is_the_same():
    """A wheel's notebooks go through it a second time, in `tconv lab`."""
    once = edition.edition_text(nbformat.writes(small_book()))
    assert edition.edition_text(once) == once


def test_hidden_tests_are_gone():
    assert released(small_book()).cells[3].source == 'check("double")'


def test_only_the_lectures_outputs_stay():
    outputs = [bool(cell.outputs) for cell in released(small_book()).cells[1:]]
    assert outputs == [True, False, False, False, True]
    assert [cell.execution_count for cell in released(small_book()).cells[1:]] == [1, None, None, None, 5]


def test_only_widgets_that_are_shown_keep_their_state():
    (states,) = released(small_book()).metadata.widgets.values()
    assert set(states["state"]) == {"e0", "e1"}
    book = small_book()
    del book.cells[5]
    assert "widgets" not in released(book).metadata


def test_the_explorers_of_the_course_keep_their_state_and_the_quizzes_do_not(folder):
    """So a page that is only opened shows them; their ids are as `make notebooks` writes them: widget-1."""
    for path in sorted(folder.iterdir()):
        book = nbformat.read(path, 4)
        explorers = [c for c in book.cells if c.cell_type == "code" and "Explorer(" in c.source]
        (states,) = book.metadata.get("widgets", {"": {"state": {}}}).values()
        shown = [c.outputs[0].data["application/vnd.jupyter.widget-view+json"]["model_id"] for c in explorers]
        drawn = [i for i, model in states["state"].items() if "_esm" in model["state"]]
        assert sorted(drawn) == sorted(shown)
        assert not any("sealed" in model["state"] for model in states["state"].values())


def test_exercises_are_locked_as_nbgrader_locks_them():
    locks = [
        (cell.metadata.get("deletable"), cell.metadata.get("editable"))
        for cell in released(small_book()).cells
    ]
    assert locks == [(None, None), (None, None), (False, None), (False, False), (None, None), (None, None)]


def test_what_holds_no_exercise_is_only_rewritten():
    book = small_book()
    del book.cells[2:]
    del book.metadata["widgets"]
    assert released(book) == book


@pytest.mark.parametrize(
    "spoil",
    [
        lambda book: book.cells[0].update(source="Write `y = [2*entry for entry in x]`."),
        lambda book: book.cells[1].outputs[0].data.update({"text/plain": "y = [2 * entry\n for entry in x]"}),
        lambda book: book.cells[1].metadata.update(note="y = [2 * entry for entry in x]"),
        lambda book: book.metadata.update(note={"y = [2 * entry for entry in x]": 1}),
        lambda book: book.cells[2].update(metadata={}),
    ],
)
def test_a_leak_is_found_wherever_it_is(spoil):
    book = small_book()
    spoil(book)
    with pytest.raises(ValueError) as error:
        edition.edition_text(nbformat.writes(book))
    assert str(error.value) == (
        "a student's edition must hold no line of a solution: found 'y=[2*entryforentryinx]'; "
        "mark the cell as nbgrader's solution, or write it or the page's own code in another way"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    assert edition.release(BOOKS[0].parent, folder) == []
    return folder


def test_the_whole_course_is_released_and_nothing_leaks(folder):
    """No line of any solution, no wrong implementation, no reason of a quiz in any byte of any file."""
    assert sorted(path.name for path in folder.iterdir()) == [path.name for path in BOOKS]
    secrets = [line for path in BOOKS for line in edition.solution_lines(json.loads(path.read_text()))]
    for row in answers.quiz_sources().values():
        secrets += map(edition.squeeze, {**row.get("choices", {}), **row.get("numbers", {})}.values())
    assert len(secrets) > 150
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        assert edition.leaks("\n".join(edition._strings(json.loads(text))), secrets) == []
        assert edition.leaks(text, secrets) == []
        assert "SOLUTION" not in text and "HIDDEN" not in text


def test_every_exercise_is_a_stub_with_its_check_below(folder):
    names = []
    for path in sorted(folder.iterdir()):
        cells = nbformat.read(path, 4).cells
        for cell, below in pairwise(cells):
            if cell.metadata.get("nbgrader", {}).get("solution"):
                names.append(cell.metadata.nbgrader.grade_id)
                assert re.search(
                    r"^( +)# YOUR CODE HERE\n\1raise NotImplementedError\(\)$", cell.source, re.M
                )
                assert below.source == f'check("{names[-1]}")' and not below.outputs
    assert names == list(MASTERS)


def test_an_edition_is_a_valid_notebook_and_keeps_the_pages_rules(folder):
    for path in folder.iterdir():
        book = nbformat.read(path, 4)
        nbformat.validate(book)
        for rule in RULES:
            if rule.__name__ in ("no_path_of_a_machine", "ids_are_unique", "nothing_is_skipped"):
                assert list(rule(book)) == []


def test_only_what_is_named_is_released(tmp_path):
    edition.release(BOOKS[0].parent, tmp_path, only=["01_convolution"])
    assert os.listdir(tmp_path) == ["01_convolution.ipynb"]


def test_a_students_work_is_never_overwritten(folder, tmp_path):
    edition.release(BOOKS[0].parent, tmp_path, only=["01_convolution"])
    path = tmp_path / "01_convolution.ipynb"
    path.write_text("my work")
    assert edition.release(BOOKS[0].parent, tmp_path) == ["01_convolution.ipynb"]
    assert path.read_text() == "my work"
    assert len(os.listdir(tmp_path)) == len(BOOKS)
    assert edition.release(BOOKS[0].parent, tmp_path) == ["01_convolution.ipynb"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))])
def test_a_release_cut_short_leaves_no_half_a_notebook(tmp_path, monkeypatch, error):
    def half(path, data):
        path.write_text("half")
        raise error

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(type(error)):
        edition.release(BOOKS[0].parent, tmp_path / "new")
    assert os.listdir(tmp_path / "new") == []
