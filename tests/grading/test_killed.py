"""Kill -9 of the grader, and of a Dask worker, at random moments: the same grades, once each."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import BOOK, FLIPPED, all_right, edition, hand_in
from waiting import LONG

from tconv_helpers.grading.course import Course
from tconv_helpers.grading.grade import grade_class
from tconv_helpers.grading.pool import cluster_workers

pytestmark = pytest.mark.usefixtures("real_sandbox")
HERE = Path(__file__).parents[1] / "helpers"


def test_killed_at_any_moment_and_resumed(tmp_path, students=24, rounds=5, kills=6):
    command = [sys.executable, HERE / "killed.py", tmp_path / "class", students, rounds, kills]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run([*map(str, command)], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    undisturbed, *disturbed = map(json.loads, done.stdout.splitlines())
    expected = {f"s{number:02}": 2 * (number % 3 == 0) for number in range(students)}
    for told in (undisturbed, *disturbed):
        assert told["results"] == expected
        assert told["gradebook"] == [[student, points, 9] for student, points in expected.items()]
        assert (told["files"], told["parts"]) == (students + 2, 0)  # a seed and a lock beside the results
    killed = [kill for told in disturbed for kill in told["kills"]]
    assert len(killed) == rounds * kills
    assert [code for code, _ in killed].count(-signal.SIGKILL) > len(killed) / 2
    assert any(0 < count < students for _, count in killed)  # some died on the way


@pytest.fixture
def dask(tmp_path):
    """Give the file that tells the address of a cluster of two workers, and their processes."""
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    file, started = tmp_path / "scheduler.json", []

    def launch(*words):
        command = [sys.executable, "-m", *words, "--scheduler-file", str(file)]
        started.append(subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, cwd=tmp_path))
        return started[-1]

    launch("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    words = ("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard")
    try:
        yield file, [launch(*words), launch(*words)]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.filterwarnings("default")  # Dask's own, of ports and of workers that went away
def test_a_dask_worker_is_killed(tmp_path, dask):
    from distributed import Client

    file, (first, _) = dask
    course = Course(tmp_path, tmp_path / "submitted", BOOK)
    for number in range(40):
        book = (all_right(), edition(), all_right(conv_by_kernel=FLIPPED))[number % 3]
        hand_in(course.submitted, f"s{number:02}", book)
    with Client(scheduler_file=str(file), timeout=LONG) as client:
        client.wait_for_workers(2, timeout=LONG)
        address = client.scheduler.address
    seen = []

    def watch(record):
        seen.append(record["student"])
        if len(seen) == 10:
            first.kill()

    with cluster_workers(address) as start_workers:
        summary = grade_class(course, start_workers, watch=watch)
    assert summary.trouble == [] and sorted(seen) == [f"s{number:02}" for number in range(40)]
    got = {record["student"]: record["points"] for record in course.results()}
    assert got == {f"s{number:02}": (9, 0, 7)[number % 3] for number in range(40)}
    assert first.wait() == -signal.SIGKILL
