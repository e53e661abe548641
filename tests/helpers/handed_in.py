"""Files that strangers hand in: how each is laid into the folder of submissions, and what it must get.

What their code does when it runs is another list; here are files, links, names, and notebooks as text.
"""

import json
import os
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from classroom import BOOK, FLIPPED, POINTS, SOLUTIONS, all_right, cell, edition, hand_in, solved

from tconv_helpers.exercises.table import exercises

ALL = sum(POINTS.values())
SECRET = "a file that is not the student's"


@dataclass(frozen=True)
class HandedIn:
    """Hold how a file is laid and what it gets: `says` stands in the reason on record or in a verdict.

    `points` is None where no grade may be made.
    """

    student: str
    lay: object
    points: float | None = 0
    says: str = ""


CASES = []


def handed_in(points=0, says="", student=None):
    def keep(lay):
        CASES.append(HandedIn(student or lay.__name__.strip("_"), lay, points, says))
        return lay

    return keep


def place(submitted, student):
    path = submitted / student / BOOK / f"{BOOK}.ipynb"
    path.parent.mkdir(parents=True)
    return path


def notebook(make, points=0, says=""):
    """Keep one whose notebook is what `make()` returns: a dict, a text or bytes."""
    name = make.__name__.strip("_")
    CASES.append(HandedIn(name, lambda submitted: hand_in(submitted, name, make()), points, says))


# Files


@handed_in(says="is a link")
def link_to_another(submitted):
    place(submitted, "link_to_another").symlink_to(submitted / "honest" / BOOK / f"{BOOK}.ipynb")


@handed_in(says="is a link")
def link_to_a_secret(submitted):
    place(submitted, "link_to_a_secret").symlink_to(submitted.parent / "secret")


@handed_in(says="is a link")
def loop_of_links(submitted):
    path = place(submitted, "loop_of_links")
    path.symlink_to(path)


@handed_in(says="is a link or a file")
def folder_that_is_a_link(submitted):
    (submitted / "folder_that_is_a_link").mkdir()
    (submitted / "folder_that_is_a_link" / BOOK).symlink_to(submitted / "honest" / BOOK)


@handed_in(says="is a link or a file")
def student_that_is_a_link(submitted):
    (submitted / "student_that_is_a_link").symlink_to(submitted / "honest")


if os.geteuid() == 0:  # who alone can make such a link without the right to read the file

    @handed_in(says="hard link")
    def hard_link(submitted):
        other = submitted.parent / "other.ipynb"
        other.write_text(json.dumps(all_right()))
        os.chown(other, 4321, 4321)
        os.link(other, place(submitted, "hard_link"))


@handed_in(ALL)
def hard_link_of_a_backup(submitted):
    path = hand_in(submitted, "hard_link_of_a_backup", all_right())
    os.link(path, submitted.parent / "backup.ipynb")


@handed_in(says="a pipe")
def pipe(submitted):
    os.mkfifo(place(submitted, "pipe"))


@handed_in(says="a folder")
def folder_for_a_file(submitted):
    place(submitted, "folder_for_a_file").mkdir()


@handed_in(says="at most 16 MB")
def two_hundred_megabytes(submitted):
    path = place(submitted, "two_hundred_megabytes")
    with path.open("wb") as file:
        file.truncate(200 * 2**20)


@handed_in(says="found none")
def nothing_in_the_folder(submitted):
    place(submitted, "nothing_in_the_folder")


@handed_in(says="found 2 others")
def two_of_other_names(submitted):
    path = hand_in(submitted, "two_of_other_names", all_right())
    path.with_name("b.ipynb").write_bytes(path.read_bytes())
    path.rename(path.with_name("a.ipynb"))


@handed_in(ALL)
def one_of_another_name(submitted):
    path = hand_in(submitted, "one_of_another_name", all_right())
    path.rename(path.with_name("my answers.ipynb"))


@handed_in(ALL)
def time_that_is_a_link(submitted):
    path = hand_in(submitted, "time_that_is_a_link", all_right())
    (path.parent / "timestamp.txt").symlink_to(submitted.parent / "secret")


@handed_in(ALL)
def time_that_is_none(submitted):
    path = hand_in(submitted, "time_that_is_none", all_right())
    (path.parent / "timestamp.txt").write_text("9" * 50)


for name in [
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "-rf",
    "a,b",
    "a\nb",
    "a\x1b[2Jb",
    "<script>alert(1)<script>",
    "\u202egnp",
    "a\\..\\b",
    "n" * 150,
]:
    CASES.append(HandedIn(name, lambda submitted, name=name: hand_in(submitted, name, all_right()), None))


