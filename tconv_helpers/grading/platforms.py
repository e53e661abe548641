"""Bring work in from Moodle, Canvas and others, and grades out to them, as an instructor sees it."""

from pathlib import Path

from rich.console import Console

from . import gradebook
from .collect import collect
from .console import NotGraded, open_grades, refusals, roster_of, tell_waiting
from .course import Course, write_whole
from .export import PLATFORMS
from .report import show_collected
from .roster import read_roster
from .totals import course_text, standing, with_absent
from .wholecourse import handed_in

TOTAL = "total"  # what the column of a course's totals is called on the platforms


def collect_download(name, download, submitted, *, replace):
    """Bring a platform's download into the folders, show what came of it, and return who was not collected.

    The arguments are those of `tconv collect`. NotGraded if nothing could be collected.
    """
    course = Course(submitted.resolve().parent, submitted.resolve(), name)
    with refusals(course):
        collected = collect(course, download, read_roster(course.roster_path), replace=replace)
    if not any([collected.new, collected.same, collected.replaced, collected.trouble]):
        raise NotGraded(
            "DOWNLOADED must hold files named as Moodle, Canvas or nbgrader name them: "
            f"{download} has none of {name}; put notebooks of another form into {submitted}/STUDENT/{name}"
        )
    show_collected(collected, Console())
    return [student for student, _ in collected.trouble]


def export_grades(name, path, to):
    """Write the tables of an assignment for each platform and return their paths.

    path : nbgrader's gradebook. to : the folder of the tables. NotGraded if there are no grades.
    """
    grades = open_grades(path, gradebook.course_grades, [name]).get(name)
    if grades is None:
        raise NotGraded(f"{path} holds no grades of {name}; run tconv grade {name} first")
    grades = with_absent(grades, roster_of(Path(path).parent))
    tell_waiting(path, [name])
    paths = {platform: to / f"{name}_{platform}.csv" for platform in PLATFORMS}
    for platform, table in PLATFORMS.items():
        write_whole(paths[platform], table(name, grades))
    return list(paths.values())


def export_course(names, path, to):
    """Write the course's totals for each platform, and the one table, and return their paths.

    path : nbgrader's gradebook. to : the folder of the tables. NotGraded if there are no grades.
    """
    grades = open_grades(path, gradebook.course_grades, names)
    if not any(grades.values()):
        raise NotGraded(f"{path} holds no grades of the course; run tconv grade --all first")
    root = Path(path).parent
    course = Course(root, root / "submitted", names[0])
    all_of_it = standing(grades, roster_of(root), handed_in(course, names))
    tell_waiting(path, names)
    texts = {f"course_{platform}": table(TOTAL, all_of_it.totals()) for platform, table in PLATFORMS.items()}
    paths = {name: to / f"{name}.csv" for name in ("course", *texts)}
    for name, text in {"course": course_text(all_of_it), **texts}.items():
        write_whole(paths[name], text)
    return list(paths.values())
