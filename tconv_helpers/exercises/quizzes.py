"""`quiz`: a question in the notebook, answered by clicking or typing, and an explanation for every answer.

`quizzes.json` holds the questions; which choice is right, and why, is sealed under the choice itself, so that
it is not read by accident. Four choices are soon tried: it is a seal, not a safe, and no points depend on it.
"""

import json
from base64 import b64decode, b64encode
from difflib import get_close_matches
from functools import cache
from hashlib import shake_256
from importlib.resources import files


def quiz(name):
    """A form with the quiz of that name: a button for each choice, or a field for a number.

    Each answer gets its explanation below the form; Tab and Enter suffice. KeyError if there is no such quiz.

    >>> print(quiz("01-outputs"))
    Quiz: n = 10, m = 3, stride 2, padding 1, dilation 2. How many outputs?
      [ type a number ]
    """
    if name not in quizzes():
        close = get_close_matches(name, quizzes(), n=1)
        way_out = f"did you mean {close[0]!r}?" if close else "copy it from the course's notebook"
        raise KeyError(f"quiz takes the name of a quiz: got {name!r}; {way_out}")
    from .quizform import QuizForm

    return QuizForm(name, **quizzes()[name])


@cache
def quizzes():
    """Question, choices (None: a number is asked for) and sealed explanations of each quiz."""
    return json.loads(files(__package__).joinpath("quizzes.json").read_text(encoding="utf-8"))


def seal(name, answer, explanation):
    """An explanation that only its answer opens: the pair (label, text), which does not tell the answer."""
    label, stream = _keys(name, answer, len(explanation.encode()))
    return label, b64encode(bytes(a ^ b for a, b in zip(explanation.encode(), stream, strict=True))).decode()


def unseal(name, answer, sealed):
    """The explanation that `seal` put away under this answer, None if there is none.

    >>> label, text = seal("q", "7", "Right: the kernel fits in five places.")
    >>> unseal("q", "7", {label: text}), unseal("q", "8", {label: text})
    ('Right: the kernel fits in five places.', None)
    """
    label, _ = _keys(name, answer, 0)
    if label not in sealed:
        return None
    text = b64decode(sealed[label])
    return bytes(a ^ b for a, b in zip(text, _keys(name, answer, len(text))[1], strict=True)).decode()


def _keys(name, answer, length):
    key = shake_256(f"{name}\0{answer}".encode()).digest(8 + length)
    return key[:8].hex(), key[8:]
