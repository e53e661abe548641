"""The browser edition: seconds from the link to the first answer of a cell, and megabytes, cold and warm.

Run as ``PYODIDE=folder python benchmarks/lite.py`` with the Pyodide that `make test-lite` gets; it is served
from loopback, so the seconds are the browser's own. Warm is the same reader's next visit.
"""

import json
import os
import sys
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.extend(str(Path(__file__).parents[1] / part) for part in ("lite", "tests/browser", "tests/helpers"))
from conftest import CHROMIUM, FLAGS
from make import build

VISITORS = 3
PAGES = ["00_start_here", "01_convolution", "04_transposed_convolution"]
READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
CODE = "from tconv_helpers import conv; conv([1, 2], [1])"
ANSWER = """async (code) => {
    const { session } = jupyterapp.shell.currentWidget.sessionContext;
    await session.kernel.requestExecute({ code }).done;
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def visit(context, url):
    """Return seconds until a cell has answered, and megabytes that came over the wire."""
    page, sizes = context.new_page(), []
    context.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_function(READY, timeout=0)
    page.evaluate(ANSWER, CODE)
    seconds = time.perf_counter() - start
    page.close()
    return seconds, sum(sizes) / 1e6


def main():
    pyodide = os.environ.get("PYODIDE")
    if not pyodide:
        print("benchmarks/lite.py needs PYODIDE=folder, see `make test-lite`: left out")
        return
    table = Table("page", "cold", "MB, uncompressed", "warm", title="seconds to a cell's answer")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(Path(folder, "lite"), Path(folder, "source"), pyodide)
        settings = Path(folder, "lite/jupyter-lite.json")
        exposed = json.loads(settings.read_text("utf-8"))
        exposed["jupyter-config-data"]["exposeAppInBrowser"] = True
        settings.write_text(json.dumps(exposed), "utf-8")
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in PAGES:
            url = f"http://127.0.0.1:{server.server_port}/lite/lab/index.html?path={name}.ipynb"
            rows = []
            for _ in range(VISITORS):
                with browser.new_context() as context:
                    rows.append([*visit(context, url), visit(context, url)[0]])
            cold, megabytes, warm = map(median, zip(*rows, strict=True))
            table.add_row(name, f"{cold:.1f}", f"{megabytes:.1f}", f"{warm:.1f}")
        server.shutdown()
    Console().print(table)


if __name__ == "__main__":
    main()