for name in ["Zoe\u0308 O’Neill", "नीता", "علی\u200cرضا", "学生 3", " spaces "]:
    CASES.append(
        HandedIn(
            unicodedata.normalize("NFC", name).strip(),
            lambda submitted, name=name: hand_in(submitted, name, all_right()),
            ALL,
        )
    )


@handed_in(None, student="twice")
def one_student_in_two_folders(submitted):
    hand_in(submitted, "twice", all_right())
    hand_in(submitted, "twice ", edition())


@handed_in(ALL, student=f"{BOOK}.png")
def called_as_a_picture(submitted):
    hand_in(submitted, f"{BOOK}.png", all_right())


@handed_in(None, student="b\udcff")
def not_utf8(submitted):
    hand_in(submitted, "b\udcff", all_right())


# JSON


def broken_off():
    return json.dumps(all_right())[:-200]


def nested_deeply():
    return "[" * 200_000 + "]" * 200_000


def nested_in_a_notebook():
    inner = '{"a": ' * 900 + "1" + "}" * 900
    return json.dumps(all_right()).replace('"metadata": {}', f'"metadata": {inner}', 1)


def many_parts():
    return "[" + "[]," * 3_000_000 + "1]"


def long_number():
    return json.dumps(all_right()).replace('"nbformat_minor": 5', '"nbformat_minor": ' + "9" * 10_000)


def in_utf16():
    return json.dumps(all_right()).encode("utf-16")


def in_latin1():
    return json.dumps(all_right(conv_by_kernel="# für\n"), ensure_ascii=False).encode("latin-1")


def with_a_byte_order_mark():
    return b"\xef\xbb\xbf" + json.dumps(all_right()).encode()


notebook(broken_off, says="broken off")
notebook(nested_deeply, says="too deeply")
notebook(nested_in_a_notebook, ALL)
notebook(many_parts, says="too many parts")
notebook(long_number, says="damaged")
notebook(in_utf16, says="UTF-8")
notebook(in_latin1, says="UTF-8")
notebook(with_a_byte_order_mark, ALL)
for number, text in enumerate(["", "null", "[]", "3", '"text"', "\0" * 100, '{"nbformat": 4}', "<html>"]):
    name = f"no_notebook_{number}"
    CASES.append(HandedIn(name, lambda s, name=name, text=text: hand_in(s, name, text), says="no "))


# Notebooks


def of_format_3():
    book = all_right()
    cells = [
        {**{k: v for k, v in c.items() if k not in ("source", "execution_count", "id")}, "input": c["source"]}
        for c in book["cells"]
    ]
    for each in cells:
        each.update(language="python", prompt_number=1, collapsed=False)
    sheets = [{"cells": cells, "metadata": {}}]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheets}


def of_format_2():
    return {"nbformat": 2, "metadata": {}, "worksheets": []}


def of_format_9():
    return {**all_right(), "nbformat": 9}


def format_of_a_strange_type():
    return {**all_right(), "nbformat": {"__class__": 4}}


def cells_of_a_strange_type():
    return {**all_right(), "cells": [1, "x", None]}


def source_of_a_strange_type():
    return {**all_right(), "cells": [cell({"a": 1})]}


def too_many_cells():
    return {**all_right(), "cells": [cell("1")] * 3000}


def points_of_its_own():
    book = edition()
    for each in book["cells"]:
        each["metadata"]["nbgrader"].update(points=1000, grade=True, solution=False, locked=False)
    return book


def labels_exchanged():
    book = all_right()
    marks = [each["metadata"]["nbgrader"] for each in book["cells"]]
    for each, mark in zip(book["cells"], reversed(marks), strict=True):
        each["metadata"] = {"nbgrader": mark}
    return book


def without_metadata():
    return {**all_right(), "cells": [cell(each["source"]) for each in all_right()["cells"]]}


def in_another_order():
    return {**all_right(), "cells": all_right()["cells"][::-1]}


def checks_deleted():
    book = all_right()
    return {**book, "cells": [each for each in book["cells"] if each["metadata"]["nbgrader"]["solution"]]}


def cells_deleted():
    return {**all_right(), "cells": all_right()["cells"][:1]}


def right_then_wrong():
    book = all_right()
    book["cells"].append(cell(FLIPPED))
    return book


def wrong_then_right():
    book = solved(**{**SOLUTIONS, "conv_by_kernel": FLIPPED})
    book["cells"].append(cell(SOLUTIONS["conv_by_kernel"]))
    return book


def answer_above_its_stub():
    book = edition()
    book["cells"] = [cell(source) for source in SOLUTIONS.values()] + book["cells"]
    return book


def helper_in_another_cell():
    book = all_right(conv_by_kernel="%time 1\ndef conv_by_kernel(x, k):\n    return mine(x, k)\n")
    book["cells"].insert(0, cell("def mine(x, k):\n    return np.correlate(x, k, 'valid')"))
    book["cells"].append(cell("while True: 1  # nobody needs this cell, so it is not run"))
    return book


