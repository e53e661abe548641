"""Hand-ins as strangers write them: read without following links, parsed with limits, matched by name.

A `Refused` holds the reason that a student reads; nothing here runs or imports what was handed in.
"""

import ast
import contextlib
import hashlib
import json
import os
import re
import stat
import warnings
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_BYTES = 16 * 2**20
MAX_PARTS = 1_000_000  # commas and brackets in a file, which bound the memory that its JSON takes
MAX_CELLS = 2000
MAX_SOURCE = 60_000  # characters of a cell
NAME = re.compile(r"\w[\w.@+' -]{0,99}")


class Refused(Exception):
    """Say in one sentence for its student why a submission cannot be read."""


@dataclass(frozen=True)
class Submission:
    """Hold one student's file as it was found; `problem` says why there is no data."""

    student: str
    data: bytes | None = None
    timestamp: str | None = None
    problem: str | None = None

    @property
    def fingerprint(self):
        """Return a text that is another one as soon as something else was handed in."""
        return hashlib.sha256(self.data or repr(self.problem).encode()).hexdigest()

    def cells(self):
        """Return the notebook's cells as (type, source) pairs; Refused if there is none that can be read."""
        if self.problem is not None:
            raise Refused(self.problem)
        return parse_notebook(self.data)


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


def list_students(course):
    """Return the names of those who handed in, and of those whom no gradebook may hold; both sorted."""
    good, bad = [], []
    with os.scandir(course.submitted) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.is_file(follow_symlinks=False):
                continue
            if not allowed_name(entry.name):
                bad.append(visible(entry.name))
            elif os.path.lexists(os.path.join(entry.path, course.assignment)) or entry.is_symlink():
                good.append(entry.name)
    return sorted(good), sorted(bad)


def allowed_name(name):
    """Return True if a folder's name may be a student's: it stands in files, tables, pages and spreadsheets.

    >>> allowed_name("ann-lee@home.org"), allowed_name("=1+2"), allowed_name(".."), allowed_name("a,b")
    (True, False, False, False)
    """
    return bool(NAME.fullmatch(name)) and name.isprintable() and len(os.fsencode(name)) <= 150


def visible(text, most=200):
    """Return a text with nothing in it hidden or alive: no control, escape or direction characters; bounded.

    >>> visible("a" + chr(27) + "[31m")
    'a\\\\x1b[31m'
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:most])
    return shown + "…" * (len(text) > most)


def read_submission(course, student):
    """Return the Submission of a student: the bytes of the one notebook in submitted/STUDENT/ASSIGNMENT."""
    timestamp = None
    try:
        with _open_folder(course.submitted, student, course.assignment) as folder:
            with contextlib.suppress(Refused, FileNotFoundError, UnicodeDecodeError):  # no time: not late
                timestamp = _read_file(folder, "timestamp.txt", 100).decode("ascii").strip()
            data = _read_file(folder, _notebook_in(folder, course.assignment), MAX_BYTES)
            return Submission(student, data, timestamp)
    except Refused as reason:
        return Submission(student, timestamp=timestamp, problem=str(reason))


@contextlib.contextmanager
def _open_folder(top, *steps):
    """Open a folder one step at a time, none of which may be a link."""
    handle = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for step in steps:
            above, handle = handle, _open_below(handle, step)
            os.close(above)
        yield handle
    finally:
        os.close(handle)


def _open_below(folder, step):
    try:
        return os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    except PermissionError:
        raise
    except OSError:
        raise Refused("A submission must be a folder of its own: this one is a link or a file.") from None


def _notebook_in(folder, assignment):
    """Return the name of the one notebook in an open folder."""
    names = [name for name in os.listdir(folder) if name.endswith(".ipynb") and not name.startswith(".")]
    if f"{assignment}.ipynb" in names:
        return f"{assignment}.ipynb"
    if len(names) == 1:
        return names[0]
    found = f"found {len(names)} others" if names else "found none"
    raise Refused(f"There must be a notebook {assignment}.ipynb: {found}.")


def _read_file(folder, name, most):
    """Return the bytes of a regular file with one name; a pipe does not block, a link is not followed."""
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        handle = os.open(name, flags, dir_fd=folder)
    except (FileNotFoundError, PermissionError):
        raise
    except OSError:
        raise Refused("The notebook must be a file: this one is a link, a socket or a device.") from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise Refused("The notebook must be a file: this one is a folder, a pipe or a device.")
    with os.fdopen(handle, "rb") as file:
        if found.st_nlink > 1:
            raise Refused("The notebook must be a file of its own: this one is a hard link to another.")
        data = file.read(most + 1) if found.st_size <= most else b""
        if found.st_size > most or len(data) > most:
            raise Refused(
                f"The notebook must have at most {most / 2**20:.0f} MB: clear its outputs and save it."
            )
        return data


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
    return [name for name in names if re.search(rf"^\s*def {name}\b", source[:MAX_SOURCE], re.M)]


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
    lines = [line for line in source.splitlines() if not re.match(r"\s*[%!?]|.*\?\s*$", line)]
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
