"""The student's edition of a page, for a browser: what needs PyTorch is shown and not run."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import tconv_helpers
from tconv_helpers.exercises.edition import ANSWER, edition_text

PACKAGE = Path(tconv_helpers.__file__).parent
KERNEL = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
ABOUT = """\
**This page runs in your browser**, Python and all; the first cell takes some seconds. What you write is \
kept in this browser, on this computer; nobody else sees it. To keep it elsewhere or to hand it in, choose \
*File → Download*. To begin again, delete the page in the list of files on the left (right click, *Delete*): \
the list then has the course's own again. There is no PyTorch in a browser: a cell that needs it says so and \
shows its stored result."""
LEFT_OUT = "# There is no PyTorch in a browser, so these lines are left out:"
SHOWN = "*There is no PyTorch in a browser, so this cell is shown and not run.*"
RESULT = "*Its stored result:*"
EXPLORER = "latent.html"  # beside the pages: it draws by itself
INSTEAD = f"""\
# There is no PyTorch in a browser, so the explorer draws with the generator that the course has stored.
from IPython.display import IFrame

IFrame("{EXPLORER}", "100%", 800)"""
QUIET = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Assert | ast.Import | ast.ImportFrom
QUIET |= ast.FunctionDef | ast.ClassDef


def browser_edition(text):
    """Return the browser's edition of a master's text; ValueError if an exercise would need PyTorch."""
    master, book = json.loads(text), json.loads(edition_text(text))
    absent, cells = set(), []
    for cell, full in zip(book["cells"], master["cells"], strict=True):
        if cell["cell_type"] == "code":
            cell = without_torch(cell, full["outputs"], absent)
        cells.append(cell)
    about = {"cell_type": "markdown", "id": "in-a-browser", "metadata": {}, "source": ABOUT}
    book["cells"] = [cells[0], about, *cells[1:]]
    book["metadata"]["kernelspec"] = KERNEL
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def without_torch(cell, outputs, absent):
    """Return a cell as it is, or with some of its lines left out, or as prose that shows it.

    absent : the names that no cell has given a value so far, for want of PyTorch; they are kept up to date.
    """
    source = "".join(cell["source"])
    body = ast.parse(source).body
    before, dead = set(absent), []
    for statement in body:
        if needs(statement, absent):
            dead.append(statement)
            absent |= bound(statement) - still_there(statement)
        else:
            absent -= bound(statement)
    if not dead:
        return cell
    if "nbgrader" in cell["metadata"]:
        raise ValueError(f"an exercise must need no PyTorch: {cell['id']} does")
    if not outputs or not any(map(shows, dead)):
        alive = [statement for statement in body if statement not in dead]
        if alive and all(
            read(each) - {"print"} for each in alive if shows(each)
        ):  # else it may claim too much
            return cell | {"source": left_out(source, dead)}
    absent |= before | set().union(*map(bound, body))
    if re.search(r"^LatentExplorer\(", source, re.M):
        return cell | {"source": INSTEAD.splitlines(keepends=True)}
    return shown(cell, source, outputs)


def shows(statement):
    return not isinstance(statement, QUIET)


def needs(statement, absent):
    """Return whether a statement imports PyTorch or reads a name that is absent."""
    if imported(statement) - still_there(statement):
        return True
    return not imported(statement) and bool(read(statement) & absent)


def imported(statement):
    """Return the names that an import binds, none of another statement."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return set()
    return {each.asname or each.name.partition(".")[0] for each in statement.names}


def still_there(statement):
    """Return those of an import's names that a browser has."""
    if isinstance(statement, ast.ImportFrom):
        return {
            each.asname or each.name for each in statement.names if not of_torch(statement.module, each.name)
        }
    if isinstance(statement, ast.Import):
        return {
            each.asname or each.name.partition(".")[0] for each in statement.names if not of_torch(each.name)
        }
    return set()


def of_torch(module, name=""):
    """Return whether a module, or a name of the course, needs PyTorch."""
    if module == "tconv_helpers":
        late = tconv_helpers._LATE.get(name)
        return late is not None and imports_torch(late)
    return module.partition(".")[0] == "torch"


@cache
def imports_torch(module):
    """Return whether a module of the package imports PyTorch at its top, or one of ours that does."""
    path = PACKAGE.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.is_file():
        return False
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import) and any(each.name.split(".")[0] == "torch" for each in node.names):
            return True
        if isinstance(node, ast.ImportFrom):
            folder = module.split(".")[: -node.level] if node.level else []
            ours = ".".join([*folder, *(node.module or "").split(".")])
            if imports_torch(ours) if node.level else (node.module or "").split(".")[0] == "torch":
                return True
    return False


def bound(statement):
    """Return the names that a statement gives a value."""
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and not loads(node)}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        names = {statement.name}
    return names | imported(statement)


def read(statement):
    """Return the names that a statement reads from outside itself."""
    if isinstance(statement, ast.For):
        names, given = read(statement.iter), bound(ast.Expr(statement.target))
        for each in statement.body + statement.orelse:
            names |= read(each) - given
            given |= bound(each)
        return names
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and loads(node)}
    own = [node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)]
    for node in ast.walk(statement):
        if isinstance(node, ast.For | ast.comprehension):
            own += [each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)]
    return names - set(own)


def loads(name):
    return isinstance(name.ctx, ast.Load)


def left_out(source, dead):
    """Return the lines of a cell with those of some statements as comments."""
    lines = source.splitlines()
    for statement in dead:
        rows = range(statement.lineno - 1, statement.end_lineno)
        for row in rows:
            lines[row] = f"# {lines[row]}".rstrip()
        if kept := sorted(still_there(statement)):
            lines[rows[-1]] += f"\nfrom {statement.module} import {', '.join(kept)}"
    first = dead[0].lineno - 1
    lines[first] = f"{LEFT_OUT}\n{lines[first]}"
    return "\n".join(lines).splitlines(keepends=True)


def shown(cell, source, outputs):
    """Return a cell of prose that shows a code cell and its result, folded where it answers a question."""
    parts = []
    for output in outputs:
        data = output.get("data", {})
        words = "".join(data.get("text/plain", output.get("text", ""))).strip()
        if "image/png" in data:
            png = "".join(data["image/png"]).replace("\n", "")
            parts.append(f"![{words.splitlines()[0]}](data:image/png;base64,{png})")
        else:
            parts.append(f"```text\n{words}\n```")
    result = "\n\n".join(parts)
    if parts and ANSWER in cell["metadata"].get("tags", []):
        result = f"<details><summary>Its stored result</summary>\n\n{result}\n\n</details>"
    elif parts:
        result = f"{RESULT}\n\n{result}"
    text = "\n\n".join(filter(None, [SHOWN, f"```python\n{source}\n```", result]))
    return {
        "cell_type": "markdown",
        "id": cell["id"],
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
