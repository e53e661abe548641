"""The convolution and its transpose in 2-D: one patch, read in one direction and stamped in the other."""

from typing import ClassVar

import numpy as np

from ..layersizes import DEFAULTS
from ..operators import conv, conv_transpose
from ..shapes import conv_transpose_output_size
from ..words import in_words
from .explorer import Explorer
from .joining import esm
from .photograph import photograph
from .traits import Square, Whole, size_of


def resized_square(rows, size):
    """Return the upper left corner of ``rows``; a new entry is its column plus its row, from 1, less 1.

    >>> resized_square([[5]], 2)
    [[5, 2], [2, 3]]
    """
    n = range(size)
    return [[rows[u][v] if max(u, v) < len(rows) else u + v + 1 for v in n] for u in n]


def outer(k):
    """Return the kernel that is k along both axes.

    >>> outer((1, 2))
    ((1, 2), (2, 4))
    """
    return tuple(tuple(a * b for b in k) for a in k)


class StampExplorer(Explorer):
    """Move a patch over an image: ``conv`` gathers it into a pixel, ``conv_transpose`` stamps a pixel on it.

    State, each of which Python reads and sets: y of shape (n, n) and k of shape (m, m), small whole numbers;
    stride, padding, output_padding and dilation; pixel, the pixel of y that is lit, counted from 1 in reading
    order. ``n`` and ``m`` resize y and k. ``x`` is a fixed pattern of the size N that ``stamped`` has, which
    is ``conv_transpose(y, k, ...)`` of shape (N, N); ``conv`` are the pixels of ``conv(x, k, ...)`` that y
    has, too, of shape (n, n), and ``overlap``, the number of stamps on each pixel, has the shape (N, N).
    ValueError where a value does not fit the explorer, and from the results as in ``conv_transpose``.

    >>> explorer = StampExplorer(y=[[1, 0], [0, 2]], k=[[1, 1], [1, 1]], stride=1)
    >>> explorer.settings
    {'stride': 1, 'padding': 0, 'output_padding': 0, 'dilation': 1}
    >>> print(explorer.stamped)
    [[1 1 0]
     [1 3 2]
     [0 2 2]]
    """

    _esm = esm("stamps.js")
    presets: ClassVar = {
        "generator: k4 s2 p1": {"k": outer((1, 2, 2, 1)), **DEFAULTS, "stride": 2, "padding": 1},
        "off by one: k3 s2 p1": {"k": outer((1, 2, 1)), **DEFAULTS, "stride": 2, "padding": 1},
        "k = s: no overlap": {"k": outer((1, 2)), **DEFAULTS, "stride": 2},
        "gaps: k2 s3": {"k": outer((1, 1)), **DEFAULTS, "stride": 3},
        "dilation: k2 d2": {"k": outer((1, 2)), **DEFAULTS, "dilation": 2},
        "ones": {"k": outer((1, 1, 1))},
        "linear, old samples kept: 1 2 1": {"k": outer((1, 2, 1)), **DEFAULTS, "stride": 2},
    }
    y = Square(most=4, default=((1, 2, 1), (0, 2, 1), (2, 1, 3)))
    k = Square(most=4, default=((1, 2, 3), (2, 1, 2), (1, 1, 1)))
    stride = Whole(1, 3, default=2)
    padding = Whole(0, 3, default=0)
    output_padding = Whole(0, 2, default=0)
    dilation = Whole(1, 2, default=1)
    pixel = Whole(1, 16, default=5)
    n, m = size_of("y", resized_square), size_of("k", resized_square)

    @property
    def settings(self):
        """Return stride, padding, output_padding and dilation, as ``conv_transpose`` takes them."""
        return {name: getattr(self, name) for name in DEFAULTS}

    @property
    def x(self):
        """Return the image, (N, N): ``x_{u,v} = (u - 1 + 2 (v - 1)) mod 5``; ValueError if N is below 1."""
        size = np.arange(conv_transpose_output_size(self.n, self.m, **self.settings))
        return np.add.outer(size, 2 * size) % 5

    @property
    def conv(self):
        """Return ``A x``, (n, n): each patch of x, gathered into a pixel.

        A large output_padding makes room in x for more patches than y has pixels: they are left out.
        """
        return self._gathered(self.x)[: self.n, : self.n]

    @property
    def photographs(self):
        """Return A and A.T of the photograph, both with k and the settings: two square images."""
        image = photograph()
        return self._gathered(image), on_image(conv_transpose, image, self.k, self.settings)

    def _gathered(self, image):
        settings = {name: value for name, value in self.settings.items() if name != "output_padding"}
        return on_image(conv, image, self.k, settings)

    @property
    def stamped(self):
        """Return ``A.T y``, (N, N): each pixel of y stamps k on its patch, and overlaps are summed."""
        return on_image(conv_transpose, self.y, self.k, self.settings)

    @property
    def overlap(self):
        """Return how many stamps reach each pixel, (N, N)."""
        ones = np.ones_like(self.y), np.ones_like(self.k)
        return on_image(conv_transpose, *ones, self.settings)

    def summary(self):
        """Return in words: the state, and the stamped image or why there is none."""
        try:
            result = f"stamped = {rows_in_words(self.stamped)}."
        except ValueError as error:
            result = f"{error}."
        given = f"y = {rows_in_words(self.y)}, k = {rows_in_words(self.k)}"
        settings = ", ".join(f"{name}={value}" for name, value in self.settings.items())
        return f"{given}, {settings}; {result}"


def on_image(operator, image, kernel, settings):
    """Return what the operator makes of one image and one kernel, which have no axes for channels."""
    return operator(np.asarray(image)[None], np.asarray(kernel)[None, None], **settings)[0]


def rows_in_words(rows):
    """Return a matrix as it is read.

    >>> rows_in_words([[1, -2], [0, 3]])
    '1 −2 / 0 3'
    """
    return " / ".join(in_words(row) for row in rows)
