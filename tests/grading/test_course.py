"""A course's folders: one grader at a time, one secret, nothing half written."""

import subprocess
import sys

import pytest
from classroom import BOOK, grade_here


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


def test_the_secret_is_made_once_and_for_the_grader_alone(course):
    with course.locked():
        seed = course.seed()
        assert len(seed) == 32 and course.seed() == seed
    assert (course.root / "results/.seed").stat().st_mode & 0o777 == 0o600


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
