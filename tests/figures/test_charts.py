"""Figures with axes: their numbers are read back from the Matplotlib objects."""

from io import BytesIO

import numpy as np

from tconv_helpers import conv_matrix, draw_class, draw_scores, draw_signals, draw_spectrum


def test_signals_and_spectrum_show_their_numbers():
    stems = draw_signals(x=[1, 0, 2], y=[0.5, -1.0])
    assert stems.alt == "x: 1 0 2. y: 0.5 −1."
    assert [ax.lines[0].get_ydata().tolist() for ax in stems.axes] == [[1, 0, 2], [0.5, -1.0]]
    response, singular = (line.get_ydata() for line in draw_spectrum([1, 2, 1], 16).axes[0].lines)
    np.testing.assert_allclose(singular, np.linalg.svd(conv_matrix([1.0, 2, 1], 16), compute_uv=False))
    np.testing.assert_allclose(np.sort(response), np.sort(abs(np.fft.fft([1, 2, 1], 16))))


def test_scores_are_dots_and_far_apart_ones_have_a_logarithmic_axis():
    figure = draw_scores(
        "Two.", ours={"recall": 0.7, "distance": 3.0}, raw={"recall": 0.0, "distance": 900.0}
    )
    assert [ax.lines[0].get_xdata().tolist() for ax in figure.axes] == [[0.7, 0.0], [3.0, 900.0]]
    assert [ax.get_xscale() for ax in figure.axes] == ["linear", "log"]


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
