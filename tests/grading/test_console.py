"""`tconv grade` and `tconv export`: tables, a picture, a code that tells, and refusals in a sentence."""

import json

import pytest
from classroom import BOOK, hand_in, no_sandbox

from tconv_helpers.grading.gradebook import open_gradebook
from tconv_helpers.grading.sandbox import run as sandbox


def test_the_command_grades_shows_and_exports(tconv, course):
    hand_in(course.submitted, "dan", "no JSON")
    hand_in(course.submitted, "a,b", "no JSON")
    done = tconv("grade", "01")
    assert done.exit_code == 2, done.output  # one has no grade
    for part in (
        "4 graded, 1 without a grade",
        "the kernel is flipped",
        "25%",
        "9 of 9",
        "a,b",
        "no notebook",
    ):
        assert part in done.output, done.output
    assert (course.root / "report" / f"{BOOK}.png").stat().st_size > 1000
    assert json.loads(course.source_path.read_text())["cells"]
    done = tconv("export", "01", "--to", "grades")
    assert done.exit_code == 0, done.output
    assert (course.root / "grades" / f"{BOOK}_moodle.csv").read_text() == (
        f"username,{BOOK}\nann,9\nbob,7\ncem,0\ndan,0\n"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["grade", "01", "--submitted", "nowhere"], "SUBMITTED must be a folder"),
        (["grade", "01", "--exercise", "f"], "EXERCISE must be one of conv_by_kernel"),
        (["grade", "00"], "ASSIGNMENT must have exercises"),
        (["grade", "01", "--due", "soon"], "DUE must be a date"),
        (["grade", "01", "--due", "2026-12-01 23:59"], "DUE must be a date, a time and its zone"),
        (["grade", "01", "--scheduler", "tcp://127.0.0.1:1"], "SCHEDULER must be the address"),
        (["export", "01", "--gradebook", "no.db"], "GRADEBOOK must be nbgrader's gradebook"),
        (["export", "02"], "holds no grades of 02_backward_pass"),
    ],
)
def test_the_command_refuses_in_a_sentence(tconv, words, says):
    done = tconv(*words)
    assert done.exit_code == 1 and says in done.output, done.output


def test_without_a_sandbox_nothing_is_graded(tconv, course, monkeypatch):
    monkeypatch.setattr(sandbox, "require", no_sandbox)
    done = tconv("grade", "01")
    assert (done.exit_code, done.output.strip()) == (1, "there is none")
    assert not (course.root / "results").exists()


def stamp(course, student, text):
    (course.submitted / student / BOOK / "timestamp.txt").write_text(text)


def test_a_due_date_is_echoed_and_kept_with_penalty_and_grace(tconv, course):
    stamp(course, "ann", "2026-12-01 23:05:00.000000 UTC")  # within the grace
    stamp(course, "bob", "2026-12-04 10:00:00.000000 UTC")
    due = "2026-12-01 23:59 Europe/Zurich"
    done = tconv("grade", "01", "--due", due, "--penalty", "10", "--grace", "10")
    said = (
        "Due Tuesday, 1 December 2026, 23:59 Europe/Zurich (22:59 UTC): each day begun after it costs 10 %, "
    )
    assert done.exit_code == 0 and said + "10 minutes of grace." in " ".join(done.output.split()), done.output
    assert "3 days late" in done.output and "No time of handing in is known of cem" in done.output
    page = course.feedback_path("bob").read_text()
    assert "It came 3 days late, which takes 2.1 points off and leaves 4.9." in page
    assert "late" not in course.feedback_path("ann").read_text()
    for words in (["grade", "01"], ["grade", "01", "--resume"]):
        done = tconv(*words)
        assert said in " ".join(done.output.split())
        assert course.feedback_path("bob").read_text() == page
        tconv("export", "01")
        assert (course.root / "grades" / f"{BOOK}_moodle.csv").read_text().split()[1:] == [
            "ann,9",
            "bob,4.9",
            "cem,0",
        ]
    done = tconv("grade", "01", "--resume", "--due", "none")
    assert (
        "No due date: nobody is late." in done.output
        and "late" not in course.feedback_path("bob").read_text()
    )


def test_single_students_have_dates_of_their_own(tconv, course):
    for student in ("ann", "bob"):
        stamp(course, student, "2026-12-03 10:00:00.000000 UTC")
    course.extensions_path.write_text(
        "student,assignment,due\nann,1,2026-12-05 12:00 UTC\nbob,02,2026-12-05 12:00 UTC\n"
    )
    done = tconv("grade", "01", "--due", "2026-12-01 12:00 UTC", "--penalty", "50")
    assert "a date of their own for 1" in " ".join(done.output.split()), done.output
    assert [course.result(student)["late"] for student in ("ann", "bob")] == [None, [2, 0.5]]
    with open_gradebook(course.gradebook_path) as book:
        late = {each.student.id: each.total_seconds_late for each in book.assignment_submissions(BOOK)}
    assert late == {"ann": 0, "bob": 46 * 3600, "cem": 0}
    course.extensions_path.unlink()  # the gradebook has it, as if it had been given in nbgrader
    tconv("grade", "01", "--resume")
    assert course.result("ann")["late"] is None
    course.extensions_path.write_text("student,assignment,due\nann,01,tomorrow\n")
    done = tconv("grade", "01")
    assert done.exit_code == 1 and "extensions.csv, line 2: DUE must be" in " ".join(done.output.split())
