"""Run several commands of nbgrader in one process, since it takes seconds to import.

    python nbgrader_process.py '[["generate_assignment", "course"], ["validate", "a.ipynb"]]'

Prints a line of JSON for each command: its exit code and all that it said.
"""

import io
import json
import sys
import traceback

SAID = sys.stdout = sys.stderr = io.StringIO()  # before nbgrader is imported, which keeps what it finds
from nbgrader.apps.nbgraderapp import NbGraderApp  # noqa: E402
from traitlets.config import Application  # noqa: E402


def run(words):
    """Return (exit code, output) of a command, run as `nbgrader WORDS` would run it."""
    code = 0
    SAID.truncate(SAID.seek(0))
    try:
        NbGraderApp.launch_instance(words)
    except SystemExit as end:
        code = end.code or 0
    except Exception:
        traceback.print_exc()
        code = 1
    Application.instance().clear_instance()  # each command is an application, of which a process has one
    return code, SAID.getvalue()


if __name__ == "__main__":
    for words in json.loads(sys.argv[1]):
        print(json.dumps(run(words)), file=sys.__stdout__, flush=True)
