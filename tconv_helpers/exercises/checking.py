"""`check`: run a student's function and say, like a tutor, what is wrong with it."""

import inspect
import io
import linecache
import traceback
import warnings
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from .available import RULE, unavailable
from .session import beginning_of_cell, last_failure, tell, watch_cells
from .table import exercises
from .timelimit import OutOfTime, time_limit
from .values import changed, show, show_apart
from .verdicts import Verdict, error_message, judge, line_of_evidence, never_returned, same

SECONDS = 5.0
POINTS_OF_SESSION = {}  # name -> Points, as `check` gave them last
watch_cells()


class Points:
    """Hold the points of an exercise; a notebook's output of it is the bare number that nbgrader reads."""

    def __init__(self, points, of):
        self.points, self.of = points, of

    def __repr__(self):
        return str(self.points)

    def _repr_html_(self):
        return f'<b style="margin-left:14px">{self.points} of {self.of} points</b>'


@dataclass
class Outcome:
    """Hold what one call did: what it returned or raised, printed, and whether it changed its inputs."""

    value: object
    printed: str = ""
    changed: bool = False


def check(function, hint=1):
    """Run your function on its exercise's inputs, smallest first, say what is wrong, and return the points.

    function : the function, or its name if it may not be defined yet. An error, a loop without end, a missing
    `return` is told in a sentence, and the notebook goes on. hint : 1 says where to look, 2 gives the idea as
    well, 3 a worked case with other numbers.

    >>> def conv_by_kernel(x, k):
    ...     raise NotImplementedError()
    >>> check(conv_by_kernel)
    conv_by_kernel: not yet. Write it in the cell above, run that cell, then this one.
    0
    """
    space = inspect.currentframe().f_back.f_globals
    name, function = _named(function, space)
    if name not in exercises():
        tell(Verdict(_unknown(name)))
        return None
    exercise = exercises()[name]
    failure = last_failure(name, function)
    verdict = _not_tested(name, failure) if failure else diagnose(function, exercise)
    if verdict.right and (modules := unavailable(function, space.get("__name__"))):
        verdict = replace(verdict, hint=f"But {RULE}: write it without {' and '.join(modules)}.")
    if not verdict.right:
        verdict = replace(verdict, step=_step(hint, exercise.hints))
    tell(verdict)
    POINTS_OF_SESSION[name] = Points(exercise.points if verdict.right else 0, exercise.points)
    return POINTS_OF_SESSION[name]


def _step(hint, hints):
    """Return the hint of a number, "" for the first, which is the verdict itself."""
    if type(hint) is not int or not 1 <= hint <= 1 + len(hints):
        return f"hint must be a whole number from 1 to {1 + len(hints)}: got {show(hint)}; begin with hint=2"
    return ("", *hints)[hint - 1]


def diagnose(function, exercise, seconds=SECONDS):
    """Return the Verdict on a function: right, or what is wrong on the smallest input that shows it."""
    name = exercise.name
    if function is None:
        return Verdict(f"{name} is not defined yet: write it in the cell above and run that cell first.")
    if complaint := _signature(function, exercise):
        return complaint
    outcomes, late = _outcomes(function, exercise, seconds)
    if outcomes and isinstance(outcomes[0].value, NotImplementedError):
        return Verdict(f"{name}: not yet. Write it in the cell above, run that cell, then this one.")
    right = [same(o.value, wanted) for o, wanted in zip(outcomes, exercise.results, strict=not late)]
    unchanged = [not o.changed for o in outcomes]
    if not all(right):
        return _wrong(function, exercise, outcomes, right=right, late=late)
    if late and all(unchanged):
        return replace(never_returned(name, seconds), evidence=(_given(exercise, len(outcomes)),))
    verdict = judge(name, *_values(outcomes, exercise), unchanged)
    if not verdict.right:
        verdict = replace(verdict, evidence=(_given(exercise, unchanged.index(False)),))
    return verdict


def _not_tested(name, failure):
    """Return the Verdict where the cell above failed, so that an older function, or none, would be tested."""
    error = failure.error
    message = error.msg if isinstance(error, SyntaxError) else error_message(error)
    why = type(error).__name__ + f": {message}" * bool(message)
    said = f"{name} was not tested, since the last version of its cell did not run ({why})"
    evidence = (line_of_evidence(f"line {failure.line}", failure.text),) if failure.line else ()
    return Verdict(f"{said}: mend it, run that cell, then this one.", evidence=evidence)


def _wrong(function, exercise, outcomes, *, right, late):
    """Return the Verdict on results of which some are wrong, with the first of these as evidence."""
    first = right.index(False)
    outcome, wanted = outcomes[first], exercise.results[first]
    verdict = judge(
        exercise.name,
        *_values(outcomes, exercise),
        right,
        misconceptions=[] if late else exercise.misconceptions,
        tell=True,
        printed=outcome.printed,
        about=None if late else exercise,
    )
    yours, right_one = show_apart(outcome.value, wanted, typed=verdict.misconception == "wrong type")
    came = [line_of_evidence("yours", yours)]
    if isinstance(outcome.value, Exception):
        came = _line(function, outcome.value)
    lines = [] if verdict.hint else outcome.printed.splitlines()[:3]  # a known mistake has a hint
    printed = [line_of_evidence("printed", line[:80]) for line in lines]
    sentence = verdict.sentence + _way_to(outcome.value, function, exercise)
    sentence += " It also changes its input." * any(o.changed for o in outcomes)
    evidence = (_given(exercise, first), *came, *printed, line_of_evidence("expected", right_one))
    return replace(verdict, sentence=sentence, evidence=evidence)


def _way_to(error, function, exercise):
    """Return the sentence on the cell that defines a missing name, "" where nothing of that kind is wrong."""
    missing = error.name if type(error) is NameError else None
    if missing is None or missing in getattr(function, "__globals__", ()):
        return ""
    begins = beginning_of_cell(missing, exercise.notebook)
    return f". Run the cell that begins with `{begins}` first, then this one." if begins else ""


def _values(outcomes, exercise):
    """Return what came on the inputs that were tried, and what is wanted there."""
    return [o.value for o in outcomes], exercise.results[: len(outcomes)]


def _given(exercise, number):
    pairs = zip(exercise.parameters, exercise.inputs[number], strict=True)
    return line_of_evidence("input", ", ".join(f"{name} = {show(value)}" for name, value in pairs))


def _named(function, namespace):
    """Return the name of what is to be checked, and the function, None if there is none of that name."""
    if isinstance(function, str):
        return function, namespace.get(function)
    return getattr(function, "__name__", None) if callable(function) else None, function


def _unknown(name):
    """Return the sentence on a name that no exercise has."""
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
    """Return the Verdict on a function that cannot be called with the exercise's arguments, else None."""
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


def _outcomes(function, exercise, seconds):
    """Return the Outcome on each input, and whether time ran out before the last."""
    outcomes = []
    try:
        with time_limit(seconds):
            for inputs in exercise.inputs:
                outcomes.append(_outcome(function, inputs))
    except OutOfTime:
        return outcomes, True
    return outcomes, False


def _outcome(function, inputs):
    """Return the Outcome of one call, on inputs of its own."""
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
    value = value.copy() if isinstance(value, np.ndarray) else value
    return Outcome(value, printed.getvalue(), any(map(changed, given, inputs)))


def _line(function, error):
    """Yield the student's own line where an error came up."""
    here = inspect.unwrap(function).__code__.co_filename if hasattr(function, "__code__") else None
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == here]
    if frames:
        text = linecache.getline(here, frames[-1].lineno).strip()
        yield line_of_evidence(f"line {frames[-1].lineno}", text)
