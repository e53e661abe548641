"""The quizzes: their questions, and for every answer an explanation sealed under it.

`quizzes.json` holds them; which choice is right, and why, is sealed under the choice itself, so that it is
not read by accident. Four choices are soon tried: it is a seal, not a safe, and no points depend on it.
The page opens it: `seal.js` of `explore` has the same stream.
"""

import json
from base64 import b64decode, b64encode
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from importlib.resources import files


def quiz(name):
    """Return a form with the quiz of that name: a button for each choice, or a field for a number.

    Each answer gets its explanation below the form; Tab and Enter suffice. KeyError if there is no such quiz.

    >>> print(quiz("01-outputs"))
    Quiz: n = 10, m = 3, stride 2, padding 1, dilation 2. How many outputs?
      [ type a number ]
    """
    from ..explore.quizform import QuizForm  # sealing needs no widgets

    if name not in quizzes():
        close = get_close_matches(name, quizzes(), n=1)
        way_out = f"did you mean {close[0]!r}?" if close else "copy it from the course's notebook"
        raise KeyError(f"quiz takes the name of a quiz: got {name!r}; {way_out}")
    return QuizForm(name=name, **quizzes()[name])


@cache
def quizzes():
    """Return question, choices (None: a number is asked for) and sealed explanations of each quiz."""
    return json.loads(files(__package__).joinpath("quizzes.json").read_text(encoding="utf-8"))


def seal(name, answer, explanation):
    """Return (label, text) of an explanation that only its answer opens, and that does not tell it."""
    text = explanation.encode()
    label, stream = _keys(name, answer, len(text))
    return label, b64encode(_xor(text, stream)).decode()


def unseal(name, answer, sealed):
    """Return the explanation that `seal` put away under this answer, None if there is none.

    >>> label, text = seal("q", "7", "Right: the kernel fits in five places.")
    >>> unseal("q", "7", {label: text}), unseal("q", "8", {label: text})
    ('Right: the kernel fits in five places.', None)
    """
    label, _ = _keys(name, answer, 0)
    if label not in sealed:
        return None
    text = b64decode(sealed[label])
    return _xor(text, _keys(name, answer, len(text))[1]).decode()


def _keys(name, answer, length):
    blocks = range(-(-(8 + length) // 32))
    key = b"".join(sha256(f"{name}\0{answer}\0{block}".encode()).digest() for block in blocks)
    return key[:8].hex(), key[8 : 8 + length]


def _xor(text, stream):
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))
