"""`tconv doctor`: attack the sandbox on this machine, and see whether it holds."""

import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from . import slots
from .run import Failed, Limits, require, run

UNSEEN = "use a system call that no filter sees"
FOLDERS = "make folders whose memory nobody counts"
COUNTED = "made one, and its control group counted it"
SWEPT = "leave a control group behind, its grader killed"
# What is done -> the body of a function that does it and returns what it got, and what must come of it.
ATTACKS = {
    "read a file of another folder": ("return open('FOLDER/secret').read()", "raised"),
    "write a file into another folder": ("return open('FOLDER/new', 'w').write('new')", "raised"),
    "write beside Python's own files": ("return open('/packages/numpy/new.py', 'w').write('new')", "raised"),
    "fill the disk": ("return open('/tmp/vast', 'wb').write(bytes(2**26)) > 2**24", "raised"),
    "read the system's files": ("import os\nreturn os.listdir('/usr/lib')", "raised"),
    "see other processes": ("import os\nreturn os.listdir('/proc')", "raised"),
    "end another process": ("import os\nreturn os.kill(PID, 9)", "raised"),
    "reach a port of this machine": (
        "import socket\nreturn str(socket.create_connection(('127.0.0.1', PORT)))",
        "raised",
    ),
    "start a process": ("import os\nreturn os.fork()", "raised"),
    "enter namespaces of its own": (
        "import ctypes\nreturn ctypes.CDLL(None).unshare(0x10000000) == 0 or None",
        None,
    ),
    UNSEEN: ("import ctypes\nreturn ctypes.CDLL(None).syscall(335) >= 0 or None", None),
    "use the other such call": ("import ctypes\nreturn ctypes.CDLL(None).syscall(336) >= 0 or None", None),
    "trace a process": ("import ctypes\nreturn ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0 or None", None),
    "read the grader's environment": (
        "import os\nreturn os.environ.get('HOME') or os.environ.get('USER')",
        None,
    ),
    "import the course's package": ("import tconv_helpers\nreturn tconv_helpers.__file__", "raised"),
    "take all the memory": ("return np.ones(2**34).size", "out of memory"),
    FOLDERS: (f"import os\nreturn os.mkdir('/tmp/new') or {COUNTED!r}", "raised"),
    "never return": ("while True: pass", "out of time"),
    "end its own process": ("import os\nos._exit(0)", "ended"),
    "send a result past the runner": (
        'import os\nos.write(4, b\'\\0\\0\\0\\x0f["","value",100]\')',
        "not a plain result",
    ),
}

HONEST = "spoil an honest exercise in the same notebook"


def doctor():
    """Return [(attack, whether the sandbox held, what came of it)]; NoSandbox where there is none."""
    require()
    swept = SWEPT, *_swept()
    folder = Path(tempfile.mkdtemp(prefix="tconv-doctor-"))
    folder.chmod(0o777)  # or its own rights would keep an attack out
    (folder / "secret").write_text("secret")
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with socket.create_server(("127.0.0.1", 0)) as door:
            words = {"FOLDER": str(folder), "PID": str(other.pid), "PORT": str(door.getsockname()[1])}
            return [*_attack(words), swept]
    finally:
        other.kill()
        other.communicate()
        shutil.rmtree(folder)


def _swept():
    """Return (whether a control group of a killed grader goes, what came of it)."""
    group = slots.make_group(slots.MOST + 2**22 + 1, 2**27)  # no process has this number
    slots.sweep_groups()
    if group is None:
        return True, "no control groups can be made here"
    return not group.exists(), f"{group} was left" if group.exists() else "swept"


def _attack(words):
    """Run all attacks as one submission, whose last exercise is an honest one."""
    cells, inputs = [], {}
    for number, (body, _) in enumerate(ATTACKS.values()):
        for word, value in words.items():
            body = body.replace(word, value)
        cells.append(f"def attack{number}():\n    " + body.replace("\n", "\n    "))
        inputs[f"attack{number}"] = [()]
    cells.append("def double(x):\n    return 2 * x")
    results = run(cells, {**inputs, "double": [(21,)]}, replace(Limits(), seconds=1.0))
    expected = {attack: (must,) for attack, (_, must) in ATTACKS.items()}
    expected[FOLDERS] = (COUNTED,) if slots.counts_kernel_memory() else ("raised",)
    expected[UNSEEN] = ("ended", None)  # newer kernels let it past any filter, and end who makes it
    found = [_found(*pair, results[name][0]) for pair, name in zip(expected.items(), inputs, strict=True)]
    return [*found, _found(HONEST, (42,), results["double"][0])]


def _found(attack, expected, result):
    failed = isinstance(result, Failed)
    came = f"{result.reason}: {result.text}".rstrip(": ") if failed else repr(result)
    return attack, (result.reason if failed else result) in expected, came[:60]
