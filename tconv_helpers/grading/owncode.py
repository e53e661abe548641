"""The code of a notebook that is a student's own, and of it what each answer needs; nothing here runs it."""

import ast
import builtins
import re
import symtable
import sys
import warnings
from dataclasses import dataclass, field
from typing import NamedTuple

from ..exercises.available import AVAILABLE
from ..exercises.notebook import Refused
from .magics import plain_python

MAX_SOURCE = 60_000  # characters of a cell: parsed, it takes four hundred times its size
MAX_SOURCES = 300_000  # of all cells that are a student's own
VERSION = "Python {}.{}".format(*sys.version_info)
DEFINITION = re.compile(r"^[ \t]*(?:>>> )?(?:async[ \t]+)?def[ \t]+(\w+)", re.M)
CALL = re.compile(r"""\bcheck\([ \t]*(["'])(\w{1,99})\1""")  # of `check` on an exercise
ALL = "*"  # the name that a star import binds: any
ASKERS = {"check", "progress", "quiz"}  # the course's, which no answer needs
MODULES = {"np", "plt", "check", *AVAILABLE}
SETTERS = ("set", "seed", "simplefilter", "filterwarnings")


@dataclass
class OwnCode:
    """Hold the code that is a student's own.

    cells : sources to run, in order. For each exercise: places : the number of the cell that defines it;
    definitions : its source; after : how many of `cells` have run where it is checked; broken : why Python
    cannot read it. others : sources of all that is left. missing : modules that no sandbox has. words : what
    stands in the cells that a person grades.
    """

    cells: list = field(default_factory=list)
    places: dict = field(default_factory=dict)
    definitions: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    broken: dict = field(default_factory=dict)
    others: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    words: dict = field(default_factory=dict)


class _Cell(NamedTuple):
    """Hold a code cell that is a student's own and that Python can read."""

    place: int
    source: str
    # Names of functions and classes
    defines: set
    # All names that it binds, or of which it changes what they stand for
    binds: set
    uses: set
    missing: set


def own_code(cells, released, names):
    """Return the OwnCode in a notebook's cells: each name's last definition, and the cells that it needs.

    released : the code of the student's edition, squeezed; what is in it is not the student's own. Metadata
    play no part, so that a cell may be copied, moved, relabelled, or stand beside its empty stub. Refused if
    there is more code than anybody writes.
    """
    code, readable = OwnCode(), []
    own = {n: text for n, (_, text) in enumerate(cells) if text.strip() and text.strip() not in released}
    if (size := sum(len(source) for source in own.values() if len(source) <= MAX_SOURCE)) > MAX_SOURCES:
        raise Refused(f"The notebook must have at most {MAX_SOURCES} characters of your own: it has {size}.")
    for place, source in own.items():
        kind = cells[place][0]
        read = _read_cell(place, source, names) if kind == "code" else _not_code(kind, source)
        if isinstance(read, str):
            code.broken |= dict.fromkeys(_defined(source, names), read)
        elif read:
            readable.append(read)
    for name in names:
        found = [cell.place for cell in readable if name in cell.defines]
        if found := found or [cell.place for cell in readable if name in cell.binds]:
            code.places[name] = found[-1]
            code.definitions[name] = own[found[-1]]
            code.broken.pop(name, None)
    needed = [cell for cell in readable if cell.place in _closure(readable, code.places.values())]
    code.cells = [cell.source for cell in needed]
    code.missing = sorted(set().union(*(cell.missing for cell in needed)))
    code.others = [_bounded(source) for place, source in own.items() if place not in code.places.values()]
    for name, place in _checks(cells):
        if name not in code.after and place > code.places.get(name, place):
            code.after[name] = sum(cell.place < place for cell in needed)
    return code


def _bounded(source):
    """Return a source, and of one that is too large to be read its beginning and its size."""
    return source if len(source) <= MAX_SOURCE else f"{source[:200]}… ({len(source)} characters)"


def _not_code(kind, source):
    """Return the sentence on a cell of another kind that should be code, None if it looks like none."""
    return (
        f"its cell is of the kind {kind}, and not code: make it code again, and run it." if source else None
    )


def _checks(cells):
    """Yield (exercise, place) of each cell that checks one."""
    for place, (kind, text) in enumerate(cells):
        if kind == "code":
            yield from ((call[2], place) for call in CALL.finditer(text))


def _defined(source, names):
    """Return those of the names that the text of a cell defines, though Python cannot read it."""
    return set(DEFINITION.findall(source[:MAX_SOURCE])).intersection(names)


