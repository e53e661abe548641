"""conv_transpose and its gradients beside torch: one thread, in turn, the ratio of each pair.

Run as ``python benchmarks/operators.py``. A ratio below 1 means that ours is the faster one. The last column
is NumPy's matrix products of the layer and nothing else, which is the least that ours can take.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

from statistics import geometric_mean, median
from time import perf_counter

import numpy as np
import torch
import torch.nn.functional as F
from rich.console import Console
from rich.table import Table

from tconv_helpers import conv_transpose, conv_transpose_backward

ROUNDS = 25
SETTINGS = {"stride": 2, "padding": 1}
CASES = [  # shape of x, output channels; k = 4
    ((64, 256, 4, 4), 128),
    ((64, 128, 8, 8), 64),
    ((64, 64, 16, 16), 1),
    ((1, 3, 256, 256), 3),
]


def seconds(call):
    start = perf_counter()
    call()
    return perf_counter() - start


def contenders(shape, out):
    """Return our call, torch's and the products, forward and backward, on float32 numbers, agreeing."""
    rng = np.random.default_rng(0)
    x, k = (rng.standard_normal(s, np.float32) for s in (shape, (shape[1], out, 4, 4)))
    bias = rng.standard_normal(out, np.float32)
    leaves = [torch.from_numpy(each).requires_grad_() for each in (x, k, bias)]
    y = F.conv_transpose2d(*leaves, **SETTINGS)
    dy = rng.standard_normal(y.shape, np.float32)
    tensor_dy = torch.from_numpy(dy)

    def torch_forward():
        with torch.no_grad():
            return [F.conv_transpose2d(*leaves, **SETTINGS)]

    matrix, samples = k.reshape(shape[1], -1), x.reshape(shape[1], -1)
    columns = np.ones((matrix.shape[1], samples.shape[1]), np.float32)
    calls = {
        "forward": (
            lambda: [conv_transpose(x, k, bias, **SETTINGS)],
            torch_forward,
            lambda: matrix.T @ samples,
        ),
        "backward": (
            lambda: conv_transpose_backward(dy, x, k, **SETTINGS),
            lambda: torch.autograd.grad(y, leaves, tensor_dy, retain_graph=True),
            lambda: (matrix @ columns, samples @ columns.T),
        ),
    }
    for ours, theirs, _ in calls.values():
        for a, b in zip(ours(), theirs(), strict=True):
            np.testing.assert_allclose(a, b.numpy(), rtol=0, atol=1e-4 * abs(a).max())
    return calls


def main():
    torch.set_num_threads(1)
    columns = "x", "to channels", "", "ours ms", "torch ms", "ratio", "products alone"
    table, ratios, least = Table(*columns, title="conv_transpose2d, k4 s2 p1"), [], []
    for shape, out in CASES:
        for way, calls in contenders(shape, out).items():
            rounds = [list(map(seconds, calls)) for _ in range(ROUNDS + 2)][2:]
            ratios.append(median(ours / theirs for ours, theirs, _ in rounds))
            least.append(median(products / theirs for _, theirs, products in rounds))
            times = [f"{1000 * median(each):.1f}" for each in zip(*rounds, strict=True)][:2]
            told = (f"{ratio:.2f}" for ratio in (ratios[-1], least[-1]))
            table.add_row("x".join(map(str, shape)), str(out), way, *times, *told)
    Console().print(table)
    print(f"geometric mean {geometric_mean(ratios):.2f}, worst {max(ratios):.2f}")
    print(f"products alone {geometric_mean(least):.2f}, worst {max(least):.2f}")


if __name__ == "__main__":
    main()
