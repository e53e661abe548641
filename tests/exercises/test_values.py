"""Plain values come back as they were, and nothing that a stranger sends costs more than its bound."""

import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers.exercises.values import (
    DEPTH,
    DTYPES,
    LENGTH,
    LinearMap,
    NotPlain,
    TooLarge,
    decode,
    decode_arguments,
    encode,
    encode_arguments,
    show,
)

VALUES = [
    np.arange(6).reshape(2, 3),
    np.array([0.5, 1.0]),
    np.zeros((0, 3)),
    np.array([1, 2], np.int8),
    np.array([True, False]),
    (1, 2.5, None, "text", True),
    [[1], []],
]


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("value", VALUES, ids=show)
def test_a_value_returns_as_it_was(value, readable):
    back = decode(json.loads(json.dumps(encode(value, readable=readable))), readable=readable)
    assert type(back) is type(value)
    assert getattr(back, "dtype", None) == getattr(value, "dtype", None)
    if isinstance(value, np.ndarray):
        assert np.shape(back) == np.shape(value) and np.array_equal(back, value)
    else:
        assert back == value


@pytest.mark.parametrize("dtype", sorted(DTYPES))
@pytest.mark.parametrize("readable", [True, False])
def test_each_bit_of_an_array_returns(dtype, readable):
    bits = np.random.default_rng(0).integers(0, 2 if dtype == "bool" else 256, 80, "u1")
    value = bits.view(dtype)[: 80 // np.dtype(dtype).itemsize].reshape(2, -1).T
    back = decode(json.loads(json.dumps(encode(value, readable=readable))), readable=readable)
    assert back.dtype == value.dtype and back.shape == value.shape
    assert np.array_equal(back, value, equal_nan=back.dtype.kind == "f")


def test_a_map_is_an_argument_and_no_result():
    maps = [LinearMap([[1, 2], [0, 1]]), 3]
    back, three = decode_arguments(encode_arguments(maps))
    assert back(np.array([1, 1])).tolist() == [3, 1] and three == 3
    assert repr(back) == "(v -> [[1, 2], [0, 1]] @ v)"
    with pytest.raises(NotPlain, match="LinearMap"):
        encode(maps[0])
    for data in (["map", encode(maps[0].matrix)], ["raises", "ValueError"]):
        with pytest.raises(NotPlain):
            decode(data)


def nested(depth):
    return [nested(depth - 1)] if depth else []


def test_a_value_has_its_bounds():
    assert encode(nested(DEPTH - 1)) and encode([0] * LENGTH) and encode("a" * LENGTH)
    for large in ([0] * (LENGTH + 1), (0,) * (LENGTH + 1), "a" * (LENGTH + 1)):
        with pytest.raises(TooLarge, match=f"of {LENGTH + 1} entries"):
            encode(large)
    with pytest.raises(TooLarge, match=r"an array of shape \(101,\)"):
        encode(np.zeros(101, "u1"), 100)
    for odd in (nested(DEPTH), 2**63, "ä", 1j, {1: 2}, np.array([1j]), np.array(["a"]), np.ma.zeros(2)):
        with pytest.raises(NotPlain):
            encode(odd)
    for odd in (2**63, "ä", "a" * (LENGTH + 1), ["list", [0] * (LENGTH + 1)], {}, [], ["set", []]):
        with pytest.raises(NotPlain):
            decode(odd)
    data = []
    for _ in range(DEPTH + 1):
        data = ["list", [data] if data else []]
    with pytest.raises(NotPlain):
        decode(data)


def test_a_strangers_array_comes_as_bytes_whose_number_is_known():
    """A list of numbers costs more than its array, so only the course's own files may hold one."""
    with pytest.raises(NotPlain):
        decode(["array", "int8", [2], [1, 2]])
    with pytest.raises(NotPlain):
        decode(["list", [["array", "int8", [2], [1, 2]]]])


shapes = st.lists(st.integers(-1, 3) | st.sampled_from([2**31, 2**62, True, 1.0, None]), max_size=4)
texts = st.sampled_from(["", "AA==", "AAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAA==", "AAA", "\u00e4", "A A="])
dtypes = st.sampled_from(
    [*sorted(DTYPES), "object", "O", "float128", "V8", "datetime64[D]", "<U9", "complex128"]
)


@given(dtypes, shapes, texts)
def test_any_claim_of_an_array_is_an_array_or_nothing(dtype, shape, text):
    try:
        array = decode(["array", dtype, shape, text], 1000)
    except ValueError:
        return
    assert type(array) is np.ndarray and array.dtype.kind in "biuf" and array.nbytes <= 1000


@pytest.mark.parametrize(
    "dtype, shape, size",
    [
        *[("int8", shape, 1) for shape in ([1.0], [True], [None], ["1"], [[1]], [-1], [-1, -1], 17 * [1])],
        *[("int8", [0, 2**31], 0), ("int8", [2**62, 4], 0), ("float64", [2**40], 8), ("float64", [1], 7)],
        *[
            ("float64", [200], 1600),
            ("object", [1], 8),
            ("complex128", [1], 16),
            ("V1", [1], 1),
            ("U1", [1], 4),
        ],
    ],
)
def test_a_false_claim_of_an_array_is_refused(dtype, shape, size):
    with pytest.raises(NotPlain):
        decode(["array", dtype, shape, base64.b64encode(bytes(size)).decode()], 1000)


def test_a_wider_float_is_a_float():
    for wide in (np.longdouble(0.5), np.array([0.5, 1], np.longdouble)):
        assert encode(wide) == encode(wide.astype(float))
    assert encode([np.longdouble(0.5)]) == ["list", [0.5]]
