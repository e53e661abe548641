"""Figures of one sum: what is drawn is read back and compared with the operators."""

import numpy as np
import pytest
from matplotlib.patches import Circle, Rectangle, RegularPolygon
from read_figures import drawn, values

from tconv_helpers import (
    conv,
    conv_matrix,
    conv_transpose,
    draw_conv,
    draw_crop,
    draw_links,
    draw_scatter,
    draw_zero_insertion,
)

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


@each_setting
def test_scatter_shows_the_stamps_and_the_output(settings):
    figure = draw_scatter(X, K, **settings)
    y = conv_transpose(X, K, **settings).tolist()
    assert values(figure, Rectangle) == X
    assert values(figure, RegularPolygon) == [v * entry for v in X for entry in K]
    assert values(figure, Circle) == y
    padding, kept = settings.get("padding", 0), settings.get("output_padding", 0)
    assert len(drawn(figure, Circle, solid=False)) == 2 * padding - min(padding, kept)
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
    assert sum(z[round(column)] * int(text) for _, column, text in drawn(figure, RegularPolygon)) == y[1]
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


def test_crop_keeps_the_middle():
    figure = draw_crop([1, 3, 2], [1, 2, 1], stride=2, paddings=(0, 1), output_paddings=(0, 1))
    rows = [(p, op) for p in (0, 1) for op in (0, 1)]
    for row, (p, op) in enumerate(rows):
        kept = [int(text) for r, _, text in drawn(figure, Circle) if r == row]
        y = conv_transpose([1, 3, 2], [1, 2, 1], stride=2, padding=p, output_padding=op)
        assert kept == y.tolist()
    # Of both rows with padding the first sample, and the last where nothing keeps it
    assert len(drawn(figure, Circle, solid=False)) == 3


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
