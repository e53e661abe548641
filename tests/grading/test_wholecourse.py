"""`tconv grade --all` and `tconv export --all`: one table, one gradebook, totals, and who is missing."""

import csv
import json

import pytest
from classroom import BOOK, edition, hand_in, solved

from tconv_helpers.grading.answers import masters
from tconv_helpers.grading.gradebook import open_gradebook

SECOND = "02_backward_pass"
FULL = {each.name: each.source for each in masters(SECOND).values()}
OF = sum(each.points for each in masters(SECOND).values())


@pytest.fixture
def two(course):
    """Add to the class a second notebook: of ann, right, and of dan, untouched."""
    hand_in(course.submitted, "ann", solved(SECOND, **FULL), SECOND)
    hand_in(course.submitted, "dan", edition(SECOND), SECOND)
    return course


def lines(done):
    """Return the cells of each line of the tables that a command printed."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.output.splitlines()]


def test_all_notebooks_are_graded_into_one_table_and_one_gradebook(tconv, two):
    done = tconv("grade", "--all")
    assert done.exit_code == 0, done.output
    assert ["ann", "9", f"{OF}", f"{9 + OF}"] in lines(done), done.output
    assert ["bob", "7", "–", "7"] in lines(done) and ["dan", "–", "0", "0"] in lines(done)
    assert f"02 of {OF}" in done.output and f"Total of {9 + OF}" in done.output
    assert "Not handed in" not in done.output and "03" not in done.output.split("The course")[1]
    with open_gradebook(two.gradebook_path) as book:
        assert {each.name for each in book.assignments} == {BOOK, SECOND}
        assert {each.id for each in book.students} == {"ann", "bob", "cem", "dan"}


def test_who_has_not_handed_in_stands_in_the_tables_and_is_told(tconv, two):
    two.roster_path.write_text("id\nann\nbob\ncem\ndan\neve\n")
    done = tconv("grade", "--all")
    assert done.exit_code == 0 and ["eve", "–", "–", "not handed in"] in lines(done), done.output
    said = " ".join(done.output.split())
    assert f"{BOOK}: Not handed in: dan, eve. That is 2 of 5 in students.csv." in said
    assert f"{SECOND}: Not handed in: bob, cem, eve. That is 3 of 5" in said
    done = tconv("grade", "01", "--resume")
    assert ["not handed in", "2", ""] in lines(done), done.output
    assert "Not handed in: dan, eve. That is 2 of 5 in students.csv." in " ".join(done.output.split())
    two.roster_path.write_text("id\nann\nbob\n")
    done = tconv("grade", "01", "--resume")
    assert "All 2 in students.csv have handed in. Not in students.csv: cem." in " ".join(done.output.split())


def test_who_has_no_grade_is_not_said_to_have_handed_in_nothing(tconv, two):
    two.roster_path.write_text("id\neve\n")
    hand_in(two.submitted, "eve", edition())
    hand_in(two.submitted, "eve ", edition())  # which name is the student's, nobody knows
    done = tconv("grade", "--all")
    assert done.exit_code == 2 and ["eve", "?", "–", "no grade"] in lines(done), done.output
    assert f"{BOOK}: All 1 in students.csv have handed in." in " ".join(done.output.split())


def test_totals_are_exported_for_each_platform(tconv, two):
    two.roster_path.write_text("id\nbob\neve\n")
    tconv("grade", "--all")
    with open_gradebook(two.gradebook_path) as book:  # what is given by hand counts in the totals
        book.find_grade("conv_by_kernel_check", BOOK, BOOK, "bob").manual_score = 1.5
        book.db.commit()
    done = tconv("export", "--all")
    assert done.exit_code == 0, done.output
    folder = two.root / "grades"
    assert (folder / "course_moodle.csv").read_text().split() == [
        "username,total",
        f"ann,{9 + OF}",
        "bob,8.5",
        "cem,0",
        "dan,0",
        "eve,",
    ]
    assert f"Points Possible,,,,{9 + OF}\n" in (folder / "course_canvas.csv").read_text()
    assert "#eve,,#" in (folder / "course_brightspace.csv").read_text()
    rows = list(csv.DictReader((folder / "course.csv").read_text().splitlines()))
    assert rows[2] == {"student": "bob", BOOK: "8.5", SECOND: "not handed in", "total": "8.5"}
    assert rows[-1] == {
        "student": "eve",
        BOOK: "not handed in",
        SECOND: "not handed in",
        "total": "not handed in",
    }
    assert tconv("export", "01").exit_code == 0
    assert (folder / f"{BOOK}_moodle.csv").read_text().endswith("cem,0\neve,\n")


def test_a_notebook_that_cannot_be_read_costs_no_other_one(tconv, two):
    hand_in(two.submitted, "bob", "no JSON", SECOND)
    (two.submitted / "cem" / SECOND).symlink_to(two.root)
    done = tconv("grade", "--all")
    assert done.exit_code == 0 and ["bob", "7", "0", "7"] in lines(done), done.output
    assert ["ann", "9", f"{OF}", f"{9 + OF}"] in lines(done) and ["cem", "0", "0", "0"] in lines(done)
    (two.submitted / "bob" / SECOND / f"{SECOND}.ipynb").write_text(json.dumps(solved(SECOND, **FULL)))
    done = tconv("grade", "--all", "--resume")
    assert ["bob", "7", f"{OF}", f"{7 + OF}"] in lines(done), done.output
    assert two.result("bob")["exercises"]["conv_by_kernel"]["misconception"] == "the kernel is flipped"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["grade"], "ASSIGNMENT must be one notebook, or --all: got neither"),
        (["export", "01", "--all"], "ASSIGNMENT must be one notebook, or --all: got both"),
        (["grade", "--all", "--due", "none", "--grace", "0"], "give --due and --grace with one ASSIGNMENT"),
        (["grade", "--all", "--submitted", "nowhere"], "SUBMITTED must be a folder"),
        (["grade", "--all", "--submitted", "empty"], "SUBMITTED must hold STUDENT/ASSIGNMENT folders"),
        (["export", "--all", "--gradebook", "no.db"], "GRADEBOOK must be nbgrader's gradebook"),
        (["export", "--all"], "holds no grades of the course; run tconv grade --all first"),
        (["grade", "01"], "students.csv, line 2 must have an id"),
        (["grade", "--all"], "students.csv, line 2 must have an id"),
    ],
)
def test_the_commands_refuse_in_a_sentence(tconv, course, words, says):
    (course.root / "empty").mkdir()
    course.roster_path.write_text("id\n../ann\n")
    done = tconv(*words)
    assert done.exit_code == 1 and says in " ".join(done.output.split()), done.output
    assert not (course.root / "results" / "ann").exists()
