"""A relation is said of a wrong answer, which no misconception equals, if it is true, not if it nearly is."""

from dataclasses import replace

import numpy as np
import pytest

from tconv_helpers.exercises import relations
from tconv_helpers.exercises.checking import diagnose
from tconv_helpers.exercises.relations import (
    REARRANGED,
    TRANSFORMATIONS,
    by_a_size,
    condition,
    cut_by_type,
    digest,
    hint_to,
    rearrangement,
    transformation,
)
from tconv_helpers.exercises.table import exercises
from tconv_helpers.exercises.values import Raised
from tconv_helpers.exercises.verdicts import judge, same
from tconv_helpers.grading.answers import answers_by_name, masters, result_of
from tconv_helpers.grading.answers.asked import columns, questions

CONV = exercises()["conv_by_kernel"]
LINES = [np.array([1.5, -2.5, 4.25]), np.array([-7.75, 3.0]), np.array([2.5, 9.0, -1.25, 6.0])]
MATRICES = [
    np.arange(1.0, 7).reshape(2, 3),
    np.array([[1.0, 4], [3, -8], [2, 9]]),
    np.array([[5.0, 6], [7, 9]]),
]
PAIRS = [(1, 2), (3, 5), (4, 6)]
DONE = [  # the right results, what was done to them, what is said
    (LINES, lambda w: w[::-1], "reversed"),
    (LINES, np.sort, "sorted"),
    (MATRICES, lambda w: w[::-1], "with its rows in reversed order"),
    (MATRICES, lambda w: w[:, ::-1], "with its columns in reversed order"),
    (MATRICES, lambda w: w[::-1, ::-1], "turned by 180 degrees"),
    (MATRICES, np.transpose, "transposed"),
    (PAIRS, lambda w: w[::-1], "with its parts exchanged"),
    (LINES, lambda w: np.array([0, *w[:-1]]), "moved back by one place, with 0 coming in at the beginning"),
    (LINES, lambda w: np.array([*w[1:], 0]), "moved forward by one place, with 0 coming in at the end"),
    (LINES, lambda w: np.roll(w, 1), "moved back by one place in a circle"),
    (LINES, lambda w: np.roll(w, -1), "moved forward by one place in a circle"),
    (LINES, lambda w: w[1:], "without its first entry"),
    (LINES, lambda w: w[:-1], "without its last entry"),
    (MATRICES, lambda w: w[1:], "without its first row"),
    (MATRICES, lambda w: w[:-1], "without its last row"),
    (MATRICES, lambda w: w[:, 1:], "without its first column"),
    (MATRICES, lambda w: w[:, :-1], "without its last column"),
    (LINES, lambda w: np.array([0, *w]), "with a 0 too many at its beginning"),
    (LINES, lambda w: np.array([*w, 0]), "with a 0 too many at its end"),
    (LINES, lambda w: 2 * w, "times 2"),
    (LINES, lambda w: 3 * w, "times 3"),
    (LINES, lambda w: w / 2, "halved"),
    (LINES, lambda w: w / 3, "divided by 3"),
    (LINES, lambda w: 4 * w, "times 4"),
    (LINES, lambda w: w / 4, "divided by 4"),
    (LINES, lambda w: -w, "with its sign changed"),
    (LINES, lambda w: w + 1, "plus 1"),
    (LINES, lambda w: w - 1, "minus 1"),
    (LINES, abs, "without its signs"),
    (LINES, lambda w: w.clip(0), "with 0 in place of what is negative"),
    (LINES, np.trunc, "cut to whole numbers, towards 0"),
    (LINES, np.floor, "cut to whole numbers, downwards"),
    (LINES, np.round, "rounded to whole numbers"),
]


@pytest.mark.parametrize("wanted, change, said", DONE, ids=[said for *_, said in DONE])
def test_what_was_done_to_the_right_results_is_said(wanted, change, said):
    assert transformation(list(map(change, wanted)), wanted, same) == said


@pytest.mark.parametrize("wanted, change, said", DONE, ids=[said for *_, said in DONE])
def test_what_was_done_to_all_but_one_is_not(wanted, change, said):
    values = [*map(change, wanted[:-1]), wanted[-1]]
    assert transformation(values, wanted, same) is None


def test_every_transformation_is_tested():
    assert {said for _, said, _ in TRANSFORMATIONS} == {said for *_, said in DONE}


def test_a_change_that_shows_on_one_input_alone_is_not_said():
    wanted = [np.array([1, 2, 4]), np.array([3, 3, 3]), np.array([5])]
    assert transformation([each[::-1] for each in wanted], wanted, same) is None


def test_what_the_inputs_cannot_tell_apart_is_said_in_general_or_not_at_all():
    positive = [np.array([1.5, 2.0]), np.array([3.25])]
    assert transformation(list(map(np.floor, positive)), positive, same) == "cut to whole numbers"
    turned = [np.array([2.0, 1.0]), np.array([4.0, 3.0])]
    assert transformation(list(map(np.sort, turned)), turned, same) is None  # or reversed, or in a circle


