"""The web site: built without a warning, whole, alone, light, readable by all, and without a solution."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import loopback
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from loopback import come_to
from playwright.sync_api import expect
from waiting import LONG, eventually

import tconv_helpers
from tconv_helpers.cli import explorers
from tconv_helpers.exercises.edition import leaks, solution_lines

from .conftest import VIEWPORT, Tab
from .test_explorers_in_lab import AXE

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "site"))
PHONE = {"width": 360, "height": 740}
PAPER = {"width": 794, "height": 1123}  # A4, in pixels
SLIDE = [1100, 760]
MOST_BYTES = 160_000  # of a page without its figures, and without what it loads on sight; 144,089 at most
MOST_NUMBERS = 750_000  # of a generator, which an explorer loads on sight
EXPLORERS = {name: type(make()) for name, (make, _) in explorers().items()}
TEXT = {".html", ".js", ".css", ".svg", ".json", ".xml", ".txt", ".inv", ".md", ".ipynb"}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site, built for this run."""
    from make import build

    folder = tmp_path_factory.mktemp("site")
    assert build(folder / "source", folder / "site") == 0
    return folder / "site"


@pytest.fixture(scope="session")
def soups(site):
    return {
        path: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in sorted(site.rglob("*.html"))
    }


def test_every_link_and_anchor_leads_somewhere(site, soups):
    anchors = {path: {each["id"] for each in soup.select("[id]")} for path, soup in soups.items()}
    checked = 0
    for path, soup in soups.items():
        for name, value in [(n, each[n]) for n in ("href", "src") for each in soup.select(f"[{n}]")]:
            if urlsplit(value).scheme or value == "#":
                continue
            address, anchor = urldefrag(urljoin(path.as_uri(), value))
            target = Path(unquote(urlsplit(address).path))
            assert target.is_relative_to(site) and target.is_file(), f"{path.name}: {value}"
            if anchor and name == "href" and target in anchors and "embed" not in target.parts:
                assert {unquote(anchor)} <= anchors[target] | {""}, f"{path.name}: {value}"
            checked += 1
    assert checked > 1000


def test_nothing_is_loaded_from_elsewhere(soups):
    for path, soup in soups.items():
        outside = [each for each in soup.select("[src]") if urlsplit(each["src"]).scheme not in ("", "data")]
        sheets = [each for each in soup.select("link[href]") if urlsplit(each["href"]).scheme]
        assert outside == [], path.name
        assert {each["rel"][0] for each in sheets} <= {"canonical"}, path.name


def test_no_line_of_a_solution_is_in_it_or_on_slides(site, decks):
    books = [json.loads(path.read_text("utf-8")) for path in (ROOT / "notebooks").glob("*.ipynb")]
    secrets = [line for book in books for line in solution_lines(book)]
    assert len(secrets) > 100
    files = [path for folder in (site, decks) for path in folder.rglob("*") if path.suffix in TEXT]
    assert len(files) > 100
    for path in files:
        text = path.read_text("utf-8", errors="replace")
        for seen in (text, BeautifulSoup(text, "html.parser").get_text() if path.suffix == ".html" else ""):
            assert leaks(seen, secrets) == [], path.name


def test_every_page_says_what_it_is(soups):
    for path, soup in soups.items():
        if path.name in ("search.html", "genindex.html", "404.html") or "embed" in path.parts:
            continue
        assert soup.title.text.strip(), path.name
        for wanted in ('meta[name="description"]', 'meta[property="og:image"]', 'link[rel="canonical"]'):
            assert soup.select_one(wanted), f"{path.name} has no {wanted}"


