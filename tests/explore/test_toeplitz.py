"""The matrix: its singular values and the response that they approach."""

import numpy as np

from tconv_helpers import ToeplitzExplorer


def test_singular_values_approach_the_response():
    """The squares of both have one mean where no border cuts the kernel."""
    explorer = ToeplitzExplorer(k=[1, -2, 4], n=10, padding=2)
    square = (explorer.singular_values**2).mean()
    np.testing.assert_allclose([square, (explorer.response**2).mean()], [1 + 4 + 16] * 2)
    explorer.stride, explorer.padding = 3, 0
    np.testing.assert_allclose(explorer.singular_values, explorer.response)  # no two rows meet


def test_the_response_is_the_dft():
    explorer = ToeplitzExplorer(k=[1, 2, 1], n=10, padding=1)
    np.testing.assert_allclose(explorer.response, abs(np.fft.fft([1, 2, 1], 10)), atol=1e-12)
    assert repr(ToeplitzExplorer(n=2)).endswith("; use a smaller kernel or more padding.")
