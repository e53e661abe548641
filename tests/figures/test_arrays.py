"""Figures of arrays: shades and pictures are read back from the Matplotlib objects."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from read_figures import centre

from tconv_helpers import conv_matrix, draw_grid, draw_images, draw_matrix, load_photograph


def test_matrix_has_one_shade_for_each_diagonal():
    A = conv_matrix([1, 2, 3], 7)
    ax = draw_matrix(A).axes[0]
    shades = {}
    for patch in ax.patches:
        u, minus_i = centre(patch)
        shades.setdefault(round(u + minus_i), set()).add(to_hex(patch.get_facecolor(), keep_alpha=True))
    assert sorted(shades) == [0, 1, 2]
    assert all(len(shade) == 1 for shade in shades.values())
    assert len(set.union(*shades.values())) == 3


def test_a_grid_shows_every_picture_in_order_and_enlarges_the_small_ones():
    pictures = [np.full((4, 4), 7), np.arange(16.0).reshape(4, 4), np.array([[0, 255], [9, 1]])]
    figure = draw_grid(pictures, "Three.", columns=2, top="ab", left="cd")
    shown = [ax.images[0] for ax in figure.axes if ax.images]
    assert [picture.get_clim() for picture in shown] == [(0, 255), (0, 15), (0, 255)]
    np.testing.assert_array_equal(shown[1].get_array(), pictures[1])
    np.testing.assert_array_equal(shown[2].get_array(), pictures[2].repeat(2, 0).repeat(2, 1))
    words = "Three. 2 rows of 2 pictures, 4 by 4 and 2 by 2 pixels. Columns: a, b. Rows: c, d."
    assert figure.alt == words
    assert draw_grid([np.zeros((2, 6))], "Wide.", columns=1).alt == "Wide. 1 picture, 2 by 6 pixels."


def test_a_grid_shows_pictures_in_colour_and_enlarges_them():
    photograph = load_photograph()
    figure = draw_grid([photograph, photograph[:40, :40]], "Two.", columns=2)
    shown = [ax.images[0].get_array() for ax in figure.axes]
    np.testing.assert_array_equal(shown[0], photograph)
    np.testing.assert_array_equal(shown[1], photograph[:40, :40].repeat(2, 0).repeat(2, 1))


def test_the_photograph_is_in_colour():
    photograph = load_photograph()
    assert photograph.shape == (80, 80, 3) and photograph.dtype == np.uint8
    assert photograph[5, 75, 2] > photograph[5, 75, 0] + 50  # the ground at the upper right is blue


def test_a_doubly_blocked_matrix_is_named_block_by_block():
    A = np.array([[1, 2, 3, 0], [0, 0, 1, 2]])
    alt = draw_matrix(A, blocks=(2, 2)).alt
    assert alt == ("Matrix A, 2 rows by 4 columns. Block row 1: T1 T2. Block row 2: 0 T1. T1: 1 2. T2: 3 0.")


def test_a_frame_lies_around_the_part_that_is_named():
    framed = draw_images(x=[[1, 2], [3, 4]], y=[[5]], framed={"x": (1, 2, 2, 1)})
    (frame,) = [p for p in framed.axes[0].patches if p.get_linewidth() > 2]
    assert frame.get_bbox().bounds == (0.5, -1.5, 1, 2) and not framed.axes[1].patches[1:]
    assert framed.alt.endswith("A frame in x: rows 1 to 2, column 2.")


def test_a_large_image_is_told_by_its_range():
    assert draw_images(numbers=False, y=np.arange(121).reshape(11, 11)).alt == "y, 11 by 11, from 0 to 120."


def test_blocks_that_do_not_fit_are_refused_in_words():
    with pytest.raises(ValueError) as error:
        draw_matrix(np.ones((4, 6)), blocks=(3, 2))
    assert "blocks must divide the matrix: got blocks=(3" in str(error.value)
