"""Pixels survive the way into the networks and back."""

import numpy as np
import pytest
import torch

from tconv_helpers.generator.pixels import as_images, as_tensor, tile


def test_all_256_grey_levels_survive_the_round_trip():
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    tensor = as_tensor(levels)
    assert tensor.dtype == torch.float32 and tensor.min() == -1 and tensor.max() == 1
    back = as_images(tensor)
    assert back.dtype == np.uint8
    np.testing.assert_array_equal(back, levels)


@pytest.mark.parametrize("shape", [(28, 28), (1, 1, 28, 28)])
def test_one_image_alone_gets_a_way_out(shape):
    with pytest.raises(ValueError) as caught:
        as_tensor(np.zeros(shape))
    assert str(caught.value) == (
        f"images must have shape (n, height, width): got {shape}; pass image[None] for one image"
    )


def test_tiles_stand_in_rows():
    images = np.arange(5)[:, None, None] * np.ones((5, 2, 3), int)
    sheet = tile(images, columns=3)
    assert sheet.shape == (4, 9)
    assert sheet[::2, ::3].tolist() == [[0, 1, 2], [3, 4, 0]]
