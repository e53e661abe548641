"""One product A x as n grows: the dense matrix, the sparse one, the operator that forms none; m = 3.

Run as ``python benchmarks/matrices.py``. Times and memory are ratios to the sparse matrix of the same n.
"""

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

from statistics import median
from timeit import timeit

import numpy as np
from rich.console import Console
from rich.table import Table

from tconv_helpers import agree, conv_matrix, conv_operator

ROUNDS, CALLS = 15, 5
KERNEL = np.array([1.0, 2.0, 3.0])
SIZES = (100, 1_000, 5_000, 100_000, 1_000_000)
LARGEST_DENSE = 5_000  # 200 MB; the next would need 80 GB


def contenders(n):
    """Return each form's product with the same x, all agreeing, and the bytes that the form keeps."""
    sparse = conv_matrix(KERNEL, n, sparse=True)
    forms = {"sparse": sparse, "operator": conv_operator(KERNEL, n)}
    kept = {
        "sparse": sparse.data.nbytes + sparse.indices.nbytes + sparse.indptr.nbytes,
        "operator": KERNEL.nbytes,
    }
    if n <= LARGEST_DENSE:
        forms["dense"] = conv_matrix(KERNEL, n)
        kept["dense"] = forms["dense"].nbytes
    products = {name: (lambda x, A=A: A @ x) for name, A in forms.items()}
    agree(products, np.random.default_rng(0).standard_normal(n))
    return products, kept


def main():
    table = Table("n", "form", "time / sparse", "memory / sparse", title="A x, m = 3")
    for n in SIZES:
        products, kept = contenders(n)
        x = np.ones(n)
        rounds = [
            {name: timeit(lambda f=f: f(x), number=CALLS) for name, f in products.items()}  # noqa: B023
            for _ in range(ROUNDS)
        ]
        for name in products:
            ratio = median(times[name] / times["sparse"] for times in rounds)
            table.add_row(f"{n:,}", name, f"{ratio:.2f}", f"{kept[name] / kept['sparse']:.2g}")
    Console().print(table)


if __name__ == "__main__":
    main()
