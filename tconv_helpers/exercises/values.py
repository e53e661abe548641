"""Plain values: how they go through a pipe and into `table.json`, and how a student sees them.

The sandbox holds this file beside `inside.py`, so it needs the standard library and NumPy only. What `decode`
reads may be a stranger's: no value costs more memory than DTYPES, ROOM, DEPTH and LENGTH allow.
"""

import base64
from dataclasses import dataclass
from math import prod

import numpy as np

DTYPES = {"bool", "float16", "float32", "float64"} | {
    f"{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64)
}
ROOM, DEPTH, LENGTH = 2**24, 4, 100_000  # bytes of an array; lists in lists; of one list or text


class NotPlain(ValueError):
    """Refuse a value that is no number, text, None, array of numbers, or list or tuple of these."""


class TooLarge(ValueError):
    """Refuse a value larger than a result may be."""


class LinearMap:
    """Compute v -> matrix @ v, for exercises that take a function."""

    def __init__(self, matrix):
        self.matrix = np.asarray(matrix)

    def __call__(self, v):
        return self.matrix @ v

    def __repr__(self):
        return f"(v -> {show(self.matrix)} @ v)"


@dataclass(frozen=True)
class Raised:
    """Stand for an exception of that type."""

    name: str


def encode(value, room=ROOM, depth=0, readable=False):
    """Return a plain value of at most `room` bytes as JSON holds it; NotPlain or TooLarge of any other.

    readable : list an array's numbers, for a person to read, instead of packing its bytes.

    >>> encode((np.array([1, 2], "int8"), 0.5))
    ['tuple', [['array', 'int8', [2], 'AQI='], 0.5]]
    >>> encode(np.array([1, 2], "int8"), readable=True)
    ['array', 'int8', [2], [1, 2]]
    """
    if isinstance(value, np.longdouble) or (type(value) is np.ndarray and value.dtype.type is np.longdouble):
        value = value.astype(float)  # by 1e-7 values are compared
    value = value.item() if isinstance(value, np.generic) else value
    sort = type(value)
    if value is None or sort in (bool, float) or (sort is int and abs(value) < 2**63):
        return value
    if sort in (str, list, tuple) and len(value) > LENGTH:
        raise TooLarge(f"a {sort.__name__} of {len(value)} entries")
    if sort is str and value.isascii():
        return value
    if sort in (list, tuple) and depth < DEPTH:
        return [sort.__name__, [encode(part, room, depth + 1, readable) for part in value]]
    if sort is np.ndarray and value.dtype.name in DTYPES:
        if value.nbytes > room:
            raise TooLarge(f"an array of shape {value.shape}")
        native = np.ascontiguousarray(value, value.dtype.newbyteorder("="))
        numbers = native.ravel().tolist() if readable else base64.b64encode(native.tobytes()).decode()
        return ["array", value.dtype.name, list(value.shape), numbers]
    raise NotPlain(f"{sort.__name__} {value.dtype}" if sort is np.ndarray else sort.__name__)


def decode(data, room=ROOM, depth=0, readable=False):
    """Return what `encode` was given; raise NotPlain of anything else, before memory is taken for it.

    readable : take an array's numbers from a list, for what is not a stranger's.

    >>> decode(["array", "int64", [10**9], ""])
    Traceback (most recent call last):
    tconv_helpers.exercises.values.NotPlain: not an encoded value
    """
    match data:
        case None | bool() | float():
            return data
        case int() if abs(data) < 2**63:
            return data
        case str() if len(data) <= LENGTH and data.isascii():
            return data
        case ["list" | "tuple" as sort, list(parts)] if len(parts) <= LENGTH and depth < DEPTH:
            values = [decode(part, room, depth + 1, readable) for part in parts]
            return values if sort == "list" else tuple(values)
        case ["array", str(dtype), list(shape), str(text)] if dtype in DTYPES and _sizes(shape, room):
            raw, one = base64.b64decode(text, validate=True), np.dtype(dtype)
            if len(raw) == prod(shape) * one.itemsize <= room:
                bare = np.frombuffer(raw, "u1").astype(bool) if dtype == "bool" else np.frombuffer(raw, one)
                return bare.reshape(shape).copy()
        case ["array", str(dtype), list(shape), list(numbers)] if readable and dtype in DTYPES:
            return np.array(numbers, dtype).reshape(shape)
    raise NotPlain("not an encoded value")


def _sizes(shape, room):
    """Return whether an array of this shape can have `room`; an empty one may not be vast either."""
    return (
        len(shape) <= 16
        and all(type(n) is int and n >= 0 for n in shape)
        and prod(max(n, 1) for n in shape) <= room
    )


