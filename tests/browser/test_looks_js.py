"""The looks of the explorers: heights, letters, one scale, shades, and controls that stay in sight."""

import random
from itertools import product

import pytest

from tconv_helpers.explore.alone import EXPLORERS
from tconv_helpers.explore.traits import Square, Text, Whole
from tconv_helpers.generator.latent import LatentExplorer
from tconv_helpers.generator.swaps import KERNELS

WIDE, PHONE = 1000, 480
AT_START, AT_MOST, LETTER = 640, 720, 11  # pixels
RANDOM_STATES = 120
MANY_LAYERS = "\n".join(["nn.Conv2d(1, 1, 3, stride=1, padding=1, dilation=1, bias=False)"] * 40)
TEXTS = [MANY_LAYERS, "nn.Conv2d(1, 1, 99)", "nn.ConvTranspose1d(1, 1, 4, 2)", "no layer"]
OF_MARKS = [name for name in EXPLORERS if name != "shape"]

LOOK = """
    const look = () => {
        const root = el.querySelector(".tconv-explorer");
        const shown = [...root.querySelectorAll("svg :is(text, tspan)")]
            .filter((text) => getComputedStyle(text.closest("text")).display !== "none");
        const size = (text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
        const words = [...root.querySelectorAll(":not(svg, svg *, option)")]
            .filter((each) => [...each.childNodes].some((part) => part.nodeType === 3 && part.data.trim()))
            .map((each) => parseFloat(getComputedStyle(each).fontSize));
        const beyond = shown.map((text) => {
            const [one, all] = [text, root].map((each) => each.getBoundingClientRect());
            return Math.max(all.left - one.left, one.right - all.right);
        });
        return {
            height: root.getBoundingClientRect().height,
            letter: Math.min(99, ...shown.map(size), ...words),
            beyond: Math.max(-99, ...beyond),
            over: root.scrollWidth - root.clientWidth,
            scales: [...root.querySelectorAll("svg")].map((svg) => svg.getScreenCTM()?.a.toFixed(2)),
        };
    };
"""
IN_STATES = f"(states) => {{ {LOOK} return states.map((state) => {{ model.set(state); return look(); }}); }}"
ALONG = f"""(state) => {{ {LOOK}
    model.set(state);
    return [...el.querySelectorAll("input[type=range]")].map((slider) => {{
        model.set(state);
        const looks = [];
        for (let value = Number(slider.min); value <= Number(slider.max); value++) {{
            slider.value = value;
            slider.dispatchEvent(new Event("input"));
            if (!el.querySelector(".stale")) looks.push(look()); // else the picture is that of before
        }}
        return [slider.ariaLabel, looks];
    }});
}}"""


def ends(trait):
    """Return the values of a trait between which all others lie: least and most, of numbers that are long."""
    if isinstance(trait, Whole):
        return [trait.least, trait.most]
    if isinstance(trait, Text):
        return [trait.default_value, *TEXTS]
    rows = [tuple((-9) ** (a % 2) for a in range(size)) for size in (trait.least, trait.most)]
    return [tuple([row] * len(row)) for row in rows] if isinstance(trait, Square) else rows


def between(rng, trait):
    if isinstance(trait, Whole):
        return rng.randint(trait.least, trait.most)
    if isinstance(trait, Text):
        return rng.choice(ends(trait))
    size = rng.randint(trait.least, trait.most)
    rows = [[rng.randint(-9, 9) for _ in range(size)] for _ in range(size)]
    return rows if isinstance(trait, Square) else rows[0]


def states_of(kind):
    """Return the corners of the space of states, and states within it."""
    rng, names = random.Random(0), kind.state_names()
    traits = [kind.class_traits()[name] for name in names]
    corners = [dict(zip(names, each, strict=True)) for each in product(*map(ends, traits))]
    inside = [{n: between(rng, t) for n, t in zip(names, traits, strict=True)} for _ in range(RANDOM_STATES)]
    return corners + inside


@pytest.fixture(scope="module")
def known():
    return {}


@pytest.fixture
def looks(mount, page, known):
    """Return an explorer's states, and its looks at the start and in each, which are drawn once."""

    def looks(name, width):
        kind, _ = EXPLORERS[name]
        states = states_of(kind)
        if (name, width) not in known:
            mount(kind(), width=width)
            known[name, width] = page.evaluate(IN_STATES, [{}, *states])
        return states, known[name, width]

    return looks


@pytest.mark.parametrize("name", EXPLORERS)
def test_it_fits_on_a_screen_with_its_controls(looks, name):
    states, (start, *each) = looks(name, WIDE)
    assert start["height"] <= AT_START
    assert len(states) > RANDOM_STATES + 7
    for state, look in zip(states, each, strict=True):
        assert look["height"] <= AT_MOST and look["over"] <= 0, state


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("name", OF_MARKS)
def test_no_letter_is_too_small(looks, name, width):
    states, (_, *each) = looks(name, width)
    for state, look in zip(states, each, strict=True):
        assert look["letter"] >= LETTER - 0.01 and look["over"] <= 0, state
        assert look["beyond"] <= 0, state


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_the_latent_space_fits_at_each_of_its_settings(mount, page, width):
    explorer = LatentExplorer()
    mount(explorer, width=width)
    names, layers = ("layer", "kernel", "label", "tilt"), range(1, len(explorer.links) + 1)
    each = [dict(zip(names, s, strict=True)) for s in product(layers, KERNELS, (0, 9), (-90, 45))]
    start, *looks = page.evaluate(IN_STATES, [{}, *each])
    assert width == PHONE or start["height"] <= AT_START
    for state, look in zip(each, looks, strict=True):
        assert width == PHONE or look["height"] <= AT_MOST, state
        assert look["letter"] >= LETTER and look["over"] <= 0, state


