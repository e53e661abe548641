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
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np

from ...exercises.quizzes import seal
from ...exercises.table import encode

ROOT = Path(__file__).parents[3]
SEED = 0


class Wrong(NamedTuple):
    name: str
    hint: str
    function: object


@dataclass
class Answers:
    """What is known of one exercise beside its master solution."""

    name: str
    rights: list = field(default_factory=list)
    wrongs: list = field(default_factory=list)
    make: object = None
    more: object = None

    def inputs(self, make):
        """A generator of argument tuples from a np.random.Generator."""
        self.make = make
        return make

    def unseen(self, more):
        """More inputs, which only grading uses: where `inputs` hardly depends on its generator."""
        self.more = more
        return more

    def smallest_first(self, rng):
        """The inputs in the order in which a student should meet them."""
        return sorted(self.make(rng), key=lambda inputs: len(json.dumps(encode(inputs))))

    def right(self, function):
        self.rights.append(function)
        return function

    def wrong(self, name, hint):
        """A misconception: its name ends the sentence "f is not right yet: ..."."""

        def keep(function):
            self.wrongs.append(Wrong(name, hint, function))
            return function

        return keep


class Master(NamedTuple):
    """An exercise as its master notebook has it."""

    name: str
    notebook: str
    title: str
    points: int
    source: str
    statement: str

    def solution(self):
        """The reference solution, with NumPy and nothing else in reach."""
        namespace = {"np": np}
        exec(self.source, namespace)
        return namespace[self.name]


def masters(notebook="*"):
    """The exercises of the master notebooks, or of the named one, by name and in order."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob(f"{notebook}.ipynb")):
        cells = nbformat.read(path, 4).cells
        for above, cell, below in zip(cells, cells[1:], cells[2:], strict=False):
            if cell.metadata.get("nbgrader", {}).get("solution"):
                name = re.search(r"^def (\w+)", cell.source, re.M)[1]
                title = re.search(r"^#+ (?:Exercise )?(.*)", above.source)[1]
                points = below.metadata.nbgrader.points
                found[name] = Master(name, path.stem, title, points, cell.source, above.source)
    return found


def answers():
    """The Answers of every exercise, by name."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("nb*.py"))
    found = [vars(import_module(f".{module}", __name__)).values() for module in modules]
    return {a.name: a for values in found for a in values if isinstance(a, Answers)}


def run(function, inputs):
    """The result of a call, or the exception that it raised; the inputs stay as they are."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            return function(*deepcopy(inputs))
    except Exception as error:
        return error


def table():
    """The rows of `table.json`: of each exercise the inputs, the right results and those of the wrong."""
    known = answers()
    return {name: _row(master, known[name]) for name, master in masters().items()}


def _row(master, known):
    inputs = known.smallest_first(np.random.default_rng(SEED))
    solution = master.solution()
    results = [run(solution, each) for each in inputs]
    code = solution.__code__
    wrongs = [
        {
            "name": w.name,
            "hint": w.hint,
            "results": encode(settled([run(w.function, each) for each in inputs])),
        }
        for w in known.wrongs
    ]
    return {
        "notebook": master.notebook,
        "title": master.title,
        "points": master.points,
        "parameters": list(code.co_varnames[: code.co_argcount]),
        "inputs": encode(inputs),
        "results": encode(settled(results)),
        "misconceptions": wrongs,
    }


def settled(result):
    """A result to 12 decimals: those behind depend on the processor that the matrix product was made for."""
    if isinstance(result, list | tuple):
        return type(result)(map(settled, result))
    if isinstance(result, float | np.inexact) or (
        isinstance(result, np.ndarray) and result.dtype.kind in "fc"
    ):
        return np.round(result, 12) + 0.0  # no negative zero
    return result


def quizzes():
    """The rows of `quizzes.json` from `quizzes.toml`, its explanations sealed under their answers."""
    rows = tomllib.loads(Path(__file__).with_name("quizzes.toml").read_text(encoding="utf-8"))
    return {name: _quiz(name, **row) for name, row in rows.items()}


def _quiz(name, question, choices=None, numbers=None, otherwise=""):
    sealed = dict(seal(name, answer, why) for answer, why in (choices or numbers).items())
    shown = list(choices) if choices else None
    return {"question": question, "choices": shown, "sealed": sealed, "otherwise": otherwise}


def text(rows):
    """JSON with a line for each exercise's part, so that a change shows as a short difference."""
    lines = []
    for name, row in rows.items():
        parts = [
            f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in row.items()
        ]
        lines.append(f"{json.dumps(name)}: {{\n" + ",\n".join(parts) + "\n}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
