"""`progress`: which exercises stand, the points so far, and what is next."""

import json
from pathlib import Path

from .checking import SCORES
from .table import exercises


def progress(folder="."):
    """A table of the exercises with your points, from the saved notebooks in `folder` and from this session.

    NotADirectoryError if there is no such folder.

    >>> from rich.console import Console
    >>> progress().caption.split(";")[0]
    '0 of ... points'
    """
    from rich.table import Table

    scores, unreadable = points_in(folder)
    scores |= {name: score.points for name, score in SCORES.items()}
    table = Table("Exercise", "Function", "Points", title="The exercises", title_justify="left")
    for name, exercise in exercises().items():
        got = scores.get(name)
        state = "not tried yet" if got is None else f"{got:g} of {exercise.points}"
        table.add_row(exercise.title, name, f"{state} {'✓' if got == exercise.points else ''}".rstrip())
    total = sum(exercise.points for exercise in exercises().values())
    table.caption = f"{sum(scores.values()):g} of {total} points; {_next(scores)}{unreadable}"
    table.caption_justify = "left"
    return table


def _next(scores):
    for name, exercise in exercises().items():
        if scores.get(name) != exercise.points:
            return f"next: {exercise.title}, in {exercise.notebook}.ipynb."
    return "nothing is left to do."


def points_in(folder):
    """The points in the check cells of the saved notebooks, and a sentence on those not readable."""
    folder = Path(folder)
    if not folder.is_dir():
        raise NotADirectoryError(
            f"progress reads a folder of notebooks: got {folder}; name the one you work in"
        )
    scores, unreadable, found = {}, [], False
    for book in sorted({exercise.notebook for exercise in exercises().values()}):
        path = folder / f"{book}.ipynb"
        if path.exists():
            found = True
            try:
                scores |= _points(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                unreadable.append(path.name)
    said = f" Not readable as a notebook: {', '.join(unreadable)}." if unreadable else ""
    return scores, said if found else f" There is no notebook of the course in {folder}."


def _points(book):
    """The points that the outputs of a notebook's check cells show."""
    scores = {}
    for cell in book["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removesuffix("_check")
        for output in cell.get("outputs", []):
            if name in exercises() and output["output_type"] == "execute_result":
                shown = "".join(output["data"].get("text/plain", ""))
                if shown.isdecimal():
                    scores[name] = min(int(shown), exercises()[name].points)
    return scores
