"""One student graded again: what changed is shown, and both results stay in a log."""

import json

from classroom import BOOK, all_right, hand_in

from tconv_helpers.grading.gradebook import final_grades
from tconv_helpers.grading.regrade import changes


def entries(course):
    return [json.loads(line) for line in course.audit_path.read_text(encoding="utf-8").splitlines()]


def test_one_student_is_graded_again_and_the_log_holds_both_results(tconv, course):
    tconv("grade", "01")
    others = {student: course.result_path(student).read_bytes() for student in ("ann", "cem")}
    (course.submitted / "bob" / BOOK / f"{BOOK}.ipynb").unlink()
    (course.submitted / "bob" / BOOK).rmdir()
    hand_in(course.submitted, "bob", all_right())
    done = tconv("regrade", "01", "bob", "--why", "asked on 1 December: “mine is right”")
    said = " ".join(done.output.split())
    assert done.exit_code == 0 and "bob: 7 of 9 points before, 9 of 9 points now." in said, done.output
    assert "conv_by_kernel" in said and "output_size" not in said
    assert dict((s, p) for s, p, _ in final_grades(course.gradebook_path, BOOK)) == {
        "ann": 9,
        "bob": 9,
        "cem": 0,
    }
    assert {student: course.result_path(student).read_bytes() for student in others} == others
    tconv("regrade", "01", "bob", "--why", "once more")
    first, second = entries(course)
    assert (first["student"], first["why"]) == ("bob", "asked on 1 December: “mine is right”")
    assert (first["before"]["points"], first["after"]["points"]) == (7, 9)
    assert first["before"]["exercises"]["conv_by_kernel"] == 0
    assert first["after"] == second["before"] == second["after"]
    assert first["after"]["master"] == course.result("bob")["master"]
    assert first["who"].count("@") == 1 and first["when"].endswith("+00:00") and first["version"]


def test_who_has_handed_in_nothing_is_told_with_names_near_it(tconv, course):
    done = tconv("regrade", "01", "anne", "--why", "asked")
    assert done.exit_code == 1 and "anne has no folder in submitted; near it are ann" in " ".join(
        done.output.split()
    )
    assert not course.audit_path.exists()


def test_without_a_change_that_is_said(tconv, course):
    tconv("grade", "01")
    done = tconv("regrade", "01", "ann", "--why", "asked")
    assert "ann: 9 of 9 points before, 9 of 9 points now. No exercise has other points." in " ".join(
        done.output.split()
    )


def test_an_exercise_that_was_not_there_has_changed():
    def record(**points):
        return {"exercises": {name: {"points": each} for name, each in points.items()}}

    assert changes(None, record(f=1)) == {"f": (None, 1)}
    assert changes(record(f=1, g=2), record(f=1, h=2)) == {"g": (2, None), "h": (None, 2)}
