"""`tconv lab`: the student's edition in a folder of theirs, and JupyterLab with the settings of labconfig/.

Standard library only, until JupyterLab is opened.
"""

import json
import os
import sys
import threading
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from .exercises.edition import edition_bytes, release

FIRST = "00_start_here.ipynb"
RECORD = ".tconv-editions.json"  # in a student's folder: which edition of each page was given, or told of
PACKAGE = Path(__file__).parent


class NotOpened(Exception):
    """Say in one sentence why the course cannot be opened, and the way out."""


def course_notebooks():
    """Return the folder of the course's own notebooks: in the package, or beside it in a checkout."""
    for source in (PACKAGE / "notebooks", PACKAGE.parent / "notebooks"):
        if (source / FIRST).is_file():
            return source
    raise NotOpened(
        f"tconv must come with its notebooks: found none in {PACKAGE}; install tconv-helpers again"
    )


def course_names():
    """Return the names of the course's notebooks, in order."""
    return sorted(path.stem for path in course_notebooks().glob("*.ipynb"))


def write_editions(folder, only=None):
    """Write the student's edition into a folder as `edition.release` does; NotOpened where that cannot be."""
    if folder.exists() and not folder.is_dir():
        raise NotOpened(f"FOLDER must be a folder: got {folder}, which is a file; name another")
    try:
        return release(course_notebooks(), folder, only)
    except ValueError as error:
        raise NotOpened(str(error)) from error
    except OSError as error:
        raise NotOpened(
            f"FOLDER must be writable: {folder} says '{error.strerror}'; name another or make room"
        ) from error


def fill(folder):
    """Write into a folder what it lacks of the student's edition; return sentences on what differs.

    A file that is there stays as it is. It is told of once where the course has another edition than the one
    that was given; what differs only by the student's own work is not told of.
    """
    kept = write_editions(folder)
    source, pages = course_notebooks(), [f"{name}.ipynb" for name in course_names()]
    sign(folder / name for name in pages if name not in kept)
    given = read_record(folder)
    today = {name: sha256(edition_bytes(source / name)).hexdigest() for name in pages}
    if given != today:
        with suppress(OSError):  # where it cannot be noted, it is told again
            (folder / RECORD).write_text(json.dumps(today, indent=1) + "\n", encoding="utf-8")
    newer = [name for name in kept if name in given and given[name] != today[name]]
    unknown = [name for name in kept if name not in given]
    told = {
        f"The course has a newer edition than yours in {folder}: %s. For the new one": newer,
        f"Kept in {folder}, though the course has another version: %s. For the course's": unknown,
    }
    return [
        f"{sentence % ', '.join(names)}, rename yours and run this again."
        for sentence, names in told.items()
        if names
    ]


def read_record(folder):
    """Return the edition of each page that was given into a folder, as its SHA-256; {} if none is noted."""
    try:
        return dict(json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def sign(paths):
    """Sign pages of the course, so that JupyterLab shows their explorers before anything has run."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    try:
        for path in paths:
            notary.sign(nbformat.read(path, as_version=4))
    finally:
        notary.store.close()


def open_lab(folder, args, nbgrader=False):
    """Become JupyterLab, at the first notebook of a folder; NotOpened where JupyterLab is missing."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        raise NotOpened(
            f"tconv lab must have JupyterLab: {error}; get it: {sys.executable} -m pip install jupyterlab"
        ) from error
    os.environ |= settings(nbgrader)
    try:
        sys.exit(LabApp.launch_instance([*arguments(folder), *args]))
    finally:
        end_idle_threads()


def end_idle_threads():
    """End AnyIO's worker threads, which wait for ever where a server is stopped while one of them works."""
    for thread in threading.enumerate():
        if thread.name == "AnyIO worker thread":
            thread.stop()


def settings(nbgrader=False):
    """Return the environment in which JupyterLab finds labconfig/; nbgrader is off unless it is asked for."""
    folders = [PACKAGE] if nbgrader else [PACKAGE / "labconfig/without_nbgrader", PACKAGE]
    paths = [*map(str, folders), os.environ.get("JUPYTER_CONFIG_PATH")]
    return {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))}


def arguments(folder):
    """Return JupyterLab's arguments for a folder of the course."""
    return [
        f"--ServerApp.root_dir={Path(folder).resolve()}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--ServerApp.contents_manager_class=tconv_helpers.labfiles.CourseFiles",
    ]