def encode_arguments(arguments, readable=False):
    """Return the arguments of a call, which may be LinearMaps as well, as JSON holds them."""
    return [
        ["map", encode(each.matrix, readable=readable)]
        if isinstance(each, LinearMap)
        else encode(each, readable=readable)
        for each in arguments
    ]


def decode_arguments(data, readable=False):
    """Return what `encode_arguments` was given, new at each call."""
    match data:
        case [["map", matrix], *rest]:
            first = LinearMap(decode(matrix, readable=readable))
        case [plain, *rest]:
            first = decode(plain, readable=readable)
        case _:
            return []
    return [first, *decode_arguments(rest, readable)]


def close(given, wanted, rtol=1e-7, atol=1e-9):
    """Return what np.allclose says of numbers of one shape, where they are finite in half of its time."""
    if not np.isfinite(wanted).all():
        return np.allclose(given, wanted, rtol, atol, equal_nan=True)
    with np.errstate(all="ignore"):
        wanted = wanted * 1.0  # the difference of two unsigned integers would never be negative
        return bool((np.abs(given - wanted) <= atol + rtol * np.abs(wanted)).all())


def changed(given, before):
    """Return whether a call left an argument as another one than it was, but for rounding.

    Whether `x -= m` and `x += m` leave the very bits depends on the numbers, so that a strict rule
    would refuse on unseen inputs what it takes on others.

    >>> changed([0.1 + 0.2, 1], [0.3, 1]), changed([1.0], [1]), changed(np.array([[1]]), np.array([1]))
    (False, True, True)
    """
    if isinstance(before, LinearMap):
        return False
    if type(given) is not type(before):
        return True
    if isinstance(before, list | tuple):
        return len(given) != len(before) or any(map(changed, given, before))
    if isinstance(before, np.ndarray | float):
        kept = np.result_type(given) == np.result_type(before) and np.shape(given) == np.shape(before)
        return not (kept and close(given, before))
    return given != before


def show(value, depth=6, typed=False, digits=6):
    """Return a value in the few characters in which a student would write it.

    typed : with its type, where that is not seen: 3.0 is no whole number, an array is no list.

    >>> show(np.array([[1, 2], [3, 4]])), show((2, 0.5)), show(np.array([1 / 3, 1.0]))
    ('[[1, 2], [3, 4]]', '(2, 0.5)', '[0.333333, 1]')
    >>> show(np.array([10.0]), typed=True), show(3.0, typed=True), show({1, 2})
    ('array([10])', '3.0', '{1, 2}')
    >>> show(list(range(1000))), show(np.zeros((40, 40)))
    ('a list of 1000 entries', 'an array of shape (40, 40)')
    """
    match value:
        case np.ndarray():
            return _show_array(value, typed, digits)
        case list() | tuple() | set() | dict() if len(value) > 60 or not depth:
            return f"a {type(value).__name__} of {len(value)} entries"
        case list() | tuple() | set() | dict():
            inside = ", ".join(show(part, depth - 1, typed, digits) for part in value)
            if isinstance(value, list):
                return f"[{inside}]"
            if isinstance(value, tuple):
                return f"({inside}{',' * (len(value) == 1)})"
            if isinstance(value, set):
                return f"{{{inside}}}" if value else "set()"
            parts = (f"{show(k, 1)}: {show(v, depth - 1, typed, digits)}" for k, v in value.items())
            return f"{{{', '.join(parts)}}}"
        case float() | np.floating():
            text = f"{value:.{digits}g}"
            return text + ".0" * (typed and text.lstrip("-").isdigit())
        case np.generic():
            return repr(value.item())
        case None | bool() | int() | str() | complex() | LinearMap():
            text = repr(value)
            return text if len(text) <= 200 else text[:200] + "…"
    return f"an object of type {type(value).__name__}"  # whose repr is anyone's


def _show_array(value, typed, digits):
    if value.size > 60:
        return f"an array of shape {value.shape}"
    inside = show(value.tolist(), digits=digits)
    name = "array" if type(value) is np.ndarray else type(value).__name__
    return f"{name}({inside}{', dtype=object' * (value.dtype.kind == 'O')})" if typed else inside


def show_apart(value, wanted, typed=False):
    """Return both as `show` does, with their types and more digits if they would read the same.

    >>> show_apart(3.0, 3), show_apart(np.array([1.0]), np.array([2.0])), show_apart(1 / 3, 0.333333)
    (('3.0', '3'), ('[1]', '[2]'), ('0.333333333333', '0.333333'))
    """
    for types, digits in ((typed, 6), (True, 6), (True, 12)):
        shown = tuple(show(each, typed=types, digits=digits) for each in (value, wanted))
        if shown[0] != shown[1]:
            break
    return shown
