"""The hostile files, graded in one class with honest ones: each gets what it must, and no more."""

import unicodedata

import fake_sandbox
import pytest
from classroom import BOOK
from handed_in import CASES, SECRET, lay_all
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers.grading.course import Course
from tconv_helpers.grading.grade import PRELOAD, grade_class
from tconv_helpers.grading.gradebook import final_grades, write_gradebook
from tconv_helpers.grading.pool import local_workers
from tconv_helpers.grading.submissions import NAMES, allowed_name, list_students, visible_lines

GRADED = [case for case in CASES if case.points is not None]
NAMELESS = [case for case in CASES if case.points is None]


def tree(folder):
    """Return every name below a folder, with what is in it or where it leads."""
    return {
        path: (path.readlink() if path.is_symlink() else path.stat().st_size)
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Give (Course, Summary) of the class; nothing in the folder of submissions has changed."""
    root = tmp_path_factory.mktemp("course")
    lay_all(root / "submitted")
    course, before = Course(root, root / "submitted", BOOK), tree(root)
    summary = grade_class(course, local_workers(2, PRELOAD), run_cells=fake_sandbox.run)
    write_gradebook(course)
    after = tree(root)
    ours = {"results", "feedback", "autograded", "gradebook.db"}
    assert before == {
        path: what for path, what in after.items() if path.relative_to(root).parts[0] not in ours
    }
    return course, summary


def test_there_are_enough():
    assert len(CASES) >= 45 and len({case.student for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", GRADED, ids=lambda case: case.student)
def test_each_gets_what_it_must(graded, case):
    record = graded[0].result(case.student)
    assert record["points"] == case.points
    said = [record["problem"] or "", *(row["verdict"] for row in record["exercises"].values())]
    assert any(case.says in each for each in said), said


@pytest.mark.parametrize("case", GRADED, ids=lambda case: case.student)
def test_no_page_is_alive_or_tells_a_secret(graded, case):
    page = graded[0].feedback_path(case.student).read_text()
    assert "<script" not in page and "<img" not in page and "\x1b" not in page and "\u202e" not in page
    assert "default-src 'none'" in page
    assert SECRET not in page
    assert "SE0EN" not in page and "SEEN" not in page


def test_a_name_that_could_do_harm_gets_no_grade_and_is_told(graded):
    course, summary = graded
    assert len(summary.ungraded) == len(NAMELESS)
    assert all(name.isprintable() for name in summary.ungraded)
    written = {path.name for path in (course.root / "results").iterdir()}
    assert not written & {case.student for case in NAMELESS}


def test_the_honest_get_what_they_deserve(graded):
    course, summary = graded
    assert course.result("honest")["points"] == 9
    half = course.result("zoe-honest")
    assert half["points"] == 2
    assert half["exercises"]["conv_by_kernel"]["misconception"] == "the kernel is flipped"
    assert summary.graded == len(GRADED) + 2


def test_the_gradebook_holds_each_once(graded):
    course, _ = graded
    rows = list(final_grades(course.gradebook_path, BOOK))
    points = {student: score for student, score, of in rows}
    assert len(points) == len(rows) == len(GRADED) + 2
    assert points == {case.student: case.points for case in GRADED} | {"honest": 9, "zoe-honest": 2}


def test_names_that_students_have_are_allowed():
    assert all(map(allowed_name, ["ann", "s123_4", "a.b-c@home.org", "Zoë O'Neill", "学生", "नीता", "٣ب"]))
    assert not any(map(allowed_name, ["", ".", "..", "a/b", " a", "a\x00", "a" * 101, "\u0301a", "a\u202eb"]))


@given(st.text(max_size=12))
def test_the_refusal_of_a_name_tells_truly_what_is_allowed(name):
    said = set(NAMES.split("spaces and ")[1].split(",")[0].replace(" ", ""))
    told = len(name) <= 100 and all(
        unicodedata.category(letter)[0] in "LMN" or letter in said | set(" \u200c\u200d") for letter in name
    )
    assert allowed_name(name) == bool(told and name and unicodedata.category(name[0])[0] in "LN")


def test_two_folders_of_one_student_are_told(tmp_path):
    for name in ("Zo\u00eb", "Zoe\u0308", "ann"):
        (tmp_path / "submitted" / name / BOOK).mkdir(parents=True)
    good, bad = list_students(Course(tmp_path, tmp_path / "submitted", BOOK))
    both = "'Zoe\\u0308' and 'Zo\\xeb'"
    assert good == {"ann": "ann"}
    assert bad == [("Zo\u00eb", f"Two folders are this one student's, {both}: keep one of them.")]


def test_a_folder_that_cannot_be_entered_is_kept_to_be_told(tmp_path, monkeypatch):
    for student in ("ann", "bob", "cem"):
        (tmp_path / student).mkdir()
    (tmp_path / "ann" / BOOK).mkdir()

    def shut(path, *_, **__):
        raise PermissionError(13, "Permission denied", path) if "bob" in str(path) else FileNotFoundError

    with monkeypatch.context() as here:
        here.setattr("os.lstat", shut)
        found, _ = list_students(Course(tmp_path, tmp_path, BOOK))
    assert found == {"bob": "bob"}
    assert list_students(Course(tmp_path, tmp_path, BOOK))[0] == {"ann": "ann"}


def test_of_a_text_line_ends_and_tabs_stay():
    assert visible_lines("if x:\n\ty\x1b", 9) == "if x:\n    y\\x1b"
