"""An explorer or a quiz as one HTML file, which opens by double-click and asks the network for nothing."""

import base64
import json
import re
from html import escape
from string import Template

from .address import described
from .backward import BackwardExplorer
from .checkerboard import CheckerboardExplorer
from .explorer import Explorer
from .joining import COMPACT, esm, joined
from .shape import ShapeExplorer
from .spectrum import SpectrumExplorer
from .stamps import StampExplorer
from .toeplitz import ToeplitzExplorer
from .traits import Sent
from .transposed import TransposedExplorer

# What an explorer is called alone -> its class and the title of its page
EXPLORERS = {
    "transposed": (TransposedExplorer, "Transposed convolution, stamp by stamp"),
    "backward": (BackwardExplorer, "Backpropagation through a convolution"),
    "toeplitz": (ToeplitzExplorer, "Convolution as a Toeplitz matrix"),
    "stamps": (StampExplorer, "Transposed convolution in two dimensions"),
    "checkerboard": (CheckerboardExplorer, "Checkerboards of transposed convolutions"),
    "spectrum": (SpectrumExplorer, "Spectrum and phases of an upsampling kernel"),
    "shape": (ShapeExplorer, "Fix my shape: sizes through convolutions"),
}


def page(widget, title, name, course=None):
    """Return the HTML of a page with one explorer or quiz on it.

    title : what stands above it. name : how files with its pictures are called. course : the address of the
    course, to which a line below then links.
    """
    sent = [key for key, trait in widget.traits().items() if isinstance(trait, Sent)]
    values = {key: value for key, value in widget.get_state().items() if key[0] != "_" or key in sent}
    explorer = described(widget) if isinstance(widget, Explorer) else None
    module = without_comments(widget._esm)
    style = without_comments(joined("alone.css") + widget._css)
    data = json.dumps(
        {"module": module, "values": values, "explorer": explorer, "name": name},
        default=as_base64,
        separators=COMPACT,
    )
    return Template(joined("alone.html")).substitute(
        title=escape(title),
        style=re.sub("^ +", "", style, flags=re.MULTILINE),  # for its weight; JavaScript may need its blanks
        data=data.replace("<", "\\u003c"),  # what ends a script must not stand in one
        script=without_comments(esm("alone.js")),
        footer=f'<footer><a href="{escape(course)}">The course this is from</a></footer>' if course else "",
    )


def without_comments(text):
    """Return JavaScript or CSS without the lines that are comments: a file alone is to be small.

    >>> without_comments("// One\\nlet one = 1; // one\\n  // and\\nlet two = 2;")
    'let one = 1; // one\\nlet two = 2;'
    >>> without_comments("/* One */\\na { b: 1; } /* one */\\n")
    'a { b: 1; } /* one */\\n'
    """
    return re.sub(r"^ *(//.*|/\*.*\*/)\n", "", text, flags=re.MULTILINE)


def as_base64(value):
    """Return bytes as JSON has them here: `alone.js` reads the same."""
    return {"base64": base64.b64encode(value).decode()}
