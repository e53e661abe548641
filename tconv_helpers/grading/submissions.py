"""Hand-ins as strangers write them: read without following links, parsed with limits, matched by name.

A `Refused` holds the reason that a student reads; nothing here runs or imports what was handed in.
"""

import ast
import contextlib
import json
import os
import re
import stat
import warnings
from dataclasses import dataclass, field

MAX_BYTES = 16 * 2**20
MAX_PARTS = 1_000_000  # commas and brackets in a file, which bound the memory that its JSON takes
MAX_CELLS = 2000
MAX_SOURCE = 60_000  # characters of a cell
NAME = re.compile(r"\w[\w.@+' -]{0,99}")


class Refused(Exception):
    """What was handed in cannot be read: one sentence for its student."""


@dataclass(frozen=True)
class Submission:
    """One student's file as it was found; `problem` says why there is no data."""

    student: str
    data: bytes | None = None
    timestamp: str | None = None
    problem: str | None = None


@dataclass
class Answer:
    """A student's own code: the cells to run, in order, and for each exercise the cell that defines it."""

    cells: list = field(default_factory=list)
    places: dict = field(default_factory=dict)
    broken: dict = field(default_factory=dict)


def students(submitted, assignment):
    """Those who handed the assignment in, and the names that no gradebook may hold; both sorted."""
    good, bad = [], []
    with os.scandir(submitted) as entries:
        for entry in entries:
            if entry.name.startswith(".") or (entry.is_file(follow_symlinks=False)):
                continue
            if not allowed(entry.name):
                bad.append(visible(entry.name))
            elif os.path.lexists(os.path.join(entry.path, assignment)) or entry.is_symlink():
                good.append(entry.name)
    return sorted(good), sorted(bad)


def allowed(name):
    """Whether a folder's name may be a student's: it stands in files, tables, pages and spreadsheets.

    >>> allowed("ann-lee@home.org"), allowed("=1+2"), allowed(".."), allowed("a,b")
    (True, False, False, False)
    """
    return bool(NAME.fullmatch(name)) and name.isprintable() and len(os.fsencode(name)) <= 150


def visible(text, most=200):
    """Text in which nothing is hidden or alive: no control, escape or direction characters, and bounded.

    >>> visible("a" + chr(27) + "[31m")
    'a\\\\x1b[31m'
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:most])
    return shown + "…" * (len(text) > most)


def read(submitted, student, assignment):
    """The Submission of a student: the bytes of the one notebook in submitted/STUDENT/ASSIGNMENT."""
    timestamp = None
    try:
        with _folder(submitted, student, assignment) as folder:
            with contextlib.suppress(Refused, FileNotFoundError, UnicodeDecodeError):  # no time: not late
                timestamp = _bytes(folder, "timestamp.txt", 100).decode("ascii").strip()
            return Submission(student, _bytes(folder, _notebook(folder, assignment), MAX_BYTES), timestamp)
    except Refused as reason:
        return Submission(student, timestamp=timestamp, problem=str(reason))


class _folder:
    """A folder opened one step at a time, none of which may be a link."""

    def __init__(self, top, *steps):
        self.handle = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
        for step in steps:
            above = self.handle
            try:
                self.handle = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
            except OSError as error:
                if isinstance(error, PermissionError):
                    raise
                raise Refused(
                    "A submission must be a folder of its own: this one is a link or a file."
                ) from None
            finally:
                os.close(above)

    def __enter__(self):
        return self.handle

    def __exit__(self, *_):
        os.close(self.handle)


def _notebook(folder, assignment):
    """The name of the one notebook in an open folder."""
    names = [name for name in os.listdir(folder) if name.endswith(".ipynb") and not name.startswith(".")]
    if f"{assignment}.ipynb" in names:
        return f"{assignment}.ipynb"
    if len(names) == 1:
        return names[0]
    found = f"found {len(names)} others" if names else "found none"
    raise Refused(f"There must be a notebook {assignment}.ipynb: {found}.")


def _bytes(folder, name, most):
    """What a regular file with one name holds; a pipe does not block, a link is not followed."""
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


def parse(data):
    """The cells of a notebook's bytes as (type, source) pairs; Refused if they are no notebook."""
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_PARTS:
        raise Refused("The notebook has too many parts to be read: clear its outputs and save it.")
    try:
        book = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("The notebook must be in UTF-8, as Jupyter writes it.") from None
    except (ValueError, RecursionError):
        raise Refused("The file is no notebook: it is broken off, damaged or nested too deeply.") from None
    return _cells(_upgraded(book))


def _upgraded(book):
    """A notebook of format 4 without outputs and metadata, valid by nbformat."""
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


def _cells(book):
    return [(cell.cell_type, _text(cell.source)) for cell in book.cells]


def _text(source):
    return "".join(source).encode("utf-8", "backslashreplace").decode()  # JSON may hold half a character


def own_code(cells, released, names):
    """The Answer in a notebook's cells: the last own definition of each name, and the cells that it needs.

    released : the code of the student's edition, squeezed; what is in it is not the student's own. Metadata
    play no part, so that a cell may be copied, moved, relabelled, or stand beside its empty stub.
    """
    answer, own = Answer(), []
    for place, (kind, source) in enumerate(cells):
        if kind == "code" and source.strip() and source.strip() not in released:
            tree = _parsed(source)
            if isinstance(tree, str):
                defined = {
                    name for name in names if re.search(rf"^\s*def {name}\b", source[:MAX_SOURCE], re.M)
                }
                answer.broken |= dict.fromkeys(defined, tree)
            else:
                own.append((place, *tree, set(_bound(tree[1])), set(_used(tree[1]))))
    needed = set()
    for name in names:
        if found := [cell[0] for cell in own if name in cell[3]]:
            answer.places[name] = found[-1]
            needed |= _closure(own, found[-1])
    answer.cells = [source for place, source, *_ in own if place in needed]
    answer.broken = {name: why for name, why in answer.broken.items() if name not in answer.places}
    return answer


def _closure(own, place):
    """The places of the cells that a cell needs, itself among them."""
    uses = {cell[0]: cell[4] for cell in own}
    needed, todo = set(), [place]
    while todo:
        if (here := todo.pop()) not in needed:
            needed.add(here)
            todo += [cell[0] for cell in own if cell[3] & uses[here]]
    return needed


def _parsed(source):
    """(plain Python, its tree) of a cell, or the sentence on why there is none."""
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
    """The names that a cell binds when it runs."""
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
    return (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
