"""The figures of the notebooks, one function each; every function returns a Drawing with alt text.

Input is a blue square, kernel an orange diamond, output a green circle, in every figure: the colours are
from Okabe & Ito's palette for colour-blind readers, and the shapes say the same without colour.
"""

from base64 import b64encode
from collections import Counter
from html import escape
from io import BytesIO

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle, RegularPolygon

from ..definition import conv_over_kernel, conv_transpose_by_scatter
from ..shapes import conv_transpose_output_size
from ..upsampling import phase_sums

INPUT, KERNEL, OUTPUT = "#56B4E9", "#E69F00", "#2BB894"
_INK, _FAINT = "#222222", "#9A9A9A"


class Drawing(Figure):
    """A Matplotlib Figure that shows itself in a notebook as an image with alt text.

    The text form is the alt text: what a screen reader says, and what nbval compares.

    >>> draw_conv([1, 2, 3, 4], [1, 0, 2], i=2)
    Convolution, step 2. Input x = 1 2 3 4; kernel k = 1 0 2 under x_2 to x_4; y_2 = 2·1 + 3·0 + 4·2 = 10.
    """

    alt = ""

    def __repr__(self):
        return self.alt

    def _repr_mimebundle_(self, **_):
        picture = BytesIO()
        self.savefig(picture, format="png", dpi=192, facecolor="white")
        source = f"data:image/png;base64,{b64encode(picture.getvalue()).decode()}"
        width = round(self.get_figwidth() * 96)
        return {
            "text/plain": self.alt,
            "text/html": f'<img alt="{escape(self.alt)}" width="{width}" src="{source}">',
        }


def draw_conv(x, k, i=1):
    """The kernel over the input at step i (from 1), and the outputs up to y_i (Eq. 1).

    x: (n,), k: (m,). ValueError if i is no index of the output.

    >>> draw_conv([1, 2, 3, 4, 5, 6, 7], [1, 0, 2], i=3).alt
    '...y_3 = 3·1 + 4·0 + 5·2 = 13.'
    """
    y, m = conv_over_kernel(x, k), len(k)
    if not 1 <= i <= len(y):
        raise ValueError(f"i must be an index of the output: got i={i}; use 1 to {len(y)}")
    terms = " + ".join(f"{_text(x[i - 1 + a])}·{_text(k[a])}" for a in range(m))
    alt = (
        f"Convolution, step {i}. Input x = {_list(x)}; kernel k = {_list(k)} under x_{i} to x_{i + m - 1}; "
        f"y_{i} = {terms} = {_text(y[i - 1])}."
    )
    figure, ax = _canvas(len(x) + 1.2, 4.3, alt)
    _row(ax, x, 0, "x", INPUT)
    _row(ax, k, 1.15, "k", KERNEL, start=i - 1)
    _row(ax, y, 2.3, "y", OUTPUT, start=(m - 1) / 2, faint=[j > i - 1 for j in range(len(y))])
    middle = i - 1 + (m - 1) / 2
    for a in range(m):
        ax.plot([i - 1 + a, middle], [-1.55, -1.92], color=_FAINT, lw=1, zorder=0)
    ax.text(len(x) / 2 - 0.5, -3.05, f"$y_{{{i}}}$ = {terms} = {_text(y[i - 1])}", ha="center", va="center")
    return figure


