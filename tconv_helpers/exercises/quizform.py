"""`quiz`: a question in the notebook, answered by clicking or typing, and an explanation for every answer."""

import html
import re
from difflib import get_close_matches

from ipywidgets import HTML, Button, HBox, Layout, Text, VBox

from .quizzes import quizzes, unseal


def quiz(name):
    """Return a form with the quiz of that name: a button for each choice, or a field for a number.

    Each answer gets its explanation below the form; Tab and Enter suffice. KeyError if there is no such quiz.

    >>> print(quiz("01-outputs"))
    Quiz: n = 10, m = 3, stride 2, padding 1, dilation 2. How many outputs?
      [ type a number ]
    """
    if name not in quizzes():
        close = get_close_matches(name, quizzes(), n=1)
        way_out = f"did you mean {close[0]!r}?" if close else "copy it from the course's notebook"
        raise KeyError(f"quiz takes the name of a quiz: got {name!r}; {way_out}")
    return QuizForm(name, **quizzes()[name])


class QuizForm(VBox):
    """Show a question, its choices or a field for a number, and the explanation of the last answer."""

    def __init__(self, name, question, choices, sealed, otherwise):
        self.name, self.question, self.choices = name, question, choices
        self.sealed, self.otherwise = sealed, otherwise
        self.said = HTML()
        if choices is None:
            field = Text(placeholder="a number", continuous_update=False, layout=Layout(width="9em"))
            button = Button(description="Answer", layout=Layout(width="auto"))
            field.observe(lambda change: self.answer(change.new), "value")
            button.on_click(lambda _: self.answer(field.value))
            self.inputs = [field, button]
            form = [HBox(self.inputs)]
        else:
            form = self.inputs = [self._button(choice) for choice in choices]
        super().__init__([HTML(f"<b>{html.escape(question)}</b>"), *form, self.said])
        self.add_class("tconv-quiz")
        self.say("")

    def _button(self, choice):
        wide = Layout(width="auto", min_width="12em", align_self="flex-start")
        button = Button(description=choice, tooltip=choice, layout=wide)
        button.on_click(lambda _: self.answer(choice, button))
        return button

    def answer(self, given, button=None):
        """Explain an answer below the form, and mark its button."""
        explanation = unseal(self.name, tidy(given) if self.choices is None else given, self.sealed)
        if explanation is None:
            explanation = self.otherwise if given.strip() else ""
        self.say(explanation)
        if button is not None:
            right = explanation.startswith("Right")
            button.button_style, button.icon = ("success", "check") if right else ("", "times")

    def say(self, explanation):
        """Show an explanation below the form, and have a screen reader say it."""
        self.explanation = explanation
        self.said.value = f'<div role="status" aria-live="polite">{html.escape(explanation)}</div>'

    def __repr__(self):
        choices = (
            ["[ type a number ]"] if self.choices is None else [f"( ) {choice}" for choice in self.choices]
        )
        return "\n".join([f"Quiz: {self.question}", *(f"  {choice}" for choice in choices)])

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self)}  # ipywidgets would cut it at 110 characters


def tidy(number):
    """Return a number as it is sealed: no blanks, no separated thousands, a point, no comma, no idle zeros.

    >>> tidy(" 2,50 "), tidy("7.0"), tidy("seven"), tidy("2,056"), tidy("2 056"), tidy("0,125")
    ('2.5', '7', 'seven', '2056', '2056', '0.125')
    """
    whole = re.sub(r"^([1-9]\d{0,2})[, ](\d{3})$", r"\1\2", number.strip())
    try:
        return f"{float(whole.replace(',', '.')):g}"
    except ValueError:
        return number.strip()
