"""Submissions per second, each in its own sandbox, beside nbgrader's autograde, which shuts nothing off.

    python benchmarks/grading.py [SUBMISSIONS [SMALL [CLASS]]]

One run, the same notebooks for both: notebook 01's exercises, a third right, a third wrong, a third empty.
Before that, a CLASS without its hostile twentieth and with it: beside what these take themselves it may
take 1.5 times as long. The last lines grade a SMALL class and one thirty times as large: memory must stay,
time must grow alike.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
HELPERS = ROOT / "tests/helpers"
sys.path.insert(0, str(HELPERS))
from classroom import BOOK, FLIPPED, SOLUTIONS, all_right, edition, hand_in  # noqa: E402

from tconv_helpers.grading import grade  # noqa: E402
from tconv_helpers.grading.course import Course  # noqa: E402
from tconv_helpers.grading.grade import PRELOAD, grade_class  # noqa: E402
from tconv_helpers.grading.gradebook import open_gradebook, write_gradebook  # noqa: E402
from tconv_helpers.grading.pool import cluster_workers, local_workers  # noqa: E402
from tconv_helpers.grading.sandbox import run as sandbox  # noqa: E402

ENV = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([str(ROOT), str(HELPERS)])}
ENV["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), ENV["PATH"]])


def new_course(submissions):
    """Return a new Course with a class of that size."""
    folder = Path(tempfile.mkdtemp())
    books = all_right(), all_right(conv_by_kernel=FLIPPED), edition()
    for number in range(submissions):
        hand_in(folder / "submitted", f"s{number:05}", books[number % 3])
    return Course(folder, folder / "submitted", BOOK)


def ours(submissions, start_workers):
    """Return submissions per second, the gradebook included."""
    course = new_course(submissions)
    begun = time.perf_counter()
    summary = grade_class(course, start_workers)
    write_gradebook(course)
    rate = submissions / (time.perf_counter() - begun)
    assert summary.graded == submissions and not summary.trouble
    shutil.rmtree(course.root)
    return rate


DEFINED = "def conv_by_kernel(x, k):\n    import os, time\n    {}\n"
HOSTILE = [
    all_right(conv_by_kernel=DEFINED.format("time.sleep(99)")),
    all_right(conv_by_kernel=DEFINED.format("while True: pass")),
    all_right(conv_by_kernel=DEFINED.format("return list(range(2**62))")),
    all_right(conv_by_kernel=DEFINED.format("return [bytes(2**20) for _ in iter(int, 1)]")),
    all_right(conv_by_kernel=DEFINED.format("os._exit(0)")),
    all_right(conv_by_kernel=DEFINED.format("os.fork()")),
    all_right(conv_by_kernel=DEFINED.format("[os.mkdir(f'/tmp/{n}') for n in range(2**30)]")),
    all_right(conv_by_kernel=DEFINED.format("return 'x' * 2**29")),
    all_right(conv_by_kernel="import time\ntime.sleep(99)\n" + DEFINED.format("return 0")),
    all_right(**{name: f"def {name}(*_):\n    while True: pass\n" for name in SOLUTIONS}),
    all_right(conv_by_kernel=DEFINED.format("return 0") + "\n" * 50_000),
    all_right(conv_by_kernel=DEFINED.format("return 0") + "a;" * 25_000),
    all_right(conv_by_kernel="(" * 50_000),
    "[" * 2**20,
    b"\0" * 2**24,
]


def hostile(students):
    """Print how long a class takes, and the same one with one hostile student in twenty beside them."""
    few, grade.SLOWEST = students // 20, students
    honest, workers = new_course(students - few), local_workers(2, PRELOAD)
    timed = []
    for number in (0, few):
        for each in range(number):
            hand_in(honest.submitted, f"x{each:05}", HOSTILE[each % len(HOSTILE)])
        begun = time.perf_counter()
        summary = grade_class(honest, workers)
        took = time.perf_counter() - begun
        write_gradebook(honest)
        timed.append((took, time.perf_counter() - begun, summary, points(honest)))
    (alone, total, _, before), (beside, _, summary, after) = timed
    budgets = sum(seconds for seconds, student in summary.slowest if student.startswith("x"))
    assert not summary.ungraded and before.items() <= after.items()
    ratio = (beside - budgets / 2) / alone
    rate = (students - few) / total
    print(f"{students - few} honest: {alone:.0f} s, {rate:.1f} a second with the gradebook")
    print(f"{few} hostile ones as well: {beside:.0f} s, of a worker {budgets:.0f} s on these")
    print(f"    without those {ratio:.2f} times as long, and all others have the same points")
    assert ratio <= 1.5
    shutil.rmtree(honest.root)


def points(course):
    """Return {student: points}."""
    return {record["student"]: record["points"] for record in course.results()}


def nbgraders(submissions):
    """Return the same for `nbgrader autograde`."""
    course = new_course(submissions)
    course.source_path.parent.mkdir(parents=True)
    shutil.copy(ROOT / f"notebooks/{BOOK}.ipynb", course.source_path)
    command = [sys.executable, "-m", "nbgrader"]
    subprocess.run(
        [*command, "generate_assignment", BOOK], cwd=course.root, env=ENV, check=True, capture_output=True
    )
    begun = time.perf_counter()
    subprocess.run([*command, "autograde", BOOK], cwd=course.root, env=ENV, capture_output=True)
    rate = submissions / (time.perf_counter() - begun)
    with open_gradebook(course.gradebook_path) as book:
        assert len(book.assignment_submissions(BOOK)) == submissions
    shutil.rmtree(course.root)
    return rate


def on_dask(submissions):
    """Return the same for ours on a Dask cluster of two workers on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        file, started = Path(folder, "scheduler.json"), []

        def launch(*words):
            command = [sys.executable, "-m", *words, "--no-dashboard", "--scheduler-file", str(file)]
            started.append(subprocess.Popen(command, env=ENV, cwd=folder, stderr=subprocess.DEVNULL))

        launch("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        for _ in range(2):
            launch("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny")
        try:
            from distributed import Client

            with Client(scheduler_file=str(file), timeout=60) as client:
                client.wait_for_workers(2)
                address = client.scheduler.address
            with cluster_workers(address) as start_workers:
                return ours(submissions, start_workers)
        finally:
            for process in started:
                process.kill()
                process.wait()


def memory(submissions):
    """Return (peak MB of the grader's own process, seconds) for a class, graded by two workers."""
    code = (
        "import sys, time, resource, grading\n"
        "from tconv_helpers.grading.grade import PRELOAD\n"
        "from tconv_helpers.grading.pool import local_workers\n"
        "if __name__ == '__main__':\n"
        "    begun = time.time(); grading.ours(int(sys.argv[1]), local_workers(2, PRELOAD))\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.time() - begun)\n"
    )
    env = {**ENV, "PYTHONPATH": os.pathsep.join([ENV["PYTHONPATH"], str(ROOT / "benchmarks")])}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "measure.py")
        path.write_text(code)
        command = [sys.executable, str(path), str(submissions)]
        return map(float, subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout.split())


def main(submissions=120, small=100, students=300):
    sandbox.require()
    hostile(students)
    theirs = nbgraders(max(4, submissions // 10))
    print(f"{'nbgrader autograde':28} {theirs:6.2f} a second")
    for name, rate in [
        ("ours, 1 worker", ours(submissions, local_workers(1, PRELOAD))),
        ("ours, 2 workers", ours(submissions, local_workers(2, PRELOAD))),
        ("ours, 2 Dask workers", on_dask(submissions)),
    ]:
        print(f"{name:28} {rate:6.2f} a second, {rate / theirs:5.1f} times nbgrader")
    for size in (small, 30 * small):
        peak, seconds = memory(size)
        print(f"{size:5} submissions: {peak:.0f} MB, {1000 * seconds / size:.0f} ms each")
    print(f"largest worker of all: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
