"""Motions: each step shows the library's numbers; keys and Play go through them; nothing moves unasked."""

import random

import numpy as np
import pytest
from playwright.sync_api import expect
from waiting import LONG

from tconv_helpers import SpectrumExplorer, StampExplorer, ToeplitzExplorer, TransposedExplorer
from tconv_helpers.explore.alone import EXPLORERS
from tconv_helpers.words import in_words

from .test_explorers_in_lab import AXE
from .test_looks_js import AT_MOST, AT_START, LETTER, LOOK, WIDE, states_of

STATES = 40  # random ones of each explorer
MOTIONS = {
    "transposed": ["stamps add up", "zeros open"],
    "toeplitz": ["column to stamp", "row to reversed k"],
    "stamps": ["stamps add up"],
    "spectrum": ["phases gather"],
}
each_motion = pytest.mark.parametrize(
    ("name", "motion"), [(name, motion) for name, motions in MOTIONS.items() for motion in motions]
)

# step(): one step on, by keyboard; walk(see): what see() gives at each step, from rest to the last
PARTS = """
    const player = el.querySelector(".player");
    const press = (key) => player.querySelector("button").dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const told = () => el.querySelector(".told").textContent;
    const choose = (motion) => {
        const select = player.querySelector("select");
        select.value = motion;
        select.dispatchEvent(new Event("change"));
    };
    const walk = (see) => {
        const seen = [];
        press("Escape");
        const steps = Number(told().split(" ")[0]);
        for (let s = 1; s <= steps; s++) { press("ArrowRight"); seen.push(see()); }
        return seen;
    };
    const number = (text) => Number(text.replace("−", "-"));
    const places = (text) => text ? text.match(/-?[\\d.]+/g).map((value) => Number(value) / 40) : [];
    const marks = (view) => [...el.querySelectorAll(".canvas svg")[view].querySelectorAll(".mark")].map(
        (mark) => ({
            kind: mark.classList[1], is: [...mark.classList].slice(2), value: number(mark.textContent),
            place: places(mark.getAttribute("transform")),
            from: mark.dataset.from === undefined ? null : places(mark.dataset.from),
            at: mark.dataset.at === undefined ? null : Number(mark.dataset.at),
        }));
    const lines = () => [...el.querySelectorAll(".message p")].map((line) => line.textContent);
"""
SEEN = f"""([motion, view, states]) => {{ {PARTS}
    choose(motion);
    return states.map((state) => {{
        model.set(state);
        return walk(() => ({{ told: told(), lines: lines(), marks: marks(view) }}));
    }});
}}"""


@pytest.fixture
def seen(mount, page):
    """Return for valid random states of an explorer, the start first, each step of a motion in one view."""
    page.emulate_media(reduced_motion="reduce")

    def seen(name, motion, view):
        kind = EXPLORERS[name][0]
        of_kind = states_of(kind)[-(STATES if name != "stamps" else 12) :]  # its pictures have most marks
        states = [state for state in of_kind if " must " not in repr(kind(**state))]
        assert len(states) > 3
        mount(kind())
        steps = page.evaluate(SEEN, [motion, view, [{}, *states]])
        for each in steps:
            assert [step["told"] for step in each] == [
                f"step {s} of {len(each)}" for s in range(1, len(each) + 1)
            ]
        return zip([kind(), *[kind(**state) for state in states]], steps, strict=True)

    yield seen
    page.emulate_media(reduced_motion="no-preference")


def of(step, kind, *states, at=None):
    """Return the marks of a kind in these states; at: only those that can be chosen."""
    marks = [mark for mark in step["marks"] if mark["kind"] == kind and set(states) <= set(mark["is"])]
    return [mark for mark in marks if mark["at"] is not None] if at else marks


def values(marks):
    return [mark["value"] for mark in marks]


def until(x, count):
    """Return x with zeros from the sample `count` on."""
    x = np.array(x)
    return np.where(np.arange(x.size).reshape(x.shape) < count, x, 0)


