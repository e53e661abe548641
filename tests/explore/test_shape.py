"""The shape explorer: its text, its sizes, its words."""

import pytest

from tconv_helpers import ShapeExplorer
from tconv_helpers.explore.shape import START


def test_it_follows_the_layers_and_says_what_leads_to_the_wanted_size():
    explorer = ShapeExplorer()
    assert (explorer.text, explorer.n, explorer.wanted) == (START, 28, 28)
    assert [size[0] for size in explorer.chain.sizes] == [28, 14, 7, 13, 25]
    assert repr(explorer).count("output_padding=1") == 2
    explorer.text = "nn.ConvTranspose2d(1, 1, 4, 2, 1)"
    explorer.wanted = 56
    assert repr(explorer) == "ShapeExplorer: 28 -> 56, as wanted."
    explorer.text = "nn.Conv2d(1, 1, 99)"
    assert repr(explorer).startswith("ShapeExplorer: 28, and no further. Line 1: the kernel must fit")


def test_a_text_that_is_being_typed_is_kept_and_said():
    explorer = ShapeExplorer(text="nn.Conv2d(1, 1")
    assert explorer.text == "nn.Conv2d(1, 1"
    assert "each bracket must be closed" in repr(explorer)


@pytest.mark.parametrize(
    "state", [{"text": "x" * 20_001}, {"text": 3}, {"n": 0}, {"wanted": 5000}, {"at": 0}]
)
def test_what_does_not_fit_is_refused(state):
    with pytest.raises(ValueError, match=r"must be a .* in this explorer"):
        ShapeExplorer(**state)
