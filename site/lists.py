"""The pages that are made from something else: questions, explorers, the library, references, the plan."""

import importlib
import inspect
import json
import re
import tomllib
from collections import defaultdict
from html import escape
from pathlib import Path

import yaml
from conf import html_baseurl
from docstrings import plain
from mathml import slug
from pages import mount, write_numbers

import tconv_helpers
from tconv_helpers.cli import explorers

EXPLORERS = explorers()
HERE = Path(__file__).resolve().parent
MANY = 20  # questions of a notebook, beyond which they stand by its sections
MINUTES = re.compile(
    r"About (\d+) minutes to read and run(?:, (\d+) of them optional)?(?:, and about (\d+) for)?"
)


def write_lists(root, source):
    """Write the pages of lists into a folder of sources, from the notebooks and the library of a checkout."""
    books = {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(root.glob("notebooks/*.ipynb"))
    }
    for folder in ("explorers", "library"):
        (source / folder).mkdir()
    texts = {
        "questions.md": questions(books),
        "references.md": references(books),
        "plan.md": plan(books),
        "citation.md": citation(root),
        "explorers/index.md": explorers_index(),
        "library/index.md": library_index(),
    }
    words, numbers = tomllib.loads((HERE / "explorers.toml").read_text("utf-8")), {}
    texts |= {f"explorers/{name}.md": explorer(name, words[name], numbers) for name in EXPLORERS}
    write_numbers(numbers, source)
    texts |= {f"library/{room}.rst": library(room, names) for room, names in rooms().items()}
    for name, text in texts.items():
        (source / name).write_text(text, encoding="utf-8")


def prose(book):
    """Yield the Markdown cells of a notebook."""
    return ("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown")


def title(book):
    return next(prose(book)).partition("\n")[0].removeprefix("# ")


def asked(book):
    """Return the headings of a notebook that ask a question, with their anchors, by their sections."""
    found, section = defaultdict(list), ""
    for level, words in re.findall(r"^(##+) ((?!Exercise ).*)$", "\n".join(prose(book)), re.MULTILINE):
        if words.endswith("?"):
            anchor = slug(re.sub(r"[*`]", "", words))
            found[section].append((words.removeprefix("*Optional:* "), anchor))
        elif level == "##":
            section = words
    return found


