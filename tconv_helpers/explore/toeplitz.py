"""The matrix of a convolution: its entries, its transpose, its singular values and the kernel's response."""

from typing import ClassVar

import numpy as np

from ..matrix import conv_matrix
from ..words import in_words
from .explorer import Explorer
from .joining import esm
from .traits import Whole, Wholes, resized, size_of


class ToeplitzExplorer(Explorer):
    """Drag the kernel's values: the matrix, its transpose, its singular values and |K(f)| move together.

    State, each of which Python reads and sets: k of shape (m,), small whole numbers; n, stride, padding; i,
    the row of A that is lit, counted from 1. ``m`` resizes k; ``A`` is ``conv_matrix(k, n, ...)``,
    ``singular_values`` are NumPy's, in falling order, of shape (q,) with q = min(A.shape), and ``response``,
    (q,), is the size of the kernel's frequency response at the frequencies j/q (Gray 2006). With a
    stride it is folded: the root mean square of the responses at (j/q + t) / stride, t = 0 ... stride - 1.
    ValueError where a value does not fit the explorer, and from the results as in ``conv_matrix``.

    >>> ToeplitzExplorer(k=[3, 4], n=4, stride=2)
    ToeplitzExplorer: k = 3 4, n=4, stride=2, padding=0; A is 2 by 4 with singular values 5.00 5.00.
    """

    _esm = esm("toeplitz.js")
    presets: ClassVar = {
        "generator: k4 s2 p1": {"k": (1, 2, 2, 1), "n": 8, "stride": 2, "padding": 1, "i": 2},
        "off by one: k3 s2 p1": {"k": (1, 2, 1), "n": 7, "stride": 2, "padding": 1, "i": 2},
        "k = s: rows that never meet": {"k": (1, 2), "n": 8, "stride": 2, "padding": 0, "i": 2},
        "gaps: k2 s3": {"k": (1, 1), "n": 8, "stride": 3, "padding": 0, "i": 2},
        "ones": {"k": (1, 1, 1), "n": 9, "stride": 1, "padding": 1, "i": 2},
        "triangle: 1 2 1": {"k": (1, 2, 1), "n": 9, "stride": 1, "padding": 1, "i": 2},
    }
    k = Wholes(most=4, default=(1, 2, 3))
    n = Whole(1, 10, default=7)
    stride = Whole(1, 3, default=1)
    padding = Whole(0, 3, default=0)
    i = Whole(1, 16, default=2)
    m = size_of("k", resized)

    @property
    def A(self):
        """Return the matrix of the convolution: ``A[i, u] = k[u + padding - stride i]``, else 0."""
        return conv_matrix(self.k, self.n, stride=self.stride, padding=self.padding)

    @property
    def singular_values(self):
        """Return the singular values of A, (q,) with q = min(A.shape), the greatest first."""
        return np.linalg.svd(self.A, compute_uv=False)

    @property
    def response(self):
        """Return ``|K(j / q)|``, (q,), K the kernel's frequency response, folded where there is a stride."""
        q = min(self.A.shape)
        f = (np.arange(q) / q + np.arange(self.stride)[:, None]) / self.stride
        K = np.exp(-2j * np.pi * f[..., None] * np.arange(self.m)) @ self.k
        return np.sqrt((abs(K) ** 2).mean(axis=0))

    def summary(self):
        """Return in words: the state, and the singular values or why there is no matrix."""
        given = f"k = {in_words(self.k)}, n={self.n}, stride={self.stride}, padding={self.padding}"
        try:
            rows, columns = self.A.shape
            singular = " ".join(f"{value:.2f}" for value in self.singular_values)
        except ValueError as error:
            return f"{given}; {error}."
        return f"{given}; A is {rows} by {columns} with singular values {singular}."
