"""Points and verdicts, made outside the student's process, which never sees a reference or a seed.

A result comes here as a plain value or as `sandbox.run.Failed`; both were written by a stranger.
"""

import builtins
import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from ..exercises.cells import source
from ..exercises.edition import student_edition
from ..exercises.table import Misconception, encode_results, exercises
from ..exercises.values import Raised, encode_arguments
from ..exercises.verdicts import Verdict, error_name, judge, never_returned, same
from .sandbox.run import OVER, STOPPED, Failed
from .words import words_asked

ROUNDS = 3  # how often the random inputs are drawn
HALF = 0.5  # of an exercise's points, for SHARE of its unseen inputs, see `credit`
SHARE = 0.75

# The types whose names a verdict may tell: the name of a student's own could hold anything.
ERRORS = {
    name
    for home in (builtins, np.exceptions, np.linalg)
    for name, what in vars(home).items()
    if isinstance(what, type) and issubclass(what, Exception)
}

FAILURES = {
    OVER: "{name} had no time left: a notebook has {seconds:g} seconds in all; which of its cells are slow?",
    "out of memory": "{name} needs more memory than the grader gives: how large are its arrays?",
    "ended": "{name} ended Python itself, so that nothing came back: leave out exit() and the like.",
    "not a plain result": "{name} returns something that is no array, number, text, tuple or list of these.",
    "too large": "{name} returns more than any right result holds: does a loop append too much?",
    "not defined": "{name} is not defined when its cells have run{because}.",
    STOPPED: "{name} is not defined: its cell was stopped after {seconds:g} seconds.",
}


@dataclass(frozen=True)
class Question:
    """Hold an exercise as the grader needs it: with its reference and its misconceptions."""

    master: object
    answers: object

    @property
    def name(self):
        """Return the name of the function to write."""
        return self.master.name

    @property
    def check(self):
        """Return the id of the cell that carries its points in nbgrader."""
        return self.master.check_id


@dataclass(frozen=True)
class Assignment:
    """Hold a master notebook: its exercises by name, and its student's edition."""

    name: str
    questions: dict
    edition: dict
    # The edition's cells, code and prose
    released: frozenset
    # Of the cells that a person grades, {grade_id: points}
    words: dict
    # Of all that a grade depends on: the master's code, its points, and its answers
    fingerprint: str

    @property
    def points(self):
        """Return the points of all its exercises."""
        return sum(question.master.points for question in self.questions.values())


@cache
def load_assignment(name):
    """Return the Assignment of that name, from the repository; FileNotFoundError if there is none."""
    from .answers import ROOT, answers_by_name, masters

    answers = answers_by_name()
    questions = {each.name: Question(each, answers[each.name]) for each in masters(name).values()}
    path = ROOT / "notebooks" / f"{name}.ipynb"
    edition = student_edition(json.loads(path.read_text(encoding="utf-8")))
    for cell in edition["cells"]:
        cell["source"] = source(cell)
    released = frozenset(cell["source"].strip() for cell in edition["cells"])
    words = words_asked(edition)
    fingerprint = _fingerprint(name, questions, words)
    return Assignment(name, questions, edition, released=released, words=words, fingerprint=fingerprint)


def _fingerprint(name, questions, words):
    """Return a text that is another one as soon as an exercise of a notebook is another one."""
    from .answers import __path__ as homes

    code = "".join(path.read_text(encoding="utf-8") for path in Path(homes[0]).glob(f"nb{name[:2]}.py"))
    masters = [each.master for each in questions.values()]
    return hashlib.sha256(json.dumps([masters, code, *([words] if words else [])]).encode()).hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Hold the inputs of one student, and what our own functions make of them, each called once."""

    question: Question
    inputs: list
    # Which are in no table that a student could have read
    fresh: list
    _results: dict = field(default_factory=dict, repr=False)

    @cached_property
    def wanted(self):
        """Return the right results."""
        from .answers import result_of

        return [result_of(self.solution, each) for each in self.inputs]

    @cached_property
    def solution(self):
        """Return the reference solution."""
        return self.question.master.solution()

    @cached_property
    def parameters(self):
        """Return the names of the arguments that the exercise's function takes."""
        from .answers import parameters_of

        return parameters_of(self.solution)

    @cached_property
    def asked(self):
        """Return {digest of the results: what was asked}, as an Exercise has it; it is hardly ever needed."""
        from .answers import result_of, settled
        from .answers.asked import columns

        return columns(lambda each: settled(result_of(self.solution, each)), self.parameters, self.inputs)

    @cached_property
    def weights(self):
        """Return for each unseen input how many misconceptions it tells from the right answer, else 0.

        So that half the points are for a slip at an edge, which few inputs see, and not for a wrong idea.
        """
        weights = [0] * len(self.inputs)
        for wrong in self.question.answers.wrongs:
            for place in (place for place, new in enumerate(self.fresh) if new):
                weights[place] += not same(self.result(wrong, place), self.wanted[place])
        return weights if any(weights) else list(map(int, self.fresh))

    def misconceptions(self):
        """Yield the misconceptions of the exercise, each computed only as far as it is compared."""
        for wrong in self.question.answers.wrongs:
            results = (self.result(wrong, place) for place in range(len(self.inputs)))
            yield Misconception(wrong.name, wrong.hint, results)

    def result(self, wrong, place):
        """Return the result of a wrong function on the input at a place."""
        from .answers import result_of

        if (wrong, place) not in self._results:
            self._results[wrong, place] = result_of(wrong.function, self.inputs[place])
        return self._results[wrong, place]


