"""Points and verdicts, made outside the student's process, which never sees a reference or a seed.

A result comes here as a plain value or as `sandbox.Failed`; both were written by a stranger.
"""

import builtins
import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from ..exercises.checking import Verdict, changed_its_input, mistaken, never_returned, returned_nothing
from ..exercises.edition import student_edition
from ..exercises.table import Raised, encode, exercises, fits, kind, same
from .sandbox.run import Failed, Limits

ROUNDS = 3  # how often the random inputs are drawn

# The types whose names a verdict may tell: the name of a student's own could hold anything.
ERRORS = {
    name
    for home in (builtins, np.exceptions, np.linalg)
    for name, what in vars(home).items()
    if isinstance(what, type) and issubclass(what, Exception)
}

FAILURES = {
    "out of memory": "{name} needs more memory than the grader gives: how large are its arrays?",
    "ended": "{name} ended Python itself, so that nothing came back: leave out exit() and the like.",
    "not a plain result": "{name} returns something that is no array, number, text, tuple or list of these.",
    "too large": "{name} returns more than any right result holds: does a loop append too much?",
}


@dataclass(frozen=True)
class Question:
    """An exercise as the grader holds it: with its reference and its misconceptions."""

    master: object
    answers: object
    check: str  # the id of the cell that carries its points in nbgrader

    @property
    def name(self):
        return self.master.name


@dataclass(frozen=True)
class Assignment:
    """A master notebook: its exercises by name, and its student's edition."""

    name: str
    questions: dict
    edition: dict
    released: frozenset  # the edition's code cells

    @property
    def points(self):
        return sum(question.master.points for question in self.questions.values())


@cache
def load_assignment(name):
    """Return the Assignment of that name, from the repository; FileNotFoundError if there is none."""
    from . import answers as known

    text = (known.ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]
    marks = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    checks = {above["grade_id"]: below["grade_id"] for above, below in pairwise(marks)}
    of = known.answers()
    questions = {m.name: Question(m, of[m.name], checks[m.name]) for m in known.masters(name).values()}
    edition = student_edition(json.loads(text))
    for cell in edition["cells"]:
        cell["source"] = "".join(cell["source"])
    code = frozenset(cell["source"].strip() for cell in edition["cells"] if cell["cell_type"] == "code")
    return Assignment(name, questions, edition, code)


def draw(question, seed, student):
    """The inputs of one student, and which of them are in no table that a student could have read.

    seed : bytes that no student knows. The same seed and student always give the same inputs.
    """
    digest = hmac.digest(seed, json.dumps([student, question.name]).encode(), hashlib.sha256)
    rng = np.random.default_rng(int.from_bytes(digest))
    published, inputs = _published(question.name), {}
    for make in [question.answers.make] * ROUNDS + [question.answers.more] * bool(question.answers.more):
        inputs |= {_key(each): tuple(each) for each in make(rng)}
    return list(inputs.values()), [key not in published for key in inputs]


@cache
def _published(name):
    return set(map(_key, exercises()[name].inputs))


def _key(inputs):
    return json.dumps(encode(list(inputs)))


def score(question, drawn, values):
    """The row of an exercise in a result: points, verdict and hint, and no value of any input or result.

    drawn : what `draw` returned. values : what came out of the sandbox for these inputs.
    """
    from .answers import run

    inputs, fresh = drawn
    solution = question.master.solution()
    expected = [run(solution, each) for each in inputs]
    values = values if len(values) == len(inputs) else [Failed("ended")] * len(inputs)
    changed = [isinstance(value, Failed) and value.reason == "changed its input" for value in values]
    values = [_plain(value) for value in values]
    with np.errstate(all="ignore"):
        right = [not c and same(v, e) for v, c, e in zip(values, changed, expected, strict=True)]
        verdict = judge(question, inputs, values, expected, right)
    return row(
        question, verdict, question.master.points * credit(right, fresh, expected), sum(right), len(right)
    )


def row(question, verdict, points=0, right=0, of=0):
    """What is kept of a verdict."""
    return {
        "title": question.master.title,
        "points": points,
        "of": question.master.points,
        "verdict": verdict.sentence,
        "misconception": verdict.misconception,
        "hint": verdict.hint,
        "right": right,
        "inputs": of,
    }


def credit(right, fresh, expected):
    """1 if all is right, ½ if half of the unseen inputs are and no constant answer would do as well, else 0.

    Truth values get all or nothing: a coin would get half.

    >>> credit([True, True, False], [True, True, True], [1, 2, 3])
    0.5
    """
    if all(right):
        return 1
    unseen = [result for result, new in zip(expected, fresh, strict=True) if new]
    got = sum(good and new for good, new in zip(right, fresh, strict=True))
    guess = max(Counter(_key([result]) for result in unseen).values())
    answerable = not any(isinstance(result, bool | np.bool_) for result in expected)
    return 0.5 if answerable and 2 * got >= len(unseen) and got > guess else 0


def judge(question, inputs, values, expected, right):
    """The Verdict on a student's values: words of ours only, whatever the values are."""
    name = question.name
    if all(right):
        return Verdict(f"{name} is right on all {len(right)} inputs.", right=True)
    if known := _known(question, inputs, values):
        return mistaken(name, known)
    value, result = next((v, e) for v, e, good in zip(values, expected, right, strict=True) if not good)
    if same(value, result):
        return changed_its_input(name)
    if isinstance(value, Failed):
        return _failed(name, value)
    if isinstance(value, Raised):
        return _raised(name, value.name)
    if value is None:
        return returned_nothing(name)
    if not fits(value, result):
        said = f"{name} returns {kind(value)}, where {kind(result)} is asked for."
        return Verdict(said, misconception="wrong type")
    if isinstance(result, np.ndarray) and value.shape != result.shape:
        return Verdict(f"{name} returns an array of a wrong shape.", misconception="wrong shape")
    return Verdict(f"{name} is not right yet: {sum(right)} of {len(right)} inputs are.")


def missing(question, why=None):
    """The row of an exercise that was not written, or that Python cannot read."""
    return row(question, Verdict(f"{question.name}: {why or 'not yet.'}", misconception=why and "not Python"))


def _known(question, inputs, values):
    from .answers import run

    for wrong in question.answers.wrongs:
        if all(same(value, run(wrong.function, each)) for value, each in zip(values, inputs, strict=True)):
            return wrong
    return None


def _plain(value):
    """What was returned, if anything was; an exception by the name of its type, and by no other text."""
    if not isinstance(value, Failed) or value.reason not in ("raised", "changed its input"):
        return value
    if value.reason == "changed its input":
        return value.value
    name = value.text.split(":")[0].strip()
    return Raised(name if name in ERRORS else "an error of its own")


def _raised(name, error):
    if error == "NotImplementedError":
        return Verdict(f"{name}: not yet.")
    return Verdict(f"{name} raised {error}.", misconception="raises")


def _failed(name, failed):
    if failed.reason == "out of time":
        return never_returned(name, Limits().seconds)
    if failed.reason == "not defined":
        return Verdict(f"{name} is not defined when its cells have run.", misconception="not defined")
    said = FAILURES.get(failed.reason, FAILURES["ended"]).format(name=name)
    return Verdict(said, misconception=failed.reason)
