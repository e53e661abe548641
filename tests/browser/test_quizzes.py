"""The quizzes as they are drawn and heard: on a bare page, in a file of their own, in JupyterLab."""

import json
from hashlib import sha256

import numpy as np
import pytest

from tconv_helpers import quiz
from tconv_helpers.explore.quizform import QuizForm
from tconv_helpers.grading.answers import quiz_sources

from .test_explorers_in_lab import AXE, NORMAL_FORM

SOURCE = quiz_sources()
CHOICES = {name: row["choices"] for name, row in SOURCE.items() if "choices" in row}
NUMBERS = {name: row["numbers"] for name, row in SOURCE.items() if "numbers" in row}
CHOICE, NUMBER = next(iter(CHOICES)), next(iter(NUMBERS))
MAKE = "from tconv_helpers import quiz\nform = quiz({0!r})\nform"


def verdict(why):
    """Return the mark that an answer with this explanation gets."""
    return "right" if why.startswith("Right") else "wrong"


def right(answers):
    return next(answer for answer, why in answers.items() if verdict(why) == "right")


def wrong(answers):
    return next(answer for answer, why in answers.items() if verdict(why) == "wrong")


def said(form):
    return form.get_by_role("status").text_content()


def signs(form):
    """Return the marks in the form, by the name of what they stand in or beside."""
    return [sign.get_attribute("aria-label") for sign in form.locator("svg[role=img]").all()]


def button(form, choice):
    return form.locator("button").nth(list(CHOICES[CHOICE]).index(choice))


# On a bare page


@pytest.mark.parametrize("name", CHOICES)
def test_a_click_explains_the_choice(mount, name):
    form = mount(quiz(name))
    buttons = form.locator("button")
    assert buttons.all_text_contents() == list(CHOICES[name])
    assert (form.locator(".question").text_content(), said(form)) == (SOURCE[name]["question"], "")
    for j, why in enumerate(CHOICES[name].values()):
        assert signs(buttons.nth(j)) == []
        buttons.nth(j).click()
        assert (said(form), signs(buttons.nth(j))) == (why, [verdict(why)])
        assert len(signs(form)) == j + 1


@pytest.mark.parametrize("name", NUMBERS)
def test_a_typed_number_is_explained_and_marked(mount, name):
    form = mount(quiz(name))
    field = form.get_by_role("textbox")
    for number, why in NUMBERS[name].items():
        field.fill(f" {number} ")
        assert signs(form) == []
        field.press("Enter")
        assert (said(form), signs(form), field.input_value()) == (why, [verdict(why)], f" {number} ")
    for other in ("1234.5", "a guess", "0x1"):
        field.fill(other)
        form.get_by_role("button", name="Answer").click()
        assert (said(form), signs(form)) == (SOURCE[name]["otherwise"], ["wrong"])
    field.fill(" ")
    field.press("Enter")
    assert (said(form), signs(form)) == ("", [])


WRONG, RIGHT = wrong(CHOICES[CHOICE]), right(CHOICES[CHOICE])


@pytest.mark.parametrize("given", [[], [WRONG], [WRONG, RIGHT]])
def test_the_state_is_what_is_shown(mount, page, given):
    form = quiz(CHOICE)
    form.given = given
    shown = mount(form)
    assert {*signs(shown)} == {verdict(CHOICES[CHOICE][answer]) for answer in given}
    assert said(shown) == "".join(CHOICES[CHOICE][answer] for answer in given[-1:])
    button(shown, WRONG).click()
    assert page.evaluate("model.get('given')") == [*given[1:], WRONG]


def test_a_number_is_shown_as_it_was_typed(mount, page):
    form = quiz(NUMBER)
    form.given = [f"{right(NUMBERS[NUMBER])},0"]
    shown = mount(form)
    assert (shown.get_by_role("textbox").input_value(), signs(shown)) == (form.given[0], ["right"])
    page.evaluate("model.set({ given: ['99'] })")
    assert (said(shown), signs(shown)) == (SOURCE[NUMBER]["otherwise"], ["wrong"])


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_tab_reaches_all_and_a_key_answers(mount, page, key):
    form = mount(quiz(CHOICE))
    for why in CHOICES[CHOICE].values():
        page.keyboard.press("Tab")
        page.keyboard.press(key)
        assert said(form) == why
    form = mount(quiz(NUMBER))
    page.keyboard.press("Tab")
    page.keyboard.type(right(NUMBERS[NUMBER]))
    page.keyboard.press("Tab")
    page.keyboard.press(key)
    assert signs(form) == ["right"]


