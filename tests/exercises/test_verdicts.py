"""One ladder of verdicts: `check` tells what a student wrote and got, grading says our own words only."""

from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest

from tconv_helpers.exercises.table import Misconception
from tconv_helpers.exercises.values import Raised
from tconv_helpers.exercises.verdicts import (
    EVERY_WAY,
    GREEN,
    ORANGE,
    Verdict,
    changed_its_input,
    fits,
    judge,
    line_of_evidence,
    never_returned,
    same,
)

ONES = np.ones(2)
# What came, what is wanted, how the sentence begins and ends, for `check` and for grading, and its name.
RUNGS = [
    (ValueError("mine"), ONES, "raised ValueError", ": mine", ".", "raises"),
    (None, ONES, "returns None here", EVERY_WAY, EVERY_WAY, "returns None"),
    (
        *([1.0, 1.0], ONES, "returns a list, where an array of numbers is asked for"),
        *(": wrap it in np.array( ).", ".", "wrong type"),
    ),
    (
        *(2.5, 2, "returns a number, where a whole number is asked for"),
        *(": divide with //, or use int( ).", ".", "wrong type"),
    ),
    (
        *(np.ones((2, 1)), ONES, "returns an array of "),
        *("shape (2, 1), where (2,) is asked for.", "a wrong shape.", "wrong shape"),
    ),
    (ONES + 1, ONES, "is not right yet", ".", ".", None),
]


def test_where_none_may_be_right_nobody_is_told_that_a_return_is_missing():
    verdict = judge("f", [None, None], [None, 2], [True, False], tell=True)
    assert verdict == Verdict(
        "f returns None here, where a whole number is asked for.", misconception="returns None"
    )


@pytest.mark.parametrize("value, wanted, begins, told, withheld, name", RUNGS)
def test_check_tells_what_grading_withholds(value, wanted, begins, told, withheld, name):
    results = [0, value], [0, wanted], [True, False]
    assert judge("f", *results, tell=True) == Verdict(f"f {begins}{told}", misconception=name)
    assert judge("f", *results) == Verdict(f"f {begins}{withheld}", misconception=name)


def test_an_exception_may_be_known_by_its_name_only():
    assert judge("f", [Raised("KeyError")], [0], [False]).sentence == "f raised KeyError."


def test_parts_of_another_kind_are_told_by_check_only():
    values, wanted = [["a"]], [[1]]
    told = judge("f", values, wanted, [False], tell=True)
    assert told.sentence == "f returns a list of (a text), where a list of (a whole number) is asked for."
    assert judge("f", values, wanted, [False]).sentence == "f is not right yet."


def test_which_part_of_a_pair_is_wrong_is_told_by_check_only():
    values, wanted = [(ONES, ONES + 1)], [(ONES, ONES)]
    told = judge("f", values, wanted, [False], tell=True)
    assert told.sentence == "f is not right yet: the second part of its pair is wrong."
    assert judge("f", values, wanted, [False]).sentence == "f is not right yet."
    assert judge("f", [2], wanted, [False]).sentence == "f returns a whole number, where a pair is asked for."


def test_a_verdict_wraps_between_words_only():
    word = "a-" * 60
    assert str(Verdict(f"f raised {word}")).splitlines() == ["f raised", word]


def test_a_verdict_is_text_and_the_same_in_colours_and_columns():
    verdict = Verdict(
        "f is <b>",
        hint="a & b",
        evidence=(line_of_evidence("yours", "[1 <  2]"), line_of_evidence("line 123", "x")),
    )
    bundle = verdict._repr_mimebundle_()
    assert bundle["text/plain"] == str(verdict)
    parts = ElementTree.fromstring(bundle["text/html"])  # so it is well-formed
    assert [part.text for part in parts[:2]] == ["✗ f is <b>", "a & b"]
    assert [[cell.text for cell in line] for line in parts[2]] == [["yours", "[1 <  2]"], ["line 123", "x"]]
    assert ORANGE in parts[0].get("style") and GREEN in Verdict("f is right.", right=True).as_html()


def test_what_was_printed_is_told_by_check_only():
    told = judge("f", [None], [1], [False], tell=True, printed="1\n")
    assert told.misconception == "prints instead of returning"
    assert judge("f", [None], [1], [False], tell=True, printed=" \n").misconception == "returns None"


@pytest.mark.parametrize("tell", [True, False])
def test_the_upper_rungs_are_the_same_for_both(tell):
    known = Misconception("it is doubled", "Halve it.", [2, 4])
    assert judge("f", [1, 2], [1, 2], [True, True], misconceptions=[known], tell=tell) == Verdict(
        "f is right on all 2 inputs.", right=True
    )
    assert judge("f", [2, 4], [1, 2], [False, False], misconceptions=[known], tell=tell) == Verdict(
        "f is not right yet. Its results are those of a known mistake: it is doubled.",
        misconception="it is doubled",
        hint="Halve it.",
    )
    changed = judge("f", [1, 2], [1, 2], [True, False], misconceptions=[known], tell=tell)
    assert changed == changed_its_input("f")


def test_the_first_wrong_value_decides():
    assert judge("f", [1, None, 2.5], [1, 2, 3], [True, False, False]).misconception == "returns None"


def test_the_limit_that_was_passed_is_told():
    for seconds, said in [(5.0, "5"), (0.25, "0.25"), (90, "90")]:
        assert f" was stopped after {said} seconds, " in never_returned("f", seconds).sentence


def test_a_set_and_a_dictionary_are_called_so():
    for value, called in [({1}, "a set"), ({1: 2}, "a dictionary")]:
        said = judge("f", [value], [[1]], [False]).sentence
        assert said == f"f returns {called}, where a list is asked for."


NUMBERS = [0, 1, 1 + 5e-8, 1 + 5e-7, 5e-10, 200, -1, np.inf, -np.inf, np.nan]
TYPES = ["uint8", "int64", "float32", "float64", "complex128"]


@pytest.mark.parametrize("types", list(product(TYPES, repeat=2)), ids=" ".join)
def test_numbers_are_the_same_where_numpy_finds_them_close(types):
    """Also where they are not finite, or unsigned, so that their difference would never be negative."""
    with np.errstate(invalid="ignore"):
        given, wanted = (np.array(NUMBERS).astype(each) for each in types)
    for pair in product(given.reshape(-1, 1), wanted.reshape(-1, 1)):
        close = fits(*pair) and np.allclose(*pair, rtol=1e-7, atol=1e-9, equal_nan=True)
        assert same(*pair) == close, pair
