"""Reading a figure back from its Matplotlib objects."""

import numpy as np
from matplotlib.patches import Circle, Rectangle


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
