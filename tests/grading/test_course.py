"""A course's folders: one grader at a time, one secret, nothing half written."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import BOOK, grade_here, points

from tconv_helpers.grading import gradebook


def test_two_graders_do_not_work_in_one_place(course):
    code = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); print('!'); input()"
    lock = course.root / "results/.lock"
    lock.parent.mkdir()
    other = subprocess.Popen(
        [sys.executable, "-c", code, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        other.stdout.readline()
        with pytest.raises(BlockingIOError):
            grade_here(course)
        other.communicate(b"\n")
    grade_here(course)


def test_the_secret_is_made_once_and_for_the_grader_alone(course, monkeypatch):
    replace, rights = Path.replace, []
    monkeypatch.setattr(
        Path, "replace", lambda path, to: rights.append(path.stat().st_mode) or replace(path, to)
    )
    (course.root / "results").mkdir()
    (course.root / "results/..seed.part").touch(0o644)  # a killed grader left it
    with course.locked():
        seed = course.seed()
        assert len(seed) == 32 and course.seed() == seed
    rights.append((course.root / "results/.seed").stat().st_mode)
    assert [right & 0o777 for right in rights] == [0o600, 0o600]


def test_what_a_killed_grader_left_is_swept_and_what_is_not_whole_is_no_result(course):
    grade_here(course)
    before = course.result_path("ann").read_text()
    paths = [course.result_path("ann"), course.feedback_path("ann"), course.autograded_path("ann")]
    parts = [path.with_name(f".{path.name}.part") for path in paths]
    for part in parts:
        part.write_text(before[:100])
    course.sweep()
    assert not any(part.exists() for part in parts)
    for text in (before[:100], "", before.replace("ann", "bob"), before.replace(BOOK, "02")):
        course.result_path("ann").write_text(text)
        assert course.result("ann") is None
    assert [record["student"] for record in course.results()] == ["bob", "cem"]


@pytest.mark.parametrize("secret", ["", "ab" * 31, "no hexadecimal digits", "ab" * 32 + "cd"])
def test_a_secret_that_is_none_is_not_drawn_from(course, tconv, secret):
    grade_here(course)
    before = course.result_path("ann").read_bytes()
    (course.root / "results/.seed").write_text(secret)
    done = tconv("grade", "01")
    assert done.exit_code == 1 and "results/.seed must hold the 64 hexadecimal digits" in done.output
    assert course.result_path("ann").read_bytes() == before


@pytest.mark.parametrize("text", ["[]", "3", "null", '{"student": "ann", "assignment": "01_convolution"}'])
def test_a_result_of_another_form_is_graded_again(course, tconv, text):
    grade_here(course)
    before = course.result("ann")
    course.result_path("ann").write_text(text)
    assert tconv("grade", "01", "--resume").exit_code == 0
    assert course.result("ann") == before


def test_a_result_of_an_exercise_that_has_another_name_now_is_graded_again(course, tconv):
    grade_here(course)
    before = course.result("ann")
    old = {**before, "master": "older", "exercises": {"old_name": before["exercises"]["conv_by_kernel"]}}
    course.result_path("ann").write_text(json.dumps(old))
    gradebook.write_gradebook(course)  # as when one other student is graded again
    for words in (["--exercise", "conv_by_kernel"], ["--resume"]):
        course.result_path("ann").write_text(json.dumps(old))
        assert tconv("grade", "01", *words).exit_code == 0
        assert course.result("ann") == before


def kept_and_resumed(course, tconv):
    """Insist that what has a result keeps it, whoever was first, and that the others get theirs."""
    before = {record["student"]: course.result_path(record["student"]).stat() for record in course.results()}
    assert "bob" not in before
    assert tconv("grade", "01", "--resume").exit_code == 0
    assert points(course) == {"ann": 9, "bob": 7, "cem": 0}
    assert all(course.result_path(student).stat() == stat for student, stat in before.items())


def test_a_folder_in_the_place_of_a_result_is_named_and_the_others_keep_theirs(course, tconv):
    course.result_path("bob").mkdir(parents=True)
    done = tconv("grade", "01")
    said = " ".join(done.output.split())
    assert (
        done.exit_code == 1
        and f"bob/{BOOK}.json must be a file that can be read and written: Is a dir" in said
    )
    assert "run it again with --resume" in said
    course.result_path("bob").rmdir()
    kept_and_resumed(course, tconv)


def test_a_full_disk_is_told_and_what_was_graded_stays(course, tconv, monkeypatch):
    write = Path.write_text

    def full(path, text, **options):
        if "bob" in path.parts:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, text, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        done = tconv("grade", "01")
    said = " ".join(done.output.split())
    assert done.exit_code == 1 and "/bob/" in said and "No space left on device; mend that and run it" in said
    kept_and_resumed(course, tconv)
