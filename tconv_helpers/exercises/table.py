"""The exercises as a student's package holds them: inputs and results, and no code that computes them.

`table.json` is written by `python -m tconv_helpers.grading.answers`, in the repository only.
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
    """What sort of thing a result is, in a student's words: a list and a tuple are the same here.

    >>> kind(np.array([1.5])), kind(7), kind(7.0), kind(np.array([1j]))
    ('an array of numbers', 'a whole number', 'a number', 'an array of complex numbers')
    """
    if value is None:
        return "nothing (None)"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if type(value) in (list, tuple):
        return "a list"
    if type(value) is int or isinstance(value, np.integer):
        return "a whole number"
    if type(value) is float or isinstance(value, np.floating):
        return "a number"
    if type(value) is np.ndarray:
        if not value.ndim:
            return kind(value[()])
        what = {**dict.fromkeys("biuf", "numbers"), "c": "complex numbers", "O": "objects", "U": "texts"}
        return f"an array of {what.get(value.dtype.kind, value.dtype)}"
    return "a text" if type(value) is str else f"an object of type {type(value).__name__}"


def kinds(value):
    """The kind of a list and of its first parts; a list may hold anything, and any number of it."""
    parts = [kind(part) for part in value[:4]]
    return f"{kind(value)} of ({', '.join(parts)}{', …' if len(value) > 4 else ''})"


def fits(given, wanted):
    """Whether a result is of the kind that is wanted; a whole number is a number, too."""
    kinds = kind(given), kind(wanted)
    return kinds[0] == kinds[1] or kinds == ("a whole number", "a number")


def same(given, wanted):
    """Whether a result is the one that is wanted: of its kind and shape, and close in value.

    >>> y = np.array([1, 2])
    >>> same(y, y + 0.0), same([1, 2], y), same(2.0, 2), same(2, 2.0)
    (True, False, False, True)
    """
    if isinstance(given, Exception | Raised) or isinstance(wanted, Exception | Raised):
        return _raised(given) == _raised(wanted)
    if not fits(given, wanted):
        return False
    if isinstance(given, list | tuple):
        return len(given) == len(wanted) and all(map(same, given, wanted))
    if kind(wanted) == "a whole number":
        return int(given) == int(wanted)  # which may be of any size
    if isinstance(given, int):
        given = float(max(-(10**300), min(given, 10**300)))
    if "number" in kind(given):
        return np.shape(given) == np.shape(wanted) and np.allclose(
            given, wanted, rtol=1e-7, atol=1e-9, equal_nan=True
        )
    return bool(given == wanted)


def _raised(value):
    """The name of the exception that a result is or stands for, None for any other result."""
    if isinstance(value, Raised):
        return value.name
    return type(value).__name__ if isinstance(value, Exception) else None


def show(value, depth=6):
    """A value in the few characters in which a student would write it.

    >>> show(np.array([[1, 2], [3, 4]])), show((2, 0.5)), show(np.array([1 / 3, 1.0]))
    ('[[1, 2], [3, 4]]', '(2, 0.5)', '[0.333333, 1]')
    >>> show(list(range(1000))), show(np.zeros((40, 40)))
    ('a list of 1000 entries', 'an array of shape (40, 40)')
    """
    match value:
        case np.ndarray():
            return show(value.tolist()) if value.size <= 60 else f"an array of shape {value.shape}"
        case list() | tuple() if len(value) > 60 or not depth:
            return f"a {type(value).__name__} of {len(value)} entries"
        case list() | tuple():
            inside = ", ".join(show(part, depth - 1) for part in value)
            return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(value) == 1)})"
        case float() | np.floating():
            return f"{value:.6g}"
        case np.generic():
            return repr(value.item())
        case None | bool() | int() | str() | complex() | LinearMap():
            text = repr(value)
            return text if len(text) <= 200 else text[:200] + "…"
    return f"an object of type {type(value).__name__}"  # whose repr is anyone's