def draw_links(n, m, u=None, i=None):
    """Which samples of x meet which outputs: every link (u, i) carries the kernel entry k_{u-i+1} (Eq. 2).

    n, m: sizes of x and k. Give u to mark the outputs that x_u reaches (the backward pass, Eq. 3), or
    i to mark the samples that y_i reads (the forward pass). ValueError if an index is out of range.

    >>> draw_links(7, 3, u=4)
    x_4 reaches y_2 through k_3, y_3 through k_2, y_4 through k_1.
    """
    size = n - m + 1
    for name, value, last in (("u", u, n), ("i", i, size)):
        if value is not None and not 1 <= value <= last:
            raise ValueError(f"{name} must be an index: got {name}={value}; use 1 to {last}")
    links = [(j + a, j, a) for j in range(1, size + 1) for a in range(m)]
    chosen = [link for link in links if u in (None, link[0]) and i in (None, link[1])]
    if u is not None:
        alt = f"x_{u} reaches " + ", ".join(f"y_{j} through k_{a + 1}" for _, j, a in chosen) + "."
    elif i is not None:
        alt = f"y_{i} reads " + ", ".join(f"x_{v} through k_{a + 1}" for v, _, a in chosen) + "."
    else:
        alt = f"Each of y_1 to y_{size} is linked to {m} neighbouring samples among x_1 to x_{n}."
    figure, ax = _canvas(n + 1.2, 4.5, alt)
    shift = (m - 1) / 2
    _row(
        ax,
        [f"$x_{{{v}}}$" for v in range(1, n + 1)],
        0,
        "x",
        INPUT,
        faint=[v + 1 != (u or v + 1) for v in range(n)],
    )
    marked = {j for _, j, _ in chosen}
    outputs = [f"$y_{{{j}}}$" for j in range(1, size + 1)]
    _row(ax, outputs, 3, "y", OUTPUT, start=shift, faint=[j + 1 not in marked for j in range(size)])
    for v, j, a in links:
        strong = (v, j, a) in chosen and len(chosen) < len(links)
        ends = [v - 1, j - 1 + shift], [-0.45, -2.55]
        color, width = (KERNEL, 2.5) if strong else ("#D5D5D5", 1)
        ax.plot(*ends, color=color, lw=width, zorder=int(strong))
        if strong:
            at = 0.3 if u is None else 0.7
            x0 = ends[0][0] + at * (ends[0][1] - ends[0][0])
            y0 = ends[1][0] + at * (ends[1][1] - ends[1][0])
            _shape(ax, x0, y0, KERNEL, f"$k_{{{a + 1}}}$", size=0.36)
    return figure


def draw_matrix(A, k=None, title="A", blocks=None):
    """A matrix, its nonzero entries printed, one shade for each value of the kernel: one per diagonal.

    A: dense, (rows, columns), at most about 20 by 20. k: the kernel whose entries name the shades; by
    default the distinct nonzero values in A. Entries that are 0 are dots. blocks: (rows, columns) of blocks
    to frame; equal blocks get one name, T1, T2, ..., and zero blocks none. ValueError if they do not fit.

    >>> draw_matrix(np.array([[1, 2, 0], [0, 1, 2]]))
    Matrix A, 2 rows by 3 columns. Row 1: 1 2 0. Row 2: 0 1 2.
    """
    A = np.asarray(A)
    rows, columns = A.shape
    if blocks and (rows % blocks[0] or columns % blocks[1]):
        raise ValueError(
            f"blocks must divide the matrix: got blocks={blocks} for {rows} by {columns}; "
            "use (output rows, image rows)"
        )
    alt = f"Matrix {title}, {rows} rows by {columns} columns. " + (
        _blocks_in_words(A, blocks)
        if blocks
        else " ".join(f"Row {i + 1}: {_list(row)}." for i, row in enumerate(A))
    )
    figure, ax = _canvas(columns + 0.2, rows + 1.0, alt, left=0.8, top=1.3)
    values = list(
        dict.fromkeys(A[A != 0].tolist() if k is None else [v for v in np.asarray(k).tolist() if v])
    )
    shades = {v: to_hex(_mix(KERNEL, 0.15 + 0.85 * (j + 1) / len(values))) for j, v in enumerate(values)}
    ax.text((columns - 1) / 2, 0.8, f"${title}$   ({rows} × {columns})", ha="center", va="center")
    for (i, u), value in np.ndenumerate(A):
        if value:
            color = shades.get(value.item(), KERNEL)
            ax.add_patch(Rectangle((u - 0.47, -i - 0.47), 0.94, 0.94, fc=color, ec="white"))
        text = _text(value) if value else "·"
        ax.text(u, -i, text, ha="center", va="center", color=_INK if value else _FAINT)
    if blocks:
        high, wide = rows // blocks[0], columns // blocks[1]
        for i, j in np.ndindex(*blocks):
            corner = j * wide - 0.5, -(i + 1) * high + 0.5
            ax.add_patch(Rectangle(corner, wide, high, fc="none", ec=_INK, lw=1.2, zorder=3))
    return figure


