"""The figures: what is drawn is read back from the Matplotlib objects and compared with the operators."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, Rectangle, RegularPolygon

from tconv_helpers import (
    conv,
    conv_matrix,
    conv_transpose,
    draw_class,
    draw_conv,
    draw_crop,
    draw_grid,
    draw_links,
    draw_matrix,
    draw_scatter,
    draw_scores,
    draw_signals,
    draw_spectrum,
    draw_zero_insertion,
)
from tconv_helpers.figures.draw import INPUT, KERNEL, OUTPUT

X, K = [1, 3, 2, 4], [1, 2, 3]
SETTINGS = [
    {},
    {"stride": 2},
    {"stride": 2, "padding": 1},
    {"stride": 3, "padding": 1, "output_padding": 2},
    {"dilation": 2, "padding": 3},
    {"stride": 2, "output_padding": 1},
]
each_setting = pytest.mark.parametrize("settings", SETTINGS, ids=str)


def centre(patch):
    if isinstance(patch, Rectangle):
        return patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2
    return patch.center if isinstance(patch, Circle) else patch.xy


def drawn(figure, kind, solid=True):
    """(row from the top, column, text) of each shape of a kind that holds a text; solid: not dashed."""
    ax = figure.axes[0]
    texts = {tuple(np.round(t.get_position(), 3)): t.get_text().replace("−", "-") for t in ax.texts}
    patches = [p for p in ax.patches if isinstance(p, kind) and (p.get_linestyle() == "solid") == solid]
    places = dict.fromkeys(tuple(np.round(centre(p), 3)) for p in patches)
    rows = sorted({y for _, y in places}, reverse=True)
    return sorted((rows.index(y), x, texts[x, y]) for x, y in places)


def values(figure, kind, **which):
    return [int(text) for *_, text in drawn(figure, kind, **which)]


@each_setting
def test_scatter_shows_the_stamps_and_the_output(settings):
    figure = draw_scatter(X, K, **settings)
    y = conv_transpose(X, K, **settings).tolist()
    assert values(figure, Rectangle) == X
    assert values(figure, RegularPolygon) == [v * entry for v in X for entry in K]
    assert values(figure, Circle) == y
    assert len(drawn(figure, Circle, solid=False)) == 2 * settings.get("padding", 0)
    assert figure.alt.endswith("y = " + " ".join(map(str, y)) + ".")


@each_setting
def test_a_stamp_stands_above_the_outputs_that_it_reaches(settings):
    figure = draw_scatter(X, K, **settings)
    s, d = settings.get("stride", 1), settings.get("dilation", 1)
    columns = [x for _, x, _ in drawn(figure, RegularPolygon)]
    assert columns == [s * i + d * a for i in range(4) for a in range(3)]


@each_setting
def test_zero_insertion_shows_a_convolution_with_the_flipped_kernel(settings):
    figure = draw_zero_insertion(X, K, i=2, **settings)
    y = conv_transpose(X, K, **settings).tolist()
    z = [0] * (len(y) + 2 * settings.get("dilation", 1))
    for solid in (True, False):
        for _, column, text in drawn(figure, Rectangle, solid=solid):
            z[round(column)] = int(text)
    assert values(figure, RegularPolygon) == K[::-1]
    assert values(figure, Circle) == y == conv(z, K[::-1], dilation=settings.get("dilation", 1)).tolist()


def test_conv_stands_at_its_step():
    figure = draw_conv([1, 2, 3, 4, 5], [1, 0, 2], i=2)
    assert [round(x) for _, x, _ in drawn(figure, RegularPolygon)] == [1, 2, 3]
    assert values(figure, Circle) == conv([1, 2, 3, 4, 5], [1, 0, 2]).tolist()
    assert "y_2 = 2·1 + 3·0 + 4·2 = 10." in figure.alt


def test_links_are_those_of_the_matrix():
    A = conv_matrix(np.arange(1, 4), 7)
    for u in range(1, 8):
        ends = [f"y_{i + 1} through k_{A[i, u - 1]}" for i in range(5) if A[i, u - 1]]
        assert draw_links(7, 3, u=u).alt == f"x_{u} reaches {', '.join(ends)}."
    for i in range(1, 6):
        ends = [f"x_{u + 1} through k_{A[i - 1, u]}" for u in range(7) if A[i - 1, u]]
        assert draw_links(7, 3, i=i).alt == f"y_{i} reads {', '.join(ends)}."


def test_matrix_has_one_shade_for_each_diagonal():
    A = conv_matrix([1, 2, 3], 7)
    ax = draw_matrix(A).axes[0]
    shades = {}
    for patch in ax.patches:
        u, minus_i = centre(patch)
        shades.setdefault(round(u + minus_i), set()).add(to_hex(patch.get_facecolor()))
    assert sorted(shades) == [0, 1, 2]
    assert all(len(shade) == 1 for shade in shades.values())
    assert len(set.union(*shades.values())) == 3


def test_crop_keeps_the_middle():
    figure = draw_crop([1, 3, 2], [1, 2, 1], stride=2, paddings=(0, 1), output_paddings=(0, 1))
    rows = [(p, op) for p in (0, 1) for op in (0, 1)]
    for row, (p, op) in enumerate(rows):
        kept = [int(text) for r, _, text in drawn(figure, Circle) if r == row]
        y = conv_transpose([1, 3, 2], [1, 2, 1], stride=2, padding=p, output_padding=op)
        assert kept == y.tolist()
    assert len(drawn(figure, Circle, solid=False)) == 4  # one at each end of both rows with padding


def test_signals_and_spectrum_show_their_numbers():
    stems = draw_signals(x=[1, 0, 2], y=[0.5, -1.0])
    assert stems.alt == "x: 1 0 2. y: 0.5 −1."
    assert [ax.lines[0].get_ydata().tolist() for ax in stems.axes] == [[1, 0, 2], [0.5, -1.0]]
    response, singular = (line.get_ydata() for line in draw_spectrum([1, 2, 1], 16).axes[0].lines)
    np.testing.assert_allclose(singular, np.linalg.svd(conv_matrix([1.0, 2, 1], 16), compute_uv=False))
    np.testing.assert_allclose(np.sort(response), np.sort(abs(np.fft.fft([1, 2, 1], 16))))


def test_a_grid_shows_every_picture_in_order_and_enlarges_the_small_ones():
    pictures = [np.full((4, 4), 7), np.arange(16.0).reshape(4, 4), np.array([[0, 255], [9, 1]])]
    figure = draw_grid(pictures, "Three.", columns=2, top="ab", left="cd")
    shown = [ax.images[0] for ax in figure.axes if ax.images]
    assert [picture.get_clim() for picture in shown] == [(0, 255), (0, 15), (0, 255)]
    np.testing.assert_array_equal(shown[1].get_array(), pictures[1])
    np.testing.assert_array_equal(shown[2].get_array(), pictures[2].repeat(2, 0).repeat(2, 1))
    words = "Three. 2 rows of 2 pictures, 4 by 4 and 2 by 2 pixels. Columns: a, b. Rows: c, d."
    assert figure.alt == words
    assert draw_grid([np.zeros((2, 6))], "Wide.", columns=1).alt == "Wide. 1 picture, 2 by 6 pixels."


def test_scores_are_dots_and_far_apart_ones_have_a_logarithmic_axis():
    figure = draw_scores(
        "Two.", ours={"recall": 0.7, "distance": 3.0}, raw={"recall": 0.0, "distance": 900.0}
    )
    assert [ax.lines[0].get_xdata().tolist() for ax in figure.axes] == [[0.7, 0.0], [3.0, 900.0]]
    assert [ax.get_xscale() for ax in figure.axes] == ["linear", "log"]


def test_roles_differ_by_colour_and_by_shape():
    ax = draw_scatter(X, K).axes[0]
    looks = {(type(p).__name__, to_hex(p.get_facecolor(), keep_alpha=False)) for p in ax.patches[:-1]}
    assert {
        ("Rectangle", INPUT.lower()),
        ("RegularPolygon", KERNEL.lower()),
        ("Circle", OUTPUT.lower()),
    } <= looks
    assert len({INPUT, KERNEL, OUTPUT}) == 3


def test_a_drawing_is_an_image_with_its_words_and_leaves_pyplot_alone():
    bundle = draw_conv([1, 2, 3], [1, 2])._repr_mimebundle_()
    assert bundle["text/plain"] == draw_conv([1, 2, 3], [1, 2]).alt
    assert bundle["text/html"].startswith('<img alt="Convolution, step 1. ')
    assert bundle == draw_conv([1, 2, 3], [1, 2])._repr_mimebundle_()


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: draw_conv([1, 2, 3], [1, 2], i=3), "i must be an index of the output: got i=3; use 1 to 2"),
        (lambda: draw_links(7, 3, u=0), "u must be an index: got u=0; use 1 to 7"),
        (lambda: draw_links(7, 3, i=6), "i must be an index: got i=6; use 1 to 5"),
        (
            lambda: draw_zero_insertion([1, 2], [1, 2], i=0),
            "i must be an index of the output: got i=0; use 1 to 3",
        ),
    ],
)
def test_an_index_out_of_range_is_refused_in_words(call, words):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == words


def test_a_class_is_drawn_with_its_misconceptions_ranked():
    figure = draw_class({9: 3, 7: 1, 0: 4}, {"f": {"flipped": 2, "late": 4}, "g": {}}, of=9)
    above, below = figure.axes
    assert [(round(bar.get_x() + bar.get_width() / 2, 6), bar.get_height()) for bar in above.patches] == [
        (9, 3),
        (7, 1),
        (0, 4),
    ]
    assert [bar.get_width() for bar in below.patches] == [0.5, 0.25]
    assert [text.get_text() for text in below.texts] == ["50%", "25%"]
    assert [label.get_text() for label in below.get_yticklabels()] == ["f", "late", "flipped"]
    assert figure.alt == "Results of 8 students. Median: 3.5 of 9 points. f: late (50%). f: flipped (25%)."
    draw_class({}, {}, of=9).savefig(BytesIO())