def questions(books):
    """Return the page of all questions that a heading of the course asks, each with its own address."""
    parts = [
        "# Questions",
        "Each is answered by a cell that runs. The address of a question can be sent to others.",
    ]
    for name, book in books.items():
        if found := asked(book):
            parts.append(f"## {name[:2]} {title(book)}")
        for section, headings in found.items():
            lines = [f"- [{words}](notebooks/{name}.ipynb#{anchor})" for words, anchor in headings]
            several = sum(map(len, found.values())) > MANY
            parts += [*([f"### {section}"] if several else []), "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def references(books):
    """Return the page of references: those of the first page, which has all of the course."""
    credit = next(text for text in prose(books["00_start_here"]) if text.startswith("## Credit"))
    lines = [line for line in credit.split("\n") if line.startswith("- ")]
    return "\n\n".join(["# References", "What the course cites.", "\n".join(lines)]) + "\n"


def plan(books):
    """Return the plan of sessions: minutes of each page, as the page itself says them, and points."""
    rows = ["| Session | Read and run, minutes | Exercises, minutes | Points |", "| :-- | --: | --: | --: |"]
    for name, book in books.items():
        reading, optional, exercises = MINUTES.search(next(prose(book))).groups()
        marks = [cell["metadata"].get("nbgrader", {}) for cell in book["cells"]]
        points = sum(each.get("points", 0) for each in marks)
        reading += f" ({optional} optional)" if optional else ""
        cells = [
            f"[{name[:2]} {title(book)}](notebooks/{name}.ipynb)",
            reading,
            exercises or "",
            f"{points or ''}",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def citation(root):
    """Return what CITATION.cff says in the form that most people paste: BibTeX; the year is the licence's."""
    told = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    year = re.search(r"\(c\) (\d{4})", (root / "LICENSE").read_text(encoding="utf-8"))[1]
    (course,) = (each["name"] for each in told["authors"])
    (lecture,) = told["references"]
    (speaker,) = lecture["authors"]
    entries = {
        "tconv": {
            "title": f"{{{told['title']}}}",
            "author": f"{{{course}}}",
            "year": year,
            "version": told["version"],
            "url": html_baseurl,
        },
        "mopuri": {
            "title": f"{{{lecture['title']}}}",
            "author": f"{speaker['family-names']}, {speaker['given-names']}",
            "howpublished": f"Lecture, {speaker['affiliation']}",
        },
    }
    texts = []
    for key, fields in entries.items():
        lines = "".join(f"  {name:12} = {{{value}}},\n" for name, value in fields.items())
        texts.append(f"@misc{{{key},\n{lines}}}")
    return "```bibtex\n" + "\n\n".join(texts) + "\n```\n"


# Explorers


def explorers_index():
    pages = "\n".join(f"{name}" for name in EXPLORERS)
    lines = "\n".join(f"- [{words}]({name}.md)" for name, (_, words) in EXPLORERS.items())
    about = (
        "Each opens alone in a page, too: what you move stands in that page's address, so that an answer to "
        "a question can be a link. No account, no installation, no request to anyone."
    )
    return f"# Explorers\n\n{about}\n\n{lines}\n\n```{{toctree}}\n:hidden:\n{pages}\n```\n"


def explorer(name, words, numbers):
    """Return the page of one explorer: itself, links to states that people ask for, the line to embed it.

    numbers: a dict, into which goes what it loads on sight.
    """
    make, heading = EXPLORERS[name]
    widget = make()
    kind = type(widget).__name__
    file = f"../embed/{name}.html"
    links = [f'- <a href="{file}{escape(link)}">{escape(what)}</a>' for what, link in words["links"].items()]
    look = f'width="100%" height="760" title="{heading}"'
    frame = f'<iframe src="{html_baseurl}embed/{name}.html" {look}></iframe>'
    parts = [
        f"# {heading}",
        words["about"],
        mount(widget.get_state(), repr(widget), numbers),
        f'<p><a href="{file}">Open it alone</a>, with its state in the address, and with buttons that copy '
        "the link, copy the Python code and save the picture.</p>",
        "## Links to it",
        "\n".join(links),
        "## Put it on a page of yours",
        f"```html\n{frame}\n```",
        f"In Python: `from tconv_helpers import {kind}`, then `{kind}()` in a notebook.",
    ]
    return "\n\n".join(parts) + "\n"


# The library

ABOUT = {
    "operators": "Convolutions and transposed convolutions",
    "definition": "The lecture's sums as loops",
    "shapes": "Sizes",
    "chains": "Sizes through a chain of layers",
    "matrix": "Matrices",
    "upsampling": "Upsampling",
    "laws": "What must hold",
    "figures": "Figures",
    "explore": "Explorers in Python",
    "generator": "The generator",
    "exercises": "Exercises in Python",
    "environment": "Your computer",
}


def rooms():
    """Return the public names by the module or folder of the package that defines them."""
    found = defaultdict(list)
    for name in tconv_helpers.__all__:
        module = inspect.getmodule(getattr(tconv_helpers, name)).__name__
        found[module.split(".")[1]].append(name)
    return {room: sorted(found[room]) for room in ABOUT}


def library_index():
    pages = "\n".join(f"{room}" for room in ABOUT)
    about = "Every name imports from `tconv_helpers` itself. Each example on these pages is run by the tests."
    return f"# The library\n\n{about}\n\n```{{toctree}}\n{pages}\n```\n"


def library(room, names):
    """Return the page of a room of the library: its public names, with their docstrings."""
    heading = ABOUT[room]
    about = importlib.import_module(f"tconv_helpers.{room}").__doc__.partition("\n")[0]
    parts = [heading, "=" * len(heading), "", plain(about), "", ".. py:currentmodule:: tconv_helpers", ""]
    for name in names:
        kind = "class" if inspect.isclass(getattr(tconv_helpers, name)) else "function"
        parts += [f".. auto{kind}:: tconv_helpers.{name}", ""]
    return "\n".join(parts)
