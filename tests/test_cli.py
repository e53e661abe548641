"""`tconv lab` writes the course, keeps what a student changed, and becomes JupyterLab; `tconv release`."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
import types
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from lab_server import address
from nbformat.sign import NotebookNotary
from typer.testing import CliRunner
from waiting import LONG

from tconv_helpers import cli
from tconv_helpers import lab as course_lab

TCONV = Path(sys.executable).with_name("tconv")


def page(text):
    """Return the text of a notebook, with one line of prose, as an edition is written."""
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": [text]}]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1, sort_keys=True) + "\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Give a course of two pages, and a working folder to copy it into."""
    source = tmp_path / "course"
    (source / ".ipynb_checkpoints").mkdir(parents=True)
    for name in (course_lab.FIRST, "01_convolution.ipynb", ".ipynb_checkpoints/old.ipynb"):
        (source / name).write_text(page(name))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(course_lab, "course_notebooks", lambda: source)
    return source


@pytest.fixture
def lab(course, monkeypatch):
    """Give what runs `tconv lab ...`, and returns its print and the arguments that JupyterLab would get."""
    calls = []

    class LabApp:
        @staticmethod
        def launch_instance(args):
            calls.append(args)
            return 3

    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", types.SimpleNamespace(LabApp=LabApp))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")  # which is set, and put back after the test

    def run(*args):
        calls.clear()
        result = CliRunner().invoke(cli.app, ["lab", *args])
        assert result.exit_code == 3, result.output
        return result.output, *calls

    return run


def opened(folder, *args):
    return [
        f"--ServerApp.root_dir={Path(folder).resolve()}",
        f"--LabApp.default_url=/lab/tree/{course_lab.FIRST}",
        "--ServerApp.contents_manager_class=tconv_helpers.labfiles.CourseFiles",
        *args,
    ]


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))


def test_it_copies_the_course_and_opens_it(lab):
    assert lab() == ("", opened("tconv-course"))
    assert names("tconv-course") == [course_lab.RECORD, course_lab.FIRST, "01_convolution.ipynb"]
    assert Path("tconv-course", course_lab.FIRST).read_text() == page(course_lab.FIRST)


@pytest.mark.parametrize(
    "words, folder, args",
    [
        (["mine"], "mine", []),
        (["a/b/c"], "a/b/c", []),
        (["mine", "--no-browser", "--port", "8890"], "mine", ["--no-browser", "--port", "8890"]),
        (["mine", "--", "--port=8890", "-y"], "mine", ["--port=8890", "-y"]),
        (["--no-browser", "--port", "8890"], "tconv-course", ["--no-browser", "--port", "8890"]),
        (["--", "--debug"], "tconv-course", ["--debug"]),
        (["mine", "--nbgrader", "--debug"], "mine", ["--debug"]),
        (["--nbgrader", "--no-browser"], "tconv-course", ["--no-browser"]),
    ],
)
def test_what_follows_the_folder_goes_to_jupyterlab(lab, words, folder, args):
    assert lab(*words) == ("", opened(folder, *args))
    assert os.listdir() == [folder.split("/")[0]]


def newer(*pages):
    return (
        f"The course has a newer edition than yours in mine: {', '.join(pages)}. "
        "For the new one, rename yours and run this again.\n"
    )


def another(*pages):
    return (
        f"Kept in mine, though the course has another version: {', '.join(pages)}. "
        "For the course's, rename yours and run this again.\n"
    )


def test_it_never_overwrites_a_file_and_keeps_quiet_about_a_students_own_work(lab):
    lab("mine")
    Path("mine", course_lab.FIRST).write_text("my answer")
    Path("mine", "notes.txt").write_text("my notes")
    for _ in range(2):
        assert lab("mine")[0] == ""
    assert Path("mine", course_lab.FIRST).read_text() == "my answer"

    Path("mine", course_lab.FIRST).rename(Path("mine", "mine.ipynb"))
    assert lab("mine")[0] == ""
    assert Path("mine", course_lab.FIRST).read_text() == page(course_lab.FIRST)
    assert Path("mine", "mine.ipynb").read_text() == "my answer"


