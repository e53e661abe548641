"""A class of three: right, flipped, untouched."""

import shutil

import pytest
from classroom import BOOK, FLIPPED, all_right, edition, hand_in

from tconv_helpers.grading.course import Course
from tconv_helpers.grading.gradebook import write_gradebook


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """Give a gradebook that knows the assignment and nobody: nbgrader takes seconds to make one."""
    root = tmp_path_factory.mktemp("blank")
    course = Course(root, root / "submitted", BOOK)
    write_gradebook(course)
    return course.gradebook_path


@pytest.fixture
def course(tmp_path, blank):
    """Give the Course of ann, whose answers are right, bob, who flips one kernel, and cem, who wrote none."""
    shutil.copy(blank, tmp_path)
    submitted = tmp_path / "submitted"
    hand_in(submitted, "ann", all_right())
    hand_in(submitted, "bob", all_right(conv_by_kernel=FLIPPED))
    hand_in(submitted, "cem", edition())
    return Course(tmp_path, submitted, BOOK)
