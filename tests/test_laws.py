"""The laws: that they pass what is right, and name what is wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import agree, dot_test, gradient_check, refusal

A = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]])
square = {"loss": lambda x: (x**2).sum(), "x": [1.0, 2.0, 3.0]}


@pytest.mark.parametrize("dtype", [float, complex])
@given(rows=st.integers(1, 5), columns=st.integers(1, 5), seed=st.integers(0, 99))
def test_dot_test_knows_the_adjoint_of_a_matrix(dtype, rows, columns, seed):
    rng = np.random.default_rng(seed)
    B = rng.standard_normal((rows, columns)) + (dtype is complex) * 1j * rng.standard_normal((rows, columns))
    assert dot_test(lambda x: B @ x, lambda y: B.conj().T @ y, columns, rows, dtype=dtype, seed=seed) < 1e-14
    with pytest.raises(AssertionError, match="not the adjoint"):
        dot_test(lambda x: B @ x, lambda y: 1.001 * B.conj().T @ y, columns, rows, dtype=dtype, seed=seed)


@given(x=st.lists(st.floats(-10, 10), min_size=1, max_size=4), slip=st.floats(1e-3, 10))
def test_gradient_check_knows_a_cubic(x, slip):
    x = np.array(x)
    loss = lambda x: (x**3 + x).sum()  # noqa: E731
    assert gradient_check(loss, 3 * x**2 + 1, x) < 1e-6
    with pytest.raises(AssertionError, match="the gradient must equal the slope"):
        gradient_check(loss, (3 * x**2 + 1) * (1 + slip), x)


def test_dot_test_sees_a_missing_conjugate():
    B = A * 1j
    with pytest.raises(AssertionError, match="not the adjoint"):
        dot_test(lambda x: B @ x, lambda y: B.T @ y, 3, 2, dtype=complex)


def test_laws_are_seeded():
    noisy = lambda x: A @ x + 1e-13 * x[0] ** 2  # noqa: E731
    errors = [dot_test(noisy, lambda y: A.T @ y, 3, 2, seed=seed) for seed in (0, 0, 1)]
    assert errors[0] == errors[1] != errors[2]


def test_gradient_check_takes_an_array_or_a_callable():
    assert gradient_check(gradient=[2, 4, 6], **square) == gradient_check(gradient=lambda x: 2 * x, **square)


def test_agree_gives_the_largest_error():
    views = {"zero": lambda x: x, "small": lambda x: x + 1e-12, "large": lambda x: x + 1e-11}
    assert agree(views, np.array([1.0, 2.0])) == pytest.approx(5e-12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.int8([64]), np.int8([-64])),  # their difference, 128, is -128 in int8
        (np.uint8([1]), np.uint8([2])),
        (np.array([True]), np.array([False])),
        (np.array([1.0, np.nan]), np.array([1.0, 2.0])),
        (np.array([np.inf]), np.array([1.0])),
        (np.array([1.0]), np.array([1j])),
        (np.array([0.0]), np.array([1e-9])),
    ],
)
def test_agree_misses_no_difference(one, other):
    for views in ({"one": lambda: one, "other": lambda: other}, {"other": lambda: other, "one": lambda: one}):
        with pytest.raises(AssertionError, match="must agree with"):
            agree(views)


@pytest.mark.parametrize("value", [np.array([True, False]), np.int8([-128, 127]), np.empty(0), np.array(3)])
def test_agree_passes_the_same(value):
    assert agree({"one": lambda: value, "same": lambda: value.copy()}) == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: dot_test(lambda x: A @ x, lambda y: 2 * A.T @ y, 3, 2),
            "<A x, y> must equal <x, A^H y>: got -0.629872 and -1.25974, relative error 0.3 above "
            "rtol=1e-10; the second callable is not the adjoint of the first",
        ),
        (
            lambda: gradient_check(gradient=[2, 4, 7], **square),
            "the gradient must equal the slope of the loss: got 7 where differences give 6 at (2,), "
            "off by 0.17 of the largest entry, above rtol=1e-06; check that entry by hand",
        ),
        (
            lambda: agree({"double": lambda x: 2 * x, "square": lambda x: x**2}, np.array([2, 3])),
            "square must agree with double: got 9 against 6 at (1,), off by 0.5 of the largest entry, "
            "above rtol=1e-10; one of the two is wrong",
        ),
    ],
)
def test_a_broken_law_says_by_how_much(call, words):
    with pytest.raises(AssertionError) as caught:
        call()
    assert str(caught.value) == words


def test_refusal_is_the_message_and_an_error_if_there_is_none():
    assert refusal(lambda: int("a")) == "invalid literal for int() with base 10: 'a'"
    with pytest.raises(AssertionError, match="the call must be refused: got 1; give it an input that breaks"):
        refusal(lambda: 1)
    with pytest.raises(ZeroDivisionError):  # a slip in the call itself is no refusal
        refusal(lambda: 1 / 0)


def test_what_is_exact_passes_a_tolerance_of_nothing():
    same = lambda x: x  # noqa: E731
    assert dot_test(same, same, 3, 3, rtol=0) == agree({"one": same, "two": same}, np.ones(2), rtol=0) == 0


@pytest.mark.parametrize("dtype", [np.float32, float, np.complex64, complex])
def test_dot_test_draws_both_parts_of_x_and_y_in_the_type_asked_for(dtype):
    seen = []
    dot_test(lambda x: seen.append(x) or x, lambda y: seen.append(y) or y, 5, 5, dtype=dtype, seed=3)
    rng = np.random.default_rng(3)
    for values in seen:
        expected = rng.standard_normal(5)
        if np.issubdtype(dtype, np.complexfloating):
            expected = expected + 1j * rng.standard_normal(5)
        assert values.dtype == dtype
        np.testing.assert_array_equal(values, expected.astype(dtype))


def test_gradient_check_steps_by_the_cube_root_of_the_rounding_relative_to_large_entries():
    at = []
    gradient_check(lambda x: at.append(float(x[0])) or float(x[0]), [1.0], [0.25])
    gradient_check(lambda x: at.append(float(x[0])) or float(x[0]), [1.0], [8.0])
    root = np.finfo(float).eps ** (1 / 3)
    assert [at[1] - at[0], at[4] - at[3]] == pytest.approx([root, 8 * root], rel=1e-9)


def test_gradient_check_takes_whole_numbers():
    assert gradient_check(lambda x: (x**2).sum(), [2, 4], [1, 2]) < 1e-6


def test_beside_zeros_an_error_is_told_as_it_is():
    with pytest.raises(AssertionError, match=r"off by 0\.5 of"):
        agree({"zero": lambda: np.zeros(2), "half": lambda: np.full(2, 0.5)})
