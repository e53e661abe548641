"""`tconv grade` and `tconv export`: tables, a picture, a code that tells, and refusals in a sentence."""

import json

import fake_sandbox
import pytest
from classroom import BOOK, hand_in, no_sandbox, start_here
from typer.testing import CliRunner

from tconv_helpers import cli
from tconv_helpers.grading import pool
from tconv_helpers.grading.sandbox import run as sandbox


@pytest.fixture
def tconv(course, monkeypatch):
    """Give what runs a command beside the class, in the fake sandbox and with this process as its workers."""
    monkeypatch.chdir(course.root)
    monkeypatch.setattr(sandbox, "require", lambda: None)
    monkeypatch.setattr(sandbox, "run", fake_sandbox.run)
    monkeypatch.setattr(pool, "local_workers", lambda most, preload: start_here)
    monkeypatch.setenv("COLUMNS", "120")
    return lambda *words: CliRunner().invoke(cli.app, list(words))


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
    assert (course.root / "results" / f"{BOOK}.png").stat().st_size > 1000
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
