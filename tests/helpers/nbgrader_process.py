"""Run several commands of nbgrader in one process, since it takes seconds to import.

    python nbgrader_process.py '[["generate_assignment", "course"], ["validate", "a.ipynb"]]'

Prints a line of JSON for each command: its exit code and all that it said.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

from nbgrader.apps.nbgraderapp import NbGraderApp
from traitlets.config import Application


def run(words):
    """Return (exit code, output) of a command, run as `nbgrader WORDS` would run it."""
    code, said = 0, io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            NbGraderApp.launch_instance(words)
        except SystemExit as end:
            code = end.code or 0
    Application.instance().clear_instance()  # each command is an application, of which a process has one
    return code, said.getvalue()


if __name__ == "__main__":
    for words in json.loads(sys.argv[1]):
        print(json.dumps(run(words)), flush=True)
