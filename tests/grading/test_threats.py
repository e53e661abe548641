"""The threat model says what is so: its numbers are the code's, and what it names is there."""

import re
from pathlib import Path

import pytest

from tconv_helpers import grading
from tconv_helpers.exercises.notebook import MAX_BYTES
from tconv_helpers.grading import owncode, reading
from tconv_helpers.grading.sandbox import seccomp
from tconv_helpers.grading.sandbox.run import Limits

ROOT = Path(__file__).parents[2]
PAGE = " ".join((Path(grading.__file__).parent / "THREATS.md").read_text(encoding="utf-8").split())
LIMITS = Limits()


@pytest.mark.parametrize(
    "said",
    [
        f"{LIMITS.seconds:g} seconds for a cell and for all calls of an exercise",
        f"{LIMITS.budget:g} for a notebook (`--budget`)",
        f"{LIMITS.memory / 2**30:g} GB of address space",
        f"{LIMITS.processes} threads and processes",
        f"{LIMITS.files} open files",
        f"{LIMITS.file_size / 2**20:g} MB of files",
        f"{LIMITS.output / 2**20:g} MB of results",
        f"nearly {LIMITS.seconds:g} seconds",
        f"files only, up to {MAX_BYTES / 2**20:g} MB",
        f"{reading.CPU} seconds of processor time and {reading.MEMORY / 2**30:g} GB",
        f"{owncode.MAX_SOURCE:,} characters of a cell and {owncode.MAX_SOURCES:,} of a student's own",
        "calls of x86_64, {} and {} (".format(*seccomp.PAST_THE_FILTER),
    ],
)
def test_its_numbers_are_the_codes(said):
    assert said in PAGE


def test_what_it_names_is_there():
    named = set(re.findall(r"`(tests/[\w/.]+)`", PAGE))
    assert len(named) > 5 and [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert "(tconv_helpers/grading/THREATS.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_it_says_the_filter_stops_the_filter_does_not_name():
    allowed = set((seccomp.FILES + seccomp.MEMORY + seccomp.TIME + seccomp.PROCESS).split())
    assert not allowed & {
        *("fork", "vfork", "clone3", "socket", "socketpair", "ptrace", "keyctl", "mount", "shmget")
    }
