"""The notebook in which `check` runs: its shell, its cells that failed, and the cell that a name is from.

IPython is asked only where it runs already; in plain Python there is nothing to know.
"""

import ast
import os
import re
import sys
import textwrap
import traceback
from dataclasses import dataclass
from pathlib import Path

from .notebook import Refused, first_bytes, read_notebook

USUAL = {"np": "import numpy as np"}  # for a notebook that is not found
_before = {}  # name -> what it was when the cell that runs now, and defines it, began
_failed = {}  # name -> Failure of the last cell that should have defined it


@dataclass(frozen=True)
class Failure:
    """Hold why a cell left a function as it was: the error, and the line and the text where it came up."""

    left: object
    error: BaseException
    line: int = 0
    text: str = ""


def running_shell():
    """Return the IPython shell that runs this, None in plain Python."""
    ipython = sys.modules.get("IPython")
    return ipython and ipython.get_ipython()


def tell(verdict):
    """Show a Verdict: coloured where the front end draws HTML, else as text."""
    if running_shell():
        from IPython.display import display

        display(verdict)
    else:
        print(verdict)


def watch_cells():
    """Notice from now on which cells should define a function and fail before they do."""
    if shell := running_shell():
        shell.events.register("pre_run_cell", _begin)
        shell.events.register("post_run_cell", _end)


def last_failure(name, function):
    """Return the Failure of the last cell that should have defined a function, None if a cell did."""
    failure = _failed.get(name)
    return failure if failure and failure.left is function else None


def _begin(info):
    space = running_shell().user_ns
    _before.clear()
    _before.update({name: space.get(name) for name in defined_names(info.raw_cell)})


def _end(result):
    error = result.error_before_exec or result.error_in_exec
    space = running_shell().user_ns
    for name, function in _before.items():
        _failed.pop(name, None)
        if error and space.get(name) is function:
            _failed[name] = Failure(function, error, *_place(error))
    _before.clear()


def _place(error):
    """Return the number and the text of a cell's line that Python cannot read or that raised."""
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno, (error.text or "").strip()
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.name.startswith("<"):  # the cell itself, which IPython called
            return frame.lineno, (frame.line or "").strip()
    return 0, ""


def defined_names(code):
    """Return the names that a cell imports or defines, or should define if Python cannot read it.

    >>> sorted(defined_names("import numpy as np\\ndef f(x):\\n    y = 1"))
    ['f', 'np']
    >>> defined_names("def f(x:\\n    y = 1")
    {'f'}
    """
    if code.lstrip().startswith("%%"):
        return set()
    try:
        body = ast.parse(re.sub(r"^[%!].*", "", code, flags=re.M)).body
    except (SyntaxError, ValueError):
        return set(re.findall(r"^[ \t]*def[ \t]+(\w+)", code, flags=re.M))
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {each.asname or each.name.partition(".")[0] for node in imports for each in node.names}
    return names | {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def beginning_of_cell(name, book):
    """Return the first line of the cell that imports or defines a name, "" if none is found.

    book : the name of the notebook, in the folder in which it runs.
    """
    for cell in _cells(book):
        if name in defined_names(cell):
            lines = [line for line in cell.splitlines() if line.strip() and not line.startswith(("#", "%"))]
            return textwrap.shorten(lines[0], 60, placeholder=" …")
    return USUAL.get(name, "")


def _cells(book):
    """Return the code cells of the saved notebook that runs, [] if it is not found."""
    mine = os.environ.get("JPY_SESSION_NAME", "")  # Jupyter tells the kernel; a copy has a name of its own
    for path in (Path(mine), Path(f"{book}.ipynb")):
        try:
            cells = read_notebook(first_bytes(path))
        except (OSError, Refused):
            continue
        return [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    return []