def _closure(readable, places):
    """Return the places of the cells that some need, themselves among them."""
    uses = {cell.place: cell.uses for cell in readable}
    needed, todo = set(), list(places)
    todo += [cell.place for cell in readable if ALL in cell.binds and places]
    while todo:
        if (here := todo.pop()) not in needed:
            needed.add(here)
            todo += [cell.place for cell in readable if cell.binds & uses[here]]
    return needed


def parse_cell(source):
    """Return (plain Python, its tree) of a cell; if there is none, an error of those in `_read_cell`."""
    try:
        return _checked(source, ast.parse(source))
    except SyntaxError as error:
        try:
            return _checked(*plain_python(source))
        except SyntaxError:
            raise error from None  # whose line is one of the student's own


def _checked(text, tree):
    """Return both; SyntaxError for what `ast` reads and Python refuses all the same, as def f(a, a)."""
    symtable.symtable(text, "<cell>", "exec")
    return text, tree


def _read_cell(place, source, exercises):
    """Return the _Cell of a source, or the sentence on why there is none."""
    if len(source) > MAX_SOURCE:
        return f"The cell must have at most {MAX_SOURCE} characters."
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _cell(place, *parse_cell(source), exercises)
        except SyntaxError as error:
            return f"{VERSION} cannot read the cell: see its line {error.lineno}."
        except (ValueError, RecursionError, MemoryError):
            return f"{VERSION} cannot read the cell: it is nested too deeply or holds what no code may hold."


def _cell(place, source, tree, exercises):
    """Return a _Cell, without imports of what no sandbox has: one would cost the cell all that follows."""
    kept, missing = _importable(tree)
    text = source if kept is tree else ast.unparse(kept)
    defines, binds, uses = set(), set(), set()
    _add_names(symtable.symtable(text, "<cell>", "exec"), defines, binds, uses)
    uses |= binds.intersection(_counted(kept))
    binds |= uses.intersection(_changed(kept))
    binds |= {ALL for node in kept.body if isinstance(node, ast.ImportFrom) and node.names[0].name == ALL}
    uses |= defines.difference(exercises)
    return _Cell(place, text, defines=defines, binds=binds, uses=uses, missing=missing)


def _add_names(table, defines, binds, uses):
    """Add to three sets the global names that a scope defines as functions, binds in any way, and uses."""
    top = table.get_type() == "module"
    for name in table.get_symbols():
        if top or name.is_declared_global():
            if name.is_assigned() or name.is_imported() or name.is_namespace():
                binds.add(name.get_name())
            if name.is_namespace():
                defines.add(name.get_name())
        if name.is_referenced() and (top or name.is_global()):
            uses.add(name.get_name())
    for child in table.get_children():
        _add_names(child, defines, binds, uses)


def _counted(tree):
    """Yield the names that stand on the left of `+=` and the like, which must have a value before."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _changed(tree):
    """Yield the names of what a cell may change without binding it: t[0] = 1, t.x = 1, t.append(1), fill(t).

    Of a module's functions only those that set something count, since all others are asked for a value.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield _base(node)
        elif isinstance(node, ast.Expr) and isinstance(call := node.value, ast.Call):
            name, method = _base(call.func), getattr(call.func, "attr", "")
            if name not in MODULES or method.startswith(SETTERS):
                yield name
            yield from (_base(each) for each in call.args)


def _base(node):
    """Return the name at the beginning of an expression as a.b[c].d, None if there is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) and not hasattr(builtins, node.id) else None


def _importable(tree):
    """Return the tree without the imports at its top of what no sandbox has, and the names of that."""
    missing, body = set(), []
    for node in tree.body:
        if isinstance(node, ast.Import):
            lost = [alias for alias in node.names if _module(alias.name) not in AVAILABLE]
            missing |= {_module(alias.name) for alias in lost}
            left = [alias for alias in node.names if alias not in lost]
            node = ast.copy_location(ast.Import(left) if left else ast.Pass(), node)
        elif isinstance(node, ast.ImportFrom) and not (node.module and _module(node.module) in AVAILABLE):
            if not ASKERS.issuperset(alias.name for alias in node.names):
                missing.add(_module(node.module or "."))
            node = ast.copy_location(ast.Pass(), node)
        body.append(node)
    return (tree if body == tree.body else ast.Module(body, [])), missing


def _module(name):
    return name.split(".")[0] or "."
