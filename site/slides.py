"""Make the slides: ``python site/slides.py`` writes build/slides, a deck for each notebook, offline.

A cell is on a slide if the notebook gives it a slide type (in JupyterLab: Property Inspector, Slide Type):
"slide" begins one, "-" goes on with it. Answers to what is to be predicted become the speaker's notes.
"""

import json
import re
import shutil
import sys

from make import HERE, ROOT, begin, sphinx

ANSWER = re.compile(r"<details><summary>Answer</summary>\n(.*?)</details>\n*", re.S)
QUESTIONS = re.compile(r"^## Questions.*", re.S | re.M)
LINK = re.compile(r"\[([^\]]+)\]\(\d\d_\w+\.ipynb[^)]*\)")  # to another page, which is not on the slides
EXTENSIONS = "myst_nb,sphinx_revealjs,mathml,readable"
BREAK = "```{revealjs-break}\n:notitle:\n```\n\n"
NOTES = "\n\n````{{revealjs-notes}}\n{}\n````\n"


def build(source=ROOT / "build/slides-source", slides=ROOT / "build/slides"):
    """Write the sources into one folder and the decks into another, both anew; return Sphinx's exit code."""
    begin(source, slides)
    shutil.copy(HERE / "slides.css", source / "_static")
    names = sorted(path.stem for path in (source / "notebooks").glob("*.ipynb"))
    for name in names:
        path = source / f"notebooks/{name}.ipynb"
        path.write_text(json.dumps(deck(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    pages = "\n".join(f"notebooks/{name}" for name in names)
    (source / "index.md").write_text(f"# Slides\n\n```{{toctree}}\n{pages}\n```\n", encoding="utf-8")
    static = source / "_static"
    return sphinx(source, slides, "revealjs", extensions=EXTENSIONS, revealjs_static_path=static)


def deck(book):
    """Return a notebook of the cells that are on slides."""
    chosen = [cell for cell in book["cells"] if "slideshow" in cell["metadata"]]
    book["cells"] = [part for cell in chosen for part in slide(cell)]
    return book


def slide(cell):
    """Return the cells that show one on a slide: a break where a new one begins, notes, an explorer alone."""
    begins = cell["metadata"]["slideshow"]["slide_type"] == "slide"
    if cell["cell_type"] == "markdown":
        text = LINK.sub(r"\1", QUESTIONS.sub("", "".join(cell["source"])))
        notes = "\n\n".join(ANSWER.findall(text))
        text = ANSWER.sub("", text) + (NOTES.format(notes.strip()) if notes else "")
        return [cell | {"source": text if text.startswith("#") or not begins else BREAK + text}]
    moves = "tconv-mount" in json.dumps(cell["outputs"])
    cell["metadata"] = {"tags": ["remove-input"] if moves else []}
    if not begins:
        return [cell]
    return [{"cell_type": "markdown", "id": f"{cell['id']}-break", "metadata": {}, "source": BREAK}, cell]


if __name__ == "__main__":
    sys.exit(build())
