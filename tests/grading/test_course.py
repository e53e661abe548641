"""One grader at a time in a course's folders."""

import subprocess
import sys

import pytest
from classroom import grade_here


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
