"""Grade and export the whole course as an instructor sees it: each notebook in its turn, then one table."""

from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from . import gradebook
from .console import NotGraded, find_course, grade_assignment, open_grades, require_packages, roster_of
from .course import Course, write_whole
from .export import PLATFORMS
from .score import load_assignment
from .submissions import list_students, who_handed_in
from .totals import course_table, course_text, standing, who_is_missing

TOTAL = "total"  # what the column of a course's totals is called on the platforms


def grade_course(names, submitted, **options):
    """Grade all notebooks that anybody handed in, show one table, and return who has no grade in any of them.

    names : of the course's notebooks. options : as `console.grade_assignment` takes them. NotGraded if one
    cannot be graded; what was graded before it stays.
    """
    require_packages("nbformat", "nbgrader")
    course = find_course(names[0], submitted)
    found = _handed_in(course, names)
    if not found:
        raise NotGraded(
            f"SUBMITTED must hold STUDENT/ASSIGNMENT folders with an ASSIGNMENT of the course: {submitted} "
            f"has none; the course has {', '.join(names)}"
        )
    ungraded = {student for name in found for student in grade_assignment(name, submitted, **options)}
    roster = roster_of(course.root)
    grades = gradebook.course_grades(course.gradebook_path, names)
    console = Console()
    console.print(course_table(standing(grades, roster, found)))
    for name, students in found.items():
        for sentence in who_is_missing(sorted(students), roster):
            console.print(Text(f"{name}: {sentence}"))
    return ungraded


def export_course(names, path, to):
    """Write the course's totals for each platform, and the one table, and return their paths.

    path : nbgrader's gradebook. to : the folder of the tables. NotGraded if there are no grades.
    """
    grades = open_grades(path, gradebook.course_grades, names)
    if not any(grades.values()):
        raise NotGraded(f"{path} holds no grades of the course; run tconv grade --all first")
    root = Path(path).parent
    course = Course(root, root / "submitted", names[0])
    all_of_it = standing(grades, roster_of(root), _handed_in(course, names))
    texts = {f"course_{platform}": table(TOTAL, all_of_it.totals()) for platform, table in PLATFORMS.items()}
    paths = {name: to / f"{name}.csv" for name in ("course", *texts)}
    for name, text in {"course": course_text(all_of_it), **texts}.items():
        write_whole(paths[name], text)
    return list(paths.values())


def _handed_in(course, names):
    """Return {notebook: students} of those notebooks with exercises that anybody handed in."""
    if not course.submitted.is_dir():
        return {}
    found = {}
    for name in names:
        students = who_handed_in(*list_students(replace(course, assignment=name)))
        if students and load_assignment(name).questions:
            found[name] = students
    return found
