"""Every notebook through the real sandbox: each right solution and each misconception, handed in."""

import json
from functools import cache
from itertools import zip_longest

import pytest
from answer_cells import as_a_cell
from classroom import solved

from tconv_helpers.grading import grade
from tconv_helpers.grading.answers import masters
from tconv_helpers.grading.grade import Task, grade_one
from tconv_helpers.grading.score import HALF, load_assignment
from tconv_helpers.grading.submissions import Submission

pytestmark = pytest.mark.usefixtures("real_sandbox")
BOOKS = sorted({master.notebook for master in masters().values()})


@pytest.fixture(autouse=True)
def drawn_once(monkeypatch):
    """It is the same student in each round: what is right and wrong on her inputs is computed once."""
    monkeypatch.setattr(grade, "draw", cache(grade.draw))


def graded(book, code):
    """Return the rows of a student who handed in these cells in the place of a notebook's stubs."""
    submission = Submission("ann", json.dumps(solved(book, **code)).encode())
    record = grade_one(Task(book, submission, b"the seed of these tests")).record
    assert record["problem"] is None
    return {name: record["exercises"][name] for name in code}


def rounds(questions, functions):
    """Yield one function of each exercise after the other, until none has any left: {name: function}."""
    each = {name: functions(question.answers) for name, question in questions.items()}
    for taken in zip_longest(*each.values()):
        yield {name: function for name, function in zip(each, taken, strict=True) if function}


def as_cells(functions):
    return {name: as_a_cell(name, function) for name, function in functions.items()}


@pytest.mark.parametrize("book", BOOKS)
def test_every_right_solution_gets_all_points(book):
    questions = load_assignment(book).questions
    handed_in = [as_cells(functions) for functions in rounds(questions, lambda answers: answers.rights)]
    for code in [{name: question.master.source for name, question in questions.items()}, *handed_in]:
        for name, row in graded(book, code).items():
            assert (row["points"], row["misconception"]) == (row["of"], None), (name, row)


@pytest.mark.parametrize("book", BOOKS)
def test_every_misconception_is_named_and_gets_half_at_most(book):
    questions = load_assignment(book).questions
    for wrongs in rounds(questions, lambda answers: answers.wrongs):
        code = as_cells({name: wrong.function for name, wrong in wrongs.items()})
        for name, row in graded(book, code).items():
            assert (row["misconception"], row["hint"]) == (wrongs[name].name, wrongs[name].hint), (name, row)
            assert row["points"] in (0, HALF * row["of"])
