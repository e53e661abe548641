"""Bring together what each student has in each notebook of the course: one table, and the totals."""

from dataclasses import dataclass, field

from rich.table import Table
from rich.text import Text

from .export import table_text
from .submissions import visible

ABSENT, UNGRADED = "not handed in", "no grade"
SIGNS = {ABSENT: "–", UNGRADED: "?"}  # as a narrow table has them


@dataclass(frozen=True)
class Standing:
    """Hold the points of a class in the notebooks that are graded.

    maxima : {notebook: its points}. scores : {student: {notebook: points}}; a notebook without a grade is not
    there. handed_in : {notebook: students} of whom there is a folder.

    >>> grades = {"01": [("ann", 9, 9), ("bob", 7, 9)], "02": [("ann", 2, 10)]}
    >>> standing(grades, ["bob", "cem"]).totals()
    [('ann', 11, 19), ('bob', 7, 19), ('cem', '', 19)]
    """

    maxima: dict
    scores: dict
    handed_in: dict = field(default_factory=dict)

    @property
    def of(self):
        """Return the points of all notebooks that are graded."""
        return sum(self.maxima.values())

    def totals(self):
        """Return (student, sum of the points, their maximum), with "" for one who has no grade at all."""
        return [(student, _total(row), self.of) for student, row in self.scores.items()]

    def cells(self, student):
        """Return what a student has in each notebook, and the total: points, or ABSENT or UNGRADED."""
        row, held = self.scores[student], [student in self.handed_in.get(name, ()) for name in self.maxima]
        why = [UNGRADED if there else ABSENT for there in held]
        points = [row.get(name, none) for name, none in zip(self.maxima, why, strict=True)]
        return [*points, _total(row) if row else UNGRADED if any(held) else ABSENT]


def _total(row):
    return round(sum(row.values()), 2) if row else ""


def standing(grades, students=(), handed_in=None):
    """Return the Standing of {notebook: (student, points, maximum)} and of further students.

    handed_in : {notebook: students} whose folders are there.
    """
    held, handed_in = {name: rows for name, rows in grades.items() if rows}, handed_in or {}
    graded = [student for rows in held.values() for student, _, _ in rows]
    scores = {student: {} for student in sorted({*graded, *students}.union(*handed_in.values()))}
    for name, rows in held.items():
        for student, points, _ in rows:
            scores[student][name] = points
    return Standing({name: rows[0][2] for name, rows in held.items()}, scores, handed_in)


def course_table(standing):
    """Return the table of a course: students by notebooks, and totals."""
    heads = [f"{name[:2]} of {most:g}" for name, most in standing.maxima.items()]
    signs = ", ".join(f"{sign} {what}" for what, sign in SIGNS.items())
    table = Table("Student", *heads, f"Total of {standing.of:g}", title="The course", title_justify="left")
    table.caption, table.caption_justify = signs, "left"
    for student in standing.scores:
        *cells, last = standing.cells(student)
        shown = [SIGNS.get(cell) or f"{cell:g}" for cell in cells]
        table.add_row(Text(visible(student, 60)), *shown, last if last in SIGNS else f"{last:g}")
    return table


def course_text(standing):
    """Return the same table for a spreadsheet.

    >>> print(course_text(Standing({"01": 9, "02": 10}, {"ann": {"01": 9}}, {"02": {"ann"}})))
    student,01,02,total
    maximum,9,10,19
    ann,9,no grade,9
    <BLANKLINE>
    """
    rows = [["student", *standing.maxima, "total"], ["maximum", *standing.maxima.values(), standing.of]]
    return table_text(rows + [[student, *standing.cells(student)] for student in standing.scores])


def with_absent(grades, roster):
    """Return (student, points, maximum) of all who took part, and of those who did not with "" as points.

    >>> with_absent([("bob", 7, 9)], ["ann", "bob"])
    [('ann', '', 9), ('bob', 7, 9)]
    """
    most = grades[0][2] if grades else 0
    missing = set(roster).difference(student for student, _, _ in grades)
    return sorted([*grades, *((student, "", most) for student in missing)])


def who_is_missing(submitted, roster):
    """Return the sentences on those of a roster who have not handed in, and on those who are not in it.

    >>> who_is_missing(["bob", "dan"], ["ann", "bob"])[0]
    'Not handed in: ann. That is 1 of 2 in students.csv.'
    """
    absent = [student for student in roster if student not in submitted]
    strange = [student for student in submitted if student not in roster]
    said = [f"Not handed in: {named(absent)}. That is {len(absent)} of {len(roster)} in students.csv."]
    said = said if absent else [f"All {len(roster)} in students.csv have handed in."]
    said += [f"Not in students.csv: {named(strange)}. Is that a folder with a wrong name?"] * bool(strange)
    return said if roster else []


def named(students):
    """Return names as a sentence holds them."""
    return ", ".join(visible(student, 60) for student in students)
