"""The picture that moves at the top of the README: each sample stamps the kernel, and the stamps add up."""

import numpy as np

from ..definition import conv_transpose_by_scatter
from ..marks import COLOURS, DARK, INK, SHAPES
from ..words import as_text, in_words

U = 44  # units of a cell
SECONDS = 2  # for each stamp, and twice for the whole, with which it begins


def moving_scatter(x, k, stride=1):
    """Return an animated SVG of a transposed convolution as scatter: stamp by stamp, then the sums.

    x: (n,), k: (m,). It begins with the whole, and who asks for reduced motion sees that alone; on a dark
    page it is dark. The text within ``<title>`` says the same.
    ValueError as in ``conv_transpose_output_size``. Made to be stored: ``.github/scatter.svg`` is that of
    the README's first example, as a test insists.

    >>> moving_scatter([1, 2], [1, 1, 1], stride=2).split("<title>")[1].split("</title>")[0]
    'Each sample of x = 1 2 stamps the kernel k = 1 1 1, 2 apart; the stamps add up to y = 1 1 3 2 2.'
    """
    x, k = np.asarray(x), np.asarray(k)
    y = conv_transpose_by_scatter(x, k, stride)
    rows = [_row("input", stride * np.arange(len(x)), x, 0)]
    for i, value in enumerate(x):
        places = stride * i + np.arange(len(k))
        rows.append(_row("kernel", places, value * k, i + 1, appears=i))
    rows.append(f'<path d="M{-U / 2} {(len(x) + 0.55) * U}h{len(y) * U}" class="rule"/>')
    rows.append(_row("output", np.arange(len(y)), y, len(x) + 1.1, appears=len(x)))
    said = (
        f"Each sample of x = {in_words(x)} stamps the kernel k = {in_words(k)}, {stride} apart; "
        f"the stamps add up to y = {in_words(y)}."
    )
    left, width, height = -1.5 * U, (len(y) + 1.5) * U, (len(x) + 2.6) * U
    names = zip(("x", "y"), (0, len(x) + 1.1), strict=True)
    labels = [f'<text x="{-U}" y="{row * U:g}" dy="0.35em" class="name">{name}</text>' for name, row in names]
    box = f'viewBox="{left:g} {-0.75 * U:g} {width:g} {height:g}" width="{width:g}"'
    ground = (
        f'<rect x="{left:g}" y="{-0.75 * U:g}" width="{width:g}" height="{height:g}" rx="8" class="paper"/>'
    )
    parts = [f"<title>{said}</title>", f"<style>{_style(len(x))}</style>", ground, *labels, *rows]
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {box}>', *parts, "</svg>", ""])


def _row(role, places, values, row, appears=None):
    """Return one row of marks; appears: the number of the step in which it comes, down from the row above."""
    marks = [
        _mark(role, place * U, row * U, as_text(value)) for place, value in zip(places, values, strict=True)
    ]
    kind = "" if appears is None else f' class="step{appears}"'
    return "\n".join([f"<g{kind}>", *marks, "</g>"])


def _mark(role, x, y, text):
    """Return the mark of a role around (x, y), in units, with its number."""
    r = SHAPES[role]["reach"] * U
    form = {
        "square": f'rect x="{x - r:g}" y="{y - r:g}" width="{2 * r:g}" height="{2 * r:g}"',
        "diamond": f'path d="M{x} {y - r:g}l{r:g} {r:g}-{r:g} {r:g}-{r:g}-{r:g}z"',
        "circle": f'circle cx="{x}" cy="{y:g}" r="{r:g}"',
    }[SHAPES[role]["form"]]
    shape = f'<{form} fill="{COLOURS[role]}" stroke="{INK}"/>'
    return f'{shape}<text x="{x}" y="{y:g}" dy="0.35em">{text}</text>'


def _style(stamps):
    """Return the style: all is there, goes, and comes again in steps, each fading in and sliding down."""
    steps, total = stamps + 1, stamps + 3
    looks = f"text {{ font: 18px system-ui, sans-serif; text-anchor: middle; fill: {INK} }}"
    looks += f" .name {{ font-style: italic }} .rule {{ stroke: {INK} }} .paper {{ fill: white }}"
    moves = []
    for i in range(steps):
        goes, gone, begin, end = (100 * place / total for place in (1.7, 2, i + 2.3, i + 2.9))
        frames = (
            f"0%, {goes:.4g}% {{ opacity: 1; transform: none }} {gone:.4g}% {{ opacity: 0; transform: none }}"
        )
        frames += f" {begin:.4g}% {{ opacity: 0; transform: translateY(-{U}px) }}"
        frames += f" {end:.4g}%, 100% {{ opacity: 1; transform: none }}"
        moves += [f"@keyframes step{i} {{ {frames} }}"]
        moves += [f".step{i} {{ animation: step{i} {SECONDS * total}s infinite }}"]
    paper, ink = DARK["paper"], DARK["ink"]
    dark = f".paper {{ fill: {paper} }} .name {{ fill: {ink} }} .rule {{ stroke: {ink} }}"
    dark = f"@media (prefers-color-scheme: dark) {{ {dark} }}"
    still = "@media (prefers-reduced-motion: reduce) { g { animation: none !important } }"
    return "\n".join([looks, *moves, dark, still])
