"""The process inside the sandbox: it runs a student's cells and calls their functions, one request at a time.

It has the standard library, NumPy, `values` and the inputs of the call at hand. Nothing that it says is
believed: the student's code can change all of it, so `run` reads every reply as bytes from a stranger.

A message is a JSON text after its length in four bytes. A request is [token, task, ...], its reply
[token, "value", value] or [token, "failed", reason, text, value].
"""

import json
import os
import resource
import struct
import warnings
from sys import settrace

import numpy as np

from ...exercises.values import NotPlain, TooLarge, changed, decode_arguments, encode


def pack(message):
    """Return a message as it goes through a pipe."""
    text = json.dumps(message).encode()
    return struct.pack(">I", len(text)) + text


def confine(*, cpu, memory, processes, files, file_size):
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
    """Do some work and return its reply: ["value", ...], or ["failed", reason, text] if it raises."""
    try:
        return work(*args)
    except MemoryError as error:
        return ["failed", "out of memory", said(error)]
    except BaseException as error:  # SystemExit and KeyboardInterrupt too
        return ["failed", "raised", said(error)]


def said(error):
    """Return the type and message of an exception, whose `__str__` may itself be a student's."""
    try:
        return f"{type(error).__name__}: {str(error)[:400]}"
    except BaseException:
        return type(error).__name__


def run_cell(source, namespace):
    """Run one cell without the lines that only IPython understands."""
    try:
        code = compile(source, "<cell>", "exec")
    except SyntaxError:
        lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n")]
        code = compile("\n".join(lines), "<cell>", "exec")
    exec(code, namespace)
    return ["value", None]


def call(function, given, room):
    """Return the reply to a call: its result, unless that is not plain or the arguments were changed."""
    args = decode_arguments(given)
    try:
        value = function(*args)
    finally:
        settrace(None)  # a tracer of theirs could write into what is local here (PEP 667)
    try:
        result = encode(value, room)
    except TooLarge as error:
        return ["failed", "too large", str(error)]
    except NotPlain as error:
        return ["failed", "not a plain result", str(error)]
    if any(map(changed, args, decode_arguments(given))):
        return ["failed", "changed its input", "", result]
    return ["value", result]


def reply_to(namespace, task, *rest):
    """Do what one request asks for, and return the reply."""
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
        replies.write(pack([token, *reply_to(namespace, *request)]))
        replies.flush()
