"""Figures with axes: signals and their spectra as stems, singular values, metrics, the results of a class."""

from collections import Counter

import numpy as np

from ..marks import COLOURS, INK, SHAPES
from .style import FAINT, MARKERS, PALE, as_label, as_text, drawing, in_words, role_of, width_of, words


def draw_signals(**signals):
    """Draw signals under one another as stems on one scale, each named by its keyword.

    Each value: 1-D numbers. A name that says input or starts with x takes the input's colour and shape, one
    with kernel or k the kernel's, any other the output's. Shown to two decimals in the alt text.

    >>> draw_signals(x=[1, 0, 2], output_gradient=[0.5, 1.0])
    x: 1 0 2. output gradient: 0.5 1.
    """
    alt = " ".join(f"{words(name)}: {_rounded(v, 2)}." for name, v in signals.items())
    figure = drawing(6.5, 0.4 + 0.95 * len(signals), alt)
    low, high = (f(0, *(f(v) for v in signals.values())) for f in (min, max))
    longest, margin = max(map(len, signals.values())), 0.15 * (high - low)
    for ax in _stem_panels(figure, signals, lambda n: np.arange(1, n + 1), ms=7):
        ax.set(xlim=(0.3, longest + 0.7), ylim=(low - margin, high + margin))
    return figure


def draw_spectra(**signals):
    """Draw amplitudes ``|sum_u y_u exp(-2 pi i f (u-1))|`` over frequencies f from 0 to 1, under one another.

    Each value: 1-D; f counts periods per sample, at as many places as there are samples. Names, colours and
    shapes as in ``draw_signals``; the alt text rounds to one decimal.

    >>> draw_spectra(x=[1, 1], z=[1, 0, 1, 0])
    Spectrum of x: 2 0. Spectrum of z: 2 0 2 0.
    """
    spectra = {name: abs(np.fft.fft(np.asarray(v, float))) for name, v in signals.items()}
    alt = " ".join(f"Spectrum of {words(name)}: {_rounded(v, 1)}." for name, v in spectra.items())
    figure = drawing(6.5, 0.6 + 0.95 * len(spectra), alt)
    panels = _stem_panels(figure, spectra, lambda n: np.arange(n) / n, ms=6, clip_on=False)
    for ax, values in zip(panels, spectra.values(), strict=True):
        ax.set(xlim=(-0.02, 1), ylim=(0, 1.15 * max(values.max(), 1e-9)))
    panels[-1].set_xlabel("frequency, in periods per sample")
    return figure


