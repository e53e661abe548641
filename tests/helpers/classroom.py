"""Notebooks handed in: made from the student's edition, with answers put in or anything else done to it."""

import json
from concurrent.futures import Future
from copy import deepcopy
from functools import cache

import fake_sandbox

from tconv_helpers.exercises.edition import edition_text
from tconv_helpers.grading import reading
from tconv_helpers.grading.answers import ROOT, answers_by_name, masters
from tconv_helpers.grading.grade import grade_class
from tconv_helpers.grading.sandbox.run import NoSandbox
from tconv_helpers.grading.score import load_assignment

BOOK = "01_convolution"
ASKED = load_assignment(BOOK)
SEED = b"the seed of these tests"
SOLUTIONS = {name: master.source for name, master in masters(BOOK).items()}
POINTS = {name: master.points for name, master in masters(BOOK).items()}
FLIPPED = "def conv_by_kernel(x, k):\n    return np.convolve(x, k, 'valid')\n"


@cache
def _small(name):
    """Return the student's edition with its exercises only, so that a class of it is made and read fast."""
    book = json.loads(edition_text((ROOT / f"notebooks/{name}.ipynb").read_text(encoding="utf-8")))
    book["cells"] = [cell for cell in book["cells"] if "nbgrader" in cell["metadata"]]
    return book


def edition(name=BOOK):
    return deepcopy(_small(name))


def cell(source):
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
        "id": "x",
    }


def solved(name=BOOK, /, **code):
    """Return the edition as one who wrote this code for these exercises saves it."""
    book = edition(name)
    for each in book["cells"]:
        if source := code.get(each["metadata"]["nbgrader"]["grade_id"]):
            each["source"] = source
    return book


def all_right(**code):
    return solved(**{**SOLUTIONS, **code})


def hand_in(submitted, student, book, name=BOOK):
    """Write submitted/STUDENT/NAME/NAME.ipynb; book: a notebook, its text or its bytes."""
    path = submitted / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    text = json.dumps(book) if isinstance(book, dict) else book
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def wrong(name, what):
    """Return the misconception of an exercise by its name."""
    return next(each for each in answers_by_name()[name].wrongs if each.name == what)


class Here:
    """Do an executor's work at once, in this process."""

    def submit(self, function, *args):
        future = Future()
        future.set_result(function(*args))
        return future

    def shutdown(self, **_):
        pass


def start_here(count=1):
    return Here(), 1


def grade_here(course, run_cells=fake_sandbox.run, start_workers=start_here, **options):
    return grade_class(course, start_workers, run_cells=run_cells, **options)


def no_sandbox(*_, **__):
    raise NoSandbox("there is none")


def points(course):
    """Return {student: points} of a class."""
    return {record["student"]: record["points"] for record in course.results()}


def slow_reader(monkeypatch, *options):
    """Make the process that reads hand-ins slower; options : of Python, for still more."""
    first, *others = reading.COMMAND
    monkeypatch.setattr(reading, "COMMAND", [first, "-X", "tracemalloc=25", *options, *others])
