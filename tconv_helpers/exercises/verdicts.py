"""The ladder of verdicts: what `check` and grading say of a function, from right to not right yet.

Each sentence stands here once. `check` tells the student's own words and values with it; grading withholds
them, since a student would read there what the inputs were.
"""

import html
from dataclasses import dataclass

import numpy as np

from ..words import in_lines
from . import relations
from .observed import observed
from .values import Raised, close

EVERY_WAY = ": does every way through it end with `return`?"
WIDTH = 88  # letters in a line of a verdict
GREEN, ORANGE = "#2da44e", "#e8590c"
# Mixed with the theme's own ink, a colour is darker on a light ground and lighter on a dark one.
INK = "color:color-mix(in srgb,{} 70%,currentColor);font-weight:600;white-space:pre-wrap"
FRAME = "border-left:4px solid {};padding-left:10px;max-width:52em;overflow-wrap:break-word"
LEFT = "text-align:left;vertical-align:top;padding:1px 14px 1px 0;"
LABEL = LEFT + "font-weight:normal;white-space:nowrap"
VALUE = LEFT + "font-family:var(--jp-code-font-family,monospace);white-space:pre-wrap;overflow-wrap:anywhere"


@dataclass(frozen=True)
class Verdict:
    """Say how a function does: a sentence, the misconception's name if it has one, evidence, a step on."""

    sentence: str
    right: bool = False
    misconception: str | None = None
    hint: str = ""
    evidence: tuple = ()
    step: str = ""

    def __str__(self):
        said = [in_lines(part, WIDTH) for part in (self.sentence, self.hint) if part]
        return "\n".join([*said, *self.evidence, *([in_lines(self.step, WIDTH)] if self.step else [])])

    def _repr_mimebundle_(self, **_):
        """Return the plain text, and the same coloured and aligned, which JupyterLab prefers."""
        return {"text/plain": str(self), "text/html": self.as_html()}

    def as_html(self):
        """Return the verdict as HTML that needs no style sheet and reads on a light and a dark ground."""
        colour, mark = (GREEN, "✓") if self.right else (ORANGE, "✗")
        said = f'<div style="{INK.format(colour)}">{mark} {html.escape(self.sentence)}</div>'
        hint = f"<div>{html.escape(self.hint)}</div>" if self.hint else ""
        rows = "".join(
            f'<tr><th scope="row" style="{LABEL}">{html.escape(label)}</th>'
            f'<td style="{VALUE}">{html.escape(value)}</td></tr>'
            for label, value in map(_columns, self.evidence)
        )
        table = f'<table style="margin:4px 0;table-layout:auto">{rows}</table>' if rows else ""
        step = f"<div>{html.escape(self.step)}</div>" if self.step else ""
        return f'<div style="{FRAME.format(colour)}">{said}{hint}{table}{step}</div>'


def line_of_evidence(label, value):
    """Return a line of evidence, its value in a column of its own.

    >>> line_of_evidence("yours", "[1, 2]")
    '    yours     [1, 2]'
    """
    return f"    {label:<10}{value}"


def _columns(line):
    """Return the label and the value that `line_of_evidence` was given."""
    return line[4:14].strip(), line[14:]


def judge(name, values, wanted, right, *, misconceptions=(), tell=False, printed="", about=None):
    """Return the Verdict on what a function returned: the first rung that its first wrong value stands on.

    values, wanted : what came and what is right, input by input; an exception or Raised where a call raised.
    right : whether each is right, and left its input as it was.
    misconceptions : the exercise's, each with the results that it gives on all inputs.
    tell : say the student's words and shapes as well; printed : what that call printed.
    about : the parameters, the inputs, all of them, and what else can be `asked` of an Exercise, so that what
    is true of the results is said; with `tell` also what would tell of the inputs.

    >>> print(judge("f", [3, 5.5], [3, 5], [True, False]))
    f returns a number, where a whole number is asked for.
    """
    if all(right):
        return Verdict(f"{name} is right on all {len(right)} inputs.", right=True)
    if known := find_misconception(values, misconceptions):
        said = f"{name} is not right yet. Its results are those of a known mistake: {known.name}."
        return Verdict(said, False, known.name, known.hint)
    if about and (relation := _relation(values, wanted, about, misconceptions)):
        hint = relations.hint_to(relation)
        return Verdict(f"{name} is not right yet: {relation}.", misconception=relation, hint=hint)
    value, result = next((v, w) for v, w, good in zip(values, wanted, right, strict=True) if not good)
    may_be_none = any(each is None for each in wanted)
    if verdict := _mistake(name, value, result, tell=tell, printed=printed, may_be_none=may_be_none):
        return verdict
    seen = _seen(values, wanted, right, about) if tell else ""
    return Verdict(f"{name} is not right yet{seen}.")


