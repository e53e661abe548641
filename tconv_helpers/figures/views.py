"""One sum in every view: a stamp is a column, what an output reads is a row, a phase is every s-th row."""

import numpy as np
from matplotlib.patches import Rectangle

from ..definition import conv_transpose_by_scatter
from .style import CENTRED, PALE, as_text, canvas, check_index, in_words, mark

FRAME = {"fc": "none", "ec": "black", "lw": 1.8, "zorder": 5}
SMALL = {"va": "center", "fontsize": 9}


def draw_views(x, k, stride=1, u=1):
    """Draw ``y = A^T x`` with x above the columns and y beside the rows: stamp, row and phase in one picture.

    x: (n,), k: (m,). u: the output (from 1) whose row has a frame, as has the column of the first sample that
    it reads; the rows of its phase lie on grey. Errors as in ``conv_transpose``.

    >>> draw_views([1, 2], [1, 2, 3], stride=2, u=3)
    The matrix A^T, x = 1 2 above it, y = 1 2 5 4 6 beside it. The column of x_1, framed, is its stamp: 1 2 3
    from row 1. Row 3, framed, is what y_3 = 1·3 + 2·1 reads. On grey, phase 0: rows 1 3 5.
    """
    x, k = np.asarray(x), np.asarray(k)
    y = conv_transpose_by_scatter(x, k, stride)
    check_index("u", u, len(y), "an index of the output")
    taps = [(i, u - 1 - stride * i) for i in range(len(x)) if 0 <= u - 1 - stride * i < len(k)]
    alt = _in_words(x, k, y, stride=stride, u=u, taps=taps)
    figure, ax = canvas(len(x) + 8.3, len(y) + 1.7, alt, left=2.4, top=1.9)
    for r, value in enumerate(y):
        if (r - u + 1) % stride == 0:
            ax.add_patch(Rectangle((-0.5, -r - 0.5), len(x), 1, fc=PALE, ec="none", zorder=0))
        mark(ax, "output", (len(x) + 0.3, -r), as_text(value))
        ax.text(-0.8, -r, f"phase {r % stride}", ha="right", **SMALL)
    for i, value in enumerate(x):
        mark(ax, "input", (i, 1.2), as_text(value))
        for a, entry in enumerate(k):
            mark(ax, "kernel", (i, -stride * i - a), as_text(entry))
    ax.add_patch(Rectangle((-0.5, 0.5 - u), len(x) + 1.4, 1, **FRAME))
    ax.text(len(x) + 1.1, 1 - u, f"row: what $y_{{{u}}}$ reads", ha="left", **SMALL)
    if taps:
        i, a = taps[0]
        ax.add_patch(Rectangle((i - 0.5, 0.5 - stride * i - len(k)), 1, len(k), **FRAME))
        beside = -stride * i - (a == 0)  # not on the line of the row's own words
        ax.text(len(x) + 1.1, beside, f"column: the stamp of $x_{{{i + 1}}}$", ha="left", **SMALL)
    ax.text(-0.8, 1.2, "$x$", ha="right", va="center")
    ax.text(len(x) + 0.3, 1.2, "$y$", **CENTRED)
    return figure


def _in_words(x, k, y, *, stride, u, taps):
    read = " + ".join(f"{as_text(x[i])}·{as_text(k[a])}" for i, a in taps) or "0"
    phase = (u - 1) % stride
    said = [f"The matrix A^T, x = {in_words(x)} above it, y = {in_words(y)} beside it."]
    if taps:
        i = taps[0][0]
        said.append(
            f"The column of x_{i + 1}, framed, is its stamp: {in_words(k)} from row {stride * i + 1}."
        )
    said.append(f"Row {u}, framed, is what y_{u} = {read} reads.")
    said.append(f"On grey, phase {phase}: rows {in_words(range(phase + 1, len(y) + 1, stride))}.")
    return " ".join(said)
