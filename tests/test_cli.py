"""`tconv lab` writes the course, keeps what a student changed, and becomes JupyterLab; `tconv release`."""

import errno
import json
import os
import signal
import subprocess
import sys
import types
import urllib.request
from pathlib import Path

import nbformat
import pytest
from lab_server import address
from nbformat.sign import NotebookNotary
from typer.testing import CliRunner
from waiting import LONG

from tconv_helpers import cli

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
    for name in (cli.FIRST, "01_convolution.ipynb", ".ipynb_checkpoints/old.ipynb"):
        (source / name).write_text(page(name))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(cli, "course_notebooks", lambda: source)
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

    def run(*args):
        calls.clear()
        result = CliRunner().invoke(cli.app, ["lab", *args])
        assert result.exit_code == 3, result.output
        return result.output, *calls

    return run


def opened(folder, *args):
    return [
        f"--ServerApp.root_dir={Path(folder).resolve()}",
        f"--LabApp.default_url=/lab/tree/{cli.FIRST}",
        *args,
    ]


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))


def test_it_copies_the_course_and_opens_it(lab):
    assert lab() == ("", opened("tconv-course"))
    assert names("tconv-course") == [cli.FIRST, "01_convolution.ipynb"]
    assert Path("tconv-course", cli.FIRST).read_text() == page(cli.FIRST)


@pytest.mark.parametrize(
    "words, folder, args",
    [
        (["mine"], "mine", []),
        (["a/b/c"], "a/b/c", []),
        (["mine", "--no-browser", "--port", "8890"], "mine", ["--no-browser", "--port", "8890"]),
        (["mine", "--", "--port=8890", "-y"], "mine", ["--port=8890", "-y"]),
        (["--no-browser", "--port", "8890"], "tconv-course", ["--no-browser", "--port", "8890"]),
        (["--", "--debug"], "tconv-course", ["--debug"]),
    ],
)
def test_what_follows_the_folder_goes_to_jupyterlab(lab, words, folder, args):
    assert lab(*words) == ("", opened(folder, *args))
    assert os.listdir() == [folder.split("/")[0]]


def test_it_never_overwrites_a_file(lab, course):
    lab("mine")
    Path("mine", cli.FIRST).write_text("my answer")
    Path("mine", "notes.txt").write_text("my notes")
    assert lab("mine")[0] == (
        f"Kept in mine, though the course has another version: {cli.FIRST}. "
        "For the course's, rename yours and run this again.\n"
    )
    assert Path("mine", cli.FIRST).read_text() == "my answer"

    Path("mine", cli.FIRST).rename(Path("mine", "mine.ipynb"))
    assert lab("mine")[0] == ""
    assert Path("mine", cli.FIRST).read_text() == page(cli.FIRST)
    assert Path("mine", "mine.ipynb").read_text() == "my answer"

    (course / cli.FIRST).write_text(page("a new edition"))
    assert cli.FIRST in lab("mine")[0]
    assert Path("mine", cli.FIRST).read_text() == page(cli.FIRST)


def test_its_own_pages_are_trusted_and_a_students_are_not(lab):
    """JupyterLab shows the widgets of a trusted page before anything has run."""
    lab("mine")
    Path("mine", "01_convolution.ipynb").write_text(page("my own"))
    Path("mine", "other.ipynb").write_text(page("someone's"))
    lab("mine")
    signed = {path.name: is_trusted(path) for path in Path("mine").glob("*.ipynb")}
    assert signed == {cli.FIRST: True, "01_convolution.ipynb": False, "other.ipynb": False}


def is_trusted(path):
    return NotebookNotary().check_signature(nbformat.read(path, 4))


def test_a_link_of_the_students_is_kept(lab):
    Path("mine").mkdir()
    Path("mine", cli.FIRST).symlink_to("nowhere")
    assert cli.FIRST in lab("mine")[0]
    assert os.readlink(Path("mine", cli.FIRST)) == "nowhere"


def test_in_a_checkout_the_course_is_opened_where_it_is(lab, course):
    before = names(course)
    assert lab(str(course)) == ("", opened(course))
    assert names(course) == before


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
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "tconv_helpers" / "cli.py"))
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


def test_the_real_jupyterlab_opens_quietly_and_stops(tmp_path):
    """The real server finds the first notebook, asks for no news and no updates, and ends with code 0."""
    words = ["--no-browser", "--port=0", "--ip=127.0.0.1", "--IdentityProvider.token=", "--allow-root"]
    env, log = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "run")}, tmp_path / "log"
    with (
        log.open("w") as said,
        subprocess.Popen(
            [TCONV, "lab", "mine", *words], cwd=tmp_path, env=env, stdout=said, stderr=said
        ) as server,
    ):
        try:
            url = address(server, tmp_path / "run", log)

            def get(path):
                with urllib.request.urlopen(url + path, timeout=LONG) as answer:
                    return answer.geturl(), answer.read().decode()

            assert get("")[0].endswith(f"/lab/tree/{cli.FIRST}")
            assert cli.FIRST in get(f"api/contents/{cli.FIRST}?content=0")[1]
            settings = json.loads(get("lab/api/settings/@jupyterlab/apputils-extension:notification")[1])[
                "schema"
            ]
            asks = {
                name: settings["properties"][name]["default"] for name in ("fetchNews", "checkForUpdates")
            }
            assert asks == {"fetchNews": "false", "checkForUpdates": False}
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(LONG)
    assert server.returncode == 0, log.read_text()