def draw_scatter(x, k, stride=1, padding=0, output_padding=0, dilation=1):
    """The transposed convolution as stamps: one row per sample, their sum below, the cropped part crossed.

    x: (n,), k: (m,); arguments and errors as in ``conv_transpose``.

    >>> draw_scatter([1, 2], [1, 1, 1], stride=2)
    Each sample stamps the kernel. x_1 = 1 adds 1 1 1 from position 1; x_2 = 2 adds 2 2 2 from position 3;
    the sum is y = 1 1 3 2 2.
    """
    x, k = np.asarray(x), np.asarray(k)
    settings = {"stride": stride, "output_padding": output_padding, "dilation": dilation}
    y = conv_transpose_by_scatter(x, k, padding=padding, **settings)
    full = len(y) + 2 * padding
    stamps = "; ".join(
        f"x_{i + 1} = {_text(v)} adds {_list(v * k)} from position {stride * i + 1}" for i, v in enumerate(x)
    )
    spread = f", {dilation} apart" if dilation > 1 else ""
    crop = f", after {padding} cropped at each end" if padding else ""
    alt = f"Each sample stamps the kernel{spread}. {stamps}; the sum{crop} is y = {_list(y)}."
    figure, ax = _canvas(full + 2.0, len(x) + 1.7, alt, left=2.2)
    for i, value in enumerate(x):
        _shape(ax, -1.6, -i, INPUT, _text(value))
        ax.annotate("", (-0.6, -i), (-1.1, -i), arrowprops={"arrowstyle": "->", "color": _FAINT})
        for a, entry in enumerate(k):
            _shape(ax, stride * i + dilation * a, -i, KERNEL, _text(value * entry))
    ax.plot([-0.6, full - 0.4], [-len(x) + 0.38] * 2, color=_INK, lw=1)
    _output_row(ax, x, k, padding, settings, -len(x) - 0.25)
    ax.text(-1.6, -len(x) - 0.25, "$y$", ha="center", va="center")
    return figure


def draw_zero_insertion(x, k, stride=1, padding=0, output_padding=0, dilation=1, i=1):
    """The same result as a plain convolution: zeros between and around x, then the flipped kernel over it.

    x: (n,), k: (m,), i: the output (from 1) above which the flipped kernel stands; arguments and errors
    as in ``conv_transpose``. Where padding crops more than the kernel adds, x itself is cropped.

    >>> draw_zero_insertion([1, 2], [1, 2, 3], stride=2)
    Zeros inserted: z = 0 0 1 0 2 0 0; flipped kernel 3 2 1 at output 1; y = 1 2 5 4 6.
    """
    x, k = np.asarray(x), np.asarray(k)
    y = conv_transpose_by_scatter(x, k, stride, padding, output_padding, dilation)
    if not 1 <= i <= len(y):
        raise ValueError(f"i must be an index of the output: got i={i}; use 1 to {len(y)}")
    reach = dilation * (len(k) - 1)
    z, real = np.zeros(len(y) + reach, x.dtype), np.zeros(len(y) + reach, bool)
    for j, value in enumerate(x):
        if 0 <= (u := stride * j + reach - padding) < len(z):
            z[u], real[u] = value, True
    alt = f"Zeros inserted: z = {_list(z)}; flipped kernel {_list(k[::-1])} at output {i}; y = {_list(y)}."
    figure, ax = _canvas(len(z) + 1.2, 3.7, alt)
    for u, value in enumerate(z):
        _shape(ax, u, 0, INPUT, _text(value), ghost=not real[u])
    ax.text(-0.95, 0, "$z$", ha="center", va="center")
    for a, entry in enumerate(k[::-1]):
        _shape(ax, i - 1 + dilation * a, -1.15, KERNEL, _text(entry))
    ax.text(-0.95, -1.15, "flip", ha="center", va="center", fontsize=9)
    _row(ax, y, 2.3, "y", OUTPUT, start=reach / 2, faint=[j != i - 1 for j in range(len(y))])
    return figure


