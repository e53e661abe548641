"""Mathematics as MathML, which every browser draws by itself: no script and no font to load."""

import re

from docutils import nodes
from latex2mathml.converter import convert

# The first of a pair would stretch and the second, which has an index, would not: both shall fit
OPENING, CLOSING = re.compile(r"\\Big([\[(])"), re.compile(r"\\Big([\])])")


def slug(heading):
    """Return the anchor that JupyterLab gives a heading, which the notebooks' links use."""
    return heading.replace(" ", "-")


def mathml(latex, display="inline"):
    """Return the MathML of a formula; ValueError for an unknown command, whose name would be shown."""
    text = convert(CLOSING.sub(r"\\right\1", OPENING.sub(r"\\left\1", latex)), display=display)
    if "\\" in text:
        raise ValueError(
            f"a formula must have commands that latex2mathml knows: got {latex}; write it without"
        )
    return text


def visit_inline(self, node):
    self.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def visit_block(self, node):
    self.body.append(f'<div class="math">{mathml(node.astext(), "block")}</div>')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
