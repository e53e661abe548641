"""Reading a figure back: from its Matplotlib objects, from the pixels of its PNG, from its SVG."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
from matplotlib.patches import Circle, Rectangle
from PIL import Image


def centre(patch):
    if isinstance(patch, Rectangle):
        return patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2
    return patch.center if isinstance(patch, Circle) else patch.xy


def drawn(figure, kind, solid=True):
    """(row from the top, column, text) of each shape of a kind that holds a text; solid: not dashed."""
    ax = figure.axes[0]
    texts = {tuple(np.round(t.get_position(), 3)): t.get_text().replace("−", "-") for t in ax.texts}
    patches = [p for p in ax.patches if isinstance(p, kind) and (p.get_linestyle() == "solid") == solid]
    places = dict.fromkeys(tuple(np.round(centre(p), 3)) for p in patches)
    rows = sorted({y for _, y in places}, reverse=True)
    return sorted((rows.index(y), x, texts[x, y]) for x, y in places)


def values(figure, kind, **which):
    return [int(text) for *_, text in drawn(figure, kind, **which)]


def touched(png):
    """The sides of a PNG (base64) that ink touches: whose outermost pixels are not all white."""
    pixels = np.asarray(Image.open(BytesIO(b64decode(png))).convert("L"))
    sides = {"top": pixels[0], "bottom": pixels[-1], "left": pixels[:, 0], "right": pixels[:, -1]}
    return [side for side, line in sides.items() if line.min() < 250]


def outside(svg):
    """The points of an SVG's paths that lie on its border or outside it."""
    left, top, width, height = map(int, re.search(r'viewBox="([^"]*)"', svg)[1].split())
    low, high = np.array((left, top)), np.add((left, top), (width, height))
    points = [point for data in re.findall(r' d="([^"]*)"', svg) for point in corners(data)]
    return [point for point in points if not ((low < point) & (point < high)).all()]


def corners(data):
    """The points that an SVG path reaches, its commands being m, l, q, c and z; each begins at the last."""
    at, start = np.zeros(2, int), np.zeros(2, int)
    for command, numbers in re.findall(r"([mlqcz])([-\d ]*)", data):
        steps = np.array(re.findall(r"-?\d+", numbers), int).reshape(-1, 2)
        yield from at + steps
        at = start if command == "z" else at + steps[-1]
        start = at if command == "m" else start
