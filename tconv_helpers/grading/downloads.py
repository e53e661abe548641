"""Tell from a path whose file it is, in the downloads of Moodle and Canvas and in nbgrader's folders.

Moodle (mod/assign/classes/downloader.php; before 4.1, mod/assign/locallib.php) names

    FULL NAME_NUMBER_assignsubmission_file/FILE      a folder for each; older ones have a _ before the /
    FULL NAME_NUMBER_assignsubmission_file_FILE      without folders, as a teacher may choose

where NUMBER is another one in each assignment and FULL NAME has no _. Canvas (lib/content_zipper.rb) names

    SORTABLENAME[_LATE]_USER_ATTACHMENT_FILE         of "Surname, Name" the letters and digits, small
    [LATE_]anon_ID_ATTACHMENT_FILE                   graded without names

where USER is Canvas's number of a person, always the same. FILE may begin with numbers and a person may be
called so: of two ways to read a name, the one counts in which FILE begins as the notebook does, or none.
Only what stands at the top is the platform's; what is below a student's folder has a name of the student's.
"""

import re
from dataclasses import dataclass

from ..exercises.notebook import Refused

MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_file(?:_(?P<file>.*))?", re.S)


@dataclass(frozen=True)
class Found:
    """Hold whose a file is, as its path says.

    name, number : the person's, as the platform has them. file : how the student called it. late : True if
    the platform says so. lasting : True if the number is the same in each assignment.
    """

    platform: str
    name: str
    number: str
    file: str
    late: bool = False
    lasting: bool = False


def found_in(path, assignment):
    """Return the Found of a path, None if it is no student's file; Refused if it could be two people's.

    There may be one folder around all.

    >>> found_in(("01-77", "Ann Lee_123_assignsubmission_file_", "a.ipynb"), "01_convolution")
    Found(platform='Moodle', name='Ann Lee', number='123', file='a.ipynb', late=False, lasting=False)
    >>> found_in(("leeann_LATE_77_890_01_convolution-2.ipynb",), "01_convolution")
    Found(platform='Canvas', name='leeann', number='77', file='01_convolution-2.ipynb', late=True, ...)
    >>> found_in(("submitted", "ann", "01_convolution", "timestamp.txt"), "01_convolution")
    Found(platform='nbgrader', name='ann', number='', file='timestamp.txt', late=False, lasting=True)
    """
    return _found_in(path, assignment) or (_found_in(path[1:], assignment) if len(path) > 1 else None)


def _found_in(path, assignment):
    moodle = MOODLE.fullmatch(path[0])
    if moodle and bool(moodle["file"]) == (len(path) == 1):
        return Found("Moodle", moodle["name"], moodle["number"], moodle["file"] or path[-1])
    if len(path) == 3 and path[1] == assignment:
        return Found("nbgrader", path[0], "", path[2], lasting=True)
    readings = list(_canvas(path[0])) if len(path) == 1 else []
    readings = [each for each in readings if each.file.startswith(assignment)] or readings
    if len(readings) > 1:
        raise Refused(
            "Its name can be read as two people's: put it into submitted/STUDENT/ASSIGNMENT yourself."
        )
    return readings[0] if readings else None


def _canvas(name):
    """Yield each way to read the name of a file as Canvas writes it."""
    parts = name.split("_")
    for place in range(1, len(parts) - 2):
        *who, number, attachment = parts[: place + 2]
        late, who = "LATE" in (who[0], who[-1]), [part for part in who if part != "LATE"]
        numbered = number.isdecimal() or (who == ["anon"] and number.isalnum())
        if who and numbered and attachment.isdecimal():
            file = "_".join(parts[place + 2 :])
            yield Found("Canvas", "_".join(who), number, file, late=late, lasting=True)
