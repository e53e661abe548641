"""`check` in a notebook: after a cell that failed, after a restart, and how its verdict looks there."""

import contextlib
import io
import json

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from tconv_helpers import check
from tconv_helpers.exercises import session
from tconv_helpers.exercises.checking import diagnose
from tconv_helpers.exercises.table import exercises

RIGHT = """import numpy as np
def conv_by_kernel(x, k):
    return np.array([x[i : i + len(k)] @ k for i in range(len(x) - len(k) + 1)], float)"""
UNREADABLE = RIGHT.replace("return", "y = = 2\n    return")
RAISES = "import numpy as np\nnp.oh\n" + RIGHT
CHECK = 'check("conv_by_kernel")'
IS_RIGHT = "conv_by_kernel is right on all 14 inputs."
NOT_TESTED = "conv_by_kernel was not tested, since the last version of its cell did not run ("


@pytest.fixture
def shell(monkeypatch):
    """Return a shell that runs cells, each of which returns what `check` says in it."""
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    monkeypatch.setattr(session, "_failed", {})
    session.watch_cells()
    shell.user_ns["check"] = check

    def run(*cells):
        for cell in cells:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                shell.run_cell(cell)
        return " ".join(printed.getvalue().split())

    yield run
    InteractiveShell.clear_instance()


def test_after_a_syntax_error_the_function_of_an_earlier_run_is_not_tested(shell):
    assert shell(RIGHT, CHECK).startswith(IS_RIGHT)
    said = shell(UNREADABLE, CHECK)
    assert said.startswith(
        f"{NOT_TESTED}SyntaxError: invalid syntax): mend it, run that cell, then this one."
    )
    assert "line 3 y = = 2" in said and said.endswith("0")
    assert shell("check(conv_by_kernel)") == said
    assert shell(RIGHT, CHECK).startswith(IS_RIGHT)


def test_after_an_error_above_the_function_the_earlier_one_is_not_tested(shell):
    said = shell(RIGHT, RAISES, CHECK)
    assert said.startswith(f"{NOT_TESTED}AttributeError: module 'numpy' has no attribute 'oh'): mend it, run")
    assert "line 2 np.oh" in said


def test_a_cell_that_never_ran_is_named_as_well(shell):
    assert shell(UNREADABLE, CHECK).startswith(f"{NOT_TESTED}SyntaxError")


@pytest.mark.parametrize(
    "cell",
    [
        "conv_by_kernel(1)",  # raises
        "conv_by_kernel(",
        "# def conv_by_kernel(x, k):\nx = = 2",
        "print conv_by_kernel(1, 2)",
        "def conv_by_loops(x, k):\n    x = = 2",
        "%%writefile /dev/null/no\n" + UNREADABLE,
        RIGHT + "\nconv_by_kernel(1)",  # raises when the function is there
        "def trial():\n    def conv_by_kernel(x, k): ...\n    1 / 0\ntrial()",
    ],
)
def test_no_other_cell_that_fails_is_taken_for_it(shell, cell):
    assert shell(RIGHT, cell, CHECK).startswith(IS_RIGHT)


def test_a_function_that_came_in_another_way_is_tested(shell):
    solve = f"exec({RIGHT!r}, globals())"
    assert shell(UNREADABLE, solve, CHECK).startswith(IS_RIGHT)


@pytest.mark.parametrize("cells", [(UNREADABLE, RIGHT), (RIGHT + "\n1 / 0",)])
def test_a_function_that_was_there_and_is_gone_is_not_defined(shell, cells):
    said = shell(*cells, "del conv_by_kernel", CHECK)
    assert said.startswith("conv_by_kernel is not defined yet: write it in the cell above")


def test_plain_python_knows_of_no_cells():
    assert session.running_shell() is None and session.watch_cells() is None
    assert session.last_failure("conv_by_kernel", None) is None


def run_in_kernel(folder, *sources):
    """Return the cells of a notebook that a new kernel ran from top to bottom."""
    book = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(book, allow_errors=True, resources={"metadata": {"path": str(folder)}}).execute()
    return book.cells


def test_in_a_kernel(tmp_path):
    cells = run_in_kernel(tmp_path, "from tconv_helpers import check", RIGHT, CHECK, UNREADABLE, CHECK)
    right, wrong = cells[2].outputs, cells[4].outputs
    assert [output.output_type for output in right] == ["display_data", "execute_result"]
    assert right[0].data["text/plain"] == IS_RIGHT and f"✓ {IS_RIGHT}" in right[0].data["text/html"]
    assert (right[1].data["text/plain"], wrong[1].data["text/plain"]) == ("2", "0")
    assert " ".join(wrong[0].data["text/plain"].split()).startswith(NOT_TESTED)


# After a restart: the function stands, what it uses does not


def needs(name):
    """Return what `check` says of a function that uses that name."""
    space = {}
    exec(f"def conv_by_kernel(x, k):\n    return {name}(x)", space)
    return diagnose(space["conv_by_kernel"], exercises()["conv_by_kernel"]).sentence


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Return where a notebook with an import and a helper is saved, in the folder of the session."""
    sources = (
        "# Begin\nimport numpy as np\nimport torch.nn",
        "def double(x):\n    return 2 * x",
        "y = double(2)",
    )
    path = tmp_path / "01_convolution.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources]), path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return path


@pytest.mark.parametrize(
    "name, begins",
    [("np", "import numpy as np"), ("torch", "import numpy as np"), ("double", "def double(x):")],
)
def test_the_cell_that_defines_a_missing_name_is_told(page, name, begins):
    raised = f"conv_by_kernel raised NameError: name '{name}' is not defined"
    assert needs(name) == f"{raised}. Run the cell that begins with `{begins}` first, then this one."


def test_a_name_that_no_cell_defines_is_only_told(page):
    for name in ("doubble", "y"):  # a result of the lecture is not what a student's function means
        assert needs(name) == f"conv_by_kernel raised NameError: name '{name}' is not defined"


def test_a_copy_of_another_name_is_found(page, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(page.rename(page.with_name("mine.ipynb"))))
    assert "`def double(x):`" in needs("double")


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"cells": [{}]}), "\0", None])
def test_without_a_notebook_the_usual_import_is_told(page, text):
    page.unlink()
    if text is not None:
        page.write_text(text)
    assert "`import numpy as np`" in needs("np") and needs("double").endswith("is not defined")
