"""The marks of every figure and explorer, read once from ``marks.json``: their colours, shapes and states.

An input is a blue square, a kernel entry an orange diamond, an output a green circle: the colours are from
Okabe & Ito's palette for colour-blind readers, and the shapes say the same without colour.

COLOURS  role (input, kernel, output), or what is wrong -> "#RRGGBB"
INK      of a mark's outline and of the number on it, "#RRGGBB"
DARK     paper of a moving picture on a dark page, and ink of figures there; marks keep their colours
SHAPES   role -> form (square, diamond, circle), reach (from its centre to a side, a corner or the rim, in
         cells) and sign (in text). An entry is that of a matrix, in the kernel's colour; ring and cross
         stand on a mark whose state says ringed or crossed.
STATES   full or lit, faint, extra (kept by output_padding), ghost (an inserted zero), cropped (by padding),
         removed (a matrix row that padding crops) -> part (of the colour that is left; as it was where it is
         not given), dashed, ringed, crossed
"""

import json
from importlib.resources import files

_MARKS = json.loads(files(__package__).joinpath("marks.json").read_text(encoding="utf-8"))
COLOURS, SHAPES, STATES = _MARKS["colours"], _MARKS["shapes"], _MARKS["states"]
INK, DARK = _MARKS["ink"], _MARKS["dark"]


def css_variables(scope):
    """Return CSS that gives ``scope`` colours and ink as variables, and the marks of each state their --part.

    scope: a CSS selector. A mark is an element of the class mark and of that of its state.

    >>> css = css_variables(".page")
    >>> css.startswith(f".page {{ --input: {COLOURS['input']}; --kernel: {COLOURS['kernel']};")
    True
    >>> print(*css.splitlines()[1:4], sep="\\n")
    .page .mark.full { --part: 100%; }
    .page .mark.lit { --part: 100%; }
    .page .mark.faint { --part: 24%; }
    """
    colours = " ".join(f"--{name}: {colour};" for name, colour in COLOURS.items())
    parts = {name: state["part"] for name, state in STATES.items() if "part" in state}
    rules = [f"{scope} .mark.{name} {{ --part: {part:.0%}; }}" for name, part in parts.items()]
    return "\n".join([f"{scope} {{ {colours} --on-mark: {INK}; }}", *rules, ""])
