"""Points for knowing nothing: no small program earns one, though it has the published table beside it."""

import numpy as np
import pytest
from classroom import SEED
from small_programs import small_programs

from tconv_helpers.exercises.table import exercises
from tconv_helpers.exercises.verdicts import same
from tconv_helpers.grading.answers import masters
from tconv_helpers.grading.score import credit, draw, load_assignment

BOOKS = sorted({master.notebook for master in masters().values()})
QUESTIONS = {name: question for book in BOOKS for name, question in load_assignment(book).questions.items()}


def earning(question, student):
    """Return the small programs that earn points of an exercise, and how many were tried."""
    exercise = exercises()[question.name]
    table = list(zip(exercise.inputs, exercise.results, strict=True))
    drawn = draw(question, SEED, student)
    inputs, fresh, wanted = drawn.inputs, drawn.fresh, drawn.wanted
    unseen = [number for number, new in enumerate(fresh) if new]
    found, tried, earned = [], 0, {}
    for said, results in small_programs([inputs[number] for number in unseen], table):
        right = [True] * len(inputs)
        for number, result in zip(unseen, results, strict=True):
            right[number] = alike(result, wanted[number])
        tried += 1
        pattern = tuple(right)
        if pattern not in earned:
            earned[pattern] = credit(right, fresh, wanted)
        if earned[pattern]:
            found.append(said)
    return found, tried


def alike(result, wanted):
    """Return whether a result is right; for plain numbers without the long way of `same`."""
    plain = (bool, int, float, np.number, np.bool_)
    if isinstance(result, plain) or result is None:
        booleans = isinstance(result, bool) == isinstance(wanted, bool | np.bool_)
        return (
            result is not None
            and isinstance(wanted, plain)
            and booleans
            and abs(float(result) - float(wanted)) < 1e-9
        )
    return same(result, wanted)


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_small_program_earns_a_point(name):
    for student in ("ann", "bob", "cem"):
        found, tried = earning(QUESTIONS[name], student)
        assert not found, found[:5]
        assert tried > 10


@pytest.mark.parametrize(
    "said, function",
    {
        "sub(2, argument 1)": lambda x, p: 2 - p,
        "floordiv(size 0 of argument 0, argument 1)": lambda x, p: len(x) // p,
        "rule by argument 1": lambda x, p: {1: 4, 2: 9, 3: 5}[p],
        "argument 0, turned round": lambda x, p: x[::-1],
        "mul(argument 0, argument 1)": lambda x, p: x * p,
        "constant": lambda x, p: 7,
    }.items(),
    ids=lambda value: (
        value if isinstance(value, str) else ""
    ),  # a function's address is another in each worker
)
def test_the_search_finds_a_small_program(said, function):
    inputs = [(np.arange(n), p) for n in (1, 4, 6) for p in (1, 2, 3)]
    wanted = [function(*each) for each in inputs]
    programs = small_programs(inputs, list(zip(inputs, wanted, strict=True)))
    assert said in [name for name, got in programs if all(map(alike, got, wanted))]
