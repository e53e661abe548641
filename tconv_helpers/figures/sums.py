"""Figures of one sum: the marks of the input, the kernel and the output in rows, a column for each index."""

import numpy as np

from ..definition import conv_over_kernel, conv_transpose_by_scatter, insert_zeros
from ..marks import COLOURS
from ..shapes import conv_transpose_output_size
from ..upsampling import phase_sums
from .style import CENTRED, FAINT, PALE, as_text, canvas, check_index, in_words, mark, row_of_marks


def draw_conv(x, k, i=1):
    """Draw the kernel over the input at step i (from 1), and the outputs up to y_i (Eq. 1).

    x: (n,), k: (m,). ValueError if i is no index of the output.

    >>> draw_conv([1, 2, 3, 4, 5, 6, 7], [1, 0, 2], i=3).alt
    '...y_3 = 3·1 + 4·0 + 5·2 = 13.'
    """
    y, m = conv_over_kernel(x, k), len(k)
    check_index("i", i, len(y), "an index of the output")
    terms = " + ".join(f"{as_text(x[i - 1 + a])}·{as_text(k[a])}" for a in range(m))
    result = f"{terms} = {as_text(y[i - 1])}"
    alt = (
        f"Convolution, step {i}. Input x = {in_words(x)}; kernel k = {in_words(k)} "
        f"under x_{i} to x_{i + m - 1}; y_{i} = {result}."
    )
    figure, ax = canvas(len(x) + 1.2, 4.3, alt)
    middle = (m - 1) / 2  # an output stands below the middle of the samples that it reads
    row_of_marks(ax, "input", x, 0, label="x")
    row_of_marks(ax, "kernel", k, 1.15, label="k", start=i - 1)
    row_of_marks(ax, "output", y, 2.3, label="y", start=middle, lit=range(i))
    for a in range(m):
        ax.plot([i - 1 + a, i - 1 + middle], [-1.55, -1.92], color=FAINT, lw=1, zorder=0)
    ax.text(len(x) / 2 - 0.5, -3.05, f"$y_{{{i}}}$ = {result}", **CENTRED)
    return figure


def draw_links(n, m, u=None, i=None):
    """Draw the links between samples and outputs: (u, i) carries the kernel entry k_{u-i+1} (Eq. 2).

    n, m: sizes of x and k. Give u to mark the outputs that x_u reaches (the backward pass, Eq. 3), or
    i to mark the samples that y_i reads (the forward pass). ValueError if an index is out of range.

    >>> draw_links(7, 3, u=4)
    x_4 reaches y_2 through k_3, y_3 through k_2, y_4 through k_1.
    """
    links, chosen, alt = _links(n, m, u, i)
    figure, ax = canvas(n + 1.2, 4.5, alt)
    middle, outputs = (m - 1) / 2, range(1, n - m + 2)
    x, y = [f"$x_{{{v}}}$" for v in range(1, n + 1)], [f"$y_{{{j}}}$" for j in outputs]
    row_of_marks(ax, "input", x, 0, label="x", lit=None if u is None else [u - 1])
    row_of_marks(ax, "output", y, 3, label="y", start=middle, lit={j - 1 for _, j, _ in chosen})
    for v, j, _ in links:
        ax.plot([v - 1, j - 1 + middle], [-0.45, -2.55], color=PALE, lw=1, zorder=0)
    at = 0.3 if u is None else 0.7  # of the way down, where the chosen links lie apart
    for v, j, a in chosen if len(chosen) < len(links) else ():
        ax.plot([v - 1, j - 1 + middle], [-0.45, -2.55], color=COLOURS["kernel"], lw=2.5, zorder=1)
        column = v - 1 + at * (j - v + middle)
        mark(ax, "kernel", (column, -0.45 - 2.1 * at), f"$k_{{{a}}}$", scale=0.8)
    return figure


