"""From `tconv lab notebooks` to the first explorer that moves, in seconds: this checkout beside another.

Each is started in turn, all in one run; the first start of each, which compiles Python and fills the
browser's cache, is left out. Where a page is not trusted, its explorer is words until its cells have run, so
they are run. Run as ``python benchmarks/first_hour.py /path/to/another/checkout``.
"""

import shutil
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.extend(str(Path(__file__).parents[1] / f"tests/{folder}") for folder in ("browser", "helpers"))
from conftest import CHROMIUM, FLAGS, READY, ROOT, jupyterlab

STARTS = 5
NAME, EXPLORER = "00_start_here.ipynb", ".tconv-explorer"
RUN = READY + '.then(() => jupyterapp.commands.execute("notebook:run-all-cells"))'
MOVED = "before => document.querySelector('.tconv-explorer .message').innerText !== before"
STEPS = ["server answers", "page is there", "explorer is there", "explorer moves"]


def seconds(checkout, page):
    """Return when each of the STEPS was reached, counted from the command."""
    start, times = time.perf_counter(), []

    def reached():
        times.append(time.perf_counter() - start)

    with jupyterlab(checkout / "notebooks", root=checkout) as lab:
        reached()
        page.goto(f"{lab.url}lab/tree/{NAME}?token={lab.token}")
        page.locator(".jp-Notebook .jp-MarkdownCell").first.wait_for()
        reached()
        page.locator(f"{EXPLORER}, .jp-OutputArea-output:has-text('TransposedExplorer: ')").first.wait_for()
        if not page.locator(EXPLORER).count():
            page.evaluate(RUN)
        message = page.locator(f"{EXPLORER} .message")
        before = message.inner_text()
        reached()
        page.locator(EXPLORER).get_by_role("slider").first.press("Home")
        page.wait_for_function(MOVED, arg=before)
        reached()
        page.goto("about:blank")
    return times


def main():
    checkouts = [ROOT, *map(Path, sys.argv[1:])]
    rows = {checkout: [] for checkout in checkouts}
    with TemporaryDirectory(prefix="lab") as folder, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS).new_page()
        for checkout in checkouts:
            copy = Path(folder, str(len(list(Path(folder).iterdir()))))
            for part in ("notebooks", "tconv_helpers"):
                ignore = shutil.ignore_patterns("__pycache__", ".*")
                shutil.copytree(checkout / part, copy / part, ignore=ignore)
            rows[checkout].append(copy)
        for start in range(STARTS + 1):
            for checkout, (copy, *_) in rows.items():
                times = seconds(copy, page)
                if start:
                    rows[checkout].append(times)
    table = Table("seconds until", *map(str, checkouts), title=f"median of {STARTS} starts")
    for step, name in enumerate(STEPS):
        table.add_row(name, *(f"{median(each[step] for each in times):.1f}" for _, *times in rows.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
