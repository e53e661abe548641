"""The pipeline: who gets what, is told what, and has one grade after any death."""

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import fake_sandbox
import numpy as np
import pytest
from classroom import BOOK, FLIPPED, POINTS, SOLUTIONS, all_right, edition, hand_in, solved
from typer.testing import CliRunner

from tconv_helpers import cli
from tconv_helpers.grading import answers as known
from tconv_helpers.grading import grade as grading
from tconv_helpers.grading import gradebook
from tconv_helpers.grading.export import PLATFORMS
from tconv_helpers.grading.grade import Folders, Task, attempt, grade, local, results
from tconv_helpers.grading.sandbox import run as sandbox
from tconv_helpers.grading.sandbox.run import Failed
from tconv_helpers.grading.score import draw, load_assignment, score
from tconv_helpers.grading.submissions import Submission, allowed, own_code

ASKED = load_assignment(BOOK)
BOOKS = sorted({master.notebook for master in known.masters().values()})
QUESTIONS = {name: question for book in BOOKS for name, question in load_assignment(book).questions.items()}
SEED = b"the seed of these tests"
each_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))


def values(question, function, student="ann"):
    """What a function returns on a student's inputs, as the sandbox tells it."""
    return [fake_sandbox.call(function, each) for each in draw(question, SEED, student)[0]]


def marked(question, function):
    return score(question, draw(question, SEED, "ann"), values(question, function))


# Points


@each_question
def test_right_solutions_get_all_points(question):
    for function in [question.master.solution(), *question.answers.rights]:
        assert marked(question, function)["points"] == question.master.points


@each_question
def test_each_misconception_is_named_and_gets_half_at_most(question):
    for wrong in question.answers.wrongs:
        got = marked(question, wrong.function)
        assert (got["misconception"], got["hint"]) == (wrong.name, wrong.hint)
        assert got["points"] in (0, question.master.points / 2)


@each_question
def test_nothing_is_earned_by_the_published_table_or_by_a_constant(question):
    inputs, fresh = draw(question, SEED, "ann")
    results = values(question, question.master.solution())
    assert sum(fresh) >= 4
    table = [result if not new else None for result, new in zip(results, fresh, strict=True)]
    assert score(question, (inputs, fresh), table)["points"] == 0
    for constant in results:
        assert score(question, (inputs, fresh), [constant] * len(inputs))["points"] == 0


def test_students_get_inputs_of_their_own_that_stay_the_same():
    question = QUESTIONS["conv_by_kernel"]
    one, again, other = (str(draw(question, SEED, student)) for student in ("ann", "ann", "bob"))
    assert one == again != other != str(draw(question, b"another seed", "bob"))


def test_half_the_inputs_give_half_the_points():
    question = QUESTIONS["conv_by_kernel"]
    solution = question.master.solution()
    got = marked(question, lambda x, k: solution(x, k) if len(x) < 8 or not x[0] % 3 else solution(x, k) + 1)
    assert got["points"] in (0, 1) and got["right"] < got["inputs"]
    cut = marked(question, lambda x, k: solution(x, k).astype(int))  # of whole numbers nothing is cut off
    assert (cut["points"], cut["misconception"]) == (1, "fractions are cut off")


FAILURES = {
    Failed("out of time"): ("was stopped after", "never returns"),
    Failed("out of memory"): ("more memory", "out of memory"),
    Failed("ended"): ("ended Python", "ended"),
    Failed("not defined"): ("not defined", "not defined"),
    Failed("not a plain result"): ("no array", "not a plain result"),
    Failed("too large"): ("more than any right", "too large"),
    Failed("raised", "IndexError: SEEN"): ("raised IndexError.", "raises"),
    Failed("raised", "<b>SEEN: x"): ("raised an error of its own.", "raises"),
    Failed("raised", "NotImplementedError"): ("not yet.", None),
    Failed("changed its input", value=np.array([1])): ("wrong shape", "wrong shape"),
    Failed("something new"): ("ended Python", "something new"),
}