def _links(n, m, u, i):
    """Return the links (u, i, u - i + 1), counted from 1, those of the given u or i, and the alt text."""
    size = n - m + 1
    for name, value, last in (("u", u, n), ("i", i, size)):
        if value is not None:
            check_index(name, value, last)
    links = [(j + a, j, a + 1) for j in range(1, size + 1) for a in range(m)]
    chosen = [link for link in links if u in (None, link[0]) and i in (None, link[1])]
    if u is not None:
        alt = f"x_{u} reaches " + ", ".join(f"y_{j} through k_{a}" for _, j, a in chosen) + "."
    elif i is not None:
        alt = f"y_{i} reads " + ", ".join(f"x_{v} through k_{a}" for v, _, a in chosen) + "."
    else:
        alt = f"Each of y_1 to y_{size} is linked to {m} neighbouring samples among x_1 to x_{n}."
    return links, chosen, alt


def draw_scatter(x, k, stride=1, padding=0, output_padding=0, dilation=1):
    """Draw the transposed convolution as stamps: a row per sample, their sum below, the cropped part crossed.

    x: (n,), k: (m,); arguments and errors as in ``conv_transpose``.

    >>> draw_scatter([1, 2], [1, 1, 1], stride=2)
    Each sample stamps the kernel. x_1 = 1 adds 1 1 1 from position 1; x_2 = 2 adds 2 2 2 from position 3;
    the sum is y = 1 1 3 2 2.
    """
    x, k = np.asarray(x), np.asarray(k)
    settings = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    y = conv_transpose_by_scatter(x, k, **settings)
    stamps = "; ".join(
        f"x_{i + 1} = {as_text(v)} adds {in_words(v * k)} from position {stride * i + 1}"
        for i, v in enumerate(x)
    )
    spread = f", {dilation} apart" if dilation > 1 else ""
    crop = f", after {padding} cropped at each end" if padding else ""
    alt = f"Each sample stamps the kernel{spread}. {stamps}; the sum{crop} is y = {in_words(y)}."
    full, below = len(y) + 2 * padding, len(x) + 0.25
    figure, ax = canvas(full + 2.0, len(x) + 1.7, alt, left=2.2)
    for i, value in enumerate(x):
        mark(ax, "input", (-1.6, -i), as_text(value))
        ax.annotate("", (-0.6, -i), (-1.1, -i), arrowprops={"arrowstyle": "->", "color": FAINT})
        for a, entry in enumerate(k):
            mark(ax, "kernel", (stride * i + dilation * a, -i), as_text(value * entry))
    ax.plot([-0.6, full - 0.4], [0.63 - below] * 2, color="black", lw=1)
    ax.text(-1.6, -below, "$y$", **CENTRED)
    _output_row(ax, below, x, k, **settings)
    return figure


def draw_zero_insertion(x, k, stride=1, padding=0, output_padding=0, dilation=1, i=1):
    """Draw the same result as a convolution: zeros between and around x, then the flipped kernel over it.

    x: (n,), k: (m,), i: the output (from 1) above which the flipped kernel stands; arguments and errors
    as in ``conv_transpose``. Where padding crops more than the kernel adds, x itself is cropped.

    >>> draw_zero_insertion([1, 2], [1, 2, 3], stride=2)
    Zeros inserted: z = 0 0 1 0 2 0 0; flipped kernel 3 2 1 at output 1; y = 1 2 5 4 6.
    """
    x, flipped = np.asarray(x), np.asarray(k)[::-1]
    settings = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    y = conv_transpose_by_scatter(x, k, **settings)
    check_index("i", i, len(y), "an index of the output")
    z, real = insert_zeros(x, len(k), **settings)
    alt = (
        f"Zeros inserted: z = {in_words(z)}; flipped kernel {in_words(flipped)} at output {i}; "
        f"y = {in_words(y)}."
    )
    figure, ax = canvas(len(z) + 1.2, 3.7, alt)
    for u, value in enumerate(z):
        mark(ax, "input", (u, 0), as_text(value), state="full" if real[u] else "ghost")
    ax.text(-0.95, 0, "$z$", **CENTRED)
    for a, entry in enumerate(flipped):
        mark(ax, "kernel", (i - 1 + dilation * a, -1.15), as_text(entry))
    ax.text(-0.95, -1.15, "flip", **CENTRED, fontsize=9)
    row_of_marks(ax, "output", y, 2.3, label="y", start=dilation * (len(k) - 1) / 2, lit=[i - 1])
    return figure


