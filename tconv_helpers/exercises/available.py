"""What a graded answer may import: NumPy, and of the standard library what a sandbox has libraries for."""

import sys

# Extension modules that are of no use without a display, a terminal or a network -> what needs them.
LEFT_OUT = {
    "_tkinter": {"tkinter", "turtle"},
    "_curses": {"curses"},
    "_curses_panel": set(),
    "readline": {"readline"},
    "nis": {"nis"},
    "_ssl": {"ssl"},
}
AVAILABLE = ({"numpy"} | sys.stdlib_module_names).difference(LEFT_OUT, *LEFT_OUT.values())
