"""Grade a submission, as a list of steps; grade a class of them; killed at any moment, it resumes."""

import json
import time
import traceback
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from ..exercises.table import exercises
from .counterexample import draw_to_show, find_counterexample
from .dates import NO_DATE, read_stamp
from .feedback import feedback_page
from .pool import do_all
from .reading import Refused, read_own_code
from .sandbox import run as sandbox
from .sandbox.slots import slot
from .score import draw, load_assignment, missing, score
from .submissions import Submission, list_students, read_submission, visible_lines, who_handed_in
from .summary import Summary, unwatched
from .words import MOST, answered, as_markdown

PRELOAD = (__name__, "nbformat", f"{__package__}.answers")  # for `pool.local_workers`


@dataclass(frozen=True)
class Graded:
    """Hold what came of a submission: its record, its feedback as HTML, the student's own cells by grade_id.

    seconds : how long it took.
    """

    record: dict
    page: str
    own: dict
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Task:
    """Hold one submission to grade, and all that a worker needs for it: no file, no database."""

    assignment: str
    submission: Submission
    seed: bytes = field(repr=False)
    # Days, and the part of the points that each costs
    late: tuple | None = None
    # Rows of the exercises that are not graded again
    kept: dict = field(default_factory=dict)


def grade_class(
    course,
    start_workers,
    *,
    run_cells=sandbox.run,
    resume=False,
    only=None,
    students=None,
    terms=NO_DATE,
    watch=unwatched,
):
    """Grade all submissions of a `Course` and return the Summary; the gradebook is not written here.

    start_workers : as `pool.do_all` takes it. run_cells : the sandbox. resume : keep the results to which
    neither the student nor the course nor `terms` has changed anything. only : the one exercise to grade
    again. students : their names, None for all. watch : called with each record, and with None for a
    submission without one. BlockingIOError if another grader is at work in these folders.
    """
    asked = load_assignment(course.assignment)
    summary = Summary(course.assignment, asked.points, watch)
    with course.locked():
        course.sweep()
        tasks = _tasks(course, asked, summary, students=students, terms=terms, resume=resume, only=only)
        for task, graded in do_all(tasks, start_workers, partial(grade_or_say_why, run_cells=run_cells)):
            if isinstance(graded, str):
                why = f"The grader itself failed on it ({graded}): look at the notebook by hand."
                summary.add_ungraded(task.submission.student, why)
            else:
                notebook = _with_own_code(asked.edition, graded.own)
                course.keep(graded.record, page=graded.page, notebook=notebook)
                summary.add(graded.record, graded.seconds)
    return summary


def _tasks(course, asked, summary, *, students, terms, resume, only):
    """Yield the tasks that are to be done, read one after the other as workers get free."""
    found, refused = list_students(course)
    summary.students |= who_handed_in(found, refused)
    if students is None:
        summary.trouble += [(name, why, False) for name, why in refused]
    seed = course.seed()
    for student, folder in found.items():
        if students is not None and student not in students:
            continue
        try:
            submission = read_submission(course, student, folder)
        except OSError as error:
            summary.add_ungraded(student, f"The file cannot be read: {error.strerror}.")
            continue
        days = terms.days_late(student, read_stamp(submission.timestamp))
        task = Task(course.assignment, submission, seed, (days, terms.penalty) if days else None)
        before = course.result(student)
        if before is None or not _known(task, asked).items() <= before.items():
            yield task
        elif only is not None:
            kept = {name: row for name, row in before["exercises"].items() if name != only}
            yield replace(task, kept={} if before["problem"] else kept)
        elif resume:
            summary.add(before)
        else:
            yield task


def _known(task, asked):
    """Return the part of a record that is known before anything is graded, and on which all else depends."""
    return {
        "student": task.submission.student,
        "assignment": task.assignment,
        "master": asked.fingerprint,
        "notebook": task.submission.fingerprint,
        "timestamp": task.submission.timestamp,
        "late": task.late and list(task.late),  # as JSON gives it back
    }


def grade_or_say_why(task, run_cells=sandbox.run):
    """Do `grade_one`, or return its failure by type and line: its text may hold a stranger's words."""
    start = time.monotonic()
    try:
        return replace(grade_one(task, run_cells), seconds=time.monotonic() - start)
    except sandbox.NoSandbox:
        raise
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}, {Path(at.filename).name} line {at.lineno}"


def grade_one(task, run_cells=sandbox.run):
    """Return what came of a submission.

    It depends on its task alone, so that it may be done again, anywhere, with the same result.
    """
    asked, student = load_assignment(task.assignment), task.submission.student
    try:
        code = _read(task.submission, asked)
    except Refused as reason:
        nothing = {name: missing(q, "there is nothing to grade.") for name, q in asked.questions.items()}
        record = _record(task, asked, nothing, str(reason))
        return Graded(record, feedback_page(record), {})
    todo = {name: question for name, question in asked.questions.items() if name not in task.kept}
    drawn = {name: draw(asked.questions[name], task.seed, student) for name in code.places}
    shown = {name: draw_to_show(each, task.seed, student) for name, each in drawn.items()}
    # All run, or one that is graded alone might get what it would not.
    results = _run(code, {name: drawn[name].inputs + shown[name] for name in drawn}, run_cells)
    rows = {name: missing(question, code.broken.get(name)) for name, question in todo.items()}
    for name in todo.keys() & drawn:
        rows[name] = _scored(drawn[name], shown[name], results.get(name, []))
    record = _record(task, asked, rows, missing=code.missing, words=answered(code.words, asked.edition))
    page = feedback_page(record, code.definitions, code.others)
    words = {name: as_markdown(visible_lines(text, MOST)) for name, text in code.words.items()}
    return Graded(record, page, code.definitions | words)


def _read(submission, asked):
    """Return the OwnCode of a submission; Refused if it was, or if it cannot be read."""
    if submission.problem is not None:
        raise Refused(submission.problem)
    homes = {name: exercise.notebook for name, exercise in exercises().items()}
    return read_own_code(submission.data, asked.released, list(asked.questions), homes, words=asked.words)


def _run(code, inputs, run_cells):
    """Return what the sandbox made of a student's code on each exercise's inputs: {name: results}."""
    if not inputs:
        return {}
    with slot() as number:
        return run_cells(code.cells, inputs, slot=number, after=code.after)


def _scored(drawn, shown, values):
    """Return the row of an exercise, whose values come on the inputs drawn and then on those to show."""
    count, question = len(drawn.inputs), drawn.question
    scored = score(drawn, values[:count])
    wrong = scored["right"] < scored["inputs"]
    return scored | {"counterexample": find_counterexample(question, shown, values[count:]) if wrong else []}


def _record(task, asked, rows, problem=None, missing=(), words=None):
    """Return what is written of a submission: the rows that are kept and the new ones."""
    rows = {name: (task.kept | rows)[name] for name in asked.questions}
    return {
        **_known(task, asked),
        "problem": problem,
        "missing": list(missing),
        "words": words or {},
        "points": sum(row["points"] for row in rows.values()),
        "of": asked.points,
        "exercises": rows,
    }


def _with_own_code(edition, own):
    """Return what nbgrader's formgrader shows: the edition with the student's cells, and no outputs."""
    cells = [dict(cell) for cell in edition["cells"]]
    for cell in cells:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("solution") and mark["grade_id"] in own:
            cell["source"] = own[mark["grade_id"]]
    return json.dumps({**edition, "cells": cells}, indent=1) + "\n"
