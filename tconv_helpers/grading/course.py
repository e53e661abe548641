"""An assignment in nbgrader's folders: where what lies, what is graded, and the one grader at work.

A result is one file, results/STUDENT/ASSIGNMENT.json, written beside its place and renamed into it. All else,
feedback and gradebook, is made from results and can be made again.
"""

import contextlib
import fcntl
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path


class Unusable(Exception):
    """Say in one sentence which file stands in the grader's way, and the way out."""


@dataclass(frozen=True)
class Course:
    """Know nbgrader's folders around one assignment.

    root : the course's folder, into which everything is written. submitted : the folder of what was handed
    in, as STUDENT/ASSIGNMENT/*.ipynb. assignment : the notebook's name. Each `_path` is where nbgrader looks.

    >>> course = Course(Path("dl"), Path("dl/submitted"), "01_convolution")
    >>> print(course.result_path("ann"), course.gradebook_path)
    dl/results/ann/01_convolution.json dl/gradebook.db
    """

    root: Path
    submitted: Path
    assignment: str

    def result_path(self, student):
        """Return where a student's record is."""
        return self.root / "results" / student / f"{self.assignment}.json"

    def feedback_path(self, student):
        """Return where the page is that a student reads."""
        return self.root / "feedback" / student / self.assignment / f"{self.assignment}.html"

    def autograded_path(self, student):
        """Return where formgrader looks for a student's own code."""
        return self.root / "autograded" / student / self.assignment / f"{self.assignment}.ipynb"

    @property
    def source_path(self):
        """Return where formgrader finds the assignment: its master notebook."""
        return self.root / "source" / self.assignment / f"{self.assignment}.ipynb"

    @property
    def gradebook_path(self):
        """Return where nbgrader keeps the grades."""
        return self.root / "gradebook.db"

    @property
    def picture_path(self):
        """Return where the picture of the class is; in results/ it could be a student's folder."""
        return self.root / "report" / f"{self.assignment}.png"

    @property
    def terms_path(self):
        """Return where due date and penalty are kept; no student's name begins with a dot."""
        return self.root / "results/.terms" / f"{self.assignment}.json"

    @property
    def words_path(self):
        """Return where it is kept which answers in words the gradebook has."""
        return self.root / "results/.words" / f"{self.assignment}.json"

    @property
    def audit_path(self):
        """Return where the log of what was graded again is."""
        return self.root / "results/.audit.jsonl"

    @property
    def extensions_path(self):
        """Return where the dates of single students are."""
        return self.root / "extensions.csv"

    @property
    def roster_path(self):
        """Return where the list of those who take the course is."""
        return self.root / "students.csv"

    def result(self, student):
        """Return the record of a student, None if there is none or it is not whole."""
        try:
            record = json.loads(self.result_path(student).read_text(encoding="utf-8"))
        except (FileNotFoundError, IsADirectoryError, ValueError):
            return None
        whole = {"student": student, "assignment": self.assignment}.items()
        return record if isinstance(record, dict) and whole <= record.items() else None

    def results(self):
        """Yield all records of the assignment, one at a time."""
        for path in sorted((self.root / "results").glob(f"*/{self.assignment}.json")):
            if record := self.result(path.parent.name):
                yield record

    def keep(self, record, *, page, notebook):
        """Write a student's feedback, the notebook for formgrader and, last, the record: now it is done."""
        student = record["student"]
        write_whole(self.feedback_path(student), page)
        write_whole(self.autograded_path(student), notebook)
        write_whole(self.result_path(student), json.dumps(record, indent=1) + "\n")

    @contextlib.contextmanager
    def locked(self):
        """Keep every other grader out of these folders; BlockingIOError if one is at work in them."""
        (self.root / "results").mkdir(parents=True, exist_ok=True)
        with open(self.root / "results/.lock", "w") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield

    def seed(self):
        """Return the course's secret, made once: from it come the inputs that only the grader knows."""
        path = self.root / "results/.seed"
        if not path.exists():
            write_whole(path, secrets.token_hex(32), mode=0o600)
        secret = path.read_text(encoding="utf-8", errors="replace").strip()
        if not re.fullmatch("[0-9a-f]{64}", secret):
            raise Unusable(
                f"{path} must hold the 64 hexadecimal digits from which all inputs are drawn: it has "
                f"{len(secret)} characters; bring it back from a backup, or remove it and grade all anew"
            )
        return bytes.fromhex(secret)

    def sweep(self):
        """Remove what a killed grader left half written."""
        for folder in ("results", "feedback", "autograded"):
            for part in (self.root / folder).rglob(f".{self.assignment}.*.part"):
                part.unlink()


def add_line(path, text):
    """Add a line to a file, and wait until the disk has it."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def write_whole(path, text, mode=0o666):
    """Write a file so that it is there whole or not at all, whoever is killed when; OSError names it.

    text : or bytes. mode : its rights from its first moment on, less those that the account withholds.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode)
        part.write_bytes(text) if isinstance(text, bytes) else part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:  # of a full disk, Python does not say which file it met
        raise OSError(error.errno, error.strerror, str(path)) from None
