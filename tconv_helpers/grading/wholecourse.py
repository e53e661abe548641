"""Grade the whole course as an instructor sees it: each notebook in its turn, then one table."""

from dataclasses import replace

from rich.console import Console
from rich.text import Text

from . import gradebook
from .console import NotGraded, find_course, grade_assignment, open_grades, require_packages, roster_of
from .score import load_assignment
from .submissions import list_students, who_handed_in
from .totals import course_table, standing, who_is_missing


def grade_course(names, submitted, **options):
    """Grade all notebooks that anybody handed in, show one table, and return who has no grade in any of them.

    names : of the course's notebooks. options : as `console.grade_assignment` takes them. NotGraded if one
    cannot be graded; what was graded before it stays.
    """
    require_packages("nbformat", "nbgrader")
    course = find_course(names[0], submitted)
    found = handed_in(course, names)
    if not found:
        raise NotGraded(
            f"SUBMITTED must hold STUDENT/ASSIGNMENT folders with an ASSIGNMENT of the course: {submitted} "
            f"has none; the course has {', '.join(names)}"
        )
    ungraded = {student for name in found for student in grade_assignment(name, submitted, **options)}
    roster = roster_of(course.root)
    grades = open_grades(course.gradebook_path, gradebook.course_grades, names)
    console = Console()
    console.print(course_table(standing(grades, roster, found)))
    for name, students in found.items():
        for sentence in who_is_missing(sorted(students), roster):
            console.print(Text(f"{name}: {sentence}"))
    return ungraded


def handed_in(course, names):
    """Return {notebook: students} of those notebooks with exercises that anybody handed in."""
    if not course.submitted.is_dir():
        return {}
    found = {}
    for name in names:
        students = who_handed_in(*list_students(replace(course, assignment=name)))
        if students and load_assignment(name).questions:
            found[name] = students
    return found
