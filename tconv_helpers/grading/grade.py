"""The pipeline: collect, run in the sandbox, score, give feedback, record; killed at any moment, it resumes.

A result is one file, results/STUDENT/ASSIGNMENT.json, written beside its place and renamed into it. All else,
feedback and gradebook, is made from results and can be made again.
"""

import contextlib
import fcntl
import hashlib
import json
import multiprocessing
import os
import secrets
import threading
import traceback
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from . import feedback
from .sandbox import run as sandbox
from .sandbox.slots import slot
from .score import draw, load_assignment, missing, score
from .submissions import Refused, Submission, own_code, parse, read, students


@dataclass(frozen=True)
class Folders:
    """nbgrader's folders of a course."""

    root: Path
    submitted: Path

    def result(self, student, assignment):
        return self.root / "results" / student / f"{assignment}.json"

    def feedback(self, student, assignment):
        return self.root / "feedback" / student / assignment / f"{assignment}.html"

    def autograded(self, student, assignment):
        return self.root / "autograded" / student / assignment / f"{assignment}.ipynb"

    def source(self, assignment):
        return self.root / "source" / assignment / f"{assignment}.ipynb"

    @property
    def gradebook(self):
        return self.root / "gradebook.db"


@dataclass(frozen=True)
class Task:
    """One submission to grade, and all that a worker needs for it: no file, no database."""

    assignment: str
    submission: Submission
    seed: bytes = field(repr=False)
    only: str | None = None  # the exercise to grade again
    before: dict | None = None  # the rows of the others


@dataclass
class Summary:
    """What an instructor wants to know of a class; small for a large class, too."""

    assignment: str
    of: int
    graded: int = 0
    scores: Counter = field(default_factory=Counter)
    misconceptions: dict = field(default_factory=dict)
    trouble: list = field(default_factory=list)  # (student, why, whether there is a grade)
    late: list = field(default_factory=list)  # (student, days, points taken off)

    def add(self, record):
        self.graded += 1
        self.scores[record["points"]] += 1
        for name, row in record["exercises"].items():
            held = self.misconceptions.setdefault(name, Counter())
            if row["misconception"] and not record["problem"]:
                held[row["misconception"]] += 1
        if record["problem"]:
            self.trouble.append((record["student"], record["problem"], True))

    @property
    def ungraded(self):
        return [student for student, _, graded in self.trouble if not graded]


def grade_one(task, run=sandbox.run):
    """The record of a submission, its feedback as HTML, and the student's cell of each exercise.

    It depends on its task alone, so that it may be done again, anywhere, with the same result.
    """
    asked = load_assignment(task.assignment)
    names = [task.only] if task.before else list(asked.questions)
    problem, cells, answer = task.submission.problem, [], None
    rows = {name: missing(question) for name, question in asked.questions.items()} | (task.before or {})
    try:
        if problem is None:
            cells = parse(task.submission.data)
            answer = own_code(cells, asked.released, list(asked.questions))
    except Refused as reason:
        problem = str(reason)
    if problem is None:
        rows |= _rows(task, asked, names, answer, run)
    else:
        rows = {
            name: missing(question, "there is nothing to grade.")
            for name, question in asked.questions.items()
        }
    record = {
        "student": task.submission.student,
        "assignment": task.assignment,
        "notebook": fingerprint(task.submission),
        "timestamp": task.submission.timestamp,
        "problem": problem,
        "points": sum(row["points"] for row in rows.values()),
        "of": asked.points,
        "exercises": {name: rows[name] for name in asked.questions},
    }
    places = answer.places if answer else {}
    own = {name: cells[place][1] for name, place in places.items()}
    sources = ["" if source.strip() in asked.released else source for _, source in cells]
    return record, feedback.page(record, sources, places), own


def attempt(task, run=sandbox.run):
    """`grade_one`, whose own failures are told by type and line: their texts may hold a stranger's words."""
    try:
        return grade_one(task, run)
    except sandbox.NoSandbox:
        raise
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}, {Path(at.filename).name} line {at.lineno}"


def _rows(task, asked, names, answer, run):
    """The rows of the exercises to grade: those with a definition are run, all of them in one go."""
    student, defined = task.submission.student, [name for name in names if name in answer.places]
    rows = {name: missing(asked.questions[name], answer.broken.get(name)) for name in names}
    if not defined:
        return rows
    drawn = {name: draw(asked.questions[name], task.seed, student) for name in defined}
    with slot() as number:
        results = run(answer.cells, {name: inputs for name, (inputs, _) in drawn.items()}, slot=number)
    return rows | {n: score(asked.questions[n], drawn[n], results.get(n, [])) for n in defined}


def fingerprint(submission):
    """What tells a file from its next version."""
    return hashlib.sha256(submission.data or repr(submission.problem).encode()).hexdigest()


def grade(assignment, folders, start, run=sandbox.run, resume=False, only=None, watch=lambda record: None):
    """Grade all submissions of an assignment and return the Summary; the gradebook is not written here.

    start : makes the executor that submissions are handed to, again if it breaks. resume : keep the results
    whose notebooks have not changed. only : the one exercise to grade again. watch : told of each submission.
    BlockingIOError if another grader is at work in these folders.
    """
    asked = load_assignment(assignment)
    with _alone(folders):
        _sweep(folders, assignment)
        names, refused = students(folders.submitted, assignment)
        summary = Summary(assignment, asked.points)
        for name in refused:
            why = "The folder's name cannot be a student's: use letters, digits and . _ - @ + ' only."
            summary.trouble.append((name, why, False))
        tasks = _tasks(assignment, folders, names, _seed(folders), resume, only, summary, watch)
        for task, done in work(tasks, start, run):
            student = task.submission.student
            if isinstance(done, str):
                why = f"The grader itself failed on it ({done}): look at the notebook by hand."
                summary.trouble.append((student, why, False))
                watch(None)
                continue
            record, html, own = done
            write(folders.feedback(student, assignment), html)
            write(folders.autograded(student, assignment), _autograded(asked, own))
            write(
                folders.result(student, assignment), json.dumps(record, indent=1) + "\n"
            )  # last: now it is done
            summary.add(record)
            watch(record)
    return summary


