"""Frames a second of the generator that runs in the page, the browser on one core.

    python benchmarks/generator_page.py

z turns by one degree a frame, and each frame draws the ten classes and all maps of one of them; a frame ends
where the next may begin. A browser shows no more than the screen, here 60 a second, so the time that a frame
needs is told as well.

Measured with CHROMIUM=/usr/bin/chromium on one core of a shared 2-core machine, on which other work went on:
34 to 37 frames a second, 17 to 18 ms to draw one.
"""

import os
import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/helpers"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests/browser"))
from conftest import CHROMIUM, FLAGS

from tconv_helpers import LatentExplorer
from tconv_helpers.explore.alone import page as page_of

FRAMES, WARM_UP, TARGET = 300, 60, 30

TURN = """async (frames) => {
    const slider = document.querySelector("[aria-label=turn]");
    slider.step = 1;
    const next = () => new Promise((done) => requestAnimationFrame(done));
    const [ends, busy] = [[], []];
    for (let frame = 0; frame < frames; frame++) {
        await next();
        const start = performance.now();
        slider.value = frame % 360;
        slider.dispatchEvent(new Event("input"));
        busy.push(performance.now() - start);
        ends.push(start);
    }
    return [ends, busy];
}"""


def main():
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])  # the browser's processes have it from here
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder, "latent.html")
        file.write_text(page_of(LatentExplorer(), "Latent space", "latent"), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(file.as_uri())
        page.locator(".tconv-explorer").wait_for()
        starts, busy = (times[WARM_UP:] for times in page.evaluate(TURN, FRAMES + WARM_UP))
        browser.close()
    rate = 1000 * (len(starts) - 1) / (starts[-1] - starts[0])
    slow = quantiles(busy, n=20)[-1]
    print(f"{rate:.1f} frames a second; drawing one takes {median(busy):.1f} ms (95 in 100: {slow:.1f} ms)")
    raise SystemExit(rate < TARGET)


if __name__ == "__main__":
    main()
