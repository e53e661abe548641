"""The backward pass of a convolution: which outputs send a gradient to x_u, and through which entry of k."""

from typing import ClassVar

from ..definition import conv_dx
from ..words import in_words
from .explorer import Explorer
from .joining import esm
from .traits import Whole, Wholes, resized


class BackwardExplorer(Explorer):
    """Choose a sample x_u, and see ``dl/dx_u = sum_i dl/dy_i k_{u-i+1}`` (Eq. 3) on the convolution's graph.

    State, each of which Python reads and sets: dy = dl/dy of shape (n - m + 1,) and k of shape (m,), small
    whole numbers; u, the sample, counted from 1. ``n`` resizes dy; ``dx`` is ``conv_dx(dy, k)``.
    ValueError where a value does not fit the explorer.

    >>> BackwardExplorer(dy=[1, 0, 2], k=[1, 2, 3])
    BackwardExplorer: dl/dy = 1 0 2, k = 1 2 3; dl/dx = 1 2 5 4 6.
    """

    _esm = esm("backward.js")
    presets: ClassVar = {
        "ones": {"dy": (1, 1, 1, 1, 1), "k": (1, 1, 1), "u": 4},
        "difference: 1 −1": {"dy": (1, 2, 4, 7, 7), "k": (1, -1), "u": 3},
        "one gradient": {"dy": (0, 0, 1, 0, 0), "k": (1, 2, 3), "u": 4},
        "k1: no neighbours": {"dy": (1, 2, 3, 4, 5), "k": (2,), "u": 3},
    }
    dy = Wholes(most=7, default=(1, 2, 3, 4, 5))
    k = Wholes(most=4, default=(1, 2, 3))
    u = Whole(1, 10, default=4)

    @property
    def m(self):
        """Return m, the size of k."""
        return len(self.k)

    @property
    def n(self):
        """Return n, the size of x; setting it resizes dy to n - m + 1 values."""
        return len(self.dy) + self.m - 1

    @n.setter
    def n(self, size):
        self.dy = resized(self.dy, size - self.m + 1)

    @property
    def dx(self):
        """Return dl/dx, (n,): ``conv_dx(dy, k)``."""
        return conv_dx(self.dy, self.k)

    def summary(self):
        """Return in words: dy, k and dx."""
        return f"dl/dy = {in_words(self.dy)}, k = {in_words(self.k)}; dl/dx = {in_words(self.dx)}."
