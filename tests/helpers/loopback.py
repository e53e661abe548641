"""A folder served on loopback, the browser edition in one, and how a reader comes to what is below."""

import json
import runpy
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from waiting import LONG

LITE = Path(__file__).parents[2] / "lite"
COME = """(place) => {
    place.scrollIntoView({ behavior: "instant" });
    const { top, bottom } = place.getBoundingClientRect();
    return place.shadowRoot && top < innerHeight && bottom > 0;
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def come_to(place):
    """Scroll to an explorer as a reader does: on and on, as what comes into sight moves what is below it."""
    place.page.wait_for_function(COME, arg=place.element_handle(), timeout=1000 * LONG)


@contextmanager
def served(folder):
    """Give the address of a folder, without a slash at its end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def served_edition(folder, pyodide):
    """Build the browser edition in a folder, with a Pyodide inside, and give its address.

    Its pages have ``jupyterapp``, which a published one has not.
    """
    sys.path.append(str(LITE))
    build = runpy.run_path(str(LITE / "make.py"))["build"]  # site/ has a make.py, too
    build(folder / "lite", folder / "source", pyodide)
    file = folder / "lite/jupyter-lite.json"
    settings = json.loads(file.read_text("utf-8"))
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    file.write_text(json.dumps(settings), encoding="utf-8")
    (folder / "favicon.ico").touch()  # which a browser asks of every host
    with served(folder) as address:
        yield f"{address}/lite"
