"""Layers that shut a submission off: each by itself, with root and without, and what is said without one."""

import ctypes
import os
import struct
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from sandboxes import DOUBLE, HONEST, SLOT, groups, is_python, processes_of
from waiting import LONG, wait_until

from tconv_helpers.exercises.available import AVAILABLE, LEFT_OUT
from tconv_helpers.grading.sandbox import bubblewrap, seccomp, slots
from tconv_helpers.grading.sandbox import run as sandbox
from tconv_helpers.grading.sandbox.run import Limits, NoSandbox, Process, run

pytestmark = pytest.mark.usefixtures("real_sandbox")
ROOT = Path(__file__).parents[3]


def test_seen_from_outside_it_has_nothing_of_ours():
    """Each layer by itself, as the kernel tells it: some stand behind others, where no attack gets."""
    with Process(Limits(), SLOT, time.monotonic() + LONG) as process:
        process.begin()
        process.ask("cell", "pass")
        (inside_it,) = [Path(f"/proc/{each}") for each in processes_of(SLOT) if is_python(each)]
        ours = {path.name: path.readlink() for path in Path("/proc/self/ns").iterdir()}
        shared = {name for name, space in ours.items() if (inside_it / "ns" / name).readlink() == space}
        status = dict(line.split(":\t", 1) for line in (inside_it / "status").read_text().splitlines())
        environment = {word.split("=")[0] for word in (inside_it / "environ").read_text().split("\0") if word}
    assert shared <= {"time", "time_for_children"}  # a clock is no secret
    assert {int(status[f"Cap{which}"], 16) for which in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Groups"].split()) == ("1", "2", [])
    assert environment <= {*bubblewrap.ENVIRONMENT, "PWD"}
    if os.geteuid() == 0:
        assert set(status["Uid"].split()) == {str(slots.FIRST_USER + SLOT)}


ALLOW_ALL = struct.pack("HBBI", 6, 0, 0, 0x7FFF0000)  # the seccomp program "return ALLOW"
BEHIND = """
import ctypes, os, socket, time
libc = ctypes.CDLL(None, use_errno=True)

def network():
    with socket.socket() as door:
        return [name for _, name in socket.if_nameindex()], door.connect_ex(("127.0.0.1", PORT)) == 0

def processes():
    return [os.path.exists("/proc"), os.getppid() == 1, os.getsid(0) > 0, libc.kill(PID, 0)]

def rights():
    done = [libc.unshare(0x10000000), libc.unshare(0x20000), libc.sethostname(b"mine", 4), libc.setuid(0)]
    return [*done, libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), os.uname().nodename]

def children():
    started = 0
    try:
        while started < 20:
            if os.fork() == 0:
                os.setsid()
                time.sleep(1000)
            started += 1
    except OSError:
        pass
    return 0 < started < 8

def forever():
    time.sleep(1000)
"""


def test_what_is_behind_seccomp_holds_without_it(outside, monkeypatch):
    monkeypatch.setattr(sandbox, "seccomp_program", lambda: ALLOW_ALL)
    cells = BEHIND.replace("PORT", str(outside[3]["PORT"])).replace("PID", str(outside[3]["PID"]))
    names = ("network", "processes", "rights", "children", "forever")
    got = run([cells], {name: [()] for name in names}, slot=SLOT)
    assert got["network"] == [(["lo"], False)]
    assert got["processes"] == [[False, True, True, -1]]
    assert got["rights"] == [[-1, -1, -1, -1, -1, "sandbox"]]
    assert got["children"] == [True] and got["forever"][0].reason == "out of time"
    wait_until(lambda: not processes_of(SLOT), sandbox.START)


READ_ONLY = "OSError: [Errno 30] Read-only file system: '/tmp/new'"
AS_ANOTHER = """
import os
from tconv_helpers.grading.sandbox.doctor import doctor
from tconv_helpers.grading.sandbox.run import run
assert os.geteuid() == 4321
ours = "dev lib lib64 libraries packages python tmp".split()
cells = ["import os", "def f(x): return [2 * x, os.getuid(), sorted(set(os.listdir('/')) - set(ours))]"]
cells += [f"ours = {ours}", "def g(): os.fork()", "def h(): os.mkdir('/tmp/new')"]
cells += ["def i(): open('/tmp/new', 'w')"]
results = run(cells, {"f": [(2,)], "g": [()], "h": [()], "i": [()]})
print(results["f"], [results[name][0].text for name in "ghi"])
print([attack for attack, held, came in doctor() if not held])
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="without root, all the other tests show this")
def test_it_holds_without_root_too():
    """For an account other than root, to which Python and the course are shown, wherever root keeps them."""
    packages, course = Path(np.__file__).parents[1], ROOT / "tconv_helpers"
    shown = {"python": sys.base_prefix, "packages": packages, "tconv_helpers": course}
    view = ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc"]
    view += ["--perms", "1777", "--tmpfs", "/tmp"]
    view += [word for name, path in shown.items() for word in ("--ro-bind", str(path), f"/tmp/{name}")]
    for name, value in {"PYTHONPATH": "/tmp:/tmp/packages", "LD_LIBRARY_PATH": "/tmp/python/lib"}.items():
        view += ["--setenv", name, value]
    become = ["setpriv", "--reuid", "4321", "--regid", "4321", "--clear-groups"]
    python = [f"/tmp/python/bin/{bubblewrap.PYTHON}", "-c", AS_ANOTHER]
    command = ["bwrap", *view, "--", *become, *python]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    refused = ["OSError: [Errno 38] Function not implemented", *(2 * [READ_ONLY])]
    assert done.stdout == f"{[[4, 65534, []]]} {refused}\n[]\n"


# Where something is missing


def fake(folder, name, text):
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def test_without_bubblewrap_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        NoSandbox, match=r"grading must have bwrap: install it \(Debian, Ubuntu: apt install bubbl"
    ):
        run([DOUBLE], HONEST, slot=SLOT)
    assert groups(SLOT) == []


def test_where_bubblewrap_is_not_permitted_it_says_what_to_allow(tmp_path, monkeypatch):
    for name in ("bwrap", "setpriv"):
        fake(tmp_path, name, "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        NoSandbox, match="it said 'bwrap: setting up uid map: Permission denied'; install bubble"
    ):
        run([DOUBLE], HONEST)


def test_elsewhere_than_on_linux_it_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(os, "memfd_create")
    monkeypatch.setattr(bubblewrap, "files", None)
    with pytest.raises(
        NoSandbox, match="grading runs on Linux, where submissions can be shut off: this is darwin"
    ):
        run([DOUBLE], HONEST)


def test_without_libseccomp_it_says_what_to_install(monkeypatch):
    def program():
        raise OSError("libseccomp.so.2: cannot open shared object file")

    monkeypatch.setattr(bubblewrap.seccomp, "program", program)
    bubblewrap.seccomp_program.cache_clear()
    with pytest.raises(NoSandbox, match=r"grading must have libseccomp: .*apt install libseccomp2"):
        run([DOUBLE], HONEST)


def test_the_files_inside_are_no_more_than_it_needs():
    libraries = {path for path in bubblewrap.files() if path.startswith("/lib")}
    assert set(bubblewrap.files()) - libraries <= {
        *(bubblewrap.STANDARD, f"/python/bin/{bubblewrap.PYTHON}", "/dev/null"),
        *("/packages/numpy", "/packages/numpy.libs"),
        *("/packages/course/exercises/values.py", "/packages/course/grading/sandbox/inside.py"),
    }
    assert all(bubblewrap.files()[path].is_file() for path in libraries) and len(libraries) < 40
    assert not any(word in path for path in libraries for word in ("ssl", "tk", "X11", "krb5", "curses"))


def test_a_sandbox_imports_what_an_answer_may_import():
    elsewhere = {"_android_support", "_apple_support", "_ios_support"}  # of the library on every system
    names = sorted(name for name in AVAILABLE - {"this", "antigravity"} - elsewhere if find_spec(name))
    cells = ["from importlib import import_module", "def f(name):\n    import_module(name)"]
    got = run(cells, {"f": [(name,) for name in names]}, Limits(seconds=LONG, budget=LONG))["f"]
    assert {name: result for name, result in zip(names, got, strict=True) if result is not None} == {}
    names = sorted(set().union(*LEFT_OUT.values()))
    got = run(cells, {"f": [(name,) for name in names]}, Limits(seconds=LONG, budget=LONG))["f"]
    assert {getattr(result, "reason", result) for result in got} == {"raised"}


FLOOD = """
import os

def folders():
    for number in range(2**30):
        os.mkdir(f"/tmp/{number}")

def files():
    for number in range(2**30):
        os.close(os.open(f"/tmp/file{number}", os.O_CREAT | os.O_WRONLY))

def without_a_name():
    return os.open("/tmp", os.O_TMPFILE | os.O_WRONLY)
"""


def test_nothing_is_made_where_no_group_counts_the_kernels_memory(monkeypatch):
    monkeypatch.setattr(sandbox, "make_group", lambda *_: None)
    got = run([FLOOD, DOUBLE], {name: [()] for name in ("folders", "files", "without_a_name")} | HONEST)
    assert [got[name][0].text[:15] for name in ("folders", "files", "without_a_name")] == 3 * [READ_ONLY[:15]]
    assert got["double"][0] == 4


def test_a_group_counts_the_kernels_memory(monkeypatch):
    if not slots.counts_kernel_memory():
        pytest.skip("control groups can be made by root, where they are mounted for writing")
    monkeypatch.setattr(sandbox, "make_group", lambda slot, memory: slots.make_group(slot, 2**27))
    own = slots.slot_of_this_process()  # whose group no other test's sweep takes for a dead process's
    for flood in ("folders", "files"):
        got = run([FLOOD, DOUBLE], {flood: [()]} | HONEST, Limits(seconds=LONG, budget=LONG), own)
        assert got[flood][0].reason == "ended" and got["double"][0] == 4


PAST = """
import ctypes

def call(number):
    ctypes.set_errno(0)
    done = ctypes.CDLL(None, use_errno=True).syscall(number, 0, 0, 0, 0, 0, 0)
    return ctypes.get_errno() if done == -1 else 0
"""
ENXIO, ENOSYS = 6, 38


def test_no_call_exists_that_is_not_named():
    """Call all numbers, but for two that newer kernels let past any filter, and which then do nothing."""
    library = ctypes.CDLL("libseccomp.so.2")
    names = (seccomp.FILES + seccomp.MEMORY + seccomp.TIME + seccomp.PROCESS).split()
    names += [name for name, _ in seccomp.SOME]
    named = {library.seccomp_syscall_resolve_name(name.encode()) for name in names}
    numbers = sorted(set(range(600)) - named - set(seccomp.PAST_THE_FILTER))
    got = run([PAST], {"call": [(number,) for number in numbers]}, Limits(seconds=LONG, budget=LONG))["call"]
    assert [number for number, error in zip(numbers, got, strict=True) if error != ENOSYS] == []


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="these numbers are x86_64's")
def test_what_the_kernel_lets_past_the_filter_does_nothing():
    uretprobe, uprobe = seccomp.PAST_THE_FILTER
    got = run([PAST, DOUBLE], {"call": [(uprobe,), (uretprobe,)]} | HONEST)
    assert got["call"][0] in (ENXIO, ENOSYS)
    assert got["call"][1] == ENOSYS or got["call"][1].reason == "ended"
    assert got["double"][0] == 4
