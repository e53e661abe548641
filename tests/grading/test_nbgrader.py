"""The real nbgrader on the masters and on the student's edition of them: the same stubs, and fair grades.

Of the last two notebooks it gets the exercises without the lecture: a training that takes minutes, and
answers that nothing builds on. That of the others runs once, in the solved edition that is graded.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbgrader.api import Gradebook
from waiting import LONG

from tconv_helpers.exercises.edition import release
from tconv_helpers.grading.answers import masters

ROOT = Path(__file__).parents[2]
BOOKS = sorted({master.notebook for master in masters().values()})
CONFIG = f"""c = get_config()
c.CourseDirectory.course_id = "tconv"
c.Execute.timeout = c.Execute.startup_timeout = c.Execute.iopub_timeout = {LONG}
"""


class Course(NamedTuple):
    folder: Path
    validated: dict  # what nbgrader said of each solved notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory, nbgrader):
    """An nbgrader course: the masters, and the submissions of two students, autograded."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    source = folder / "source/course"
    source.mkdir(parents=True)
    for book in BOOKS:
        shutil.copy(ROOT / f"notebooks/{book}.ipynb", source)
    for book in ("07_generator", "08_in_practice"):
        leave_exercises(source / f"{book}.ipynb")
    for edition in ("edition", "submitted/untouched/course", "submitted/solved/course"):
        release(source, folder / edition)
    for path in (folder / "submitted/solved/course").glob("*.ipynb"):
        solve(path)
    shutil.copytree(folder / "submitted/solved/course", folder / "solved")
    for path in (*folder.glob("submitted/untouched/course/*.ipynb"), *folder.glob("solved/*.ipynb")):
        leave_exercises(path)  # the solved edition is run whole
    validate = [["validate", f"solved/{book}.ipynb"] for book in BOOKS]
    _, _, *said = nbgrader(folder, ["generate_assignment", "course"], ["autograde", "course"], *validate)
    return Course(folder, dict(zip(BOOKS, said, strict=True)))


def leave_exercises(path):
    """Leave out the lecture, and what only it imports: PyTorch is half of what it costs to start a kernel."""
    book = nbformat.read(path, 4)
    book.cells = [cell for cell in book.cells if cell.id == "imports" or cell.id.startswith("ex-")]
    book.cells[0].source = "import numpy as np"
    nbformat.write(book, path)


def solve(path):
    """Put the master's solutions in place of the stubs."""
    book = nbformat.read(path, 4)
    solutions = {master.name: master.source for master in masters().values()}
    for cell in book.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = solutions.pop(cell.metadata.nbgrader.grade_id)
    nbformat.write(book, path)


def test_nbgrader_makes_the_same_stubs(course):
    for book in BOOKS:
        ours = nbformat.read(course.folder / f"edition/{book}.ipynb", 4)
        theirs = nbformat.read(course.folder / f"release/course/{book}.ipynb", 4)
        assert [cell.source for cell in ours.cells] == [cell.source for cell in theirs.cells]
        for mine, other in zip(ours.cells, theirs.cells, strict=True):
            theirs_only = {"checksum", "cell_type"}
            marks = [cell.metadata.get("nbgrader", {}) for cell in (mine, other)]
            assert marks[0] == {key: value for key, value in marks[1].items() if key not in theirs_only}
            for key in ("deletable", "editable"):
                assert mine.metadata.get(key) == other.metadata.get(key)


@pytest.fixture
def on_path(monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)


def scores(course, student):
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db") as gradebook:
        submission = gradebook.find_submission("course", student)
        return {book.name: (book.score, book.max_score) for book in submission.notebooks}


def test_a_solved_edition_gets_all_points(course, on_path):
    points = {book: sum(m.points for m in masters().values() if m.notebook == book) for book in BOOKS}
    assert scores(course, "solved") == {book: (of, of) for book, of in points.items()}


def test_an_untouched_edition_gets_none(course, on_path):
    got = scores(course, "untouched")
    assert sorted(got) == BOOKS
    assert all(score == 0 < of for score, of in got.values())


@pytest.mark.parametrize("book", BOOKS)
def test_validate_passes_a_solved_notebook(course, book):
    assert "Success! Your notebook passes all the tests." in course.validated[book]
