"""The README's picture is that of its first example."""

import re
from pathlib import Path
from xml.etree import ElementTree

from tconv_helpers.figures.moving import moving_scatter

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
STORED = (ROOT / ".github/scatter.svg").read_text(encoding="utf-8")


def test_what_is_stored_is_drawn_from_the_first_example():
    first = re.search(r"x, k = (\[.*?\]), (\[.*?\])\n>>> conv_transpose\(x, k, stride=(\d)\)", README)
    x, k = ([int(each) for each in values.strip("[]").split(",")] for values in first.groups()[:2])
    assert moving_scatter(x, k, stride=int(first[3])) == STORED


def test_it_says_what_the_readme_says_of_it():
    alt, path = re.search(r"!\[(.*?)\]\((.*?)\)", README).groups()
    svg = ElementTree.fromstring(STORED)
    assert path == ".github/scatter.svg" and svg.find("{*}title").text == alt


def test_it_fetches_nothing_and_keeps_still_where_that_is_asked_for():
    assert not re.search(r"href|url\(|@import|<script", STORED)
    assert "prefers-reduced-motion" in STORED


def test_it_begins_with_the_whole_and_its_paper_follows_the_page():
    style = ElementTree.fromstring(STORED).find("{*}style").text
    steps = re.findall(r"@keyframes step\d \{ 0%, ([\d.]+)% \{ opacity: (\d); transform: none \}", style)
    assert len(steps) == 5 and all((float(until) > 20, seen) == (True, "1") for until, seen in steps)
    assert re.search(r"@media \(prefers-color-scheme: dark\) \{ \.paper \{ fill: #1", style)
    assert set(re.findall('class="(name|rule|paper)"', STORED)) == {"name", "rule", "paper"}
