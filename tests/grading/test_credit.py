"""The half-points rule, computed and told on the page, and the limit that a verdict tells."""

import numpy as np
import pytest
from classroom import BOOK

from tconv_helpers.grading.answers import ROOT, result_of
from tconv_helpers.grading.sandbox.run import Failed, Limits
from tconv_helpers.grading.score import HALF, SHARE, credit, draw, load_assignment, score

WORDS = {0.5: "half", 0.75: "three quarters"}


def test_the_page_tells_the_rule_that_is_computed():
    page = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    rule = f"in full if all are right, and {WORDS[HALF]} if at least {WORDS[SHARE]} of the unseen ones are, "
    rule += "each weighed by how many known mistakes it catches."
    assert f"An exercise counts {rule}" in page


@pytest.mark.parametrize("unseen", [1, 2, 5, 8])
def test_a_share_of_the_unseen_inputs_earns_a_part_of_the_points(unseen):
    wanted, fresh = list(range(10)), [False] * (10 - unseen) + [True] * unseen
    for right in range(unseen):
        earned = credit([True] * (10 - unseen) + [True] * right + [False] * (unseen - right), fresh, wanted)
        assert earned == (HALF if right >= SHARE * unseen and right > 1 else 0)
    assert credit([True] * 10, fresh, wanted) == 1


def test_no_constant_and_no_coin_earns_it():
    fresh = [True] * 4
    assert credit([True, True, True, False], fresh, [7, 7, 7, 1]) == 0
    assert credit([True, True, True, False], fresh, [7, 7, 3, 1]) == HALF
    assert credit([True, True, True, False], fresh, [True, True, False, True]) == 0
    arrays = [np.ones(2), np.ones(2), np.zeros(2), np.ones(3)]
    assert credit([True, False, True, True], fresh, arrays) == HALF
    assert credit([True, True, True, False], fresh, [*arrays[:2], np.ones(2), np.ones(3)]) == 0


@pytest.mark.parametrize("limits", [Limits(), Limits(seconds=0.25), Limits(seconds=90)], ids=str)
def test_a_verdict_tells_the_limit_that_was_passed(limits):
    question = load_assignment(BOOK).questions["conv_by_kernel"]
    drawn = draw(question, b"a seed", "ann")
    late = Failed("out of time", seconds=limits.seconds)
    got = score(drawn, [late] * len(drawn.inputs))
    said = f"was stopped after {limits.seconds:g} seconds, the limit for all its inputs together."
    assert got["verdict"] == f"conv_by_kernel {said}"
    assert (got["misconception"], got["points"]) == ("never returns", 0)


def test_some_right_and_the_rest_late_earns_it_too():
    question = load_assignment(BOOK).questions["conv_by_kernel"]
    drawn = draw(question, b"a seed", "ann")
    results = [result_of(question.master.solution(), each) for each in drawn.inputs]
    got = score(drawn, [*results[:-1], Failed("out of time", seconds=3)])
    assert got["points"] == HALF * question.master.points and " after 3 seconds" in got["verdict"]
