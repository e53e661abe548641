"""An exercise is three cells, in a master and in whatever a student made of it."""

import ast
import json
import sys
from pathlib import Path

import pytest
from notebook_rules import BOOKS

from tconv_helpers.exercises import cells
from tconv_helpers.exercises.edition import edition_text

MASTER = json.loads(BOOKS[1].read_text(encoding="utf-8"))
NAMES = ["conv_by_kernel", "conv_of_events", "signal_conv", "output_size"]


def test_a_master_has_prose_solution_and_check_of_each():
    found = list(cells.exercise_cells(MASTER))
    assert [each.name for each in found] == NAMES
    for each in found:
        assert cells.source(each.prose).startswith("### Exercise ")
        assert f"def {each.name}(" in cells.source(each.solution)
        assert cells.source(each.check) == f'check("{each.name}")' and cells.marks(each.check)["points"] > 0


def test_a_students_edition_has_the_same():
    edition = json.loads(edition_text(json.dumps(MASTER)))
    assert [each.name for each in cells.exercise_cells(edition)] == NAMES


def cell(source, **marks):
    return {"metadata": {"nbgrader": marks} if marks else {}, "source": source}


def test_a_student_may_put_cells_between_or_lose_some():
    helper, check, stub = cell("a = 1"), cell("check", grade_id="f_check"), cell("def f", grade_id="f")
    book = {"cells": [cell("prose"), stub, helper, check]}
    assert list(cells.exercise_cells(book)) == [("f", cell("prose"), stub, check)]
    assert list(cells.exercise_cells({"cells": [stub, check]})) == [("f", None, stub, check)]
    assert list(cells.exercise_cells({"cells": [check]})) == [("f", None, None, check)]
    assert list(cells.exercise_cells({"cells": [stub, helper]})) == []


@pytest.mark.parametrize("module, besides", [("cells", set()), ("edition", set()), ("values", {"numpy"})])
def test_it_needs_the_standard_library_only(module, besides):
    """An edition is made while the wheel is built, and values are read inside the sandbox."""
    tree = ast.parse(Path(cells.__file__).with_name(f"{module}.py").read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.level]
    names = [getattr(node, "module", None) or node.names[0].name for node in nodes]
    assert {name.split(".")[0] for name in names} - sys.stdlib_module_names == besides


def test_a_source_is_a_text_or_its_lines():
    assert cells.source(cell(["a\n", "b"])) == cells.source(cell("a\nb")) == "a\nb"
