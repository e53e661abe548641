"""Layers as people write them, read from text and never run (standard library only).

PyTorch's and Keras's names, by place or by keyword, one a line, in `nn.Sequential`, in a module's `__init__`,
or as a model prints itself. `layers.json` has their names and parameters; `explore/layers.js` reads it, too.
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

TABLE = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
KINDS, ALIASES, MOST = TABLE["kinds"], TABLE["aliases"], TABLE["most"]
KEEPS, HOLDS, TOKEN, NUMBER = (
    re.compile(TABLE[name], re.ASCII) for name in ("keeps", "holds", "token", "number")
)
_WORDS = {"None": None, "True": True, "False": False}
_NO_VALUE = object()


@dataclass(frozen=True)
class Layer:
    """Hold one layer: its line in the text, counted from 1, its name, and its arguments as they are written.

    arguments : (keyword or "", text) of each.
    """

    line: int
    name: str
    arguments: tuple

    def __str__(self):
        written = [f"{keyword}={text}" if keyword else text for keyword, text in self.arguments]
        return f"{self.name}({', '.join(written)})"

    @property
    def kind(self):
        """Return what it does to a size, as `layers.json` calls it."""
        return KINDS[_pattern(self.name)][0]

    @property
    def rank(self):
        """Return how many axes its name tells of, None if it does not tell."""
        digit = re.search(r"([123])[dD]", self.name)
        return int(digit[1]) if digit else None

    def _place(self, parameter):
        """Return the index of a parameter's argument, None if it is not written."""
        for index, (keyword, _) in enumerate(self.arguments):
            if ALIASES.get(keyword, keyword) == parameter:
                return index
        names = KINDS[_pattern(self.name)][1].split()
        index = names.index(parameter) if parameter in names else len(self.arguments)
        return index if index < len(self.arguments) and not self.arguments[index][0] else None

    def value(self, parameter):
        """Return the value of a parameter: a number, a word, a tuple of numbers; None if it is not written.

        ValueError if something else stands there: a name, a sum.
        """
        place = self._place(parameter)
        if place is None:
            return None
        text = self.arguments[place][1]
        if (value := _value(text)) is _NO_VALUE:
            raise ValueError(
                f"{parameter} must be a number, or a tuple of them: got {text}; write the number"
            )
        return value

    def changed(self, parameter, value):
        """Return the layer with another value of a parameter, written where it stood."""
        place, arguments = self._place(parameter), list(self.arguments)
        if place is None:
            return replace(self, arguments=(*arguments, (parameter, repr(value))))
        arguments[place] = (arguments[place][0], repr(value))
        return replace(self, arguments=tuple(arguments))


def read_layers(text):
    """Return the Layers in a text, in their order, without those that keep the size.

    ValueError for what is no layer that it knows, with its line.

    >>> text = "nn.Sequential(\\n    nn.ConvTranspose2d(64, 32, 4, stride=2),  # up\\n    nn.ReLU())"
    >>> [(layer.line, layer.kind, str(layer)) for layer in read_layers(text)]
    [(2, 'transpose', 'nn.ConvTranspose2d(64, 32, 4, stride=2)')]
    """
    if len(text) > (most := MOST["characters"]):
        raise ValueError(
            f"the text must have at most {most} characters: got {len(text)}; paste the layers alone"
        )
    tokens, layers = _tokens(text), []
    for index, (line, word) in enumerate(tokens):
        name = _pattern(word)
        if not _is_call(tokens, index) or HOLDS.fullmatch(name) or KEEPS.fullmatch(name):
            continue
        if name not in KINDS:
            raise ValueError(
                f"each layer must be one whose sizes are known: got {word} in line {line}; leave it out, "
                "or paste the layers before and after it one by one"
            )
        layers.append(Layer(line, word, _arguments(tokens, index + 1)))
    if not layers:
        raise ValueError("the text must hold a layer, such as nn.ConvTranspose2d(64, 32, 4, 2, 1): got none")
    if len(layers) > (most := MOST["layers"]):
        raise ValueError(f"there must be at most {most} layers: got {len(layers)}; paste a part of them")
    return layers


def _pattern(word):
    """Return the last part of a dotted name, with a point for its digit: nn.Conv2d as Conv.d."""
    return re.sub(r"[123](?=[dD])", ".", word.rpartition(".")[2])


def _tokens(text):
    """Return (line, word) of each word and sign of a text, without comments."""
    line, found = 1, []
    for match in TOKEN.finditer(text):
        if match[0] == "\n":
            line += 1
        elif match[0][0] != "#":
            found.append((line, match[0]))
    return found


def _is_call(tokens, index):
    """Return whether a layer is made here: a capitalised name before a bracket, where no class begins."""
    begins = index > 0 and tokens[index - 1][1] in ("class", "def")
    opens = index + 1 < len(tokens) and tokens[index + 1][1] == "("
    return opens and not begins and re.match(r"[A-Z]", tokens[index][1].rpartition(".")[2]) is not None


def _arguments(tokens, start):
    """Return (keyword, text) of each argument between the bracket at `start` and the one that closes it."""
    depth, parts = 0, [[]]
    for _, word in tokens[start + 1 :]:
        depth += (word in "([{") - (word in ")]}")
        if depth < 0:
            return tuple(_argument(part) for part in parts if part)
        if depth == 0 and word == ",":
            parts.append([])
        else:
            parts[-1].append(word)
    raise ValueError(
        f"each bracket must be closed: got one that opens in line {tokens[start][0]} and stays open; close it"
    )


def _argument(words):
    """Return (keyword or "", text) of one argument."""
    keyword = words[0] if len(words) > 2 and words[1] == "=" else ""
    text = " ".join(words[2:] if keyword else words)
    for wide, narrow in ((" ,", ","), ("( ", "("), (" )", ")")):
        text = text.replace(wide, narrow)
    return keyword, text


def _value(text):
    """Return what a text stands for: a number, a word, a tuple of numbers, None; else _NO_VALUE."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "\"'":
        return text[1:-1]
    if text[0] in "([":
        parts = [part for each in text[1:-1].split(",") if (part := each.strip())]
        values = tuple(map(_value, parts))
        return values if values and all(type(value) is int for value in values) else _NO_VALUE
    if not NUMBER.fullmatch(text):
        return _NO_VALUE
    return float(text) if float(text) % 1 else int(float(text))
