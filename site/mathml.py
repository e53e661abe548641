"""Mathematics as MathML, which every browser draws by itself: no script and no font to load."""

import re
from xml.etree import ElementTree

from docutils import nodes
from latex2mathml.converter import convert

# The first of a pair would stretch and the second, which has an index, would not: both shall fit
OPENING, CLOSING = re.compile(r"\\Big([\[(])"), re.compile(r"\\Big([\])])")

# A number is no part of the formula: on a narrow page it stands on a line of its own
NUMBERED = re.compile(r"(.*)\\qquad\s*\\text\{(\(Eq\.~?\s*\d+\))\}\s*", re.S)
NAMESPACE = "http://www.w3.org/1998/Math/MathML"
LONG = 12  # parts of a formula in a line: one that has more may be broken
BREAKS = set("=→+−≥≤")
ElementTree.register_namespace("", NAMESPACE)


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


def broken(text):
    """Return the MathML of a formula in a line as several where it is long: a line may end after each."""
    formula = ElementTree.fromstring(text)
    row = formula[0]
    if len(row) <= LONG:
        return text
    pieces, depth = [[]], 0
    for part in row:
        pieces[-1].append(part)
        sign = (part.text or "") if part.tag.endswith("mo") else ""
        depth += (sign in "([⟨⌊⌈" and sign != "") - (sign in ")]⟩⌋⌉" and sign != "")
        if sign in BREAKS and depth == 0:
            part.set("form", "infix")  # with the space of a sign between two things, though it ends a piece
            pieces.append([])
    texts = []
    for piece in pieces:
        row[:] = piece
        texts.append(ElementTree.tostring(formula, encoding="unicode"))
    return "<wbr>".join(texts)


def visit_inline(self, node):
    self.body.append(broken(mathml(node.astext())))
    raise nodes.SkipNode


def visit_block(self, node):
    found = NUMBERED.fullmatch(node.astext())
    latex, number = found.groups() if found else (node.astext(), "")
    number = f"<span>{number.replace('~', ' ')}</span>" if number else ""
    self.body.append(f'<div class="math">{mathml(latex, "block")}{number}</div>')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