def test_it_holds_every_question_every_explorer_and_every_public_name(site, soups):
    headings = re.compile(r'"(##+ (?!Exercise ).*\?)(?:\\n)?"')
    asked = [
        h for path in (ROOT / "notebooks").glob("*.ipynb") for h in headings.findall(path.read_text("utf-8"))
    ]
    assert len(soups[site / "questions.html"].select("article li a")) == len(asked) > 15
    for name in EXPLORERS:
        assert soups[site / f"explorers/{name}.html"].select_one(".tconv-mount")
        assert f"embed/{name}.html" in soups[site / f"explorers/{name}.html"].text
    documented = {
        each["id"]
        for path, soup in soups.items()
        if "library" in path.parts
        for each in soup.select("dt[id]")
    }
    assert {f"tconv_helpers.{name}" for name in tconv_helpers.__all__} <= documented


def test_the_first_pages_lines_give_what_stands_beside_them():
    code = re.search(r"```python\n(.*?)```", (ROOT / "site/index.md").read_text("utf-8"), re.DOTALL)[1]
    *lines, (last, said) = *code.splitlines()[:-1], code.splitlines()[-1].split("  # ")
    names = {}
    exec("\n".join(lines), names)
    assert repr(eval(last, names)) == said


def test_mathematics_is_drawn_by_the_browser(soups):
    pages = [soup for path, soup in soups.items() if "notebooks" in path.parts]
    assert len(pages) == 9
    assert sum(len(soup.select("math")) for soup in pages) > 500
    for soup in pages:
        assert not [each for each in soup.select("math") if "\\" in each.text]


def test_formulas_have_their_numbers_beside_them_and_all_their_signs_in_the_font(site, soups):
    """A number in a formula is cut off with it on a phone; what the font has not, another gives."""
    pages = [soup for path, soup in soups.items() if "notebooks" in path.parts]
    numbers = [each.text for soup in pages for each in soup.select("div.math > math + span")]
    assert len(numbers) > 15 and all(re.fullmatch(r"\(Eq\.\s\d+\)", number) for number in numbers)
    signs = {sign for soup in soups.values() for each in soup.select("math") for sign in each.text}
    assert "(Eq." not in "".join(each.text for soup in pages for each in soup.select("math"))
    known = TTFont(site / "_static/math.woff").getBestCmap()
    assert {sign for sign in signs if sign.strip() and ord(sign) not in known} == set()


def test_parameters_are_told_by_name_and_the_course_is_cited_as_bibtex(site, soups):
    names = {each.text for each in soups[site / "library/figures.html"].select("dd > p > strong")}
    assert {"scores:", "misconceptions:", "of:", "most:", "n, m:", "x:", "k:"} <= names
    assert "@misc{tconv," in soups[site / "cite.html"].text


def test_links_of_explorers_are_states_of_them(soups):
    """Its class reads what follows # in a link to an explorer alone, and refuses what is no state."""
    links = [each["href"] for soup in soups.values() for each in soup.select('a[href*="embed/"]')]
    states = [link for link in links if "#" in link]
    assert len(states) > 10
    for link in states:
        EXPLORERS[Path(urlsplit(link).path).stem].from_link(link)


# In a browser


@pytest.fixture(scope="session")
def served(site):
    """The address of the site on loopback."""
    with loopback.served(site) as address:
        yield address


@pytest.fixture
def tab(browser):
    """A page that tells no error and asks no other host."""
    tab = Tab(browser)
    yield tab
    tab.page.close()
    tab.check()


def see(page, url):
    """Open a page of the site, and wait until each explorer and quiz on it is drawn."""
    page.goto(url)
    mounts = page.locator(".tconv-mount")
    for heavy in page.locator(".tconv-mount[data-on-sight]").all():
        come_to(heavy)
    drawn = page.locator(".tconv-mount :is(.tconv-explorer, .tconv-quiz)")
    expect(drawn).to_have_count(mounts.count(), timeout=1000 * LONG)
    return mounts.count()


def pages_of(site):
    return [str(path.relative_to(site)) for path in sorted(site.rglob("*.html")) if "embed" not in path.parts]


