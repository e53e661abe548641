"""Both directions in 2-D: adjoint, resized, and refused where they are no small squares."""

import numpy as np
import pytest

from tconv_helpers import StampExplorer, conv_matrix


def test_a_stamp_is_the_adjoint_of_what_it_gathers():
    explorer = StampExplorer(y=[[1, 2], [-3, 4]], k=[[1, 0, 2], [0, 3, 0], [4, 0, 5]], stride=2, padding=1)
    A = conv_matrix(explorer.k, (3, 3), stride=2, padding=1)
    y = np.array(explorer.y)
    assert explorer.conv.ravel().tolist() == (A @ explorer.x.ravel()).tolist()
    assert explorer.stamped.ravel().tolist() == (A.T @ y.ravel()).tolist()
    assert (explorer.conv * y).sum() == (explorer.x * explorer.stamped).sum()
    assert explorer.overlap.tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_an_image_keeps_its_corner_when_it_is_resized():
    explorer = StampExplorer(y=[[5, 6], [7, 8]], k=[[1]])
    explorer.n, explorer.m = 3, 2
    assert explorer.y == ((5, 6, 3), (7, 8, 4), (3, 4, 5))
    explorer.n = 1
    assert (explorer.y, explorer.k, explorer.n, explorer.m) == (((5,),), ((1, 2), (2, 3)), 1, 2)


@pytest.mark.parametrize("value", [[], [1, 2], [[1, 2]], [[1, 2], [3]], [[10]], [["1"]], [[1] * 5] * 5, 3])
def test_an_image_that_is_not_a_small_square_is_refused(value):
    explorer = StampExplorer()
    before = repr(explorer)
    with pytest.raises(ValueError, match=r"^y must be a square of 1 to 4 rows of whole numbers from -9 to 9"):
        explorer.y = value
    assert repr(explorer) == before
