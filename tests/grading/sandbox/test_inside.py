"""The process inside: cells in one namespace, calls with arguments of their own, results that are plain."""

import numpy as np
import pytest

from tconv_helpers.exercises.values import LinearMap
from tconv_helpers.grading.sandbox.run import Failed, run

pytestmark = pytest.mark.usefixtures("real_sandbox")


def test_results_are_plain_and_of_the_base_class():
    cells = [f"def f(number):\n    return [{', '.join(text for text, _ in VALUES)}][number]"]
    got = run(cells, {"f": [(i,) for i in range(len(VALUES))]})["f"]
    for mine, (_, value) in zip(got, VALUES, strict=True):
        assert type(mine) is type(value) and repr(mine) == repr(value)
        if isinstance(value, np.ndarray):
            assert type(mine) is np.ndarray and mine.dtype == value.dtype
            assert mine.flags.c_contiguous and mine.flags.owndata and mine.flags.writeable


VALUES = [
    ("1", 1),
    ("-2.5", -2.5),
    ("True", True),
    ("None", None),
    ("'same'", "same"),
    ("float('inf')", float("inf")),
    ("np.int64(3)", 3),
    ("np.bool_(True)", True),
    ("np.float32(0.5)", 0.5),
    ("(1, [2.0, None])", (1, [2.0, None])),
    ("np.array(3)", np.array(3)),
    ("np.zeros((0, 2))", np.zeros((0, 2))),
    ("np.arange(6).reshape(2, 3).T", np.arange(6).reshape(2, 3).T.copy()),
    ("np.arange(6)[::-2]", np.arange(6)[::-2].copy()),
    ("np.arange(3, dtype='>i4')", np.arange(3, dtype="i4")),
    ("np.ones(2, bool)", np.ones(2, bool)),
    ("np.ones(2, 'f2')", np.ones(2, "f2")),
]


def test_functions_come_as_functions_and_arguments_are_new_each_time():
    cells = ["def f(A, v):\n    return A(v)", "def g(v):\n    v += 1\n    return v"]
    v = np.arange(2)
    got = run(cells, {"f": [(LinearMap([[1, 2], [3, 4]]), v)], "g": [(v,), (v,)]})
    assert got["f"][0].tolist() == [2, 4]
    assert [f.reason for f in got["g"]] == ["changed its input"] * 2
    assert got["g"][1].value.tolist() == [1, 2] and v.tolist() == [0, 1]


def test_an_argument_that_is_put_back_is_not_changed_as_check_has_it():
    cells = ["def f(x, s):\n    x -= s\n    x += s\n    return 1"]
    assert run(cells, {"f": [(np.array([0.1, 0.7, 1.3]), 0.7), (np.array([-0.0]), 1)]}) == {"f": [1, 1]}


@pytest.mark.parametrize("code", ["x[0] = 1.0", "x.append(2)", "x[:] = [x]", "x[1][0] = 0.5", "x[1] = []"])
def test_what_is_in_a_list_is_an_argument_too(code):
    got = run([f"def f(x):\n    {code}\n    return 1"], {"f": [([1, [0.0]],)]})
    assert got["f"] == [Failed("changed its input")]


def test_a_function_is_no_result():
    got = run(["def f(A):\n    return A"], {"f": [(LinearMap([[1]]),)]})
    assert got == {"f": [Failed("not a plain result", "LinearMap")]}


def test_cells_share_a_namespace_and_an_error_stops_its_own_cell_only():
    cells = ["a = 3", "def f(x):\n    return a * g(x)", "1 / 0\na = 4", "%time\n!ls\ndef g(x):\n    return x"]
    assert run(cells, {"f": [(2,)]}) == {"f": [6]}


def test_an_exception_is_named_first():
    got = run(["def f(x):\n    raise ValueError('n < m')"], {"f": [(1,)]})
    assert got == {"f": [Failed("raised", "ValueError: n < m")]}
