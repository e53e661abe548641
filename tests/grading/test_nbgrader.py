"""The real nbgrader on the masters and on the student's edition of them: the same stubs, and fair grades.

Of the generator's notebook it gets the exercises without the lecture, whose training takes minutes.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tconv_helpers.exercises.edition import release
from tconv_helpers.grading.answers import masters

ROOT = Path(__file__).parents[2]
BOOKS = sorted({master.notebook for master in masters().values()})
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "tconv"
c.Execute.timeout = 120  # on a busy machine, the first import takes its time
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """An nbgrader course: the masters, and the submissions of two students, autograded."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    source = folder / "source/course"
    source.mkdir(parents=True)
    for book in BOOKS:
        shutil.copy(ROOT / f"notebooks/{book}.ipynb", source)
    leave_exercises(source / "07_generator.ipynb")
    release(source, folder / "submitted/untouched/course")
    release(source, folder / "submitted/solved/course")
    for path in (folder / "submitted/solved/course").glob("*.ipynb"):
        solve(path)
    nbgrader(folder, "generate_assignment", "course")
    nbgrader(folder, "autograde", "course")
    return folder


def leave_exercises(path):
    book = nbformat.read(path, 4)
    book.cells = [cell for cell in book.cells if cell.id == "imports" or cell.id.startswith("ex-")]
    nbformat.write(book, path)


def solve(path):
    """Put the master's solutions in place of the stubs."""
    book = nbformat.read(path, 4)
    solutions = {master.name: master.source for master in masters().values()}
    for cell in book.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = solutions.pop(cell.metadata.nbgrader.grade_id)
    nbformat.write(book, path)


def nbgrader(folder, *words):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # it calls alembic
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "PATH": path}
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_nbgrader_makes_the_same_stubs(course):
    for book in BOOKS:
        ours = nbformat.read(course / f"submitted/untouched/course/{book}.ipynb", 4)
        theirs = nbformat.read(course / f"release/course/{book}.ipynb", 4)
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
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
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
    said = nbgrader(course, "validate", f"submitted/solved/course/{book}.ipynb")
    assert "Success! Your notebook passes all the tests." in said