def draw_crop(x, k, stride=1, paddings=(0, 1), output_paddings=(0,), dilation=1):
    """What padding and output_padding do to the output: one row per pair, on one ruler.

    x: (n,), k: (m,). Crossed circles are cropped by padding; double circles were kept by output_padding.

    >>> draw_crop([1, 2], [1, 1, 1], stride=2, paddings=(0, 1))
    padding 0, output_padding 0: y = 1 1 3 2 2. padding 1, output_padding 0: y = 1 3 2, cropped at both ends.
    """
    x, k = np.asarray(x), np.asarray(k)
    rows = [(p, op) for p in paddings for op in output_paddings]
    words, widest = [], 0
    for p, op in rows:
        y = conv_transpose_by_scatter(x, k, stride, p, op, dilation)
        widest = max(widest, len(y) + 2 * p)
        words.append(
            f"padding {p}, output_padding {op}: y = {_list(y)}{', cropped at both ends' if p else ''}."
        )
    figure, ax = _canvas(widest + 3.8, 1.05 * len(rows) + 0.4, " ".join(words), left=4.2)
    for r, (p, op) in enumerate(rows):
        settings = {"stride": stride, "output_padding": op, "dilation": dilation}
        _output_row(ax, x, k, p, settings, -1.05 * r)
        label = f"padding={p}" + (f"\noutput_padding={op}" if len(output_paddings) > 1 else "")
        ax.text(-0.7, -1.05 * r, label, ha="right", va="center", fontsize=9)
    return figure


