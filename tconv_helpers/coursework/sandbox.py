"""Run a student's code where it can do no harm, and believe nothing that comes back.

The code runs in `inside`, a process that bubblewrap shuts off: namespaces of its own, no network, no processes
but itself, the system read-only and only as far as Python and NumPy need it, no capabilities, an empty
environment, a seccomp filter, limits on time, memory, files and output, and under root an account and a memory
cgroup of its own. It gets the student's cells and one call's inputs at a time, never a right result, so that
whatever it sends back, forged or not, can at most be the student's own answer.
"""

import json
import math
import os
import secrets
import select
import shutil
import struct
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from . import inside, seccomp
from .exercises import LinearMap

START = 30.0  # seconds in which a sandbox must have started, on a busy machine too
FIRST_USER = 1_900_000_000  # an account for each slot, in a range that nothing else hands out
REASONS = (
    "raised",
    "out of time",
    "out of memory",
    "ended",
    "not defined",
    "not a plain result",
    "too large",
    "changed its input",
)


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    >>> Limits(seconds=2)
    Limits(seconds=2, memory=1073741824, processes=8, files=32, file_size=16777216, output=1048576)
    """

    seconds: float = 5.0  # each cell, and all calls of an exercise together
    memory: int = 2**30  # bytes of address space
    processes: int = 8  # threads, that is, and bubblewrap's own process: seccomp lets no other be started
    files: int = 32
    file_size: int = 2**24  # bytes of a file, and of /tmp in all
    output: int = 2**20  # bytes of an exercise's results


@dataclass(frozen=True)
class Failed:
    """Stands for a result that did not come: one of REASONS, and a line that is not to be trusted as HTML.

    value : what a function returned that also changed its input.
    """

    reason: str
    text: str = ""
    value: object = field(default=None, compare=False)


class NoSandbox(Exception):
    """Grading cannot be safe here: says what is missing, and what to do."""


class _Lost(Exception):
    """The process inside is of no more use: carries the Failed that says why."""


@cache
def require():
    """NoSandbox, with what to install or allow, unless a sandbox starts here and gives a right answer."""
    if run(["def twice(x):\n    return 2 * x"], {"twice": [(21,)]}) != {"twice": [42]}:
        raise NoSandbox("the sandbox must run a function: it gave another result; run `tconv doctor`")


def run(cells, inputs, limits=None, slot=0):
    """Run a student's cells and call each named function on each of its inputs: {name: [result or Failed]}.

    cells : sources, run in order in one namespace that has `np`. inputs : {name: [arguments of a call, ...]}.
    slot : a number for each sandbox that runs at the same time. A result is an array of booleans, integers or
    floats, a number, text, None, or a tuple or list of these. What hangs, ends the process or fills the memory
    costs its exercise (or its cell) and no other: the rest goes on in a new process, of which there are at most
    one more than exercises. NoSandbox where it cannot be done safely.

    >>> run(["def half(x): return x / 2"], {"half": [(3,), ("a",)], "more": [()]})  # doctest: +SKIP
    {'half': [1.5, Failed(reason='raised', text="TypeError: ...")], 'more': [Failed(reason='not defined', ...)]}
    """
    limits, left = limits or Limits(), dict(inputs)
    results, troubles = {}, {}
    end = time.monotonic() + 2 * limits.seconds * (len(left) + 1)
    for _ in range(len(left) + 1):
        if left:
            with Process(limits, slot, end) as process:
                _visit(process, cells, left, results, troubles)
    late = Failed("out of time", "the cells before it took all the time")
    results |= {name: [late] * len(calls) for name, calls in left.items()}
    return {name: results[name] for name in inputs}


def _visit(process, cells, left, results, troubles):
    """Run the cells that are not known to be trouble, then call what is left, until the process is lost."""
    for number, source in enumerate(cells):
        if not _is_lost(troubles.get(number)):
            process.begin()
            try:
                outcome = process.ask("cell", source)
            except _Lost as lost:
                troubles[number] = lost.args[0]
                return
            if isinstance(outcome, Failed):
                troubles[number] = outcome
    for name in list(left):
        calls = left.pop(name)
        results[name] = []
        process.begin()
        try:
            for arguments in calls:
                results[name].append(
                    process.ask("call", name, [_argument(a) for a in arguments], process.room)
                )
        except _Lost as lost:
            results[name] += [lost.args[0]] * (len(calls) - len(results[name]))
            return
        finally:
            results[name] = [_undefined(name, r, cells, troubles) for r in results[name]]


def _is_lost(trouble):
    return trouble is not None and trouble.reason != "raised"


def _undefined(name, result, cells, troubles):
    """Of a function that is not defined, the trouble with the cell that speaks of it, if there was any."""
    if not (isinstance(result, Failed) and result.reason == "not defined"):
        return result
    trouble = next((t for number, t in troubles.items() if name in cells[number]), result)
    return trouble if _is_lost(trouble) else Failed("not defined", trouble.text)


def _argument(value):
    return ["map", inside.encode(value.matrix)] if isinstance(value, LinearMap) else inside.encode(value)


class Process:
    """One sandbox, from its start to its certain end."""

    def __init__(self, limits, slot, end):
        self.limits, self.slot, self.end = limits, slot, end

    def __enter__(self):
        self.group = _cgroup(self.slot, self.limits)
        with _file(_filter()) as seccomp_file:
            self.process = subprocess.Popen(
                command(self.limits, self.slot, seccomp_file.fileno(), self.group),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[seccomp_file.fileno()],
                env={},
                bufsize=0,
            )
        os.set_blocking(self.process.stdin.fileno(), False)
        self.deadline, self.room = time.monotonic() + START, self.limits.output
        try:
            self.ask("confine", rlimits(self.limits))
        except _Lost:
            self.__exit__()
            raise NoSandbox(_why(self.said)) from None
        return self

    def __exit__(self, *_):
        """Kill, and wait until no process holds the pipe: there are none left then."""
        self.process.kill()
        self.said = os.read(self.process.stderr.fileno(), 2000).decode(errors="replace")
        self.process.wait()
        self.deadline = time.monotonic() + START
        while self._ready(self.process.stdout, select.POLLIN) and os.read(
            self.process.stdout.fileno(), 2**16
        ):
            pass
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        if self.group:
            _remove(self.group)

    def begin(self):
        """Give the next exercise its time and its room."""
        self.deadline = min(time.monotonic() + self.limits.seconds, self.end)
        self.room = self.limits.output

    def ask(self, task, *rest):
        """The answer to a request, a plain value or a Failed; _Lost if none comes that can be used."""
        token = secrets.token_hex(8)  # what was sent before this request cannot be its answer
        self._write(inside.pack([token, task, *rest]))
        (length,) = struct.unpack(">I", self._read(4))
        if length > 2 * self.room + 1000:  # base64 is longer than what it encodes
            raise _Lost(Failed("too large", "more output than an exercise may have"))
        answer = _parse(self._read(length), token, self.room)
        self.room -= length // 2
        if isinstance(answer, Failed) and answer.reason == "out of memory":
            raise _Lost(answer)
        return answer

    def _write(self, data):
        while data:
            self._wait(self.process.stdin, select.POLLOUT)
            try:
                data = data[os.write(self.process.stdin.fileno(), data) :]
            except BrokenPipeError:
                raise _Lost(Failed("ended", "the process ended")) from None

    def _read(self, length):
        data = bytearray()
        while len(data) < length:
            self._wait(self.process.stdout, select.POLLIN)
            part = os.read(self.process.stdout.fileno(), min(length - len(data), 2**16))
            if not part:
                raise _Lost(Failed("ended", "the process ended"))
            data += part
        return bytes(data)

    def _wait(self, pipe, event):
        if not self._ready(pipe, event):
            raise _Lost(Failed("out of time", f"no result after {self.limits.seconds:g} seconds"))

    def _ready(self, pipe, event):
        poll = select.poll()
        poll.register(pipe, event)
        return poll.poll(max(0, math.ceil(1000 * (self.deadline - time.monotonic()))))


def _parse(data, token, room):
    """The value or Failed that a reply holds, whoever wrote it."""
    try:
        match json.loads(data.decode()):
            case [str(t), "value", value] if t == token:
                return inside.decode(value, room)
            case [str(t), "failed", str(reason), str(text), *value] if t == token and reason in REASONS:
                return Failed(reason, _printable(text), inside.decode(value[0], room) if value else None)
    except (ValueError, RecursionError):
        pass
    raise _Lost(Failed("not a plain result", "what came back was not a result"))


def _printable(text):
    return "".join(c if c.isprintable() else " " for c in text[:200])


def rlimits(limits):
    """What `inside.confine` sets; the clock outside is the one that counts, this one is for a grader that died."""
    return {
        "cpu": math.ceil(100 * limits.seconds),
        "memory": limits.memory,
        "processes": limits.processes,
        "files": limits.files,
        "file_size": limits.file_size,
    }


APART = (
    "--unshare-all --unshare-user --disable-userns --uid 65534 --gid 65534 --hostname sandbox --new-session "
    "--die-with-parent --cap-drop ALL --clearenv"
).split()
ENVIRONMENT = {"LD_LIBRARY_PATH": "/python/lib", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
START_INSIDE = "import sys; sys.path.append('/packages'); import inside; inside.main()"


def command(limits, slot, seccomp_fd, group=None):
    """The command that starts `inside` in its sandbox; under root, from an account that owns nothing."""
    bwrap = _tool("bwrap", "bubblewrap")
    size = ["--size", str(limits.file_size)]
    python = ["/python/bin/" + PYTHON, "-ISBc", START_INSIDE]
    shut = ["--tmpfs", "/tmp", "--chdir", "/tmp", "--remount-ro", "/", "--seccomp", str(seccomp_fd), "--"]
    environment = [word for item in ENVIRONMENT.items() for word in ("--setenv", *item)]
    files = _files()
    if os.geteuid():
        return [bwrap, *APART, *environment, *_view(files), *_hidden(files), *size, *shut, *python]
    # Root's own Python may be where no other account can read: an outer sandbox, root's, lays it ready.
    user = str(FIRST_USER + slot)
    ready = ["--bind", "/proc", "/proc", "--dir", "/tmp", "--ro-bind", "/usr", "/usr", *_view(files)]
    outer = [bwrap, "--unshare-pid", "--die-with-parent", *ready, "--cap-drop", "ALL"]
    outer += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
    other = [_tool("setpriv", "util-linux"), "--reuid", user, "--regid", user, "--clear-groups", "--"]
    laid = {inner: inner for inner in files}
    inner = [bwrap, *APART, *environment, *_view(laid), *_hidden(files), *size, *shut, *python]
    enter = ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(group / "cgroup.procs")] if group else []
    return [*enter, *outer, *other, *inner]


@cache
def _files():
    """Where a file or folder is inside -> where it is here: the C library, Python, NumPy, `inside`."""
    base = Path(sys.base_prefix)
    files = {"/python/bin/" + PYTHON: (base / "bin" / PYTHON).resolve(), "/python/lib": base / "lib"}
    numpy = Path(np.__file__).parent
    files |= {"/packages/inside.py": Path(inside.__file__), "/packages/numpy": numpy}
    files |= {f"/packages/{path.name}": path for path in numpy.parent.glob("numpy.libs")}
    files |= {path: Path(path) for path in ("/usr/lib", "/usr/lib64") if Path(path).is_dir()}
    return files | {"/dev/null": Path("/dev/null")}


def _view(files):
    """bubblewrap's words for a read-only view of some files, and for /lib as it is here."""
    words = [
        w for folder in ("/dev", "/packages", "/python", "/python/bin", "/usr") for w in ("--dir", folder)
    ]
    for inner, here in files.items():
        words += ["--dev-bind" if inner == "/dev/null" else "--ro-bind", str(here), inner]
    for lib in (Path("/lib"), Path("/lib64")):
        if lib.is_symlink():
            words += ["--symlink", os.readlink(lib), str(lib)]
        elif lib.is_dir():
            words += ["--ro-bind", str(lib), str(lib)]
    return words


