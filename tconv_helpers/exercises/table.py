"""The exercises as a student's package holds them: inputs and results, and no code that computes them.

`table.json` is written by `python -m tconv_helpers.grading.answers`, in the repository only.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from .values import NotPlain, Raised, decode, decode_arguments, encode, encode_arguments
from .verdicts import error_name


@dataclass(frozen=True)
class Misconception:
    """Name a wrong implementation, with what it returns on each input and what a tutor says to it."""

    name: str
    hint: str
    results: list


@dataclass(frozen=True)
class Exercise:
    """Describe a function to write: its inputs, smallest first, and the right result on each."""

    name: str
    notebook: str
    title: str
    points: int
    parameters: list
    inputs: list
    results: list
    misconceptions: list
    # Of results, what the right function was asked to give them
    asked: dict = field(default_factory=dict)
    # For who asks for more: the idea, and a worked case
    hints: list = field(default_factory=list)


@cache
def exercises():
    """Return all exercises by name, in the order of the course."""
    table = json.loads(files(__package__).joinpath("table.json").read_text(encoding="utf-8"))
    return {name: from_row(name, **row) for name, row in table.items()}


def from_row(name, inputs, results, misconceptions, **rest):
    """Return the Exercise whose `as_row` this is."""
    wrong = [Misconception(m["name"], m["hint"], decode_results(m["results"])) for m in misconceptions]
    inputs = [tuple(decode_arguments(each, readable=True)) for each in inputs]
    return Exercise(name, inputs=inputs, results=decode_results(results), misconceptions=wrong, **rest)


def as_row(exercise):
    """Return what `table.json` holds under an exercise's name; TypeError for a value that is not plain."""
    wrong = [vars(each) | {"results": encode_results(each.results)} for each in exercise.misconceptions]
    inputs = [_held(encode_arguments, each) for each in exercise.inputs]
    results = encode_results(exercise.results)
    row = vars(exercise) | {"inputs": inputs, "results": results, "misconceptions": wrong}
    del row["name"]
    return row


def encode_results(results):
    """Return results as JSON holds them; an exception is held by its name."""
    named = [(error_name(result), result) for result in results]
    return [["raises", name] if name is not None else _held(encode, result) for name, result in named]


def decode_results(data):
    """Return what `encode_results` was given; of an exception, `Raised` with its name."""
    return [_result(each) for each in data]


def _result(data):
    match data:
        case ["raises", name]:
            return Raised(name)
    return decode(data, readable=True)


def _held(encode, value):
    try:
        return encode(value, readable=True)
    except NotPlain as error:
        what = "arrays, numbers, texts, tuples, lists and LinearMaps"
        raise TypeError(f"a table holds {what}: got {value!r}") from error
