"""The checkerboard: what a kernel and a stride make of a constant input."""

from base64 import b64encode
from typing import ClassVar

import numpy as np

from ..operators import conv_transpose
from ..shapes import conv_output_size
from ..upsampling import phase_sums
from ..words import in_words
from .explorer import Explorer
from .joining import esm
from .photograph import noise, photograph
from .stamps import on_image, outer
from .traits import Sent, Whole, Wholes, resized, size_of


class CheckerboardExplorer(Explorer):
    """Move kernel and stride, and see when a constant input leaves a checkerboard (Eq. 20).

    State, each of which Python reads and sets: k of shape (m,), small whole numbers; stride; u, the output
    whose terms are lit, counted from 1. ``m`` resizes k, by ones. ``sums`` is ``phase_sums(k, stride)``,
    ``y`` is ``conv_transpose`` of the ones in ``x``, and ``copies`` is ``|K(r / stride)|``, r = 0, 1, ....
    ValueError where a value does not fit the explorer.

    >>> CheckerboardExplorer(k=[1, 3, 2, 1], stride=2)
    CheckerboardExplorer: k = 1 3 2 1, stride=2; checkerboard: phase sums 3 4, |K| at its copies 1.
    """

    _esm = esm("checkerboard.js")
    presets: ClassVar = {
        "generator: k4 s2": {"k": (1, 1, 1, 1), "stride": 2, "u": 7},
        "HiFi-GAN: k8 s4": {"k": (1, 1, 1, 1, 1, 1, 1, 1), "stride": 4, "u": 7},
        "off by one: k3 s2": {"k": (1, 1, 1), "stride": 2, "u": 7},
        "k = s": {"k": (1, 2), "stride": 2, "u": 7},
        "gaps: k2 s3": {"k": (1, 1), "stride": 3, "u": 7},
        "bilinear: k4 s2": {"k": (1, 3, 3, 1), "stride": 2, "u": 7},
    }
    _noise = Sent(b64encode(noise().astype(np.uint8).tobytes()).decode())
    k = Wholes(most=8, default=(1, 1, 1))
    stride = Whole(1, 4, default=2)
    u = Whole(1, 18, default=7)
    m = size_of("k", lambda k, size: resized(k, size, fill=lambda a: 1))

    @property
    def x(self):
        """Return ones, (n,): the most of which the outputs can all be chosen by u."""
        return np.ones(conv_output_size(type(self).u.most, self.m, stride=self.stride), int)

    @property
    def y(self):
        """Return the output of the ones in x: ``conv_transpose(x, k, stride=stride)``."""
        return conv_transpose(self.x, self.k, stride=self.stride)

    @property
    def sums(self):
        """Return the phase sums, (stride,): ``S_r = k[r] + k[r + stride] + ...``."""
        return phase_sums(self.k, self.stride)

    @property
    def copies(self):
        """Return ``|K(r / stride)|``, (stride,): the DFT of the phase sums, at the copies of a constant."""
        return abs(np.fft.fft(self.sums))

    @property
    def photographs(self):
        """Return what k, along both axes, makes of the photograph and of the noise: two square images."""
        kernel = outer(self.k)
        return tuple(
            on_image(conv_transpose, image, kernel, {"stride": self.stride})
            for image in (photograph(), noise())
        )

    def summary(self):
        """Return in words: k, stride, and whether there is a checkerboard."""
        verdict = "checkerboard" if np.ptp(self.sums) else "flat"
        at_copies = f", |K| at its copies {in_words(self.copies[1:].round(1))}" if self.stride > 1 else ""
        return (
            f"k = {in_words(self.k)}, stride={self.stride}; {verdict}: phase sums {in_words(self.sums)}"
            f"{at_copies}."
        )
