"""Grade one student again, show what changed, and keep both results in a log that only grows."""

import getpass
import json
import socket
from datetime import UTC, datetime
from importlib import metadata

from rich.table import Table
from rich.text import Text

from .course import add_line


def changes(before, after):
    """Return {exercise: (points before, points after)} where they differ; None is for an exercise not there.

    >>> row = lambda points: {"points": points}
    >>> changes({"exercises": {"f": row(1), "g": row(2)}}, {"exercises": {"f": row(2), "g": row(2)}})
    {'f': (1, 2)}
    """
    rows = [record["exercises"] if record else {} for record in (before, after)]
    names = rows[0] | rows[1]
    points = {name: tuple(row[name]["points"] if name in row else None for row in rows) for name in names}
    return {name: both for name, both in points.items() if both[0] != both[1]}


def log(course, before, after, why):
    """Add to a `Course`'s audit log who graded whom again, when, with what, and what came of it."""
    entry = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": f"{getpass.getuser()}@{socket.gethostname()}",
        "why": why,
        "student": after["student"],
        "assignment": after["assignment"],
        "version": metadata.version("tconv-helpers"),
        "before": _said(before),
        "after": _said(after),
    }
    add_line(course.audit_path, json.dumps(entry, ensure_ascii=False))


def _said(record):
    keys = ("points", "of", "late", "master", "notebook", "timestamp")
    return record and {key: record.get(key) for key in keys} | {
        "exercises": {name: row["points"] for name, row in record["exercises"].items()}
    }


def show_changes(before, after, console):
    """Print a student's points before and after, and each exercise whose points are others now."""
    console.print(Text(f"{after['student']}: {_points(before)} before, {_points(after)} now."))
    if table := changes(before, after):
        shown = Table("Exercise", "Before", "Now", "Verdict now")
        for name, points in table.items():
            row = after["exercises"].get(name)
            said = ["not there" if each is None else f"{each:g}" for each in points]
            shown.add_row(name, *said, Text(row["verdict"] if row else ""))
        console.print(shown)
    else:
        console.print("No exercise has other points.")


def _points(record):
    return f"{record['points']:g} of {record['of']} points" if record else "no grade"
