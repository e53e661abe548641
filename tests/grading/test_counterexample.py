"""Feedback shows one input where an answer is wrong: never one that counts, and never a student's value."""

import json

import fake_sandbox
import numpy as np
import pytest
from classroom import ASKED, BOOK, FLIPPED, SEED, all_right, cell

from tconv_helpers.grading.answers import masters, result_of
from tconv_helpers.grading.counterexample import TRIED, draw_to_show, find_counterexample
from tconv_helpers.grading.grade import Task, grade_one
from tconv_helpers.grading.sandbox.run import Failed
from tconv_helpers.grading.score import draw, key, load_assignment
from tconv_helpers.grading.submissions import Submission

QUESTION = ASKED.questions["conv_by_kernel"]
BOOKS = sorted({master.notebook for master in masters().values()})


def graded(book, run_cells=fake_sandbox.run):
    return grade_one(Task(BOOK, Submission("ann", json.dumps(book).encode()), SEED), run_cells)


@pytest.mark.parametrize("book", BOOKS)
def test_what_is_shown_never_counts_and_most_misconceptions_are_shown_one(book):
    told = []
    for question in load_assignment(book).questions.values():
        counted = draw(question, SEED, "ann")
        shown = draw_to_show(counted, SEED, "ann")
        assert len(shown) <= TRIED and not set(map(key, shown)) & set(map(key, counted.inputs))
        assert str(shown) == str(draw_to_show(counted, SEED, "ann"))
        right = [result_of(question.master.solution(), each) for each in shown]
        assert not any(isinstance(each, Exception) for each in right)
        assert find_counterexample(question, shown, right) == []
        for wrong in question.answers.wrongs:
            values = [fake_sandbox.call(wrong.function, each) for each in shown]
            told.append(bool(find_counterexample(question, shown, values)))
    print(f"{sum(told)} of {len(told)} misconceptions are shown an input")
    assert sum(told) >= 0.75 * len(told)


def test_the_input_and_the_right_result_are_told_and_the_students_value_is_not():
    inputs = [(np.array([1, 2]), np.array([1])), (np.array([1, 2, 3]), np.array([1, 10]))]
    lines = find_counterexample(QUESTION, inputs, [np.array([1, 2]), "SEEN"])
    assert [line.split() for line in lines] == [
        ["input", "x", "=", "[1,", "2,", "3],", "k", "=", "[1,", "10]"],
        ["expected", "[21,", "32]"],
    ]


@pytest.mark.parametrize("failed", [Failed("ended"), Failed("raised", "NotImplementedError: ")], ids=str)
def test_where_the_verdict_says_it_all_there_is_none(failed):
    inputs = [(np.array([1, 2, 3]), np.array([1, 10]))]
    assert find_counterexample(QUESTION, inputs, [failed]) == []
    assert find_counterexample(QUESTION, inputs, [Failed("raised", "IndexError: SEEN")]) != []


def test_the_page_shows_one_and_the_number_of_inputs_once():
    came = graded(all_right(conv_by_kernel=FLIPPED))
    row = came.record["exercises"]["conv_by_kernel"]
    assert came.page.count("an input that does not count") == 1
    assert all(part in came.page for part in row["counterexample"])
    assert came.page.count(f"{row['right']} of {row['inputs']} inputs") == 1
    assert f"Right on {row['right']} of {row['inputs']} inputs." in came.page
    assert "<script" not in came.page and "inputs." not in row["verdict"]
    assert "does not count" not in graded(all_right()).page


def test_the_inputs_to_show_change_no_points():
    """Neither a function that knows them nor a sandbox that loses them earns or costs anything."""

    def loses_them(cells, inputs, slot=0, after=None):
        counts = {name: len(draw(question, SEED, "ann").inputs) for name, question in ASKED.questions.items()}
        return {name: got[: counts[name]] for name, got in fake_sandbox.run(cells, inputs).items()}

    for book in (all_right(), all_right(conv_by_kernel=FLIPPED)):
        assert graded(book, loses_them).record["points"] == graded(book).record["points"]


def test_the_lectures_own_prose_is_not_among_the_students_cells():
    prose = [each for each in ASKED.edition["cells"] if each["cell_type"] == "markdown"]
    book = all_right()
    book["cells"] = [*prose, *book["cells"], cell("mine = 1")]
    page = graded(book).page
    assert page.partition("Your other cells")[2].count("<pre>") == 1 and "mine = 1" in page
