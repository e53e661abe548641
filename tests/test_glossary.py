"""Each line of the glossary has an example, and the example gives what the line says."""

import re
from pathlib import Path

import numpy as np
import pytest

import tconv_helpers

TEXT = (Path(__file__).parents[1] / "site/glossary.md").read_text(encoding="utf-8")
LINES = [line for line in TEXT.splitlines() if line.startswith("| **")]
NAMES = {name: getattr(tconv_helpers, name) for name in tconv_helpers.__all__} | {"np": np}


def word(line):
    return re.match(r"\| \*\*(.+?)\*\*", line)[1]


def test_there_are_as_many_lines_as_promised_and_each_word_once():
    words = [word(line) for line in LINES]
    assert len(words) == len(set(words)) > 30


@pytest.mark.parametrize("line", LINES, ids=word)
def test_its_example_gives_what_it_says(line):
    [(code, said)] = re.findall("<br>`([^`]+)` gives `([^`]+)`", line)
    assert str(eval(code, NAMES.copy())) == said
    assert line.count(" | ") == 1
