"""Read who takes the course: students.csv, in the columns that `nbgrader db student import` takes.

Only `id` must be there: it is the name of a student's folder, and the login for the exports. The names and
lms_user_id, which is Canvas's number of a person, tell whose a file from a platform is.
"""

import csv
import unicodedata
from dataclasses import dataclass

from .course import Unusable
from .submissions import allowed_name, student_of


@dataclass(frozen=True)
class Person:
    """Hold a line of students.csv."""

    id: str
    first_name: str = ""
    last_name: str = ""
    lms_user_id: str = ""

    @property
    def names(self):
        """Return the name squeezed, in either order, as no platform can change it."""
        first, last = squeezed(self.first_name), squeezed(self.last_name)
        return {first + last, last + first} - {""}


def squeezed(name):
    """Return a name's letters and digits, small: platforms take away what else is in it.

    >>> squeezed("O'Neill, Zoe\\u0308"), squeezed("oneillzoë")
    ('oneillzoë', 'oneillzoë')
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", name).casefold()))


def read_roster(path):
    """Return {id: Person} of a students.csv, {} without one; Unusable names a line that is none."""
    if not path.exists():
        return {}
    people = {}
    for number, row in _rows(path):
        cells = {key: row.get(key, "").strip() for key in Person.__dataclass_fields__}
        name = cells["id"] = student_of(cells["id"])
        if not allowed_name(name):
            raise Unusable(
                f"{path}, line {number} must have an id that may be a folder's name: got {name!r}; "
                "use letters and digits"
            )
        if name in people:
            raise Unusable(f"{path}, line {number}: the id {name} stands there twice; keep one of the lines")
        people[name] = Person(**cells)
    return people


def _rows(path):
    """Yield (number, {column: cell}) of each line that is not empty."""
    try:
        lines = csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True)
        head = [cell.strip().lower() for cell in next(lines, [])]
        if "id" not in head:
            raise Unusable(
                f"{path} must begin with a line of columns, id among them, with commas between: "
                f"got {','.join(head)[:60]!r}; nbgrader's are id,first_name,last_name,email,lms_user_id"
            )
        for row in lines:
            if any(cell.strip() for cell in row):
                yield lines.line_num, dict(zip(head, row, strict=False))
    except UnicodeDecodeError:
        raise Unusable(f"{path} must be in UTF-8: save it so") from None
    except csv.Error as error:
        raise Unusable(f"{path} must be a table with commas between cells: {error}; save it anew") from None
