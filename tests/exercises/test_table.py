"""The table holds what an exercise is checked with, as plain values, maps and the names of exceptions."""

import json
from dataclasses import replace

import pytest

from tconv_helpers.exercises.table import (
    Misconception,
    as_row,
    decode_results,
    encode_results,
    exercises,
    from_row,
)
from tconv_helpers.exercises.values import Raised
from tconv_helpers.exercises.verdicts import same

CONV = exercises()["conv_by_kernel"]


def test_a_table_holds_exceptions_by_their_names():
    results = [ValueError("no"), 3, Raised("IndexError")]
    assert decode_results(encode_results(results)) == [Raised("ValueError"), 3, Raised("IndexError")]
    assert same(Raised("ValueError"), ValueError("other")) and not same(Raised("ValueError"), KeyError())


@pytest.mark.parametrize(
    "odd",
    [
        {"results": [{1: 2}]},
        {"inputs": [({1: 2},)]},
        {"misconceptions": [Misconception("odd", "hint", [{1: 2}])]},
    ],
    ids=list,
)
def test_a_table_refuses_what_is_not_plain(odd):
    with pytest.raises(TypeError, match="a table holds arrays, numbers, texts") as error:
        as_row(replace(CONV, **odd))
    assert "{1: 2}" in str(error.value)


def test_a_row_is_what_an_exercise_was():
    for name, exercise in exercises().items():
        row = json.dumps(as_row(exercise))
        back = from_row(name, **json.loads(row))
        assert json.dumps(as_row(back)) == row and back.name == name
        assert back.parameters == exercise.parameters and len(back.inputs) == len(exercise.inputs)