@pytest.mark.parametrize("mine", [None, "my answer"], ids=["as it was given", "worked on"])
def test_a_newer_edition_is_told_of_once_and_got_by_renaming(lab, course, mine):
    path = Path("mine", course_lab.FIRST)
    lab("mine")
    mine = mine or path.read_text()
    path.write_text(mine)
    (course / course_lab.FIRST).write_text(page("a new edition"))
    assert lab("mine")[0] == newer(course_lab.FIRST)
    assert lab("mine")[0] == ""
    assert path.read_text() == mine

    (course / course_lab.FIRST).write_text(page("a third"))
    (course / "01_convolution.ipynb").write_text(page("a third"))
    assert lab("mine")[0] == newer(course_lab.FIRST, "01_convolution.ipynb")
    path.unlink()
    assert lab("mine")[0] == ""
    assert path.read_text() == page("a third")


def test_a_solution_that_changed_makes_no_newer_edition(lab, course):
    """An edition is newer by what a student gets, and by nothing else."""

    def master(solution):
        book = json.loads(page("Double it."))
        marks = {"nbgrader": {"solution": True, "grade": False, "grade_id": "f", "locked": False}}
        source = [f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"]
        cell = {"cell_type": "code", "id": "b", "metadata": marks, "outputs": [], "execution_count": None}
        book["cells"].append({**cell, "source": source})
        return json.dumps(book)

    (course / course_lab.FIRST).write_text(master("y = 2 * x"))
    lab("mine")
    Path("mine", course_lab.FIRST).write_text("my answer")
    (course / course_lab.FIRST).write_text(master("y = x + x"))
    assert lab("mine")[0] == ""


@pytest.mark.parametrize("record", [None, "", "[1]", "{", "null", "\xff"])
def test_without_a_record_what_differs_is_told_of_once(lab, record):
    """The folder is from elsewhere: whose the difference is cannot be known."""
    Path("mine").mkdir()
    Path("mine", course_lab.FIRST).write_text("an answer")
    if record is not None:
        Path("mine", course_lab.RECORD).write_bytes(record.encode("latin-1"))
    assert lab("mine")[0] == another(course_lab.FIRST)
    assert lab("mine")[0] == ""
    assert Path("mine", course_lab.FIRST).read_text() == "an answer"


def test_what_cannot_be_noted_is_told_of_again(lab):
    Path("mine", course_lab.RECORD).mkdir(parents=True)
    Path("mine", course_lab.FIRST).write_text("an answer")
    for _ in range(2):
        assert lab("mine")[0] == another(course_lab.FIRST)


def test_its_own_pages_are_trusted_and_a_students_are_not(lab):
    """JupyterLab shows the widgets of a trusted page before anything has run."""
    lab("mine")
    Path("mine", "01_convolution.ipynb").write_text(page("my own"))
    Path("mine", "other.ipynb").write_text(page("someone's"))
    lab("mine")
    signed = {path.name: is_trusted(path) for path in Path("mine").glob("*.ipynb")}
    assert signed == {course_lab.FIRST: True, "01_convolution.ipynb": False, "other.ipynb": False}


def is_trusted(path):
    return NotebookNotary().check_signature(nbformat.read(path, 4))


def test_a_link_of_the_students_is_kept(lab):
    Path("mine").mkdir()
    Path("mine", course_lab.FIRST).symlink_to("nowhere")
    assert course_lab.FIRST in lab("mine")[0]
    assert os.readlink(Path("mine", course_lab.FIRST)) == "nowhere"


def test_in_a_checkout_the_course_is_opened_where_it_is_and_trusted(lab, course):
    before = {path: path.read_bytes() for path in course.glob("*.ipynb")}
    (course / "other.ipynb").write_text(page("someone's"))
    assert lab(str(course)) == ("", opened(course))
    (course / "other.ipynb").unlink()
    assert {path: path.read_bytes() for path in course.glob("*") if path.is_file()} == before
    assert [is_trusted(path) for path in before] == [True, True]


def refusal(*words):
    result = CliRunner().invoke(cli.app, ["lab", *words])
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def test_it_says_what_a_folder_must_be(course, monkeypatch):
    Path("file").write_text("")
    assert refusal("file") == "FOLDER must be a folder: got file, which is a file; name another\n"
    assert refusal("file/x") == (
        "FOLDER must be writable: file/x says 'Not a directory'; name another or make room\n"
    )

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert refusal("x") == ("FOLDER must be writable: x says 'No space left'; name another or make room\n")


def test_it_says_when_jupyterlab_is_missing(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert refusal().endswith(f"; get it: {sys.executable} -m pip install jupyterlab\n")


def test_it_says_when_the_notebooks_are_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(course_lab, "PACKAGE", tmp_path / "tconv_helpers")
    assert refusal(str(tmp_path / "x")).startswith("tconv must come with its notebooks: found none in ")


# tconv release


def released(*words):
    result = CliRunner().invoke(cli.app, ["release", *words])
    return result.exit_code, result.stdout, result.stderr


def test_release_writes_what_is_named(course):
    assert released("01", "--to", "out") == (0, "In out: 01_convolution.\n", "")
    assert names("out") == ["01_convolution.ipynb"]
    for word in ("1", "01_convolution", "notebooks/01_convolution.ipynb"):
        assert released("01", word, "--to", f"out-{len(word)}")[:2] == (
            0,
            f"In out-{len(word)}: 01_convolution.\n",
        )
    assert released("--to", "out") == (0, "In out: 00_start_here, 01_convolution.\n", "")


def test_release_keeps_what_is_there_and_says_so(course):
    released("--to", "out")
    Path("out", "01_convolution.ipynb").write_text("my work")
    assert released("--to", "out") == (
        1,
        "In out: 00_start_here.\n",
        "Kept in out, since a file that is there may be a student's work: 01_convolution.ipynb; "
        "rename or remove it, or name another folder\n",
    )
    assert Path("out", "01_convolution.ipynb").read_text() == "my work"


def test_release_names_the_page_that_holds_an_answer_and_writes_none(course):
    book = json.loads(page("y = [2 * entry for entry in x]"))
    code = {"cell_type": "code", "id": "b", "metadata": {"nbgrader": {"solution": True}}, "outputs": []}
    solution = "### BEGIN SOLUTION\ny = [2 * entry for entry in x]\n### END SOLUTION"
    book["cells"].append({**code, "execution_count": None, "source": solution})
    (course / "01_convolution.ipynb").write_text(json.dumps(book))
    code, said, error = released("--to", "out")
    assert (code, said) == (1, "")
    assert error.startswith(
        "01_convolution.ipynb: a student's edition must hold no line of a solution: found 'y=["
    )
    assert not Path("out").exists()


@pytest.mark.parametrize("word", ["09", "001", "", "convolution"])
def test_release_says_which_assignments_there_are(course, word):
    code, _, said = released(word, "--to", "out")
    assert (code, said) == (
        1,
        f"ASSIGNMENT must name one notebook: got {word!r}; the course has 00_start_here, 01_convolution\n",
    )


def test_the_console_script_is_there():
    done = subprocess.run([TCONV, "--help"], capture_output=True, text=True, check=True)
    commands = ("lab", "release", "progress", "grade", "export", "doctor")  # of a checkout
    assert all(command in done.stdout for command in commands)


@contextmanager
def served(folder, *words):
    """Start a real `tconv lab mine`, which must end with code 0, and give what asks it: ``get(path)``."""
    words = [
        *words,
        "--no-browser",
        "--port=0",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        "--allow-root",
    ]
    env, log = {**os.environ, "JUPYTER_RUNTIME_DIR": str(folder / "run")}, folder / "log"
    with (
        log.open("w") as said,
        subprocess.Popen(
            [TCONV, "lab", "mine", *words], cwd=folder, env=env, stdout=said, stderr=said
        ) as server,
    ):
        try:
            url = address(server, folder / "run", log)

            def get(path):
                with urllib.request.urlopen(url + path, timeout=LONG) as answer:
                    return answer.geturl(), answer.read().decode()

            yield get
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(LONG)
    assert server.returncode == 0, log.read_text()


def page_config(get):
    """Return what the server tells JupyterLab's page."""
    found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', get("lab")[1], re.S)
    return json.loads(found[1])


def test_the_real_jupyterlab_opens_quietly_and_stops(tmp_path):
    """The real server finds the first notebook, and asks for no news, no updates and no build."""
    with served(tmp_path) as get:
        assert get("")[0].endswith(f"/lab/tree/{course_lab.FIRST}")
        assert course_lab.FIRST in get(f"api/contents/{course_lab.FIRST}?content=0")[1]
        settings = json.loads(get("lab/api/settings/@jupyterlab/apputils-extension:notification")[1])
        asks = {
            name: settings["schema"]["properties"][name]["default"]
            for name in ("fetchNews", "checkForUpdates")
        }
        assert asks == {"fetchNews": "false", "checkForUpdates": False}
        assert page_config(get)["buildCheck"] is False


@pytest.mark.parametrize("asked", [False, True])
def test_nbgrader_is_left_out_unless_it_is_asked_for(tmp_path, asked):
    with served(tmp_path, *["--nbgrader"] * asked) as get:
        assert ("@jupyter/nbgrader" in page_config(get).get("disabledExtensions", [])) is not asked
        if asked:
            assert "formgrader" in get("formgrader")[1]
        else:
            with pytest.raises(urllib.error.HTTPError, match="404") as refused:
                get("formgrader")
            refused.value.close()


LEFT = """
import asyncio, threading
from anyio.to_thread import run_sync
from tconv_helpers.lab import end_idle_threads

stopped = threading.Event()

def work():
    loop.call_soon_threadsafe(loop.stop)  # the server is stopped while the thread works
    stopped.wait()

loop = asyncio.new_event_loop()
loop.create_task(run_sync(work))
loop.run_forever()
stopped.set()
print([thread.name for thread in threading.enumerate()].count("AnyIO worker thread"), flush=True)
end_idle_threads()
"""


def test_a_server_that_is_stopped_while_a_thread_works_ends():
    done = subprocess.run([sys.executable, "-c", LEFT], capture_output=True, text=True, timeout=LONG)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


@pytest.mark.parametrize("name", ["transposed", "shape", "latent", "01-terms"])
def test_explore_writes_one_file_and_never_over_another(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(cli.app, ["explore", name, "--course", "https://example.org/?a=1&b=2"])
    assert (told.exit_code, told.stdout) == (0, f"Wrote {name}.html: open it in a browser.\n")
    text = Path(f"{name}.html").read_text(encoding="utf-8")
    assert 'href="https://example.org/?a=1&amp;b=2"' in text
    again = CliRunner().invoke(cli.app, ["explore", name])
    assert again.exit_code == 1 and f"{name}.html is there; remove it" in again.stderr
    assert Path(f"{name}.html").read_text(encoding="utf-8") == text


def test_explore_says_what_there_is_and_where_it_cannot_write(tmp_path):
    told = CliRunner().invoke(cli.app, ["explore", "stride"])
    assert told.exit_code == 1 and "got 'stride'; use one of transposed, backward" in told.stderr
    told = CliRunner().invoke(cli.app, ["explore", "transposed", "--to", f"{tmp_path}/none/x.html"])
    assert told.exit_code == 1 and "No such file or directory; name another with --to" in told.stderr
