"""Write nbgrader's gradebook through its own API: from results, as often as one likes, to the same end."""

import contextlib
import json
import logging
import os
import sqlite3
import subprocess
import sys
from datetime import UTC
from itertools import islice
from pathlib import Path

from .answers import ROOT
from .course import Unusable, write_whole
from .dates import NO_DATE, cost, read_stamp
from .score import load_assignment

BATCH = 200  # submissions a transaction


@contextlib.contextmanager
def open_gradebook(path):
    """Give nbgrader's Gradebook at a path, made if it is not there; of the one course in it.

    Unusable if it is damaged, locked by another program, or of another nbgrader.
    """
    logging.getLogger("alembic").setLevel(logging.ERROR)
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import DatabaseError

    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])  # it calls alembic
    try:
        with Gradebook(f"sqlite:///{path}", _course_id(path)) as gradebook:
            yield gradebook
    except (DatabaseError, sqlite3.DatabaseError, subprocess.CalledProcessError) as error:
        said = getattr(error, "orig", error)
        raise Unusable(
            f"{path} must be nbgrader's gradebook, and one that can be written: it said '{said}'; close what "
            "has it open, or move it away and grade with --resume, which makes one from results/ (without "
            "the grades that were given by hand)"
        ) from None
    finally:
        os.environ["PATH"] = before


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


def read_dates(path, assignment):
    """Return when an assignment was due by a gradebook, None if it was not, and {student: due} extended."""
    from nbgrader.api import MissingEntry

    if not Path(path).exists():
        return None, {}
    with open_gradebook(path) as gradebook:
        try:
            due = gradebook.find_assignment(assignment).duedate
        except MissingEntry:
            return None, {}
        submissions = gradebook.assignment_submissions(assignment) if due else []
        extended = {
            each.student.id: each.duedate.replace(tzinfo=UTC) for each in submissions if each.extension
        }
        return due and due.replace(tzinfo=UTC), extended


def write_gradebook(course, *, terms=NO_DATE, watch=lambda: None):
    """Write a `Course`'s results into its gradebook.

    terms : when it was due, for all and for single students; without, the gradebook keeps its own. watch :
    called for each student. A grade given by hand stays. An answer in words waits for a person in formgrader
    until it has a grade, and again once it is another one.
    """
    asked, seen = load_assignment(course.assignment), _words_seen(course)
    with open_gradebook(course.gradebook_path) as gradebook:
        _write_assignment(gradebook, asked, course.gradebook_path, terms.due)
        records = course.results()
        while batch := list(islice(records, BATCH)):
            with _one_transaction(gradebook):
                for record in batch:
                    before = seen.get(record["student"], {})
                    _write_record(gradebook, asked, record, terms=terms, seen=before)
                    seen[record["student"]] = record.get("words", {})
                    watch()
    if asked.words:
        write_whole(course.words_path, json.dumps(seen))


def _words_seen(course):
    """Return {student: {grade_id: which answer}} as the gradebook had it before; {} if that is not known."""
    try:
        seen = json.loads(course.words_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    seen = seen if isinstance(seen, dict) else {}
    return {student: words for student, words in seen.items() if isinstance(words, dict)}


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

    gradebook.update_or_create_assignment(asked.name, **({"duedate": naive(due)} if due else {}))
    with contextlib.suppress(MissingEntry):
        notebook = gradebook.find_notebook(asked.name, asked.name)
        points = {question.check: question.master.points for question in asked.questions.values()}
        points |= asked.words
        if {cell.name: cell.max_score for cell in notebook.grade_cells} == points:
            return
    book = nbformat.from_dict(asked.edition)
    resources = {
        "nbgrader": {"notebook": asked.name, "assignment": asked.name, "db_url": f"sqlite:///{path}"}
    }
    for step in (ComputeChecksums(), SaveCells()):
        book, resources = step.preprocess(book, resources)
    gradebook.db.expire_all()


def _write_record(gradebook, asked, record, *, terms, seen):
    """Write one record; an exercise that is in it and not in the course any more counts for nothing."""
    student, time = record["student"], read_stamp(record["timestamp"])
    gradebook.update_or_create_student(student)
    with gradebook.db.no_autoflush:  # nbgrader makes a submission piece by piece
        submission = gradebook.update_or_create_submission(
            asked.name, student, timestamp=time and naive(time)
        )
    if terms.due:
        submission.extension = terms.due_for(student) - terms.due or None
    rows = record["exercises"]
    by_check = {question.check: rows[name] for name, question in asked.questions.items() if name in rows}
    (notebook,) = submission.notebooks
    for grade in notebook.grades:
        if grade.name in by_check:
            grade.auto_score, grade.needs_manual_grade = by_check[grade.name]["points"], False
        elif grade.name in asked.words:
            answer = record.get("words", {}).get(grade.name)
            new = grade.manual_score is None or answer != seen.get(grade.name, answer)
            grade.auto_score, grade.needs_manual_grade = None if answer else 0, bool(answer) and new
    for comment in notebook.comments:
        if row := rows.get(comment.name):
            comment.auto_comment = " ".join(filter(None, [row["verdict"], row["hint"]]))
    notebook.late_submission_penalty = cost(record["points"], record.get("late"))
    gradebook.db.commit()


def naive(time):
    """Return a time as nbgrader keeps it: in UTC, and silent about that."""
    return time.astimezone(UTC).replace(tzinfo=None)


def final_grades(path, assignment):
    """Yield (student, score less penalty, maximum) of each submission; a grade given by hand counts."""
    with open_gradebook(path) as gradebook:
        yield from _final_grades(gradebook, assignment)


def course_grades(path, assignments):
    """Return {assignment: what `final_grades` yields} of those that the gradebook holds."""
    with open_gradebook(path) as gradebook:
        held = {each.name for each in gradebook.assignments}
        return {name: list(_final_grades(gradebook, name)) for name in assignments if name in held}


def _final_grades(gradebook, assignment):
    maximum = gradebook.find_assignment(assignment).max_score
    for submission in sorted(gradebook.assignment_submissions(assignment), key=lambda s: s.student.id):
        score = submission.score - (submission.late_submission_penalty or 0)
        yield submission.student.id, max(0.0, round(score, 2)), maximum


def waiting(path, assignments):
    """Return how many submissions of some assignments hold answers in words that nobody has graded yet."""
    with open_gradebook(path) as gradebook:
        held = [each.name for each in gradebook.assignments if each.name in assignments]
        return sum(
            submission.needs_manual_grade
            for name in held
            for submission in gradebook.assignment_submissions(name)
        )


def list_in_formgrader(course):
    """Write the master where nbgrader's formgrader looks for what there is to list, if nothing is there."""
    path = course.source_path
    if not path.parent.exists():
        write_whole(path, (ROOT / "notebooks" / path.name).read_text(encoding="utf-8"))
