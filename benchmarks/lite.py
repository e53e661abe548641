"""The browser edition: seconds from the link to the first answer of a cell, and megabytes, cold and warm.

Megabytes are those that came, and what a host sends that packs text and WebAssembly with gzip, as most do.
Run as ``PYODIDE=folder python benchmarks/lite.py`` with the Pyodide that `make test-lite` gets; it is served
from loopback, so the seconds are the browser's own. Warm is the same reader's next visit.
"""

import gzip
import os
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.extend(str(Path(__file__).parents[1] / part) for part in ("tests/browser", "tests/helpers"))
from conftest import CHROMIUM, FLAGS
from loopback import served_edition

VISITORS = 3
PAGES = ["00_start_here", "01_convolution", "04_transposed_convolution"]
READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
PACKED = {".css", ".html", ".ipynb", ".js", ".json", ".map", ".svg", ".wasm"}
CODE = "from tconv_helpers import conv; conv([1, 2], [1])"
ANSWER = """async (code) => {
    const { session } = jupyterapp.shell.currentWidget.sessionContext;
    await session.kernel.requestExecute({ code }).done;
}"""


def visit(context, url):
    """Return seconds until a cell has answered, and the paths of the files that came over the wire."""
    page, paths = context.new_page(), []
    context.on("response", lambda answer: paths.append(unquote(urlsplit(answer.url).path).strip("/")))
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_function(READY, timeout=0)
    page.evaluate(ANSWER, CODE)
    seconds = time.perf_counter() - start
    page.close()
    return seconds, list(paths)  # what comes later is of the next visit


def megabytes(files):
    """Return the megabytes of files as they are, and as most hosts send them."""
    files = [file for file in files if file.is_file()]
    plain = sum(file.stat().st_size for file in files)
    packed = sum(len(gzip.compress(file.read_bytes())) for file in files if file.suffix in PACKED)
    rest = sum(file.stat().st_size for file in files if file.suffix not in PACKED)
    return plain / 1e6, (packed + rest) / 1e6


def main():
    pyodide = os.environ.get("PYODIDE")
    if not pyodide:
        print("benchmarks/lite.py needs PYODIDE=folder, see `make test-lite`: left out")
        return
    table = Table("page", "cold", "warm", "MB", "MB, packed", title="seconds to a cell's answer")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served_edition(Path(folder), pyodide) as address:
            for name in PAGES:
                rows = []
                for _ in range(VISITORS):
                    with browser.new_context() as context:
                        visits = [visit(context, f"{address}/lab/index.html?path={name}.ipynb") for _ in "12"]
                        (cold, paths), (warm, _) = visits
                        rows.append([cold, warm, *megabytes(Path(folder, path) for path in paths)])
                table.add_row(name, *(f"{median(each):.1f}" for each in zip(*rows, strict=True)))
    Console().print(table)


if __name__ == "__main__":
    main()
