"""Inputs, other right solutions, wrong implementations: in the repository, never in the wheel.

The reference solution of an exercise stands once, in its master notebook. One module here for each notebook:

    conv_by_kernel = Answers("conv_by_kernel")

    @conv_by_kernel.inputs
    def _(rng): ...yield x, k              small integers, some of them fixed
    @conv_by_kernel.unseen
    def _(rng): ...yield x, k              more of them, for grading alone: not in the student's table
    @conv_by_kernel.right
    def with_slices(x, k): ...             the same function, written in another way
    @conv_by_kernel.wrong("the kernel is flipped", "The hint that a good tutor would give.")
    def flipped(x, k): ...

`python -m tconv_helpers.grading.answers` runs it all and writes the results, and no more, to `table.json`.
"""

import contextlib
import io
import json
import re
import tomllib
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from textwrap import indent
from typing import NamedTuple

import numpy as np

from ...exercises import cells
from ...exercises.quizzes import seal
from ...exercises.relations import CUT, HINTS
from ...exercises.table import Exercise, Misconception, as_row
from ...exercises.values import LinearMap
from .asked import columns

ROOT = Path(__file__).parents[3]
SEED = 0
# Zeros at both ends, both signs, small and large numbers, a neighbour that is the same, more than ten
FAR = np.array([0, 0, -3, 2018, 0.04, 2, 2, -1007, 0.5, 7, 130, -25, 0])
# Hints that serve many exercises
INTS_CUT = HINTS[CUT]
RETURNS_EARLY = (
    "Is there a `return` inside a loop? It ends the function in the first round: "
    "move it to the left, below all loops."
)


class Wrong(NamedTuple):
    """Name a wrong implementation, with the hint that a good tutor would give."""

    name: str
    hint: str
    function: object


@dataclass(eq=False)  # each is itself alone
class Answers:
    """Collect what is known of an exercise beside its master solution, by decorators."""

    name: str
    rights: list = field(default_factory=list)
    wrongs: list = field(default_factory=list)
    # From a np.random.Generator, argument tuples
    make_inputs: object = None
    # The same, for grading alone
    make_unseen: object = None

    def inputs(self, function):
        """Keep a generator of argument tuples from a np.random.Generator."""
        self.make_inputs = function
        return function

    def unseen(self, function):
        """Keep one of more inputs, for grading alone: where `inputs` hardly depends on its generator."""
        self.make_unseen = function
        return function

    def smallest_first(self, rng):
        """Return the inputs in the order in which a student should meet them."""
        return sorted(self.make_inputs(rng), key=lambda inputs: len(written(inputs)))

    def right(self, function):
        """Keep another right solution."""
        self.rights.append(function)
        return function

    def wrong(self, name, hint):
        """Keep a misconception, whose name ends the sentence "f is not right yet: ..."."""

        def keep(function):
            self.wrongs.append(Wrong(name, hint, function))
            return function

        return keep


class Master(NamedTuple):
    """Hold an exercise as its master notebook has it."""

    name: str
    notebook: str
    title: str
    points: int
    source: str
    statement: str
    # Of the cell that carries its points in nbgrader
    check_id: str

    def solution(self):
        """Return the reference solution, with NumPy and nothing else in reach."""
        namespace = {"np": np}
        exec(self.source, namespace)
        return namespace[self.name]


def masters(notebook="*"):
    """Return the exercises of the master notebooks, or of the named one, by name and in order."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob(f"{notebook}.ipynb")):
        book = json.loads(path.read_text(encoding="utf-8"))
        found |= {each.name: _master(path.stem, each) for each in cells.exercise_cells(book)}
    return found


def _master(notebook, exercise):
    name, prose, solution, check = exercise
    statement, check = cells.source(prose), cells.marks(check)
    title = re.search(r"^#+ (?:Exercise )?(.*)", statement)[1]
    return Master(
        name,
        notebook,
        title,
        points=check["points"],
        source=cells.source(solution),
        statement=statement,
        check_id=check["grade_id"],
    )


def answers_by_name():
    """Return the Answers of every exercise, by name."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("nb*.py"))
    found = [vars(import_module(f".{module}", __name__)).values() for module in modules]
    return {a.name: a for values in found for a in values if isinstance(a, Answers)}


