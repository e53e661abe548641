"""Change the core in small ways, one at a time, and see that a test notices each: `make mutants`.

    make mutants ARGS="tconv_helpers.laws*"    only those of one module

A change that no test notices must have its reason below. Settings: [tool.mutmut] in pyproject.toml.
"""

import re
import subprocess
import sys
from collections import Counter

MUTMUT = sys.executable, "-m", "mutmut"
NOTICED = "killed", "timeout"
# What stands in a line before and after a change that computes the same, and why it does
SAME = [
    (
        "strict=True",
        r"strict=None|strict=False|, \)",
        "ints() gave one number for each axis: lengths are equal",
    ),
    ("each, float", "each, None", "None is float to NumPy"),
    (r"reshape\(.*-1", r"reshape\(.*-2", "NumPy takes any number below 0 for the size that is left open"),
    ('"iufc', '"XXiufc', "kinds are letters, and X is none of them"),
    (r"max\(1, row", r"max\(2, row", "a row has more than two bytes, or none"),
    ("^everywhere", "^everywhere", "a shortcut: where nothing is left out, no zeros need be written first"),
    (r"len\(x\), 8", r"len\(x\), \)", "blocks of 8 samples are for speed"),
    ("transposed=False", "transposed=None", "None is as false"),
    ("output_padding=0, transposed", "output_padding=1, transposed", "each transposed call gives its own"),
    (r"k.reshape\(1, 1, -1", r"k.reshape\(1, -1", "it is reshaped once more on the next line"),
    ('order="C"', 'order="c"', "NumPy reads both"),
]


def told(*words):
    return subprocess.run([*MUTMUT, *words], capture_output=True, text=True, check=True).stdout


def changed(name):
    """Return the lines that a change takes away and the ones it puts there."""
    lines = told("show", name).splitlines()
    return [[line[1:].strip() for line in lines if re.match(rf"\{sign}[^{sign}]", line)] for sign in "-+"]


def reason(name):
    """Return why a change makes no difference, or None."""
    before, after = changed(name)
    fits = (
        why for was, now, why in SAME if re.search(was, " ".join(before)) and re.search(now, " ".join(after))
    )
    return next(fits, None)


def main():
    subprocess.run([*MUTMUT, "run", *sys.argv[1:]], check=True)
    results = re.findall(r"(\S+): ([a-z ]+)$", told("results", "--all", "true"), re.MULTILINE)
    print(Counter(status for _, status in results))
    alive = [name for name, status in results if status not in (*NOTICED, "not checked")]
    reasons = {name: reason(name) for name in alive}
    print(Counter(filter(None, reasons.values())))
    unexplained = [name for name, why in reasons.items() if why is None]
    for name in unexplained:
        print(name, *changed(name), sep="\n    ")
    sys.exit(f"{len(unexplained)} changes are noticed by no test and have no reason" if unexplained else 0)


if __name__ == "__main__":
    main()
