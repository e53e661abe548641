"""The transposed convolution in 1-D: all six parameters, three views of one state."""

from typing import ClassVar

from ..layersizes import DEFAULTS
from ..operators import conv_transpose
from ..words import in_words
from .explorer import Explorer
from .joining import esm
from .traits import Whole, Wholes, resized, size_of


def plain(x, k, **settings):
    """Return the state with x, k and these settings, the others as in torch by default, y_1 lit."""
    return {"x": x, "k": k, **DEFAULTS, **settings, "u": 1}


class TransposedExplorer(Explorer):
    """Move the 1-D transposed convolution: scatter, zero-insert-and-flip and ``A.T``, linked.

    State, each of which Python reads and sets: x of shape (n,) and k of shape (m,), small whole numbers;
    stride, padding, output_padding, dilation; u, the output whose terms are lit, counted from 1.
    ``n`` and ``m`` resize x and k; ``y`` is ``conv_transpose(x, k, ...)``.
    ValueError where a value does not fit the explorer, and from ``y`` as in ``conv_transpose``.

    >>> explorer = TransposedExplorer(x=[1, 2], k=[1, 1, 1], stride=2)
    >>> explorer.padding = 1
    >>> explorer
    TransposedExplorer: x = 1 2, k = 1 1 1, stride=2, padding=1, output_padding=0, dilation=1; y = 1 3 2.
    """

    _esm = esm("transposed.js")
    presets: ClassVar = {
        "generator: k4 s2 p1": plain((1, 2, 3, 4), (1, 2, 2, 1), stride=2, padding=1),
        "HiFi-GAN's last: k4 s2 p1": plain((1, 0, 0, 2), (1, 3, 3, 1), stride=2, padding=1),
        "off by one: k3 s2 p1": plain((1, 2, 3, 4), (1, 2, 1), stride=2, padding=1),
        "k = s: no overlap": plain((1, 2, 3), (1, 1), stride=2),
        "gaps: k2 s3": plain((1, 2, 3), (1, 1), stride=3),
        "dilation: k3 d2": plain((1, 2, 3), (1, 2, 3), dilation=2),
        "ones": {"k": (1, 1, 1)},
        "linear, old samples kept: 1 2 1": plain((1, 2, 3), (1, 2, 1), stride=2),
    }
    x = Wholes(most=6, default=(1, 2, 3))
    k = Wholes(most=4, default=(1, 2, 3))
    stride = Whole(1, 3, default=2)
    padding = Whole(0, 3, default=0)
    output_padding = Whole(0, 2, default=0)
    dilation = Whole(1, 2, default=1)
    u = Whole(1, 24, default=3)
    n, m = size_of("x", resized), size_of("k", resized)

    @property
    def settings(self):
        """Return stride, padding, output_padding and dilation, as ``conv_transpose`` takes them."""
        return {name: getattr(self, name) for name in DEFAULTS}

    @property
    def y(self):
        """Return the output: ``conv_transpose(x, k, ...)``; ValueError as there."""
        return conv_transpose(self.x, self.k, **self.settings)

    def summary(self):
        """Return in words: the state, and y or why there is none."""
        settings = ", ".join(f"{name}={value}" for name, value in self.settings.items())
        try:
            result = f"y = {in_words(self.y)}."
        except ValueError as error:
            result = f"{error}."
        return f"x = {in_words(self.x)}, k = {in_words(self.k)}, {settings}; {result}"
