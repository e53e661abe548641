"""Peak memory and seconds of conv and conv_transpose with large kernels, ours beside torch's.

Run as ``python benchmarks/memory.py``. Each call has a process of its own, whose largest size counts, without
what it had before the call.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import subprocess
import sys

from rich.console import Console
from rich.table import Table

CASES = [("conv", 1000, 15), ("conv_transpose", 1000, 15), ("conv", 2000, 31), ("conv_transpose", 2000, 31)]
CHILD = """
import resource, sys
from time import perf_counter
import numpy as np, torch, torch.nn.functional as F
import tconv_helpers.operators as ours
whose, name, n, m = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
x, k = np.ones((1, 1, n, n), np.float32), np.ones((1, 1, m, m), np.float32)
torch.set_num_threads(1)
call = getattr(ours, name) if whose == "ours" else getattr(F, name + "2d")
x, k = (x, k) if whose == "ours" else (torch.from_numpy(x), torch.from_numpy(k))
call(x[:, :, :40, :40], k)  # what is loaded at the first call does not count
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, start = peak(), perf_counter()
call(x, k)
print(perf_counter() - start, peak() - before)
"""


def measured(whose, *case):
    """Return the seconds and the MB of one call."""
    command = [sys.executable, "-c", CHILD, whose, *map(str, case)]
    seconds, megabytes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(seconds), float(megabytes)


def main():
    """Print the table."""
    table = Table("call", "n", "m", "ours s", "torch s", "ours MB", "torch MB", title="one channel, float32")
    for case in CASES:
        (s, mb), (their_s, their_mb) = measured("ours", *case), measured("torch", *case)
        table.add_row(
            case[0],
            *(f"{n} x {n}" for n in case[1:]),
            f"{s:.2f}",
            f"{their_s:.2f}",
            f"{mb:.0f}",
            f"{their_mb:.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
