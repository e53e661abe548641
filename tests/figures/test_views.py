"""The picture of every view: its columns are stamps, its rows what outputs read, on grey one phase."""

import numpy as np
import pytest
from matplotlib.patches import Circle, Rectangle, RegularPolygon
from read_figures import centre, drawn, values

from tconv_helpers import conv_matrix, conv_transpose, draw_views, polyphase


@pytest.mark.parametrize("n, m, stride, u", [(4, 3, 2, 5), (3, 2, 3, 3), (2, 5, 1, 4), (1, 1, 1, 1)])
def test_every_entry_stands_at_its_place_in_the_matrix(n, m, stride, u):
    x, k = np.arange(1, n + 1), np.arange(2, m + 2)
    figure = draw_views(x, k, stride, u)
    y = conv_transpose(x, k, stride=stride)
    A = np.zeros((len(y), n), int)
    entries = [patch for patch in figure.axes[0].patches if isinstance(patch, RegularPolygon)]
    rows = sorted({round(-centre(patch)[1]) for patch in entries})
    for row, column, text in drawn(figure, RegularPolygon):
        A[rows[row], round(column)] = int(text)
    assert np.array_equal(A, conv_matrix(k, len(y), stride=stride).T)
    assert values(figure, Circle) == y.tolist() == (A @ x).tolist()


def test_grey_rows_hold_one_phase():
    figure = draw_views([1, 3, 2, 4], [1, 2, 3, 4, 5], stride=2, u=4)
    grey = {
        round(-p.get_y() - 0.5)
        for p in figure.axes[0].patches
        if type(p) is Rectangle and p.get_zorder() == 0
    }
    assert grey == set(range(1, 11, 2))
    inside = {int(text) for row, _, text in drawn(figure, RegularPolygon) if row in grey}
    assert inside == set(polyphase([1, 2, 3, 4, 5], 2)[1]) - {0}


def test_an_output_that_reads_nothing_is_said_so():
    figure = draw_views([1, 2], [1], stride=3, u=2)
    assert "Row 2, framed, is what y_2 = 0 reads." in figure.alt and "stamp" not in figure.alt
    with pytest.raises(ValueError, match="u must be an index of the output: got u=5; use 1 to 4"):
        draw_views([1, 2], [1], stride=3, u=5)
