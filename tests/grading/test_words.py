"""Exercises answered in words: nbgrader's manually graded cells, graded by a person in its formgrader."""

import json
from copy import deepcopy
from dataclasses import replace

import nbformat
import pytest
from classroom import ASKED, BOOK, SOLUTIONS, hand_in, points
from nbconvert import HTMLExporter
from nbgrader.preprocessors import SaveCells

from tconv_helpers.exercises.cells import source
from tconv_helpers.exercises.edition import WORDS, student_edition
from tconv_helpers.grading import console, grade, gradebook
from tconv_helpers.grading.answers import ROOT
from tconv_helpers.grading.gradebook import final_grades, open_gradebook
from tconv_helpers.grading.words import MOST, answered, as_markdown, words_asked

MARK = {
    "grade": True,
    "grade_id": "why_flip",
    "locked": False,
    "points": 3,
    "schema_version": 3,
    "solution": True,
    "task": False,
}
QUESTION = {
    "cell_type": "markdown",
    "id": "why-flip",
    "metadata": {"nbgrader": MARK},
    "source": "It reverses.",
}


@pytest.fixture(scope="module")
def released(tmp_path_factory, nbgrader):
    """Give the folder in which nbgrader has released an assignment with a question in words."""
    folder = tmp_path_factory.mktemp("released")
    book = json.loads((ROOT / "notebooks" / f"{BOOK}.ipynb").read_text(encoding="utf-8"))
    book["cells"] = [cell for cell in book["cells"] if "nbgrader" in cell["metadata"]] + [QUESTION]
    source = folder / "source" / BOOK / f"{BOOK}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(book))
    nbgrader(folder, ["generate_assignment", BOOK])
    return folder


@pytest.fixture
def course(course, released, monkeypatch):
    """Give the class, with the question in the master and in nbgrader's gradebook."""
    edition = deepcopy(ASKED.edition)
    edition["cells"].append(deepcopy(QUESTION))
    asked = replace(ASKED, edition=edition, words=words_asked(edition), fingerprint="with words")
    for module in (console, grade, gradebook):
        monkeypatch.setattr(module, "load_assignment", lambda name: asked)
    course.gradebook_path.write_bytes((released / "gradebook.db").read_bytes())
    for student, text in {"ann": "Because the sum runs backwards.", "bob": WORDS, "cem": "Because."}.items():
        answer(course, released, student, text)
    return course


def answer(course, released, student, text, **code):
    """Hand in what was released, with this answer in words."""
    book = json.loads((released / "release" / BOOK / f"{BOOK}.ipynb").read_text())
    for cell in book["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        if name == "why_flip":
            assert cell["source"] in ([WORDS], WORDS)
            cell["source"] = text
        elif student == "ann" and name in SOLUTIONS:
            cell["source"] = SOLUTIONS[name]
    path = course.submitted / student / BOOK / f"{BOOK}.ipynb"
    path.unlink(missing_ok=True)
    if not path.parent.exists():
        hand_in(course.submitted, student, book)
    path.write_text(json.dumps(book))


def waiting(course):
    """Return {student: (whether it waits for a person, points of the machine, by hand)}, as nbgrader says."""
    with open_gradebook(course.gradebook_path) as book:
        grades = {
            each.student.id: book.find_grade("why_flip", BOOK, BOOK, each.student.id)
            for each in book.assignment_submissions(BOOK)
        }
        return {
            name: (each.needs_manual_grade, each.auto_score, each.manual_score)
            for name, each in grades.items()
        }


def by_hand(course, student, score):
    """Give points as formgrader does."""
    with open_gradebook(course.gradebook_path) as book:
        given = book.find_grade("why_flip", BOOK, BOOK, student)
        given.manual_score, given.needs_manual_grade = score, False
        book.db.commit()


def test_an_answer_in_words_waits_for_a_person_and_its_points_count(tconv, course, released):
    done = tconv("grade", "01")
    said = " ".join(done.output.split())
    assert done.exit_code == 0 and "2 submissions have answers in words that wait for their points" in said, (
        said
    )
    assert points(course) == {"ann": 9, "bob": 0, "cem": 0}
    assert waiting(course) == {"ann": (True, None, None), "bob": (False, 0, None), "cem": (True, None, None)}
    assert "a person grades: these points are not in the sum" in course.feedback_path("ann").read_text()
    assert "a person grades" not in course.feedback_path("bob").read_text()
    by_hand(course, "ann", 2)
    for _ in range(2):  # what has its points does not wait again
        assert "1 submissions have answers" in " ".join(tconv("grade", "01").output.split())
        assert waiting(course)["ann"] == (False, None, 2) and waiting(course)["cem"][0]
        assert list(final_grades(course.gradebook_path, BOOK)) == [
            ("ann", 11, 12),
            ("bob", 0, 12),
            ("cem", 0, 12),
        ]
    answer(course, released, "ann", "Because the kernel is mirrored.")
    tconv("grade", "01", "--resume")
    assert waiting(course)["ann"] == (
        True,
        None,
        2,
    )  # another answer is read again; the points stay till then
    by_hand(course, "cem", 3)
    assert "1 submissions" in " ".join(tconv("export", "01").output.split())
    assert "ann,11\nbob,0\ncem,3\n" in (course.root / "grades" / f"{BOOK}_moodle.csv").read_text()
    by_hand(course, "ann", 3)
    assert "wait for" not in tconv("export", "--all").output


def test_nbgraders_own_cells_and_points_are_kept(tconv, course, monkeypatch):
    def write(*_):
        raise AssertionError("what nbgrader released was written again")

    monkeypatch.setattr(SaveCells, "preprocess", write)
    assert tconv("grade", "01").exit_code == 0
    with open_gradebook(course.gradebook_path) as book:
        cells = {cell.name: cell.max_score for cell in book.find_notebook(BOOK, BOOK).grade_cells}
    assert cells == {
        f"{name}_check": question.master.points for name, question in ASKED.questions.items()
    } | {"why_flip": 3}


ALIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "~~~\n<script>alert(1)</script>\n~~~~",
    "[x](javascript:alert(1))",
    "![x](http://localhost/seen)",
    "a\u202eb\x1b[31m",
    "```\n</code></pre><script>alert(1)</script>",
]


