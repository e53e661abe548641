"""The client's chains of layers are the library's: sizes, formulas, sentences and repairs, or the refusal."""

import random

import pytest
from any_layers import FORMS_OF_A_MODEL, NUMBERS_THAT_DO_NOT_FIT, any_layer

from tconv_helpers import ShapeExplorer, fix_shape
from tconv_helpers.explore.shape import START

from .test_explorers_in_lab import AXE

PIECES = [
    "nn.",
    "Conv2d",
    "ConvTranspose1d",
    "(",
    ")",
    ",",
    "1, 1, 3",
    "=",
    "stride",
    "'same'",
    "#",
    "\n",
    "[",
]
FIX = """(rows) => rows.map(([text, n, wanted]) => {
    try {
        const { layers, ...chain } = window.module.fixShape(text, n, wanted);
        return { ...chain, layers: layers.map(String) };
    } catch (error) {
        if (error instanceof RangeError) return error.message;
        throw error;
    }
})"""


def said(text, n, wanted):
    """Return what fix_shape finds as plain values, or the sentence with which it refuses."""
    try:
        chain = fix_shape(text, n, wanted)
    except ValueError as error:
        return str(error)
    return {
        "sizes": [list(size) for size in chain.sizes],
        "formulas": chain.formulas,
        "problem": chain.problem,
        "parted": chain.parted,
        "wanted": wanted and list(chain.wanted),
        "repairs": chain.repairs,
        "layers": [str(layer) for layer in chain.layers],
    }


def same(page, cases):
    """Return what the library says of each case, if the client says the same."""
    told = [said(*(tuple(each) if isinstance(each, list) else each for each in case)) for case in cases]
    for case, ours, theirs in zip(cases, told, page.evaluate(FIX, cases), strict=True):
        assert theirs == ours, case
    return told


def test_chains_are_the_librarys(mount, page):
    mount(ShapeExplorer())
    rng, cases = random.Random(1), []
    for _ in range(500):
        rank = rng.choice([1, 2])
        text = rng.choice(["\n", ", "]).join(any_layer(rng, rank) for _ in range(rng.randint(1, 4)))
        n, wanted = ([rng.randint(1, 40) for _ in range(rank)] for _ in range(2))
        cases.append([text, *rng.choice([(n[0], wanted[0]), (n, wanted), (n[0], None)])])
    told = same(page, cases)
    assert sum(isinstance(each, dict) and bool(each["repairs"]) for each in told) > 100


def test_decoders_and_whole_models_are_the_librarys(mount, page):
    mount(ShapeExplorer())
    cases = [[START, n, wanted] for n in range(1, 60) for wanted in (n, n + 1)]
    cases += [[text, n, 28] for text in FORMS_OF_A_MODEL.values() for n in (28, 27)]
    told = same(page, cases)
    assert sum("; line" in each["repairs"][0] for each in told if each["repairs"]) > 5


def test_whatever_is_pasted_is_read_or_refused_alike(mount, page):
    mount(ShapeExplorer())
    rng = random.Random(2)
    cases = [["".join(rng.choices(PIECES, k=rng.randint(1, 14))), 9, 9] for _ in range(3000)]
    cases += [
        [text, 5, 5] for text in ("", "\u2028Conv2d(1,1,1)", "Conv2d(1,1,\U0001f600)", "x" * 20_001, "\x00(")
    ]
    cases += [[f"{line}\nConv2d(1, 1, 1)", 5, 5] for line, _ in NUMBERS_THAT_DO_NOT_FIT]
    told = same(page, cases)
    assert sum(isinstance(each, dict) for each in told) > 30
    assert len({each for each in told if isinstance(each, str)}) > 5


def test_typing_draws_sizes_and_repairs_and_a_bad_text_leaves_the_last(mount, page):
    box = mount(ShapeExplorer())
    assert box.locator(".message p").first.inner_text() == "28 → 14 → 7 → 13 → 25, and not 28"
    assert "output_padding=1" in box.locator(".repairs code").first.inner_text()
    area = box.get_by_label("layers")
    area.fill("nn.ConvTranspose2d(1, 1, 4, 2, 1)\nnn.Linear(3, 4)")
    assert "got nn.Linear in line 2" in box.locator(".message.wrong").inner_text()
    area.fill("nn.ConvTranspose2d(1, 1, 4, 2, 1)")
    box.get_by_label("wanted").fill("56")
    assert box.locator(".message p").first.inner_text() == "28 → 56, as wanted"
    assert box.locator(".repairs").inner_text() == "Nothing to repair."
    box.get_by_label("wanted").fill("0")
    assert "must be a whole number from 1 to 4096: got 0" in box.locator(".message.wrong").inner_text()


def test_what_is_being_typed_stays_while_the_pointer_passes(mount, page):
    box = mount(ShapeExplorer())
    size = box.get_by_role("spinbutton", name="n", exact=True)
    size.fill("")
    box.locator(".row[data-at]").first.hover()
    assert size.input_value() == ""
    assert "got nothing" in box.locator(".message.wrong").inner_text()
    size.fill("30")
    assert box.locator(".row.lit code").inner_text().startswith("nn.")


@pytest.mark.parametrize("width", [320, 900])
def test_a_size_of_many_digits_stands_in_one_line(mount, page, width):
    box = mount(ShapeExplorer(text="nn.Upsample(scale_factor=1000)\nnn.Upsample(scale_factor=3)", n=4096))
    page.set_viewport_size({"width": width, "height": 900})
    over = "all => all.map((each) => [each.offsetHeight, each.scrollWidth > each.clientWidth])"
    looks = box.locator(".row b").evaluate_all(over)
    assert len(looks) == 3 and all(look == [looks[0][0], False] for look in looks)
    starts = "all => all.map((each) => each.getBoundingClientRect().left)"
    assert len(set(box.locator(".row .track").evaluate_all(starts))) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_steps_through_the_layers(mount, page):
    box = mount(ShapeExplorer())
    box.get_by_role("slider", name="Sizes").press("End")
    assert box.locator(".row.lit b").inner_text() == "25"
    assert "(13 - 1)*2 - 2*1 + 1*(3 - 1) + 0 + 1 = 25" in box.locator(".message").inner_text()


def test_each_example_says_what_it_is_for(mount, page):
    box = mount(ShapeExplorer())
    said = {}
    for name in ("torch's DCGAN", "U-Net", "Keras"):
        box.get_by_role("combobox", name="presets").select_option(name)
        said[name] = box.locator(".message p").first.inner_text()
    assert said["torch's DCGAN"] == "1 → 4 → 8 → 16 → 32 → 64, as wanted"
    assert said["U-Net"].endswith("→ 96, and not 100") and said["Keras"].endswith("→ 29, and not 28")


def test_a_repair_is_copied_as_code(mount, page):
    box = mount(ShapeExplorer(text="nn.ConvTranspose2d(8, 1, 3, 2, 1)", n=14, wanted=28))
    box.get_by_role("button", name="copy line 1").first.click()
    assert page.evaluate("getSelection().toString()") == "nn.ConvTranspose2d(8, 1, 3, 2, 1, output_padding=1)"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [480, 900])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(mount, page, width, dark):
    box = mount(ShapeExplorer(), width=width, dark=dark)
    page.add_script_tag(path=AXE)
    found = box.evaluate("element => axe.run(element, { resultTypes: ['violations'] })")
    assert found["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
