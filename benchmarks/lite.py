"""The browser edition: seconds from the link to the first answer of a cell, and megabytes, cold and warm.

Run as ``PYODIDE=folder python benchmarks/lite.py`` with the Pyodide that `make test-lite` gets; it is served
from loopback, so the seconds are the browser's own. Warm is the same reader's next visit.
"""

import os
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.extend(str(Path(__file__).parents[1] / part) for part in ("tests/browser", "tests/helpers"))
from conftest import CHROMIUM, FLAGS
from loopback import served_edition

VISITORS = 3
PAGES = ["00_start_here", "01_convolution", "04_transposed_convolution"]
READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
CODE = "from tconv_helpers import conv; conv([1, 2], [1])"
ANSWER = """async (code) => {
    const { session } = jupyterapp.shell.currentWidget.sessionContext;
    await session.kernel.requestExecute({ code }).done;
}"""


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
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served_edition(Path(folder), pyodide) as address:
            for name in PAGES:
                rows = []
                for _ in range(VISITORS):
                    with browser.new_context() as context:
                        visits = [visit(context, f"{address}/lab/index.html?path={name}.ipynb") for _ in "12"]
                        (cold, megabytes), (warm, _) = visits
                        rows.append([cold, megabytes, warm])
                table.add_row(name, *(f"{median(each):.1f}" for each in zip(*rows, strict=True)))
    Console().print(table)


if __name__ == "__main__":
    main()
