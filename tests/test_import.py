"""The cost of an import, the names that come with it, and how docstrings begin."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tconv_helpers

PACKAGE = Path(tconv_helpers.__file__).parent
HEAVY = "torch", "matplotlib", "ipywidgets", "anywidget", "scipy", "sympy", "IPython"


@pytest.mark.parametrize(
    "code",
    ["import tconv_helpers", "from tconv_helpers import conv_transpose, dot_test; conv_transpose([1], [1])"],
)
def test_import_loads_nothing_heavy(code):
    code = f"{code}; import sys; print(*sys.modules)"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(
        run, capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    ).stdout.split()
    assert "tconv_helpers.operators" in loaded
    assert not set(HEAVY) & set(loaded)


def test_every_public_name_resolves():
    for name in tconv_helpers.__all__:
        assert getattr(tconv_helpers, name).__name__ == name
    assert set(tconv_helpers.__all__) <= set(dir(tconv_helpers))
    assert len(set(tconv_helpers.__all__)) == len(tconv_helpers.__all__)


@pytest.mark.parametrize("name", tconv_helpers.__all__)
def test_every_public_name_is_documented_by_example(name):
    """The examples themselves run as doctests."""
    assert "\n>>> " in inspect.getdoc(getattr(tconv_helpers, name))


def docstrings(folder):
    """Yield (file, first word) of every docstring in a folder's Python files."""
    for path in sorted((PACKAGE.parent / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                yield path.name, re.match(r"\W*\w*", ast.get_docstring(node))[0]


@pytest.mark.parametrize("folder", ["tconv_helpers", "tests", "site", "lite", ".ci", "benchmarks"])
def test_a_docstring_begins_with_what_a_thing_is_or_does(folder):
    """A sentence that begins with a verb or a noun needs no second reading."""
    riddles = {"How", "That", "Those", "What", "Where", "Whether", "Which", "Who", "Whose", "Why"}
    assert [found for found in docstrings(folder) if found[1] in riddles] == []


def test_no_module_has_the_name_of_a_function():
    assert not {path.stem for path in PACKAGE.rglob("*.py")} & set(tconv_helpers.__all__)
