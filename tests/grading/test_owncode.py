"""Cells that are a student's own, and those of them that an answer needs."""

import sys

import pytest

from tconv_helpers.grading.owncode import own_code


def test_only_the_cells_that_an_answer_needs_are_run():
    cells = ["import math", "a = 1", "def f(x):\n    return x + a", "print(f(1))", "def g(): return math.pi"]
    got = own_code([("code", cell) for cell in cells], set(), ["f", "h"])
    assert (got.cells, got.places, got.broken) == (["a = 1", "def f(x):\n    return x + a"], {"f": 2}, {})


def own(*cells, names=("f", "g")):
    return own_code([("code", cell) if isinstance(cell, str) else cell for cell in cells], set(), list(names))


F = "def f(x):\n    return TABLE[x]"


@pytest.mark.parametrize(
    "change",
    [
        "TABLE['a'] = 1",
        "TABLE.update(a=1)",
        "del TABLE['a']",
        "TABLE['a'] += 1",
        "for key in 'ab':\n    TABLE[key] = 1",
        "fill(TABLE)",
        "TABLE.deep['a'].append(1)",
        "if True:\n    TABLE = {}",
        "def fill():\n    global TABLE\n    TABLE = {}",
        "class A:\n    TABLE[1] = 2",
    ],
)
def test_a_cell_that_changes_what_an_answer_uses_is_run(change):
    assert own("TABLE = {}", change, F).cells == ["TABLE = {}", change, F]


@pytest.mark.parametrize(
    "scratch",
    [
        "f(3)",
        "print(f('a'))",
        "plt.plot(f('a'))",
        "x = 3",
        "for x in range(3):\n    f(x)",
        "while True:\n    f(1)",
        "np.testing.assert_allclose(f(1), 1)",
        "np.set_printoptions(3)",
        "y = TABLE['a']",
    ],
)
def test_a_scratch_cell_is_not(scratch):
    assert own("TABLE = {}", scratch, F, scratch).cells == ["TABLE = {}", F]


def test_settings_of_what_an_answer_uses_are_made():
    uses = "def f(x):\n    return np.log(x)"
    assert own("np.seterr(all='raise')", "np.random.rand(3)", uses).cells == ["np.seterr(all='raise')", uses]


def test_a_helper_that_is_called_to_fill_a_table_is_called():
    fill = "def fill():\n    TABLE['a'] = 1"
    assert own("TABLE = {}", fill, "fill()", F).cells == ["TABLE = {}", fill, "fill()", F]


def test_a_star_import_may_be_what_an_answer_uses():
    assert (
        own("from numpy import *", "def f(x):\n    return convolve(x, x)").cells[0] == "from numpy import *"
    )


def test_an_exercises_name_may_be_used_again():
    for again in ("for f in range(3):\n    pass", "f = 3", "import numpy as f"):
        assert own(F, again).places == {"f": 0}
    assert own("f = lambda x: x").places == {"f": 0}


def test_an_answer_is_called_where_its_check_stands():
    got = own(
        "def h(x):\n    return 1",
        "def f(x):\n    return h(x)",
        "check('f')",
        "def h(x):\n    return 2",
        "f(1)",
    )
    assert (got.cells[:2], got.after) == (["def h(x):\n    return 1", "def f(x):\n    return h(x)"], {"f": 2})
    assert own("check('f')", F).after == {}  # not yet written where it is checked
    assert own(F, "check( 'f' )").after == {"f": 1}


def test_imports_that_no_sandbox_has_are_left_out():
    got = own(
        "import numpy as np, torch\nfrom torch.nn import functional as F\nimport os\ndef f(x):\n    return 1"
    )
    assert got.missing == ["torch"]
    assert got.cells == ["import numpy as np\npass\nimport os\n\ndef f(x):\n    return 1"]
    assert own("import torch\nfrom .a import b", F).missing == []  # nobody needs that cell
    kept = "try:\n    import torch\nexcept ImportError:\n    torch = None\ndef f(x):\n    return torch"
    assert (own(kept).cells, own(kept).missing) == ([kept], [])


@pytest.mark.parametrize(
    "cell, runs",
    [
        ("%time 1\ndef f(x):\n    return 1", "1\n\ndef f(x):\n    return 1"),
        ("%%time\ndef f(x):\n    return 1", "def f(x):\n    return 1"),
        ("    def f(x):\n        return 1", "def f(x):\n    return 1"),
        (">>> def f(x):\n...     return 1", "def f(x):\n    return 1"),
        ("In [3]: def f(x):\n   ...:     return 1", "def f(x):\n    return 1"),
        ("y = %time 2\ndef f(x):\n    return y", "y = 2\n\ndef f(x):\n    return y"),
        ("files = !ls\ndef f(x):\n    return 1", "files = None\n\ndef f(x):\n    return 1"),
        ("?len\n!ls\ndef f(x):\n    return 1", "pass\npass\n\ndef f(x):\n    return 1"),
        ('def f(x):\n    s = """\n%time\n!ls\n"""\n    return s', None),
        ("def f(x):\n    return (x\n    %len(x))", None),
    ],
)
def test_what_only_ipython_understands(cell, runs):
    assert own(cell).cells == [runs or cell]


@pytest.mark.parametrize("cell", ["%%bash\ndef f(x):\n    return 1", "%%timeit\ndef f(x):\n    return 1"])
def test_a_cell_that_defines_nothing_in_a_notebook_defines_nothing(cell):
    assert own(cell).places == {}


def test_an_answer_in_another_kind_of_cell_is_told():
    got = own(("markdown", "def f(x):\n    return 1"))
    assert got.broken == {
        "f": "its cell is of the kind markdown, and not code: make it code again, and run it."
    }
    assert own(("markdown", "def f(x):\n    return 1"), F).broken == {}


def test_syntax_is_read_by_the_python_that_grades_and_that_is_said():
    said = own("def f(x):\n    return x +\n").broken["f"]
    assert said == f"Python {sys.version_info[0]}.{sys.version_info[1]} cannot read the cell: see its line 2."


@pytest.mark.parametrize(
    "scratch, line",
    [
        ("def f(a, a):\n    return a", 1),
        ("def f(x):\n    n = x\n    global n", 3),
        ("def f(x):\n    global x", 2),
        ("def f(x):\n    nonlocal y", 2),
        ("def f(x):\n    from numpy import *", 2),
        ("def f(x):\n    return [x := 1 for x in 'ab']", 2),
        ("import torch\n# where torch is\n\ndef f(a, a):\n    return a", 4),
        ("%time 1\ndef f(a, a):\n    return a", 1),
        ("import torch\ndef f(x):\n    return " + "+".join(["1"] * 1200), None),
    ],
)
def test_a_cell_that_is_refused_after_it_is_parsed_costs_its_own_exercise_only(scratch, line):
    got = own(scratch, "def g(x):\n    return 1")
    assert (got.places, list(got.broken)) == ({"g": 1}, ["f"])
    assert f"cannot read the cell: see its line {line}." in got.broken["f"] or line is None
    assert own(scratch, F).broken == {}