def draw(question, seed, student):
    """Return the Drawn inputs of one student.

    seed : bytes that no student knows. The same seed and student always give the same inputs.
    """
    rng = generator(seed, student, question.name)
    published, inputs, answers = _published(question.name), {}, question.answers
    for make in [answers.make_inputs] * ROUNDS + [answers.make_unseen] * bool(answers.make_unseen):
        inputs |= {key(each): tuple(each) for each in make(rng)}
    return Drawn(question, list(inputs.values()), [each not in published for each in inputs])


@cache
def _published(name):
    return set(map(key, exercises()[name].inputs))


def generator(seed, *words):
    """Return the np.random.Generator that a secret seed and some words stand for."""
    digest = hmac.digest(seed, json.dumps(words).encode(), hashlib.sha256)
    return np.random.default_rng(int.from_bytes(digest))


def key(inputs):
    """Return the text that equal inputs share."""
    return json.dumps(encode_arguments(inputs))


def score(drawn, values):
    """Return the row of an exercise in a result: points, verdict, hint, and no value of any input or result.

    drawn : what `draw` returned. values : what came out of the sandbox for these inputs.
    """
    question, wanted = drawn.question, drawn.wanted
    values = values if len(values) == len(wanted) else [Failed("ended")] * len(wanted)
    unchanged = [not (isinstance(v, Failed) and v.reason == "changed its input") for v in values]
    values = [plain(value) for value in values]
    with np.errstate(all="ignore"):
        right = [kept and same(v, w) for v, w, kept in zip(values, wanted, unchanged, strict=True)]
        verdict = _verdict(drawn, values, right)
        weights = drawn.fresh if all(right) else drawn.weights
    points = question.master.points * credit(right, weights, wanted)
    return row(question, verdict, points=points, right=sum(right), of=len(right))


def row(question, verdict, *, points=0, right=0, of=0):
    """Return what is kept of a verdict."""
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


def credit(right, weights, wanted):
    """Return 1 if all is right, HALF for SHARE of the weight where no constant does as well, else 0.

    weights : of each input, 0 for those that a student could have read. Truth values get all or nothing: a
    coin would get half.

    >>> [credit([True, True, True, False], weights, [1, 2, 3, 4]) for weights in ([2, 2, 2, 1], [1, 1, 1, 2])]
    [0.5, 0]
    """
    if all(right):
        return 1
    unseen = [result for result, weight in zip(wanted, weights, strict=True) if weight]
    got = sum(good and weight > 0 for good, weight in zip(right, weights, strict=True))
    share = sum(weight for good, weight in zip(right, weights, strict=True) if good) / sum(weights)
    guess = max(Counter(map(json.dumps, encode_results(unseen))).values())
    answerable = not any(isinstance(result, bool | np.bool_) for result in wanted)
    return HALF if answerable and share >= SHARE and got > guess else 0


def missing(question, why=None):
    """Return the row of an exercise that was not written, or that Python cannot read."""
    return row(question, Verdict(f"{question.name}: {why or 'not yet.'}", misconception=why and "not Python"))


def _verdict(drawn, values, right):
    """Return the Verdict on a student's values: words of ours only, whatever the values are."""
    name = drawn.question.name
    first = next((value for value, good in zip(values, right, strict=True) if not good), None)
    if isinstance(first, Failed):
        return _failed(name, first)
    if error_name(first) == "NotImplementedError":
        return Verdict(f"{name}: not yet.")
    known = drawn.misconceptions()
    return judge(name, values, drawn.wanted, right, misconceptions=known, about=drawn)


def plain(value):
    """Return what came back, if anything did; an exception by the name of its type, and by no other text."""
    if not isinstance(value, Failed) or value.reason not in ("raised", "changed its input"):
        return value
    if value.reason == "changed its input":
        return value.value
    name = value.text.split(":")[0].strip()
    return Raised(name if name in ERRORS else "an error of its own")


def _failed(name, failed):
    if failed.reason == "out of time":
        return never_returned(name, failed.seconds)
    error = failed.text.split(":")[0].strip()
    because = f": {error} stopped the cell before" if error in ERRORS else ""
    words = {"name": name, "seconds": failed.seconds, "because": because}
    said = FAILURES.get(failed.reason, FAILURES["ended"]).format(**words)
    return Verdict(said, misconception=failed.reason)
