"""The marks stand once: what draws them reads them."""

import re
from pathlib import Path

import pytest

import tconv_helpers
from tconv_helpers.marks import COLOURS, DARK, INK, SHAPES, STATES, css_variables

PACKAGE = Path(tconv_helpers.__file__).parent
DRAWN_BY = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".css", ".js")]
STYLE = "".join((PACKAGE / "explore" / name).read_text() for name in ("theme.css", "explore.css"))


@pytest.mark.parametrize("colour", [*COLOURS.values(), INK, DARK["paper"]])
def test_a_colour_of_a_mark_stands_nowhere_else(colour):
    assert len(DRAWN_BY) > 50
    holders = [path for path in DRAWN_BY if colour.lower() in path.read_text().lower()]
    assert holders == []


def test_colours_are_six_digits():
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in [*COLOURS.values(), INK])
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in DARK.values())


def test_shapes_differ_and_fit_into_their_cell():
    roles = ("input", "kernel", "output")
    assert len({SHAPES[role]["form"] for role in roles}) == len({SHAPES[role]["sign"] for role in roles}) == 3
    assert all(0 < shape["reach"] <= 0.5 for shape in SHAPES.values())


def test_the_page_gets_every_colour_and_every_part():
    first, *rest = css_variables(".page").splitlines()
    assert dict(re.findall(r"--([\w-]+): (#\w+);", first)) == COLOURS | {"on-mark": INK}
    parts = [re.fullmatch(r"\.page \.mark\.(\w+) \{ --part: (\d+)%; \}", line).groups() for line in rest]
    assert {name: int(part) / 100 for name, part in parts} == {
        name: state["part"] for name, state in STATES.items() if "part" in state
    }


@pytest.mark.parametrize("name", [*COLOURS, "on-mark"])
def test_the_explorers_use_the_colour(name):
    assert f"var(--{name})" in STYLE
    assert not re.search(rf"--{name}\s*:", STYLE)


def test_the_explorers_style_names_no_state_that_is_dashed_ringed_or_crossed():
    """They read them: tests/browser/test_marks_js.py."""
    flagged = [name for name, state in STATES.items() if state.keys() & {"dashed", "ringed", "crossed"}]
    assert len(flagged) == 4
    assert not [name for name in flagged if re.search(rf"\.{name}\b", STYLE)]
