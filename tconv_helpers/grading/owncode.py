"""The code of a notebook that is a student's own, and of it what each answer needs; nothing here runs it."""

import ast
import re
import warnings
from dataclasses import dataclass, field
from typing import NamedTuple

from ..exercises.notebook import Refused

MAX_SOURCE = 60_000  # characters of a cell: parsed, it takes four hundred times its size
MAX_SOURCES = 300_000  # of all cells that are a student's own


@dataclass
class OwnCode:
    """Hold the code that is a student's own.

    cells : sources to run, in order. For each exercise: places : the number of the cell that defines it;
    definitions : its source; broken : why Python cannot read it. others : sources of all that is left.
    """

    cells: list = field(default_factory=list)
    places: dict = field(default_factory=dict)
    definitions: dict = field(default_factory=dict)
    broken: dict = field(default_factory=dict)
    others: list = field(default_factory=list)


class _Cell(NamedTuple):
    """Hold a code cell that is a student's own and that Python can read."""

    place: int
    source: str
    binds: set
    uses: set


def own_code(cells, released, names):
    """Return the OwnCode in a notebook's cells: each name's last definition, and the cells that it needs.

    released : the code of the student's edition, squeezed; what is in it is not the student's own. Metadata
    play no part, so that a cell may be copied, moved, relabelled, or stand beside its empty stub.
    """
    code, readable = OwnCode(), []
    sources = {place: source for place, (_, source) in enumerate(cells) if source.strip()}
    own = {place: source for place, source in sources.items() if source.strip() not in released}
    if (size := sum(len(source) for source in own.values() if len(source) <= MAX_SOURCE)) > MAX_SOURCES:
        raise Refused(f"The notebook must have at most {MAX_SOURCES} characters of your own: it has {size}.")
    for place, source in own.items():
        parsed = _parsed(source) if cells[place][0] == "code" else None
        if isinstance(parsed, str):
            code.broken |= dict.fromkeys(_defined(source, names), parsed)
        elif parsed:
            text, tree = parsed
            readable.append(_Cell(place, text, set(_bound(tree)), set(_used(tree))))
    for name in names:
        if found := [cell.place for cell in readable if name in cell.binds]:
            code.places[name] = found[-1]
            code.definitions[name] = own[found[-1]]
            code.broken.pop(name, None)
    needed = _closure(readable, code.places.values())
    code.cells = [cell.source for cell in readable if cell.place in needed]
    code.others = [source for place, source in own.items() if place not in code.places.values()]
    return code


def _defined(source, names):
    """Return those of the names that the text of a cell defines, though Python cannot read it."""
    return [name for name in names if re.search(rf"^[ \t]*def {name}\b", source[:MAX_SOURCE], re.M)]


def _closure(readable, places):
    """Return the places of the cells that some need, themselves among them."""
    uses = {cell.place: cell.uses for cell in readable}
    needed, todo = set(), list(places)
    while todo:
        if (here := todo.pop()) not in needed:
            needed.add(here)
            todo += [cell.place for cell in readable if cell.binds & uses[here]]
    return needed


def _parsed(source):
    """Return (plain Python, its tree) of a cell, or the sentence on why there is none."""
    if len(source) > MAX_SOURCE:
        return f"The cell must have at most {MAX_SOURCE} characters."
    lines = [line for line in source.splitlines() if not _ipythons(line.strip())]
    why = ""
    for text in (source, "\n".join(lines)):  # the second without IPython's own lines, as %time
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return text, ast.parse(text)
        except SyntaxError as error:
            why = why or f"Python cannot read the cell: see its line {error.lineno}."
        except (ValueError, RecursionError, MemoryError):
            why = "Python cannot read the cell: it is nested too deeply or holds what no code may hold."
    return why


def _ipythons(line):
    """Return True for a line that IPython alone understands: a magic, a shell command, a question."""
    return line.startswith(("%", "!", "?")) or line.endswith("?")


def _bound(tree):
    """Yield the names that a cell binds when it runs."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif not isinstance(node, ast.Lambda):
            if isinstance(node, ast.alias):
                yield node.asname or node.name.split(".")[0]
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            todo += ast.iter_child_nodes(node)


def _used(tree):
    """Return the names in a cell."""
    return (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
