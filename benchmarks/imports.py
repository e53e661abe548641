"""Time of `import tconv_helpers` beside `import numpy`: fresh processes in turn, the median of the ratios."""

import subprocess
import sys
from statistics import median

ROUNDS = 21
TIMED = "from time import perf_counter as t; start = t(); import {}; print(t() - start)"


def seconds(module):
    """The time of one import, in a process that does nothing else."""
    run = [sys.executable, "-c", TIMED.format(module)]
    return float(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    pairs = [(seconds("tconv_helpers"), seconds("numpy")) for _ in range(ROUNDS)]
    ours, numpy = (1000 * median(times) for times in zip(*pairs, strict=True))
    ratio = median(a / b for a, b in pairs)
    print(f"import tconv_helpers {ours:.0f} ms, import numpy {numpy:.0f} ms: ratio {ratio:.2f}")
