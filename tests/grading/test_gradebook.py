"""nbgrader's gradebook: written as often as one likes, grades by hand kept, read by nbgrader's own tools."""

import contextlib
import csv
import sqlite3
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace

from classroom import BOOK, grade_here

from tconv_helpers.grading import grade, gradebook
from tconv_helpers.grading.answers import masters
from tconv_helpers.grading.dates import Terms, parse_due
from tconv_helpers.grading.score import load_assignment

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
    terms = Terms(parse_due("2026-12-01 12:00 UTC"), penalty=0.1)
    assert grade_here(course, terms=terms).late == [("bob", 3, 2.1)]
    for _ in range(2):
        gradebook.write_gradebook(course, terms=terms)
        assert list(gradebook.final_grades(course.gradebook_path, BOOK))[1] == ("bob", 4.9, 9)
    assert gradebook.read_dates(course.gradebook_path, BOOK) == (terms.due, {})


def test_points_that_changed_in_the_master_change_the_maximum(course, monkeypatch):
    grade_here(course)
    gradebook.write_gradebook(course)
    asked = load_assignment(BOOK)
    question = asked.questions["conv_by_kernel"]
    more = replace(question, master=question.master._replace(points=12))
    edition = deepcopy(asked.edition)
    for cell in edition["cells"]:
        if (mark := cell["metadata"].get("nbgrader", {})).get("grade_id") == more.check:
            mark["points"] = 12
    now = replace(
        asked, questions=asked.questions | {more.name: more}, edition=edition, fingerprint="another"
    )
    for module in (gradebook, grade):
        monkeypatch.setattr(module, "load_assignment", lambda name: now)
    grade_here(course, resume=True)  # what an older master graded is graded again
    gradebook.write_gradebook(course)
    assert list(gradebook.final_grades(course.gradebook_path, BOOK)) == [
        ("ann", 19, 19),
        ("bob", 7, 19),
        ("cem", 0, 19),
    ]


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


def refused(tconv, course):
    done = tconv("grade", "01", "--resume")
    said = " ".join(done.output.split())
    assert (
        done.exit_code == 1
        and "gradebook.db must be nbgrader's gradebook, and one that can be written" in said
    )
    assert "Traceback" not in said and "move it away and grade with --resume" in said
    assert [record["points"] for record in course.results()] == [9, 7, 0]
    return said


def test_a_damaged_gradebook_is_named_and_all_results_stay(tconv, course):
    tconv("grade", "01")
    whole = course.gradebook_path.read_bytes()
    for spoilt in (
        b"not a database" * 100,
        whole[: len(whole) // 2],
        whole[:100] + b"\xff" * 4000 + whole[4100:],
    ):
        course.gradebook_path.write_bytes(spoilt)
        refused(tconv, course)
    course.gradebook_path.unlink()
    assert tconv("grade", "01", "--resume").exit_code == 0
    assert [points for _, points, _ in gradebook.final_grades(course.gradebook_path, BOOK)] == [9, 7, 0]


def test_a_locked_gradebook_is_named_and_all_results_stay(tconv, course):
    tconv("grade", "01")
    with contextlib.closing(sqlite3.connect(course.gradebook_path)) as other:
        other.execute("begin exclusive")
        assert "it said 'database is locked'; close" in refused(tconv, course)
    assert tconv("grade", "01", "--resume").exit_code == 0
