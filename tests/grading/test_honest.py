"""Grading accepts what `check` accepts in a notebook that runs from top to bottom."""

import json
import sys

import pytest
from classroom import SEED, cell, edition
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from tconv_helpers.exercises.checking import POINTS_OF_SESSION, Points
from tconv_helpers.grading.answers import masters
from tconv_helpers.grading.grade import Task, grade_one
from tconv_helpers.grading.submissions import Submission

pytestmark = pytest.mark.usefixtures("real_sandbox")
BOOKS = ["01_convolution", "03_toeplitz_matrix", "06_upsampling"]


def after_def(source, line):
    """Return a function's source with a line put in as the first of its body."""
    head, body = source.split("\n", 1)
    return f"{head}\n    {line}\n{body}"


# Each gives the cells in the place of an answer's, from its source and name; its check follows.
HABITS = {
    "nothing": lambda source, name: [source],
    "a stub beside it": lambda source, name: [f"def {name}(*_):\n    raise NotImplementedError", source],
    "a first try": lambda source, name: [f"def {name}(*_):\n    return 0", f"{name}(1)", source],
    "twice": lambda source, name: [source, source],
    "an import that no sandbox has": lambda source, name: [f"import torch, json\n{source}"],
    "another one, above": lambda source, name: ["import matplotlib.pyplot as plt", "import torch", source],
    "a library tried first": lambda source, name: [
        f"try:\n    import scipy\nexcept ImportError:\n    scipy = None\n{source}"
    ],
    "a timed cell": lambda source, name: [f"%%time\n{source}"],
    "a timed line": lambda source, name: [f"%time values = [1, 2]\n{source}"],
    "a captured cell": lambda source, name: [f"%%capture said\n{source}\nprint(1)"],
    "a shell line": lambda source, name: [f"!true\n{source}"],
    "a shell's answer": lambda source, name: [f"files = !echo a\n{source}"],
    "a question": lambda source, name: [f"{source}\nlen?"],
    "magics in a text": lambda source, name: [f'text = """\n%time\n!true\nlen?\n"""\n{source}'],
    "an indented cell": lambda source, name: ["\n".join("    " + line for line in source.split("\n"))],
    "prompts": lambda source, name: [
        "\n".join(("... " if j else ">>> ") + line for j, line in enumerate(source.rstrip().split("\n")))
    ],
    "a look at it": lambda source, name: [
        f"{source}\n{name}",
        f"print({name})",
        f"help_of_{name} = {name}.__doc__",
    ],
    "scratch that raises": lambda source, name: ["1 / 0", "undefined_name", source, "[][1]"],
    "scratch that is slow": lambda source, name: [f"def spin_{name}():\n    while True: pass", source],
    "a helper whose name is used again": lambda source, name: [
        "def helper(x):\n    return x",
        after_def(source, "helper(0)"),
        f"check({name!r})",
        "def helper():\n    raise ValueError",
    ],
    "its own name used again": lambda source, name: [
        source,
        f"check({name!r})",
        f"for {name} in range(3): pass",
    ],
    "a table filled elsewhere": lambda source, name: [
        "TABLE = {}",
        after_def(source, "assert TABLE['a'] + TABLE['b'] == 3"),
        "TABLE['a'] = 1",
        "TABLE.update(b=2)",
    ],
    "a list filled by a function": lambda source, name: [
        "filled = []",
        "def fill():\n    filled.append(1)",
        "fill()",
        after_def(source, "assert filled"),
    ],
    "a setting made elsewhere": lambda source, name: [
        "import decimal",
        "decimal.getcontext().prec = 5",
        after_def(source, "assert decimal.getcontext().prec == 5"),
    ],
    "a global that counts": lambda source, name: [
        "calls = 0",
        after_def(source, "global calls; calls += 1"),
    ],
    "a star import": lambda source, name: ["from math import *", after_def(source, "assert pi > 3")],
    "notes between": lambda source, name: ["# a note", source, "#%time\n# !ls", '"""a text"""'],
}


def cells_of(book, habits):
    """Return the code of a notebook in which every answer is right, each with a habit of its own."""
    cells = ["import numpy as np\nfrom tconv_helpers import check"]
    for (name, master), habit in zip(masters(book).items(), habits, strict=True):
        cells += [*HABITS[habit](master.source, name), f"check({name!r})"]
    return cells


def accepted(cells):
    """Return the exercises whose first check gives all points where the cells run in order."""
    shell, points = InteractiveShell.instance(), {}
    shell.reset(new_session=False)
    for source in cells:
        result = shell.run_cell(source, store_history=False, silent=False)
        if isinstance(result.result, Points) and source.startswith("check("):
            points.setdefault(source.split(source[6])[1], result.result)
    return {name for name, got in points.items() if got.points == got.of}


@pytest.fixture(scope="module", autouse=True)
def own_shell():
    """The tests of this file have a shell, the main module while it lives; those after it have none."""
    main = sys.modules["__main__"]
    shell = InteractiveShell.instance()
    shell.showtraceback = lambda *_, **__: None
    yield
    InteractiveShell.clear_instance()
    sys.modules["__main__"] = main
    POINTS_OF_SESSION.clear()


def graded(book, cells):
    notebook = edition(book)
    notebook["cells"] = [cell(source) for source in cells]
    return grade_one(Task(book, Submission("ann", json.dumps(notebook).encode()), SEED)).record


def full(record):
    return {name for name, row in record["exercises"].items() if row["points"] == row["of"]}


@pytest.mark.parametrize("habit", HABITS)
def test_a_habit_costs_nothing(habit):
    book = BOOKS[0]
    cells = cells_of(book, [habit] * len(masters(book)))
    assert accepted(cells) == set(masters(book))
    record = graded(book, cells)
    assert full(record) == set(masters(book)), record


@settings(max_examples=8)
@given(st.data())
def test_what_check_accepts_grading_accepts(data):
    book = data.draw(st.sampled_from(BOOKS))
    habits = data.draw(
        st.lists(st.sampled_from(sorted(HABITS)), min_size=len(masters(book)), max_size=len(masters(book)))
    )
    cells = cells_of(book, habits)
    record = graded(book, cells)
    assert accepted(cells) <= full(record), (habits, record)


def test_imports_that_were_left_out_are_told():
    book = BOOKS[0]
    record = graded(book, cells_of(book, ["an import that no sandbox has"] * len(masters(book))))
    assert record["missing"] == ["torch"]


@pytest.mark.parametrize(
    "cells, says",
    [
        (
            ["import torch\ny = torch.ones(3)\ndef conv_by_kernel(x, k):\n    return x"],
            "NameError stopped the cell",
        ),
        (["1 / 0\ndef conv_by_kernel(x, k):\n    return x"], "ZeroDivisionError stopped the cell before"),
        (["def conv_by_kernel(x, k):\n    import torch"], "ModuleNotFoundError"),
    ],
)
def test_the_cause_is_named(cells, says):
    assert says in graded(BOOKS[0], cells)["exercises"]["conv_by_kernel"]["verdict"]
