"""The sandbox under attack: each hostile submission gets what it must, and nothing outside changes."""

import base64
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner
from waiting import LONG, wait_until

from tconv_helpers.cli import app
from tconv_helpers.exercises.table import LinearMap
from tconv_helpers.grading.sandbox import bubblewrap, doctor, inside
from tconv_helpers.grading.sandbox import run as sandbox
from tconv_helpers.grading.sandbox.doctor import ATTACKS
from tconv_helpers.grading.sandbox.run import Failed, Limits, NoSandbox, Process, require, run

pytestmark = pytest.mark.usefixtures("real_sandbox")
ROOT = Path(__file__).parents[3]


def submissions(topic):
    return tomllib.loads((ROOT / f"tests/grading/hostile/{topic}.toml").read_text(encoding="utf-8"))


ENDLESS = submissions("time")
HOSTILE = ENDLESS | {
    name: case
    for topic in ("memory", "processes", "reach", "forgery", "values")
    for name, case in submissions(topic).items()
}
LIMITS = Limits(seconds=1)
SLOT = 77
DOUBLE = "def double(x):\n    return 2 * x"
HONEST = {"double": [(2,), (np.arange(3),)]}
SPARE = {f"spare{i}": [] for i in range(20)}  # each adds to the time of all, and to the launches


@pytest.fixture(scope="module")
def outside():
    """What an attack must not reach: a folder, a port, a process; and the words that stand for them."""
    bait = Path(tempfile.mkdtemp(prefix="bait"))
    bait.chmod(0o777)
    (bait / "secret").write_text("SECRET-ANSWER")
    (bait / "secret").chmod(0o666)
    (bait / "bait.py").write_text("")
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        yield bait, door, victim, {"BAIT": bait, "PORT": door.getsockname()[1], "PID": victim.pid}
    victim.kill()
    victim.communicate()
    shutil.rmtree(bait)


def state(folder):
    """All that can be seen of a folder and of what is in it."""
    paths = [folder, *sorted(folder.rglob("*"))]
    return [(str(p), p.stat().st_mode, p.stat().st_mtime_ns, p.is_file() and p.read_bytes()) for p in paths]


def same(got, expected):
    """Whether a result is exactly what a table of tests/hostile says."""
    if isinstance(expected, str):
        return isinstance(got, Failed) and got.reason == expected
    return type(got) is type(expected["value"]) and repr(got) == repr(expected["value"])


