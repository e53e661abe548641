"""Run a student's code where it can do no harm, and believe nothing that comes back.

The code runs in `inside`, a process that bubblewrap shuts off: namespaces of its own, no network, no process
but itself, the system read-only and only as far as Python and NumPy need it, no capabilities, an empty
environment, a seccomp filter, limits on time, memory, files and output, and under root an account and a
memory cgroup of its own. It gets the student's cells and one call's inputs at a time, never a right result:
whatever it sends back, forged or not, can at most be the student's own answer.
"""

import json
import math
import os
import secrets
import select
import struct
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache

from ...exercises.values import decode, encode_arguments
from .bubblewrap import NoSandbox, command, refused, seccomp_program, tool
from .inside import pack
from .slots import make_group, remove_group, slot_of_this_process, sweep_groups

START = 30.0  # seconds in which a sandbox must have started, and be gone, on a busy machine too
REASONS = (
    *("raised", "out of time", "out of memory", "ended", "not defined"),
    *("not a plain result", "too large", "changed its input"),
)
# What the grader alone says: the budget of the whole is used up; the cell that defines it took too long.
OVER, STOPPED = "no time left", "its cell was stopped"


@dataclass(frozen=True)
class Limits:
    """Limit what one submission may use.

    >>> Limits(seconds=2)
    Limits(seconds=2, memory=1073741824, ..., output=1048576, budget=20.0)
    """

    # Each cell, and all calls of an exercise together
    seconds: float = 5.0
    # Bytes of address space
    memory: int = 2**30
    # Threads, and bubblewrap's own process: seccomp lets no other be started
    processes: int = 8
    files: int = 32
    # Bytes of a file, and of /tmp in all
    file_size: int = 2**24
    # Bytes of the replies to an exercise's calls
    output: int = 2**20
    # Seconds for the whole of it
    budget: float = 20.0


@dataclass(frozen=True)
class Failed:
    """Stand for a result that did not come: REASONS or OVER say why; no page may hold the text as it is."""

    reason: str
    text: str = ""
    # What a function returned that also changed its input
    value: object = field(default=None, compare=False)
    # The limit that it met
    seconds: float = field(default=Limits.seconds, compare=False)


class _Lost(Exception):
    """Say that the process inside is of no more use, with the Failed that tells why."""


@cache
def require():
    """Raise NoSandbox, with what to install or allow, unless a sandbox starts and gives a right answer."""
    sweep_groups()
    if run(["def twice(x):\n    return 2 * x"], {"twice": [(21,)]}) != {"twice": [42]}:
        raise NoSandbox("the sandbox must run a function: it gave another result; run `tconv doctor`")


def run(cells, inputs, limits=None, slot=None, after=None):
    """Run a student's cells, call each function on its inputs, and return {name: [result or Failed, ...]}.

    cells : sources, run in order in one namespace that has `np`. inputs : {name: [arguments, ...]}.
    slot : a number, another one for each sandbox that runs at the same time; None: this process's own.
    after : for a function, how many of the cells have run when it is called; all of them, if it is not named.
    A result is an array of booleans, integers or floats, a number, text, None, or a tuple or list of these.
    What hangs, ends the process or fills the memory costs its own exercise, or its own cell: the rest goes on
    in a new process, while the budget lasts, and there are at most one more of these than exercises.
    NoSandbox where it cannot be done safely.

    run(["def half(x): return x / 2"], {"half": [(3,), (np.ones(2),)], "more": [()]}) gives
    {"half": [1.5, array([0.5, 0.5])], "more": [Failed("not defined")]}
    """
    limits, submission = limits or Limits(), _Submission(cells, dict(inputs), after or {})
    slot = slot_of_this_process() if slot is None else slot
    end = time.monotonic() + limits.budget
    for launch in range(len(inputs) + 1):
        if submission.left and time.monotonic() < end:
            with Process(limits, slot, end) as process, suppress(_Lost):
                submission.work(process, last=launch == len(inputs))
    left = {name: [Failed(OVER)] * len(calls) for name, calls in submission.left.items()}
    results = submission.results | left
    return {name: [_under(limits, result) for result in results[name]] for name in inputs}


def _under(limits, result):
    """Return a result; one that did not come, with the limit that it met."""
    if not isinstance(result, Failed):
        return result
    return replace(result, seconds=limits.budget if result.reason == OVER else limits.seconds)


@dataclass
class _Submission:
    """Keep what is known of a submission while one process after another works on it."""

    cells: list
    # Name -> inputs, of the exercises that are not done
    left: dict
    # Name -> how many cells have run when it is called
    after: dict
    results: dict = field(default_factory=dict)
    # Number of a cell -> the Failed that says how it ended
    errors: dict = field(default_factory=dict)
    # Numbers of the cells that cost a process
    fatal: set = field(default_factory=set)
    ran: set = field(default_factory=set)

    def work(self, process, last):
        """Run the cells and call each function in its turn, but for the cells that cost a process.

        In the last process only those run that are known to end.
        """
        for number in range(len(self.cells) + 1):
            for name in [name for name in self.left if self.after.get(name, len(self.cells)) == number]:
                self._call(process, name)
            if (
                number < len(self.cells)
                and number not in self.fatal
                and not (last and number not in self.ran)
            ):
                self._define(process, number)

    def _define(self, process, number):
        """Run one cell."""
        process.begin()
        try:
            outcome = process.ask("cell", self.cells[number])
        except _Lost as lost:
            self.errors[number] = lost.args[0]
            self.fatal.add(number)
            raise
        self.ran.add(number)
        if isinstance(outcome, Failed):
            self.errors[number] = outcome

    def _call(self, process, name):
        """Call a function that is left on each of its inputs."""
        calls, results = self.left.pop(name), self.results.setdefault(name, [])
        process.begin()
        try:
            for arguments in calls:
                results.append(self._explained(name, process.call(name, arguments)))
        except _Lost as lost:
            results += [lost.args[0]] * (len(calls) - len(results))
            raise

    def _explained(self, name, result):
        """Return the result; of a function that is not defined, how the cell ended that speaks of it."""
        if not (isinstance(result, Failed) and result.reason == "not defined"):
            return result
        for number, error in self.errors.items():
            if name in self.cells[number] and number in self.fatal:
                return Failed(STOPPED, error.text) if error.reason == "out of time" else error
            if name in self.cells[number]:
                return Failed("not defined", error.text)
        return result


