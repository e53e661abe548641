"""An explorer or a quiz as one HTML file, which opens by double-click and asks the network for nothing."""

import json
from html import escape
from string import Template

from .address import described
from .backward import BackwardExplorer
from .checkerboard import CheckerboardExplorer
from .explorer import Explorer
from .joining import esm, joined
from .shape import ShapeExplorer
from .stamps import StampExplorer
from .toeplitz import ToeplitzExplorer
from .transposed import TransposedExplorer

# What an explorer is called alone -> its class and the title of its page
EXPLORERS = {
    "transposed": (TransposedExplorer, "Transposed convolution, stamp by stamp"),
    "backward": (BackwardExplorer, "Backpropagation through a convolution"),
    "toeplitz": (ToeplitzExplorer, "Convolution as a Toeplitz matrix"),
    "stamps": (StampExplorer, "Transposed convolution in two dimensions"),
    "checkerboard": (CheckerboardExplorer, "Checkerboards of transposed convolutions"),
    "shape": (ShapeExplorer, "Fix my shape: sizes through convolutions"),
}


def page(widget, title, name, course=None):
    """Return the HTML of a page with one explorer or quiz on it.

    title : what stands above it. name : how files with its pictures are called. course : the address of the
    course, to which a line below then links.
    """
    state = widget.get_state()
    values = {key: value for key, value in state.items() if key[0] != "_" or key in ("_start", "_bounds")}
    explorer = described(type(widget)) if isinstance(widget, Explorer) else None
    data = json.dumps({"module": widget._esm, "values": values, "explorer": explorer, "name": name})
    return Template(joined("alone.html")).substitute(
        title=escape(title),
        style=joined("alone.css") + widget._css,
        data=data.replace("<", "\\u003c"),  # what ends a script must not stand in one
        script=esm("alone.js"),
        footer=f'<footer><a href="{escape(course)}">The course this is from</a></footer>' if course else "",
    )