def processes_of(slot):
    """The ids of the processes of a slot: those of its account or, without root, with its command."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            user, words = folder.stat().st_uid, (folder / "cmdline").read_bytes()
        except OSError:
            continue
        mine = (
            user == bubblewrap.FIRST_USER + slot if os.geteuid() == 0 else bubblewrap.START.encode() in words
        )
        found += [int(folder.name)] if mine else []
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_submission_gets_what_it_must(outside, name):
    bait, door, victim, words = outside
    case, before = HOSTILE[name], state(bait)
    cells = case.get("cells") or [case["code"]]
    for word, value in words.items():
        cells = [cell.replace(word, str(value)) for cell in cells]
    inputs = {"attack": [(3,), (5,)], **HONEST, **({} if "seconds" in case else SPARE)}
    ends = "out of time" not in case["gets"] and name not in ENDLESS
    results = run([DOUBLE, *cells], inputs, Limits(seconds=LONG if ends else case.get("seconds", 1)), SLOT)
    gets = case["gets"] if isinstance(case["gets"], list) else 2 * [case["gets"]]
    assert [same(*pair) for pair in zip(results["attack"], gets, strict=True)] == [True, True], results[
        "attack"
    ]
    if "double" in case:
        assert same(results["double"][0], case["double"])
    else:
        assert results["double"][0] == 4 and results["double"][1].tolist() == [0, 2, 4]
    assert state(bait) == before
    assert victim.poll() is None
    wait_until(lambda: not processes_of(SLOT), sandbox.START)
    with pytest.raises(BlockingIOError):
        door.accept()
    for failed in results["attack"]:
        if isinstance(failed, Failed):
            assert failed.text.isprintable() and len(failed.text) <= 200


def test_the_set_is_large_enough():
    assert len(HOSTILE) >= 60


def test_an_attack_beside_it_costs_an_honest_submission_nothing():
    attack = HOSTILE["endless_loop_ignoring_signals"]["code"]
    with Process(Limits(seconds=LONG), SLOT, time.monotonic() + LONG) as process:
        process.begin()
        process.ask("cell", attack)
        process._write(inside.pack(["0", "call", "attack", [3], 100]))
        results = run([DOUBLE], HONEST, slot=SLOT + 1)
    assert results["double"][0] == 4


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
        assert set(status["Uid"].split()) == {str(bubblewrap.FIRST_USER + SLOT)}


def is_python(process):
    return Path(f"/proc/{process}/cmdline").read_bytes().startswith(b"/python/bin/")


def test_results_are_plain_and_of_the_base_class():
    cells = [f"def f(number):\n    return [{', '.join(text for text, _ in VALUES)}][number]"]
    got = run(cells, {"f": [(i,) for i in range(len(VALUES))]})["f"]
    for mine, (_, value) in zip(got, VALUES, strict=True):
        assert type(mine) is type(value) and repr(mine) == repr(value)
        if isinstance(value, np.ndarray):
            assert type(mine) is np.ndarray and mine.dtype == value.dtype
            assert mine.flags.c_contiguous and mine.flags.owndata and mine.flags.writeable


VALUES = [
    ("1", 1),
    ("-2.5", -2.5),
    ("True", True),
    ("None", None),
    ("'same'", "same"),
    ("float('inf')", float("inf")),
    ("np.int64(3)", 3),
    ("np.bool_(True)", True),
    ("np.float32(0.5)", 0.5),
    ("(1, [2.0, None])", (1, [2.0, None])),
    ("np.array(3)", np.array(3)),
    ("np.zeros((0, 2))", np.zeros((0, 2))),
    ("np.arange(6).reshape(2, 3).T", np.arange(6).reshape(2, 3).T.copy()),
    ("np.arange(6)[::-2]", np.arange(6)[::-2].copy()),
    ("np.arange(3, dtype='>i4')", np.arange(3, dtype="i4")),
    ("np.ones(2, bool)", np.ones(2, bool)),
    ("np.ones(2, 'f2')", np.ones(2, "f2")),
]


def test_functions_come_as_functions_and_arguments_are_new_each_time():
    cells = ["def f(A, v):\n    return A(v)", "def g(v):\n    v += 1\n    return v"]
    v = np.arange(2)
    got = run(cells, {"f": [(LinearMap([[1, 2], [3, 4]]), v)], "g": [(v,), (v,)]})
    assert got["f"][0].tolist() == [2, 4]
    assert [f.reason for f in got["g"]] == ["changed its input"] * 2
    assert got["g"][1].value.tolist() == [1, 2] and v.tolist() == [0, 1]


def test_cells_share_a_namespace_and_an_error_stops_its_own_cell_only():
    cells = ["a = 3", "def f(x):\n    return a * g(x)", "1 / 0\na = 4", "%time\n!ls\ndef g(x):\n    return x"]
    assert run(cells, {"f": [(2,)]}) == {"f": [6]}


def test_what_is_not_defined_says_which_error_its_cell_had():
    cells = ["import torch\ndef f(x): pass", "def g(x) return x", "i = 3"]
    got = run(cells, {name: [(1,)] for name in "fgz"})
    assert [got[name][0].reason for name in "fgz"] == 3 * ["not defined"]
    assert got["f"][0].text == "ModuleNotFoundError: No module named 'torch'"
    assert got["g"][0].text.startswith("SyntaxError: expected ':'")
    assert got["z"][0].text == ""


def test_an_exception_is_named_first():
    got = run(["def f(x):\n    raise ValueError('n < m')"], {"f": [(1,)]})
    assert got == {"f": [Failed("raised", "ValueError: n < m")]}


def test_all_calls_of_an_exercise_share_its_time():
    calls = [(0.1,), *(4 * [(2.2,)])]
    got = run(["import time\ndef f(x):\n    time.sleep(x)"], {"f": calls}, Limits(seconds=4))["f"]
    assert got[:2] == [None, None] and [f.reason for f in got[2:]] == 3 * ["out of time"]


def test_all_results_of_an_exercise_share_its_room():
    cells = ["def f(n):\n    return np.zeros(n, 'u1')", DOUBLE]
    got = run(cells, {"f": 4 * [(30_000,)], **HONEST}, Limits(output=100_000))
    assert [isinstance(r, Failed) and r.reason for r in got["f"]] == [False, False, "too large", "too large"]
    assert got["double"][0] == 4


def test_launches_are_bounded_by_the_exercises(monkeypatch):
    launched = []
    enter = Process.__enter__
    monkeypatch.setattr(Process, "__enter__", lambda self: launched.append(1) or enter(self))
    run([DOUBLE], {"double": 40 * [(1,)], "other": [()], "third": [()]})
    assert len(launched) == 1
    names = [f"f{i}" for i in range(4)]
    cells = [
        *(f"def f{i}(x):\n    import os\n    os._exit(0)" for i in range(4)),
        *(20 * ["import os; os._exit(0)"]),
    ]
    got = run(cells, {name: [()] for name in names})
    assert len(launched) == 1 + 5
    assert {f.reason for name in names for f in got[name]} <= {
        "ended",
        "raised",
        "not defined",
        "out of time",
    }


def test_the_whole_has_a_time_of_its_own():
    cells = 100 * LONG * ["import time; time.sleep(0.15)"]
    started = time.monotonic()
    got = run([*cells, DOUBLE], HONEST, Limits(seconds=0.5))
    assert time.monotonic() - started < LONG
    assert {f.reason for f in got["double"]} == {"out of time"}


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_goes_on_when_the_grader_is_killed(kill):
    code = "from tconv_helpers.grading.sandbox.run import *\n"
    code += f"run(['while 1: pass'], {{'f': [()]}}, Limits({LONG}), 78)"
    grader = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    wait_until(lambda: cpu_seconds(78) > 0.6)  # past its start: in the endless loop
    grader.send_signal(kill)
    grader.wait()
    wait_until(lambda: not processes_of(78))


def cpu_seconds(slot):
    """The time that the processes of a slot have used."""
    ticks = 0
    for process in processes_of(slot):
        with suppress(OSError):  # it ended in between
            ticks += int(Path(f"/proc/{process}/stat").read_text().split()[13])
    return ticks / os.sysconf("SC_CLK_TCK")


def test_the_grader_keeps_no_descriptor_and_no_control_group():
    run([DOUBLE], HONEST)
    before = os.listdir("/proc/self/fd")
    run([DOUBLE, "while True: pass"], HONEST, LIMITS, 79)
    assert os.listdir("/proc/self/fd") == before
    assert groups(79) == []


def groups(slot):
    """The control groups of a slot that are there."""
    return [path for top in ("memory/", "") for path in Path("/sys/fs/cgroup").glob(f"{top}tconv-{slot}")]


def test_the_control_group_holds_the_memory(monkeypatch):
    group = bubblewrap.make_group(80, 2**27)
    if group is None:
        pytest.skip("control groups can be made by root, where they are mounted for writing")
    bubblewrap.remove_group(group)
    monkeypatch.setattr(sandbox, "make_group", lambda slot, memory: bubblewrap.make_group(slot, 2**27))
    got = run(["def f():\n    return np.ones(2**25).sum()", DOUBLE], {"f": [()], **HONEST}, slot=80)
    assert got["f"][0].reason == "ended" and got["double"][0] == 4  # half of what its address space may be


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
import os, sys
sys.path.insert(0, ROOT)
from tconv_helpers.grading.sandbox.run import run
assert os.geteuid() == 4321
ours = "dev lib lib32 lib64 libx32 packages python tmp usr".split()
cells = ["import os", "def f(x): return [2 * x, os.getuid(), sorted(set(os.listdir('/')) - set(ours))]"]
print(run([*cells, f"ours = {ours}", "def g(): os.fork()"], {"f": [(2,)], "g": [()]}))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="without root, all the other tests show this")
def test_it_holds_without_root_too():
    """For an account other than root, in a view of this machine where it can read Python and the course."""
    home, shown = Path.home(), (Path(sys.prefix), Path(sys.base_prefix), ROOT / "tconv_helpers")
    above = {parent for path in shown for parent in path.parents if home in parent.parents}
    words = [word for path in sorted(above) for word in ("--dir", str(path))]
    words += [word for path in shown for word in ("--ro-bind", str(path), str(path))]
    view = ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc"]
    view += ["--tmpfs", str(home)]
    become = ["setpriv", "--reuid", "4321", "--regid", "4321", "--clear-groups"]
    python = [sys.executable, "-c", AS_ANOTHER.replace("ROOT", repr(str(ROOT)))]
    command = ["bwrap", *view, *words, "--", *become, *python]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    assert "{'f': [[4, 65534, []]], 'g': [Failed(reason='raised', text='OSError" in done.stdout


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


def test_the_doctor_attacks_and_says_so():
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0, done.output
    assert done.output.count("held") == len(ATTACKS) + 1 and "DID NOT HOLD" not in done.output


def test_the_doctor_says_when_the_sandbox_does_not_hold(monkeypatch):
    monkeypatch.setattr(doctor, "run", lambda cells, inputs, limits: {name: ["got in"] for name in inputs})
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert (
        done.output.count("DID NOT HOLD") == len(ATTACKS) + 1
        and "do not grade on this machine" in done.output
    )


def test_the_doctor_refuses_without_a_sandbox(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    require.cache_clear()
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1 and "grading runs on Linux" in done.output


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats()
    | st.text(st.characters(max_codepoint=126), max_size=9),
    lambda parts: st.lists(parts, max_size=3) | st.tuples(parts, parts),
    max_leaves=6,
)


@given(plain)
def test_a_plain_value_comes_back_as_it_was(value):
    try:
        data = json.dumps(["t", "value", inside.encode(value)]).encode()
    except inside.NotPlain:  # lists in lists in lists ...
        return
    assert repr(sandbox.parse(data, "t", 2**20)) == repr(value)


@given(
    st.binary(max_size=60)
    | st.recursive(plain, lambda p: st.lists(p, max_size=4)).map(lambda v: json.dumps(v).encode())
)
def test_any_other_bytes_are_no_result(data):
    with pytest.raises(sandbox._Lost):
        sandbox.parse(data, "token", 2**20)


shapes = st.lists(st.integers(-1, 3) | st.sampled_from([2**31, 2**62, True, 1.0, None]), max_size=4)
texts = st.sampled_from(["", "AA==", "AAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAA==", "AAA", "\u00e4", "A A="])
dtypes = st.sampled_from(
    [*sorted(inside.DTYPES), "object", "O", "float128", "V8", "datetime64[D]", "<U9", "complex128"]
)


@given(dtypes, shapes, texts)
def test_any_claim_of_an_array_is_an_array_or_nothing(dtype, shape, text):
    try:
        array = inside.decode(["array", dtype, shape, text], 1000)
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
    with pytest.raises(inside.NotPlain):
        inside.decode(["array", dtype, shape, base64.b64encode(bytes(size)).decode()], 1000)


def test_the_files_inside_are_no_more_than_it_needs():
    assert set(bubblewrap.files()) <= {
        *("/usr/lib", "/usr/lib64", "/python/lib", f"/python/bin/{bubblewrap.PYTHON}", "/dev/null"),
        *("/packages/inside.py", "/packages/numpy", "/packages/numpy.libs"),
    }