def _relation(values, wanted, about, misconceptions):
    """Return what was done to right or to known results, or to the right function's arguments, else ""."""
    with np.errstate(all="ignore"):
        if done := _done(values, wanted, about):
            return f"yours is the right result {done}"
        if done := _done_to_parts(values, wanted, about):
            return done
        if asked := about.asked and about.asked.get(relations.digest(values)):
            return f"yours works as if {asked}"
        done = [
            f"its results are those of a known mistake, {how}: {known.name}"
            for known in misconceptions
            if (how := relations.rearrangement(values, known.results, same))
        ]
    return done[0] if len(done) == 1 else ""


def _done(values, wanted, about):
    """Return what was done to the right results, else ""."""
    return (
        relations.transformation(values, wanted, same)
        or relations.cut_by_type(about.parameters, about.inputs, values, wanted, same=same)
        or relations.by_a_size(about.parameters, about.inputs, values, wanted, same=same)
    )


def _done_to_parts(values, wanted, about):
    """Return what was done to the parts of right pairs, "" where that is not known of both."""
    done = ["right" if all(map(same, *part)) else _done(*part, about) for part in _parts(values, wanted)]
    if not done or not all(done):
        return ""
    if done[0] == done[1]:
        return f"both parts of your pair are the right ones {done[0]}"
    first, second = (each if each == "right" else f"the right one {each}" for each in done)
    return f"the first part of your pair is {first}, and the second is {second}"


def _seen(values, wanted, right, about):
    """Return what is seen of results that nothing explains: which are wrong, and where."""
    if about and (where := relations.condition(about.parameters, about.inputs, right)):
        return f": it is {where}"
    if parts := _parts(values, wanted):
        return _seen_in_parts(parts)
    if common := observed(values, wanted, right):
        return f": {common}"
    return f": it is right on {sum(right)} of {len(right)} inputs" if about and any(right) else ""


def _seen_in_parts(parts):
    """Return on how many inputs each part of pairs is wrong, or what is seen where only one ever is."""
    right = [list(map(same, *part)) for part in parts]
    if not any(map(all, right)):
        first, second = (len(part) - sum(part) for part in right)
        return f": of {len(right[0])} pairs the first part is wrong in {first}, the second in {second}"
    wrong = 0 if all(right[1]) else 1
    common = observed(*parts[wrong], right[wrong])
    return f": the {('first', 'second')[wrong]} part of its pair is wrong" + (f"; {common}" if common else "")


def _parts(values, wanted):
    """Return what came and what is right, of the first parts and of the second; [] if not all are pairs."""
    if not all(map(is_pair, [*values, *wanted])):
        return []
    return [([v[part] for v in values], [w[part] for w in wanted]) for part in (0, 1)]


def _mistake(name, value, wanted, *, tell, printed, may_be_none):
    """Return the Verdict on one value, None if nothing can be said but that it is wrong."""
    if same(value, wanted):
        return changed_its_input(name)
    if (error := error_name(value)) is not None:
        said = f": {error_message(value)}" if tell else "."
        return Verdict(f"{name} raised {error}{said}", misconception="raises")
    if value is None:
        return _returned_nothing(
            name, printed, f", where {kind(wanted)} is asked for." if may_be_none else EVERY_WAY
        )
    if not fits(value, wanted):
        way_out = _way_out(value, wanted) if tell else ""
        said = f"{name} returns {kind(value)}, where {kind(wanted)} is asked for{way_out}."
        return Verdict(said, misconception="wrong type")
    if tell and is_pair(wanted):
        return _part(name, value, wanted)
    if tell and isinstance(wanted, list | tuple) and not all(map(fits, value, wanted)):
        said = f"{name} returns {kinds(value)}, where {kinds(wanted)} is asked for."
        return Verdict(said, misconception="wrong type")
    if isinstance(wanted, np.ndarray) and np.shape(value) != wanted.shape:
        shapes = f"shape {np.shape(value)}, where {wanted.shape} is asked for" if tell else "a wrong shape"
        return Verdict(f"{name} returns an array of {shapes}.", misconception="wrong shape")
    return None


def _part(name, value, wanted):
    """Return the Verdict on a part of a pair that is of another kind or shape, None if none is."""
    if len(value) != 2:
        parts = f"{len(value)} part{'s' * (len(value) != 1)}" if value else "()"
        said = f"{name} returns {parts}, where a pair is asked for."
        return Verdict(said, misconception="wrong type")
    first = [same(*parts) for parts in zip(value, wanted, strict=True)].index(False)
    part, right, which = value[first], wanted[first], ("first", "second")[first]
    if not fits(part, right):
        said = f"is {kind(part)}, where {kind(right)} is asked for{_way_out(part, right)}."
        return Verdict(f"{name} returns a pair whose {which} part {said}", misconception="wrong type")
    if isinstance(right, np.ndarray) and np.shape(part) != right.shape:
        said = f"has shape {np.shape(part)}, where {right.shape} is asked for."
        return Verdict(f"{name} returns a pair whose {which} part {said}", misconception="wrong shape")
    return None


def find_misconception(values, misconceptions):
    """Return the misconception that gives these very values, None if there is none."""
    for known in misconceptions:
        if all(same(value, result) for value, result in zip(values, known.results, strict=True)):
            return known
    return None