def test_every_page_is_light_fits_a_phone_and_axe_finds_nothing(site, served, tab):
    """Its weight is that of all files that it asks for but those loaded on sight, as hosts send them."""
    files = {}
    tab.page.on("response", lambda response: asked_for(response.url, files))
    for name in pages_of(site):
        files[name] = set()
        tab.page.set_viewport_size(PHONE)
        see(tab.page, f"{served}/{name}")
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        assert tab.page.evaluate(CUT_OFF) == [], name
        tab.page.set_viewport_size(VIEWPORT)
        tab.page.evaluate(AXE.read_text())
        assert found_by_axe(tab.page, {"resultTypes": ["violations"]}) == [], name
        tab.page.emulate_media(color_scheme="dark")
        assert found_by_axe(tab.page, {"runOnly": ["color-contrast"]}) == [], name
        tab.page.emulate_media(color_scheme="light")
    weights = {name: sum(sent(site / path) for path in paths) for name, paths in files.items()}
    assert {name: weight for name, weight in weights.items() if weight > MOST_BYTES} == {}
    assert max(weights.values()) > MOST_BYTES / 2


def asked_for(url, files):
    """Add a file of the site to those of the page that was opened last; a browser may have it already."""
    if url.startswith("http") and not re.search("_static/(figures|numbers)", url):
        files[list(files)[-1]].add(urlsplit(url).path.lstrip("/"))


@cache
def sent(path):
    """Return how many bytes a host sends of a file, which it compresses."""
    return len(gzip.compress(path.read_bytes()))


# What reaches beyond the window's right edge, and nothing around it that scrolls
CUT_OFF = """() => {
    const scrolls = (each) => each.tagName !== "ARTICLE" &&
        (/auto|scroll/.test(getComputedStyle(each).overflowX) || scrolls(each.parentElement));
    const parts = document.querySelectorAll("article :is(p, li, math, img, table, h1, h2, h3, code)");
    const beyond = [...parts].filter((each) => each.getBoundingClientRect().right > innerWidth);
    const cut = beyond.filter((each) => !scrolls(each));
    return cut.map((each) => each.outerHTML.slice(0, 200));
}"""


def test_a_generator_is_loaded_once_its_explorer_comes_into_sight(site, served, tab):
    asked = []
    tab.page.on("request", lambda request: asked.append(request.url) if "/numbers/" in request.url else None)
    tab.page.set_viewport_size(PHONE)
    for begin in (served, site.as_uri()):
        asked.clear()
        tab.page.goto(f"{begin}/notebooks/07_generator.html")
        heavy = tab.page.locator(".tconv-mount[data-on-sight]")
        expect(tab.page.locator(".tconv-mount .tconv-quiz")).not_to_have_count(0, timeout=1000 * LONG)
        assert (heavy.count(), heavy.locator(".tconv-explorer").count(), asked) == (1, 0, [])
        come_to(heavy)
        expect(heavy.locator(".small canvas")).to_have_count(10, timeout=1000 * LONG)
        assert len(asked) == 1
    files = list((site / "_static/numbers").iterdir())
    assert files and max(file.stat().st_size for file in files) < MOST_NUMBERS


def found_by_axe(page, options):
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    told = [(each["id"], node["html"][:200]) for each in found for node in each["nodes"]]
    return [each for each in told if "<math" not in each[1]]  # which axe takes for no text


def test_it_moves_and_answers_from_a_folder_and_on_a_phone(site, tab):
    """By keyboard, on every page that has explorers or quizzes."""
    tab.page.set_viewport_size(PHONE)
    moved = answered = 0
    for name in pages_of(site):
        if not see(tab.page, (site / name).as_uri()):
            continue
        for chosen in tab.page.locator(".tconv-explorer .canvas[role=slider]").all():
            before = chosen.get_attribute("aria-valuenow")
            chosen.press("Home" if before == chosen.get_attribute("aria-valuemax") else "End")
            expect(chosen).not_to_have_attribute("aria-valuenow", before, timeout=1000 * LONG)
            moved += 1
        for quiz in tab.page.locator(".tconv-quiz").all():
            if field := quiz.locator("input").all():
                field[0].fill("1")
            quiz.locator("button").first.press("Enter")
            expect(quiz.locator(".said")).not_to_be_empty(timeout=1000 * LONG)
            answered += 1
    assert moved > 10 and answered > 30


