"""The checkerboard: its kernel, its phase sums, its words."""

from tconv_helpers import CheckerboardExplorer


def test_the_kernel_of_ones_leaves_a_board_and_grows_by_ones():
    explorer = CheckerboardExplorer()
    assert explorer.sums.tolist() == [2, 1] and explorer.copies.tolist() == [3, 1]
    assert explorer.y.tolist() == [1, 1, *[2, 1] * 7, 1]
    explorer.m = 4
    assert (explorer.k, explorer.sums.tolist()) == ((1, 1, 1, 1), [2, 2])
    assert "; flat: phase sums 2 2, " in repr(explorer)
    explorer.stride, explorer.k = 1, [-9]
    assert repr(explorer) == "CheckerboardExplorer: k = −9, stride=1; flat: phase sums −9."
