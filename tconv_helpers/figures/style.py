"""The style of every figure: a Drawing with alt text, the canvas of cells, the marks on it, numbers in words.

Positions and sizes are counted in cells of 0.42 inch, columns to the right, rows down (y falls).
"""

import re
from html import escape

from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle, RegularPolygon
from matplotlib.textpath import TextPath

from ..marks import COLOURS, INK, SHAPES, STATES
from ..words import as_text, in_words  # noqa: F401 (the figures take both from here)
from .formats import DOTS, as_png, as_svg, room

CELL = 0.42  # inches
FAINT, PALE = ("black", 0.55), ("black", 0.16)  # black is the ink of the page, whatever that is
CENTRED = {"ha": "center", "va": "center"}
LETTERS = {"x": "input", "k": "kernel"}  # that begin a name without a role in it; any other is an output's
MARKERS = {"square": "s", "diamond": "D", "circle": "o"}


class Drawing(Figure):
    """Show a Matplotlib Figure in a notebook as a picture with alt text, whole and in the ink of its page.

    JupyterLab, VS Code, nbviewer and web sites show the SVG in ``text/html``, whose ink is the page's, light
    or dark; where JupyterLab does not trust a page and strips its SVG, the PNG on white within it is left;
    GitLab, Gitea and PDF take ``image/png``; GitHub, whose renderer is not public, shows the one that it
    lets through. The text form is the alt text: what a screen reader says, and what nbval compares.

    >>> from tconv_helpers import draw_conv
    >>> draw_conv([1, 2, 3, 4], [1, 0, 2], i=2)
    Convolution, step 2. Input x = 1 2 3 4; kernel k = 1 0 2 under x_2 to x_4; y_2 = 2·1 + 3·0 + 4·2 = 10.
    """

    alt = ""

    def __repr__(self):
        return self.alt

    def savefig(self, *where, **look):
        """Save all of the figure, where Matplotlib would cut off what leaves it; arguments as there."""
        if "bbox_inches" not in look:
            look["bbox_inches"] = room(self)
        super().savefig(*where, **look)

    def _repr_mimebundle_(self, **_):
        box, alt = room(self), escape(self.alt)
        (elements, view), png, width = as_svg(self, box), as_png(self, box), round(96 * box.width)
        # An element that is never rendered holds the PNG: a sanitizer that drops SVG's tags leaves it.
        stripped = f'<desc><img alt="{alt}" width="{width}" src="data:image/png;base64,{png}"></desc>'
        look = f'width="{width}" viewBox="{view}" style="max-width: 100%; height: auto"'
        # A line with a blank: of a folded output JupyterLab shows the first, which would tell the answer.
        html = f' \n<svg role="img" aria-label="{alt}" {look}>{stripped}{elements}</svg>'
        data = {"text/plain": self.alt, "text/html": html, "image/png": png}
        return data, {"image/png": {"width": width}}


def drawing(width, height, alt, layout="constrained"):
    """Return an empty Drawing of width by height inches that says ``alt``."""
    figure = Drawing(figsize=(width, height), dpi=DOTS, layout=layout)
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
    """Return the role of a signal or an image by its name: the first that it says, or that of its letter.

    >>> [role_of(name) for name in ("x_1", "nearest kernel", "input_gradient", "interpolated")]
    ['input', 'kernel', 'input', 'output']
    """
    said = re.search("input|kernel|output", name)
    return said[0] if said else LETTERS.get(name[0], "output")


def words(name):
    """Return the words of a keyword's name.

    >>> words("output_gradient")
    'output gradient'
    """
    return name.replace("_", " ")


def as_label(name):
    """Return a name as a figure shows it: words, and a letter by itself as mathematics."""
    return f"${name}$" if len(name) == 1 else words(name)


def width_of(texts, size):
    """Return how many inches wide the widest of some texts is at a font size in points, 0 for none."""
    return max((TextPath((0, 0), text, size=size).get_extents().width / 72 for text in texts), default=0)


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


def mark(ax, role, place, text, *, state="full", scale=1):
    """Draw the mark of a role at a place (x, y), its number or name in it; state: of ``marks.STATES``."""
    x, y = place
    state = {"part": 1} | STATES[state]
    ink = INK if state["part"] == 1 else FAINT
    look = {"fc": (COLOURS[role], state["part"]), "ls": "--" if state.get("dashed") else "solid"}
    ax.add_patch(outline(role, x, y, scale, ec=ink, lw=0.8, zorder=2, **look))
    if state.get("ringed"):
        ax.add_patch(outline("ring", x, y, scale, fc="none", ec=ink, lw=0.8, zorder=3))
    if state.get("crossed"):
        reach = scale * SHAPES["cross"]["reach"]
        ax.plot([x - reach, x + reach], [y - reach, y + reach], color=ink, lw=1, zorder=3)
        ink = "black"  # a number under its stroke is still read
    _write(ax, place, text, ink)


def cell(ax, role, place, text, *, part):
    """Draw the entry of a matrix or an image at a place (x, y): its number on a part of its role's colour."""
    ax.add_patch(outline("entry", *place, fc=(COLOURS[role], part), ec="none"))
    _write(ax, place, text, INK if part > 0.75 else "black")  # on less colour, a dark page needs light ink


def _write(ax, place, text, ink):
    size = 11 if len(text) < 4 or "$" in text else 8
    ax.text(*place, text, **CENTRED, color=ink, fontsize=size, zorder=4)


def row_of_marks(ax, role, values, down, *, label="", start=0, lit=None):
    """Draw values (numbers or words) as marks of a role in one row, ``down`` cells below the first.

    label: a letter before the row. start: the column of the first. lit: the places that are lit, counted
    from 0; the others are faint, and all are full where it is None.
    """
    for j, value in enumerate(values):
        state = "full" if lit is None else "lit" if j in lit else "faint"
        text = value if isinstance(value, str) else as_text(value)
        mark(ax, role, (start + j, -down), text, state=state)
    if label:
        ax.text(start - 0.85, -down, f"${label}$", **CENTRED)


def check_index(name, value, last, what="an index"):
    """Raise ValueError unless value, counted from 1, is at most ``last``."""
    if not 1 <= value <= last:
        raise ValueError(f"{name} must be {what}: got {name}={value}; use 1 to {last}")