def parameters_of(function):
    """Return the names of a function's arguments.

    >>> parameters_of(lambda x, k: x)
    ['x', 'k']
    """
    return list(function.__code__.co_varnames[: function.__code__.co_argcount])


def result_of(function, inputs):
    """Return the result of a call, or the exception that it raised; the inputs stay as they are."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            return function(*deepcopy(inputs))
    except Exception as error:
        return error


def table():
    """Return the rows of `table.json`: each exercise's inputs, right results and those of the wrong."""
    answers = answers_by_name()
    return {name: as_row(_exercise(master, answers[name])) for name, master in masters().items()}


def _exercise(master, answers):
    """Return the Exercise that a student's package holds of a master and its answers."""
    inputs, solution = answers.smallest_first(np.random.default_rng(SEED)), master.solution()

    def results(function):
        return [settled(result_of(function, each)) for each in inputs]

    parameters = parameters_of(solution)
    return Exercise(
        master.name,
        master.notebook,
        master.title,
        master.points,
        parameters=parameters,
        inputs=inputs,
        results=results(solution),
        misconceptions=[Misconception(w.name, w.hint, results(w.function)) for w in answers.wrongs],
        asked=columns(lambda each: settled(result_of(solution, each)), parameters, inputs),
        hints=[hints()[master.name][step] for step in ("idea", "worked")],
    )


def settled(result):
    """Return a result to 12 decimals: the next ones depend on the processor that multiplied the matrices."""
    if isinstance(result, list | tuple):
        return type(result)(map(settled, result))
    if isinstance(result, float | np.inexact) or (
        isinstance(result, np.ndarray) and result.dtype.kind in "fc"
    ):
        return np.round(result, 12) + 0.0  # no negative zero
    return result


def written(value):
    """Return a value as one would type it, all of it, to tell how small it is.

    >>> written((np.array([1, 2]), 0.5)), written(np.array([3], "uint8"))
    ('([1, 2], 0.5)', 'array([3], dtype=uint8)')
    """
    if isinstance(value, LinearMap):
        return written(value.matrix)
    if isinstance(value, np.ndarray):
        numbers = value.tolist()
        evident = np.array(numbers).dtype == value.dtype
        return str(numbers) if evident else f"array({numbers}, dtype={value.dtype})"
    if isinstance(value, list | tuple):
        return f"({', '.join(map(written, value))})"
    return str(value)


@cache
def hints():
    """Return what `hints.toml` has of each exercise: idea, worked case, its arguments and its result."""
    return tomllib.loads(Path(__file__).with_name("hints.toml").read_text(encoding="utf-8"))


def quiz_sources():
    """Return the quizzes as `quizzes.toml` has them, each answer with its explanation."""
    return tomllib.loads(Path(__file__).with_name("quizzes.toml").read_text(encoding="utf-8"))


def quizzes():
    """Return the rows of `quizzes.json`, the explanations sealed under their answers."""
    return {name: _quiz(name, **row) for name, row in quiz_sources().items()}


def _quiz(name, question, choices=None, numbers=None, otherwise=""):
    sealed = dict(seal(name, answer, why) for answer, why in (choices or numbers).items())
    shown = list(choices) if choices else None
    return {"question": question, "choices": shown, "sealed": sealed, "otherwise": otherwise}


def as_json_lines(value, depth=3):
    """Return JSON with a line for each entry down to a depth, so that a change shows as a short difference.

    >>> print(as_json_lines({"f": {"points": 2}}))
    {
     "f": {
      "points": 2
     }
    }
    """
    if not depth or not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        lines = [f"{json.dumps(key)}: {as_json_lines(part, depth - 1)}" for key, part in value.items()]
    else:
        lines = [as_json_lines(part, depth - 1) for part in value]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return f"{begin}\n" + indent(",\n".join(lines), " ") + f"\n{end}"
