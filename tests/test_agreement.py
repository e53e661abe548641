"""One operator, five views and torch's two, equal over random parameters."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from cases import axis, by_torch, numbers, tensor
from examples import property_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tconv_helpers import (
    agree,
    conv,
    conv_backward,
    conv_dk,
    conv_dx,
    conv_matrix,
    conv_operator,
    conv_output_size,
    conv_over_kernel,
    conv_over_signal,
    conv_transpose,
    conv_transpose_backward,
    conv_transpose_by_scatter,
    conv_transpose_by_zero_insertion,
    conv_transpose_output_size,
)


@given(axis(transposed=True), st.integers(0, 99))
def test_five_views_of_one_operator(sizes, seed):
    """Scatter; zeros, then the flipped kernel; A.T; conv_transpose; torch; the gradient of torch's conv.

    Where dilation lets output_padding reach stride, conv has more outputs than x has samples: they get 0.
    """
    n, m, stride, dilation, padding, extra = sizes
    rng = np.random.default_rng(seed)
    x, k = numbers(rng, (n,)), numbers(rng, (m,))
    same = {"stride": stride, "padding": padding, "dilation": dilation}
    grown = {**same, "output_padding": extra}
    size = conv_transpose_output_size(n, m, **grown)
    dy = np.pad(x, (0, conv_output_size(size, m, **same) - n))

    def vector_jacobian_product(x, k):
        z = torch.zeros(1, size, dtype=torch.float64, requires_grad=True)
        y = F.conv1d(z, tensor(k)[None, None], **same)
        return torch.autograd.grad(y, z, tensor(dy)[None])[0][0].numpy()

    views = {
        "scatter": lambda x, k: conv_transpose_by_scatter(x, k, **grown),
        "zero insertion": lambda x, k: conv_transpose_by_zero_insertion(x, k, **grown),
        "A.T": lambda x, k: conv_matrix(k, size, **same).T @ dy,
        "sparse A.T": lambda x, k: conv_matrix(k, size, sparse=True, **same).T @ dy,
        "operator.H": lambda x, k: conv_operator(k, size, **same).H @ dy,
        "conv_transpose": lambda x, k: conv_transpose(x, k, **grown),
        "conv_backward": lambda x, k: conv_backward(dy, np.zeros(size), k, **same)[0],
        "F.conv_transpose1d": lambda x, k: by_torch("conv_transpose", x, k, **grown),
        "autograd": vector_jacobian_product,
    }
    agree(views, x, k, rtol=1e-13)


@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 99))
def test_the_lecture_s_sums_are_the_operators(extra, m, seed):
    rng = np.random.default_rng(seed)
    x, k, dy = (numbers(rng, (size,)) for size in (m + extra - 1, m, extra))
    one = {"loop": conv_over_kernel, "loop over x": conv_over_signal, "conv": conv}
    agree({**one, "torch": lambda x, k: by_torch("conv", x, k)}, x, k)
    agree({"loop": conv_dx, "backward": lambda dy, k: conv_backward(dy, x, k)[0]}, dy, k)
    agree({"loop": conv_dk, "backward": lambda dy, x: conv_backward(dy, x, k)[1]}, dy, x)
    agree({"conv": conv, "backward": lambda x, k: conv_transpose_backward(x, dy, k)[0]}, x, k)


def test_two_thousand_random_examples(request):
    """Counted over the tests collected; the run's summary says how many truly ran."""
    items = request.session.items
    files = {path.name for path in Path(__file__).parent.glob("test_*.py") if "\n@given(" in path.read_text()}
    if files - {item.path.name for item in items}:
        pytest.skip("a part of the tests was selected")
    examples = sum(property_of(item) is not None for item in items) * settings.default.max_examples
    assert examples >= (200 if settings.default.max_examples == 10 else 2000)
