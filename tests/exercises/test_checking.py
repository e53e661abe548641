"""`check`: what it says of every kind of answer, and that nothing a student writes stops the notebook."""

import contextlib
import io
import signal
import time
import warnings
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
from waiting import LONG

from tconv_helpers import check
from tconv_helpers.exercises.checking import POINTS_OF_SESSION, diagnose
from tconv_helpers.exercises.table import exercises
from tconv_helpers.exercises.timelimit import OutOfTime
from tconv_helpers.grading.answers import masters

SOLUTIONS = {name: master.solution() for name, master in masters().items()}
CONV = exercises()["conv_by_kernel"]
right = SOLUTIONS["conv_by_kernel"]


def said(function):
    """Return what check prints, and the points that it returns."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        points = check(function)
    return printed.getvalue(), points


def sentence(function):
    """Return what check prints in one line, and the points that it returns."""
    text, points = said(function)
    return " ".join(text.split()), points


def named(function):
    function.__name__ = "conv_by_kernel"
    return function


def test_right():
    text, points = said(right)
    assert text == f"conv_by_kernel is right on all {len(CONV.inputs)} inputs.\n"
    assert (repr(points), points._repr_html_()) == ("2", '<b style="margin-left:14px">2 of 2 points</b>')
    assert POINTS_OF_SESSION["conv_by_kernel"] is points


def test_wrong_in_a_known_way():
    text, points = said(named(lambda x, k: np.convolve(x, k, "valid")))
    assert text == (
        "conv_by_kernel is not right yet. Its results are those of a known mistake: the kernel is\n"
        "flipped.\n"
        "Eq. 1 reads the kernel forwards: where the index of x grows, that of k grows too. Signal\n"
        "processing flips.\n"
        "    input     x = [1, 2, 3], k = [1, 10]\n"
        "    yours     [12, 23]\n"
        "    expected  [21, 32]\n"
    )
    assert (repr(points), points._repr_html_()) == ("0", '<b style="margin-left:14px">0 of 2 points</b>')


def test_wrong_in_an_unknown_way():
    text, _ = said(named(lambda x, k: right(x, k) + 1))
    assert text == (
        "conv_by_kernel is not right yet: yours is the right result plus 1.\n"
        "    input     x = [5], k = [2]\n"
        "    yours     [11]\n"
        "    expected  [10]\n"
    )


def test_the_smallest_failing_input_is_shown():
    verdict = diagnose(lambda x, k: right(x, k) + (len(k) == 3), CONV)
    assert verdict.evidence[0] == "    input     x = [1, 2, 3], k = [4, 5, 6]"


def test_an_unsolved_stub():
    def conv_by_kernel(x, k):
        raise NotImplementedError()

    text, points = said(conv_by_kernel)
    assert text == ("conv_by_kernel: not yet. Write it in the cell above, run that cell, then this one.\n")
    assert repr(points) == "0"


def test_not_defined_yet():
    text, points = said("conv_by_kernel")
    assert text == (
        "conv_by_kernel is not defined yet: write it in the cell above and run that cell first.\n"
    )
    assert repr(points) == "0"


def test_a_name_is_looked_up_where_check_is_called():
    space = {"check": check, "conv_by_kernel": right}
    with contextlib.redirect_stdout(io.StringIO()):
        exec('points = check("conv_by_kernel")', space)
    assert space["points"].points == 2


def test_a_name_that_is_not_a_function():
    space = {"check": check, "conv_by_kernel": np.arange(3)}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec('check("conv_by_kernel")', space)
    assert printed.getvalue() == (
        "conv_by_kernel is [0, 1, 2], not a function: begin with `def conv_by_kernel(x, k):`\n"
    )


def test_an_unknown_name():
    def conv_by_kernal(x, k): ...

    rule = "check finds an exercise by the name of its function, and there is none called "
    assert sentence(conv_by_kernal) == (f"{rule}conv_by_kernal; did you mean conv_by_kernel?", None)
    assert sentence(max) == (f"{rule}max; use the name that the exercise gives it", None)


def test_what_is_no_function():
    rule = "check takes the function that you wrote, or its name: write check(my_function)\n"
    for value in ([1, 2], None, np, np.zeros(2)):
        assert said(value) == (rule, None)
    assert sentence(lambda x, k: x)[0] == (
        'check finds an exercise by the name of its function, a lambda has none: write check("its_name")'
    )


# Ways to be wrong that any exercise knows, each tried on every exercise


def raises(f):
    def wrong(*args):
        raise ZeroDivisionError("oh")

    return wrong


def returns_none(f):
    return lambda *args: None


def prints(f):
    return lambda *args: print(f(*args))


def wrong_type(f):
    return lambda *args: {"y": f(*args)}


def changes(f):
    def wrong(*args):
        result = deepcopy(f(*args))
        for arg in args:
            if isinstance(arg, np.ndarray) and arg.size:
                arg[(0,) * arg.ndim] += 1
            elif isinstance(arg, list):
                arg.append(0)
        return result

    return wrong


def never_ends(f):
    def wrong(*args):
        while True:
            pass

    return wrong


GENERIC = {
    "raises": raises,
    "returns None": returns_none,
    "prints instead of returning": prints,
    "wrong type": wrong_type,
    "changes its input": changes,
}


def with_signature(wrong, exercise):
    space = {"wrong": wrong}
    exec(f"def f({', '.join(exercise.parameters)}): return wrong({', '.join(exercise.parameters)})", space)
    return space["f"]


def can_be_changed(exercise):
    return any(isinstance(a, list) or (isinstance(a, np.ndarray) and a.size) for a in exercise.inputs[0])


CASES = [
    (name, kind)
    for name, exercise in exercises().items()
    for kind in GENERIC
    if kind != "changes its input" or can_be_changed(exercise)
]


@pytest.mark.parametrize("name, kind", CASES)
def test_what_is_wrong_in_any_exercise_is_named(name, kind):
    exercise = exercises()[name]
    verdict = diagnose(with_signature(GENERIC[kind](SOLUTIONS[name]), exercise), exercise)
    assert (verdict.right, verdict.misconception) == (False, kind), verdict


def test_another_shape():
    verdict = diagnose(lambda x, k: right(x, k)[None], CONV)
    assert verdict.misconception == "wrong shape"
    assert verdict.sentence == ("conv_by_kernel returns an array of shape (1, 1), where (1,) is asked for.")


def test_a_list_for_an_array():
    verdict = diagnose(lambda x, k: right(x, k).tolist(), CONV)
    assert verdict.sentence == (
        "conv_by_kernel returns a list, where an array of numbers is asked for: wrap it in np.array( )."
    )


@pytest.mark.parametrize(
    "spoil, came",
    [
        (
            lambda y: y + 0j,
            "an array of complex numbers, where an array of numbers is asked for: take its .real.",
        ),
        (
            lambda y: y.astype(object),
            "an array of objects, where an array of numbers is asked for: .astype(float) makes",
        ),
        (
            lambda y: np.matrix(y),
            "an object of type matrix, where an array of numbers is asked for: np.asarray",
        ),
        (lambda y: float(y[0]), "a number, where an array of numbers is asked for."),
        (lambda y: (v for v in y), "an object of type generator, where an array of numbers is asked for."),
        (lambda y: [[1], [1, 2]], "a list, where an array of numbers is asked for."),
        (lambda y: np.array(3, object), "an array of objects, where an array of numbers is asked for"),
        (lambda y: 2**70, "a whole number, where an array of numbers is asked for."),
    ],
)
def test_the_advice_fits_what_came(spoil, came):
    assert diagnose(lambda x, k: spoil(right(x, k)), CONV).sentence.startswith(
        f"conv_by_kernel returns {came}"
    )


def test_a_size_is_a_whole_number():
    size = SOLUTIONS["output_size"]
    verdict = diagnose(lambda *args: float(size(*args)), exercises()["output_size"])
    assert verdict.sentence == (
        "output_size returns a number, where a whole number is asked for: divide with //, or use int( )."
    )


def test_a_number_in_an_object_array_is_no_number():
    size = SOLUTIONS["output_size"]
    verdict = diagnose(lambda *args: np.array(size(*args), object), exercises()["output_size"])
    assert verdict.sentence.startswith("output_size returns an array of objects, where a whole number is ask")


def test_parts_of_another_kind():
    sizes = SOLUTIONS["chain_sizes"]
    verdict = diagnose(lambda layers: [str(n) for n in sizes(layers)], exercises()["chain_sizes"])
    assert verdict.sentence.startswith("chain_sizes returns a list of (a text")


class Odd:
    def __repr__(self):
        raise RuntimeError

    __str__ = __repr__


class OddError(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize("value", [Odd(), [Odd()], list(range(10**6)), [list(range(100))] * 50, "x" * 10**6])
def test_whatever_is_returned_is_told_in_few_words(value):
    verdict = diagnose(lambda x, k: value, CONV)
    assert verdict.misconception == "wrong type" and len(str(verdict)) < 3000


def test_a_list_of_lists_of_lists():
    nested = []
    for _ in range(5000):
        nested = [nested]
    assert len(str(diagnose(lambda x, k: nested, CONV))) < 3000
    assert not diagnose(lambda *args: nested, exercises()["shared_sizes"]).right


def test_an_error_without_words():
    def wrong(x, k):
        raise OddError

    assert diagnose(wrong, CONV).sentence == "conv_by_kernel raised OddError: (its message cannot be shown)"


def test_a_known_mistake_that_also_changes_its_input():
    def wrong(x, k):
        y = np.convolve(x, k, "valid")
        x += 1
        return y

    verdict = diagnose(wrong, CONV)
    assert verdict.sentence.endswith("the kernel is flipped. It also changes its input.")
    assert verdict.evidence[1:] == ("    yours     [12, 23]", "    expected  [21, 32]")


def evidence(spoil, name="conv_by_kernel"):
    """Return what `check` shows of a right result that was spoilt, and of the right one."""
    function = with_signature(lambda *args: spoil(SOLUTIONS[name](*args)), exercises()[name])
    return [" ".join(line.split()) for line in diagnose(function, exercises()[name]).evidence[1:]]


def test_the_evidence_shows_types_where_they_matter():
    assert evidence(lambda y: y.tolist()) == ["yours [10.0]", "expected array([10])"]
    assert evidence(lambda y: [int(v) for v in y]) == ["yours [10]", "expected array([10])"]
    assert evidence(lambda y: y.astype(object)) == ["yours array([10], dtype=object)", "expected array([10])"]
    assert evidence(lambda y: {"y": y}) == ["yours {'y': array([10])}", "expected array([10])"]
    assert evidence(float, "output_size") == ["yours 3.0", "expected 3"]
    assert evidence(set, "outputs_reached") == ["yours {0, 1}", "expected [0, 1]"]
    assert evidence(lambda y: y + 1) == ["yours [11]", "expected [10]"]
    assert evidence(lambda y: y + 1e-5) == ["yours array([10.00001])", "expected array([10])"]


@pytest.mark.parametrize(
    "spoil, said, name",
    [
        (
            lambda a, b: (a, b.tolist()),
            "returns a pair whose second part is a list, where an array of numbers",
            "wrong type",
        ),
        (
            lambda a, b: [a[None], b],
            "returns a pair whose first part has shape (1, 1), where (1,) is asked for.",
            "wrong shape",
        ),
        (lambda a, b: (a, np.exp(-b)), "is not right yet: the second part of its pair is wrong.", None),
        (
            lambda a, b: (a, b + 0.5),
            "is not right yet: the second part of its pair is wrong; on each of the 22 inputs that it gets "
            "wrong, what differs is 0.5 too large.",
            None,
        ),
        (
            lambda a, b: (np.sin(a), np.sin(b)),
            "is not right yet: of 22 pairs the first part is wrong in 20, the second in 20.",
            None,
        ),
        (
            lambda a, b: (a, b + 1),
            "is not right yet: the first part of your pair is right, and the second is the right one plus 1.",
            "the first part of your pair is right, and the second is the right one plus 1",
        ),
        (
            lambda a, b: (a + 1, b + 1),
            "is not right yet: both parts of your pair are the right ones plus 1.",
            "both parts of your pair are the right ones plus 1",
        ),
        (
            lambda a, b: (-a, b * 2),
            "is not right yet: the first part of your pair is the right one with its sign changed, and the "
            "second is the right one times 2.",
            "the first part of your pair is the right one with its sign changed, and the second is the "
            "right one times 2",
        ),
        (lambda a, b: (a, b, b), "returns 3 parts, where a pair is asked for.", "wrong type"),
        (lambda a, b: (), "returns (), where a pair is asked for.", "wrong type"),
        (lambda a, b: a, "returns an array of numbers, where a pair is asked for.", "wrong type"),
    ],
)
def test_a_pair_is_called_so_and_its_wrong_part_named(spoil, said, name):
    exercise, right = exercises()["transpose_backward"], SOLUTIONS["transpose_backward"]
    verdict = diagnose(with_signature(lambda *args: spoil(*right(*args)), exercise), exercise)
    assert verdict.sentence.startswith(f"transpose_backward {said}") and verdict.misconception == name


def test_a_set_is_no_list():
    reached = SOLUTIONS["outputs_reached"]
    verdict = diagnose(lambda *args: set(reached(*args)), exercises()["outputs_reached"])
    said = "returns a set, where a list is asked for: sorted( ) makes a list of it."
    assert verdict.sentence == f"outputs_reached {said}"


def test_a_list_inside_a_tuple():
    split = SOLUTIONS["split_kernel"]
    verdict = diagnose(lambda k: tuple(part.tolist() for part in split(k)), exercises()["split_kernel"])
    assert not verdict.right and verdict.misconception


@pytest.mark.parametrize(
    "cheat",
    [np.ma.MaskedArray, lambda y: y.astype(object), lambda y: y.astype(complex), lambda y: y.astype(str)],
)
def test_only_plain_arrays_of_real_numbers_are_arrays(cheat):
    assert not diagnose(lambda x, k: cheat(right(x, k)), CONV).right


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_is_not_right(value):
    assert not diagnose(lambda x, k: right(x, k) * value, CONV).right


def test_an_object_equal_to_everything_is_not_right():
    class Yes:
        def __eq__(self, other):
            return True

    assert not diagnose(lambda x, k: Yes(), CONV).right


def test_an_error_shows_the_students_own_line(tmp_path):
    source = "def conv_by_kernel(x, k):\n    y = x + 0\n    return np.ones(2) @ x  # mine\n"
    path = tmp_path / "cell.py"
    path.write_text(source)
    space = {"np": np}
    exec(compile(source, str(path), "exec"), space)
    verdict = diagnose(space["conv_by_kernel"], CONV)
    assert verdict.sentence.startswith("conv_by_kernel raised ValueError: matmul: ")
    assert verdict.evidence[1] == "    line 3    return np.ones(2) @ x  # mine"


def test_the_number_of_parameters():
    verdict = diagnose(lambda x: x, CONV)
    assert verdict.sentence == "conv_by_kernel must take (x, k): begin with `def conv_by_kernel(x, k):`"


def test_exit_is_an_error_like_any_other():
    def exits(x, k):
        raise SystemExit

    assert diagnose(exits, CONV).sentence == "conv_by_kernel raised RuntimeError: it called exit()"


def test_prints_and_warnings_do_not_reach_the_notebook(capsys):
    def chatty(x, k):
        print("x is", x)
        warnings.warn("hm", stacklevel=1)
        return right(x, k)

    assert diagnose(chatty, CONV).right
    assert capsys.readouterr() == ("", "")


def test_what_was_printed_is_shown_with_a_wrong_result():
    def chatty(x, k):
        print("m is", len(k))
        return right(x, k) + 1

    assert "    printed   m is 1" in diagnose(chatty, CONV).evidence


def test_inputs_are_fresh_for_every_run():
    diagnose(changes(right), CONV)
    assert diagnose(right, CONV).right


# The time limit


def test_a_loop_without_end_is_stopped_and_told():
    start = time.monotonic()
    verdict = diagnose(with_signature(never_ends(right), CONV), CONV, seconds=0.2)
    assert time.monotonic() - start < LONG
    assert verdict.misconception == "never returns"
    assert verdict.sentence == (
        "conv_by_kernel was stopped after 0.2 seconds, the limit for all its inputs together."
    )


def test_only_the_slow_part_of_the_limit_is_told():
    def slow(x, k):
        if len(k) == 3:
            raise OutOfTime  # as the limit does, see test_timelimit.py
        return right(x, k)

    verdict = diagnose(slow, CONV)
    assert "x = [1, 2, 3], k = [4, 5, 6]" in verdict.evidence[0]


def test_the_stop_button_still_stops():
    def stopped(x, k):
        signal.raise_signal(signal.SIGINT)
        time.sleep(1)

    with pytest.raises(KeyboardInterrupt):
        diagnose(stopped, CONV)


def test_hints_come_one_at_a_time_to_who_asks():
    idea, worked = CONV.hints
    wrong = named(lambda x, k: np.convolve(x, k, "valid"))
    first, second, third = (hinted(wrong, hint) for hint in (1, 2, 3))
    assert idea not in first and worked not in first and "the kernel is flipped" in first
    assert second == f"{first} {idea}" and third == f"{first} {worked}"
    assert hinted("conv_by_kernel", 2).endswith(idea)


@pytest.mark.parametrize("hint", [0, 4, True, 2.0, "two", None])
def test_another_hint_is_refused_in_a_sentence_and_costs_nothing(hint):
    said = hinted(named(lambda x, k: np.convolve(x, k, "valid")), hint)
    assert "hint must be a whole number from 1 to 3: got " in said and "the kernel is flipped" in said
    assert hinted(right, hint) == f"conv_by_kernel is right on all {len(CONV.inputs)} inputs."


def hinted(function, hint):
    """Return what check prints where so many hints are asked for, in one line."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        check(function, hint=hint)
    return " ".join(printed.getvalue().split())


def test_a_changed_input_is_told_before_a_loop_without_end():
    def conv_by_kernel(x, k):
        while len(x) > 8:
            pass
        return changes(right)(x, k)

    assert diagnose(conv_by_kernel, CONV, seconds=0.3).misconception == "changes its input"


def test_an_input_that_is_put_back_is_not_changed():
    def conv_by_kernel(x, k):
        x = x if x.dtype.kind == "f" else x.astype(float)
        x -= 0.1
        x += 0.1
        return right(x, k)

    float_inputs = tuple((x.astype(float) + 0.3, k) for x, k in CONV.inputs)
    results = [right(*each) for each in float_inputs]
    assert diagnose(conv_by_kernel, replace(CONV, inputs=float_inputs, results=results)).right
