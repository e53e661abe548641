"""The marks that JavaScript draws are those of marks.json: sizes, and what is dashed, ringed or crossed."""

from copy import deepcopy

import pytest

from tconv_helpers import TransposedExplorer
from tconv_helpers.explore import joining
from tconv_helpers.marks import SHAPES, STATES

ROLES = "input", "kernel", "output", "entry"

# Each mark alone, in an explorer's style: the box of its parts in cells, and whether its shape is dashed
DRAWN = """async ({ text, css, marks }) => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const { mark, U } = await import(url);
    document.body.innerHTML = `<style>${css}</style><section class="tconv-explorer"><svg/></section>`;
    const svg = document.querySelector("svg");
    return marks.map(([kind, is]) => {
        svg.innerHTML = mark(kind, 0, 0, "1", { is });
        const parts = [...svg.querySelectorAll(".shape, .ring, .cross")].map((part) => {
            const { x, y, width, height } = part.getBBox();
            return [part.className.baseVal, [x, y, x + width, y + height].map((v) => v / U)];
        });
        const dashed = getComputedStyle(svg.querySelector(".shape")).strokeDasharray !== "none";
        return { parts: Object.fromEntries(parts), dashed };
    });
}"""


def drawn(page, marks):
    """Return how marks, each a role and its states, are drawn."""
    given = {"text": joining.esm("marks.js"), "css": TransposedExplorer._css, "marks": marks}
    page.goto("about:blank")
    return page.evaluate(DRAWN, given)


def expected(shapes, states, role, names):
    """Return how a mark must be drawn whose states have these names."""
    given = [states[name] for name in names.split()]
    parts = {"shape": shapes[role]["reach"]}
    for part, flag in {"ring": "ringed", "cross": "crossed"}.items():
        if any(state.get(flag) for state in given):
            parts[part] = shapes[part]["reach"]
    boxes = {name: pytest.approx([-r, -r, r, r], abs=1e-5) for name, r in parts.items()}
    return {"parts": boxes, "dashed": any(state.get("dashed") for state in given)}


@pytest.mark.parametrize("other", [False, True])
def test_a_mark_is_drawn_as_marks_json_says(page, monkeypatch, other):
    shapes, states = deepcopy((SHAPES, STATES))
    if other:
        for shape in shapes.values():
            shape["reach"] = round(shape["reach"] * 0.75, 4)
        for name, state in states.items():
            state |= {"dashed": name == "lit", "ringed": name == "ghost", "crossed": name == "faint"}
        read = joining.json.loads
        changed = {"shapes": shapes, "states": states}
        monkeypatch.setattr(joining.json, "loads", lambda text: read(text) | changed)
    marks = [[role, names] for role in ROLES for names in [*states, "lit extra", "faint extra"]]
    seen = drawn(page, marks)
    for (role, names), one in zip(marks, seen, strict=True):
        assert one == expected(shapes, states, role, names), (role, names)
