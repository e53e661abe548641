"""The transposed convolution in 1-D: all six parameters, three views of one state."""

from ..operators import conv_transpose
from ..words import in_words
from .explorer import Explorer
from .joining import esm
from .traits import Whole, Wholes, resized, size_of


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
        return {name: getattr(self, name) for name in ("stride", "padding", "output_padding", "dilation")}

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
