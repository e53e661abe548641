"""The joining of JavaScript files into one module, which a notebook can hold and no page has to fetch."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
DATA = re.compile(r'^import (\w+) from "([\w./]+\.json)" with \{ type: "json" \};\n', re.MULTILINE)

COMPACT = ",", ":"  # of JSON: no blanks


def esm(file):
    """Return the ES module of one file: itself after all that it imports, JSON as constants, no imports.

    What two files name stands side by side in it, so no two may give a name to two things.
    """
    return DATA.sub(constant, IMPORT.sub("", joined(*imported(file))))


def constant(found):
    """Return the line that names the JSON of an import found by ``DATA``."""
    name, file = found.groups()
    value = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    return f"const {name} = {json.dumps(value, ensure_ascii=False, separators=COMPACT)};\n"


def imported(file):
    """Return ``file`` and the files that it imports, each once, in the order in which they can be joined.

    >>> imported("plane.js")
    ['operator.js', 'plane.js']
    """
    needed = [each for name in IMPORT.findall(joined(file)) for each in imported(name)]
    return list(dict.fromkeys([*needed, file]))


def joined(*files):
    """Return the text of the files, one after the other."""
    parts = [(FOLDER / file).read_text(encoding="utf-8") for file in files]
    return "\n".join(parts)
