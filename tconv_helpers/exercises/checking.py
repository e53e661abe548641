"""`check`: run a student's function and say, like a tutor, what is wrong with it."""

import inspect
import io
import linecache
import textwrap
import traceback
import warnings
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from .table import exercises, fits, kind, kinds, same, show
from .timelimit import OutOfTime, time_limit

SECONDS = 5.0
SCORES = {}  # name -> Score, of this session


class Score:
    """The points of an exercise; a notebook's output of it is the bare number that nbgrader reads."""

    def __init__(self, points, of):
        self.points, self.of = points, of

    def __repr__(self):
        return str(self.points)

    def _repr_html_(self):
        return f"<b>{self.points} of {self.of} points</b>"


@dataclass(frozen=True)
class Verdict:
    """What `diagnose` found: a sentence, the misconception's name if it has one, and the evidence."""

    sentence: str
    right: bool = False
    misconception: str | None = None
    hint: str = ""
    evidence: tuple = ()

    def __str__(self):
        said = [textwrap.fill(part, 88) for part in (self.sentence, self.hint) if part]
        return "\n".join([*said, *self.evidence])


@dataclass
class Outcome:
    """What one call did: what it returned or raised, printed, and whether it changed its inputs."""

    value: object
    printed: str = ""
    changed: bool = False


def check(function):
    """Run your function on its exercise's inputs, smallest first, say what is wrong, and return the points.

    function : the function, or its name if it may not be defined yet. An error, a loop without end, a missing
    `return` is told in a sentence, and the notebook goes on.

    >>> def conv_by_kernel(x, k):
    ...     raise NotImplementedError()
    >>> check(conv_by_kernel)
    conv_by_kernel: not yet. Write it in the cell above, run that cell, then this one.
    0
    """
    name, function = _named(function, inspect.currentframe().f_back.f_globals)
    if name not in exercises():
        print(_unknown(name))
        return None
    exercise = exercises()[name]
    verdict = diagnose(function, exercise)
    print(verdict)
    SCORES[name] = Score(exercise.points if verdict.right else 0, exercise.points)
    return SCORES[name]


def diagnose(function, exercise, seconds=SECONDS):
    """The Verdict on a function: right, or what is wrong on the smallest input that shows it."""
    name = exercise.name
    if function is None:
        return Verdict(f"{name} is not defined yet: write it in the cell above and run that cell first.")
    if complaint := _signature(function, exercise):
        return complaint
    outcomes, late = _run(function, exercise, seconds)
    if outcomes and isinstance(outcomes[0].value, NotImplementedError):
        return Verdict(f"{name}: not yet. Write it in the cell above, run that cell, then this one.")
    wrong = [i for i, o in enumerate(outcomes) if not same(o.value, exercise.results[i])]
    changed = [i for i, o in enumerate(outcomes) if o.changed]
    if wrong:
        return _wrong(function, exercise, outcomes, late, wrong[0])
    if changed:
        return replace(changed_its_input(name), evidence=(_given(exercise, changed[0]),))
    if late:
        return replace(never_returned(name, seconds), evidence=(_given(exercise, len(outcomes)),))
    return Verdict(f"{name} is right on all {len(outcomes)} inputs.", right=True)


def _wrong(function, exercise, outcomes, late, first):
    """The Verdict on results of which the one of that number is the first wrong one."""
    outcome, right = outcomes[first], exercise.results[first]
    value = outcome.value
    known = None if late else _known(outcomes, exercise)
    verdict = mistaken(exercise.name, known) if known else _unnamed(exercise.name, outcome, right)
    came = [*_line(function, value)] if isinstance(value, Exception) else [f"    yours     {show(value)}"]
    printed = [] if known else [f"    printed   {line[:80]}" for line in outcome.printed.splitlines()[:3]]
    sentence = verdict.sentence + " It also changes its input." * any(o.changed for o in outcomes)
    evidence = (_given(exercise, first), *came, *printed, f"    expected  {show(right)}")
    return replace(verdict, sentence=sentence, evidence=evidence)


def _given(exercise, number):
    pairs = zip(exercise.parameters, exercise.inputs[number], strict=True)
    return "    input     " + ", ".join(f"{name} = {show(value)}" for name, value in pairs)


def mistaken(name, known):
    """The Verdict on results that are those of a misconception."""
    return Verdict(f"{name} is not right yet: {known.name}.", False, known.name, known.hint)


def never_returned(name, seconds):
    """The Verdict on a function that was stopped."""
    hint = "Does each loop come to an end? A while loop must change what its condition reads."
    said = f"{name} was stopped after {seconds:g} seconds, the limit for all its inputs together."
    return Verdict(said, misconception="never returns", hint=hint)


def returned_nothing(name):
    """The Verdict on None."""
    said = f"{name} returns None here: does every way through it end with `return`?"
    return Verdict(said, misconception="returns None")


def changed_its_input(name):
    """The Verdict on right results that cost the inputs."""
    said = f"{name} is right but changes its input, which its caller still needs: work on a copy."
    return Verdict(said, misconception="changes its input")