@pytest.mark.parametrize("failed", FAILURES, ids=str)
def test_every_failure_has_its_sentence_and_no_words_of_the_student(failed):
    question = QUESTIONS["conv_by_kernel"]
    drawn = draw(question, SEED, "ann")
    got = score(question, drawn, [failed] * len(drawn[0]))
    says, name = FAILURES[failed]
    assert got["points"] == 0 and says in got["verdict"] and got["misconception"] == name
    assert "SEEN" not in json.dumps(got)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        np.nan,
        (),
        [],
        [[[]]],
        np.zeros((0, 3)),
        np.full(2, np.nan),
        10**400,
        -1,
        True,
        ((1, 2), "x"),
    ],
    ids=str,
)
def test_every_plain_value_has_a_verdict(value):
    for question in QUESTIONS.values():
        drawn = draw(question, SEED, "ann")
        got = score(question, drawn, [value] * len(drawn[0]))
        assert got["points"] == 0 and len(got["verdict"]) < 300


@pytest.mark.parametrize("values", [[], [1], [1] * 1000], ids=len)
def test_a_wrong_number_of_results_is_none(values):
    question = QUESTIONS["conv_by_kernel"]
    assert score(question, draw(question, SEED, "ann"), values)["points"] == 0


# Whose code is it


def test_only_the_cells_that_an_answer_needs_are_run():
    cells = ["import math", "a = 1", "def f(x):\n    return x + a", "print(f(1))", "def g(): return math.pi"]
    got = own_code([("code", cell) for cell in cells], set(), ["f", "h"])
    assert (got.cells, got.places, got.broken) == (["a = 1", "def f(x):\n    return x + a"], {"f": 2}, {})


def test_names_that_students_have_are_allowed():
    assert all(map(allowed, ["ann", "s123_4", "a.b-c@home.org", "Zoë O'Neill", "学生"]))
    assert not any(map(allowed, ["", ".", "..", "a/b", " a", "a\x00", "a" * 101]))