def test_where_the_right_function_raises_or_returns_none_so_must_the_other():
    wanted = [*LINES, None, Raised("ValueError")]
    values = [each[::-1] for each in LINES]
    assert transformation([*values, None, ValueError()], wanted, same) == "reversed"
    assert transformation([*values, None, KeyError()], wanted, same) is None
    assert transformation([*values, 0, ValueError()], wanted, same) is None


def test_a_truth_value_and_a_list_are_not_numbers_to_change():
    assert transformation([False, True], [True, False], same) is None
    assert transformation([[1, 2, 1, 2], [3, 3]], [[1, 2], [3]], same) is None


@pytest.mark.parametrize("name", exercises())
def test_of_each_exercise_each_transformation_is_told_truly(name):
    """It has its own name, or one that describes these results as well, or the inputs cannot tell."""
    wanted = exercises()[name].results
    for _, _, change in TRANSFORMATIONS:
        values = [w if w is None or isinstance(w, Raised) else change(w) for w in wanted]
        if any(v is None and w is not None for v, w in zip(values, wanted, strict=True)):
            continue
        if told := transformation(values, wanted, same):
            saying = [change for family, said, change in TRANSFORMATIONS if told in (family, said)]
            for value, right in zip(values, wanted, strict=True):
                assert any(relations._gives(each, value, right, same) for each in saying), told


def test_a_whole_number_as_a_float_is_not_cut():
    """np.trunc makes floats of whole numbers before NumPy 2.1: such a result is of a wrong type, no more."""
    assert transformation([2.0, 3.0], [2, 3], same) is None
    exercise = exercises()["output_size"]
    verdict = diagnose(lambda *sizes: float(masters()["output_size"].solution()(*sizes)), exercise)
    assert "a whole number is asked for" in verdict.sentence


def test_results_cut_where_an_argument_holds_whole_numbers():
    ints, floats, wanted = np.array([1, 2]), np.array([1.0, 2.0]), np.array([1.5, -0.5])
    inputs, cut = [(ints, floats), (floats, ints), (ints, floats)], np.array([1, 0])
    said = "cut to whole numbers wherever x has an integer dtype"
    assert cut_by_type(["x", "k"], inputs, [cut, wanted, cut], [wanted] * 3, same=same) == said
    assert not cut_by_type(["x", "k"], inputs, [cut, wanted, wanted], [wanted] * 3, same=same)
    twice = [(each, each) for each, _ in inputs]
    assert not cut_by_type(["x", "k"], twice, [cut, wanted, cut], [wanted] * 3, same=same)  # x or k?


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda w, n, m: w * m, "times m"),
        (lambda w, n, m: w / m, "divided by m"),
        (lambda w, n, m: w + m, "plus m"),
        (lambda w, n, m: w - m, "minus m"),
        (lambda w, n, m: w * n, "times n"),
        (lambda w, n, m: w * n * m, ""),
    ],
)
def test_a_size_by_which_the_right_results_were_changed_is_said(change, said):
    inputs, wanted = [(4, 2), (6, 3), (5, 2)], [5.5, 2.5, 9.25]
    values = [change(w, n, m) for w, (n, m) in zip(wanted, inputs, strict=True)]
    assert by_a_size(["n", "m"], inputs, values, wanted, same=same) == said
    values[-1] = wanted[-1]
    assert by_a_size(["n", "m"], inputs, values, wanted, same=same) == ""  # not on all of them


def test_a_size_that_another_one_equals_or_that_is_0_is_not_said():
    wanted = [5.5, 2.5, 9.25]
    twins, doubled = [(2, 2), (3, 3), (4, 4)], [11.0, 7.5, 37.0]
    assert by_a_size(["n", "m"], twins, doubled, wanted, same=same) == ""  # n or m?
    assert by_a_size(["n"], [(2,), (3,), (0,)], [2.75, 2.5 / 3, 9.25], wanted, same=same) == ""


def test_a_known_mistake_in_another_order_is_said_with_the_order():
    last = next(m for m in CONV.misconceptions if m.name == "each output keeps only its last product")
    values = [each[::-1] for each in last.results]
    right = [same(v, w) for v, w in zip(values, CONV.results, strict=True)]
    told = judge("f", values, CONV.results, right, misconceptions=[last], about=CONV)
    said = f"its results are those of a known mistake, reversed: {last.name}."
    assert told.sentence == f"f is not right yet: {said}"
    assert rearrangement([each + 1 for each in last.results], last.results, same) is None
    assert {family for family, *_ in TRANSFORMATIONS} > REARRANGED


def test_hints_go_with_the_relations_that_they_are_for():
    assert "np.zeros(size)" in hint_to("yours is the right result cut to whole numbers, towards 0")
    assert "sum by hand" in hint_to("yours works as if k were reversed")
    assert hint_to("yours is the right result reversed") == ""


SETTINGS = [(n, padding, np.ones(m)) for n, m in ((3, 2), (6, 3), (5, 2), (4, 3)) for padding in (0, 1, 2)]
NAMES = ["n", "padding", "k"]


