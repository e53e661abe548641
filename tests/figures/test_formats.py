"""A page gets all of a figure, in the page's own ink, and a PNG where HTML is stripped."""

import re
from base64 import b64encode
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import pytest
from read_figures import outside, touched

from tconv_helpers import (
    draw_class,
    draw_conv,
    draw_crop,
    draw_grid,
    draw_images,
    draw_links,
    draw_matrix,
    draw_phases,
    draw_scatter,
    draw_scores,
    draw_signals,
    draw_spectra,
    draw_spectrum,
    draw_views,
    draw_zero_insertion,
)

BOOKS = sorted(Path(__file__).parents[2].joinpath("notebooks").glob("*.ipynb"))
LONG = "a name that is longer than what it stands beside or above"
MANY = np.arange(1, 13)
EXTREME = {  # one entry, numbers that are long, rows that are many, names that are long
    "conv": lambda: draw_conv([1], [1]),
    "conv, long": lambda: draw_conv(1000.25 * MANY[:8], -100.5 * MANY[:7]),
    "links": lambda: draw_links(1, 1),
    "links, many": lambda: draw_links(20, 9, u=10),
    "scatter": lambda: draw_scatter([1], [1]),
    "scatter, many": lambda: draw_scatter(1234.5 * MANY, MANY, stride=2, padding=2),
    "zeros": lambda: draw_zero_insertion([1], [1]),
    "zeros, many": lambda: draw_zero_insertion(MANY, MANY[:5], stride=3, i=9),
    "crop": lambda: draw_crop([1], [1], paddings=(0,)),
    "crop, many": lambda: draw_crop(MANY, MANY[:4], stride=3, paddings=range(4), output_paddings=(0, 1, 2)),
    "phases": lambda: draw_phases([1], 1),
    "phases, many": lambda: draw_phases(MANY, 5),
    "matrix": lambda: draw_matrix([[1]]),
    "matrix, many": lambda: draw_matrix(-100.25 * np.outer(MANY, MANY), title="(A^T A)^{-1} A^T"),
    "matrix, title": lambda: draw_matrix([[1]], title="(A^T A)^{-1} A^T"),
    "images": lambda: draw_images(x=[[1]]),
    "images, names": lambda: draw_images(**{LONG: [[1]], LONG + " again": [[-1234.5]]}),
    "images, framed": lambda: draw_images(x=np.ones((2, 2)), framed={"x": (1, 1, 2, 2)}),
    "views": lambda: draw_views([1], [1]),
    "views, many": lambda: draw_views(-100.25 * MANY, 1000 * MANY[:4], stride=2, u=len(MANY)),
    "images, many": lambda: draw_images(**{f"output {j}": np.outer(MANY, MANY) for j in range(5)}),
    "images, shades": lambda: draw_images(numbers=False, y=np.outer(MANY, MANY), k=[[1]]),
    "grid": lambda: draw_grid([np.zeros((1, 1))], "One."),
    "grid, names": lambda: draw_grid(
        np.ones((4, 5, 5), int), "Dark.", columns=2, top=[LONG] * 2, left=[LONG] * 2
    ),
    "signals": lambda: draw_signals(x=[1]),
    "signals, many": lambda: draw_signals(**{f"{LONG} {j}": 1e6 * MANY for j in range(8)}),
    "spectra": lambda: draw_spectra(x=[0]),
    "spectra, many": lambda: draw_spectra(**{f"{LONG} {j}": 1e6 * MANY for j in range(5)}),
    "spectrum": lambda: draw_spectrum([1], 1),
    "spectrum, many": lambda: draw_spectrum([1000, -2000, 1000], 200),
    "scores": lambda: draw_scores("One.", a={"recall": 1}),
    "scores, many": lambda: draw_scores("Many.", **{LONG * j: {LONG: 10.0**j, "b": 1} for j in range(1, 4)}),
    "class": lambda: draw_class({}, {}, of=1),
    "class, many": lambda: draw_class({9: 30, 4.5: 1000}, {LONG: {f"{LONG} {j}": 9 for j in range(4)}}, of=9),
}


