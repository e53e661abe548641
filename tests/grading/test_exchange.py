"""nbgrader's exchange, from the release to the grades: as the README's recipe for a Hub says."""

import json
from functools import partial
from pathlib import Path

import nbformat
import pytest
from classroom import all_right

from tconv_helpers.exercises.edition import edition_bytes

ROOT = Path(__file__).parents[2]
BOOK = "01_convolution"
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "tconv"
c.Exchange.root = "{root}"
"""


@pytest.fixture
def person(tmp_path, nbgrader):
    """Give a person's folder, and what runs nbgrader's commands in it: ``person(name)``."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)  # nbgrader asks for it: everybody hands in here

    def person(name):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "nbgrader_config.py").write_text(CONFIG.format(root=exchange))
        return folder, partial(nbgrader, folder)

    return person


def test_what_goes_through_the_exchange_is_graded(person, tconv, monkeypatch):
    teacher, teachers = person("teacher")
    released = teacher / "release" / BOOK / f"{BOOK}.ipynb"
    released.parent.mkdir(parents=True)
    released.write_bytes(edition_bytes(ROOT / "notebooks" / released.name))
    teachers(["release_assignment", BOOK])
    for name in ("ann", "bob"):
        folder, students = person(name)
        students(["fetch_assignment", BOOK])
        mine = folder / BOOK / f"{BOOK}.ipynb"
        assert mine.read_bytes() == released.read_bytes()
        if name == "ann":
            nbformat.write(nbformat.from_dict(all_right()), mine)
        students(["submit", BOOK, f"--CourseDirectory.student_id={name}"])
    teachers(["collect", BOOK])
    monkeypatch.chdir(teacher)
    done = tconv("grade", BOOK, "--due", "2999-01-01 00:00 UTC", "--penalty", "10")
    assert done.exit_code == 0, done.output
    for name, points in (("ann", 9), ("bob", 0)):
        result = json.loads((teacher / "results" / name / f"{BOOK}.json").read_text())
        assert (result["points"], result["problem"]) == (points, None)
    assert "stamp" not in done.output  # both dates were read
