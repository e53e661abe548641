"""students.csv: who takes the course, as nbgrader itself reads it; a line that is none is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tconv_helpers.grading.course import Unusable
from tconv_helpers.grading.gradebook import open_gradebook
from tconv_helpers.grading.roster import Person, read_roster

TABLE = (
    "id,first_name,last_name,email,lms_user_id\n"
    "ann,Ann,Lee,ann@home.org,501\n"
    "zoe,Zoe\u0308,O'Neill,,502\n\n"
    "cem,,,,\n"
)


def written(tmp_path, text):
    path = tmp_path / "students.csv"
    path.write_text(text, encoding="utf-8") if isinstance(text, str) else path.write_bytes(text)
    return path


def test_the_roster_is_nbgraders(tmp_path):
    path = written(tmp_path, TABLE)
    assert read_roster(path) == {
        "ann": Person("ann", "Ann", "Lee", "501"),
        "zoe": Person("zoe", "Zoe\u0308", "O'Neill", "502"),
        "cem": Person("cem"),
    }
    command = [sys.executable, "-m", "nbgrader", "db", "student", "import", "students.csv"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it calls alembic
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "PATH": path}, check=True, capture_output=True)
    with open_gradebook(tmp_path / "gradebook.db") as book:
        assert sorted((each.id, each.lms_user_id) for each in book.students) == [
            ("ann", "501"),
            ("cem", None),
            ("zoe", "502"),
        ]


def test_without_a_roster_nobody_is_missed(tmp_path):
    assert read_roster(tmp_path / "students.csv") == {}


def test_names_are_known_in_either_order_whatever_a_platform_takes_away(tmp_path):
    zoe = read_roster(written(tmp_path, TABLE))["zoe"]
    assert zoe.names == {"zoëoneill", "oneillzoë"} and Person("cem").names == set()


@pytest.mark.parametrize(
    "text", ["id\nann\n", "\ufeffID\nann", "last_name,id\nLee, ann \n", "id,x\r\nann\r\n"]
)
def test_one_column_is_enough_wherever_it_stands(tmp_path, text):
    assert list(read_roster(written(tmp_path, text))) == ["ann"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "must begin with a line of columns, id among them"),
        ("name;id\nAnn;ann\n", "with commas between: got 'name;id'"),
        ("id\nann\n../bob\n", "line 3 must have an id that may be a folder's name: got '../bob'"),
        ("id\nann\n,\n=1+2\n", "line 4 must have an id"),
        ("id,last_name\n,Lee\n", "line 2 must have an id"),
        ("id\nZo\u00eb\nZoe\u0308\n", "line 3: the id Zo\u00eb stands there twice"),
        (b"id\n\xe9\n", "must be in UTF-8"),
        ('id\n"ann\n', "must be a table with commas between cells"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, text, says):
    with pytest.raises(Unusable) as told:
        read_roster(written(tmp_path, text))
    assert says in str(told.value)
