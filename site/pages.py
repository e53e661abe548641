"""The notebooks as pages: the student's edition, answers folded, and everything that moves mounted."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape

from colab import button
from conf import lite

from tconv_helpers.exercises.edition import WIDGETS, edition_text
from tconv_helpers.marks import DARK

VIEW = "application/vnd.jupyter.widget-view+json"
FIGURE = re.compile(
    r'\s*<svg role="img" aria-label="(?P<alt>[^"]*)" (?P<look>[^>]*)>(?P<ink>.*)</svg>\s*', re.S
)
STRIPPED = re.compile(r"<desc>.*?</desc>", re.S)  # the PNG for who strips SVG: a site does not
BOX = re.compile(r'viewBox="\S+ \S+ (\S+) (\S+)"')
WIDTH = re.compile(r'width="(\d+)"')
TURNS = re.compile(r"^(---\n\n)?((Previous|Next): .*\n*)+", re.M)  # the site has its own way to the next page
INKS = {"light": "#1b1b1b", "dark": DARK["ink"]}
HEAVY = 50_000  # characters of base64: what is longer is loaded when its explorer comes into sight
NOT_OURS = re.compile(r"_(esm|css|anywidget_id|(dom|model|view)_\w+)|layout|tabbable|tooltip|comm")


def write_pages(notebooks, source):
    """Write a notebook for each of the masters into a folder of sources, and its figures beside them.

    Returns the kinds of explorers and quizzes in them, {kind: {"module": ..., "style": ...}}.
    """
    kinds, numbers = {}, {}
    (source / "notebooks").mkdir()
    (source / "_static/figures").mkdir(parents=True)
    for path in sorted(notebooks.glob("*.ipynb")):
        master = json.loads(path.read_text(encoding="utf-8"))
        states = master["metadata"].get("widgets", {}).get(WIDGETS, {}).get("state", {})
        for model in states.values():
            if kind := _kind(model["state"]):
                kinds[kind] = {"module": model["state"]["_esm"], "style": model["state"]["_css"]}
        book, figures = page(master, states, path.stem, numbers)
        (source / "notebooks" / path.name).write_text(json.dumps(book), encoding="utf-8")
        for name, svg in figures.items():
            (source / "_static/figures" / name).write_text(svg, encoding="utf-8")
    write_numbers(numbers, source)
    return kinds


def write_numbers(numbers, source):
    """Write what `mount` put aside into a folder of sources: {name: base64}, each as a script."""
    (source / "_static/numbers").mkdir(exist_ok=True)
    for name, data in numbers.items():
        text = f'(globalThis.tconvNumbers ??= {{}})["{name}"] = "{data}";\n'
        (source / f"_static/numbers/{name}.js").write_text(text, encoding="utf-8")


def page(master, states, name, numbers):
    """Return the notebook of a page and its figures, {file: SVG}, from a master and its widgets' states.

    It is the student's edition. What that leaves to be run by the reader, answers and quizzes, is shown here,
    where nothing can run: answers are folded, quizzes mounted.
    """
    book = json.loads(edition_text(json.dumps(master)))
    book["metadata"].pop("widgets", None)
    figures = {}
    for cell, more in ((book["cells"][0], f"{here(name)} {button(name)}".strip()), (book["cells"][-1], "")):
        cell["source"] = f"{TURNS.sub('', ''.join(cell['source']))}\n\n{more}"
    first = book["cells"][0]  # the pages speak of each other by their numbers
    first["source"] = first["source"].replace("# ", f"# {name[:2]} ", 1)
    for cell, full in zip(book["cells"], master["cells"], strict=True):
        if cell["cell_type"] == "code" and "nbgrader" not in cell["metadata"]:
            shown = [
                _shown(output, states, f"{name[:2]}-{cell['id']}", figures, numbers)
                for output in full["outputs"]
            ]
            cell["outputs"], cell["execution_count"] = shown, full["execution_count"]
    return book, figures


def here(name):
    """Return the link of a page to its browser edition; "" where that is not published beside the site."""
    return f'<a href="../{lite}/lab/index.html?path={name}.ipynb">Run this page here</a>' if lite else ""


def _shown(output, states, name, figures, numbers):
    """Return an output as a page shows it; what is loaded apart goes into `figures` and `numbers`."""
    data = output.get("data", {})
    html = "".join(data.get("text/html", ""))
    if VIEW in data:
        model = states[data[VIEW]["model_id"]]
        html = mount(model["state"], "".join(data["text/plain"]), numbers, model.get("buffers", []))
    elif found := FIGURE.fullmatch(html):
        html = _figure(found, name, figures)
    else:
        return output
    return output | {"data": {"text/html": html}, "metadata": {}}


def _figure(found, name, figures):
    """Return the HTML of a figure, loaded as it comes into sight, in the ink of either theme."""
    width = int(WIDTH.search(found["look"])[1])
    across, down = map(float, BOX.search(found["look"]).groups())
    size = f'width="{width}" height="{round(width * down / across)}"'
    pictures = []
    for theme, ink in INKS.items():
        file = f"{name}-{theme}.svg"
        look = f'xmlns="http://www.w3.org/2000/svg" {found["look"]} color="{ink}"'
        figures[file] = f"<svg {look}>{STRIPPED.sub('', found['ink'])}</svg>"
        path = f'src="../_static/figures/{file}"'
        pictures.append(f'<img class="only-{theme}" loading="lazy" alt="{found["alt"]}" {size} {path}>')
    return "".join(pictures)


def mount(state, words, numbers, buffers=()):
    """Return the HTML of an explorer or a quiz, which mount.js puts there; until then it is its words.

    What is heavy goes into `numbers`, {name: base64}; mount.js loads it on sight.
    """
    values = {name: value for name, value in state.items() if not NOT_OURS.fullmatch(name)}
    own = [name for name, value in values.items() if isinstance(value, bytes)]  # of a widget, not of its file
    buffers = [*buffers, *({"path": [name], "data": b64encode(values.pop(name)).decode()} for name in own)]
    buffers = [_apart(buffer, numbers) if len(buffer["data"]) > HEAVY else buffer for buffer in buffers]
    on_sight = " data-on-sight" if any("numbers" in buffer for buffer in buffers) else ""
    data = json.dumps({"values": values, "buffers": buffers}, ensure_ascii=False)
    safe = data.replace("<", "\\u003c")  # what ends a script must not stand in one
    script = f'<script type="application/json">{safe}</script>'
    kind = f'data-kind="{_kind(state)}"{on_sight}'
    return f'<div class="tconv-mount" {kind}>{script}<pre>{escape(words)}</pre></div>'


def _apart(buffer, numbers):
    """Return a buffer that names its data, which goes into `numbers`."""
    name = sha256(buffer["data"].encode()).hexdigest()[:16]
    numbers[name] = buffer["data"]
    return {"path": buffer["path"], "numbers": name}


def _kind(state):
    """Return the name of the class of an anywidget, "" for any other widget."""
    return state.get("_anywidget_id", "").rpartition(".")[2]
