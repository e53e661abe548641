"""When work was due and when it came, read strictly, and what a day late costs.

A stamp is a student's text: nothing here opens a file, or guesses, because of what stands in it.
"""

import csv
import json
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from ..exercises.notebook import called
from .submissions import student_of

TIME = r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)"
STAMP = re.compile(TIME + r" ?(UTC|GMT|Z|[+-]\d\d:?\d\d)?", re.ASCII)  # nbgrader's own has no zone or UTC
DUE = re.compile(TIME + r" ?(Z|[+-]\d\d:?\d\d|[A-Za-z][\w+/-]*)", re.ASCII)
FORM = "write it as '2026-12-01 23:59 Europe/Zurich', '... UTC' or '... +01:00'"


class NoDate(ValueError):
    """Say in one sentence why a text of a teacher is no date."""


def read_stamp(text):
    """Return the time that a timestamp.txt tells, None if it tells none.

    >>> read_stamp("2026-12-01 22:59:00.000000 UTC")
    datetime.datetime(2026, 12, 1, 22, 59, tzinfo=datetime.timezone.utc)
    >>> read_stamp("2026-11-25 10:00:00 ../../../etc/passwd")
    """
    found = STAMP.fullmatch((text or "").strip())
    try:
        return found and _of(found).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_due(text):
    """Return the time that a teacher wrote, in the zone written; NoDate if it could mean two times, or none.

    >>> parse_due("2026-12-01 23:59 Europe/Zurich").astimezone(UTC).isoformat()
    '2026-12-01T22:59:00+00:00'
    """
    found = DUE.fullmatch(text.strip())
    if found is None:
        raise NoDate(f"DUE must be a date, a time and its zone: got {text!r}; {FORM}")
    try:
        due = _of(found)
        shift = due.replace(fold=1).utcoffset() - due.utcoffset()
    except (ValueError, OverflowError) as error:
        raise NoDate(f"DUE must be a date, a time and its zone: got {text!r} ({error}); {FORM}") from None
    if shift:
        raise NoDate(
            f"DUE must be one moment: in {found[3]} clocks change at {found[1]} {found[2]}; write it in UTC"
        )
    return due


def _of(found):
    date, time, zone = found.groups()
    if zone in (None, "UTC", "GMT", "Z"):
        return datetime.fromisoformat(f"{date}T{time}+00:00")
    if zone[0] in "+-":
        return datetime.fromisoformat(f"{date}T{time}{zone}")
    if zone not in available_timezones():
        raise ValueError(f"no zone is called {zone}")
    return datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=ZoneInfo(zone))


def spoken(time):
    """Return a time as people check it: with its weekday, and in UTC if it is not.

    >>> spoken(parse_due("2026-12-01 23:59 Europe/Zurich"))
    'Tuesday, 1 December 2026, 23:59 Europe/Zurich (22:59 UTC)'
    """
    here = f"{time:%A}, {time.day} {time:%B %Y, %H:%M} {time.tzinfo}"
    there = time.astimezone(UTC)
    day = "" if there.date() == time.date() else f"{there.day} {there:%B}, "
    return here if not time.utcoffset() else f"{here} ({day}{there:%H:%M} UTC)"


@dataclass(frozen=True)
class Terms:
    """Hold when an assignment was due, and what it costs to be late.

    penalty : the part of the points for each day begun. grace : minutes that cost nothing. extensions : for
    single students, when it was due for them.

    >>> terms = Terms(parse_due("2026-12-01 23:59 UTC"), penalty=0.1, grace=10)
    >>> [terms.days_late("ann", read_stamp(f"2026-12-0{day}")) for day in ("2 00:08", "2 00:10", "3 23:59")]
    [0, 1, 2]
    """

    due: datetime | None = None
    penalty: float = 0.0
    grace: float = 0.0
    extensions: dict = field(default_factory=dict)

    def due_for(self, student):
        """Return when it was due for a student, None if it was not."""
        return self.extensions.get(student, self.due)

    def days_late(self, student, time):
        """Return the days begun between a student's due date and a time, 0 if one of them is not known."""
        due = self.due_for(student)
        late = (time - due).total_seconds() if due and time else 0
        return math.ceil(late / 86400) if late > 60 * self.grace else 0

    def __str__(self):
        if self.due is None:
            return "No due date: nobody is late."
        price = f"each day begun after it costs {100 * self.penalty:g} %" * bool(self.penalty)
        grace = f", {self.grace:g} minutes of grace" * bool(self.grace)
        more = f"; a date of their own for {len(self.extensions)}" * bool(self.extensions)
        return f"Due {spoken(self.due)}: {price or 'late work costs nothing'}{grace}{more}."


NO_DATE = Terms()


def cost(points, late):
    """Return what lateness takes of some points; late : (days, the part that each costs), or None.

    >>> cost(7, (3, 0.1)), cost(7, (30, 0.1)), cost(7, None)
    (2.1, 7.0, 0)
    """
    return round(min(1.0, late[0] * late[1]) * points, 2) if late else 0


def written_terms(terms):
    """Return the text from which `kept_terms` reads due date, penalty and grace again."""
    due = terms.due and f"{terms.due:%Y-%m-%d %H:%M:%S} {_zone(terms.due)}"
    return json.dumps({"due": due, "penalty": terms.penalty, "grace": terms.grace}) + "\n"


def _zone(time):
    return time.tzinfo.key if isinstance(time.tzinfo, ZoneInfo) else f"{time:%z}"


def kept_terms(path):
    """Return {due, penalty, grace} of a file of `written_terms`, {} without one; NoDate if it is damaged."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        due = kept["due"] and parse_due(kept["due"])
        return {"due": due, "penalty": float(kept["penalty"]), "grace": float(kept["grace"])}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoDate(f"{path} must hold due, penalty and grace: remove it, and give --due again") from None


def read_extensions(path, assignment, names):
    """Return {student: due} of an assignment's lines in extensions.csv; NoDate names a line that is none.

    The columns are student, assignment and due. names : the course's notebooks, of which each line names one.
    """
    if not path.exists():
        return {}
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True))
    except UnicodeDecodeError:
        raise NoDate(f"{path} must be in UTF-8: save it so") from None
    except csv.Error as error:
        raise NoDate(f"{path} must be a table with commas between cells: {error}; save it anew") from None
    if [cell.strip().lower() for cell in (lines or [[]])[0]] != ["student", "assignment", "due"]:
        raise NoDate(f"{path} must begin with the line student,assignment,due")
    found = {}
    for number, line in enumerate(lines[1:], 2):
        cells = [cell.strip() for cell in line]
        if len(cells) == 3 and all(cells):
            student, word, due = cells
            if len(meant := called(word, names)) != 1:
                raise NoDate(
                    f"{path}, line {number} must name one notebook of the course: got {word!r}; "
                    f"it has {', '.join(names)}"
                )
            if meant == [assignment]:
                found[student_of(student)] = _due_in(f"{path}, line {number}", due)
        elif any(cells):
            raise NoDate(f"{path}, line {number} must have a student, an assignment and a due date")
    return found


def _due_in(line, due):
    try:
        return parse_due(due)
    except NoDate as error:
        raise NoDate(f"{line}: {error}") from None
