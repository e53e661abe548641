"""Count, while a class is graded, what an instructor wants to know of it."""

import heapq
from collections import Counter
from dataclasses import dataclass, field

from .dates import cost, read_stamp

SLOWEST = 5
OUTCOMES = RIGHT, PARTLY, WRONG, UNWRITTEN = "right", "half", "wrong", "not written"


def unwatched(record):
    """Take no notice of a submission: its record, None if it has none."""


def outcome(row, problem=None):
    """Return which of OUTCOMES the row of an exercise is; problem : why the notebook could not be read.

    >>> [outcome({"points": points, "of": 2, "verdict": "f is not right yet."}) for points in (2, 1, 0)]
    ['right', 'half', 'wrong']
    """
    if problem or row["verdict"].endswith(": not yet."):
        return UNWRITTEN
    return RIGHT if row["points"] == row["of"] else PARTLY if row["points"] else WRONG


@dataclass
class Summary:
    """Count what an instructor wants to know of a class; small for a large class, too."""

    assignment: str
    of: int
    watch: object = field(default=unwatched, repr=False)
    graded: int = 0
    # Points -> students
    scores: Counter = field(default_factory=Counter)
    # Exercise -> Counter of OUTCOMES
    success: dict = field(default_factory=dict)
    # Exercise -> Counter of what is wrong
    misconceptions: dict = field(default_factory=dict)
    # (student, why, whether there is a grade)
    trouble: list = field(default_factory=list)
    # (student, days, points taken off)
    late: list = field(default_factory=list)
    # (seconds, student), SLOWEST of them
    slowest: list = field(default_factory=list)
    # Of whom nobody knows when they handed in
    timeless: list = field(default_factory=list)
    # Who handed in, with a grade or without
    students: set = field(default_factory=set)

    def add(self, record, seconds=0.0):
        """Count a submission that has its grade, and how long that took."""
        self.graded += 1
        self.slowest = heapq.nlargest(SLOWEST, [*self.slowest, (seconds, record["student"])])
        self.scores[record["points"]] += 1
        for name, row in record["exercises"].items():
            self.success.setdefault(name, Counter())[outcome(row, record["problem"])] += 1
            held = self.misconceptions.setdefault(name, Counter())
            if row["misconception"] and not record["problem"]:
                held[row["misconception"]] += 1
        if record["problem"]:
            self.trouble.append((record["student"], record["problem"], True))
        if record["late"]:
            self.late.append((record["student"], record["late"][0], cost(record["points"], record["late"])))
        if read_stamp(record["timestamp"]) is None:
            self.timeless.append(record["student"])
        self.watch(record)

    def add_ungraded(self, student, why):
        """Count a submission that has none."""
        self.trouble.append((student, why, False))
        self.watch(None)

    @property
    def ungraded(self):
        """Return the names of those who have no grade."""
        return [student for student, _, graded in self.trouble if not graded]
