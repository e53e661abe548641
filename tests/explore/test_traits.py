"""The traits: sizes that resize, and values that are refused in one sentence."""

import pytest

from tconv_helpers import TransposedExplorer


def test_sizes_resize_and_a_new_value_is_its_index():
    explorer = TransposedExplorer(x=[5, 7], k=[1])
    explorer.n, explorer.m = 4, 3
    assert (explorer.x, explorer.k) == ((5, 7, 3, 4), (1, 2, 3))
    explorer.n = 1
    assert (explorer.n, explorer.x, explorer.m) == (1, (5,), 3)


REFUSED = {
    "stride": [0, 4, 2.5, "2", True, None],
    "u": [0],
    "x": [[], [1] * 7, [10], [0.5], 3, "12", [[1, 2], [3, 4]]],
    "k": [[1] * 5],
    "n": [0, 7],
}


@pytest.mark.parametrize(
    "name, value", [(name, value) for name, values in REFUSED.items() for value in values]
)
def test_a_value_that_does_not_fit_is_refused_in_one_sentence_and_changes_nothing(name, value):
    explorer = TransposedExplorer()
    before = repr(explorer)
    shown = "x" if name == "n" else name
    with pytest.raises(ValueError, match=rf"^{shown} must be .* in this explorer: got {shown}=.*; use "):
        setattr(explorer, name, value)
    assert repr(explorer) == before
