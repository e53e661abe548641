"""The rules of the notebooks: what each must be on disk, beyond what strict nbval compares.

A rule yields its complaints.
nbval compares only cells that have run: a notebook stripped of its outputs passes it, but not these.
"""

import ast
import re
import statistics
from collections import Counter
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import nbformat
from nbformat.v4 import new_markdown_cell

import tconv_helpers
from tconv_helpers.exercises.cells import marks
from tconv_helpers.exercises.edition import ANSWER, FOLDED
from tconv_helpers.explore.quizform import QuizForm

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
LANGUAGE = {  # as JupyterLab writes it when it opens a notebook, beside the version of the kernel's Python
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
EXPLORERS = [getattr(tconv_helpers, name) for name in tconv_helpers.__all__ if name.endswith("Explorer")]
DRAWN = [(str(kind._esm), str(kind._css)) for kind in (*EXPLORERS, QuizForm)]
ANSWERED_BY = {"train": "train-show"}  # a question whose answer shows in a later cell
WIDGET = "application/vnd.jupyter.widget-view+json"
LINK = r"\]\(<?((?:[^()\s>]|\((?:[^()\s]|\([^()\s]*\))*\))+)"  # parentheses may stand in it, in pairs
MACHINE = r"file:/|(?<![\w.:/<)\]}~-])(/\w[\w.-]*/\w|[A-Z]:\\\w)"


def code(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


def prose(book):
    return [cell for cell in book.cells if cell.cell_type == "markdown"]


def texts(cell):
    """Each piece of text among a cell's outputs, pictures left out."""
    for output in cell.get("outputs", []):
        yield output.get("text", "")
        for kind, data in output.get("data", {}).items():
            if kind.startswith("text/"):
                yield re.sub(r"data:image/[^\"')]*", "", data)


def lines(cell):
    return len([line for line in cell.source.splitlines() if line.strip()])


def shows(cell):
    """Return whether a cell's code prints, or ends in a value to show."""
    body = ast.parse(re.sub(r"^\s*[%!].*$", "", cell.source, flags=re.M)).body
    called = [ast.unparse(node.value.func) for node in body if is_call(node)]
    if {"print", "display"} & set(called):
        return True
    silent = body and is_call(body[-1]) and "assert" in called[-1]
    return (
        bool(body)
        and isinstance(body[-1], ast.Expr)
        and not silent
        and not cell.source.rstrip().endswith(";")
    )


def imports_only(cell):
    return cell.cell_type == "code" and re.fullmatch(r"((from|import) .*\n*)+", cell.source)


def is_call(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def is_answer(cell):
    """Return whether a cell's output answers the question above it."""
    return ANSWER in cell.metadata.get("tags", [])


RULES = []


def rule(complaints):
    RULES.append(complaints)
    return complaints


@rule
def each_code_cell_has_run_in_order(book):
    for count, cell in enumerate(code(book), 1):
        if cell.execution_count != count:
            yield f"code cell {count} has count {cell.execution_count}: run `make notebooks`"
        if not cell.source.strip():
            yield f"code cell {count} is empty"


@rule
def what_shows_something_has_an_output(book):
    for cell in code(book):
        if shows(cell) and not cell.outputs:
            yield f"the output is missing of: {cell.source}"
        for output in cell.outputs:
            if output.get("execution_count", cell.execution_count) != cell.execution_count:
                yield f"the output is of another run, of: {cell.source}"


@rule
def nothing_is_skipped(book):
    for cell in code(book):
        said = " ".join([*cell.metadata.get("tags", []), cell.source]).lower().replace("-", "_")
        if "nbval_skip" in said or "raises_exception" in said or "check_output" in said:
            yield f"a cell asks not to be checked in full: {cell.source}"
        only_widgets = cell.outputs and all(WIDGET in output.get("data", {}) for output in cell.outputs)
        if "nbval_ignore_output" in said and not only_widgets:
            yield f"NBVAL_IGNORE_OUTPUT is for a cell whose sole output is a widget, not for: {cell.source}"


@rule
def no_output_is_an_error_or_a_warning(book):
    for cell in code(book):
        if any(output.output_type == "error" or output.get("name") == "stderr" for output in cell.outputs):
            yield f"an error or stderr comes from: {cell.source}"
        if any(re.search(r"Traceback|\w+Warning\b", text) for text in texts(cell)):
            yield f"a warning is in the output of: {cell.source}"


@rule
def no_path_of_a_machine(book):
    for cell in book.cells:
        for text in [cell.source, *texts(cell)]:
            if found := re.search(MACHINE, text):
                yield f"an absolute path: {text[found.start() :][:60]}"


@rule
def only_lasting_metadata(book):
    if book.metadata.get("kernelspec") != KERNEL:
        yield f"kernelspec must be {KERNEL}: got {book.metadata.get('kernelspec')}"
    language = {**book.metadata.get("language_info", {})}
    if not re.fullmatch(r"3\.\d+\.\d+", language.pop("version", "")) or language != LANGUAGE:
        yield f"language_info must be {LANGUAGE} and a version: got {book.metadata.get('language_info')}"
    if odd := set(book.metadata) - {"kernelspec", "language_info", "widgets"}:
        yield f"metadata that differs from run to run: {sorted(odd)}"
    for cell in book.cells:
        lasting = {"tags", "nbgrader", "slideshow", *(FOLDED if is_answer(cell) else ())}
        if odd := set(cell.metadata) - lasting:
            yield f"metadata that differs from run to run, {sorted(odd)}, in: {cell.source}"


@rule
def answers_are_kept_out_of_sight(book):
    """The output below a question is tagged and folded, and no other; an explorer asks to be moved."""
    asked = {below.id for above, below in pairwise(book.cells) if "**Predict:**" in above.source}
    asked |= {ANSWERED_BY[name] for name in asked & ANSWERED_BY.keys()}
    for cell in code(book):
        shown = cell.outputs and not any(WIDGET in output.get("data", {}) for output in cell.outputs)
        if is_answer(cell) != bool(shown and cell.id in asked):
            yield f"the tag {ANSWER} is for an output below **Predict:**, each of them: {cell.source}"
        folded = {key: value for key, value in cell.metadata.items() if key in FOLDED}
        if folded != (FOLDED if is_answer(cell) else {}):
            yield f"an answer is folded, as `make notebooks` does it, and nothing else: {cell.source}"
        if is_answer(cell) and cell.outputs and not first_shown(cell.outputs[0]).startswith(" \n"):
            yield f"a folded answer shows its first line, so that must be blank: {cell.source}"


def first_shown(output):
    """Return the text whose first line JupyterLab shows where the output is folded."""
    data = output.get("data", {})
    return output.get("text") or data.get("text/html") or data.get("text/plain", "")


@rule
def code_keeps_the_answer(book):
    """A number of two digits or more that the answer alone tells does not stand in the code below."""
    for above, cell in pairwise(book.cells):
        question, _, answer = above.source.partition("<details>")
        if "**Predict:**" in question and cell.cell_type == "code":
            for told in sorted((_large(answer) - _large(question)) & _large(cell.source)):
                yield f"the code below a question tells its answer, {told}: {cell.source}"


def _large(text):
    """Return the whole numbers of two digits or more in a text."""
    return set(re.findall(r"(?<![\d.])[1-9]\d+(?![\d.]\d)", text.replace(",", "")))


@rule
def ids_are_unique(book):
    ids = [cell.get("id") for cell in book.cells]
    if None in ids or len(set(ids)) < len(ids):
        yield "each cell must have an id of its own: run `make notebooks`"


@rule
def code_is_short(book):
    sizes = [lines(cell) for cell in code(book) if not marks(cell).get("solution")] or [0]
    if (middle := statistics.median(sizes)) > 3:
        yield f"code cells have a median of {middle} lines: at most 3"
    if (long := sum(size > 6 for size in sizes)) * 10 > len(sizes):
        yield f"{long} of {len(sizes)} code cells have more than 6 lines: at most one in ten"
    for cell in code(book):
        if lines(cell) > 15:
            yield f"a code cell has {lines(cell)} lines, at most 15: {cell.source}"


@rule
def prose_stands_above_code(book):
    for above, cell in zip([None, *book.cells], book.cells, strict=False):
        both_import = above and imports_only(above) and imports_only(cell)
        checks = above and marks(above).get("solution") and marks(cell).get("grade")
        if cell.cell_type != "code" or both_import or checks:
            continue
        if above is None or above.cell_type != "markdown":
            yield f"no prose above: {cell.source}"


@rule
def pictures_say_what_they_show(book):
    for cell in code(book):
        for output in cell.outputs:
            data = output.get("data", {})
            html = data.get("text/html", "")
            tags = re.findall(r"<(?:img|svg)\b[^>]*>", html)
            if any(kind.startswith("image/") for kind in data) and not tags:
                yield f"a bare picture has no alt text; show a Drawing: {cell.source}"
            if tags and "image/png" not in data:
                yield f"nothing is left of a picture where HTML is stripped; show a Drawing: {cell.source}"
            for tag in tags:
                alt = unescape((re.findall(r'\b(?:alt|aria-label)="([^"]*)"', tag) or [""])[0])
                if not alt.strip():
                    yield f"a picture has no alt text: {cell.source}"
                elif alt != data.get("text/plain"):
                    yield f"text/plain must be the alt text, which nbval compares: {cell.source}"
    for cell in prose(book):
        for alt in re.findall(r"!\[([^\]]*)\]\(", cell.source):
            if not alt.strip():
                yield f"a picture has no alt text: {cell.source}"


@rule
def an_exercise_is_checked_and_its_master_is_right(book):
    cells = [*book.cells, new_markdown_cell()]
    for cell, below in pairwise(cells):
        if not marks(cell).get("solution"):
            continue
        if "### BEGIN SOLUTION" not in cell.source:
            yield f"an exercise without a marked solution: {cell.source}"
        if not (marks(below).get("grade") and below.source == f'check("{marks(cell)["grade_id"]}")'):
            yield f"no check below the exercise: {cell.source}"
        elif [output.data["text/plain"] for output in below.outputs[1:]] != [str(marks(below)["points"])]:
            yield f"the check does not give all points: {below.source}"


@rule
def saved_explorers_are_todays(book):
    """Find explorers that move before anything has run by an older code: `make notebooks` writes today's."""
    for saved in book.metadata.get("widgets", {}).values():
        for name, widget in saved["state"].items():
            state = widget["state"]
            if "_esm" in state and (state["_esm"], state["_css"]) not in DRAWN:
                yield f"{name} is an explorer or a quiz of another day"


# Mathematics and code in prose

SPANS = re.compile(r"```.*?```|`[^`\n]+`|\$\$.+?\$\$|\$[^$\n]+\$", re.S)  # code and formulas
UNTYPESET = re.compile(
    r"\w_\w"  # x_i, output_padding
    r"|\b[A-Z]\.T\b|\bd\w/d\w"  # A.T, dl/dy
    r"|[=<>]|\d ?[+*/^] ?\d"  # n = 7, i <= n, 2 + 3
    r"|[−·∗⊛⟨⟩⌊⌋⌈⌉√≤≥≠≈∑∏∞½¼¾²³¹]|[\u2070-\u209c]|[ᵀᴴ]"
    r"|×(?= ?[^\W\d])|(?<=[^\W\d])×|(?<=[^\W\d] )×"  # s × s, but 5 × 7 is a size in words
    r"|(?<![\w.'’-])(?:[b-z](?!\w)|[B-HJ-Z](?![\w.-]))"  # a letter alone; not Dong, C.
    r"|(?<=[a-z,;] )A(?= [a-z])"  # the matrix, not the article
)


def words(source):
    """Prose without its formulas, its code, the targets of its links and its tags."""
    source = re.sub(r"\[(doi|arXiv):[^]]*\]", r"[\1]", SPANS.sub("◻", source))
    return re.sub(r"\]\([^)]*\)|</?\w[^>]*>", " ", source)


@rule
def mathematics_is_typeset(book):
    """Mathematics stands between $ signs, arguments in backticks."""
    for cell in prose(book):
        if found := UNTYPESET.search(text := words(cell.source)):
            start = max(0, found.start() - 20)
            yield f"typeset it, or make it code: {text[start : found.end() + 20]!r} in: {cell.source}"
        if "$" in text:
            yield f"a $ is open: {cell.source}"


@rule
def formulas_and_code_keep_their_own_signs(book):
    """A formula is TeX, code is what Python reads: neither has the minus or the × of prose."""
    for cell in prose(book):
        for part in SPANS.findall(cell.source):
            if re.search(r"[−·×∗⊛≤≥⌊⌋½¼¾]|[\u2070-\u209c]", part):
                yield f"a sign of prose in {part}"
        for heading in re.findall(r"^#+ .*", cell.source, flags=re.M):
            if "$" in heading:
                yield f"JupyterLab's contents and anchors show TeX as it is typed: {heading}"


# Minutes, computed

WORDS = 160  # a minute: technical prose, for a reader of English as a second language
SECONDS = {
    "inline formula": 2,
    "displayed formula": 20,
    "question": 30,  # what a reader thinks before the folded answer
    "code": 25,  # read it, run it, look
    "picture": 60,  # a figure, an explorer or a quiz, with its cell
    "point": 240,  # of an exercise
}
STATED = re.compile(
    r"About (\d+) minutes to read and run"
    r"(?:, (\d+) of them optional)?(?:,? and about (\d+) for the exercises)?"
)


def seconds(cell):
    """The time that a cell takes to read, to run and to look at, or an exercise to solve."""
    if marks(cell):
        return SECONDS["point"] * marks(cell)["points"] if marks(cell).get("grade") else 0
    if cell.cell_type == "code":
        return SECONDS["picture" if shows_a_picture(cell) else "code"]
    count = Counter("displayed" if part[:2] == "$$" else part[0] for part in SPANS.findall(cell.source))
    return (
        len(re.findall(r"\w[\w'’-]*", words(cell.source))) / WORDS * 60
        + count["$"] * SECONDS["inline formula"]
        + count["displayed"] * SECONDS["displayed formula"]
        + cell.source.count("<details>") * SECONDS["question"]
    )


def shows_a_picture(cell):
    """Return whether a cell shows a figure, an explorer or a quiz."""
    kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
    drawn = any(kind.startswith("image/") for kind in kinds) or any("<img" in text for text in texts(cell))
    return drawn or "quiz(" in cell.source or "Explorer(" in cell.source


def minutes(book):
    """The minutes to read and run a page, those of its optional sections, and those of its exercises."""
    spent, part, depth = Counter(), "read", 0
    for cell in book.cells:
        if cell.cell_type == "markdown" and (heading := re.match(r"(#+) (.*)", cell.source)):
            kinds = {"*Optional:*": "optional", "Exercises": "exercises", "Credit": "references"}
            kind = kinds.get(heading[2].split()[0])
            if kind or len(heading[1]) <= depth:
                part, depth = kind or "read", len(heading[1])
        spent["exercises" if marks(cell) else part] += seconds(cell) / 60
    return [round(spent["read"] + spent["optional"]), round(spent["optional"]), round(spent["exercises"])]


def stated_minutes(book):
    """Return what a page says: its minutes to read and run, the optional ones, and the exercises'."""
    found = STATED.search(book.cells[0].source)
    return [int(part or 0) for part in found.groups()] if found else None


@rule
def the_minutes_are_computed(book):
    """Within a fifth, or two minutes, of what its words, cells, pictures and points come to."""
    said, computed = stated_minutes(book), minutes(book)
    if said is None:
        yield "the first cell must say `About … minutes to read and run`"
    elif any(abs(s - c) > max(2, c / 5) for s, c in zip(said, computed, strict=True)):
        yield f"stated are {said} minutes, computed {computed}"


# Links, which need the other notebooks, and the form on disk, which needs the file


def anchors(book):
    """The anchors that JupyterLab gives the headings: their text as rendered, each space turned to a dash."""
    for cell in prose(book):
        source = re.sub(r"^```.*?^```", "", cell.source, flags=re.M | re.S)
        for heading in re.findall(r"^#{1,6}[ \t]+(.*?)[ \t#]*$", source, flags=re.M):
            text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
            text = re.sub(r"(\*\*|__|\*|(?<!\w)_|_(?!\w)|`)", "", text)
            yield unescape(text).replace(" ", "-")


def broken_links(book, name, folder):
    """The links of a notebook to places in its folder that are not there."""
    for cell in prose(book):
        source = re.sub(r"`[^`]*`", "", cell.source)
        for link in re.findall(LINK, source) + re.findall(r"(?:href|src)=\"([^\"]+)\"", source):
            if re.match(r"[a-z]+:", link):
                continue
            target, anchor = map(unquote, (link + "#").split("#")[:2])
            path = folder / (target or name)
            inside = path.resolve().is_relative_to(folder.resolve())  # a student's copy has nothing above it
            there = inside and path.is_file()
            if there and anchor:
                there = anchor in anchors(nbformat.read(path, 4) if target else book)
            if not there:
                yield link


# What the pages say of each other, which needs all of them

REFERENCES = "Credit and references"
UNNUMBERED = {  # no DOI, no arXiv number
    "Harada": "a journal without DOIs in 1998",
    "Okabe": "a web page",
    "Tamura": "a journal without DOIs in 1998",
    "Vaidyanathan": "a book without a DOI",
}
IDENTIFIER = (
    r"\[(?:arXiv:(\d{4}\.\d{4,5})\]\(https://arxiv\.org/abs/\1|doi:(10\.[^]]+)\]\(https://doi\.org/\2)\)\.$"
)
CITED = r"([A-Z]\w+)(?: and [A-Z]\w+| et al\.)? \(?((?:19|20)\d\d)\b"


def page_title(path):
    """The title by which pages name each other: 01 Convolution for 01_convolution.ipynb."""
    number, *title = path.stem.split("_")
    return f"{number} {' '.join(title).capitalize()}"


def navigation(path):
    """The line at both ends of a page: the page before and the one after, where there is one."""
    place = BOOKS.index(path)
    ends = [("Previous", BOOKS[:place][-1:]), ("Next", BOOKS[place + 1 : place + 2])]
    return ". ".join(f"{word}: [{page_title(to)}]({to.name})" for word, found in ends for to in found)


def ends_that_lead_nowhere(book, path):
    """The ends of a page without its navigation: below the title, and in the last line."""
    if book.cells[0].source.split("\n\n")[1] != navigation(path):
        yield "top"
    if book.cells[-1].source.split("\n\n")[-1] != navigation(path):
        yield "bottom"


def wrong_rows(first, books):
    """The pages whose row in the first page's table has other minutes than they themselves."""
    for path, book in books.items():
        read, _, exercises = stated_minutes(book)
        row = rf"^\| \[{page_title(path)}\]\({path.name}\) \| [^|]+ \| {read} \| {exercises} \|$"
        if not any(re.search(row, cell.source, flags=re.M) for cell in prose(first)):
            yield page_title(path)


def unlisted_questions(first, books):
    """The headings that ask a question to which no link of the first page leads."""
    told = "\n".join(cell.source for cell in prose(first))
    for path, book in books.items():
        headings = "\n".join(cell.source for cell in prose(book))
        for heading in re.findall(r"^##+ ((?!Exercise ).*\?)$", headings, flags=re.M):
            anchor = re.sub("[*`]", "", heading).replace(" ", "-")
            if f"({path.name}#{anchor})" not in told:
                yield f"{path.name}: {heading}"


def references(first):
    """The lines of the list of references, which stands after the summary."""
    titles = [cell.source.partition("\n")[0] for cell in first.cells]
    place = titles.index(f"## {REFERENCES}")
    assert place > titles.index("## Summary")
    return re.findall(r"^- (.*)$", first.cells[place].source, flags=re.M)


def without_identifier(first):
    """The references that neither end in a linked DOI or arXiv number nor have a reason to have none."""
    for line in references(first):
        if not re.search(IDENTIFIER, line) and line.partition(",")[0] not in UNNUMBERED:
            yield line


def unlisted_citations(book, first):
    """The authors and years in a page that do not lead to the list of references, or are not in it."""
    link = rf"\)?\]\({BOOKS[0].name}#{REFERENCES.replace(' ', '-')}\)"
    for cell in prose(book):
        for found in re.finditer(CITED, "" if REFERENCES in cell.source[:30] else cell.source):
            name, year = found.groups()
            listed = any(line.startswith(f"{name},") and f"({year})" in line for line in references(first))
            if not listed or not re.match(link, cell.source[found.end() :]):
                yield found[0]