def _hidden(files):
    """bubblewrap's words that put nothing in the place of installed packages, ours among them."""
    words = []
    for lib in ("/python/lib", "/usr/lib"):
        for path in (f"{PYTHON}/site-packages", f"{PYTHON}/dist-packages", "python3/dist-packages"):
            if (files[lib] / path).is_dir():
                words += ["--tmpfs", f"{lib}/{path}", "--remount-ro", f"{lib}/{path}"]
    return words


def _tool(name, package):
    if sys.platform != "linux":
        raise NoSandbox(f"grading runs on Linux, where submissions can be shut off: this is {sys.platform}")
    if not (path := shutil.which(name)):
        raise NoSandbox(f"grading must have {name}: install it (Debian, Ubuntu: apt install {package})")
    return path


@cache
def _filter():
    try:
        return seccomp.program()
    except (OSError, AttributeError) as error:
        raise NoSandbox(
            f"grading must have libseccomp: {error}; install it (Debian, Ubuntu: apt install libseccomp2)"
        ) from error


def _file(data):
    """An open file in memory that holds this."""
    file = open(os.memfd_create("sandbox"), "w+b", buffering=0)
    file.write(data)
    file.seek(0)
    return file


def _why(said):
    """The sentence for a sandbox that did not start."""
    return (
        f"bubblewrap must be able to start a sandbox: it said '{said.strip()[-300:] or 'nothing'}'; allow user "
        "namespaces (Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0; in a container: start it "
        "with --privileged), or grade on a machine of your own"
    )


def _cgroup(slot, limits):
    """A control group with this slot's memory limit, where this account may make one, else None."""
    for top, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
        group = Path(top, f"tconv-{slot}")
        if os.geteuid() == 0 and Path(top, "cgroup.procs").exists():
            try:
                group.mkdir(exist_ok=True)
                (group / limit).write_text(str(limits.memory + limits.file_size))
                return group
            except OSError:
                _remove(group)
    return None


def _remove(group):
    """Remove a control group, unless another grader uses it or it never came to be."""
    try:
        group.rmdir()
    except OSError:
        pass
