"""A notebook as a stranger wrote it: parsed with limits, and refused in the words that its student reads."""

import json
import warnings

MAX_PARTS = 1_000_000  # commas and brackets in a file, which bound the memory that its JSON takes
MAX_CELLS = 2000


class Refused(Exception):
    """Say in one sentence for its student why a submission cannot be read."""


def parse_notebook(data):
    """Return the cells of a notebook's bytes as (type, source) pairs; Refused if they are no notebook."""
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_PARTS:
        raise Refused("The notebook has too many parts to be read: clear its outputs and save it.")
    try:
        book = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("The notebook must be in UTF-8, as Jupyter writes it.") from None
    except (ValueError, RecursionError):
        raise Refused("The file is no notebook: it is broken off, damaged or nested too deeply.") from None
    return [(cell.cell_type, _whole_characters(cell.source)) for cell in _upgraded(book).cells]


def _upgraded(book):
    """Return a notebook in format 4 without outputs and metadata, valid by nbformat."""
    import nbformat

    if not (isinstance(book, dict) and type(book.get("nbformat")) is int):
        raise Refused("The file is no notebook: it does not say its format.")
    if book["nbformat"] not in (3, 4):
        raise Refused("The notebook must be of format 3 or 4: open it in JupyterLab and save it.")
    try:
        for cell in _raw_cells(book):
            cell.pop("attachments", None)
            cell["metadata"] = {}
            if cell["cell_type"] == "code":
                cell["outputs"] = []
                cell[{3: "prompt_number", 4: "execution_count"}[book["nbformat"]]] = None
        minor = book.get("nbformat_minor", 0)
        book = {**book, "metadata": {}, "nbformat_minor": minor if minor in range(6) else 5}
        with warnings.catch_warnings():  # of missing and of equal ids, which nobody needs here
            warnings.simplefilter("ignore")
            book = nbformat.convert(nbformat.from_dict(book), 4)
            for number, cell in enumerate(book.cells):
                cell.id = f"cell-{number}"
            book.update(nbformat=4, nbformat_minor=5)
            nbformat.validate(book)
    except RecursionError:
        raise Refused("The file is no notebook: it is nested too deeply.") from None
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError, ValueError):
        raise Refused("The file is no valid notebook: open it in JupyterLab and save it.") from None
    return book


def _raw_cells(book):
    sheets = book["worksheets"] if book["nbformat"] == 3 else [book]
    cells = [cell for sheet in sheets for cell in sheet["cells"]]
    if len(cells) > MAX_CELLS:
        raise Refused(f"The notebook must have at most {MAX_CELLS} cells: it has {len(cells)}.")
    return cells


def _whole_characters(source):
    return "".join(source).encode("utf-8", "backslashreplace").decode()  # JSON may hold half a character
