"""The web site: seconds to make it, and from opening a page to the answer of its first explorer to a key.

Run as ``python benchmarks/site.py``. Each page is opened from loopback by a browser that has kept nothing.
"""

import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.extend(str(Path(__file__).parents[1] / part) for part in ("site", "tests/browser", "tests/helpers"))
from conftest import CHROMIUM, FLAGS
from loopback import come_to, served
from make import build

OPENINGS = 5
PAGES = ["explorers/transposed", "explorers/shape", "explorers/latent", "notebooks/00_start_here"]
PAGES += ["notebooks/04_transposed_convolution", "notebooks/07_generator"]
MOVED = """before => new Promise((done) => {
    const look = () => {
        const place = [...document.querySelectorAll(".tconv-mount")].find((each) => message(each));
        return message(place) === before ? requestAnimationFrame(look) : done();
    };
    const message = (each) => each.shadowRoot?.querySelector(".tconv-explorer .message")?.innerText;
    look();
})"""


def seconds(browser, url):
    """Return when the first explorer was there, and when it had answered a key, from the opening on."""
    with browser.new_context() as context:
        page = context.new_page()
        start = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.wait_for_load_state("domcontentloaded")
        for heavy in page.locator(".tconv-mount[data-on-sight]").all():
            come_to(heavy)
        message = page.locator(".tconv-explorer .message").first
        before = message.inner_text()
        there = time.perf_counter() - start
        sliders = page.locator(".tconv-explorer").first.get_by_role("slider")
        sliders.first.press("End")
        if message.inner_text() == before:
            page.evaluate(MOVED, before)
        return there, time.perf_counter() - start


def main():
    table = Table("page", "explorer is there", "it answered a key")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        start = time.perf_counter()
        if build(Path(folder, "source"), Path(folder, "site")):
            sys.exit("the site must be made without a warning; see above")
        table.title = f"made in {time.perf_counter() - start:.1f} s"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(Path(folder, "site")) as address:
            for page in PAGES:
                rows = [seconds(browser, f"{address}/{page}.html") for _ in range(OPENINGS)]
                table.add_row(page, *(f"{median(times):.2f} s" for times in zip(*rows, strict=True)))
    Console().print(table)


if __name__ == "__main__":
    main()