def changed_its_input(name):
    """Return the Verdict on right results that cost the inputs."""
    said = f"{name} is right but changes its input, which its caller still needs: work on a copy."
    return Verdict(said, misconception="changes its input")


def never_returned(name, seconds):
    """Return the Verdict on a function that was stopped after so many seconds."""
    hint = "Does each loop come to an end? A while loop must change what its condition reads."
    said = f"{name} was stopped after {seconds:g} seconds, the limit for all its inputs together."
    return Verdict(said, misconception="never returns", hint=hint)


def _returned_nothing(name, printed, otherwise):
    if printed.strip():
        said = "prints something but returns nothing: end it with `return`, which hands the result on."
        return Verdict(f"{name} {said}", misconception="prints instead of returning")
    return Verdict(f"{name} returns None here{otherwise}", misconception="returns None")


def _way_out(value, wanted):
    """Return how to turn a value into what is asked for, "" where that is not all there is to do."""
    if kind(wanted) == "a whole number":
        return ": divide with //, or use int( )"
    if kind(value) == "a set" and kind(wanted) == "a list":
        return ": sorted( ) makes a list of it"
    if not isinstance(wanted, np.ndarray):
        return ""
    if isinstance(value, np.ndarray) and value.dtype.kind == "c":
        return ": take its .real"
    if isinstance(value, np.ndarray) and value.dtype.kind == "O":
        return ": .astype(float) makes numbers of it"
    if isinstance(value, np.ndarray) and type(value) is not np.ndarray:
        return ": np.asarray( ) makes a plain one"
    if isinstance(value, list | tuple) and kind(_array(value)) == kind(wanted):
        return ": wrap it in np.array( )"
    return ""


def _array(value):
    try:
        return np.array(value)
    except ValueError:  # rows of different lengths
        return None


def error_message(error):
    """Return what an error says of itself, if it can."""
    try:
        return str(error)[:300]
    except Exception:
        return "(its message cannot be shown)"


ENTRIES = {**dict.fromkeys("biuf", "numbers"), "c": "complex numbers", "O": "objects", "U": "texts"}


def kind(value):
    """Return what sort of thing a value is, in a student's words; a tuple is a list, one of two a pair.

    >>> kind(np.array([1.5])), kind(7), kind(7.0), kind(np.array([1j])), kind((1, 2))
    ('an array of numbers', 'a whole number', 'a number', 'an array of complex numbers', 'a pair')
    """
    if value is None:
        return "nothing (None)"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if type(value) in (list, tuple):
        return "a pair" if is_pair(value) else "a list"
    if type(value) in (set, dict):
        return "a set" if type(value) is set else "a dictionary"
    if type(value) is int or isinstance(value, np.integer):
        return "a whole number"
    if type(value) is float or isinstance(value, np.floating):
        return "a number"
    if type(value) is np.ndarray:
        if not value.ndim and value.dtype.kind != "O":
            return kind(value[()])
        return f"an array of {ENTRIES.get(value.dtype.kind, value.dtype)}"
    return "a text" if type(value) is str else f"an object of type {type(value).__name__}"


def is_pair(value):
    """Return whether a value is a tuple of two, as `return a, b` makes it."""
    return type(value) is tuple and len(value) == 2


def kinds(value):
    """Return the kind of a list and of its first parts; a list may hold anything, and any number of it."""
    parts = [kind(part) for part in value[:4]]
    return f"{kind(value)} of ({', '.join(parts)}{', …' if len(value) > 4 else ''})"


def fits(given, wanted):
    """Return whether a value is of the kind that is wanted; a whole number is a number, too."""
    return _fits(kind(given), kind(wanted))


def _fits(given, wanted):
    """Return whether a value of a kind is of the one that is wanted."""
    if given == wanted or (given, wanted) == ("a whole number", "a number"):
        return True
    return {given, wanted} == {"a pair", "a list"}


def same(given, wanted):
    """Return whether a value is the one that is wanted: of its kind and shape, and close in value.

    >>> y = np.array([1, 2])
    >>> same(y, y + 0.0), same([1, 2], y), same(2.0, 2), same(2, 2.0)
    (True, False, False, True)
    """
    if isinstance(given, Exception | Raised) or isinstance(wanted, Exception | Raised):
        return error_name(given) == error_name(wanted)
    kinds = kind(given), kind(wanted)
    if not _fits(*kinds):
        return False
    if isinstance(given, list | tuple):
        return len(given) == len(wanted) and all(map(same, given, wanted))
    if kinds[1] == "a whole number":
        return int(given) == int(wanted)  # which may be of any size
    if isinstance(given, int) and "number" in kinds[0]:
        given = float(max(-(10**300), min(given, 10**300)))
    if "number" in kinds[0]:
        return np.shape(given) == np.shape(wanted) and close(given, wanted)
    return bool(given == wanted)


def error_name(value):
    """Return the name of the exception that a value is or stands for, None of any other value."""
    if isinstance(value, Raised):
        return value.name
    return type(value).__name__ if isinstance(value, Exception) else None