def _named(function, namespace):
    """The name of what is to be checked, and the function itself, None if there is none of that name."""
    if isinstance(function, str):
        return function, namespace.get(function)
    return getattr(function, "__name__", None) if callable(function) else None, function


def _unknown(name):
    if name is None:
        return "check takes the function that you wrote, or its name: write check(my_function)"
    if name == "<lambda>":
        return (
            'check finds an exercise by the name of its function, a lambda has none: write check("its_name")'
        )
    close = get_close_matches(name, exercises(), n=1)
    way_out = f"did you mean {close[0]}?" if close else "use the name that the exercise gives it"
    return f"check finds an exercise by the name of its function, and there is none called {name}; {way_out}"


def _signature(function, exercise):
    """The Verdict on a function that cannot be called with the exercise's arguments, else None."""
    wanted = f"def {exercise.name}({', '.join(exercise.parameters)}):"
    if not callable(function):
        return Verdict(f"{exercise.name} is {show(function)}, not a function: begin with `{wanted}`")
    try:
        inspect.signature(function).bind(*exercise.parameters)
    except (TypeError, ValueError):
        return Verdict(
            f"{exercise.name} must take ({', '.join(exercise.parameters)}): begin with `{wanted}`",
            misconception="wrong parameters",
        )
    return None


def _run(function, exercise, seconds):
    """The Outcome on each input, and whether time ran out before the last."""
    outcomes = []
    try:
        with time_limit(seconds):
            for inputs in exercise.inputs:
                outcomes.append(_call(function, inputs))
    except OutOfTime:
        return outcomes, True
    return outcomes, False


def _call(function, inputs):
    given, printed = deepcopy(inputs), io.StringIO()
    try:
        # nbgrader gives no points to a cell that writes to stderr, where warnings go
        with redirect_stdout(printed), redirect_stderr(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = function(*given)
    except Exception as error:
        value = error
    except (KeyboardInterrupt, OutOfTime):
        raise
    except BaseException as error:
        what = "called exit()" if isinstance(error, SystemExit) else f"raised {type(error).__name__}"
        value = RuntimeError(f"it {what}").with_traceback(error.__traceback__)
    # a map given as an argument is a function, which has no value to change
    pairs = [(a, b) for a, b in zip(given, inputs, strict=True) if not callable(a)]
    changed = not all(same(a, b) for a, b in pairs)
    return Outcome(value if not isinstance(value, np.ndarray) else value.copy(), printed.getvalue(), changed)


def _known(outcomes, exercise):
    """The exercise's misconception that gives these very results, if there is one."""
    for known in exercise.misconceptions:
        if all(same(o.value, r) for o, r in zip(outcomes, known.results, strict=True)):
            return known
    return None


def _unnamed(name, outcome, right):
    """The Verdict on a result that no misconception of the exercise gives."""
    value = outcome.value
    if isinstance(value, Exception):
        return Verdict(f"{name} raised {type(value).__name__}: {_text(value)}", misconception="raises")
    if value is None and outcome.printed.strip():
        said = (
            f"{name} prints something but returns nothing: end it with `return`, which hands the result on."
        )
        return Verdict(said, misconception="prints instead of returning")
    if value is None:
        return returned_nothing(name)
    if not fits(value, right):
        said = f"{name} returns {kind(value)}, where {kind(right)} is asked for{_way_out(value, right)}."
        return Verdict(said, misconception="wrong type")
    if isinstance(right, list | tuple) and not all(map(fits, value, right)):
        said = f"{name} returns {kinds(value)}, where {kinds(right)} is asked for."
        return Verdict(said, misconception="wrong type")
    if isinstance(right, np.ndarray) and np.shape(value) != np.shape(right):
        said = f"{name} returns an array of shape {np.shape(value)}, where {np.shape(right)} is asked for."
        return Verdict(said, misconception="wrong shape")
    return Verdict(f"{name} is not right yet.")


def _way_out(value, right):
    """How to turn a result into what is asked for, where that is all there is to do."""
    if kind(right) == "a whole number":
        return ": divide with //, or use int( )"
    if not isinstance(right, np.ndarray):
        return ""
    if isinstance(value, np.ndarray):
        return ": take its .real" if value.dtype.kind == "c" else ": np.asarray( ) makes a plain one"
    if isinstance(value, list | tuple) and kind(_array(value)) == kind(right):
        return ": wrap it in np.array( )"
    return ""


def _array(value):
    try:
        return np.array(value)
    except ValueError:  # rows of different lengths
        return None


def _text(error):
    """What an error says of itself, if it can."""
    try:
        return str(error)[:300]
    except Exception:
        return "(its message cannot be shown)"


def _line(function, error):
    """The student's own line where an error came up."""
    here = inspect.unwrap(function).__code__.co_filename if hasattr(function, "__code__") else None
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == here]
    if frames:
        text = linecache.getline(here, frames[-1].lineno).strip()
        yield f"    line {frames[-1].lineno:<4} {text}"
