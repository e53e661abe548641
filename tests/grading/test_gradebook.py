"""nbgrader's gradebook: written as often as one likes, grades by hand kept, read by nbgrader's own tools."""

import csv
import subprocess
import sys
from dataclasses import replace

from classroom import BOOK, grade_here
from nbgrader.utils import parse_utc

from tconv_helpers.grading import gradebook
from tconv_helpers.grading.answers import masters

BOOKS = sorted({master.notebook for master in masters().values()})


def test_the_gradebook_is_nbgraders_and_is_written_as_often_as_one_likes(course):
    grade_here(course)
    for _ in range(2):
        gradebook.write_gradebook(course)
        assert list(gradebook.final_grades(course.gradebook_path, BOOK)) == [
            ("ann", 9, 9),
            ("bob", 7, 9),
            ("cem", 0, 9),
        ]
    with gradebook.open_gradebook(course.gradebook_path) as book:
        assert len(book.assignment_submissions(BOOK)) == 3
        grade = book.find_grade("conv_by_kernel_check", BOOK, BOOK, "bob")
        assert (grade.auto_score, grade.max_score, grade.needs_manual_grade) == (0, 2, False)
        assert "the kernel is flipped" in book.find_comment("conv_by_kernel", BOOK, BOOK, "bob").comment


def test_a_grade_by_hand_stays(course):
    grade_here(course)
    gradebook.write_gradebook(course)
    with gradebook.open_gradebook(course.gradebook_path) as book:
        book.find_grade("conv_by_kernel_check", BOOK, BOOK, "bob").manual_score = 1.5
        book.db.commit()
    gradebook.write_gradebook(course)
    assert list(gradebook.final_grades(course.gradebook_path, BOOK))[1] == ("bob", 8.5, 9)


def test_days_late_cost_points(course):
    for student, time in {"ann": "2026-12-01 12:00 UTC", "bob": "2026-12-03 13:00 UTC"}.items():
        (course.submitted / student / BOOK / "timestamp.txt").write_text(time)
    grade_here(course)
    due = parse_utc("2026-12-01 12:00 UTC")
    assert gradebook.write_gradebook(course, due=due, penalty=0.1) == [("bob", 3, 2.1)]
    assert list(gradebook.final_grades(course.gradebook_path, BOOK))[1] == ("bob", 4.9, 9)
    assert gradebook.write_gradebook(course) == [("bob", 3, 0)]  # the due date stays, without a penalty


def test_nbgraders_own_tools_read_what_we_wrote(course):
    grade_here(course)
    gradebook.write_gradebook(course)
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "grades.csv"]
    subprocess.run(command, cwd=course.root, check=True, capture_output=True)
    rows = list(csv.DictReader((course.root / "grades.csv").read_text().splitlines()))
    assert {row["student_id"]: float(row["score"]) for row in rows} == {"ann": 9, "bob": 7, "cem": 0}


def test_formgrader_lists_what_was_graded_and_a_source_that_is_there_stays(course):
    course.source_path.parent.mkdir(parents=True)
    course.source_path.write_text("mine")
    for book in (BOOK, BOOKS[1]):
        gradebook.list_in_formgrader(replace(course, assignment=book))
    assert course.source_path.read_text() == "mine"
    code = "from nbgrader.apps import NbGraderAPI; print(sorted(NbGraderAPI().get_source_assignments()))"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=course.root, check=True, capture_output=True, text=True
    )
    assert said.stdout == f"{[BOOK, BOOKS[1]]}\n"
