"""Wait for a JupyterLab that a test has started."""

import json
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from waiting import LONG, wait_until


def address(server, runtime, log, token=""):
    """Return the address of a server once it answers: it says in its own file which port it took.

    server : its process, or make's. runtime : its JUPYTER_RUNTIME_DIR and no other's. log : what it said.
    token : which no other server takes: Jupyter chooses a port seconds before it listens there; if another
    one has taken it in between, that answers.
    """

    def answering():
        assert server.poll() is None, f"JupyterLab must start: it said {Path(log).read_text()[-2000:]}"
        for file in Path(runtime).glob("jpserver-*.json"):
            said = file.read_text()
            if said.rstrip().endswith("}") and answers(url := json.loads(said)["url"], token):
                return url

    return wait_until(answering)


def answers(url, token):
    """Return whether the server listens there yet: it writes its file before it does."""
    try:
        urlopen(f"{url}api/status?token={token}", timeout=LONG).close()
    except URLError:
        return False
    return True
