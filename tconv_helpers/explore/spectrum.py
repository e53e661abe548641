"""The spectrum: what zero insertion makes of it, and what the kernel leaves of the copies."""

from typing import ClassVar

import numpy as np

from ..operators import conv_transpose
from ..upsampling import polyphase
from ..words import in_words
from .explorer import Explorer
from .joining import esm, joined
from .traits import Whole, Wholes, resized, size_of

# Frequencies at which the spectra are given: 0, 1/96, ... periods per sample
PLACES = 96


class SpectrumExplorer(Explorer):
    """Move a signal, a kernel and a stride, and see the spectrum copied and the copies removed.

    Formula: with z, which is x with ``stride - 1`` zeros between its samples, ``Z(f) = X(stride f)``, and the
    output has ``Y(f) = Z(f) K(f)``; its phase r is the full convolution of x with phase r of the kernel.
    State, each of which Python reads and sets: x of shape (n,) and k of shape (m,), small whole numbers;
    stride; u, the output whose phase is lit, counted from 1. ``n`` and ``m`` resize x and k. ``z`` and ``y``
    are the signals, ``phases`` is ``polyphase(k, stride)``, and ``spectra`` holds the sizes of the four
    spectra at 96 even frequencies from 0 on, (96,) each.
    ValueError where a value does not fit the explorer.

    >>> SpectrumExplorer(x=[1, 2], k=[1, 1], stride=2)
    SpectrumExplorer: x = 1 2, k = 1 1, stride=2; y = 1 1 2 2; |K| at the copies of 0: 0.
    """

    _esm = esm("spectrum.js")
    presets: ClassVar = {
        "generator: k4 s2": {"k": (1, 1, 1, 1), "stride": 2},
        "HiFi-GAN: k8 s4": {"k": (1, 1, 1, 1, 1, 1, 1, 1), "stride": 4},
        "off by one: k3 s2": {"k": (1, 1, 1), "stride": 2},
        "k = s": {"k": (1, 1), "stride": 2},
        "gaps: k2 s3": {"k": (1, 1), "stride": 3},
        "bilinear: k4 s2": {"k": (1, 3, 3, 1), "stride": 2},
    }
    _css = Explorer._css + joined("spectrum.css")
    x = Wholes(most=6, default=(1, 3, 4, 2, -1, 1))
    k = Wholes(most=11, default=(1, 2, 1))
    stride = Whole(1, 4, default=2)
    u = Whole(1, 31, default=6)
    n, m = size_of("x", resized), size_of("k", resized)

    @property
    def z(self):
        """Return x with zeros between its samples, ``(stride (n - 1) + 1,)``."""
        return conv_transpose(self.x, [1], stride=self.stride)

    @property
    def y(self):
        """Return the output: ``conv_transpose(x, k, stride=stride)``."""
        return conv_transpose(self.x, self.k, stride=self.stride)

    @property
    def phases(self):
        """Return the phases of the kernel, ``polyphase(k, stride)``."""
        return polyphase(self.k, self.stride)

    @property
    def spectra(self):
        """Return the sizes of the spectra of x, z, k and y: ``|sum_u y_u exp(-2 pi i f (u-1))|``."""
        return {name: abs(np.fft.fft(getattr(self, name), PLACES)) for name in "xzky"}

    @property
    def copies(self):
        """Return ``|K(r / stride)|``, r = 1, 2, ...: what is left of the copies of frequency 0."""
        return self.spectra["k"][:: PLACES // self.stride][1:]

    def summary(self):
        """Return in words: the state, y, and what is left of the copies of frequency 0."""
        left = f"|K| at the copies of 0: {in_words(self.copies.round(1))}" if self.stride > 1 else "no copies"
        signals = f"x = {in_words(self.x)}, k = {in_words(self.k)}, stride={self.stride}"
        return f"{signals}; y = {in_words(self.y)}; {left}."