@pytest.mark.parametrize(
    "holds, said",
    [
        (
            lambda n, p, k: p == 0,
            "right on all 4 inputs with padding = 0 and wrong on all 8 with padding > 0",
        ),
        (lambda n, p, k: p > 0, "right on all 8 inputs with padding > 0 and wrong on all 4 with padding = 0"),
        (lambda n, p, k: p == 1, ""),  # between two values
        (lambda n, p, k: n < 4, ""),  # on three inputs only
        (
            lambda n, p, k: len(k) == 3,
            "right on all 6 inputs with len(k) = 3 and wrong on all 6 with len(k) = 2",
        ),
        (lambda n, p, k: p == 0 and n > 3, ""),  # nearly
        (lambda n, p, k: p == 0 or (p == 1 and n > 3), ""),  # both ways with padding = 1
    ],
)
def test_where_it_is_right_is_said_if_one_parameter_tells(holds, said):
    assert condition(NAMES, SETTINGS, [holds(*each) for each in SETTINGS]) == said


def test_where_it_is_right_is_not_said_if_two_parameters_tell():
    twins = [(padding, padding) for padding in (0, 1) * 4]
    assert condition(["n", "padding"], twins, [not padding for _, padding in twins]) == ""


def test_a_digest_is_of_values_shapes_and_the_names_of_exceptions():
    same_ones = [[np.array([0.0, 1])], [np.array([-0.0, 1 + 1e-13])], [np.array([0, 1])]]
    assert len(set(map(digest, same_ones))) == 1
    others = [
        [np.ones((1, 2))],
        [np.ones(2)],
        [1],
        [True],
        ["1"],
        [None],
        [Raised("KeyError")],
        [[1]],
        [1, 1],
    ]
    assert len(set(map(digest, others))) == len(others)
    endless = []
    endless.append(endless)
    assert digest([endless]) != digest([10**5000]) != digest([np.array([None])])  # no result, and no error
    assert digest([KeyError("mine")]) == digest([Raised("KeyError")])
    assert digest([np.zeros(relations.MOST)]) and digest([np.zeros(relations.MOST + 1)]) is None


@pytest.mark.parametrize("name", exercises())
def test_the_right_function_asked_something_else_is_recognised(name):
    exercise, solution = exercises()[name], masters()[name].solution()
    ask = dict(questions(exercise.parameters, exercise.inputs))
    for said in exercise.asked.values():
        values = [result_of(solution, tuple(ask[said](list(each)))) for each in exercise.inputs]
        right = [same(v, w) for v, w in zip(values, exercise.results, strict=True)]
        told = judge(name, values, exercise.results, right, about=exercise).sentence
        assert (
            told == f"{name} is not right yet: yours works as if {said}."
            or "the right result" in told
            or "the right one" in told
        )
        values[-1] = Raised("KeyError")
        assert (
            "as if"
            not in judge(name, values, exercise.results, [*right[:-1], False], about=exercise).sentence
        )


def test_questions_that_the_inputs_cannot_tell_apart_are_left_out():
    found = columns(lambda each: each[0], ["n", "m"], [(1, 1), (3, 3), (4, 4), (6, 6)])
    assert "n were one more" in found.values() and not any("m" in said.split() for said in found.values())
    assert not columns(lambda each: 5, ["n"], [(1,), (1,), (1,)])  # makes no difference
    assert not columns(lambda each: Raised("KeyError") if each[0] != 1 else 5, ["n"], [(1,), (1,), (1,)])


@pytest.mark.parametrize("name", exercises())
def test_what_is_said_of_wrong_answers_stays_true_on_other_inputs(name):
    """The catalogue's wrong answers, as if nobody knew them; a condition speaks of these inputs alone."""
    exercise, solution, answers = exercises()[name], masters()[name].solution(), answers_by_name()[name]
    other = [tuple(each) for seed in (1, 2, 3) for each in answers.make_inputs(np.random.default_rng(seed))]
    ask = dict(questions(exercise.parameters, exercise.inputs))
    for wrong in answers.wrongs:
        values = [result_of(wrong.function, each) for each in exercise.inputs]
        if not (said := exercise.asked.get(digest(values))):
            continue
        for each in other:
            asked = result_of(solution, tuple(ask[said](list(each))))
            assert same(result_of(wrong.function, each), asked), (wrong.name, said)


def test_check_says_a_relation_with_its_evidence():
    def conv_by_kernel(x, k):
        return np.correlate(x, k, "valid") * 2

    verdict = diagnose(conv_by_kernel, replace(CONV, misconceptions=[]))
    assert verdict.sentence == "conv_by_kernel is not right yet: yours is the right result times 2."
    assert verdict.misconception == "yours is the right result times 2" and len(verdict.evidence) == 3


def test_of_results_that_are_not_complete_no_relation_is_said():
    def conv_by_kernel(x, k):
        while len(x) > 8:
            pass
        return np.correlate(x, k, "valid") * 2

    assert diagnose(conv_by_kernel, CONV, seconds=0.3).sentence == "conv_by_kernel is not right yet."