def test_the_explanation_is_announced_and_escaped(mount):
    row = {"question": "n < m & more?", "choices": None, "sealed": {}, "otherwise": "<b>n</b> &lt; m"}
    form = mount(QuizForm(name="q", **row, given=["1"]))
    assert (said(form), form.locator(".question").text_content()) == (row["otherwise"], row["question"])
    assert form.get_by_role("status").get_attribute("aria-live") == "polite"


def test_a_closed_form_listens_no_more(mount, page):
    form = mount(quiz(CHOICE))
    page.evaluate("answer => { dispose(); model.set({ given: [answer] }); }", RIGHT)
    assert said(form) == ""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", [CHOICE, NUMBER])
def test_axe_finds_nothing(mount, page, name, dark):
    form = quiz(name)
    answers = SOURCE[name].get("choices") or SOURCE[name]["numbers"]
    form.given = list(answers) if name == CHOICE else [wrong(answers)]
    shown = mount(form, dark=dark)
    page.add_script_tag(path=AXE)
    found = shown.evaluate("element => axe.run(element)")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    passed = {each["id"]: len(each["nodes"]) for each in found["passes"]}
    assert passed["color-contrast"] >= (6 if name == CHOICE else 3)  # question, answers, explanation
    assert passed["svg-img-alt"] == len(form.given)


@pytest.mark.parametrize("width", [900, 320])
def test_nothing_is_clipped(mount, width):
    over = "element => [element.scrollWidth - element.clientWidth, document.body.scrollWidth - innerWidth]"
    for name, row in SOURCE.items():
        form = quiz(name)
        form.given = list(row.get("choices") or row["numbers"])[:1]
        assert mount(form, width).evaluate(over) == [0, 0], name


def test_it_works_in_a_file_of_its_own(page, tmp_path):
    """Without a server, so that a saved page may hold it."""
    form = quiz(CHOICE)
    state = json.dumps(form.get_state(["name", "question", "choices", "sealed", "otherwise", "given"]))
    (tmp_path / "quiz.html").write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>quiz</title><body><div id=el></div>"
        f"<style>{form._css}</style><script type=module>"
        f"{form._esm.replace('export default', 'const quiz =')}\nconst state = {state};\nlet changed;"
        "const model = { get: (name) => state[name], set: (values) => changed(Object.assign(state, values)),"
        "on: (_, listener) => (changed = listener), save_changes: () => {} };"
        "quiz.render({ model, el: document.getElementById('el') });</script>",
        encoding="utf-8",
    )
    page.goto((tmp_path / "quiz.html").as_uri())
    page.locator(".tconv-quiz button").first.click()
    assert said(page) == next(iter(CHOICES[CHOICE].values()))


# The seal, and a number as it is sealed

MODULE = """async (given) => {
    const url = URL.createObjectURL(new Blob([given.text], { type: "text/javascript" }));
    const { sha256, tidy } = await import(url);
    const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [given.messages.map((bytes) => hex(sha256(Uint8Array.from(bytes)))), given.numbers.map(tidy)];
}"""


def in_javascript(page, messages=(), numbers=()):
    """Return the digests of messages of bytes, and numbers as they are sealed."""
    given = {"messages": [list(each) for each in messages], "numbers": list(numbers)}
    return page.evaluate(MODULE, {"text": QuizForm._esm, **given})


def test_the_digest_is_hashlibs(page):
    rng = np.random.default_rng(0)
    messages = [rng.bytes(length) for length in [*range(200), 1000, 10_000]]
    digests, _ = in_javascript(page, messages)
    assert digests == [sha256(message).hexdigest() for message in messages]


def test_it_needs_no_secure_context(mount, page):
    mount(quiz(CHOICE))
    assert page.evaluate("[isSecureContext, crypto.subtle ?? null]") == [False, None]
    assert "crypto" not in QuizForm._esm.replace("crypto.subtle is missing", "")


TIDIED = {
    **{" 2,50 ": "2.5", "7.0": "7", "seven": "seven", "2,056": "2056", "2 056": "2056", "0,125": "0.125"},
    **{"007": "7", "7.": "7", ".5": "0.5", "+4": "4", "-3.50": "-3.5", "-0.0": "0", "1e3": "1000"},
    **{"4,5": "4.5", "12,345": "12345", "1,234,567": "1,234,567", "0,250": "0.25", "1.000": "1"},
    **{"": "", " ": "", "0x10": "0x10", "1/2": "1/2", "3 5": "3 5", "1_000": "1_000", "Infinity": "Infinity"},
    **{"0.3333333": "0.333333", "2056.000": "2056"},
}