@pytest.mark.parametrize("name", OF_MARKS)
def test_the_scale_stays_while_a_slider_moves(mount, page, name):
    kind, _ = EXPLORERS[name]
    rng, traits = random.Random(1), kind.class_traits()
    mount(kind(), width=WIDE)
    moved = 0
    for state in [{}, *[{n: between(rng, traits[n]) for n in kind.state_names()} for _ in range(6)]]:
        for slider, looks in page.evaluate(ALONG, state):
            assert len({tuple(look["scales"]) for look in looks}) <= 1, (slider, state)
            assert all(look["height"] <= AT_MOST for look in looks), (slider, state)
            moved += len(looks)
    assert moved > 7 * 10


@pytest.mark.parametrize("name", OF_MARKS)
def test_pictures_are_large_enough_at_every_width(mount, page, name):
    kind, _ = EXPLORERS[name]
    for width in (400, PHONE, 670, 675, 700, 760, 850, WIDE, 1200):
        mount(kind(), width=width)
        [look] = page.evaluate(IN_STATES, [{}])
        pictures = page.locator("svg").all()
        assert min(picture.bounding_box()["width"] for picture in pictures) > 80, width
        assert look["over"] <= 0, width


SHADED = """(state) => {
    model.set(state);
    return [...el.querySelectorAll(".mark")].map((mark) => {
        const [text, box] = [mark.querySelector("text"), mark.getBoundingClientRect()];
        const hidden = getComputedStyle(text).display === "none";
        const [wide, drawing] = [text.getBoundingClientRect().width / box.width, mark.closest("figure")];
        const kind = mark.classList[1] + drawing.textContent.slice(0, 9);
        return { number: mark.textContent, hidden, wide, kind };
    });
}"""


def test_a_number_that_does_not_fit_is_a_shade_and_is_told_under_the_pointer(mount, page):
    kind, _ = EXPLORERS["stamps"]
    explorer = mount(kind(), width=WIDE)
    square = [[-9, 8, -7, 6]] * 4
    marks = page.evaluate(SHADED, {"y": square, "k": square, "stride": 3, "padding": 0})
    hidden = [mark["number"] for mark in marks if mark["hidden"]]
    assert 20 < len(hidden) < len(marks)
    kinds = {
        mark["kind"]: {each["hidden"] for each in marks if each["kind"] == mark["kind"]} for mark in marks
    }
    assert sorted(map(len, kinds.values())) == [1] * len(kinds), "of one kind some are shades, some numbers"
    for kind in (kind for kind, shades in kinds.items() if shades == {True}):
        assert max(len(mark["number"]) for mark in marks if mark["kind"] == kind) > 1
    assert max(mark["wide"] for mark in marks if not mark["hidden"]) < 1.1
    at = next(i for i, mark in enumerate(marks) if mark["hidden"])
    explorer.locator(".mark").nth(at).hover()
    titles = [canvas.get_attribute("title") for canvas in explorer.locator(".canvas").all()]
    assert marks[at]["number"] in titles
    explorer.locator(".title").hover()


IN_SIGHT = """() => [...el.querySelectorAll(".controls :is(input, button)")].map((control) => {
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= innerHeight && control.closest("label, .cell, button").contains(there);
})"""


@pytest.mark.parametrize("name", sorted(set(EXPLORERS) - {"stamps"}))
def test_on_a_phone_the_controls_stay_in_sight(mount, page, name):
    kind, _ = EXPLORERS[name]
    explorer = mount(kind(), width=PHONE)
    page.set_viewport_size({"width": PHONE, "height": 800})
    for canvas in explorer.locator(".view").all():
        canvas.evaluate("element => element.scrollIntoView({ block: 'end' })")
        seen = page.evaluate(IN_SIGHT)
        assert seen and all(seen), canvas
    height = page.evaluate("el.querySelector('.controls').getBoundingClientRect().height")
    assert height <= 400


STUCK = """() => {
    const bars = [...el.querySelectorAll(".controls, .player")];
    const stuck = bars.filter((bar) => getComputedStyle(bar).position === "sticky" && bar.offsetHeight);
    const [{ top, height }] = stuck.map((bar) => bar.getBoundingClientRect());
    return [stuck.length, top, height / innerHeight];
}"""


@pytest.mark.parametrize("size", [(320, 568), (375, 667), (639, 320), (375, 800), (390, 844)])
@pytest.mark.parametrize("name", EXPLORERS)
def test_what_stays_in_sight_leaves_room_for_the_pictures(mount, page, name, size):
    """The player always stays, and all of the controls where they take less than about 40 % of the height."""
    kind, _ = EXPLORERS[name]
    explorer = mount(kind(), width=size[0])
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    explorer.locator(".view").last.evaluate("element => element.scrollIntoView({ block: 'end' })")
    stuck, top, share = page.evaluate(STUCK)
    assert stuck == 1 and top >= 0 and share <= 0.44
    assert explorer.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
