"""The process inside the sandbox: it runs a student's cells and calls their functions, one request at a time.

It has the standard library, NumPy and the inputs of the call at hand. Nothing that it says is believed: the
student's code can change all of it, so `sandbox` reads every reply as bytes from a stranger.

A message is a JSON text after its length in four bytes. A request is [token, task, ...], its reply
[token, "value", value] or [token, "failed", reason, text, value].
"""

import base64
import json
import os
import resource
import struct
import warnings
from math import prod

import numpy as np

DTYPES = {"bool", "float16", "float32", "float64"} | {
    f"{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64)
}
ROOM, DEPTH, LENGTH = 2**24, 4, 100_000  # bytes of an array; lists in lists; of one list or text


class NotPlain(ValueError):
    """A value that is no number, text, None, array of numbers, or list or tuple of these."""


class TooLarge(ValueError):
    """A value larger than a result may be."""


def encode(value, room=ROOM, depth=0):
    """A plain value of at most `room` bytes as JSON holds it; NotPlain or TooLarge of any other.

    >>> encode((np.array([1, 2], "int8"), 0.5))
    ['tuple', [['array', 'int8', [2], 'AQI='], 0.5]]
    """
    value = value.item() if isinstance(value, np.generic) else value
    sort = type(value)
    if value is None or sort in (bool, float) or (sort is int and abs(value) < 2**63):
        return value
    if sort in (str, list, tuple) and len(value) > LENGTH:
        raise TooLarge(f"a {sort.__name__} of {len(value)} entries")
    if sort is str and value.isascii():
        return value
    if sort in (list, tuple) and depth < DEPTH:
        return [sort.__name__, [encode(part, room, depth + 1) for part in value]]
    if sort is np.ndarray and value.dtype.name in DTYPES:
        if value.nbytes > room:
            raise TooLarge(f"an array of shape {value.shape}")
        data = np.ascontiguousarray(value, value.dtype.newbyteorder("=")).tobytes()
        return ["array", value.dtype.name, list(value.shape), base64.b64encode(data).decode()]
    raise NotPlain(f"{sort.__name__} {value.dtype}" if sort is np.ndarray else sort.__name__)


def decode(data, room=ROOM, depth=0):
    """What `encode` was given. Of anything else NotPlain, before memory is taken for it.

    >>> decode(["array", "int64", [10**9], ""])
    Traceback (most recent call last):
    tconv_helpers.grading.sandbox.inside.NotPlain: not an encoded value
    """
    match data:
        case None | bool() | float():
            return data
        case int() if abs(data) < 2**63:
            return data
        case str() if len(data) <= LENGTH and data.isascii():
            return data
        case ["list" | "tuple" as sort, list(parts)] if len(parts) <= LENGTH and depth < DEPTH:
            values = [decode(part, room, depth + 1) for part in parts]
            return values if sort == "list" else tuple(values)
        case ["array", str(dtype), list(shape), str(text)] if dtype in DTYPES and _sizes(shape, room):
            raw, one = base64.b64decode(text, validate=True), np.dtype(dtype)
            if len(raw) == prod(shape) * one.itemsize <= room:
                bare = np.frombuffer(raw, "u1").astype(bool) if dtype == "bool" else np.frombuffer(raw, one)
                return bare.reshape(shape).copy()
    raise NotPlain("not an encoded value")


def _sizes(shape, room):
    """Whether this can be the shape of an array that has `room`; an empty one may not be vast either."""
    return (
        len(shape) <= 16
        and all(type(n) is int and n >= 0 for n in shape)
        and prod(max(n, 1) for n in shape) <= room
    )


class LinearMap:
    """The function v -> matrix @ v, for exercises that take a function."""

    def __init__(self, matrix):
        self.matrix = matrix

    def __call__(self, v):
        return self.matrix @ v


def arguments(data):
    """The arguments of a call, new ones each time."""
    match data:
        case [["map", matrix], *rest]:
            return [LinearMap(decode(matrix)), *arguments(rest)]
        case [first, *rest]:
            return [decode(first), *arguments(rest)]
    return []


def pack(message):
    """A message as it goes through a pipe."""
    text = json.dumps(message).encode()
    return struct.pack(">I", len(text)) + text


def confine(cpu, memory, processes, files, file_size):
    """Limit this process, once and for all."""
    for what, most in {
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_NOFILE: files,
        resource.RLIMIT_FSIZE: file_size,
        resource.RLIMIT_CORE: 0,
    }.items():
        resource.setrlimit(what, (most, most))


def attempt(work, *args):
    """["value", ...] of some work, or ["failed", reason, text]."""
    try:
        return work(*args)
    except MemoryError as error:
        return ["failed", "out of memory", said(error)]
    except BaseException as error:  # SystemExit and KeyboardInterrupt too
        return ["failed", "raised", said(error)]


def said(error):
    """The type and message of an exception, whose `__str__` may itself be a student's."""
    try:
        return f"{type(error).__name__}: {str(error)[:400]}"
    except BaseException:
        return type(error).__name__


def run_cell(source, namespace):
    """Run one cell; lines that only IPython understands are left out."""
    try:
        code = compile(source, "<cell>", "exec")
    except SyntaxError:
        lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n")]
        code = compile("\n".join(lines), "<cell>", "exec")
    exec(code, namespace)
    return ["value", None]


def call(function, given, room):
    """Call a function: its result, unless that is not plain or the arguments are not as they were."""
    args = arguments(given)
    value = function(*args)
    try:
        result = encode(value, room)
    except TooLarge as error:
        return ["failed", "too large", str(error)]
    except NotPlain as error:
        return ["failed", "not a plain result", str(error)]
    if any(_changed(arg, before, room) for arg, before in zip(args, given, strict=True)):
        return ["failed", "changed its input", "", result]
    return ["value", result]


def _changed(arg, before, room):
    try:
        return not isinstance(arg, LinearMap) and pack(encode(arg, room)) != pack(before)
    except ValueError:
        return True


def answer(namespace, task, *rest):
    """What one request asks for."""
    match task, rest:
        case "confine", [limits]:
            confine(**limits)
            return ["value", None]
        case "cell", [source]:
            return attempt(run_cell, source, namespace)
        case "call", [name, *rest]:
            if not callable(namespace.get(name)):
                return ["failed", "not defined", ""]
            return attempt(call, namespace[name], *rest)


def main():
    """Answer requests until there are no more; print and errors go nowhere."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    warnings.simplefilter("ignore")
    namespace = {"np": np, "__name__": "__main__"}
    while header := requests.read(4):
        token, *request = json.loads(requests.read(*struct.unpack(">I", header)))
        replies.write(pack([token, *answer(namespace, *request)]))
        replies.flush()