def test_on_paper_no_line_is_cut_and_nothing_is_folded(site, tab):
    tab.page.set_viewport_size(PAPER)
    tab.page.emulate_media(media="print")
    see(tab.page, (site / "notebooks/04_transposed_convolution.html").as_uri())
    cut = "all => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)"
    assert tab.page.locator("article pre").evaluate_all(cut) == []
    below = tab.page.locator("article details > :not(summary):visible")
    assert below.evaluate_all("all => all.filter((each) => !each.checkVisibility())") == []
    assert below.count() >= tab.page.locator("article details").count() > 10


def test_site_open_answers_the_browser_that_it_opens_and_says_when_it_cannot(tmp_path):
    """The browser here writes down who answers, and comes back then, as one in a terminal does."""
    command = [sys.executable, ROOT / "site/open.py"]
    asks = 'import http.client, sys; site = http.client.HTTPConnection(sys.argv[1].split("/")[2])'
    asks += '; site.request("HEAD", "/"); open(sys.argv[2], "w").write(site.getresponse().msg["Server"])'
    seen = tmp_path / "seen"
    env = os.environ | {"BROWSER": f"{sys.executable} -c '{asks}' %s {seen}"}
    with subprocess.Popen([*command, "0"], stdout=subprocess.PIPE, text=True, env=env) as opened:
        port = urlsplit(opened.stdout.readline().split()[0]).port
        answered = eventually(lambda: seen.exists() and seen.read_text().startswith("SimpleHTTP"), True)
        again = subprocess.run([*command, str(port)], capture_output=True, text=True, env=env)
        opened.send_signal(signal.SIGINT)
    assert answered and opened.returncode == 0
    assert again.returncode == 1 and again.stderr.startswith(f"port {port} must be free: ")


# Slides


@pytest.fixture(scope="session")
def decks(tmp_path_factory):
    """The folder of the slides, made for this run."""
    from slides import build

    folder = tmp_path_factory.mktemp("slides")
    assert build(folder / "source", folder / "slides") == 0
    return folder / "slides"


def test_slides_fit_move_and_hold_their_answers_as_notes(decks, tab):
    names = sorted((decks / "notebooks").glob("*.html"))
    assert len(names) == 9
    moved = noted = 0
    for path in names:
        tab.page.goto(path.as_uri())
        tab.page.evaluate("new Promise((done) => Reveal.isReady() ? done() : Reveal.on('ready', done))")
        drawn = tab.page.locator(".tconv-mount:not([data-on-sight]) :is(.tconv-explorer, .tconv-quiz)")
        mounts = tab.page.locator(".tconv-mount:not([data-on-sight])").count()
        expect(drawn).to_have_count(mounts, timeout=1000 * LONG)
        noted += tab.page.locator("aside.notes").count()
        for number in range(tab.page.evaluate("Reveal.getTotalSlides()")):
            size = tab.page.evaluate(
                "(({ scrollWidth, scrollHeight }) => [scrollWidth, scrollHeight])(Reveal.getCurrentSlide())"
            )
            assert size <= SLIDE and size[1] <= SLIDE[1], f"{path.name}, slide {number + 1}"
            if (chosen := tab.page.locator("section.present:not(.stack) .canvas[role=slider]")).count():
                before = chosen.first.get_attribute("aria-valuenow")
                at_end = before == chosen.first.get_attribute("aria-valuemax")
                chosen.first.press("ArrowLeft" if at_end else "ArrowRight")
                expect(chosen.first).not_to_have_attribute("aria-valuenow", before, timeout=1000 * LONG)
                assert tab.page.evaluate("Reveal.getSlidePastCount()") == number
                moved += 1
            tab.page.evaluate("Reveal.next()")
    assert moved > 5 and noted > 20
