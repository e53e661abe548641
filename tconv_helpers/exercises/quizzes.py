"""The quizzes: their questions, and for every answer an explanation sealed under it.

`quizzes.json` holds them; which choice is right, and why, is sealed under the choice itself, so that it is
not read by accident. Four choices are soon tried: it is a seal, not a safe, and no points depend on it.
"""

import json
from base64 import b64decode, b64encode
from functools import cache
from hashlib import shake_256
from importlib.resources import files


@cache
def quizzes():
    """Return question, choices (None: a number is asked for) and sealed explanations of each quiz."""
    return json.loads(files(__package__).joinpath("quizzes.json").read_text(encoding="utf-8"))


def seal(name, answer, explanation):
    """Return (label, text) of an explanation that only its answer opens, and that does not tell it."""
    label, stream = _keys(name, answer, len(explanation.encode()))
    return label, b64encode(bytes(a ^ b for a, b in zip(explanation.encode(), stream, strict=True))).decode()


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
    return bytes(a ^ b for a, b in zip(text, _keys(name, answer, len(text))[1], strict=True)).decode()


def _keys(name, answer, length):
    key = shake_256(f"{name}\0{answer}".encode()).digest(8 + length)
    return key[:8].hex(), key[8:]
