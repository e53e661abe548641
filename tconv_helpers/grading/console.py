"""Grade and export as an instructor sees it: a live bar, then tables, or one sentence on why not."""

import difflib
import math
import os
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from . import gradebook, pool
from .answers import ROOT
from .course import Course, Unusable, write_whole
from .dates import NoDate, Terms, kept_terms, parse_due, read_extensions, written_terms
from .grade import PRELOAD, grade_class
from .regrade import log, show_changes
from .report import show_alike, show_class
from .roster import read_roster
from .sandbox import run as sandbox
from .sandbox.run import Limits
from .score import load_assignment
from .similarity import compare_class
from .submissions import list_students


class NotGraded(Exception):
    """Say in one sentence why nothing could be graded or exported, and the way out."""


def grade_assignment(
    name,
    submitted,
    *,
    workers=0,
    scheduler=None,
    resume=False,
    exercise=None,
    due=None,
    penalty=None,
    grace=None,
    budget=Limits.budget,
):
    """Grade an assignment, show how it went, and return the names of those who have no grade.

    The arguments are the options of `tconv grade`; penalty : a part of the points. NotGraded if it cannot be.
    """
    require_packages("nbformat", "nbgrader")
    require_exercises(name, exercise)
    course = find_course(name, submitted)
    with refusals(course), _workers(workers, scheduler) as start_workers:
        terms, roster = terms_of(course, due, penalty, grace), read_roster(course.roster_path)
        total = len(list_students(course)[0])
        Console().print(f"{terms}\n{_longest(total, budget)}", highlight=False)
        with _bar() as bar:
            watch = _watched(bar, f"Grading {name}", total)
            options = {"resume": resume, "only": exercise, "terms": terms, "watch": watch}
            run_cells = partial(sandbox.run, limits=Limits(budget=budget))
            summary = grade_class(course, start_workers, run_cells=run_cells, **options)
            line = bar.add_task("Writing gradebook.db", total=summary.graded, failed="", rate="")
            gradebook.write_gradebook(course, terms=terms, watch=lambda: bar.advance(line))
            gradebook.list_in_formgrader(course)
            write_whole(course.terms_path, written_terms(terms))
    show_class(summary, course.picture_path, Console(), timed=terms.due is not None, roster=roster)
    tell_waiting(course.gradebook_path, [name])
    return summary.ungraded


def regrade_student(name, submitted, student, *, why):
    """Grade one student of an assignment again, show what changed, and log it; NotGraded if it cannot be."""
    require_packages("nbformat", "nbgrader")
    require_exercises(name)
    course = find_course(name, submitted)
    students = list_students(course)[0]
    if student not in students:
        near = difflib.get_close_matches(student, students, 3, 0)
        raise NotGraded(
            f"STUDENT must have handed in {name}: {student} has no folder in {submitted}; "
            + (f"near it are {', '.join(near)}" if near else "nobody has one")
        )
    with refusals(course), _workers(1, None) as start_workers:
        terms, before = terms_of(course), course.result(student)
        summary = grade_class(course, start_workers, run_cells=sandbox.run, students=[student], terms=terms)
        if summary.ungraded:
            raise NotGraded(f"{student} has no new grade: {summary.trouble[0][1]}")
        after = course.result(student)
        log(course, before, after, why)
        gradebook.write_gradebook(course, terms=terms)
    show_changes(before, after, Console())


def _longest(total, budget):
    """Return the sentence on how long the grading of a class takes at most."""
    minutes = math.ceil(total * budget / 60)
    return f"{total} submissions of at most {budget:g} seconds each: at most {minutes} minutes of one worker."


def find_course(name, submitted):
    """Return the Course of a folder of submissions; NotGraded if it is none."""
    if not submitted.is_dir():
        raise NotGraded(
            f"SUBMITTED must be a folder with one folder for each student: found none at {submitted}"
        )
    return Course(submitted.resolve().parent, submitted, name)


def terms_of(course, due=None, penalty=None, grace=None):
    """Return the Terms of an assignment: as given now, else as they were, else as the gradebook says.

    due : as `dates.parse_due` takes it, or "none". NotGraded if a text is no date.
    """
    kept = {"due": None, "penalty": 0.0, "grace": 0.0}
    try:
        kept["due"], extended = gradebook.read_dates(course.gradebook_path, course.assignment)
        kept |= kept_terms(course.terms_path)
        extended |= read_extensions(course.extensions_path, course.assignment, _notebooks())
        if due is not None:
            kept["due"] = None if due == "none" else parse_due(due)
    except NoDate as error:
        raise NotGraded(str(error)) from None
    given = {"penalty": penalty, "grace": grace}
    return Terms(
        **kept | {what: value for what, value in given.items() if value is not None}, extensions=extended
    )


