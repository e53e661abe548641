"""Points and verdicts: right solutions get all, each misconception its name, a stranger's values nothing."""

import json
from functools import cache
from pathlib import Path

import fake_sandbox
import numpy as np
import pytest
from classroom import ASKED, POINTS, SEED, edition, solved

from tconv_helpers.exercises.checking import diagnose
from tconv_helpers.exercises.table import exercises
from tconv_helpers.grading import answers as known
from tconv_helpers.grading.sandbox.run import Failed
from tconv_helpers.grading.score import HALF, draw, load_assignment, missing, score

BOOKS = sorted({master.notebook for master in known.masters().values()})
QUESTIONS = {name: question for book in BOOKS for name, question in load_assignment(book).questions.items()}
each_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))


@cache
def drawn(name):
    """Return the Drawn inputs of ann, so that all of these tests share the right and wrong results."""
    return draw(QUESTIONS[name], SEED, "ann")


def values(question, function):
    """Return what a function returns on ann's inputs, as the sandbox tells it."""
    return [fake_sandbox.call(function, each) for each in drawn(question.name).inputs]


def marked(question, function):
    return score(drawn(question.name), values(question, function))


@each_question
def test_right_solutions_get_all_points(question):
    for function in [question.master.solution(), *question.answers.rights]:
        assert marked(question, function)["points"] == question.master.points


@each_question
def test_each_misconception_is_named_and_gets_half_at_most(question):
    for wrong in question.answers.wrongs:
        got = marked(question, wrong.function)
        assert (got["misconception"], got["hint"]) == (wrong.name, wrong.hint)
        assert got["points"] in (0, HALF * question.master.points)


@each_question
def test_nothing_is_earned_by_the_published_table_or_by_a_constant(question):
    results, fresh = values(question, question.master.solution()), drawn(question.name).fresh
    assert sum(fresh) >= 4
    table = [result if not new else None for result, new in zip(results, fresh, strict=True)]
    assert score(drawn(question.name), table)["points"] == 0
    for constant in results:
        assert score(drawn(question.name), [constant] * len(results))["points"] == 0


def test_students_get_inputs_of_their_own_that_stay_the_same():
    question = QUESTIONS["conv_by_kernel"]
    one, again, other = (str(draw(question, SEED, student).inputs) for student in ("ann", "ann", "bob"))
    assert one == again != other != str(draw(question, b"another seed", "bob").inputs)


def test_half_the_inputs_give_half_the_points():
    question = QUESTIONS["conv_by_kernel"]
    solution = question.master.solution()
    got = marked(question, lambda x, k: solution(x, k) if len(x) < 8 or not x[0] % 3 else solution(x, k) + 1)
    assert got["points"] in (0, 1) and got["right"] < got["inputs"]
    cut = marked(question, lambda x, k: solution(x, k).astype(int))  # of whole numbers nothing is cut off
    assert (cut["points"], cut["misconception"]) == (1, "yours is the right result cut to whole numbers")


FAILURES = {
    Failed("out of time"): ("was stopped after", "never returns"),
    Failed("out of memory"): ("more memory", "out of memory"),
    Failed("ended"): ("ended Python", "ended"),
    Failed("not defined"): ("when its cells have run.", "not defined"),
    Failed("not defined", "IndexError: SEEN"): (": IndexError stopped the cell before.", "not defined"),
    Failed("not defined", "SEEN: x"): ("when its cells have run.", "not defined"),
    Failed("not a plain result"): ("no array", "not a plain result"),
    Failed("too large"): ("more than any right", "too large"),
    Failed("raised", "IndexError: SEEN"): ("raised IndexError.", "raises"),
    Failed("raised", "<b>SEEN: x"): ("raised an error of its own.", "raises"),
    Failed("raised", "NotImplementedError"): ("not yet.", None),
    Failed("changed its input", value=np.array([1])): ("wrong shape", "wrong shape"),
    Failed("something new"): ("ended Python", "something new"),
}


@pytest.mark.parametrize("failed", FAILURES, ids=str)
def test_every_failure_has_its_sentence_and_no_words_of_the_student(failed):
    asked = drawn("conv_by_kernel")
    got = score(asked, [failed] * len(asked.inputs))
    says, name = FAILURES[failed]
    assert got["points"] == 0 and says in got["verdict"] and got["misconception"] == name
    assert "SEEN" not in json.dumps(got)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        np.nan,
        (),
        [],
        [[[]]],
        np.zeros((0, 3)),
        np.full(2, np.nan),
        10**400,
        -1,
        True,
        ((1, 2), "x"),
    ],
    ids=str,
)
def test_every_plain_value_has_a_verdict(value):
    for asked in map(drawn, QUESTIONS):
        got = score(asked, [value] * len(asked.inputs))
        assert got["points"] == 0 and len(got["verdict"]) < 300


@pytest.mark.parametrize("values", [[], [1], [1] * 1000], ids=len)
def test_a_wrong_number_of_results_is_none(values):
    assert score(drawn("conv_by_kernel"), values)["points"] == 0


def test_all_exercises_have_their_points_from_the_master():
    assert {name: q.master.points for name, q in ASKED.questions.items()} == POINTS
    assert solved() == edition() and Path(known.__file__).parent.name == "answers"


def test_at_most_one_misconception_in_eight_gets_half():
    """Half is for a slip at an edge, which shows on few inputs: `pytest -rP` prints who gets it."""
    wrongs = [(question, wrong) for question in QUESTIONS.values() for wrong in question.answers.wrongs]
    half = [f"{q.name}: {wrong.name}" for q, wrong in wrongs if marked(q, wrong.function)["points"]]
    print(f"{len(half)} of {len(wrongs)} get half", *half, sep="\n")
    assert len(half) <= len(wrongs) / 8


def test_what_no_misconception_equals_is_told_by_what_is_true_of_it():
    """As `check` does, on inputs of the student's own; in these words it is counted for the class."""
    question = QUESTIONS["conv_by_kernel"]
    right = question.master.solution()
    for wrong, said in [
        (lambda x, k: right(x, k) * 2, "yours is the right result times 2"),
        (lambda x, k: right(x, k[::-1])[::-1], "yours works as if x were reversed"),
    ]:
        got = marked(question, wrong)
        assert got["misconception"] == said
        assert got["verdict"] == f"conv_by_kernel is not right yet: {said}."


def test_what_would_tell_of_the_inputs_is_kept_back():
    """`check` says where an answer is right, whose inputs are in the table; here nobody may know them."""
    question = QUESTIONS["conv_by_kernel"]
    right = question.master.solution()

    def only_short(x, k):
        return right(x, k) if len(x) < 5 else right(x, k) + np.arange(len(x) - len(k) + 1) ** 2 + 3

    exercise = exercises()["conv_by_kernel"]
    assert "right on all" in diagnose(only_short, exercise).sentence
    assert marked(question, only_short)["verdict"] == "conv_by_kernel is not right yet."


def test_all_that_python_cannot_read_is_counted_as_one_mistake():
    question = QUESTIONS["conv_by_kernel"]
    assert missing(question)["misconception"] is None
    assert missing(question, "its line 2 is none.")["misconception"] == "not Python"
