"""Submissions and classes: who gets what, is told what, and has one grade after any failure."""

import json

import fake_sandbox
import nbformat
import pytest
from classroom import BOOK, FLIPPED, SEED, SOLUTIONS, all_right, grade_here, no_sandbox, points

from tconv_helpers.grading.grade import Task, grade_or_say_why
from tconv_helpers.grading.sandbox.run import Failed, NoSandbox
from tconv_helpers.grading.submissions import Submission


def test_a_class_is_graded(course):
    summary = grade_here(course)
    assert points(course) == {"ann": 9, "bob": 7, "cem": 0}
    assert summary.scores == {9: 1, 7: 1, 0: 1}
    assert summary.misconceptions["conv_by_kernel"] == {"the kernel is flipped": 1}
    page = course.feedback_path("bob").read_text()
    assert "7 of 9 points" in page and "the kernel is flipped" in page and "Signal processing flips" in page


def test_resume_does_only_what_is_left(course):
    grade_here(course)
    before = course.result_path("ann").read_text()
    summary = grade_here(course, no_sandbox, resume=True)  # which would raise if anything ran
    assert summary.graded == 3 and course.result_path("ann").read_text() == before
    course.result_path("bob").write_text('{"student": "bob", "assi')  # broken off, as by a power cut
    with pytest.raises(NoSandbox):
        grade_here(course, no_sandbox, resume=True)
    grade_here(course, resume=True)
    assert points(course) == {"ann": 9, "bob": 7, "cem": 0}


def test_resume_grades_what_was_handed_in_anew(course):
    grade_here(course)
    (course.submitted / "cem" / BOOK / f"{BOOK}.ipynb").write_text(json.dumps(all_right()))
    grade_here(course, resume=True)
    assert points(course)["cem"] == 9


def test_one_exercise_is_graded_again_and_the_others_stay(course):
    grade_here(course)

    def all_late(
        cells, inputs, **_
    ):  # all of them run, as in the whole, so that the one gets what it would there
        assert {"signal_conv", "conv_by_kernel"} <= set(inputs)
        return {name: [Failed("out of time")] * len(calls) for name, calls in inputs.items()}

    grade_here(course, all_late, only="signal_conv")
    assert points(course) == {"ann": 7, "bob": 5, "cem": 0}


def test_a_failure_of_ours_is_told_and_gives_no_grade(course):
    def fails_once(cells, inputs, **_):
        if "conv_by_kernel" in inputs and any("convolve" in cell for cell in cells):
            raise KeyError("SEEN")
        return fake_sandbox.run(cells, inputs)

    summary = grade_here(course, fails_once)
    assert summary.ungraded == ["bob"] and "KeyError, test_grade.py" in summary.trouble[0][1]
    assert "SEEN" not in summary.trouble[0][1] and points(course) == {"ann": 9, "cem": 0}
    grade_here(course, resume=True)
    assert points(course)["bob"] == 7


def test_a_submission_that_is_graded_elsewhere_needs_its_task_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    task = Task(BOOK, Submission("ann", json.dumps(all_right()).encode()), SEED)
    first, second = grade_or_say_why(task, fake_sandbox.run), grade_or_say_why(task, fake_sandbox.run)
    assert first == second and first.record["points"] == 9
    assert not list(tmp_path.iterdir())


def test_the_formgraders_notebook_is_the_edition_with_the_students_code(course):
    grade_here(course)
    book = nbformat.read(course.autograded_path("bob"), 4)
    nbformat.validate(book)
    code = {c.metadata.nbgrader.grade_id: c.source for c in book.cells if "nbgrader" in c.metadata}
    assert code["conv_by_kernel"] == FLIPPED and code["signal_conv"] == SOLUTIONS["signal_conv"]
    assert not any(c.get("outputs") for c in book.cells if c.metadata.get("nbgrader", {}).get("solution"))