# A class


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """A gradebook that knows the assignment and nobody: nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("blank") / "gradebook.db"
    gradebook.write(path, ASKED, [])
    return path


@pytest.fixture
def folders(tmp_path, blank):
    """A class of three: right, flipped, untouched."""
    shutil.copy(blank, tmp_path)
    submitted = tmp_path / "submitted"
    hand_in(submitted, "ann", all_right())
    hand_in(submitted, "bob", all_right(conv_by_kernel=FLIPPED))
    hand_in(submitted, "cem", edition())
    return Folders(tmp_path, submitted)


def here(count=1):
    """An executor that does its work at once, in this process."""
    from concurrent.futures import Future

    class Here:
        def submit(self, function, *args):
            future = Future()
            future.set_result(function(*args))
            return future

        def shutdown(self, **_):
            pass

    return Here(), 1


def graded(folders, run=fake_sandbox.run, start=here, **options):
    return grade(BOOK, folders, start, run, **options)


def points(folders):
    return {record["student"]: record["points"] for record in results(folders, BOOK)}


def test_a_class_is_graded(folders):
    summary = graded(folders)
    assert points(folders) == {"ann": 9, "bob": 7, "cem": 0}
    assert summary.scores == {9: 1, 7: 1, 0: 1}
    assert summary.misconceptions["conv_by_kernel"] == {"the kernel is flipped": 1}
    page = folders.feedback("bob", BOOK).read_text()
    assert "7 of 9 points" in page and "the kernel is flipped" in page and "Signal processing flips" in page


def no_sandbox(*_, **__):
    raise sandbox.NoSandbox("there is none")


def test_resume_does_only_what_is_left(folders):
    graded(folders)
    before = folders.result("ann", BOOK).read_text()
    summary = graded(folders, no_sandbox, resume=True)  # which would raise if anything ran
    assert summary.graded == 3 and folders.result("ann", BOOK).read_text() == before
    folders.result("bob", BOOK).write_text('{"student": "bob", "assi')  # broken off, as by a power cut
    with pytest.raises(sandbox.NoSandbox):
        graded(folders, no_sandbox, resume=True)
    graded(folders, resume=True)
    assert points(folders) == {"ann": 9, "bob": 7, "cem": 0}


def test_resume_grades_what_was_handed_in_anew(folders):
    graded(folders)
    (folders.submitted / "cem" / BOOK / f"{BOOK}.ipynb").write_text(json.dumps(all_right()))
    graded(folders, resume=True)
    assert points(folders)["cem"] == 9


def test_one_exercise_is_graded_again_and_the_others_stay(folders):
    graded(folders)

    def only_this(cells, inputs, slot=0):
        assert set(inputs) == {"signal_conv"}
        return {"signal_conv": [Failed("out of time")] * len(inputs["signal_conv"])}

    graded(folders, only_this, only="signal_conv")
    assert points(folders) == {"ann": 7, "bob": 5, "cem": 0}


def test_two_graders_do_not_work_in_one_place(folders):
    code = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); print('!'); input()"
    lock = folders.root / "results/.lock"
    lock.parent.mkdir()
    other = subprocess.Popen(
        [sys.executable, "-c", code, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        other.stdout.readline()
        with pytest.raises(BlockingIOError):
            graded(folders)
        other.communicate(b"\n")
    graded(folders)


def test_a_failure_of_ours_is_told_and_gives_no_grade(folders):
    def fails_once(cells, inputs, slot=0):
        if "conv_by_kernel" in inputs and any("convolve" in cell for cell in cells):
            raise KeyError("SEEN")
        return fake_sandbox.run(cells, inputs)

    summary = graded(folders, fails_once)
    assert summary.ungraded == ["bob"] and "KeyError, test_grade.py" in summary.trouble[0][1]
    assert "SEEN" not in summary.trouble[0][1] and points(folders) == {"ann": 9, "cem": 0}
    graded(folders, resume=True)
    assert points(folders)["bob"] == 7


def test_a_worker_that_dies_costs_the_one_it_died_on(folders):
    hand_in(folders.submitted, "dan", all_right(conv_by_kernel=FLIPPED + "# kill the grader"))
    summary = graded(folders, fake_sandbox.run_or_die, local(2))
    assert summary.ungraded == ["dan"] and "died" in summary.trouble[0][1]
    assert points(folders) == {"ann": 9, "bob": 7, "cem": 0}


def test_a_submission_that_is_graded_elsewhere_needs_its_task_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    task = Task(BOOK, Submission("ann", json.dumps(all_right()).encode()), SEED)
    first, second = attempt(task, fake_sandbox.run), attempt(task, fake_sandbox.run)
    assert first == second and first[0]["points"] == 9
    assert not list(tmp_path.iterdir())


# The gradebook and what comes of it


def recorded(folders, **options):
    return gradebook.write(folders.gradebook, ASKED, results(folders, BOOK), **options)


def test_the_gradebook_is_nbgraders_and_is_written_as_often_as_one_likes(folders):
    graded(folders)
    for _ in range(2):
        recorded(folders)
        assert list(gradebook.scores(folders.gradebook, BOOK)) == [
            ("ann", 9, 9),
            ("bob", 7, 9),
            ("cem", 0, 9),
        ]
    with gradebook.opened(folders.gradebook) as book:
        assert len(book.assignment_submissions(BOOK)) == 3
        grade = book.find_grade("conv_by_kernel_check", BOOK, BOOK, "bob")
        assert (grade.auto_score, grade.max_score, grade.needs_manual_grade) == (0, 2, False)
        assert "the kernel is flipped" in book.find_comment("conv_by_kernel", BOOK, BOOK, "bob").comment


def test_a_grade_by_hand_stays(folders):
    graded(folders)
    recorded(folders)
    with gradebook.opened(folders.gradebook) as book:
        book.find_grade("conv_by_kernel_check", BOOK, BOOK, "bob").manual_score = 1.5
        book.db.commit()
    recorded(folders)
    assert list(gradebook.scores(folders.gradebook, BOOK))[1] == ("bob", 8.5, 9)


def test_days_late_cost_points(folders):
    from nbgrader.utils import parse_utc

    for student, time in {"ann": "2026-12-01 12:00 UTC", "bob": "2026-12-03 13:00 UTC"}.items():
        (folders.submitted / student / BOOK / "timestamp.txt").write_text(time)
    graded(folders)
    due = parse_utc("2026-12-01 12:00 UTC")
    assert recorded(folders, due=due, penalty=0.1) == [("bob", 3, 2.1)]
    assert list(gradebook.scores(folders.gradebook, BOOK))[1] == ("bob", 4.9, 9)
    assert recorded(folders) == [("bob", 3, 0)]  # the due date stays, without a penalty


def test_nbgraders_own_tools_read_what_we_wrote(folders):
    graded(folders)
    recorded(folders)
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "grades.csv"]
    subprocess.run(command, cwd=folders.root, check=True, capture_output=True)
    rows = list(csv.DictReader((folders.root / "grades.csv").read_text().splitlines()))
    assert {row["student_id"]: float(row["score"]) for row in rows} == {"ann": 9, "bob": 7, "cem": 0}


def test_the_formgraders_notebook_is_the_edition_with_the_students_code(folders):
    import nbformat

    graded(folders)
    book = nbformat.read(folders.autograded("bob", BOOK), 4)
    nbformat.validate(book)
    code = {c.metadata.nbgrader.grade_id: c.source for c in book.cells if "nbgrader" in c.metadata}
    assert code["conv_by_kernel"] == FLIPPED and code["signal_conv"] == SOLUTIONS["signal_conv"]
    assert not any(c.get("outputs") for c in book.cells if c.metadata.get("nbgrader", {}).get("solution"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_cell_of_an_export_is_a_formula(platform):
    names = ["=1+2", "+1", "-1", "@x", "\tx", " =1", "＝1", "ann", 'a"b,c', "a\nb"]
    table = PLATFORMS[platform]("01", [(name, 1.5, 9) for name in names])
    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) == len(names) + (2 if platform == "canvas" else 1)
    assert not any(cell.lstrip(" ")[:1] in set("=+-@\t＝") for row in rows for cell in row if cell)
    assert any("ann" in cell for row in rows for cell in row) and len({len(row) for row in rows}) == 1


# The command


@pytest.fixture
def tconv(folders, monkeypatch):
    """Runs a command beside the class; what it runs in is the fake, and its workers are this process."""
    monkeypatch.chdir(folders.root)
    monkeypatch.setattr(sandbox, "require", lambda: None)
    monkeypatch.setattr(sandbox, "run", fake_sandbox.run)
    monkeypatch.setattr(grading, "local", lambda workers: here)
    monkeypatch.setenv("COLUMNS", "120")
    return lambda *words: CliRunner().invoke(cli.app, list(words))


def test_the_command_grades_shows_and_exports(tconv, folders):
    hand_in(folders.submitted, "dan", "no JSON")
    hand_in(folders.submitted, "a,b", "no JSON")
    done = tconv("grade", "01")
    assert done.exit_code == 2, done.output  # one has no grade
    for part in (
        "4 graded, 1 without a grade",
        "the kernel is flipped",
        "25%",
        "9 of 9",
        "a,b",
        "no notebook",
    ):
        assert part in done.output, done.output
    assert (folders.root / "results" / f"{BOOK}.png").stat().st_size > 1000
    assert json.loads(folders.source(BOOK).read_text())["cells"]
    done = tconv("export", "01", "--to", "grades")
    assert done.exit_code == 0, done.output
    assert (folders.root / "grades" / f"{BOOK}_moodle.csv").read_text() == (
        f"username,{BOOK}\nann,9\nbob,7\ncem,0\ndan,0\n"
    )


def test_formgrader_lists_what_was_graded_and_a_source_that_is_there_stays(folders):
    folders.source(BOOK).parent.mkdir(parents=True)
    folders.source(BOOK).write_text("mine")
    for book in (BOOK, BOOKS[1]):
        grading.list_in_formgrader(book, folders)
    assert folders.source(BOOK).read_text() == "mine"
    code = "from nbgrader.apps import NbGraderAPI; print(sorted(NbGraderAPI().get_source_assignments()))"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=folders.root, check=True, capture_output=True, text=True
    )
    assert said.stdout == f"{[BOOK, BOOKS[1]]}\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["grade", "01", "--submitted", "nowhere"], "SUBMITTED must be a folder"),
        (["grade", "01", "--exercise", "f"], "EXERCISE must be one of conv_by_kernel"),
        (["grade", "00"], "ASSIGNMENT must have exercises"),
        (["grade", "01", "--due", "soon"], "DUE must be a date"),
        (["grade", "01", "--scheduler", "tcp://127.0.0.1:1"], "SCHEDULER must be the address"),
        (["export", "01", "--gradebook", "no.db"], "GRADEBOOK must be nbgrader's gradebook"),
        (["export", "02"], "holds no grades of 02_backward_pass"),
    ],
)
def test_the_command_refuses_in_a_sentence(tconv, words, says):
    done = tconv(*words)
    assert done.exit_code == 1 and says in done.output, done.output


def test_without_a_sandbox_nothing_is_graded(tconv, folders, monkeypatch):
    monkeypatch.setattr(sandbox, "require", no_sandbox)
    done = tconv("grade", "01")
    assert (done.exit_code, done.output.strip()) == (1, "there is none")
    assert not (folders.root / "results").exists()


def test_all_exercises_have_their_points_from_the_master():
    assert {name: q.master.points for name, q in ASKED.questions.items()} == POINTS
    assert solved() == edition() and Path(known.__file__).parent.name == "answers"
