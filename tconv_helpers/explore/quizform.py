"""The form of a quiz: a question, answered by clicking or typing, and an explanation for every answer."""

import anywidget
from traitlets import List, Unicode

from ..marks import css_variables
from .joining import esm, joined
from .traits import Sent


class QuizForm(anywidget.AnyWidget):
    """Show a question, its choices or a field for a number, and the explanation of the last answer.

    ``sealed`` and ``otherwise`` are as in ``quizzes.json``; the page opens the explanation. ``given`` is the
    state: the choices tried, the last one last, or the number as it was typed.
    """

    _esm = esm("quiz.js")
    _css = css_variables(".tconv-quiz") + joined("theme.css", "quiz.css")
    name, question, choices, sealed, otherwise = Sent(), Sent(), Sent(), Sent(), Sent()
    given = List(Unicode()).tag(sync=True)

    def __repr__(self):
        blanks = ["[ type a number ]"] if self.choices is None else [f"( ) {each}" for each in self.choices]
        return "\n  ".join([f"Quiz: {self.question}", *blanks])
