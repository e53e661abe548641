"""Grade a class, be killed at random moments, resume: test_killed.py's own process, since it forks.

    python killed.py FOLDER STUDENTS ROUNDS KILLS

A round starts with nothing graded, is killed KILLS times, then left alone. Prints a line of JSON for each:
how far it was at each kill, the results, and the gradebook.
"""

import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from classroom import BOOK, FLIPPED, SOLUTIONS, edition, hand_in, solved

from tconv_helpers.grading import gradebook
from tconv_helpers.grading.grade import Folders, end_with_parent, grade, results
from tconv_helpers.grading.score import load_assignment


def start(count=2):
    """As `grade.local`, but forked from this process, which has imported everything."""
    fork = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(count, mp_context=fork, initializer=end_with_parent), count


def grader(folders):
    """The number of a process that grades the class, resuming, and writes the gradebook."""
    child = os.fork()
    if child == 0:
        try:
            grade(BOOK, folders, start, resume=True)
            gradebook.write(folders.gradebook, load_assignment(BOOK), results(folders, BOOK))
            os._exit(0)
        finally:
            os._exit(1)
    return child


def ended(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def wait_for(folder, count, child):
    """Wait until so many results are there, on however busy a machine, or the grader is done."""
    while len(list(folder.glob("results/*/*.json"))) < count:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.01)


def main(folder, students, rounds, kills):
    folder, rng = Path(folder), random.Random(0)
    folders = Folders(folder, folder / "submitted")
    for number in range(int(students)):
        book = (solved(signal_conv=SOLUTIONS["signal_conv"]), edition(), solved(conv_by_kernel=FLIPPED))[
            number % 3
        ]
        hand_in(folders.submitted, f"s{number:02}", book)
    gradebook.write(folder / "blank.db", load_assignment(BOOK), [])
    undisturbed = None
    for _ in range(int(rounds) + 1):
        shutil.copy(folder / "blank.db", folders.gradebook)
        for name in ("results", "feedback", "autograded"):
            shutil.rmtree(folder / name, ignore_errors=True)
        done = []
        for _ in range(int(kills) if undisturbed else 0):
            child = grader(folders)
            before = done[-1][1] if done else 0
            wait_for(folder, rng.randint(before, min(int(students), before + int(students) // 4)), child)
            time.sleep(rng.uniform(0, 0.05 * undisturbed))
            os.kill(child, signal.SIGKILL)
            done.append((ended(child), len(list(results(folders, BOOK)))))
        begun = time.monotonic()
        assert ended(grader(folders)) == 0
        undisturbed = undisturbed or time.monotonic() - begun
        told = {
            "kills": done,
            "results": {record["student"]: record["points"] for record in results(folders, BOOK)},
            "files": sum(path.is_file() for path in (folder / "results").rglob("*")),
            "parts": len(list(folder.rglob("*.part"))),
            "gradebook": list(gradebook.scores(folders.gradebook, BOOK)),
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
