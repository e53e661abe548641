"""Explorers and quizzes alone in a file: from file://, without a request, their state in the address."""

import random
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect
from waiting import LONG

from tconv_helpers.cli import explorers
from tconv_helpers.exercises.quizzes import quiz
from tconv_helpers.explore.address import described
from tconv_helpers.explore.alone import page as page_of
from tconv_helpers.explore.joining import esm
from tconv_helpers.explore.traits import Square, Text, Whole, Word

from .conftest import Tab
from .test_explorers_in_lab import AXE

EXPLORERS = explorers()
EXAMPLES = {name: make() for name, (make, _) in EXPLORERS.items()}
KINDS = {type(each).__name__: type(each) for each in EXAMPLES.values()}
DESCRIBED = {type(each).__name__: described(each) for each in EXAMPLES.values()}
MOST_BYTES = {"latent": 900_000}  # its numbers
MOST_BYTES_ELSE = 100_000
RANDOM_STATES, SPOILT = 1000, 200
SVG = "{http://www.w3.org/2000/svg}"
STATES = """async ([source, rows, described]) => {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const { stateOf, addressOf } = await import(url);
    return rows.map(([kind, address]) => {
        try {
            const state = stateOf(address, described[kind]);
            const whole = Object.keys(state).length === Object.keys(described[kind].traits).length;
            return [state, whole ? addressOf(state, described[kind]) : null];
        } catch (error) {
            if (error instanceof RangeError) return error.message;
            throw error;
        }
    });
}"""


@pytest.fixture
def tab(browser):
    """A page that has asked nobody, and told no error."""
    tab = Tab(browser)
    asked = []
    tab.page.on("request", lambda request: asked.append(request.url))
    yield tab
    tab.page.close()
    tab.check()
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


@pytest.fixture
def opened(tab, tmp_path):
    """Write an explorer or a quiz into a file, and open that with an address."""

    def opened(name, address=""):
        make, title = EXPLORERS.get(name, (lambda: quiz(name), "A question"))
        path = tmp_path / f"{name}.html"
        path.write_text(page_of(make(), title, name), encoding="utf-8")
        assert path.stat().st_size < MOST_BYTES.get(name, MOST_BYTES_ELSE)
        tab.page.goto("about:blank")
        tab.page.goto(f"{path.as_uri()}{address}")
        tab.page.locator(".tconv-explorer, .tconv-quiz").wait_for()
        return tab.page

    return opened


def drawn_state(rng, kind):
    """Return a random state of a kind of explorer, each trait within its bounds."""
    told, traits = DESCRIBED[kind.__name__]["traits"], kind.class_traits()
    return {name: drawn_value(rng, traits[name], told[name]["least"], told[name]["most"]) for name in told}


def drawn_value(rng, trait, least, most):
    if isinstance(trait, Whole):
        return rng.randint(least, most)
    if isinstance(trait, Word):
        return rng.choice(least)
    size = rng.randint(least, min(most, 30))
    if isinstance(trait, Text):
        return "".join(rng.choices("nn.Conv2d(1, 2)\n#%&=;'é🙂", k=size))
    rows = tuple(tuple(rng.randint(-9, 9) for _ in range(size)) for _ in range(size))
    return rows if isinstance(trait, Square) else rows[0]


def in_lists(value):
    return [in_lists(each) for each in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", EXPLORERS)
def test_it_opens_and_the_keyboard_moves_it_and_its_address(opened, name):
    page = opened(name)
    chosen = page.locator(".canvas[role=slider]").first
    assert page.evaluate("location.hash") == ""
    before = chosen.get_attribute("aria-valuenow")
    chosen.press("End")
    expect(page).to_have_url(re.compile("#."), timeout=1000 * LONG)  # the file's own rules forbid `eval`
    after, address = chosen.get_attribute("aria-valuenow"), page.evaluate("location.hash")
    assert before != after
    assert type(EXAMPLES[name]).from_link(page.url).link() == address
    page = opened(name, address)
    assert page.locator(".canvas[role=slider]").first.get_attribute("aria-valuenow") == after


def test_a_quiz_opens_and_answers(opened):
    page = opened("01-terms")
    page.get_by_role("button").first.click()
    assert page.locator(".said").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*EXPLORERS, "01-terms"])