def test_each_stamp_slides_from_the_kernel_to_its_place_and_is_added(seen):
    for explorer, steps in seen("transposed", "stamps add up", 0):
        assert len(steps) == explorer.n + 1
        for stamped, step in enumerate(steps):
            so_far = TransposedExplorer(
                x=until(explorer.x, stamped).tolist(), k=explorer.k, **explorer.settings
            ).y
            assert step["lines"][1] == f"y so far = {in_words(so_far)}"
            assert values(of(step, "output", at=True)) == so_far.tolist()
            homes = explorer.dilation * np.arange(explorer.m)
            stamps = [mark for mark in of(step, "kernel") if "full" not in mark["is"]]
            expected = [x * np.array(explorer.k) for x in explorer.x[:stamped]]
            assert values(stamps) == np.concatenate([[], *expected]).tolist()
            for i in range(stamped):
                for home, mark in zip(homes, stamps[i * explorer.m :], strict=False):
                    assert mark["place"] == [explorer.stride * i + home, i + 1]
                    assert mark["from"] == ([home, i + 1] if i == stamped - 1 else None)
            waiting = of(step, "kernel", "full")
            assert values(waiting) == (list(explorer.k) if stamped < explorer.n else [])
            assert all(mark["place"][1] == stamped + 1 for mark in waiting)


def test_zeros_open_between_the_samples_and_around_them(seen):
    for explorer, steps in seen("transposed", "zeros open", 1):
        x, k = list(explorer.x), list(explorer.k)
        beside, apart, around, flipped, whole = ([*of(step, "input")] for step in steps)
        assert (values(beside), [mark["place"] for mark in beside]) == (x, [[i, 0] for i in range(len(x))])
        spread = np.zeros((len(x) - 1) * explorer.stride + 1, int)
        spread[:: explorer.stride] = x
        assert values(apart) == spread.tolist()
        assert [mark["from"] for mark in apart if mark["from"]] == [[i, 0] for i in range(len(x))]
        assert [mark["place"] for mark in apart] == [[p, 0] for p in range(len(spread))]
        ends = explorer.dilation * (len(k) - 1) - explorer.padding
        left, right = ends, ends + explorer.output_padding
        z = np.pad(spread, [max(left, 0), max(right, 0)])[max(-left, 0) :][: len(spread) + left + right]
        for row in (around, flipped, whole):
            kept = [mark for mark in row if "cropped" not in mark["is"]]
            assert values(kept) == z.tolist()
            assert [mark["place"][0] for mark in kept] == [p - ends for p in range(len(z))]
        [*_, turned, last] = ([*of(step, "kernel")] for step in steps)
        assert values(turned) == values(last) == k[::-1]
        assert [mark["from"] for mark in turned] == [mark["place"] for mark in turned][::-1]
        assert [mark["from"] for mark in last] == [mark["place"] for mark in turned]
        assert values(of(steps[-1], "output", at=True)) == explorer.y.tolist()
        assert steps[-1]["lines"][-1] == f"y = {in_words(explorer.y)}"


