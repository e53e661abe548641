"""`progress`: which exercises stand, the points so far, and what is next."""

import re
from pathlib import Path

from .cells import checked_name
from .checking import POINTS_OF_SESSION
from .notebook import Refused, first_bytes, read_notebook
from .table import exercises

CALL = re.compile(r"""check\((["'])(\w+)\1\)""")  # how an edition calls `check`


def progress(folder="."):
    """Return a table of the exercises and your points in the saved notebooks of `folder` and in this session.

    NotADirectoryError if there is no such folder.

    >>> from rich.console import Console
    >>> progress().caption.split(";")[0]
    '0 of ... points'
    """
    from rich.table import Table

    points, unreadable = points_in(folder)
    points |= {name: got.points for name, got in POINTS_OF_SESSION.items()}
    table = Table("Exercise", "Function", "Points", title="The exercises", title_justify="left")
    for name, exercise in exercises().items():
        got = points.get(name)
        state = "not tried yet" if got is None else f"{got:g} of {exercise.points}"
        table.add_row(exercise.title, name, f"{state} {'✓' if got == exercise.points else ''}".rstrip())
    total = sum(exercise.points for exercise in exercises().values())
    table.caption = f"{sum(points.values()):g} of {total} points; {_next(points)}{unreadable}"
    table.caption_justify = "left"
    return table


def _next(points):
    """Return the sentence on the first exercise that has not all its points."""
    for name, exercise in exercises().items():
        if points.get(name) != exercise.points:
            return f"next: {exercise.title}, in {exercise.notebook}.ipynb."
    return "nothing is left to do."


def points_in(folder):
    """Return the points in the check cells of the saved notebooks, and a sentence on those not readable."""
    folder = Path(folder)
    if not folder.is_dir():
        raise NotADirectoryError(
            f"progress reads a folder of notebooks: got {folder}; name the one you work in"
        )
    points, unreadable, found = {}, [], False
    for book in sorted({exercise.notebook for exercise in exercises().values()}):
        path = folder / f"{book}.ipynb"
        if path.exists():
            found = True
            try:
                points |= _points(read_notebook(first_bytes(path)))
            except (OSError, Refused):
                unreadable.append(path.name)
    said = f" Not readable as a notebook: {', '.join(unreadable)}." if unreadable else ""
    return points, said if found else f" There is no notebook of the course in {folder}."


def _points(cells):
    """Return the points that the outputs of a notebook's check cells show."""
    points = {}
    for cell in cells:
        name = _checked(cell)
        for output in cell["outputs"]:
            shown = _shown(output)
            if name in exercises() and shown.isdecimal():
                points[name] = min(int(shown), exercises()[name].points)
    return points


def _checked(cell):
    """Return the name of the exercise whose check a cell is, None if it is none: by its code, or its mark."""
    call = CALL.fullmatch(cell["source"].strip())
    return call[2] if call else checked_name(cell)


def _shown(output):
    """Return the text of an output's result, "" if it is not one."""
    data = output.get("data")
    text = data.get("text/plain") if isinstance(data, dict) else ""
    lines = text if isinstance(text, list) else [text]
    whole = output.get("output_type") == "execute_result" and all(isinstance(line, str) for line in lines)
    return "".join(lines) if whole else ""
