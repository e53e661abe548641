"""The style of the figures: roles differ by colour and by shape, labels are words."""

import pytest
from matplotlib.colors import to_hex, to_rgba

from tconv_helpers import draw_images, draw_scatter, draw_signals
from tconv_helpers.figures.style import canvas, cell, mark
from tconv_helpers.marks import COLOURS, INK, SHAPES, STATES


def test_roles_differ_by_colour_and_by_shape():
    ax = draw_scatter([1, 3, 2, 4], [1, 2, 3]).axes[0]
    looks = {(type(p).__name__, to_hex(p.get_facecolor(), keep_alpha=False)) for p in ax.patches[:-1]}
    assert {
        ("Rectangle", COLOURS["input"].lower()),
        ("RegularPolygon", COLOURS["kernel"].lower()),
        ("Circle", COLOURS["output"].lower()),
    } <= looks
    assert len({COLOURS[role] for role in ("input", "kernel", "output")}) == 3
    assert len({SHAPES[role]["form"] for role in ("input", "kernel", "output")}) == 3


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_drawn_as_the_marks_say(state):
    _, ax = canvas(1, 1, "One.")
    mark(ax, "output", (0, 0), "7", state=state)
    circle, *ring = ax.patches
    says = STATES[state]
    assert circle.get_facecolor() == to_rgba(COLOURS["output"], says.get("part", 1))
    assert (circle.get_linestyle() == "--") == says.get("dashed", False)
    assert [each.get_radius() for each in ring] == [SHAPES["ring"]["reach"]] * says.get("ringed", False)
    assert len(ax.lines) == says.get("crossed", False)


@pytest.mark.parametrize("part, ink", [(1, INK), (0.76, INK), (0.75, "black"), (0.1, "black")])
def test_a_number_on_little_of_a_colour_has_the_ink_of_the_page(part, ink):
    _, ax = canvas(1, 1, "One.")
    cell(ax, "kernel", (0, 0), "7", part=part)
    assert ax.patches[0].get_facecolor() == to_rgba(COLOURS["kernel"], part)
    assert ax.texts[0].get_color() == ink


def test_labels_are_words_and_a_letter_is_mathematics():
    names = {"x": [1], "input_gradient": [1], "after AᵀA": [1]}
    figure = draw_signals(**names)
    assert [ax.get_ylabel() for ax in figure.axes] == ["$x$", "input gradient", "after AᵀA"]
    assert figure.alt == "x: 1. input gradient: 1. after AᵀA: 1."
    titles = [ax.get_title(loc="left") for ax in draw_images(k=[[1]], output_gradient=[[1]]).axes]
    assert titles == ["◆ $k$", "● output gradient"]
