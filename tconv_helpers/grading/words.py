"""Exercises that are answered in words: nbgrader's manually graded cells, for a person to grade.

Standard library only: `reading` imports it.
"""

import hashlib
import re

from ..exercises.cells import marks, source
from ..exercises.edition import WORDS

MOST = 20_000  # characters of an answer


def words_asked(book):
    """Return {grade_id: points} of a notebook's cells that nbgrader has a person grade.

    >>> mark = {"grade_id": "why", "grade": True, "solution": True, "points": 2}
    >>> words_asked({"cells": [{"metadata": {"nbgrader": mark}}, {"metadata": {}}]})
    {'why': 2}
    """
    found = [marks(cell) for cell in book["cells"]]
    return {each["grade_id"]: each["points"] for each in found if each.get("grade") and each.get("solution")}


def words_in(cells, asked):
    """Return {grade_id: text} of what a student wrote into such cells, as `read_notebook` gives them.

    asked : a list of grade_ids; what a stranger has in their place may be anything.
    """
    found = {}
    for cell in cells:
        name = marks(cell).get("grade_id")
        if name in asked:
            found.setdefault(name, []).append(source(cell).strip())
    return {name: "\n\n".join(texts)[:MOST] for name, texts in found.items()}


def answered(texts, book):
    """Return {grade_id: a text that changes with the answer} of those that are more than what was there."""
    given = {marks(cell).get("grade_id"): source(cell).strip() for cell in book["cells"]}
    return {
        name: hashlib.sha256(text.encode()).hexdigest()[:16]
        for name, text in texts.items()
        if text not in ("", WORDS, given.get(name))
    }


def as_markdown(text):
    """Return Markdown that shows a text as it was written: no HTML, no picture, no link in it is alive.

    >>> print(as_markdown("<script> ~~~"))
    ~~~~text
    <script> ~~~
    ~~~~
    """
    fence = "~" * (1 + max([2, *map(len, re.findall("~+", text))]))
    return f"{fence}text\n{text}\n{fence}"