def test_each_pixels_stamp_slides_from_the_kernel_to_its_patch_and_is_added(seen):
    for explorer, steps in seen("stamps", "stamps add up", 1):
        n, m, step_of = explorer.n, explorer.m, explorer.dilation
        assert len(steps) == n * n
        rest = {"k": explorer.k, **explorer.settings}
        for s, step in enumerate(steps):
            partial = until(explorer.y, s + 1).tolist()
            drawn = StampExplorer(**{**rest, "y": partial, "padding": 0}).stamped
            assert values(of(step, "output")) == drawn.ravel().tolist()
            kept = [mark for mark in of(step, "output") if "cropped" not in mark["is"]]
            assert values(kept) == StampExplorer(**{**rest, "y": partial}).stamped.ravel().tolist()
            stamp = explorer.y[s // n][s % n] * np.array(explorer.k)
            sliding, waiting = of(step, "kernel", "gone"), of(step, "kernel")[: m * m]
            assert values(sliding) == values(waiting) == stamp.ravel().tolist()
            assert [mark["from"] for mark in sliding] == [mark["place"] for mark in waiting]
            top, left = explorer.stride * (s // n), explorer.stride * (s % n)
            places = [[left + step_of * b, top + step_of * a] for a in range(m) for b in range(m)]
            assert [mark["place"] for mark in sliding] == places
            now = drawn[[row for _, row in places], [column for column, _ in places]].reshape(m, m)
            assert step["lines"][-1].endswith(" / ".join(in_words(row) for row in now))


def test_a_column_of_the_transpose_is_lifted_out_and_becomes_the_stamp(seen):
    for explorer, steps in seen("toeplitz", "column to stamp", 1):
        A, m = explorer.A, explorer.m
        at = min(explorer.i, len(A))
        assert len(steps) == (4 if len(A) > 1 else 3)
        others = [at if at < len(A) else at - 2] if len(A) > 1 else []
        before, out, *stamps = steps
        assert values(of(before, "entry", "lit")) == entries_of(A, at - 1, explorer)
        assert values(of(out, "entry", "lit")) == entries_of(A, at - 1, explorer)
        for mark in of(out, "entry", "lit"):
            assert mark["place"][0] > len(A) - 0.5 and mark["from"] == [at - 1, mark["place"][1]]
        for step, columns in zip(stamps, [[at - 1], [at - 1, *others]], strict=False):
            expected = [v for i in columns for v in entries_of(A, i, explorer)]
            assert values(of(step, "kernel")) == expected
            rows = [
                explorer.stride * i - explorer.padding + a
                for i in columns
                for a in range(m)
                if 0 <= explorer.stride * i - explorer.padding + a < explorer.n
            ]
            assert [mark["place"][1] for mark in of(step, "kernel")] == rows


def entries_of(A, i, explorer):
    """Return the entries of the kernel in row i of A, which padding may cut."""
    begin = explorer.stride * i - explorer.padding
    return A[i, max(begin, 0) : begin + explorer.m].tolist()


def test_a_row_of_the_transpose_is_lifted_out_and_is_the_kernel_reversed(seen):
    whole = 0
    for explorer, steps in seen("toeplitz", "row to reversed k", 1):
        if len(steps) == 1:
            assert "dots only" in steps[0]["lines"][0] and not explorer.A.any()
            continue
        lit, lifted, diamonds, turned = steps
        place = {mark["place"][1] for mark in of(lit, "entry", "lit")}
        assert len(place) == 1
        row = explorer.A.T[int(place.pop())].tolist()
        assert values(of(lifted, "entry", "lit")) == values(of(diamonds, "kernel"))
        assert all(mark["place"][1] > explorer.n - 0.5 for mark in of(lifted, "entry", "lit"))
        assert all(mark["from"][0] == mark["place"][0] for mark in of(lifted, "entry", "lit"))
        above, below = of(turned, "kernel", "lit"), of(turned, "kernel", "full")
        assert values(above) == [row[int(mark["place"][0])] for mark in above]
        assert values(below) == values(above)[::-1]
        assert [mark["from"][0] for mark in below] == [mark["place"][0] for mark in above][::-1]
        assert turned["lines"][0].endswith(f": {in_words(values(below))}")
        phases = [list(explorer.k[r :: explorer.stride])[: len(below)] for r in range(explorer.m)]
        assert values(below) in phases
        whole += values(below) == list(explorer.k)
    assert whole > 5


def test_the_samples_of_each_phase_gather_in_the_output(seen):
    for explorer, steps in seen("spectrum", "phases gather", 1):
        y, s = explorer.y.tolist(), explorer.stride
        assert len(steps) == s + 1
        for gathered, step in enumerate(steps):
            rows, below = of(step, "output")[: len(y)], of(step, "output")[len(y) :]
            assert values(rows) == [v for r in range(s) for v in y[r::s]]
            there = [p % s < gathered for p in range(len(y))]
            assert ["ghost" not in mark["is"] for mark in below] == there
            assert [m["value"] for m, yes in zip(below, there, strict=True) if yes] == [
                v for v, yes in zip(y, there, strict=True) if yes
            ]
            home = {mark["at"]: mark["place"] for mark in rows}
            for p, mark in enumerate(below):
                comes = p % s == gathered - 1
                assert mark["from"] == (home[p + 1] if comes else None)
            shown = [str(v).replace("-", "−") if yes else "·" for v, yes in zip(y, there, strict=True)]
            assert step["lines"][1] == f"y so far = {' '.join(shown)}"


# What is drawn, with what a motion must leave as it was
DRAWN = "[...el.querySelectorAll('.view, .message')].map((part) => part.outerHTML)"
BACK = f"""([motion, ways]) => {{ {PARTS}
    choose(motion);
    const before = {DRAWN};
    const state = JSON.stringify(Object.keys(model.get("_start")).map((name) => model.get(name)));
    const same = [];
    for (const way of ways) {{
        for (let s = 0; s < 2; s++) press("ArrowRight");
        const moved = JSON.stringify({DRAWN}) !== JSON.stringify(before);
        eval(way);
        same.push([moved, JSON.stringify({DRAWN}) === JSON.stringify(before), told()]);
    }}
    const now = JSON.stringify(Object.keys(model.get("_start")).map((name) => model.get(name)));
    return [same, now === state];
}}"""
WAYS = [
    "press('Escape')",
    "press('ArrowLeft'); press('ArrowLeft')",
    "while (told().startsWith('step')) press('ArrowRight')",
    "player.querySelector('.buttons button:last-child').click()",
    "model.set({ k: model.get('k').with(0, model.get('k')[0]).map((v) => v) }); press('Escape')",
]


@each_motion
def test_at_rest_all_is_drawn_as_before_and_no_motion_is_in_the_state(mount, page, name, motion):
    mount(EXPLORERS[name][0]())
    same, stays = page.evaluate(BACK, [motion, WAYS])
    assert stays and len(same) == len(WAYS)
    for (moved, again, told), way in zip(same, WAYS, strict=True):
        assert (moved, again, told.endswith(" steps")) == (True, True, True), way


@each_motion
def test_whoever_moves_something_sees_the_whole_picture_again(mount, page, name, motion):
    explorer = mount(EXPLORERS[name][0]())
    for act in ("slider", "cell", "kernel"):
        page.evaluate(
            f"""([motion, act]) => {{ {PARTS}
            choose(motion);
            player.querySelectorAll("button")[1].click();
            const input = el.querySelector(act === "slider" ? "[aria-label='kernel size']" : ".cell input");
            if (act === "kernel") return model.set({{ k: model.get("_start").k }});
            input.value = Number(input.value) - 1;
            return input.dispatchEvent(new Event("input"));
        }}""",
            [motion, act],
        )
        assert explorer.locator(".told").inner_text().endswith(" steps"), act
        assert explorer.get_by_role("button", name="Play").count() == 1
        drawn, animations = page.evaluate(f"[{DRAWN}, document.getAnimations().length]")
        assert animations == 0 and explorer.get_attribute("data-moving") is None
        state = page.evaluate("Object.keys(model.get('_start')).map((name) => [name, model.get(name)])")
        assert "data-from" not in "".join(drawn)
        assert len(state) > 2


# Animations as they stand before the first frame, with the places that their marks are seen at
BEGINNING = """() => {
    const animations = document.getAnimations();
    for (const each of animations) { each.pause(); each.currentTime = 0; }
    const place = ({ effect: { target } }) => {
        const { e, f } = new DOMMatrix(getComputedStyle(target).transform);
        return [target.dataset.from, `${e} ${f}`, Number(getComputedStyle(target).opacity)];
    };
    const names = animations.flatMap(({ effect }) => effect.getKeyframes().flatMap(Object.keys));
    const seen = [animations.map(place), [...new Set(names)]];
    for (const each of animations) each.play();
    return seen;
}"""
END = """async () => {
    await Promise.all(document.getAnimations().map(({ finished }) => finished));
    return [document.getAnimations().length, el.firstChild.hasAttribute("data-moving")];
}"""


@each_motion
def test_marks_come_from_their_place_by_transform_and_opacity_alone(mount, page, name, motion):
    explorer = mount(EXPLORERS[name][0]())
    assert page.evaluate("document.getAnimations().length") == 0  # nothing moves by itself
    explorer.get_by_role("combobox", name="what Play shows").select_option(motion)
    step, moved = explorer.get_by_role("button", name="Step"), 0
    steps = int(explorer.locator(".told").inner_text().split()[0])
    for _ in range(steps):
        step.click()
        places, names = page.evaluate(BEGINNING)
        for came_from, stands, opacity in places:
            assert (stands == came_from and opacity == 1) if came_from else opacity == 0
            moved += bool(came_from)
        keyframe = {"offset", "computedOffset", "easing", "composite"}
        assert set(names) <= keyframe | {"transform", "opacity"}
        assert page.evaluate(END) == [0, False]
    assert moved >= 3


def test_a_step_that_is_paused_on_its_way_goes_on_from_there(mount, page):
    explorer = mount(TransposedExplorer(x=[1, 2], k=[1, 2]))
    explorer.get_by_role("button", name="Step").click()
    explorer.get_by_role("button", name="Step").click()
    explorer.get_by_role("button", name="Play").click()  # goes on with this step
    explorer.get_by_role("button", name="Pause").click()
    assert explorer.locator(".told").inner_text() == "step 2 of 3"
    states = page.evaluate("document.getAnimations().map(({ playState }) => playState)")
    assert states and set(states) == {"paused"}
    explorer.get_by_role("button", name="Play").click()
    assert page.evaluate("document.getAnimations().every(({ playState }) => playState === 'running')")
    expect(explorer.locator(".told")).to_have_text("step 3 of 3", timeout=1000 * LONG)


def test_who_asks_for_less_motion_sees_each_step_at_once_and_play_goes_to_the_end(mount, page):
    page.emulate_media(reduced_motion="reduce")
    explorer = mount(TransposedExplorer(x=[1, 2], k=[1, 2], stride=2))
    explorer.get_by_role("button", name="Play").click()
    assert explorer.locator(".told").inner_text() == "step 1 of 3"
    for s in (1, 2, 3):
        expect(explorer.locator(".told")).to_have_text(f"step {s} of 3", timeout=1000 * LONG)
        assert page.evaluate("document.getAnimations().length") == 0
        assert explorer.get_attribute("data-moving") is None
    expect(explorer.get_by_role("button", name="Play")).to_have_count(1, timeout=1000 * LONG)
    assert explorer.locator(".told").inner_text() == "step 3 of 3"
    page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize(
    "act",
    [
        "document.body.style.paddingTop = '4000px'; scrollTo(0, 0)",
        "el.remove()",
        "el.style.display = 'none'",
        "dispose()",
    ],
)
def test_out_of_sight_and_once_removed_it_plays_no_more(mount, page, act):
    mount(TransposedExplorer(x=[1, 2, 3, 4, 5, 6]))
    stopped = page.evaluate(f"""async () => {{
        const play = el.querySelectorAll(".player button")[1];
        const timers = new Set();
        const [set, clear] = [setTimeout, clearTimeout];
        window.setTimeout = (work, ...rest) => {{
            const id = set(() => {{ timers.delete(id); work(); }}, ...rest);
            timers.add(id);
            return id;
        }};
        window.clearTimeout = (id) => {{ timers.delete(id); clear(id); }};
        play.click();
        await Promise.all(document.getAnimations().map(({{ finished }}) => finished));
        while (!timers.size) await new Promise((done) => requestAnimationFrame(done));
        const before = [play.textContent, timers.size];
        {act};
        while (play.textContent !== "Play") await new Promise((done) => requestAnimationFrame(done));
        const told = el.querySelector(".told").textContent;
        return [before, timers.size, document.getAnimations().length, told];
    }}""")
    assert stopped[:3] == [["Pause", 1], 0, 0]
    assert stopped[3] != "step 7 of 7"  # where it would have come to by itself


def test_the_keyboard_steps_stops_and_ends_it_and_its_focus_is_seen(mount, page):
    explorer = mount(TransposedExplorer())
    told, step = explorer.locator(".told"), explorer.get_by_role("button", name="Step")
    for key, now in [
        ("Space", "step 1 of 4"),
        ("ArrowRight", "step 2 of 4"),
        ("Enter", "step 3 of 4"),
        ("ArrowLeft", "step 2 of 4"),
        ("Escape", "4 steps"),
    ]:
        step.press(key)
        assert told.inner_text() == now, key
    assert step.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    explorer.get_by_role("button", name="Play").press("Space")
    pause = explorer.get_by_role("button", name="Pause")
    assert pause.evaluate("element => element === document.activeElement")
    pause.press("Space")
    assert told.inner_text() == "step 1 of 4"
    explorer.get_by_role("combobox", name="what Play shows").press("ArrowDown")
    assert told.inner_text() == "5 steps"
    assert explorer.locator(".message[role=status][aria-live=polite]").count() == 1


def test_the_pointer_over_the_picture_does_not_end_a_motion(mount, page):
    explorer = mount(TransposedExplorer(u=1))
    for _ in range(3):
        explorer.get_by_role("button", name="Step").click()
    before = explorer.locator(".canvas").first.inner_html()
    explorer.locator(".canvas").nth(1).locator(".mark.output").nth(4).hover()
    assert explorer.locator(".told").inner_text() == "step 3 of 4"
    assert explorer.locator(".canvas").first.inner_html() == before
    explorer.locator(".canvas").nth(1).locator(".mark.output").nth(4).click()
    assert explorer.locator(".told").inner_text() == "4 steps"
    explorer.locator(".title").hover()


IN_STEPS = f"""([motion, states]) => {{ {LOOK} {PARTS}
    choose(motion);
    return states.map((state) => {{ model.set(state); return walk(look); }});
}}"""


@pytest.mark.parametrize("width", [WIDE, 390])
@each_motion
def test_each_step_fits_on_a_screen_and_has_no_letter_too_small(mount, page, name, motion, width):
    page.emulate_media(reduced_motion="reduce")
    kind = EXPLORERS[name][0]
    mount(kind(), width=width)
    states = random.Random(3).sample(states_of(kind), STATES)
    start, *looks = page.evaluate(IN_STEPS, [motion, [{}, *states]])
    page.emulate_media(reduced_motion="no-preference")
    for steps in looks:
        for look in steps:
            assert look["letter"] >= LETTER - 0.01 and look["over"] <= 0
            assert len(look["scales"]) == len(steps[0]["scales"])
            assert width < WIDE or look["height"] <= AT_MOST
        assert len({tuple(look["scales"]) for look in steps}) <= 1
    assert start and all(width < WIDE or look["height"] <= AT_START for look in start)


@pytest.mark.parametrize("dark", [False, True])
@each_motion
def test_axe_finds_nothing_in_a_step(mount, page, name, motion, dark):
    explorer = mount(EXPLORERS[name][0](), width=WIDE, dark=dark)
    explorer.get_by_role("combobox", name="what Play shows").select_option(motion)
    for _ in range(3):
        explorer.get_by_role("button", name="Step").click()
    assert page.evaluate(END) == [0, False]
    page.evaluate(AXE.read_text())
    found = explorer.evaluate("element => axe.run(element, { resultTypes: ['violations'] })")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


def test_the_explorers_with_a_motion_are_these(mount):
    for name, (kind, _) in EXPLORERS.items():
        names = mount(kind()).get_by_role("combobox", name="what Play shows").locator("option")
        assert names.all_inner_texts()[:-1] == MOTIONS.get(name, [])
    assert {SpectrumExplorer, ToeplitzExplorer} <= {EXPLORERS[name][0] for name in MOTIONS}
