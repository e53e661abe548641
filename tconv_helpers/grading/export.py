"""Write grades as the learning platforms import them; no cell of a table is a formula to a spreadsheet."""

import csv
import io

DANGEROUS = "=+-@＝＋－＠\t\r\n|%"


def canvas(assignment, grades):
    """Return Canvas's gradebook import: a line of maximal points, and students by their SIS login.

    >>> print(canvas("01", [("ann", 7.5, 9)]))
    Student,ID,SIS Login ID,Section,01
    Points Possible,,,,9
    ann,,ann,,7.5
    <BLANKLINE>
    """
    most = grades[0][2] if grades else 0
    rows = [["Student", "ID", "SIS Login ID", "Section", assignment], ["Points Possible", "", "", "", most]]
    return table_text(rows + [[student, "", student, "", score] for student, score, _ in grades])


def moodle(assignment, grades):
    """Return Moodle's grade import: students by username, to be mapped to the item of that name.

    >>> print(moodle("01", [("ann", 7.5, 9)]))
    username,01
    ann,7.5
    <BLANKLINE>
    """
    return table_text([["username", assignment], *([student, score] for student, score, _ in grades)])


def brightspace(assignment, grades):
    """Return Brightspace's grade import: usernames after #, and a mark at each line's end.

    >>> print(brightspace("01", [("ann", 7.5, 9)]))
    Username,01 Points Grade,End-of-Line Indicator
    #ann,7.5,#
    <BLANKLINE>
    """
    head = ["Username", f"{assignment} Points Grade", "End-of-Line Indicator"]
    return table_text([head, *([f"#{student}", score, "#"] for student, score, _ in grades)])


PLATFORMS = {"canvas": canvas, "moodle": moodle, "brightspace": brightspace}


def safe_cell(value):
    """Return a value as a cell that a spreadsheet shows and never computes.

    >>> safe_cell("=1+2"), safe_cell(-1.5), safe_cell(7.0)
    ("'=1+2", '-1.5', '7')
    """
    if isinstance(value, int | float):
        return f"{value:g}"
    return f"'{value}" if value.lstrip(" ")[:1] and value.lstrip(" ")[0] in DANGEROUS else value


def table_text(rows):
    """Return rows as a CSV table, each cell a safe one."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()