def test_axe_finds_nothing(opened, name, scheme):
    page = opened(name)
    page.emulate_media(color_scheme=scheme)
    page.evaluate(AXE.read_text())
    assert page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"] == []
    page.set_viewport_size({"width": 480, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 480


def test_links_are_read_and_written_as_python_does(tab):
    rng = random.Random(0)
    states = [(rng.choice(list(KINDS)), None) for _ in range(RANDOM_STATES)]
    states = [(name, drawn_state(rng, KINDS[name])) for name, _ in states]
    links = [(name, KINDS[name](**state).link()) for name, state in states]
    for (name, state), (_, link) in zip(states, links, strict=True):
        again = KINDS[name].from_link(link)
        assert {each: getattr(again, each) for each in state} == state
    for (name, state), (_, link), got in zip(states, links, by_client(tab.page, links), strict=True):
        assert got == [{each: in_lists(value) for each, value in state.items()}, link], name


def by_client(page, rows):
    return page.evaluate(STATES, [esm("address.js"), rows, DESCRIBED])


def refused(kind, link):
    """Return the sentence with which a link is refused, None if it is not."""
    try:
        kind.from_link(link)
    except ValueError as error:
        return str(error)
    return None


def test_spoilt_addresses_are_refused_in_the_same_words(tab):
    rng = random.Random(1)
    rows = [("TransposedExplorer", link) for link in BY_HAND]
    while len(rows) < SPOILT:
        name = rng.choice(list(KINDS))
        link = KINDS[name](**drawn_state(rng, KINDS[name])).link()
        place = rng.randrange(1, len(link))
        spoilt = (
            link[:place]
            + rng.choice(["&", "=", "x", "%", "%ff", "99999999", ",", ";", ".5"])
            + link[place + 1 :]
        )
        if refused(KINDS[name], spoilt):
            rows.append((name, spoilt))
    told = [refused(KINDS[name], link) for name, link in rows]
    assert by_client(tab.page, rows) == told
    assert len(set(told)) > 100
    assert all(re.search("must be|has no", each) for each in told)


BY_HAND = [
    "#stride=",
    "#stride=99",
    "#stride=1.5",
    "#speed=1",
    "#stride",
    "#x=",
    "#x=1,,2",
    "#k=1,2,3,4,5",
    "#x=10",
]


def test_a_spoilt_address_shows_the_start_and_says_why(opened):
    page = opened("transposed", "#stride=99")
    sentence = "stride must be a whole number from 1 to 3 in this explorer: got stride=99; use 1 to 3"
    assert page.locator("#said").inner_text() == f"This link shows no state: {sentence}. You see the start."
    page.evaluate("location.hash = '#x=1,2&k=1,1&stride=3'")
    expect(page.locator("#said")).to_have_text("", timeout=1000 * LONG)
    assert "1 1 0 2 2" in page.locator(".tconv-explorer").inner_html()


def test_after_a_spoilt_address_the_link_is_that_of_the_state_and_a_move_ends_the_sentence(opened):
    page = opened("transposed", "#stride=99")
    page.get_by_role("button", name="Copy link").click()
    copied = page.locator("#copied").input_value()
    assert KINDS["TransposedExplorer"].from_link(copied).link() == EXAMPLES["transposed"].link()
    page = opened("transposed", "#stride=99")
    page.get_by_role("slider", name="stride").fill("3")
    expect(page.locator("#said")).to_have_text("", timeout=1000 * LONG)


def test_a_refused_state_has_no_code_but_the_sentence_that_refuses_it(opened):
    page = opened("transposed", "#stride=1&output_padding=2")
    page.get_by_role("button", name="Copy as code").click()
    expect(page.locator("#said")).to_contain_text(re.compile("^No code .*: output_padding must be smaller"))
    assert page.locator("#copied").is_hidden()


@pytest.mark.parametrize("name", [name for name in EXPLORERS if name != "shape"])
def test_the_code_gives_what_is_shown(opened, name):
    """It is run here: PyTorch's and the course's give the same numbers, and those that the explorer has."""
    kind = type(EXAMPLES[name])
    rng = random.Random(2)
    for _ in range(3):
        explorer = kind(**drawn_state(rng, kind))
        if "must" in repr(explorer):  # a kernel that does not fit, say
            continue
        page = opened(name, explorer.link())
        page.get_by_role("button", name="Copy as code").click()
        theirs, ours = (value_of(code) for code in page.locator("#copied").input_value().split("\n\n\n"))
        if name == "latent":
            assert ours.tolist() == explorer.images[explorer.label].tolist()
            assert np.abs(theirs - ours.astype(int)).max() <= 1
            continue
        if name == "checkerboard":
            theirs = theirs[..., len(explorer.k) :][: explorer.stride]
            assert ours.tolist() == explorer.sums.tolist()
            continue
        assert np.squeeze(theirs).tolist() == np.squeeze(ours).tolist()
        expected = {"backward": "dx", "toeplitz": "A", "stamps": "stamped"}.get(name, "y")
        assert np.squeeze(ours).tolist() == np.squeeze(getattr(explorer, expected)).tolist()


def value_of(code):
    """Return the value of the last expression of a text that we wrote ourselves, as an array."""
    *lines, last = code.strip().split("\n")
    names = {}
    exec("\n".join(lines), names)
    return np.asarray(eval(last, names))


@pytest.mark.parametrize("word", ["Save SVG", "Save PNG"])
def test_a_picture_is_saved(opened, word):
    page = opened("transposed")
    with page.expect_download() as saving:
        page.get_by_role("button", name=word).click()
    data = saving.value.path().read_bytes()
    assert saving.value.suggested_filename == f"transposed.{word[-3:].lower()}"
    if word == "Save PNG":
        assert data.startswith(b"\x89PNG") and len(data) > 5000
        return
    text = data.decode()
    assert text.startswith("<svg") and "var(" not in text and text.count("<svg") > 1
    assert "Stamps" in text or "y" in text


def test_a_picture_can_still_be_read_after_the_click_that_saves_it(opened):
    page = opened("transposed")
    page.evaluate("HTMLAnchorElement.prototype.click = function () { window.saved = this.href; }")
    page.get_by_role("button", name="Save SVG").click()
    page.evaluate("() => Object.assign(new Image(), { src: saved }).decode()")


@pytest.mark.parametrize("name", ["transposed", "stamps", "checkerboard", "latent"])
def test_a_saved_picture_holds_all_that_is_drawn(opened, name):
    """Each drawing, each canvas pixel by pixel, and the words below one."""
    page = opened(name)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save SVG").click()
    picture = ElementTree.parse(saving.value.path()).getroot()
    seen = ".tconv-explorer figure {}:visible"
    canvases = page.locator(seen.format("canvas")).evaluate_all("all => all.map((each) => each.toDataURL())")
    assert [image.get("href") for image in picture.iter(f"{SVG}image")] == canvases
    assert len(picture.findall(f"{SVG}svg")) == page.locator(seen.format("svg")).count()
    words = [text.text for text in picture.findall(f"{SVG}text")]
    assert all(word in words for word in page.locator(seen.format(".picture > i")).all_inner_texts())
    wide, high = float(picture.get("width")), float(picture.get("height"))
    for each in [*picture.findall(f"{SVG}svg"), *picture.findall(f"{SVG}image")]:
        x, y, width, height = (float(each.get(side)) for side in ("x", "y", "width", "height"))
        assert 0 <= x < x + width <= wide and 0 <= y < y + height <= high