def check_replaced():
    book = edition()
    book["cells"].append(cell("def check(f): return 2\nclass Score: points = 2"))
    return book


notebook(of_format_3, ALL)
notebook(of_format_2, says="format 3 or 4")
notebook(of_format_9, says="format 3 or 4")
notebook(format_of_a_strange_type, says="does not say its format")
notebook(cells_of_a_strange_type, says="no valid notebook")
notebook(source_of_a_strange_type, says="no valid notebook")
notebook(too_many_cells, says="at most 2000 cells")
notebook(points_of_its_own)
notebook(labels_exchanged, ALL)
notebook(without_metadata, ALL)
notebook(in_another_order, ALL)
notebook(checks_deleted, ALL)
notebook(cells_deleted, 2)
notebook(right_then_wrong, ALL - 2, "flipped")
notebook(wrong_then_right, ALL)
notebook(answer_above_its_stub, ALL)
notebook(helper_in_another_cell, ALL)
notebook(check_replaced)


# Source


def spoiled(name, source, points=ALL - 2, says=""):
    """Keep one whose first exercise is this source; the others are right."""
    CASES.append(HandedIn(name, lambda s: hand_in(s, name, all_right(conv_by_kernel=source)), points, says))


RIGHT = SOLUTIONS["conv_by_kernel"]
spoiled("no_python", "def conv_by_kernel(x, k):\n    return x +\n", says="cannot read the cell")
spoiled("nul_in_source", RIGHT + "\0", says="cannot read the cell")
spoiled("half_a_character", RIGHT + "# \ud800", ALL)
spoiled(
    "nested_source",
    "def conv_by_kernel(x, k):\n    return " + "-" * 50_000 + "1\n",
    says="cannot read the cell",
)
spoiled(
    "attribute_chain",
    "def conv_by_kernel(x, k):\n    return x" + ".T" * 20_000 + "\n",
    says="cannot read" if sys.version_info < (3, 14) else "a wrong shape",  # 3.14 parses it
)
spoiled(
    "long_source", "def conv_by_kernel(x, k):\n    return 1\n" + "# long\n" * 100_000, says="60000 characters"
)
spoiled("script_in_source", RIGHT + "\n# </pre><script>alert(1)</script><img src=x onerror=alert(1)>", ALL)
spoiled("escapes_in_source", RIGHT + "\n# \x1b[31m \x07 \u202e evil", ALL)
spoiled(
    "tells_its_inputs",
    "def conv_by_kernel(x, k):\n    raise ValueError(f'SE{0}EN {x} {k}')",
    says="ValueError.",
)
spoiled(
    "tells_by_a_type",
    "def conv_by_kernel(x, k):\n    raise type('SE' 'EN' + '_'.join(map(str, x)), (Exception,), {})",
    says="raised an error of its own",
)
spoiled("returns_its_inputs", "def conv_by_kernel(x, k):\n    return f'SE{0}EN {x} {k}'", says="a text")
spoiled("returns_none", "def conv_by_kernel(x, k):\n    x", says="returns None")
spoiled("a_constant", "def conv_by_kernel(x, k):\n    return np.array([21, 32])", says="wrong shape")


def _published(name):
    """Return a right answer to what the student's package holds, and to nothing else."""
    known = [(repr(each), repr(result)) for each, result in zip(*_table(name), strict=True)]
    names = ", ".join(exercises()[name].parameters)
    return (
        f"def {name}({names}):\n    from numpy import array, float64\n"
        f"    return eval(dict({known!r}).get(repr(({names},)), 'None'))\n"
    )


def _table(name):
    return exercises()[name].inputs, exercises()[name].results


def published_results():
    return solved(**{name: _published(name) for name in SOLUTIONS})


notebook(published_results)


def outputs_with_scripts():
    book = all_right()
    html = "<script>alert(1)</script>"
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": html, "image/svg+xml": html},
    }
    for each in book["cells"]:
        each["outputs"] = [output, {"output_type": "stream", "name": "stdout", "text": html + "\x1b[31m"}]
    book["cells"].append({"cell_type": "markdown", "metadata": {}, "source": html, "id": "m"})
    book["metadata"]["kernelspec"] = {"name": html, "display_name": html}
    return book


notebook(outputs_with_scripts, ALL)


def lay_all(submitted: Path):
    """Lay everything above, honest notebooks between them, and a file outside that nobody may read."""
    submitted.mkdir()
    (submitted.parent / "secret").write_text(SECRET)
    hand_in(submitted, "honest", all_right())
    for each in CASES:
        each.lay(submitted)
    hand_in(submitted, "zoe-honest", solved(conv_by_kernel=FLIPPED, output_size=SOLUTIONS["output_size"]))
