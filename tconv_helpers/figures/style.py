"""The style of every figure: a Drawing with alt text, the canvas of cells, the marks on it, numbers in words.

Positions and sizes are counted in cells of 0.42 inch, columns to the right, rows down (y falls).
"""

from base64 import b64encode
from html import escape
from io import BytesIO

from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle, RegularPolygon

from ..marks import COLOURS, SHAPES, STATES
from ..words import as_text, in_words  # noqa: F401 (the figures take both from here)

CELL = 0.42  # inches
INK, FAINT, PALE = "#222222", "#9A9A9A", "#D5D5D5"
CENTRED = {"ha": "center", "va": "center"}
ROLES = {"x": "input", "k": "kernel"}  # of a signal, by the first letter of its name; any other is an output
MARKERS = {"square": "s", "diamond": "D", "circle": "o"}


class Drawing(Figure):
    """Show a Matplotlib Figure in a notebook as an image with alt text.

    The text form is the alt text: what a screen reader says, and what nbval compares.

    >>> from tconv_helpers import draw_conv
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


def drawing(width, height, alt, layout="constrained"):
    """Return an empty Drawing of width by height inches that says ``alt``."""
    figure = Drawing(figsize=(width, height), layout=layout)
    figure.alt = alt
    return figure


def canvas(width, height, alt, left=1.4, top=0.8):
    """Return a Drawing and its one panel, without axes, from y = top down to top - height, in cells."""
    figure = drawing(CELL * (width + 0.4), CELL * height, alt, layout=None)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-left, width + 0.4 - left), ylim=(top - height, top), aspect="equal")
    ax.axis("off")
    return figure, ax


def role_of(name):
    """Return the role of a signal or an image by its name.

    >>> [role_of(name) for name in ("x_1", "k", "y", "interpolated")]
    ['input', 'kernel', 'output', 'output']
    """
    return ROLES.get(name[0], "output")


def mix(color, part):
    """Return white with a part of a colour in it, as "#rrggbb".

    >>> mix("#FF0000", 0.2)
    '#ffcccc'
    """
    return to_hex([1 - part * (1 - int(color[i : i + 2], 16) / 255) for i in (1, 3, 5)])


def outline(shape, x, y, scale=1, **look):
    """Return the Matplotlib patch of a shape of ``marks.SHAPES`` around (x, y); look: of the patch."""
    reach = scale * SHAPES[shape]["reach"]
    match SHAPES[shape]["form"]:
        case "square":
            return Rectangle((x - reach, y - reach), 2 * reach, 2 * reach, **look)
        case "diamond":
            return RegularPolygon((x, y), 4, radius=reach, **look)
        case "circle":
            return Circle((x, y), reach, **look)


def mark(ax, role, x, y, text, state="full", scale=1):
    """Draw the mark of a role at (x, y), its number or name in it; state: one of ``marks.STATES``."""
    state = {"part": 1} | STATES[state]
    ink = INK if state["part"] == 1 else FAINT
    look = {"fc": mix(COLOURS[role], state["part"]), "ls": "--" if state.get("dashed") else "solid"}
    ax.add_patch(outline(role, x, y, scale, ec=ink, lw=0.8, zorder=2, **look))
    if state.get("ringed"):
        ax.add_patch(outline("ring", x, y, scale, fc="none", ec=ink, lw=0.8, zorder=3))
    if state.get("crossed"):
        reach = scale * SHAPES["cross"]["reach"]
        ax.plot([x - reach, x + reach], [y - reach, y + reach], color=ink, lw=1, zorder=3)
    size = 11 if len(text) < 4 or "$" in text else 8
    ax.text(x, y, text, **CENTRED, color=ink, fontsize=size, zorder=4)


def row(ax, role, values, down, label="", start=0, lit=None):
    """Draw values (numbers or words) as marks of a role in one row, ``down`` cells below the first.

    label: a letter before the row. start: the column of the first. lit: the places that are lit, counted
    from 0; the others are faint, and all are full where it is None.
    """
    for j, value in enumerate(values):
        state = "full" if lit is None else "lit" if j in lit else "faint"
        mark(ax, role, start + j, -down, value if isinstance(value, str) else as_text(value), state)
    if label:
        ax.text(start - 0.85, -down, f"${label}$", **CENTRED)
