"""`tconv grade` and `tconv export` as an instructor sees them: a live bar, tables, or one sentence."""

import os
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from .submissions import visible


class NotGraded(Exception):
    """Nothing could be graded or exported: one sentence on why, and the way out."""


def run(name, submitted, workers, scheduler, resume, exercise, due, penalty):
    """Grade an assignment, show how it went, and return the names of those who have no grade."""
    needed("nbformat", "nbgrader")
    from . import gradebook
    from .grade import Folders, cluster, count, grade, list_in_formgrader, local, results
    from .sandbox import run as sandbox

    asked = questions(name, exercise)
    if not submitted.is_dir():
        raise NotGraded(
            f"SUBMITTED must be a folder with one folder for each student: found none at {submitted}"
        )
    folders = Folders(submitted.resolve().parent, submitted)
    console = Console(stderr=True)
    try:
        due = due and parsed(due)
        if not scheduler:
            sandbox.require()
        made = _cluster(cluster, scheduler) if scheduler else nullcontext(local(workers or os.cpu_count()))
        with made as start, _bar(console) as bar:
            line, failed = bar.add_task(f"Grading {name}", total=count(name, folders), failed="", rate=""), 0

            def watch(record):
                nonlocal failed
                failed += record is None or record["problem"] is not None
                speed = bar.tasks[line].finished_speed or bar.tasks[line].speed or 0
                bar.update(
                    line, advance=1, failed=f"{failed} not readable" * bool(failed), rate=f"{speed:.1f}/s"
                )

            summary = grade(name, folders, start, sandbox.run, resume, exercise, watch)
            line2 = bar.add_task("Writing gradebook.db", total=summary.graded, failed="", rate="")
            summary.late = gradebook.write(
                folders.gradebook, asked, results(folders, name), due, penalty, lambda: bar.advance(line2)
            )
            list_in_formgrader(name, folders)
    except sandbox.NoSandbox as error:
        raise NotGraded(str(error)) from None
    except BlockingIOError:
        raise NotGraded(f"One grader at a time: another is at work in {folders.root}; wait for it") from None
    except KeyboardInterrupt:
        raise NotGraded("Stopped; run it again with --resume to go on from here") from None
    show(summary, folders, Console())
    return summary.ungraded


def export(name, path, to):
    """Write the tables of an assignment for each platform; their paths."""
    needed("nbgrader")
    from .export import PLATFORMS
    from .grade import write
    from .gradebook import scores

    if not Path(path).is_file():
        raise NotGraded(
            f"GRADEBOOK must be nbgrader's gradebook: found none at {path}; run tconv grade first"
        )
    from nbgrader.api import MissingEntry

    try:
        rows = list(scores(path, name))
    except MissingEntry:
        raise NotGraded(f"{path} holds no grades of {name}; run tconv grade {name} first") from None
    paths = {platform: to / f"{name}_{platform}.csv" for platform in PLATFORMS}
    for platform, table in PLATFORMS.items():
        write(paths[platform], table(name, rows))
    return list(paths.values())


def needed(*packages):
    """NotGraded if the packages of the extra `grade` are missing."""
    from importlib.util import find_spec

    if missing := [package for package in packages if find_spec(package) is None]:
        raise NotGraded(f"Grading needs {', '.join(missing)}; get it: pip install 'tconv-helpers[grade]'")


def questions(name, exercise):
    """The assignment with its references, if they are here."""
    from .score import load_assignment

    try:
        asked = load_assignment(name)
    except ImportError:
        raise NotGraded(
            "Grading needs the answers, which are in the course's repository only; "
            "run it from a clone: pip install -e '.[grade]'"
        ) from None
    if not asked.questions:
        raise NotGraded(f"ASSIGNMENT must have exercises: {name} has none")
    if exercise is not None and exercise not in asked.questions:
        raise NotGraded(f"EXERCISE must be one of {', '.join(asked.questions)}: got {exercise!r}")
    return asked


def parsed(due):
    """A time as nbgrader reads it."""
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(due)
    except (ValueError, OverflowError):
        raise NotGraded(f"DUE must be a date and a time: got {due!r}; write '2026-12-01 23:59 UTC'") from None


@contextmanager
def _cluster(cluster, address):
    needed("distributed")
    try:
        with ExitStack() as stack:
            start = stack.enter_context(cluster(address))
            kept = stack.pop_all()
    except (OSError, ValueError):
        raise NotGraded(
            f"SCHEDULER must be the address of a running Dask cluster: {address} is not"
        ) from None
    with kept:
        yield start


def _bar(console):
    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
    ]
    columns += [TimeRemainingColumn(), TextColumn("{task.fields[failed]}")]
    return Progress(*columns, console=console)


def show(summary, folders, console):
    """The summary of a class: tables on the console, and a picture beside the results."""
    students = sum(summary.scores.values())
    console.print(f"{summary.assignment}: {students} graded, {len(summary.ungraded)} without a grade.")
    if students:
        console.print(histogram(summary))
        console.print(ranking(summary))
        picture = folders.root / "results" / f"{summary.assignment}.png"
        draw(summary).savefig(picture, dpi=144)
        console.print(Text(f"Picture: {picture}"))
    if summary.late or summary.trouble:
        console.print(trouble(summary))


def histogram(summary):
    """Points against the number of students."""
    table = Table("Points", "Students", "", title="Scores", title_justify="left")
    most = max(summary.scores.values())
    for points, students in sorted(summary.scores.items(), reverse=True):
        table.add_row(f"{points:g} of {summary.of}", str(students), "█" * max(1, round(30 * students / most)))
    return table


def ranking(summary):
    """For each exercise, what went wrong and for how many."""
    students = sum(summary.scores.values())
    table = Table(
        "Exercise", "What is wrong", "Students", "Part", title="What to teach again", title_justify="left"
    )
    for name, held in summary.misconceptions.items():
        for number, (what, count) in enumerate(held.most_common()):
            table.add_row(name if not number else "", Text(what), str(count), f"{count / students:.0%}")
    return table


def draw(summary):
    from ..figures.draw import draw_class

    return draw_class(summary.scores, summary.misconceptions, summary.of)


def trouble(summary):
    """Who was late, who got nothing since nothing could be read, and who has no grade at all."""
    table = Table("Student", "Grade", "Why", title="To look at", title_justify="left")
    for student, why, graded in summary.trouble:
        table.add_row(Text(visible(student, 60)), "zero" if graded else "none", Text(why))
    for student, days, cost in summary.late:
        table.add_row(Text(visible(student, 60)), f"−{cost:g}", f"{days} day{'s' * (days > 1)} late")
    return table