@pytest.mark.parametrize("text", ALIVE)
def test_formgrader_shows_words_as_text(tconv, course, released, text):
    answer(course, released, "cem", text)
    tconv("grade", "01")
    book = nbformat.read(course.autograded_path("cem"), 4)
    nbformat.validate(book)
    (shown,) = [
        cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "why_flip"
    ]
    page = HTMLExporter(template_name="basic").from_notebook_node(nbformat.v4.new_notebook(cells=[shown]))[0]
    for alive in ("<script>alert", "<img", 'href="javascript', 'http://localhost/seen"', "\u202e", "\x1b"):
        assert alive not in page
    assert "alert(1)" in page or "seen" in page or "31m" in page


def test_words_are_bounded_and_found_by_their_mark_alone(tconv, course, released):
    answer(course, released, "cem", "a" * (MOST + 10))
    path = course.submitted / "bob" / BOOK / f"{BOOK}.ipynb"
    book = json.loads(path.read_text())
    for cell in book["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == "why_flip":
            cell["metadata"] = {"nbgrader": ["why_flip"]}
    for name in (3, ["why_flip"], {"why_flip": 1}, None):
        book["cells"].append(
            {"cell_type": "raw", "metadata": {"nbgrader": {"grade_id": name}}, "source": "1"}
        )
    path.write_text(json.dumps(book))
    assert tconv("grade", "01").exit_code == 0
    assert waiting(course)["bob"] == (False, 0, None)
    cells = nbformat.read(course.autograded_path("cem"), 4).cells
    assert cells[-1].source == as_markdown("a" * MOST)


def test_what_was_there_is_no_answer():
    edition = student_edition({"cells": [deepcopy(QUESTION)], "metadata": {}})
    for text in ("", WORDS, source(edition["cells"][0])):
        assert answered({"why_flip": text}, edition) == {} != answered({"why_flip": f"{text} x"}, edition)


def test_a_notebook_that_cannot_be_read_has_no_words(tconv, course):
    (course.submitted / "cem" / BOOK / f"{BOOK}.ipynb").write_text("no JSON")
    assert tconv("grade", "01").exit_code == 0
    assert waiting(course)["cem"] == (False, 0, None)


def test_a_damaged_note_of_what_was_seen_loses_no_grade(tconv, course):
    tconv("grade", "01")
    by_hand(course, "ann", 2)
    for text in ("[]", "{", "", '{"ann": 3}'):
        course.words_path.write_text(text)
        assert tconv("grade", "01", "--resume").exit_code == 0
        assert waiting(course)["ann"] == (False, None, 2)
