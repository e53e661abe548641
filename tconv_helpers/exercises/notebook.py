"""A notebook as anybody may have written it, read with limits: by `progress`, by `check`, and by the grader.

Standard library only.
"""

import json
from pathlib import PurePath

MAX_BYTES = 16 * 2**20
MAX_PARTS = 1_000_000  # commas and brackets in a file, which bound the memory that its JSON takes
MAX_CELLS = 2000


class Refused(Exception):
    """Say in one sentence, for whoever wrote a notebook, why it cannot be read."""


def called(word, names):
    """Return those of some notebooks' names that a word means.

    >>> [called(word, ["03_toeplitz_matrix"]) for word in ("3", "03", "03_toeplitz_matrix.ipynb", "4")]
    [['03_toeplitz_matrix'], ['03_toeplitz_matrix'], ['03_toeplitz_matrix'], []]
    """
    stem = PurePath(word).stem
    stem = stem.zfill(2) if stem.isdecimal() else stem
    return [name for name in names if name == stem or name.startswith(f"{stem}_")]


def first_bytes(path):
    """Return the bytes of a file, no more than show that it is too large; OSError if it is none.

    A pipe is none, since it would keep its reader waiting.
    """
    if not path.is_file():
        raise FileNotFoundError(f"a notebook must be a file: {path} is none")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def read_notebook(data):
    """Return the cells of a notebook's bytes, in format 3 or 4; Refused if they are no notebook.

    Each cell is a dict with `cell_type` and `source`, which are texts, `metadata`, a dict, and `outputs`, a
    list of dicts: empty where the notebook has none, or something else in that place.

    >>> cell = '{"cell_type": "code", "source": ["a\\\\n", "b"], "metadata": null}'
    >>> read_notebook(f'{{"nbformat": 4, "cells": [{cell}]}}'.encode())
    [{'cell_type': 'code', 'source': 'a\\nb', 'metadata': {}, 'outputs': []}]
    """
    if len(data) > MAX_BYTES:
        raise Refused(
            f"The notebook must have at most {MAX_BYTES / 2**20:.0f} MB: clear its outputs and save it."
        )
    if not data.strip():
        raise Refused("The file is no notebook: it is empty.")
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_PARTS:
        raise Refused("The notebook has too many parts to be read: clear its outputs and save it.")
    try:
        book = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("The notebook must be in UTF-8, as Jupyter writes it.") from None
    except (ValueError, RecursionError):
        raise Refused("The file is no notebook: it is broken off, damaged or nested too deeply.") from None
    return [_tidied(cell) for cell in _cells(book)]


def _cells(book):
    """Return what stands where a notebook has its cells."""
    if not (isinstance(book, dict) and type(book.get("nbformat")) is int):
        raise Refused("The file is no notebook: it does not say its format.")
    if book["nbformat"] not in (3, 4):
        raise Refused("The notebook must be of format 3 or 4: open it in JupyterLab and save it.")
    try:
        sheets = book["worksheets"] if book["nbformat"] == 3 else [book]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
    except (KeyError, TypeError):
        raise _not_valid() from None
    if len(cells) > MAX_CELLS:
        raise Refused(f"The notebook must have at most {MAX_CELLS} cells: it has {len(cells)}.")
    return cells


def _tidied(cell):
    """Return a cell with a text for its source, and nothing in place of what it may lack."""
    if not (isinstance(cell, dict) and isinstance(cell.get("cell_type"), str)):
        raise _not_valid()
    lines = cell.get("source", cell.get("input")) or ""  # `input` in format 3
    if not isinstance(lines, str | list) or not all(isinstance(line, str) for line in lines):
        raise _not_valid()
    source = "".join(lines).encode("utf-8", "backslashreplace").decode()  # JSON may hold half a character
    metadata, outputs = cell.get("metadata"), cell.get("outputs")
    return {
        "cell_type": cell["cell_type"],
        "source": source,
        "metadata": metadata if isinstance(metadata, dict) else {},
        "outputs": [each for each in outputs if isinstance(each, dict)] if isinstance(outputs, list) else [],
    }


def _not_valid():
    return Refused("The file is no valid notebook: open it in JupyterLab and save it.")
