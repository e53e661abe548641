"""A hand-in is read in a process of its own, in time and memory that grow no faster than what was written."""

import json
import time
import tracemalloc

import pytest
from classroom import ASKED, all_right, cell, edition, slow_reader
from hypothesis import example, given
from hypothesis import strategies as st

from tconv_helpers.exercises.notebook import read_notebook
from tconv_helpers.exercises.table import exercises
from tconv_helpers.grading import reading
from tconv_helpers.grading.owncode import MAX_SOURCE, MAX_SOURCES, own_code
from tconv_helpers.grading.reading import Refused, read_own_code

NAMES = list(ASKED.questions)
HOMES = {name: exercise.notebook for name, exercise in exercises().items()}
STUB = f"def {NAMES[0]}():\n    pass"
PARTS = [
    "\n",
    "a;",
    "a",
    " ",
    "\t",
    "(",
    "[",
    "{",
    ")",
    "-",
    "not ",
    ".T",
    "1",
    ",",
    "'",
    '"""',
    "#",
    "?",
    "%",
    "!",
]
PARTS += [
    "\\\n",
    "\r",
    "\f",
    "\0",
    "é",
    "lambda:",
    "if a:\n ",
    "f'{",
    "=",
    "@",
    ":",
    "def ",
    f"def {NAMES[0]}",
]
PARTS += ["a\n", "? ", "a=1\n", "*", "else ", "\ufeff", "\u2028"]


@st.composite
def hostile(draw):
    """Return a fragment many times over, as large as a cell may be, with another one at either end."""
    start, end = draw(st.sampled_from(["", *PARTS])), draw(st.sampled_from(["", *PARTS]))
    part = "".join(draw(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4)))
    return start + part * ((MAX_SOURCE - 100) // len(part)) + end


# Measured at most 8 µs and 500 bytes a character; a quadratic rule on newlines took 500 µs.
CPU, MEMORY = 60e-6, 2000


@example("a;" * 29_000)
@example("x = [" + "1," * 29_000)
@given(hostile())
def test_time_and_memory_grow_with_the_source_and_no_faster(source):
    start = time.process_time()
    own_code([("code", source), ("code", "a = 1")], set(), NAMES)
    assert time.process_time() - start < 0.5 + CPU * len(source)
    tracemalloc.start()
    own_code([("code", source)], set(), NAMES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20 + MEMORY * len(source)


def test_a_cell_of_newlines_takes_no_time():
    cells = [("code", "\n" * (MAX_SOURCE - 10) + "x = (") for _ in range(4)]
    start = time.process_time()
    own_code(cells, set(), NAMES)
    assert time.process_time() - start < 2


def read(*sources):
    book = {"nbformat": 4, "cells": [cell(source) for source in (STUB, *sources)]}
    return read_own_code(json.dumps(book).encode(), ASKED.released, NAMES, HOMES)


@pytest.mark.parametrize("book", [all_right(), edition()])
def test_the_other_process_reads_what_this_one_would(book):
    data = json.dumps(book).encode()
    cells = [(each["cell_type"], each["source"]) for each in read_notebook(data)]
    assert read_own_code(data, ASKED.released, NAMES, HOMES) == own_code(cells, ASKED.released, NAMES)


LARGE = [f"{number}\n" + "a;" * 29_000 for number in range(5)]


def test_more_code_than_anybody_writes_is_refused():
    assert len(read(*LARGE).others) == 5
    with pytest.raises(Refused, match=f"at most {MAX_SOURCES} characters of your own: it has 348"):
        read(*LARGE, "# and more\n" + LARGE[0])


def test_of_a_cell_that_is_too_large_to_be_read_little_is_kept():
    kinds = [{"cell_type": kind} for kind in ("code", "markdown")] * 40
    large = [{**cell("'" * MAX_SOURCE + str(number)), **kind} for number, kind in enumerate(kinds, 10)]
    book = {"nbformat": 4, "cells": [cell(STUB), *large]}
    others = read_own_code(json.dumps(book).encode(), ASKED.released, NAMES, HOMES).others
    assert len(others) == 80 and sum(map(len, others)) < MAX_SOURCE
    assert others[0].endswith("… (60002 characters)")


@pytest.mark.parametrize(
    "limit, most, what", [("CPU", 1, "time"), ("MEMORY", 2**25, "memory"), ("WALL", 0.01, "time")]
)
def test_what_takes_too_much_is_told_to_its_student(monkeypatch, limit, most, what):
    monkeypatch.setattr(reading, limit, most)
    slow_reader(monkeypatch, "-X", "dev")
    book = {"nbformat": 4, "cells": [cell(source) for source in (STUB, *LARGE)], "more": [[]] * 400_000}
    with pytest.raises(Refused, match=f"needs more {what} to be read"):
        read_own_code(json.dumps(book).encode(), ASKED.released, NAMES, HOMES)


def test_a_parser_that_dies_costs_its_own_student_only(monkeypatch):
    command = [*reading.COMMAND[:-3], "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"]
    monkeypatch.setattr(reading, "COMMAND", command)
    with pytest.raises(Refused, match="needs more memory"):
        read("1")


@pytest.mark.parametrize(
    "book, why",
    [
        ({"nbformat": 4, "cells": []}, "The notebook has no cells"),
        ({"nbformat": 4, "cells": [cell("\n")]}, "The notebook has no cells"),
        ({"nbformat": 4, "cells": [cell("1")]}, "holds none of the exercises of 01_convolution"),
        (edition("02_backward_pass"), "This is notebook 02_backward_pass, and not 01_convolution"),
    ],
)
def test_what_is_another_file_is_told(book, why):
    with pytest.raises(Refused, match=why):
        read_own_code(json.dumps(book).encode(), ASKED.released, NAMES, HOMES)
