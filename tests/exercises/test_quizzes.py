"""The quizzes: every answer is explained, and the right one is not there to be read."""

import pytest

from tconv_helpers import quiz
from tconv_helpers.exercises.quizform import tidy
from tconv_helpers.exercises.quizzes import quizzes
from tconv_helpers.grading.answers import ROOT, quiz_sources

SOURCE = quiz_sources()
CHOICE = next(name for name, row in SOURCE.items() if "choices" in row)
NUMBER = next(name for name, row in SOURCE.items() if "numbers" in row)


@pytest.mark.parametrize("name", [name for name, row in SOURCE.items() if "choices" in row])
def test_a_click_explains_the_choice(name):
    form = quiz(name)
    assert [button.description for button in form.inputs] == list(SOURCE[name]["choices"])
    for button, why in zip(form.inputs, SOURCE[name]["choices"].values(), strict=True):
        button.click()
        assert form.explanation == why
        assert (button.icon == "check") == why.startswith("Right")


@pytest.mark.parametrize("name", [name for name, row in SOURCE.items() if "numbers" in row])
def test_a_typed_number_is_explained(name):
    form = quiz(name)
    field, button = form.inputs
    for number, why in SOURCE[name]["numbers"].items():
        field.value = f" {number} "
        assert form.explanation == why
    field.value = "1234.5"
    assert form.explanation == SOURCE[name]["otherwise"]
    field.value = ""
    assert form.explanation == ""
    field.value = "a guess"
    form.say("")
    button.click()
    assert form.explanation == SOURCE[name]["otherwise"]


def test_the_explanation_is_announced_and_escaped():
    form = quiz(CHOICE)
    form.say("n < m & more")
    assert form.said.value == '<div role="status" aria-live="polite">n &lt; m &amp; more</div>'


def test_the_key_is_not_in_clear_text():
    """Neither in what is installed nor in the state of a form, which a saved notebook would hold."""
    package = ROOT / "tconv_helpers/exercises/quizzes.json"
    for name, row in SOURCE.items():
        states = "".join(str(child.get_state()) for child in [quiz(name), *quiz(name).children])
        for why in [*row.get("choices", {}).values(), *row.get("numbers", {}).values()]:
            assert why not in package.read_text(encoding="utf-8") and why not in states
        assert not row.get("numbers") or "numbers" not in quizzes()[name]


def test_two_forms_of_one_quiz_are_independent():
    first, second = quiz(CHOICE), quiz(CHOICE)
    first.inputs[0].click()
    assert first.explanation and not second.explanation


def test_the_text_of_a_form_is_the_whole_question():
    bundle = quiz(CHOICE)._repr_mimebundle_()
    assert bundle["text/plain"].splitlines() == [
        f"Quiz: {SOURCE[CHOICE]['question']}",
        *(f"  ( ) {choice}" for choice in SOURCE[CHOICE]["choices"]),
    ]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert str(quiz(NUMBER)).endswith("[ type a number ]")


def test_an_unknown_quiz():
    with pytest.raises(KeyError) as error:
        quiz("01-term")
    assert error.value.args == ("quiz takes the name of a quiz: got '01-term'; did you mean '01-terms'?",)
    with pytest.raises(KeyError, match="copy it from the course's notebook"):
        quiz("?")


@pytest.mark.parametrize("name", SOURCE)
def test_a_number_is_sealed_as_it_is_tidied(name):
    for number in SOURCE[name].get("numbers", {}):
        assert tidy(number) == number
