"""The style of the figures: roles differ by colour and by shape, a drawing is an image with its words."""

import pytest
from matplotlib.colors import to_hex

from tconv_helpers import draw_conv, draw_scatter
from tconv_helpers.figures.style import canvas, mark, mix
from tconv_helpers.marks import COLOURS, SHAPES, STATES


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
    mark(ax, "output", 0, 0, "7", state)
    circle, *ring = ax.patches
    says = STATES[state]
    assert to_hex(circle.get_facecolor()) == mix(COLOURS["output"], says.get("part", 1))
    assert (circle.get_linestyle() == "--") == says.get("dashed", False)
    assert [each.get_radius() for each in ring] == [SHAPES["ring"]["reach"]] * says.get("ringed", False)
    assert len(ax.lines) == says.get("crossed", False)


def test_a_drawing_is_an_image_with_its_words_and_leaves_pyplot_alone():
    bundle = draw_conv([1, 2, 3], [1, 2])._repr_mimebundle_()
    assert bundle["text/plain"] == draw_conv([1, 2, 3], [1, 2]).alt
    assert bundle["text/html"].startswith('<img alt="Convolution, step 1. ')
    assert bundle == draw_conv([1, 2, 3], [1, 2])._repr_mimebundle_()
