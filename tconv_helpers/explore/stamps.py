"""The convolution and its transpose in 2-D: one patch, read in one direction and stamped in the other."""

import numpy as np

from ..operators import conv, conv_transpose
from ..shapes import conv_transpose_output_size
from .explorer import Explorer, in_words
from .joining import esm
from .traits import Square, Whole, size_of


def resized_square(rows, size):
    """The upper left corner of ``rows``; a new entry is its column plus its row, from 1, less 1."""
    n = range(size)
    return [[rows[u][v] if max(u, v) < len(rows) else u + v + 1 for v in n] for u in n]


class StampExplorer(Explorer):
    """Move a patch over an image: ``conv`` gathers it into a pixel, ``conv_transpose`` stamps a pixel on it.

    State, each of which Python reads and sets: y of shape (n, n) and k of shape (m, m), small whole numbers;
    stride and padding; pixel, the pixel of y that is lit, counted from 1 in reading order. ``n`` and ``m``
    resize y and k. ``x`` is a fixed pattern of the size N = (n - 1) stride + m - 2 padding;
    ``conv`` is ``conv(x, k, ...)`` of shape (n, n), ``stamped`` is ``conv_transpose(y, k, ...)`` of shape
    (N, N), and ``overlap``, the number of stamps on each pixel, has the shape (N, N).
    ValueError where a value does not fit the explorer, and from the results as in ``conv_transpose``.

    >>> StampExplorer(y=[[1, 0], [0, 2]], k=[[1, 1], [1, 1]], stride=1)
    StampExplorer: y = 1 0 / 0 2, k = 1 1 / 1 1, stride=1, padding=0; stamped = 1 1 0 / 1 3 2 / 0 2 2.
    """

    _esm = esm("stamps.js")
    y = Square(most=4, default=((1, 2, 1), (0, 2, 1), (2, 1, 3)))
    k = Square(most=4, default=((1, 2, 3), (2, 1, 2), (1, 1, 1)))
    stride = Whole(1, 3, default=2)
    padding = Whole(0, 3, default=0)
    pixel = Whole(1, 16, default=5)
    n, m = size_of("y", resized_square), size_of("k", resized_square)

    @property
    def settings(self):
        """stride and padding, as ``conv_transpose`` takes them."""
        return {"stride": self.stride, "padding": self.padding}

    @property
    def x(self):
        size = np.arange(conv_transpose_output_size(self.n, self.m, **self.settings))
        return np.add.outer(size, 2 * size) % 5

    @property
    def conv(self):
        return on_image(conv, self.x, self.k, self.settings)

    @property
    def stamped(self):
        return on_image(conv_transpose, self.y, self.k, self.settings)

    @property
    def overlap(self):
        ones = np.ones_like(self.y), np.ones_like(self.k)
        return on_image(conv_transpose, *ones, self.settings)

    def summary(self):
        try:
            result = f"stamped = {rows_in_words(self.stamped)}."
        except ValueError as error:
            result = f"{error}."
        given = f"y = {rows_in_words(self.y)}, k = {rows_in_words(self.k)}"
        return f"{given}, stride={self.stride}, padding={self.padding}; {result}"


def on_image(operator, image, kernel, settings):
    """The operator on one image and one kernel: it gets their channel axes, and they are taken off again."""
    return operator(np.asarray(image)[None], np.asarray(kernel)[None, None], **settings)[0]


def rows_in_words(rows):
    return " / ".join(in_words(row) for row in rows)
