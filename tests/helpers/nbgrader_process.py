"""Run several commands of nbgrader in one process, since it takes seconds to import.

Each line that it reads is JSON, a folder and the words of a command: ["/class", ["validate", "a.ipynb"]]. It
prints such a line, too: the exit code, and all that was said.
"""

import io
import json
import os
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
    for line in sys.stdin:
        folder, words = json.loads(line)
        os.chdir(folder)
        print(json.dumps(run(words)), file=sys.__stdout__, flush=True)
