"""The quizzes: their names and texts, and that the right answer is not there to be read.

tests/browser/test_quizzes.py has what is drawn and said.
"""

import json
import subprocess
import sys

import pytest

from tconv_helpers import quiz
from tconv_helpers.exercises.quizzes import quizzes, seal, unseal
from tconv_helpers.grading.answers import ROOT, quiz_sources

SOURCE = quiz_sources()
CHOICE = next(name for name, row in SOURCE.items() if "choices" in row)
NUMBER = next(name for name, row in SOURCE.items() if "numbers" in row)


@pytest.mark.parametrize("name", [name for name, row in SOURCE.items() if "choices" in row])
def test_the_choices_are_shown_in_their_order(name):
    assert quiz(name).choices == list(SOURCE[name]["choices"])


def test_the_key_is_not_in_clear_text():
    """Neither in what is installed nor in the state of a form, which a saved notebook would hold."""
    package = (ROOT / "tconv_helpers/exercises/quizzes.json").read_text(encoding="utf-8")
    for name, row in SOURCE.items():
        state = json.dumps(quiz(name).get_state())
        assert json.dumps(row["question"]) in state
        for why in [*row.get("choices", {}).values(), *row.get("numbers", {}).values()]:
            assert json.dumps(why, ensure_ascii=False)[1:-1] not in package
            assert json.dumps(why)[1:-1] not in state
        assert not row.get("numbers") or "numbers" not in quizzes()[name]
        assert quizzes()[name].keys() == {"question", "choices", "sealed", "otherwise"}


def test_nothing_but_the_answer_opens_an_explanation():
    label, text = seal("q", "7", "Right: n − m + 1, and more than one block of it.")
    assert unseal("q", "7", {label: text}) == "Right: n − m + 1, and more than one block of it."
    assert unseal("q", "8", {label: text}) is unseal("p", "7", {label: text}) is None


def test_two_forms_of_one_quiz_are_independent():
    first, second = quiz(CHOICE), quiz(CHOICE)
    first.given = ["n"]
    assert first.given and not second.given


def test_the_answers_given_are_part_of_the_state():
    form = quiz(NUMBER)
    form.given = ["2,50"]
    assert form.get_state()["given"] == ["2,50"]


def test_the_text_of_a_form_is_the_whole_question():
    bundle, _ = quiz(CHOICE)._repr_mimebundle_()
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


def test_sealing_imports_no_widgets():
    code = "import sys, tconv_helpers.exercises.quizzes; print({'anywidget', 'ipywidgets'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
