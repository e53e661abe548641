"""The backward pass: dx is the library's."""

import pytest

from tconv_helpers import BackwardExplorer, conv_backward


def test_dx_is_the_gradient():
    explorer = BackwardExplorer(dy=[2, -1], k=[3, 4, 5])
    explorer.n = 5
    dx, *_ = conv_backward([2, -1, 3], [0] * 5, [3, 4, 5])
    assert explorer.dx.tolist() == dx.tolist()
    with pytest.raises(ValueError, match=r"^dy must be 1 to 7 whole numbers"):
        explorer.n = 2
