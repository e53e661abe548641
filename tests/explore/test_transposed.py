"""The transposed convolution: y, and what is shown where there is none."""

import numpy as np
import pytest

from tconv_helpers import TransposedExplorer, conv_transpose


def test_y_follows_the_state():
    explorer = TransposedExplorer()
    explorer.x, explorer.k = np.array([1, 10, 9]) - 2, (3, -4)
    explorer.stride, explorer.padding, explorer.output_padding, explorer.dilation = 3, 2, 1, 2
    y = conv_transpose([-1, 8, 7], [3, -4], stride=3, padding=2, output_padding=1, dilation=2)
    np.testing.assert_array_equal(explorer.y, y)


def test_an_invalid_combination_is_shown_and_not_forbidden():
    explorer = TransposedExplorer(output_padding=2)
    with pytest.raises(
        ValueError, match=r"^output_padding must be smaller than stride or dilation"
    ) as caught:
        print(explorer.y)
    assert repr(explorer).endswith(f"; {caught.value}.")
