"""Write nbgrader's gradebook through its own API: from results, as often as one likes, to the same end."""

import contextlib
import logging
import math
import os
import sqlite3
import sys
from itertools import islice
from pathlib import Path

from .answers import ROOT
from .course import write_whole
from .score import load_assignment

BATCH = 200  # submissions a transaction


@contextlib.contextmanager
def open_gradebook(path):
    """Give nbgrader's Gradebook at a path, made if it is not there; of the one course in it."""
    logging.getLogger("alembic").setLevel(logging.ERROR)
    from nbgrader.api import Gradebook

    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])  # it calls alembic
    try:
        gradebook = Gradebook(f"sqlite:///{path}", _course_id(path))
    finally:
        os.environ["PATH"] = before
    with gradebook:
        yield gradebook


def _course_id(path):
    """Return the name of the one course in a gradebook that is there, else nbgrader's default."""
    if Path(path).exists():
        with (
            contextlib.closing(sqlite3.connect(path)) as table,
            contextlib.suppress(sqlite3.OperationalError),
        ):
            courses = table.execute("select id from course").fetchall()
            if len(courses) == 1:
                return courses[0][0]
    return "default_course"


def write_gradebook(course, *, due=None, penalty=0.0, watch=lambda: None):
    """Write a `Course`'s results into its gradebook; return the late: (student, days, cost).

    due : when it was to be handed in; None keeps the gradebook's. penalty : the part of the points that each
    day begun costs. watch : called for each student. A grade given by hand stays.
    """
    asked, late = load_assignment(course.assignment), []
    with open_gradebook(course.gradebook_path) as gradebook:
        _write_assignment(gradebook, asked, course.gradebook_path, due)
        records = course.results()
        while batch := list(islice(records, BATCH)):
            with _one_transaction(gradebook):
                for record in batch:
                    days, cost = _write_record(gradebook, asked, record, penalty)
                    late += [(record["student"], days, cost)] if days else []
                    watch()
    return late


@contextlib.contextmanager
def _one_transaction(gradebook):
    """Make one transaction of many steps, each of which nbgrader would write to the disk by itself."""
    commit, gradebook.db.commit = gradebook.db.commit, gradebook.db.flush
    try:
        yield
    finally:
        gradebook.db.commit = commit
    gradebook.db.commit()
    gradebook.db.expunge_all()  # or every grade of the class stays in memory


def _write_assignment(gradebook, asked, path, due):
    """Write the assignment, its notebook and cells, as `nbgrader generate_assignment` saves them."""
    import nbformat
    from nbgrader.api import MissingEntry
    from nbgrader.preprocessors import ComputeChecksums, SaveCells

    gradebook.update_or_create_assignment(asked.name, **({"duedate": due} if due else {}))
    with contextlib.suppress(MissingEntry):
        notebook = gradebook.find_notebook(asked.name, asked.name)
        if {cell.name for cell in notebook.grade_cells} == {q.check for q in asked.questions.values()}:
            return
    book = nbformat.from_dict(asked.edition)
    resources = {
        "nbgrader": {"notebook": asked.name, "assignment": asked.name, "db_url": f"sqlite:///{path}"}
    }
    for step in (ComputeChecksums(), SaveCells()):
        book, resources = step.preprocess(book, resources)
    gradebook.db.expire_all()


def _write_record(gradebook, asked, record, penalty):
    """Write one record; return the days it is late, and what they cost."""
    from nbgrader.utils import parse_utc

    try:
        timestamp = parse_utc(record["timestamp"])
    except (ValueError, OverflowError):
        timestamp = None
    student = record["student"]
    gradebook.update_or_create_student(student)
    with gradebook.db.no_autoflush:  # nbgrader makes a submission piece by piece
        submission = gradebook.update_or_create_submission(asked.name, student, timestamp=timestamp)
    rows = {asked.questions[name].check: row for name, row in record["exercises"].items()}
    (notebook,) = submission.notebooks
    for grade in notebook.grades:
        grade.auto_score, grade.needs_manual_grade = rows[grade.name]["points"], False
    for comment in notebook.comments:
        if row := record["exercises"].get(comment.name):
            comment.auto_comment = " ".join(filter(None, [row["verdict"], row["hint"]]))
    days = math.ceil(submission.total_seconds_late / 86400)
    cost = round(min(1.0, penalty * days) * record["points"], 2)
    notebook.late_submission_penalty = cost
    gradebook.db.commit()
    return days, cost


def final_grades(path, assignment):
    """Yield (student, score less penalty, maximum) of each submission; a grade given by hand counts."""
    with open_gradebook(path) as gradebook:
        maximum = gradebook.find_assignment(assignment).max_score
        for submission in sorted(gradebook.assignment_submissions(assignment), key=lambda s: s.student.id):
            score = submission.score - (submission.late_submission_penalty or 0)
            yield submission.student.id, max(0.0, round(score, 2)), maximum


def list_in_formgrader(course):
    """Write the master where nbgrader's formgrader looks for what there is to list, if nothing is there."""
    path = course.source_path
    if not path.parent.exists():
        write_whole(path, (ROOT / "notebooks" / path.name).read_text(encoding="utf-8"))