class Process:
    """Hold one sandbox, from its start to its certain end."""

    def __init__(self, limits, slot, end):
        self.limits, self.slot, self.end = limits, slot, end
        self.deadline, self.room = 0.0, limits.output

    def __enter__(self):
        tool("bwrap", "bubblewrap")  # before anything that only Linux has
        self.group = make_group(self.slot, self.limits.memory + self.limits.file_size)
        try:
            self.process = self._started()
        except (NoSandbox, OSError):
            remove_group(self.group)
            raise
        os.set_blocking(self.process.stdin.fileno(), False)
        self.deadline = time.monotonic() + START
        try:
            self.ask("confine", _rlimits(self.limits, self.end - time.monotonic()))
        except BaseException as error:
            self.__exit__()
            if isinstance(error, _Lost):
                raise refused(self.said) from None
            raise
        return self

    def _started(self):
        program, pipe = os.memfd_create("seccomp"), subprocess.PIPE
        try:
            os.pwrite(program, seccomp_program(), 0)
            words = command(program, self.limits.file_size, self.slot, self.group)
            pipes = {"stdin": pipe, "stdout": pipe, "stderr": pipe, "bufsize": 0}
            return subprocess.Popen(words, pass_fds=[program], env={}, **pipes)
        finally:
            os.close(program)

    def __exit__(self, *_):
        """Kill, and wait until no process holds the pipes: there are none left then."""
        self.process.kill()
        self.process.wait()
        self.deadline = time.monotonic() + START
        out, error = self.process.stdout, self.process.stderr
        while self._ready(out, select.POLLIN) and out.read(2**16):
            pass
        self.said = error.read(2000).decode(errors="replace") if self._ready(error, select.POLLIN) else ""
        for pipe in (self.process.stdin, out, error):
            pipe.close()
        remove_group(self.group)

    def begin(self):
        """Give the next cell or exercise its time and its room."""
        self.deadline = min(time.monotonic() + self.limits.seconds, self.end)
        self.room = self.limits.output

    def call(self, name, arguments):
        """Return the result of one call, a plain value or a Failed."""
        room = max(self.room - 200, 0) * 3 // 4  # base64 is longer than what it encodes
        return self.ask("call", name, encode_arguments(arguments), room)

    def ask(self, task, *rest):
        """Return the answer to a request, a plain value or a Failed; _Lost if none comes that can be used."""
        token = secrets.token_hex(8)  # what was sent before this request cannot be its answer
        self._write(pack([token, task, *rest]))
        (length,) = struct.unpack(">I", self._read(4))
        if length > self.room:
            raise _Lost(Failed("too large", "more output than an exercise may have"))
        answer = parse(self._read(length), token, self.room)
        self.room -= length
        if isinstance(answer, Failed) and answer.reason == "out of memory":
            raise _Lost(answer)
        return answer

    def _write(self, data):
        while data:
            self._wait(self.process.stdin, select.POLLOUT)
            try:
                data = data[self.process.stdin.write(data) :]
            except BrokenPipeError:
                raise _Lost(Failed("ended", "the process ended")) from None

    def _read(self, length):
        data = b""
        while len(data) < length:
            self._wait(self.process.stdout, select.POLLIN)
            part = self.process.stdout.read(length - len(data))
            if not part:
                raise _Lost(Failed("ended", "the process ended"))
            data += part
        return data

    def _wait(self, pipe, event):
        if not self._ready(pipe, event):
            if time.monotonic() >= self.end:
                raise _Lost(Failed(OVER))
            raise _Lost(Failed("out of time", f"no result after {self.limits.seconds:g} seconds"))

    def _ready(self, pipe, event):
        poll = select.poll()
        poll.register(pipe, event)
        return poll.poll(max(0, math.ceil(1000 * (self.deadline - time.monotonic()))))


def _rlimits(limits, left):
    """Return what `inside.confine` sets; of CPU time there is as much as the clock out here leaves."""
    names = ("memory", "processes", "files", "file_size")
    return {"cpu": max(1, math.ceil(left))} | {name: getattr(limits, name) for name in names}


def parse(data, token, room):
    """Return the value or Failed that a reply to `token` holds, whoever wrote it; _Lost if neither."""
    with suppress(ValueError, RecursionError):
        match json.loads(data.decode()):
            case [str(t), "value", value] if t == token:
                return decode(value, room)
            case [str(t), "failed", str(reason), str(text), *value] if t == token and reason in REASONS:
                return Failed(reason, printable(text), decode(value[0], room) if value else None)
    raise _Lost(Failed("not a plain result", "what came back was not a result"))


def printable(text):
    """Return a text's first 200 characters, a space for each that cannot be seen: escapes, bidi marks."""
    return "".join(c if c.isprintable() else " " for c in text[:200])