def list_in_formgrader(assignment, folders):
    """Write the master where nbgrader's formgrader looks for what there is to list, if nothing is there."""
    path = folders.source(assignment)
    if not path.parent.exists():
        from .answers import ROOT

        write(path, (ROOT / "notebooks" / path.name).read_text(encoding="utf-8"))


def count(assignment, folders):
    """How many submissions there are."""
    return len(students(folders.submitted, assignment)[0])


def _tasks(assignment, folders, names, seed, resume, only, summary, watch):
    """The tasks that are to be done, read one after the other as workers get free."""
    for student in names:
        try:
            submission = read(folders.submitted, student, assignment)
        except OSError as error:
            summary.trouble.append((student, f"The file cannot be read: {error.strerror}.", False))
            watch(None)
            continue
        kept = result(folders, student, assignment)
        unchanged = kept is not None and kept["notebook"] == fingerprint(submission)
        if resume and unchanged and only is None:
            summary.add(kept)
            watch(kept)
            continue
        again = only is not None and unchanged and not kept["problem"]
        yield Task(
            assignment, submission, seed, only if again else None, kept["exercises"] if again else None
        )


def result(folders, student, assignment):
    """The record of a student, None if there is none or it is not whole."""
    try:
        record = json.loads(folders.result(student, assignment).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return record if record.get("student") == student and record.get("assignment") == assignment else None


def results(folders, assignment):
    """All records of an assignment, one at a time."""
    for path in sorted((folders.root / "results").glob(f"*/{assignment}.json")):
        if record := result(folders, path.parent.name, assignment):
            yield record


def work(tasks, start, run, window=4):
    """Yield (task, what `attempt` returns or `DIED`) as they get done.

    Only a few tasks are in memory at a time. If a worker process dies, all that were under way are done
    again, each alone, so that only the one that killed it gets `DIED`.
    """
    tasks, waiting, pool, workers = iter(tasks), {}, *start()
    try:
        while True:
            suspects = []
            for task in tasks:
                try:
                    waiting[pool.submit(attempt, task, run)] = task
                except BrokenExecutor:  # a worker has died since we looked
                    suspects.append(task)
                if suspects or len(waiting) >= window * workers:
                    break
            if not waiting and not suspects:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                task = waiting.pop(future)
                try:
                    yield task, _outcome(future)
                except BrokenExecutor:
                    suspects.append(task)
            if suspects:
                suspects += waiting.values()
                waiting.clear()
                pool.shutdown(wait=False)
                yield from _one_by_one(suspects, start, run)
                pool, workers = start()
    finally:
        for future in waiting:
            future.cancel()
        pool.shutdown(wait=False)


def _one_by_one(tasks, start, run):
    for task in tasks:
        pool, _ = start(1)
        try:
            yield task, _outcome(pool.submit(attempt, task, run))
        except BrokenExecutor:
            yield task, DIED
        finally:
            pool.shutdown(wait=False)


DIED = "its worker process died, and died again"


def _outcome(future):
    """What `attempt` returned; Dask has tried again by itself before it gives up on a worker."""
    try:
        return future.result()
    except Exception as error:
        if type(error).__name__ == "KilledWorker":
            return DIED
        raise


def local(workers):
    """Starts a pool of processes on this machine, which end with the one that started them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "nbformat", f"{__package__}.answers"])

    def start(count=workers):
        return ProcessPoolExecutor(count, mp_context=context, initializer=end_with_parent), count

    return start


def end_with_parent():
    """Let a worker end when its grader was killed, instead of waiting for work for ever."""

    def watch():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def cluster(address):
    """Starts an executor on a running Dask cluster; OSError if it is none."""
    from distributed import Client

    with Client(address, timeout=5, set_as_default=False) as client:

        def start(_=None):
            workers = client.scheduler_info(n_workers=-1)["workers"].values()
            return client.get_executor(pure=False), max(1, sum(worker["nthreads"] for worker in workers))

        yield start


def write(path, text):
    """Write a file so that it is there whole or not at all, whoever is killed when."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _sweep(folders, assignment):
    """Remove what a killed grader left half written."""
    for folder in ("results", "feedback", "autograded"):
        for part in (folders.root / folder).rglob(f".{assignment}.*.part"):
            part.unlink()


@contextlib.contextmanager
def _alone(folders):
    """One grader at a time."""
    (folders.root / "results").mkdir(parents=True, exist_ok=True)
    with open(folders.root / "results/.lock", "w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _seed(folders):
    """The course's secret, made once: from it come the inputs that only the grader knows."""
    path = folders.root / "results/.seed"
    if not path.exists():
        write(path, secrets.token_hex(32))
        path.chmod(0o600)
    return bytes.fromhex(path.read_text())


def _autograded(asked, own):
    """The notebook that nbgrader's formgrader shows: the edition with the student's cells, and no outputs."""
    cells = [dict(cell) for cell in asked.edition["cells"]]
    for cell in cells:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("solution") and mark["grade_id"] in own:
            cell["source"] = own[mark["grade_id"]]
    return json.dumps({**asked.edition, "cells": cells}, indent=1) + "\n"
