"""A graded answer imports what a sandbox has, and `check` finds what it imports besides."""

import functools
import math
import sys
import types

import numpy as np
import pytest

from tconv_helpers import check
from tconv_helpers.exercises import available
from tconv_helpers.exercises.available import AVAILABLE, unavailable
from tconv_helpers.grading.answers import masters
from tconv_helpers.grading.owncode import own_code

CONV = {name: master.source for name, master in masters().items()}["conv_by_kernel"]
LIBRARY = types.ModuleType("somelibrary")
exec("def total(x): return sum(x)\nclass Box:\n    pass\nbox = Box()", LIBRARY.__dict__)

# Cells of a notebook whose `f` needs no more than a sandbox has, and cells whose `f` needs somelibrary.
GOOD = [
    "def f(x): return np.sum(x) + math.pi",
    "import somelibrary\ndef f(x): return x",
    "import somelibrary\ndef f(x): return x.somelibrary",
    "def f(x): return missing_name(x)",
    "def f(x): return f(x - 1) if x else g\ndef g(x): return f(x)",
]
BAD = [
    "import somelibrary\ndef f(x): return somelibrary.total(x)",
    "import somelibrary as np\ndef f(x): return np.total(x)",
    "from somelibrary import total\ndef f(x): return total(x)",
    "from somelibrary import *\ndef f(x): return total(x)",
    "from somelibrary import total as f",
    "def f(x):\n    import somelibrary\n    return somelibrary.total(x)",
    "def f(x):\n    from somelibrary.part import total\n    return total(x)",
    "import somelibrary\ng = lambda x: somelibrary.total(x)\ndef f(x): return g(x)",
    "import somelibrary\ndef f(x): return [somelibrary.total(x) for _ in x]",
    "import somelibrary\ndef f(x, lib=somelibrary): return x",
    "from somelibrary import Box\ndef f(x: Box): return x",
    "from somelibrary import box\ndef f(x): return box.sum(x)",
    "from somelibrary import Box\nclass C(Box): pass\ndef f(x): return C",
    "import somelibrary\nclass C:\n    def g(self): return somelibrary\nc = C()\ndef f(x): return c.g()",
    "import somelibrary\nclass C:\n    @property\n    def g(self): return somelibrary\ndef f(x): return C",
    "import somelibrary\ndef make():\n    def f(x): return somelibrary.total(x)\n    return f\nf = make()",
    "import somelibrary\nfrom functools import cache\n@cache\ndef f(x): return somelibrary.total(x)",
    "import somelibrary\nfrom functools import wraps\ndef d(g):\n    @wraps(g)\n"
    "    def h(*a): return g(*a)\n    return h\n"
    "@d\ndef f(x): return somelibrary.total(x)",
]


@pytest.fixture
def somelibrary(monkeypatch):
    monkeypatch.setitem(sys.modules, "somelibrary", LIBRARY)


@pytest.mark.parametrize("cells", GOOD + BAD)
@pytest.mark.parametrize("name", ["__main__", "a_notebook"])
def test_what_a_function_uses_is_found(somelibrary, cells, name):
    space = {"np": np, "math": math, "__name__": name}
    exec(cells, space)
    assert unavailable(space["f"], name) == ["somelibrary"] * (cells in BAD)


def test_the_courses_own_operators_and_what_needs_a_network_are_found():
    space = {"__name__": "__main__"}
    exec("import ssl\nfrom tconv_helpers import conv\ndef f(x): return ssl.wrap(conv(x, x))", space)
    assert unavailable(space["f"]) == ["ssl", "tconv_helpers"]


def test_functions_of_no_module_are_looked_into(somelibrary):
    space = {}
    exec(BAD[0], space)
    assert unavailable(space["f"]) == ["somelibrary"]


def test_a_function_of_another_modules_is_found_whatever_it_is(somelibrary):
    assert unavailable(functools.partial(LIBRARY.total)) == []  # of functools, which a sandbox has
    assert unavailable(LIBRARY.box) == ["somelibrary"]


def test_no_right_solution_uses_what_a_sandbox_lacks():
    for master in masters().values():
        assert unavailable(master.solution(), "__main__") == [], master.name


def test_check_says_what_the_grader_lacks_and_counts_the_answer_as_before(somelibrary, capsys):
    space = {"np": np, "__name__": "__main__", "check": check}
    exec(CONV, space)
    assert repr(eval("check(conv_by_kernel)", space)) == "2"
    assert "what grades" not in capsys.readouterr().out
    exec(
        "import somelibrary\n"
        + CONV.replace("def conv_by_kernel(x, k):", "def conv_by_kernel(x, k, _=somelibrary):"),
        space,
    )
    assert repr(eval("check(conv_by_kernel)", space)) == "2"
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("conv_by_kernel is right on all")
    assert said.endswith(f"But {available.RULE}: write it without somelibrary.")


def test_grading_leaves_out_what_check_warns_of():
    left = own_code([("code", "import somelibrary, math\ndef f(x): return 1")], set(), ["f"])
    assert left.missing == ["somelibrary"] and {"math", "numpy"} <= AVAILABLE
