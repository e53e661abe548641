"""Bring hand-ins from a platform's download into nbgrader's folders: submitted/STUDENT/ASSIGNMENT.

nbgrader's own zip_collect does it with a regular expression for each platform; it unpacks all that is in a
zip, whatever its size, stops the class at two files of one student, and knows no roster.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from ..exercises.notebook import MAX_BYTES, Refused
from .archives import opened
from .course import write_whole
from .downloads import found_in
from .roster import squeezed
from .submissions import NAMES, allowed_name, choose_notebook, list_students, student_of, visible

STAMP, MOST = "timestamp.txt", 100  # bytes of it


@dataclass
class Collected:
    """Hold what came of a download: names of students, and (name, why) of those who need a look."""

    new: list = field(default_factory=list)
    same: list = field(default_factory=list)
    replaced: list = field(default_factory=list)
    late: list = field(default_factory=list)
    # In no line of students.csv
    strange: list = field(default_factory=list)
    trouble: list = field(default_factory=list)
    # Files that are no student's
    others: int = 0


def collect(course, download, roster, *, replace=False):
    """Write each student's notebook of a zip or folder into a `Course`'s folder; return what was Collected.

    roster : {id: Person}, {} if none is known. replace : take the new one where another was handed in before,
    which stays beside it under a hidden name. Unusable if the download is neither zip nor folder.
    """
    collected = Collected()
    with opened(download) as members, course.locked():
        folders = list_students(course)[0] if course.submitted.is_dir() else {}
        for student, files in _by_student(members, course.assignment, roster, collected).items():
            folder = course.submitted / folders.get(student, student) / course.assignment
            try:
                _write(student, files, folder, replace=replace, collected=collected)
            except (Refused, OSError) as error:
                collected.trouble.append((student, getattr(error, "strerror", None) or str(error)))
    return collected


def _by_student(members, assignment, roster, collected):
    """Return {student: [(Found, Member)]}; who cannot be told from another gets nothing, and is told."""
    people = {}  # as the platform calls a person -> [(Found, Member)]
    for member in members:
        try:
            found = found_in(member.path, assignment)
        except Refused as reason:
            collected.trouble.append((visible(member.path[-1]), str(reason)))
            continue
        if found is None:
            collected.others += 1
        else:
            people.setdefault((found.platform, found.name, found.number), []).append((found, member))
    names, owners = Counter(squeezed(name) for _, name, _ in people), {}
    for (_, name, _), files in people.items():
        student, known = _student(files[0][0], roster, alone=names[squeezed(name)] == 1)
        owners.setdefault(student, []).append((known, files))
    return {
        student: held[0][1] for student, held in owners.items() if _is_one(student, held, roster, collected)
    }


def _student(found, roster, alone):
    """Return the name of the student whose file was found, and whether the roster says so.

    alone : False if the download has others of that name. Where a number of Canvas's tells who it is, no name
    does: whoever has a name can change it.
    """
    if found.platform == "nbgrader":
        return student_of(found.name), student_of(found.name) in roster
    who = [each.id for each in roster.values() if found.lasting and each.lms_user_id == found.number]
    if not who and alone:
        nameless = [each for each in roster.values() if not (found.lasting and each.lms_user_id)]
        who = [each.id for each in nameless if squeezed(found.name) in each.names]
    if len(who) == 1:
        return who[0], True
    if found.lasting:
        return f"{found.name}_{found.number}", False
    return student_of(found.name if alone else f"{found.name} {found.number}"), False


def _is_one(student, held, roster, collected):
    """Return True if it is clear whose work this is, and count it; else tell."""
    (known, files), *others = held
    if not allowed_name(student):
        collected.trouble.append((visible(student), NAMES))
    elif others:
        people = ", ".join(visible(f"{files[0][0].name} {files[0][0].number}".strip()) for _, files in held)
        why = f"More than one could be this student: {people}; put the right one into its folder yourself."
        collected.trouble.append((student, why))
    elif not known and student in roster:
        why = "Somebody is called like this id, and students.csv does not say who: give its line the names."
        collected.trouble.append((student, why))
    else:
        collected.strange += [student] * bool(roster and not known)
        collected.late += [student] * any(found.late for found, _ in files)
        return True
    return False


def _write(student, files, folder, *, replace, collected):
    """Write a student's notebook, and when it came, if that is known."""
    data, stamp = _chosen(files, folder.name)
    if any(step.is_symlink() for step in (folder.parents[1], folder.parent, folder)):
        raise Refused("The folder of a student must be a folder: this one is a link.")
    before = [path for path in sorted(folder.glob("*")) if not path.name.startswith(".")]
    notebooks = [path for path in before if path.suffix == ".ipynb"]
    if len(notebooks) == 1 and notebooks[0].is_file() and notebooks[0].read_bytes() == data:
        collected.same.append(student)
        return
    if notebooks and not replace:
        raise Refused("Another notebook was handed in before and stays: --replace takes the new one.")
    for path in before:
        path.rename(_aside(path))
    if stamp is not None:
        write_whole(folder / STAMP, stamp)
    write_whole(folder / f"{folder.name}.ipynb", data)
    (collected.replaced if notebooks else collected.new).append(student)


def _chosen(files, assignment):
    """Return the bytes of the notebook among a student's files, and of the time it came, if that is known."""
    names = Counter(found.file for found, _ in files)
    name = choose_notebook(names, assignment)
    if names[name] > 1:
        raise Refused(f"There must be a notebook {assignment}.ipynb: found {names[name]} of that name.")
    members = {found.file: member for found, member in files}
    data = members[name].read(MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise Refused(f"The notebook must have at most {MAX_BYTES / 2**20:.0f} MB: clear its outputs.")
    stamp = members[STAMP].read(MOST) if files[0][0].platform == "nbgrader" and STAMP in members else None
    return data, stamp and stamp[:MOST]


def _aside(path):
    """Return a hidden, new name for a file that was handed in before: the grader does not see it."""
    numbered = (path.with_name(f".{path.name}.{number}.before") for number in count(1))
    return next(aside for aside in numbered if not os.path.lexists(aside))
