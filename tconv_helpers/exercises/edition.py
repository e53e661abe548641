"""The student's edition of the notebooks: without solutions, hidden tests, answers and outputs of exercises.

Standard library only, since the wheel is built with it (`.ci/wheel.py`). The stubs are those of nbgrader's
`generate_assignment`, which a test compares with these.
"""

import json
import os
import re
from functools import partial

STUB = "# YOUR CODE HERE", "raise NotImplementedError()"
WORDS = "YOUR ANSWER HERE"  # the stub of what is answered in words, in a Markdown cell
SHORT = 16  # characters; a shorter line, such as `return y`, is nobody's secret
ANSWER = "hide-output"  # tags a cell whose output answers a question; sites fold such an output
FOLDED = {"collapsed": True, "jupyter": {"outputs_hidden": True}}  # as JupyterLab writes it
WIDGETS = "application/vnd.jupyter.widget-state+json"
REGION = re.compile(r"^([ \t]*)### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)^[ \t]*### END \2\n?", re.M | re.S)


def release(source, folder, only=None):
    """Write the student's edition of the notebooks of `source` into `folder`; keep each file that is there.

    only : the names to release, without .ipynb; None for everything in `source`. Returns the names of those
    files that were there already and differ from what would have been written. Each file appears whole or not
    at all. OSError if the folder cannot be written, ValueError if a solution would be left in an edition.
    """
    editions = {}  # all of them before the first is written
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        hidden = any(part.startswith(".") for part in name.parts)
        if path.is_file() and not hidden and (only is None or path.stem in only):
            try:
                editions[name] = edition_bytes(path)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
    folder.mkdir(parents=True, exist_ok=True)
    return [str(name) for name, data in editions.items() if not _write_new(folder / name, data)]


def edition_bytes(path):
    """Return the student's edition of a file; what is no notebook stays as it is."""
    if path.suffix == ".ipynb":
        return edition_text(path.read_text(encoding="utf-8")).encode()
    return path.read_bytes()


def _write_new(target, data):
    """Write a file, whole or not at all, unless one is there; return False if what is there differs."""
    if os.path.lexists(target):
        return target.is_file() and target.read_bytes() == data
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.rename(part, target)
    finally:
        part.unlink(missing_ok=True)
    return True


def edition_text(text):
    """Return the student's edition of a notebook's text; ValueError if a line of a solution is left in it."""
    book = json.loads(text)
    secrets = solution_lines(book)
    edition = student_edition(book)
    if found := leaks("\n".join(_strings(edition)), secrets):
        raise ValueError(
            f"a student's edition must hold no line of a solution: found {found[0]!r}; "
            "mark the cell as nbgrader's solution, or write it or the page's own code in another way"
        )
    return json.dumps(edition, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def student_edition(book):
    """Return the notebook, as JSON reads it, with stubs and no outputs of exercises, quizzes and answers."""
    for cell in book["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        source = "".join(cell["source"])
        stub = STUB if cell["cell_type"] == "code" else (WORDS,)
        if marks.get("solution") and stub[0] not in source:
            given = REGION.sub(partial(_stubbed, stub), source)
            source = given if REGION.search(source) else "\n".join(stub)
        if marks:
            source = REGION.sub("", source).rstrip("\n")
        cell["source"] = source.splitlines(keepends=True)
        if marks:
            cell["metadata"]["deletable"] = False
        if marks.get("locked"):
            cell["metadata"]["editable"] = False
        answers = ANSWER in cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and (marks or answers or source.startswith("quiz(")):
            cell["outputs"], cell["execution_count"] = [], None
        for key in FOLDED if answers else ():
            cell["metadata"].pop(key, None)
    _forget_widgets(book)
    return book


def _stubbed(stub, region):
    indent, what, _ = region.groups()
    return "".join(f"{indent}{line}\n" for line in stub) if what == "SOLUTION" else ""


def _forget_widgets(book):
    """Keep the state of those widgets only that an output still shows, and of what they are made of."""
    saved = book["metadata"].get("widgets", {}).get(WIDGETS, {})
    models = saved.get("state", {})
    saved["state"] = {model: models[model] for model in shown_widgets(book["cells"], models)}
    if not saved["state"]:
        book["metadata"].pop("widgets", None)


def shown_widgets(cells, models):
    """Return the ids of the saved widgets that the cells show, and of those in them, as they appear."""
    shown, parts = [], [cells]
    for part in parts:  # which grows: a widget that is shown shows others
        for model in re.findall(r'"(?:IPY_MODEL_)?([\w-]+)"', json.dumps(part)):
            if model in models and model not in shown:
                shown.append(model)
                parts.append(models[model])
    return shown


def solution_lines(book):
    """Return the lines of the notebook's solutions that nobody would write by chance, without blanks."""
    lines = []
    for cell in book["cells"]:
        given = REGION.sub("", "".join(cell["source"]))
        for _, what, body in REGION.findall("".join(cell["source"])):
            if what == "SOLUTION":
                lines += [line for line in map(squeeze, body.splitlines()) if line not in squeeze(given)]
    return [line for line in lines if len(line) >= SHORT]


def leaks(text, secrets):
    """Return those of the secrets, lines without blanks, that stand somewhere in the text."""
    text = squeeze(text)
    return [line for line in secrets if line in text]


def _strings(data):
    """Yield every string in JSON data, keys as well; a list of lines is one string."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings(value)
    elif isinstance(data, list):
        if data and all(isinstance(part, str) for part in data):
            yield "".join(data)
        else:
            for part in data:
                yield from _strings(part)


def squeeze(text):
    """Return text without blanks and line ends."""
    return re.sub(r"\s", "", text)
