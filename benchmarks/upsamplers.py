"""The upsamplers of the generator beside ConvTranspose k4: one thread, in turn, the ratio of each pair.

Run as ``python benchmarks/upsamplers.py``. Each doubles 14x14 to 28x28, 64 channels to 32, batch 32, float32.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

from statistics import median
from time import perf_counter

import torch
from rich.console import Console
from rich.table import Table

from tconv_helpers import parameter_count, upsampler
from tconv_helpers.generator.upsamplers import UPSAMPLERS

ROUNDS = 25
PEER = "conv_transpose_k4"


def seconds(call):
    start = perf_counter()
    call()
    return perf_counter() - start


def contenders(name):
    """Return a layer, and its forward pass alone and with its backward pass."""
    layer, x = upsampler(name, 64, 32), torch.randn(32, 64, 14, 14)

    def forward():
        with torch.no_grad():
            return layer(x)

    assert forward().shape == (32, 32, 28, 28)
    return layer, {"forward": forward, "and backward": lambda: layer(x).sum().backward()}


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    _, peer = contenders(PEER)
    table = Table("upsampler", "parameters", *(f"{way} / {PEER}" for way in peer))
    for name in UPSAMPLERS:
        layer, ours = contenders(name)
        ratios = []
        for way in peer:
            pairs = [(seconds(ours[way]), seconds(peer[way])) for _ in range(ROUNDS + 2)][2:]
            ratios.append(f"{median(a / b for a, b in pairs):.2f}")
        table.add_row(name, f"{parameter_count(layer):,}", *ratios)
    Console().print(table)


if __name__ == "__main__":
    main()
