"""Time, room and processes of a submission, and what is believed of what comes back."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandboxes import DOUBLE, HONEST, LIMITS, MARK, SLOT, cpu_seconds, groups, processes_of
from waiting import LONG, wait_until

from tconv_helpers.exercises.values import NotPlain, encode
from tconv_helpers.grading.sandbox import run as sandbox
from tconv_helpers.grading.sandbox.run import OVER, Failed, Limits, Process, run

pytestmark = pytest.mark.usefixtures("real_sandbox")
ROOT = Path(__file__).parents[3]


def test_what_is_not_defined_says_which_error_its_cell_had():
    cells = ["import torch\ndef f(x): pass", "def g(x) return x", "i = 3"]
    got = run(cells, {name: [(1,)] for name in "fgz"})
    assert [got[name][0].reason for name in "fgz"] == 3 * ["not defined"]
    assert got["f"][0].text == "ModuleNotFoundError: No module named 'torch'"
    assert got["g"][0].text.startswith("SyntaxError: expected ':'")
    assert got["z"][0].text == ""


def test_all_calls_of_an_exercise_share_its_time():
    calls = [(0.1,), *(4 * [(2.2,)])]
    got = run(["import time\ndef f(x):\n    time.sleep(x)"], {"f": calls}, Limits(seconds=4, budget=LONG))[
        "f"
    ]
    assert got[:2] == [None, None] and [f.reason for f in got[2:]] == 3 * ["out of time"]
    assert {f.seconds for f in got[2:]} == {4}  # the limit goes with it


def test_a_forged_failure_has_the_limit_that_was_given():
    forged = (
        "from course.grading.sandbox import inside\ninside.call = lambda *_: ['failed', 'out of time', '']"
    )
    got = run([forged, DOUBLE], {"double": [(1,)]}, Limits(seconds=90))
    assert [(f.reason, f.seconds) for f in got["double"]] == [("out of time", 90)]


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


@pytest.mark.parametrize("cells", [1000 * ["import time; time.sleep(0.15)"], ["import time; time.sleep(99)"]])
def test_the_whole_has_a_budget_of_its_own(cells):
    started = time.monotonic()
    got = run([*cells, DOUBLE], HONEST, Limits(seconds=LONG, budget=1.5))
    assert time.monotonic() - started < LONG
    assert {(f.reason, f.seconds) for f in got["double"]} == {(OVER, 1.5)}


def test_sleepers_in_every_exercise_cost_one_budget():
    names = [f"f{number}" for number in range(20)]
    cells = [f"def {name}():\n    import time\n    time.sleep(99)" for name in names]
    started = time.monotonic()
    got = run(cells, {name: [()] for name in names}, Limits(seconds=0.5, budget=3))
    assert time.monotonic() - started < LONG
    reasons = [got[name][0].reason for name in names]
    assert reasons[0] == "out of time" and reasons[-1] == OVER
    assert reasons == sorted(reasons, key=["out of time", OVER].index)


def test_threads_have_the_budget_of_cpu_time_together():
    cells = [
        "import hashlib, threading\n"
        "def f():\n"
        "    data = b'0' * 2**20\n"
        "    def burn():\n"
        "        while True: hashlib.sha256(data)\n"
        "    threads = [threading.Thread(target=burn) for _ in range(4)]\n"
        "    [thread.start() for thread in threads]\n"
        "    [thread.join() for thread in threads]\n"
    ]
    got = run(cells, {"f": [()]}, Limits(seconds=LONG, budget=2))["f"][0]
    assert got.reason in ("ended", OVER)


KILLED = """
from tconv_helpers.grading.sandbox import bubblewrap
from tconv_helpers.grading.sandbox.run import *
bubblewrap.START += MARK
run(["while 1: pass"], {"f": [()]}, Limits(LONG, budget=LONG), SLOT)
"""


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_goes_on_when_the_grader_is_killed(kill):
    slot = SLOT + 1
    code = KILLED.replace("MARK", repr(MARK)).replace("SLOT", str(slot)).replace("LONG", str(LONG))
    grader = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    wait_until(lambda: cpu_seconds(slot) > 0.6)  # past its start: in the endless loop
    grader.send_signal(kill)
    grader.wait()
    wait_until(lambda: not processes_of(slot))


def test_the_grader_keeps_no_descriptor_and_no_control_group():
    run([DOUBLE], HONEST)
    before = os.listdir("/proc/self/fd")
    run([DOUBLE, "while True: pass"], HONEST, LIMITS, SLOT + 2)
    assert os.listdir("/proc/self/fd") == before
    assert groups(SLOT + 2) == []


# What comes back


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
        data = json.dumps(["t", "value", encode(value)]).encode()
    except NotPlain:  # lists in lists in lists ...
        return
    assert repr(sandbox.parse(data, "t", 2**20)) == repr(value)


@given(
    st.binary(max_size=60)
    | st.recursive(plain, lambda p: st.lists(p, max_size=4)).map(lambda v: json.dumps(v).encode())
)
def test_any_other_bytes_are_no_result(data):
    with pytest.raises(sandbox._Lost):
        sandbox.parse(data, "token", 2**20)


def test_an_array_comes_back_as_bytes_only():
    array = np.arange(2)
    data = json.dumps(["t", "value", encode(array)]).encode()
    assert sandbox.parse(data, "t", 2**20).tolist() == [0, 1]
    data = json.dumps(["t", "value", encode(array, readable=True)]).encode()
    with pytest.raises(sandbox._Lost):
        sandbox.parse(data, "t", 2**20)


def test_whatever_stops_its_start_ends_the_sandbox(monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Process, "ask", stopped)
    process = Process(Limits(), 0, time.monotonic() + LONG)
    with pytest.raises(KeyboardInterrupt):
        process.__enter__()
    assert process.process.poll() is not None and process.process.stdin.closed