def _stem_panels(figure, signals, places, **look):
    """Draw each signal as stems at places(its length) into a panel of its own; return the panels."""
    panels = figure.subplots(len(signals), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (name, values) in zip(panels, signals.items(), strict=True):
        at, role = places(len(values)), role_of(name)
        ax.vlines(at, 0, values, color=COLOURS[role], lw=2)
        _draw_dots(ax, role, at, values, mew=0.6, **look)
        ax.axhline(0, color=FAINT, lw=0.8, zorder=1)  # a sample of 0 lies on it
        ax.set_ylabel(as_label(name), rotation=0, ha="right", va="center")
        ax.spines[["top", "right"]].set_visible(False)
    return panels


def _draw_dots(ax, role, at, values, **look):
    ax.plot(at, values, MARKERS[SHAPES[role]["form"]], color=COLOURS[role], mec=INK, **look)


def _rounded(values, decimals):
    """Return numbers in words, rounded; -0 becomes 0."""
    return in_words(np.round(values, decimals) + 0.0)


def draw_spectrum(k, n):
    """Draw the singular values of the n-sample convolution matrix A beside the kernel's frequency response.

    k: (m,), real. Orange diamonds: ``|sum_a k_a exp(-2 pi i f (a-1))|`` at n even frequencies; green circles:
    the singular values of A, both in falling order. Errors as in ``conv_matrix``.

    >>> draw_spectrum([1, 2, 1], 32)
    Frequency response of k = 1 2 1: from 4 down to 0. Singular values of A (30 by 32): from 3.99 down to ...
    """
    from ..matrix import conv_matrix  # here, because SciPy takes longer to load than the other figures need

    A = conv_matrix(np.asarray(k, float), n)
    singular = np.linalg.svd(A, compute_uv=False)
    response = np.sort(abs(np.fft.fft(k, n)))[::-1]
    spans = [f"from {_rounded(v[:1], 2)} down to {_rounded(v[-1:], 2)}" for v in (response, singular)]
    alt = (
        f"Frequency response of k = {in_words(k)}: {spans[0]}. "
        f"Singular values of A ({A.shape[0]} by {n}): {spans[1]}."
    )
    figure = drawing(6.5, 2.9, alt)
    ax = figure.subplots()
    for role, values, size, label in (
        ("kernel", response, 7, "frequency response of $k$"),
        ("output", singular, 4.5, "singular values of $A$"),
    ):
        _draw_dots(ax, role, range(1, len(values) + 1), values, mew=0.5, ms=size, label=label)
    ax.set(xlabel="in falling order", ylim=(-0.03 * response[0], 1.1 * response[0]))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    return figure


def draw_scores(alt, **scores):
    """Draw metrics as dots, a panel for each metric and a line for each keyword: who scores what.

    scores: dicts with the same keys, metric to number. Panels whose numbers differ more than fiftyfold
    have a logarithmic axis. alt: what is to be seen, in words that hold for every run.

    >>> draw_scores("Two dots.", ours={"recall": 0.7}, real={"recall": 0.8})
    Two dots. Panels: recall. Lines: ours, real.
    """
    names, metrics = [words(name) for name in scores], list(next(iter(scores.values())))
    alt = f"{alt} Panels: {', '.join(map(words, metrics))}. Lines: {', '.join(names)}."
    panel = max(2.2, width_of(map(words, metrics), 10) + 0.2)
    figure = drawing(width_of(names, 10) + len(metrics) * panel, 0.7 + 0.28 * len(names), alt)
    panels = figure.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
    for ax, metric in zip(panels, metrics, strict=True):
        values = [row[metric] for row in scores.values()]
        _draw_dots(ax, "output", values, names, mew=0.8, ms=8)
        if min(values) > 0 and max(values) > 50 * min(values):
            ax.set_xscale("log")
        else:
            ax.set_xlim(-0.05, max(1.05, 1.05 * max(values)))
            ax.locator_params(axis="x", nbins=4)  # the last number of a panel keeps off the next one's first
        ax.set_title(words(metric), fontsize=10)
        ax.grid(color=PALE)
        ax.set_axisbelow(True)
        ax.set_ylim(len(names) - 0.5, -0.5)
    return figure


def draw_class(scores, misconceptions, of, most=4):
    """Draw how many students of a class have how many points, and what the wrong answers hold, ranked.

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
    middle = f" Median: {as_text(np.median(all_scores))} of {as_text(of)} points." if students else ""
    held = "".join(f" {name}: {what} ({part:.0%})." for name, what, part in rows)
    height = 0.27 * (len(rows) + len({name for name, _, _ in rows}))  # a line for each, and for its exercise
    figure = drawing(9, 2.6 + height, f"Results of {students} students.{middle}{held}")
    above, below = figure.subfigures(2, height_ratios=[2.2, height + 0.4])
    _draw_histogram(above.subplots(), scores, of)
    _draw_ranking(below.subplots(), rows)
    return figure


def _draw_histogram(ax, scores, of):
    bars = {"color": COLOURS["output"], "edgecolor": INK, "linewidth": 0.8}
    ax.bar(list(scores), list(scores.values()), width=0.4, **bars)
    ax.set(xlim=(-0.5, of + 0.5), xlabel="points", ylabel="students")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.yaxis.get_major_locator().set_params(integer=True)


def _draw_ranking(ax, rows):
    """Draw below the name of each exercise a bar for each of its rows (name, what, part)."""
    ticks, down, before = [], 0, None
    for name, what, part in rows:
        if name != before:
            ticks.append((down, name, "bold"))
            down, before = down + 1, name
        ax.barh(down, part, color=COLOURS["kernel"], edgecolor=INK, linewidth=0.8)
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