def draw_crop(x, k, stride=1, paddings=(0, 1), output_paddings=(0,), dilation=1):
    """Draw what padding and output_padding do to the output: one row per pair, on one ruler.

    x: (n,), k: (m,); errors as in ``conv_transpose``. Crossed circles are cropped by padding; circles with
    a ring (``extra``) were kept by output_padding.

    >>> draw_crop([1, 2], [1, 1, 1], stride=2, paddings=(0, 1))
    Padding 0, output padding 0: y = 1 1 3 2 2. Padding 1, output padding 0: y = 1 3 2, cropped at both ends.
    """
    x, k = np.asarray(x), np.asarray(k)
    pairs = [(p, op) for p in paddings for op in output_paddings]
    cases = [{"stride": stride, "padding": p, "output_padding": op, "dilation": dilation} for p, op in pairs]
    outputs = [conv_transpose_by_scatter(x, k, **settings) for settings in cases]
    alt = " ".join(
        f"Padding {p}, output padding {op}: y = {in_words(y)}{', cropped at both ends' if p else ''}."
        for (p, op), y in zip(pairs, outputs, strict=True)
    )
    widest = max((len(y) + 2 * p for (p, _), y in zip(pairs, outputs, strict=True)), default=0)
    figure, ax = canvas(widest + 3.8, 1.05 * len(pairs) + 0.4, alt, left=4.2)
    for r, (p, op) in enumerate(pairs):
        _output_row(ax, 1.05 * r, x, k, **cases[r])
        label = f"padding {p}" + (f"\noutput padding {op}" if len(output_paddings) > 1 else "")
        ax.text(-0.7, -1.05 * r, label, ha="right", va="center", fontsize=9)
    return figure


def draw_phases(k, stride):
    """Draw a kernel above its phases: row r has the entries that meet the outputs of phase r, and their sum.

    k: (m,). Errors as in ``polyphase``.

    >>> draw_phases([1, 2, 3, 4, 5], 2)
    Kernel k = 1 2 3 4 5, stride 2. Phase 0: 1 3 5, sum 9. Phase 1: 2 4, sum 6.
    """
    k, sums = np.asarray(k), phase_sums(k, stride)
    alt = f"Kernel k = {in_words(k)}, stride {stride}. " + " ".join(
        f"Phase {r}: {in_words(k[r::stride])}, sum {as_text(sums[r])}." for r in range(stride)
    )
    figure, ax = canvas(len(k) + 3.4, 1.15 * stride + 1.6, alt, left=2.6)
    row_of_marks(ax, "kernel", k, 0)
    ax.text(-0.9, 0, "$k$", ha="right", va="center")
    for r in range(stride):
        y = -1.15 * (r + 1) - 0.1
        ax.plot([-0.6, len(k) - 0.4], [y, y], color=PALE, lw=1, zorder=0)
        ax.text(-0.9, y, f"phase {r}", ha="right", va="center", fontsize=9)
        for a in range(r, len(k), stride):
            mark(ax, "kernel", (a, y), as_text(k[a]))
        mark(ax, "output", (len(k) + 0.3, y), as_text(sums[r]))
    ax.text(len(k) + 0.3, 0, "sum", **CENTRED, fontsize=9)
    return figure


def _output_row(ax, down, x, k, *, stride, padding, output_padding, dilation):
    """Draw one output on the ruler of the uncropped one: cropped, or kept by output_padding, or neither."""
    full = conv_transpose_by_scatter(x, k, stride, output_padding=output_padding, dilation=dilation)
    base = conv_transpose_output_size(len(x), len(k), stride, dilation=dilation)
    for u, value in enumerate(full):
        cropped = not padding <= u < len(full) - padding
        if cropped and u >= base:  # no stamp made it, and nobody keeps it
            continue
        state = "cropped" if cropped else "extra" if u >= base - padding else "full"
        mark(ax, "output", (u, -down), as_text(value), state=state)
