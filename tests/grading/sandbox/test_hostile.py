"""The sandbox under attack: each hostile submission gets what it must, and nothing outside changes."""

import time
import tomllib
from pathlib import Path

import pytest
from sandboxes import DOUBLE, HONEST, SLOT, SPARE, processes_of
from waiting import LONG, wait_until

from tconv_helpers.grading.sandbox.inside import pack
from tconv_helpers.grading.sandbox.run import START, Failed, Limits, Process, run

pytestmark = pytest.mark.usefixtures("real_sandbox")
FOLDER = Path(__file__).parents[1] / "hostile"


def submissions(topic):
    return tomllib.loads((FOLDER / f"{topic}.toml").read_text(encoding="utf-8"))


ENDLESS = submissions("time")
HOSTILE = ENDLESS | {
    name: case
    for topic in ("memory", "processes", "reach", "forgery", "values")
    for name, case in submissions(topic).items()
}


def state(folder):
    """Return all that can be seen of a folder and of what is in it."""
    paths = [folder, *sorted(folder.rglob("*"))]
    return [(str(p), p.stat().st_mode, p.stat().st_mtime_ns, p.is_file() and p.read_bytes()) for p in paths]


def same(got, expected):
    """Return whether a result is exactly what a table of tests/grading/hostile says."""
    if isinstance(expected, str):
        return isinstance(got, Failed) and got.reason == expected
    return type(got) is type(expected["value"]) and repr(got) == repr(expected["value"])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_submission_gets_what_it_must(outside, name):
    bait, door, victim, words = outside
    case, before = HOSTILE[name], state(bait)
    cells = case.get("cells") or [case["code"]]
    for word, value in words.items():
        cells = [cell.replace(word, str(value)) for cell in cells]
    inputs = {"attack": [(3,), (5,)], **HONEST, **({} if "seconds" in case else SPARE)}
    ends = "out of time" not in case["gets"] and name not in ENDLESS
    results = run(
        [DOUBLE, *cells], inputs, Limits(LONG if ends else case.get("seconds", 1), budget=LONG), SLOT
    )
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
    wait_until(lambda: not processes_of(SLOT), START)
    with pytest.raises(BlockingIOError):
        door.accept()
    for failed in results["attack"]:
        if isinstance(failed, Failed):
            assert failed.text.isprintable() and len(failed.text) <= 200


def test_the_set_is_large_enough():
    assert len(HOSTILE) >= 60


def test_an_attack_beside_it_costs_an_honest_submission_nothing():
    attack = HOSTILE["endless_loop_ignoring_signals"]["code"]
    with Process(Limits(seconds=LONG, budget=LONG), SLOT, time.monotonic() + LONG) as process:
        process.begin()
        process.ask("cell", attack)
        process._write(pack(["0", "call", "attack", [3], 100]))
        results = run([DOUBLE], HONEST, slot=SLOT + 1)
    assert results["double"][0] == 4
