"""Whose code a cell is, and which cells an answer needs."""

from tconv_helpers.grading.owncode import own_code


def test_only_the_cells_that_an_answer_needs_are_run():
    cells = ["import math", "a = 1", "def f(x):\n    return x + a", "print(f(1))", "def g(): return math.pi"]
    got = own_code([("code", cell) for cell in cells], set(), ["f", "h"])
    assert (got.cells, got.places, got.broken) == (["a = 1", "def f(x):\n    return x + a"], {"f": 2}, {})
