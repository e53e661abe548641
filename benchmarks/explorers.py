"""Key press to changed pixels in JupyterLab: the explorers beside ``interact`` with ``plt.show``, in one run.

The time runs from the keydown event to the first animation frame at which the picture is another one than
before; the frame is requested until then, and nothing else is asked of the page meanwhile. Screens show a
frame every 16.7 ms. Run as ``python benchmarks/explorers.py``.
"""

import sys
import time
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/helpers"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests/browser"))
from conftest import CHROMIUM, FLAGS, jupyterlab

MOVES, WARM_UP = 48, 8
BETWEEN = 0.3  # seconds from one key to the next: the slowest picture has come by then
EXPLORER = "from tconv_helpers import {0}; {0}()"
INTERACT = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact
from tconv_helpers import conv_transpose
def show(stride):
    plt.stem(conv_transpose([1, 2, 3], [1, 2, 3], stride=stride))
    plt.show()
interact(show, stride=(1, 3));"""
# What is moved, and what of the picture changes with it
CASES = {
    "TransposedExplorer, stride": (
        EXPLORER.format("TransposedExplorer"),
        "[aria-label=stride]",
        ".tconv-explorer svg",
    ),
    "BackwardExplorer, u": (EXPLORER.format("BackwardExplorer"), "[aria-label=u]", ".tconv-explorer svg"),
    "StampExplorer, stride": (
        EXPLORER.format("StampExplorer"),
        "[aria-label=stride]",
        ".tconv-explorer svg",
    ),
    "ToeplitzExplorer, kernel size": (
        EXPLORER.format("ToeplitzExplorer"),
        "[aria-label='kernel size']",
        ".tconv-explorer svg",
    ),
    "ToeplitzExplorer, k": (EXPLORER.format("ToeplitzExplorer"), "[aria-label='k 2']", ".tconv-explorer svg"),
    "CheckerboardExplorer, stride": (
        EXPLORER.format("CheckerboardExplorer"),
        "[aria-label=stride]",
        ".tconv-explorer svg",
    ),
    "LatentExplorer, turn": (
        EXPLORER.format("LatentExplorer"),
        "[aria-label=turn]",
        ".tconv-explorer .small canvas",
    ),
    "interact + plt.show, stride": (INTERACT, ".noUi-handle", ".jp-OutputArea img"),
}

WATCH = """([control, picture]) => {
    const now = () => {
        const element = document.querySelector(picture);
        return element && (element.toDataURL?.() ?? element.src ?? element.innerHTML);
    };
    window.times = [];
    let before = now();
    const moved = document.querySelector(control);
    moved.setAttribute("data-lm-suppress-shortcuts", "true"); // interact's own lacks it
    moved.addEventListener("keydown", (event) => {
        const look = () => {
            const after = now();
            if (!after || after === before) return requestAnimationFrame(look);
            window.times.push(performance.now() - event.timeStamp);
            before = after;
        };
        requestAnimationFrame(look);
    }, { capture: true });
}"""


def latencies(lab, page, name, source, control, picture):
    """Milliseconds of each move: the control goes up and down again."""
    lab.open(page, lab.write(f"{name.split(',')[0].split()[0]}.ipynb", source))
    lab.run(page)
    page.locator(picture).first.wait_for()
    page.evaluate(WATCH, [control, picture])
    page.locator(control).focus()
    for move in range(MOVES + WARM_UP):
        page.keyboard.press("ArrowUp" if move % 2 else "ArrowDown")
        time.sleep(BETWEEN)
    times = page.evaluate("window.times")
    assert len(times) == MOVES + WARM_UP, f"{name} must change at each key: it did at {len(times)}"
    return times[WARM_UP:]


def main():
    table = Table("moved", "median ms", "p95 ms", title=f"key press to changed pixels, {MOVES} moves each")
    with (
        TemporaryDirectory(prefix="lab") as folder,
        jupyterlab(folder) as lab,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        for name, case in CASES.items():
            times = latencies(lab, page, name, *case)
            table.add_row(name, f"{median(times):.1f}", f"{quantiles(times, n=20)[-1]:.1f}")
        browser.close()
    Console().print(table)


if __name__ == "__main__":
    main()
