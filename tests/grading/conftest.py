"""A class of three: right, flipped, untouched."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import fake_sandbox
import pytest
from classroom import BOOK, FLIPPED, all_right, edition, hand_in, start_here
from typer.testing import CliRunner

from tconv_helpers import cli
from tconv_helpers.grading import pool
from tconv_helpers.grading.course import Course
from tconv_helpers.grading.gradebook import write_gradebook
from tconv_helpers.grading.sandbox import run as sandbox

HELPERS = Path(__file__).parents[1] / "helpers"


@pytest.fixture(scope="module")
def nbgrader():
    """Give what runs nbgrader's commands in a folder and returns what each said; all must succeed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # it calls alembic
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PATH": path}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}

    def answer(folder, words):
        print(json.dumps([str(folder), words]), file=process.stdin, flush=True)
        code, said = json.loads(process.stdout.readline())
        assert code == 0, said
        return said

    with subprocess.Popen([sys.executable, HELPERS / "nbgrader_process.py"], env=env, **pipes) as process:
        yield lambda folder, *commands: [answer(folder, words) for words in commands]


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
