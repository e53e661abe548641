"""An exercise is three cells of a notebook: its prose, its solution below that, and its check.

Standard library only; a notebook is what JSON reads, where a source is a text or a list of lines.
"""

from typing import NamedTuple

CHECK = "_check"  # ends the check's grade_id, which begins with the exercise's name


class ExerciseCells(NamedTuple):
    """Hold the cells of an exercise; in a student's notebook, prose and solution may be missing (None)."""

    name: str
    prose: dict | None
    solution: dict | None
    check: dict


def exercise_cells(book):
    """Yield the ExerciseCells of a notebook, in the order of their checks.

    A student may have put other cells between, so that nbgrader's grade_id tells solution and check.

    >>> ids = {}, {"nbgrader": {"grade_id": "f"}}, {"nbgrader": {"grade_id": "f_check", "points": 2}}
    >>> sources = "# Exercise", ["def f(x):\\n", "    return x"], 'check("f")'
    >>> cells = [{"metadata": m, "source": s} for m, s in zip(ids, sources)]
    >>> [(name, marks(check)["points"]) for name, _, _, check in exercise_cells({"cells": cells})]
    [('f', 2)]
    """
    cells = book["cells"]
    solutions = {marks(cell).get("grade_id"): place for place, cell in enumerate(cells)}
    for cell in cells:
        if (name := checked_name(cell)) is not None:
            place = solutions.get(name)
            above = cells[place - 1] if place else None
            yield ExerciseCells(name, above, None if place is None else cells[place], cell)


def checked_name(cell):
    """Return the name of the exercise whose check a cell is by its grade_id, None if it is no check."""
    grade_id = str(marks(cell).get("grade_id"))  # a stranger's may be anything
    return grade_id.removesuffix(CHECK) if grade_id.endswith(CHECK) else None


def marks(cell):
    """Return nbgrader's metadata of a cell, empty where it has none."""
    marks = cell["metadata"].get("nbgrader")
    return marks if isinstance(marks, dict) else {}


def source(cell):
    """Return the text of a cell."""
    return "".join(cell["source"])
