"""A class of three: right, flipped, untouched."""

import shutil

import fake_sandbox
import pytest
from classroom import BOOK, FLIPPED, all_right, edition, hand_in, start_here
from typer.testing import CliRunner

from tconv_helpers import cli
from tconv_helpers.grading import pool
from tconv_helpers.grading.course import Course
from tconv_helpers.grading.gradebook import write_gradebook
from tconv_helpers.grading.sandbox import run as sandbox


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


@pytest.fixture
def tconv(course, monkeypatch):
    """Give what runs a command beside the class, in the fake sandbox and with this process as its workers."""
    monkeypatch.chdir(course.root)
    monkeypatch.setattr(sandbox, "require", lambda: None)
    monkeypatch.setattr(sandbox, "run", fake_sandbox.run)
    monkeypatch.setattr(pool, "local_workers", lambda most, preload: start_here)
    monkeypatch.setenv("COLUMNS", "120")
    return lambda *words: CliRunner().invoke(cli.app, list(words))