def draw_signals(**signals):
    """Signals under one another as stems on one scale, each named by its keyword.

    Each value: 1-D numbers. A name that starts with x takes the input's colour and shape, with k the
    kernel's, any other the output's. Shown to two decimals in the alt text.

    >>> draw_signals(x=[1, 0, 2], y=[0.5, 1.0])
    x: 1 0 2. y: 0.5 1.
    """
    alt = " ".join(f"{name.replace('_', ' ')}: {_list(np.round(v, 2) + 0.0)}." for name, v in signals.items())
    figure = _drawing(6.5, 0.4 + 0.95 * len(signals), alt)
    low, high = (f(0, *(f(v) for v in signals.values())) for f in (min, max))
    longest = max(map(len, signals.values()))
    panels = figure.subplots(len(signals), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (name, values) in zip(panels, signals.items(), strict=True):
        color, marker = {"x": (INPUT, "s"), "k": (KERNEL, "D")}.get(name[0], (OUTPUT, "o"))
        at = np.arange(1, len(values) + 1)
        ax.vlines(at, 0, values, color=color, lw=2)
        ax.plot(at, values, marker, color=color, mec=_INK, mew=0.6, ms=7)
        ax.axhline(0, color=_FAINT, lw=0.8)
        ax.set(xlim=(0.3, longest + 0.7), ylim=(low - 0.15 * (high - low), high + 0.15 * (high - low)))
        ax.set_ylabel(name.replace("_", " "), rotation=0, ha="right", va="center")
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def draw_images(numbers=True, columns=4, **images):
    """Small images side by side, each named by its keyword; the darker a cell, the larger its number.

    Each value: 2-D. A name that starts with x takes the input's colour and sign, with k the kernel's, any
    other the output's. numbers: whether to print them (``%g``, to two decimals) into the cells; the alt
    text has them either way, up to 100 an image.

    >>> draw_images(x=[[1, 2], [3, 4]], y=[[0.125]])
    x, 2 by 2. Row 1: 1 2. Row 2: 3 4. y, 1 by 1. Row 1: 0.12.
    """
    images = {name: np.round(np.asarray(image, float), 2) + 0.0 for name, image in images.items()}
    alt = " ".join(_image_in_words(name.replace("_", " "), image) for name, image in images.items())
    across = min(columns, len(images))
    down = -(-len(images) // across)
    most = max(image.shape[1] for image in images.values())
    tall = max(image.shape[0] for image in images.values())
    cell = 0.42 if numbers else min(0.42, 1.75 / most)
    figure = _drawing(across * (cell * most + 0.35), down * (cell * tall + 0.5), alt)
    panels = figure.subplots(down, across, squeeze=False).ravel()
    for ax, (name, image) in zip(panels, images.items(), strict=False):
        color, sign = {"x": (INPUT, "■"), "k": (KERNEL, "◆")}.get(name[0], (OUTPUT, "●"))
        low, high = min(image.min(), 0), image.max()
        for (i, j), value in np.ndenumerate(image):
            shade = to_hex(_mix(color, 0.08 + 0.92 * (value - low) / ((high - low) or 1)))
            edge = {"ec": "white", "lw": 0.8} if numbers else {"ec": shade, "lw": 0.1}
            ax.add_patch(Rectangle((j - 0.5, -i - 0.5), 1, 1, fc=shade, **edge))
            if numbers:
                text = _text(value)
                size = 11 if len(text) < 4 else 8
                ax.text(j, -i, text, ha="center", va="center", color=_INK, fontsize=size)
        ax.set(xlim=(-0.55, most - 0.45), ylim=(-tall + 0.45, 0.55), aspect="equal")
        ax.set_title(f"{sign} {name.replace('_', ' ')}", fontsize=10, loc="left")
    for ax in panels:
        ax.axis("off")
    return figure


def draw_grid(images, alt, columns=10, top=(), left=()):
    """Grey pictures in rows of ``columns``, with words above the columns and before the rows.

    images: 2-D each, of any sizes; the smaller ones are enlarged by a whole factor, pixel by pixel. Whole
    numbers are grey levels from 0 to 255; other numbers are shaded from their least to their greatest. alt:
    what is to be seen, in words that hold for every run; the sizes and the names are added to it.

    >>> draw_grid(np.zeros((4, 2, 2), int), "Nothing.", columns=2, top=["a", "b"])
    Nothing. 2 rows of 2 pictures, 2 by 2 pixels. Columns: a, b.
    """
    images = [np.asarray(image) for image in images]
    rows, side = -(-len(images) // columns), max(image.shape[0] for image in images)
    sizes = " and ".join(dict.fromkeys(f"{image.shape[0]} by {image.shape[1]}" for image in images))
    names = [f" {kind}: {', '.join(words)}." for kind, words in (("Columns", top), ("Rows", left)) if words]
    count = f"{rows} rows of {columns}" if rows > 1 else f"{len(images)}"
    alt = f"{alt} {count} picture{'s' * (len(images) > 1)}, {sizes} pixels." + "".join(names)
    height, margin = min(1.5, 7.5 / columns), 0.11 * max(map(len, left), default=0)
    width = height * images[0].shape[1] / images[0].shape[0]
    figure = _drawing(columns * width + margin, rows * height + 0.25 * bool(top), alt)
    panels = figure.subplots(rows, columns, squeeze=False)
    for ax, image in zip(panels.ravel(), images, strict=False):
        span = (0, 255) if image.dtype.kind in "iu" else (image.min(), image.max())
        picture = image.repeat(side // len(image), 0).repeat(side // len(image), 1)
        ax.imshow(picture, cmap="gray", vmin=span[0], vmax=span[1])
    for ax in panels.ravel():
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    for ax, word in zip(panels[0], top, strict=False):
        ax.set_title(word, fontsize=9)
    for ax, word in zip(panels[:, 0], left, strict=False):
        ax.set_ylabel(word, fontsize=9, rotation=0, ha="right", va="center")
    figure.get_layout_engine().set(w_pad=0.01, h_pad=0.01, wspace=0.02, hspace=0.02)
    return figure


def draw_scores(alt, **scores):
    """Metrics as dots, a panel for each metric and a line for each keyword: who scores what.

    scores: dicts with the same keys, metric to number. Panels whose numbers differ more than fiftyfold
    have a logarithmic axis. alt: what is to be seen, in words that hold for every run.

    >>> draw_scores("Two dots.", ours={"recall": 0.7}, real={"recall": 0.8})
    Two dots. Panels: recall. Lines: ours, real.
    """
    names, metrics = [name.replace("_", " ") for name in scores], list(next(iter(scores.values())))
    alt = f"{alt} Panels: {', '.join(metrics)}. Lines: {', '.join(names)}."
    figure = _drawing(7.5, 0.7 + 0.28 * len(names), alt)
    for ax, metric in zip(
        figure.subplots(1, len(metrics), sharey=True, squeeze=False)[0], metrics, strict=True
    ):
        values = [row[metric] for row in scores.values()]
        ax.plot(values, names, "o", color=OUTPUT, mec=_INK, mew=0.8, ms=8)
        if min(values) > 0 and max(values) > 50 * min(values):
            ax.set_xscale("log")
        else:
            ax.set_xlim(-0.05, max(1.05, 1.05 * max(values)))
        ax.set_title(metric, fontsize=10)
        ax.grid(color="#DDDDDD")
        ax.set_axisbelow(True)
        ax.set_ylim(len(names) - 0.5, -0.5)
    return figure


def draw_class(scores, misconceptions, of, most=4):
    """A class's results: how many students have how many points, and what the wrong answers hold, ranked.

    scores: dict, points to number of students. misconceptions: dict, exercise to a dict from a misconception
    to number of students. of: the maximal points; most: how many misconceptions of an exercise are shown.

    >>> draw_class({9: 3, 4.5: 1}, {"conv": {"the kernel is flipped": 1}}, of=9)
    Results of 4 students. Median: 9 of 9 points. conv: the kernel is flipped (25%).
    """
    students, all_scores = sum(scores.values()), list(Counter(scores).elements())
    rows = [
        (name, what, count / students)
        for name, held in misconceptions.items()
        for what, count in sorted(held.items(), key=lambda item: (-item[1], item[0]))[:most]
    ]
    middle = f" Median: {_text(np.median(all_scores))} of {_text(of)} points." if students else ""
    held = "".join(f" {name}: {what} ({part:.0%})." for name, what, part in rows)
    height = 0.27 * (len(rows) + len({name for name, _, _ in rows}))  # a line for each, and for its exercise
    figure = _drawing(9, 2.6 + height, f"Results of {students} students.{middle}{held}")
    above, below = figure.subfigures(2, height_ratios=[2.2, height + 0.4])
    _histogram(above.subplots(), scores, of)
    _ranking(below.subplots(), rows)
    return figure


def _histogram(ax, scores, of):
    ax.bar(list(scores), list(scores.values()), width=0.4, color=OUTPUT, edgecolor=_INK, linewidth=0.8)
    ax.set(xlim=(-0.5, of + 0.5), xlabel="points", ylabel="students")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.yaxis.get_major_locator().set_params(integer=True)


def _ranking(ax, rows):
    """Below the name of each exercise a bar for each of its rows (name, what, part)."""
    ticks, down, before = [], 0, None
    for name, what, part in rows:
        if name != before:
            ticks.append((down, name, "bold"))
            down, before = down + 1, name
        ax.barh(down, part, color=KERNEL, edgecolor=_INK, linewidth=0.8)
        ax.annotate(f"{part:.0%}", (part, down), (4, 0), textcoords="offset points", va="center", fontsize=8)
        ticks.append((down, what if len(what) < 66 else what[:64] + "…", "normal"))
        down += 1
    ax.set_yticks([at for at, _, _ in ticks], [text for _, text, _ in ticks], fontsize=8)
    for label, (_, _, weight) in zip(ax.get_yticklabels(), ticks, strict=True):
        label.set_fontweight(weight)
    most = max((part for _, _, part in rows), default=1)
    ax.set(ylim=(down - 0.4, -0.6), xlim=(0, 1.12 * most), xticks=[], xlabel="part of the students")
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)


def draw_phases(k, stride):
    """A kernel above its phases: row r holds the entries that meet the outputs of phase r, and their sum.

    k: (m,). Errors as in ``polyphase``.

    >>> draw_phases([1, 2, 3, 4, 5], 2)
    Kernel k = 1 2 3 4 5, stride 2. Phase 0: 1 3 5, sum 9. Phase 1: 2 4, sum 6.
    """
    k, sums = np.asarray(k), phase_sums(k, stride)
    alt = f"Kernel k = {_list(k)}, stride {stride}. " + " ".join(
        f"Phase {r}: {_list(k[r::stride])}, sum {_text(sums[r])}." for r in range(stride)
    )
    figure, ax = _canvas(len(k) + 3.4, 1.15 * stride + 1.6, alt, left=2.6)
    _row(ax, k, 0, "", KERNEL)
    ax.text(-0.9, 0, "$k$", ha="right", va="center")
    for r in range(stride):
        y = -1.15 * (r + 1) - 0.1
        ax.plot([-0.6, len(k) - 0.4], [y, y], color="#D5D5D5", lw=1, zorder=0)
        ax.text(-0.9, y, f"phase {r}", ha="right", va="center", fontsize=9)
        for a in range(r, len(k), stride):
            _shape(ax, a, y, KERNEL, _text(k[a]))
        _shape(ax, len(k) + 0.3, y, OUTPUT, _text(sums[r]))
    ax.text(len(k) + 0.3, 0, "sum", ha="center", va="center", fontsize=9)
    return figure


def draw_spectra(**signals):
    """Amplitudes ``|sum_u y_u exp(-2 pi i f (u-1))|`` over the frequency f from 0 to 1, under one another.

    Each value: 1-D; f counts periods per sample, at as many places as there are samples. Names, colours and
    shapes as in ``draw_signals``; the alt text rounds to one decimal.

    >>> draw_spectra(x=[1, 1], z=[1, 0, 1, 0])
    Spectrum of x: 2 0. Spectrum of z: 2 0 2 0.
    """
    spectra = {name: abs(np.fft.fft(np.asarray(v, float))) for name, v in signals.items()}
    alt = " ".join(
        f"Spectrum of {name.replace('_', ' ')}: {_list(np.round(v, 1) + 0.0)}." for name, v in spectra.items()
    )
    figure = _drawing(6.5, 0.6 + 0.95 * len(spectra), alt)
    panels = figure.subplots(len(spectra), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (name, values) in zip(panels, spectra.items(), strict=True):
        color, marker = {"x": (INPUT, "s"), "k": (KERNEL, "D")}.get(name[0], (OUTPUT, "o"))
        at = np.arange(len(values)) / len(values)
        ax.vlines(at, 0, values, color=color, lw=2)
        ax.plot(at, values, marker, color=color, mec=_INK, mew=0.6, ms=6, clip_on=False)
        ax.axhline(0, color=_FAINT, lw=0.8)
        ax.set(xlim=(-0.02, 1), ylim=(0, 1.15 * max(values.max(), 1e-9)))
        ax.set_ylabel(name.replace("_", " "), rotation=0, ha="right", va="center")
        ax.spines[["top", "right"]].set_visible(False)
    panels[-1].set_xlabel("frequency, in periods per sample")
    return figure


def draw_spectrum(k, n):
    """Singular values of the n-sample convolution matrix beside the kernel's frequency response (see 03).

    k: (m,), real. Orange diamonds: ``|sum_a k_a exp(-2 pi i f (a-1))|`` at n even frequencies; green circles:
    the singular values of A, both in falling order.

    >>> draw_spectrum([1, 2, 1], 32)
    Frequency response of k = 1 2 1: from 4 down to 0. Singular values of A (30 by 32): from 3.99 down to ...
    """
    from ..matrix import conv_matrix

    A = conv_matrix(np.asarray(k, float), n)
    singular = np.linalg.svd(A, compute_uv=False)
    response = np.sort(abs(np.fft.fft(k, n)))[::-1]
    alt = (
        f"Frequency response of k = {_list(k)}: from {_text(response[0].round(2))} down to "
        f"{_text(response[-1].round(2))}. Singular values of A ({A.shape[0]} by {n}): from "
        f"{_text(singular[0].round(2))} down to {_text(singular[-1].round(2))}."
    )
    figure = _drawing(6.5, 2.9, alt)
    ax = figure.subplots()
    ax.plot(
        range(1, n + 1),
        response,
        "D",
        color=KERNEL,
        mec=_INK,
        mew=0.5,
        ms=7,
        label="frequency response of $k$",
    )
    ax.plot(
        range(1, len(singular) + 1),
        singular,
        "o",
        color=OUTPUT,
        mec=_INK,
        mew=0.5,
        ms=4.5,
        label="singular values of $A$",
    )
    ax.set(xlabel="in falling order", ylim=(-0.03 * response[0], 1.1 * response[0]))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    return figure


def _blocks_in_words(A, blocks):
    """Row by row the names of the blocks, then each distinct block once."""
    named, rows = [], []
    for line in np.split(A, blocks[0]):
        row = []
        for block in np.split(line, blocks[1], axis=1):
            if block.any() and not any(np.array_equal(block, other) for other in named):
                named.append(block)
            numbers = [j + 1 for j, other in enumerate(named) if np.array_equal(block, other)]
            row.append(f"T{numbers[0]}" if numbers else "0")
        rows.append(f"Block row {len(rows) + 1}: {' '.join(row)}.")
    for j, block in enumerate(named):
        rows.append(f"T{j + 1}: " + ", ".join(_list(line) for line in block) + ".")
    return " ".join(rows)


def _image_in_words(name, image):
    size = f"{name}, {image.shape[0]} by {image.shape[1]}"
    if image.size > 100:
        return f"{size}, from {_text(image.min())} to {_text(image.max())}."
    return f"{size}. " + " ".join(f"Row {i + 1}: {_list(row)}." for i, row in enumerate(image))


def _output_row(ax, x, k, padding, settings, y):
    """One output on the ruler of the uncropped one: what padding crops is crossed out."""
    full = conv_transpose_by_scatter(x, k, **settings)
    base = conv_transpose_output_size(len(x), len(k), settings["stride"], dilation=settings["dilation"])
    for u, value in enumerate(full):
        inside = padding <= u < len(full) - padding
        kept_late = inside and u >= base - padding
        _shape(ax, u, y, OUTPUT, _text(value), cropped=not inside, double=kept_late)


def _row(ax, values, down, label, color, start=0, faint=()):
    for j, value in enumerate(values):
        text = value if isinstance(value, str) else _text(value)
        _shape(ax, start + j, -down, color, text, faint=bool(faint) and faint[j])
    if label:
        ax.text(start - 0.85, -down, f"${label}$", ha="center", va="center")


def _shape(ax, x, y, color, text, size=0.46, faint=False, ghost=False, cropped=False, double=False):
    """A square, diamond or circle with its number; ghost: an inserted zero; cropped: crossed out."""
    style = {"fc": color, "ec": _INK, "lw": 0.8, "zorder": 2}
    if faint or ghost or cropped:
        style |= {"fc": to_hex(_mix(color, 0.22 if faint else 0.0)), "ec": _FAINT}
    if ghost or cropped:
        style |= {"ls": "--"}
    if color == INPUT:
        patch = Rectangle((x - 0.9 * size, y - 0.9 * size), 1.8 * size, 1.8 * size, **style)
    elif color == KERNEL:
        patch = RegularPolygon((x, y), 4, radius=1.08 * size, **style)
    else:
        patch = Circle((x, y), size, **style)
    ax.add_patch(patch)
    if double:
        ax.add_patch(Circle((x, y), 0.8 * size, fc="none", ec=_INK, lw=0.8, zorder=3))
    if cropped:
        ax.plot([x - 0.3, x + 0.3], [y - 0.3, y + 0.3], color=_FAINT, lw=1, zorder=3)
    ink = _FAINT if ghost or cropped or faint else _INK
    ax.text(
        x,
        y,
        text,
        ha="center",
        va="center",
        color=ink,
        fontsize=11 if len(text) < 4 or "$" in text else 8,
        zorder=4,
    )


def _canvas(width, height, alt, left=1.4, top=0.8):
    """A Drawing without axes in units of one cell (0.42 inch), from y = top down to top - height."""
    figure = _drawing(0.42 * (width + 0.4), 0.42 * height, alt, layout=None)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-left, width + 0.4 - left), ylim=(top - height, top), aspect="equal")
    ax.axis("off")
    return figure, ax


def _drawing(width, height, alt, layout="constrained"):
    figure = Drawing(figsize=(width, height), layout=layout)
    figure.alt = alt
    return figure


def _mix(color, part):
    return tuple(1 - part * (1 - int(color[i : i + 2], 16) / 255) for i in (1, 3, 5))


def _text(value):
    return f"{value:g}".replace("-", "−")


def _list(values):
    return " ".join(_text(v) for v in values)