@pytest.mark.parametrize("draw", EXTREME.values(), ids=EXTREME)
def test_no_ink_touches_the_border(draw):
    data, _ = draw()._repr_mimebundle_()
    assert touched(data["image/png"]) == []
    assert outside(data["text/html"]) == []


def test_a_file_holds_all_of_a_figure():
    EXTREME["class, many"]().savefig(picture := BytesIO(), dpi=144)
    assert touched(b64encode(picture.getvalue())) == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
def test_no_ink_touches_the_border_of_a_notebooks_figure(path):
    cells = nbformat.read(path, 4).cells
    for at, cell in enumerate(cells):
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            for png in re.findall(r'<img[^>]* src="data:image/png;base64,([^"]*)"', html):
                assert touched(png) == [], f"cell {at}: {cell.source}"
            if "<svg" in html:
                assert outside(html) == [], f"cell {at}: {cell.source}"


@pytest.fixture(scope="module")
def shown():
    return {name: EXTREME[name]()._repr_mimebundle_() for name in ("scatter", "images", "grid, names")}


def test_a_figure_says_its_words_and_is_the_same_each_time(shown):
    for name, (data, metadata) in shown.items():
        assert list(data) == ["text/plain", "text/html", "image/png"]
        assert data["text/plain"] == EXTREME[name]().alt
        said = re.findall(r'<svg role="img" aria-label="([^"]*)"', data["text/html"])
        assert [unescape(words) for words in said] == [data["text/plain"]]
        assert f'width="{metadata["image/png"]["width"]}"' in data["text/html"]
        assert EXTREME[name]()._repr_mimebundle_() == (data, metadata)


class Stripped(HTMLParser):
    """A page without the tags of SVG, as sanitizers leave it: what stands between them stays."""

    def __init__(self, html):
        super().__init__()
        self.left = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag not in ("svg", "desc", "path", "image"):
            self.left.append((tag, dict(attributes)))

    def handle_data(self, data):
        if data.strip():
            self.left.append(data)


def test_where_svg_is_stripped_the_described_png_is_left(shown):
    for data, metadata in shown.values():
        png = {"src": f"data:image/png;base64,{data['image/png']}", "alt": data["text/plain"]}
        assert Stripped(data["text/html"]).left == [
            ("img", png | {"width": str(metadata["image/png"]["width"])})
        ]


def test_ink_is_the_pages_and_numbers_on_marks_are_dark(shown):
    paths = re.findall(r"<path[^>]*>", shown["scatter"][0]["text/html"])
    fills = [re.search(r' fill="([^"]*)"', path)[1] for path in paths]
    assert fills.count("currentColor") == 1  # the letter y
    assert fills.count("#222222") == 3  # on the sample, the entry and the output
    assert not {"#000000", "#ffffff"} & set(fills)
    assert len(set(fills)) == 2 + 3 + 1  # both inks, the three colours, and none for the lines
    strokes = [re.search(r' stroke="([^"]*)"', path) for path in paths]
    assert {stroke[1] for stroke in strokes if stroke} == {"#222222", "currentColor"}


def test_nothing_in_a_figure_can_be_stripped_or_meet_another_of_its_page(shown):
    for data, _ in shown.values():
        names = set(re.findall(r"<(\w+)", data["text/html"]))
        assert names <= {"svg", "desc", "img", "path", "image"}
        assert not re.search(r'\b(id|class|href="#|on\w+)=|url\(', data["text/html"])


def test_an_image_keeps_its_pixels():
    html = draw_grid([np.array([[0, 255], [255, 0]])], "Two by two.")._repr_mimebundle_()[0]["text/html"]
    (image,) = re.findall(r"<image[^>]*>", html)
    assert 'image-rendering="pixelated"' in image
    assert touched(re.search(r'base64,([^"]*)', image)[1]) == ["top", "bottom", "left", "right"]
