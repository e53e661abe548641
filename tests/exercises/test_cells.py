"""An exercise is three cells, in a master and in whatever a student made of it."""

import json

from notebook_rules import BOOKS

from tconv_helpers.exercises import cells
from tconv_helpers.exercises.edition import edition_text

MASTER = json.loads(BOOKS[1].read_text(encoding="utf-8"))
NAMES = ["conv_by_kernel", "conv_of_events", "signal_conv", "output_size"]


def test_a_master_has_prose_solution_and_check_of_each():
    found = list(cells.exercises(MASTER))
    assert [each.name for each in found] == NAMES
    for each in found:
        assert cells.source(each.prose).startswith("### Exercise ")
        assert f"def {each.name}(" in cells.source(each.solution)
        assert cells.source(each.check) == f'check("{each.name}")' and cells.marks(each.check)["points"] > 0


def test_a_students_edition_has_the_same():
    edition = json.loads(edition_text(json.dumps(MASTER)))
    assert [each.name for each in cells.exercises(edition)] == NAMES


def cell(source, **marks):
    return {"metadata": {"nbgrader": marks} if marks else {}, "source": source}


def test_a_student_may_put_cells_between_or_lose_some():
    helper, check, stub = cell("a = 1"), cell("check", grade_id="f_check"), cell("def f", grade_id="f")
    book = {"cells": [cell("prose"), stub, helper, check]}
    assert list(cells.exercises(book)) == [("f", cell("prose"), stub, check)]
    assert list(cells.exercises({"cells": [stub, check]})) == [("f", None, stub, check)]
    assert list(cells.exercises({"cells": [check]})) == [("f", None, None, check)]
    assert list(cells.exercises({"cells": [stub, helper]})) == []


def test_a_source_is_a_text_or_its_lines():
    assert cells.source(cell(["a\n", "b"])) == cells.source(cell("a\nb")) == "a\nb"
