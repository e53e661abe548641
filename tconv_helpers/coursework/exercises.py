"""The exercises as a student's package holds them: inputs and results, and no code that computes them.

`table.json` is written by `python -m tconv_helpers.coursework.answers`, in the repository only.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np


class LinearMap:
    """The function v -> matrix @ v, for exercises that take a function."""

    def __init__(self, matrix):
        self.matrix = np.asarray(matrix)

    def __call__(self, v):
        return self.matrix @ v

    def __repr__(self):
        return f"(v -> {show(self.matrix)} @ v)"


@dataclass(frozen=True)
class Misconception:
    """A named wrong implementation: what it returns on each input, and what a tutor says to it."""

    name: str
    hint: str
    results: list


@dataclass(frozen=True)
class Exercise:
    """A function to write: its inputs, smallest first, and the right result on each."""

    name: str
    notebook: str
    title: str
    points: int
    parameters: list
    inputs: list
    results: list
    misconceptions: list


@cache
def exercises():
    """All exercises by name, in the order of the course."""
    table = json.loads(files(__package__).joinpath("table.json").read_text(encoding="utf-8"))
    return {name: _exercise(name, **row) for name, row in table.items()}


def _exercise(name, inputs, results, misconceptions, **rest):
    wrong = [Misconception(m["name"], m["hint"], decode(m["results"])) for m in misconceptions]
    return Exercise(name, inputs=decode(inputs), results=decode(results), misconceptions=wrong, **rest)


def encode(value):
    """A result or an input as JSON can hold it; an exception is held by its name."""
    match value:
        case np.ndarray():
            data = {"array": value.tolist()}
            if np.array(value.tolist()).dtype != value.dtype:
                data["dtype"] = str(value.dtype)
            return data if value.size else {**data, "shape": list(value.shape)}
        case np.generic():
            return value.item()
        case tuple():
            return {"tuple": [encode(part) for part in value]}
        case list():
            return [encode(part) for part in value]
        case LinearMap():
            return {"map": value.matrix.tolist()}
        case Exception():
            return {"raises": type(value).__name__}
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"a table holds arrays, numbers, texts, tuples, lists and LinearMaps: got {value!r}")


def decode(data):
    """What `encode` was given; of an exception, `Raised` with its name."""
    match data:
        case {"array": array}:
            return np.array(array, data.get("dtype")).reshape(data.get("shape", np.shape(array)))
        case {"tuple": parts}:
            return tuple(decode(part) for part in parts)
        case {"map": matrix}:
            return LinearMap(matrix)
        case {"raises": name}:
            return Raised(name)
        case list():
            return [decode(part) for part in data]
    return data


@dataclass(frozen=True)
class Raised:
    """Stands for an exception of that type."""

    name: str


def kind(value):
    """What sort of thing a result is, in a student's words: a list and a tuple are the same here."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if type(value) in (list, tuple):
        return "a list or tuple"
    if type(value) is np.ndarray and value.ndim and value.dtype.kind in "biuf":
        return "an array of numbers"
    if type(value) in (int, float) or (type(value) is np.ndarray or isinstance(value, np.generic)):
        return "a number" if np.asarray(value).dtype.kind in "iuf" else f"a {type(value).__name__}"
    return "a text" if type(value) is str else f"a {type(value).__name__}"


def kinds(value):
    """The kind of a result and, of a list or tuple, the kinds of its parts."""
    inside = f" of ({', '.join(map(kind, value))})" if isinstance(value, list | tuple) else ""
    return kind(value) + inside


def same(ours, theirs):
    """Whether two results are the same: of one kind and shape, and close in value.

    >>> same(np.array([1, 2]), np.array([1.0, 2.0])), same(np.array([1, 2]), [1, 2]), same(2, True)
    (True, False, False)
    """
    if isinstance(ours, Exception | Raised) or isinstance(theirs, Exception | Raised):
        return _raised(ours) == _raised(theirs)
    if kind(ours) != kind(theirs):
        return False
    if isinstance(ours, list | tuple):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if kind(ours) in ("an array of numbers", "a number"):
        return np.shape(ours) == np.shape(theirs) and np.allclose(
            ours, theirs, rtol=1e-7, atol=1e-9, equal_nan=True
        )
    return bool(ours == theirs)


def _raised(value):
    return (
        value.name
        if isinstance(value, Raised)
        else type(value).__name__
        if isinstance(value, Exception)
        else None
    )


def show(value):
    """A value in the few characters in which a student would write it.

    >>> show(np.array([[1, 2], [3, 4]])), show((2, 0.5)), show(np.array([1 / 3, 1.0]))
    ('[[1, 2], [3, 4]]', '(2, 0.5)', '[0.333333, 1]')
    """
    match value:
        case np.ndarray():
            return show(value.tolist()) if value.size <= 60 else f"an array of shape {value.shape}"
        case tuple():
            return "(" + ", ".join(map(show, value)) + ("," if len(value) == 1 else "") + ")"
        case list():
            return "[" + ", ".join(map(show, value)) + "]"
        case float() | np.floating():
            return f"{value:.6g}"
        case np.generic():
            return repr(value.item())
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"
