"""List answers that are written alike, for somebody to read: whether that means anything, no number tells.

Compared are the `trees.shapes` of each exercise's cell, among students and with the library's own operators.
"""

import ast
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from itertools import combinations, product
from math import log
from pathlib import Path
from typing import NamedTuple

from ..exercises.notebook import Refused
from ..exercises.table import exercises
from .reading import read_shapes
from .score import load_assignment
from .submissions import list_students, read_submission
from .trees import shapes

# Measured on the right solutions of all exercises: of 159 pairs that were written to differ, none has more
# than half of its shapes in common; a copy with other names, comments or more code around it has all.
PART = 0.75  # of the shapes of the shorter answer
FEWEST = 8  # shapes in common: with less, it is one line that everybody writes
LIBRARY = "definition", "operators", "borders", "matrix", "upsampling", "shapes"


class Alike(NamedTuple):
    """Hold students whose answers to an exercise are alike, each at least to one of the others.

    part, shapes : what two of them have in common, at least. source : the function of the library to which
    they are alike, else None.
    """

    exercise: str
    students: tuple
    part: float
    shapes: int
    source: str | None = None


@dataclass
class Comparison:
    """Hold what came of comparing a class.

    alike : the Alikes, the rarest first. closest : as the function of that name returns them. missed :
    (student, why) of those who could not be compared.
    """

    alike: list
    closest: list
    missed: list


def compare_class(course):
    """Return the Comparison of a `Course`'s assignment; notebooks are parsed in `reading`, and not here."""
    found, missed = _read_class(course)
    answers = {
        name: {student: Counter(held[name]) for student, held in found.items() if name in held}
        for name in load_assignment(course.assignment).questions
    }
    alike = [each for name, held in answers.items() for each in compare(name, held, library_shapes())]
    alike.sort(key=lambda each: (len(each.students), -each.shapes))
    return Comparison(alike, closest(answers), missed)


def _read_class(course):
    """Return {student: {exercise: shapes}}, and (student, why) of those whose notebook cannot be read."""
    asked = load_assignment(course.assignment)
    homes = {name: exercise.notebook for name, exercise in exercises().items()}

    def read(student, folder):
        submission = read_submission(course, student, folder)
        if submission.problem is not None:
            raise Refused(submission.problem)
        return read_shapes(submission.data, asked.released, list(asked.questions), homes)

    students, missed = list_students(course)
    found = {}
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # each waits for the process that it started
        waiting = [(name, threads.submit(read, name, folder)) for name, folder in students.items()]
        for student, future in waiting:
            try:
                found[student] = future.result()
            except Refused as reason:
                missed.append((student, str(reason)))
            except Exception as error:  # whose words may be a stranger's
                missed.append((student, f"It could not be compared ({type(error).__name__})."))
    return found, missed


@cache
def library_shapes():
    """Return {function: Counter of shapes} of the library's own operators, which anybody can read."""
    package, found = Path(__file__).parents[1], {}
    for module in LIBRARY:
        for node in ast.parse((package / f"{module}.py").read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found[f"tconv_helpers.{module}.{node.name}"] = Counter(shapes(node))
    return found


def compare(exercise, answers, sources=None):
    """Return the Alikes among {student: Counter of shapes}, and with {source: Counter of shapes}.

    >>> compare("f", {"ann": Counter("abcdefgh"), "bob": Counter("abcdefghij"), "cem": Counter("axyzefgh")})
    [Alike(exercise='f', students=('ann', 'bob'), part=1.0, shapes=8, source=None)]
    """
    forms = _forms(answers)
    links = [({*students, *others}, *part) for (_, students), (_, others), part in _linked(forms)]
    alike = [Alike(exercise, tuple(students), 1.0, form.total()) for form, students in forms if students[1:]]
    alike = [each for each in alike if each.shapes >= FEWEST]
    alike += [_joined(exercise, group) for group in _groups(links)]
    for source, held in (sources or {}).items():
        parts = [(set(students), _part(form, held, form.total())) for form, students in forms]
        if links := [(students, *part) for students, part in parts if part]:
            alike.append(_joined(exercise, links, source))
    return alike


def closest(answers, most=10):
    """Return (two students, exercises in which they are alike) of those who share the most and the rarest.

    answers : {exercise: {student: Counter of shapes}}. An exercise counts log(1 / p) for two who are alike
    in it, if the rarest of the shapes that both have is in a part p of all answers.

    >>> ours, theirs = Counter("abcdefgh"), Counter("rstuvwxyz")
    >>> closest({name: {"ann": ours, "bob": ours, "cem": theirs, "dan": theirs} for name in "fg"})[0]
    (('ann', 'bob'), ['f', 'g'])
    """
    shared = {}  # two students -> {exercise: how much it counts}
    for exercise, held in answers.items():
        having, forms = Counter(shape for each in held.values() for shape in each), _forms(held)
        same = [(form, form, None) for form in forms if form[0].total() >= FEWEST]
        for (form, students), (other, others), _ in [*same, *_linked(forms)]:
            counts = log(len(held) / min(having[shape] for shape in form & other))
            for two in product(students, others) if students is not others else combinations(students, 2):
                shared.setdefault(tuple(sorted(two)), {})[exercise] = counts
    several = [pair for pair in shared.items() if len(pair[1]) > 1]
    return [(two, list(held)) for two, held in nlargest(most, several, lambda pair: sum(pair[1].values()))]


def _forms(answers):
    """Return (Counter of shapes, students) of each answer: equal ones count as one, or a class takes long."""
    forms = {}
    for student, held in answers.items():
        forms.setdefault(frozenset(held.items()), []).append(student)
    return [(Counter(dict(form)), students) for form, students in forms.items()]


def _part(form, other, of):
    """Return what part of so many shapes two answers have in common, and how many; None if that is little."""
    common = (form & other).total()
    return (common / of, common) if common >= max(FEWEST, PART * of) else None


def _linked(forms):
    """Yield each two forms that are alike, and (part, shapes) that they have in common."""
    for one, two in combinations(forms, 2):
        if part := _part(one[0], two[0], min(one[0].total(), two[0].total())):
            yield one, two, part


def _groups(links):
    """Return lists of links that hang together, by a student in both of two."""
    groups = []
    for link in links:
        touched = [group for group in groups if any(link[0] & students for students, *_ in group)]
        groups = [group for group in groups if group not in touched]
        groups.append([link, *(each for group in touched for each in group)])
    return groups


def _joined(exercise, links, source=None):
    students, parts, sizes = zip(*links, strict=True)
    students = tuple(sorted(set().union(*students)))
    return Alike(exercise, students, part=min(parts), shapes=min(sizes), source=source)