def test_a_number_is_tidied(page):
    _, tidied = in_javascript(page, numbers=TIDIED)
    assert dict(zip(TIDIED, tidied, strict=True)) == TIDIED


def test_a_number_is_sealed_as_it_is_tidied(page):
    numbers = [number for row in NUMBERS.values() for number in row]
    assert in_javascript(page, numbers=numbers)[1] == numbers


# In JupyterLab


def shown(page, lab, name, *sources):
    lab.open(page, lab.write(name, *sources))
    lab.run(page)
    forms = page.locator(".tconv-quiz")
    forms.nth(len(sources) - 1).wait_for()
    return forms


def test_it_outlives_its_kernel_and_meets_the_next_one(lab, page):
    choice, number = MAKE.format(CHOICE), MAKE.format(NUMBER)
    forms = shown(page, lab, "quizzes.ipynb", choice, number)
    button(forms.nth(0), WRONG).click()
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    button(forms.nth(0), RIGHT).click()
    assert said(forms.nth(0)) == CHOICES[CHOICE][RIGHT]
    field = forms.nth(1).get_by_role("textbox")
    field.fill(right(NUMBERS[NUMBER]))
    field.press("Enter")
    assert {*signs(forms.nth(0))} == {"right", "wrong"} and signs(forms.nth(1)) == ["right"]
    lab.run(page)
    page.wait_for_function("document.querySelectorAll('.tconv-quiz svg').length === 0")
    button(page.locator(".tconv-quiz").nth(0), RIGHT).click()
    assert lab.ask(page, f"form = quiz({CHOICE!r})") == ""


def test_the_kernel_hears_the_answer_and_python_gives_one(lab, page):
    form = shown(page, lab, "one.ipynb", MAKE.format(NUMBER)).first
    form.get_by_role("textbox").fill("2,0")
    form.get_by_role("textbox").press("Enter")
    assert lab.hears(page, "print(form.given)", "['2,0']\n")
    assert lab.ask(page, f"form.given = [{right(NUMBERS[NUMBER])!r}]") == ""
    form.locator(".said.right").wait_for()
    assert form.get_by_role("textbox").input_value() == right(NUMBERS[NUMBER])


def test_what_is_typed_is_not_taken_for_a_shortcut(lab, page):
    forms = shown(page, lab, "typed.ipynb", MAKE.format(NUMBER), MAKE.format(CHOICE))
    form, chosen = forms.nth(0), button(forms.nth(1), RIGHT)
    cells = "jupyterapp.shell.currentWidget.content.widgets.length"
    field = form.get_by_role("textbox")
    field.click()
    page.keyboard.type("ab dd m y")
    page.keyboard.press("Enter")
    assert (field.input_value(), page.evaluate(cells)) == ("ab dd m y", 2)
    assert said(form) == SOURCE[NUMBER]["otherwise"]
    chosen.focus()
    page.keyboard.type("bdd")
    page.keyboard.press("Enter")
    assert (signs(chosen), page.evaluate(cells)) == (["right"], 2)
    assert chosen.evaluate("element => element === document.activeElement")


def test_a_saved_page_shows_its_answers_before_anything_has_run(lab, page):
    lab.write("answered.ipynb", MAKE.format(CHOICE) + f".set_trait('given', [{RIGHT!r}])", "form")
    lab.jupyter("nbconvert", "--config", NORMAL_FORM, "answered.ipynb")
    lab.jupyter("trust", "answered.ipynb")
    lab.open(page, "answered.ipynb")
    lab.restored(page)
    form = page.locator(".tconv-quiz")
    assert (said(form), signs(form)) == (CHOICES[CHOICE][RIGHT], ["right"])
    page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    button(form, WRONG).click()
    assert said(form) == CHOICES[CHOICE][WRONG]


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing_in_lab(lab, page, theme):
    forms = shown(page, lab, "axe.ipynb", MAKE.format(CHOICE), MAKE.format(NUMBER))
    for answer in CHOICES[CHOICE]:
        button(forms.nth(0), answer).click()
    forms.nth(1).get_by_role("textbox").fill("99")
    forms.nth(1).get_by_role("textbox").press("Enter")
    page.add_script_tag(path=AXE)
    height = page.add_style_tag(content="body { height: 100vh }")  # else axe takes what is in it for hidden
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
    page.locator("#jupyterlab-splash").wait_for(state="detached")  # it lies over the page as it fades
    for j in range(2):
        found = forms.nth(j).evaluate("element => axe.run(element)")
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
        assert sum(len(each["nodes"]) for each in found["passes"] if each["id"] == "color-contrast") >= 3
    height.evaluate("element => element.remove()")
