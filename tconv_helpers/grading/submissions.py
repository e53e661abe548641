"""Hand-ins as strangers write them: read without following links, up to a size, matched by name."""

import contextlib
import hashlib
import os
import stat
import unicodedata
from dataclasses import dataclass

from ..exercises.notebook import MAX_BYTES, Refused

MARKS = "._-@+'’ \u200c\u200d"  # the last two join and part letters, in Persian and Hindi
NAMES = (
    "The folder's name cannot be a student's: use letters and digits of any script, spaces and "
    ". _ - @ + ' ’, a letter or digit first, and no more than 100."
)


@dataclass(frozen=True)
class Submission:
    """Hold one student's file as it was found; `problem` says why there is no data."""

    student: str
    data: bytes | None = None
    timestamp: str | None = None
    problem: str | None = None

    @property
    def fingerprint(self):
        """Return a text that is another one as soon as something else was handed in."""
        return hashlib.sha256(self.data or repr(self.problem).encode()).hexdigest()


def list_students(course):
    """Return {student: folder} of those who handed in, sorted, and (name, why) of those who get no grade.

    One who is called Zoë is one student, however a file system or an archive composes the letters.
    """
    folders, bad = {}, []
    with os.scandir(course.submitted) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.is_file(follow_symlinks=False):
                continue
            if not allowed_name(student := student_of(entry.name)):
                bad.append((visible(entry.name), NAMES))
            elif _may_hold(entry.path, course.assignment) or entry.is_symlink():
                folders.setdefault(student, []).append(entry.name)
    for student, names in folders.items():
        if len(names) > 1:
            both = " and ".join(ascii(name) for name in sorted(names))
            bad.append((student, f"Two folders are this one student's, {both}: keep one of them."))
    good = {student: names[0] for student, names in sorted(folders.items()) if len(names) == 1}
    return good, sorted(bad)


def _may_hold(folder, name):
    """Return whether a folder has something of a name, True where one may not look: reading it says so."""
    try:
        return bool(os.lstat(os.path.join(folder, name)))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def who_handed_in(good, bad):
    """Return the names in what `list_students` returns, those included of whom two folders are there."""
    return {*good, *(name for name, _ in bad if allowed_name(name))}


def student_of(folder):
    """Return the name of the student whose folder has a name: composed, and without spaces at its ends."""
    return unicodedata.normalize("NFC", folder).strip(" ")


def allowed_name(name):
    """Return True if a text may be a student's name: it stands in files, tables, pages and spreadsheets.

    >>> allowed_name("ann-lee@home.org"), allowed_name("=1+2"), allowed_name(".."), allowed_name("a,b")
    (True, False, False, False)
    """
    kinds = [unicodedata.category(letter)[0] for letter in name]
    return (
        kinds[:1] in (["L"], ["N"])
        and all(kind in "LMN" or letter in MARKS for letter, kind in zip(name, kinds, strict=True))
        and len(name) <= 100
        and len(os.fsencode(name)) <= 150
    )


def visible(text, most=200):
    """Return a text with nothing in it hidden or alive: no control, escape or direction characters; bounded.

    >>> visible("a" + chr(27) + "[31m")
    'a\\\\x1b[31m'
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:most])
    return shown + "…" * (len(text) > most)


def visible_lines(text, most):
    """Return a text as `visible` does, but for its line ends and tabs."""
    return "\n".join(visible(line.replace("\t", "    "), most) for line in text.split("\n"))


def read_submission(course, student, folder):
    """Return the Submission of a student: the bytes of the one notebook in submitted/FOLDER/ASSIGNMENT."""
    timestamp = None
    try:
        with open_folder(course.submitted, folder, course.assignment) as handle:
            with contextlib.suppress(Refused, FileNotFoundError, UnicodeDecodeError):  # no time: not late
                timestamp = read_file(handle, "timestamp.txt", 100).decode("ascii").strip()
            data = read_file(handle, choose_notebook(os.listdir(handle), course.assignment), MAX_BYTES)
            return Submission(student, data, timestamp)
    except Refused as reason:
        return Submission(student, timestamp=timestamp, problem=str(reason))


@contextlib.contextmanager
def open_folder(top, *steps):
    """Open a folder one step at a time, none of which may be a link."""
    handle = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for step in steps:
            above, handle = handle, _open_below(handle, step)
            os.close(above)
        yield handle
    finally:
        os.close(handle)


def _open_below(folder, step):
    try:
        return os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    except PermissionError:
        raise
    except OSError:
        raise Refused("A submission must be a folder of its own: this one is a link or a file.") from None


def choose_notebook(names, assignment):
    """Return which of a student's files is the notebook; Refused if that is not clear.

    >>> choose_notebook(["data.csv", "mine.ipynb"], "01_convolution")
    'mine.ipynb'
    """
    names = [name for name in names if name.endswith(".ipynb") and not name.startswith(".")]
    if f"{assignment}.ipynb" in names:
        return f"{assignment}.ipynb"
    if len(names) == 1:
        return names[0]
    found = f"found {len(names)} others" if names else "found none"
    raise Refused(f"There must be a notebook {assignment}.ipynb: {found}.")


def read_file(folder, name, most):
    """Return the first bytes of a regular file, `most` + 1; a pipe does not block, no link is followed."""
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        handle = os.open(name, flags, dir_fd=folder)
    except (FileNotFoundError, PermissionError):
        raise
    except OSError:
        raise Refused("The notebook must be a file: this one is a link, a socket or a device.") from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise Refused("The notebook must be a file: this one is a folder, a pipe or a device.")
    with os.fdopen(handle, "rb") as file:
        # A backup (`cp -al`) is of hard links, too: only one to another account's file could tell a secret.
        if found.st_nlink > 1 and found.st_uid != os.fstat(folder).st_uid:
            raise Refused("The notebook must be a file of its own: this one is a hard link to another's.")
        return file.read(most + 1)
