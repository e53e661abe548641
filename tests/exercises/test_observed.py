"""An observation on wrong results is said if it holds of all of them, and only then."""

import numpy as np
import pytest

from tconv_helpers.exercises.observed import observed
from tconv_helpers.exercises.values import Raised

RIGHT = [np.array([1.0, 2.0, 3.0, 4.0]), np.array([5.0, 6.0, 7.0]), np.array([8.0, 9.0])]
GRID = [np.arange(1.0, 10).reshape(3, 3), np.arange(2.0, 8).reshape(3, 2), np.ones((2, 2))]
FRACTIONS = [np.array([1.5, -2.25]), np.array([0.5, 3.0]), np.array([2.5])]
BEGIN = "on each of the 2 inputs that it gets wrong, "


def said_of(change, wanted):
    """Return what is said of results that are right on the last input alone."""
    values = [change(each) for each in wanted[:-1]] + [wanted[-1]]
    return observed(values, wanted, [False] * (len(wanted) - 1) + [True])


def with_entry(place, entry):
    def changed(array):
        array = array.copy()
        array[place] = entry
        return array

    return changed


@pytest.mark.parametrize(
    ("change", "wanted", "said"),
    [
        (with_entry(-1, 90), RIGHT, "only the last entry differs"),
        (with_entry(0, 90), RIGHT, "only the first entry differs"),
        (with_entry([0, -1], [90, -90]), RIGHT, "only its ends differ"),
        (with_entry(-1, 90), GRID, "only the last row differs"),
        (with_entry(0, 90), GRID, "only the first row differs"),
        (with_entry((slice(None), -1), 90), GRID, "only the last column differs"),
        (with_entry((slice(None), 0), 90), GRID, "only the first column differs"),
        (with_entry(([0, -1], [0, 0]), [[90, -90]]), GRID, "only the first column differs"),
        (with_entry(([0, -1], [0, -1]), [[90, -90]]), GRID, "only its edges differ"),
        (np.zeros_like, RIGHT, "it has a 0 wherever an entry differs"),
        (lambda w: w + w**2, RIGHT, "what differs is too large"),
        (lambda w: w - 3, RIGHT, "what differs is 3 too small"),
        (np.trunc, FRACTIONS, "it holds whole numbers only, the right ones cut"),
        (np.ceil, FRACTIONS, "it holds whole numbers only, where there are fractions"),
        (lambda w: w * np.nan, RIGHT, "it has something that is not a number (NaN)"),
        (lambda w: w + 1, [3, 4, 5], "its result is 1 too large"),
        (lambda w: -w, [3, 4, 5], "its result is too small"),
        (lambda w: w[::-1], RIGHT, "it has the right numbers in reverse order"),
        (lambda w: np.roll(w, 1), RIGHT, "it has the right numbers in another order"),
        (lambda w: w.T[::-1].reshape(w.shape), GRID, "it has the right numbers in another order"),
        (lambda w: w[::-1], [[3, 4, 5], [6, 7], [8]], "it has the right numbers in reverse order"),
        (lambda w: [], [[3, 4, 5], [6, 7], [8]], "its list is empty"),
        (
            lambda w: w / len(w),
            RIGHT,
            "its result is the right one times a number, which changes from input to input",
        ),
        (lambda w: not w, [False, False, True], "it says True"),
        (lambda w: w[1:], [[3, 4, 5], [6, 7], [8]], "what it lists is right, and something is missing"),
        (lambda w: [*w, 0], [[3, 4, 5], [6, 7], [8]], "it lists all that is right, and more"),
        (lambda w: [*w[:-1], 0], [[3, 4, 5], [6, 7], [8]], "only the last entry differs"),
    ],
)
def test_it_is_said(change, wanted, said):
    assert said_of(change, wanted) == BEGIN + said


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([np.array([90.0, 2, 3, 4]), np.array([5.0, 1, 7])], RIGHT[:2]),
        ([np.inf, -np.inf], [np.inf - 1, 3]),
        ([10**400, 3], [4, 4]),
        ([5, 3], [4, 4]),
        ([True, False], [False, True]),
        ([[3], [6, 8]], [[3, 4], [6, 7]]),
        ([np.array([1.0]), 5], [np.array([2.0]), 4]),
        ([Raised("ValueError"), 5], [3, 4]),
        ([None, 5], [3, 4]),
        (["a", "b"], ["c", "d"]),
        ([(1, 2), (3, 4)], [(2, 1), (4, 3)]),
        ([[[1]], [[2]]], [[[3]], [[4]]]),
    ],
)
def test_what_does_not_hold_of_all_is_not_said(values, wanted):
    assert observed(values, wanted, [False, False]) == ""


def test_of_one_input_only_lost_fractions_are_said():
    assert observed([5], [4], [False]) == ""
    said = observed([np.array([1, 2])], [np.array([1.5, 2.5])], [False])
    assert said == "on the one input that it gets wrong, it holds whole numbers only, the right ones cut"


def test_of_right_results_nothing_is_said():
    assert observed(RIGHT, RIGHT, [True, True, True]) == ""