def _notebooks():
    """Return the names of the course's notebooks."""
    return sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def compare_students(name, submitted):
    """Show which answers of an assignment are written alike; NotGraded if there is nothing to compare."""
    require_exercises(name)
    course = find_course(name, submitted)
    with refusals(course):
        comparison = compare_class(course)
    show_alike(comparison, Console())


def open_grades(path, read, *arguments):
    """Return what `read` gives of nbgrader's gradebook at a path; NotGraded if none can be read there."""
    require_packages("nbgrader")
    if not Path(path).is_file():
        raise NotGraded(
            f"GRADEBOOK must be nbgrader's gradebook: found none at {path}; run tconv grade first"
        )
    try:
        return read(path, *arguments)
    except Unusable as error:
        raise NotGraded(str(error)) from None


def tell_waiting(path, names):
    """Say how many answers in words the points of a gradebook do not count yet."""
    if count := open_grades(path, gradebook.waiting, names):
        Console().print(
            f"{count} submissions have answers in words that wait for their points: give them in formgrader, "
            "under Manual Grading."
        )


def roster_of(root):
    """Return the roster in a course's folder; NotGraded names a line that is none."""
    try:
        return read_roster(Course(Path(root), Path(root), "").roster_path)
    except Unusable as error:
        raise NotGraded(str(error)) from None


def require_packages(*packages):
    """Raise NotGraded if packages of the extra `grade` are missing."""
    if missing := [package for package in packages if find_spec(package) is None]:
        raise NotGraded(f"Grading needs {', '.join(missing)}; get it: pip install 'tconv-helpers[grade]'")


def require_exercises(name, exercise=None):
    """Raise NotGraded if an assignment has no exercises, or none of that name."""
    questions = load_assignment(name).questions
    if not questions:
        raise NotGraded(f"ASSIGNMENT must have exercises: {name} has none")
    if exercise is not None and exercise not in questions:
        raise NotGraded(f"EXERCISE must be one of {', '.join(questions)}: got {exercise!r}")


@contextmanager
def refusals(course):
    """Turn what stops a grader into its sentence."""
    try:
        yield
    except (sandbox.NoSandbox, Unusable) as error:
        raise NotGraded(str(error)) from None
    except BlockingIOError:
        raise NotGraded(f"One grader at a time: another is at work in {course.root}; wait for it") from None
    except OSError as error:
        raise NotGraded(
            f"{error.filename or course.root} must be a file that can be read and written: {error.strerror}; "
            "mend that and run it again with --resume, since what was graded stays"
        ) from None
    except KeyboardInterrupt:
        raise NotGraded("Stopped; run it again with --resume to go on from here") from None


@contextmanager
def _workers(count, scheduler):
    """Give what starts the workers: those of a cluster, else `count` of this machine, 0 for one a core."""
    if not scheduler:
        sandbox.require()
        yield pool.local_workers(count or os.cpu_count(), PRELOAD)
        return
    require_packages("distributed")
    with ExitStack() as stack:
        try:
            start_workers = stack.enter_context(pool.cluster_workers(scheduler))
        except (OSError, ValueError):
            raise NotGraded(
                f"SCHEDULER must be the address of a running Dask cluster: {scheduler} is not"
            ) from None
        yield start_workers


def _bar():
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    columns += [TextColumn("{task.fields[rate]}"), TimeRemainingColumn(), TextColumn("{task.fields[failed]}")]
    return Progress(*columns, console=Console(stderr=True))


def _watched(bar, description, total):
    """Add a line to a bar and return what moves it on, called with a record, or None where there is none."""
    line, failed = bar.add_task(description, total=total, failed="", rate=""), 0

    def watch(record):
        nonlocal failed
        failed += record is None or record["problem"] is not None
        speed = bar.tasks[line].finished_speed or bar.tasks[line].speed or 0
        bar.update(line, advance=1, failed=f"{failed} not readable" * bool(failed), rate=f"{speed:.1f}/s")

    return watch
