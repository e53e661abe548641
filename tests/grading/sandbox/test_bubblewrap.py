"""What shuts a submission off: each layer by itself, with root and without, and what is said without one."""

import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from sandboxes import DOUBLE, HONEST, SLOT, groups, is_python, processes_of
from waiting import LONG, wait_until

from tconv_helpers.grading.sandbox import bubblewrap, slots
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


AS_ANOTHER = """
import os
from tconv_helpers.grading.sandbox.run import run
assert os.geteuid() == 4321
ours = "dev lib lib32 lib64 libx32 packages python tmp usr".split()
cells = ["import os", "def f(x): return [2 * x, os.getuid(), sorted(set(os.listdir('/')) - set(ours))]"]
print(run([*cells, f"ours = {ours}", "def g(): os.fork()"], {"f": [(2,)], "g": [()]}))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="without root, all the other tests show this")
def test_it_holds_without_root_too():
    """For an account other than root, to which Python and the course are shown, wherever root keeps them."""
    packages, course = Path(np.__file__).parents[1], ROOT / "tconv_helpers"
    shown = {"python": sys.base_prefix, "packages": packages, "tconv_helpers": course}
    view = ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc", "--tmpfs", "/tmp"]
    view += [word for name, path in shown.items() for word in ("--ro-bind", str(path), f"/tmp/{name}")]
    for name, value in {"PYTHONPATH": "/tmp:/tmp/packages", "LD_LIBRARY_PATH": "/tmp/python/lib"}.items():
        view += ["--setenv", name, value]
    become = ["setpriv", "--reuid", "4321", "--regid", "4321", "--clear-groups"]
    python = [f"/tmp/python/bin/{bubblewrap.PYTHON}", "-c", AS_ANOTHER]
    command = ["bwrap", *view, "--", *become, *python]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    assert "{'f': [[4, 65534, []]], 'g': [Failed(reason='raised', text='OSError" in done.stdout


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
    assert set(bubblewrap.files()) <= {
        *("/usr/lib", "/usr/lib64", "/python/lib", f"/python/bin/{bubblewrap.PYTHON}", "/dev/null"),
        *("/packages/numpy", "/packages/numpy.libs"),
        *("/packages/course/exercises/values.py", "/packages/course/grading/sandbox/inside.py"),
    }
