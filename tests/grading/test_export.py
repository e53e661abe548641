"""Tables for the learning platforms, in which nothing is a formula."""

import csv
import io

import pytest

from tconv_helpers.grading.export import PLATFORMS


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_cell_of_an_export_is_a_formula(platform):
    names = ["=1+2", "+1", "-1", "@x", "\tx", " =1", "＝1", "ann", 'a"b,c', "a\nb"]
    table = PLATFORMS[platform]("01", [(name, 1.5, 9) for name in names])
    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) == len(names) + (2 if platform == "canvas" else 1)
    assert not any(cell.lstrip(" ")[:1] in set("=+-@\t＝") for row in rows for cell in row if cell)
    assert any("ann" in cell for row in rows for cell in row) and len({len(row) for row in rows}) == 1
