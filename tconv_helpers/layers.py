"""Layers as people write them, read from text and never run (standard library only).

PyTorch's and Keras's names, positional or by keyword, one a line, in `nn.Sequential`, in a module's
`__init__`, or as a model prints itself.
"""

import re
from dataclasses import dataclass, replace

MAX_TEXT = 20_000  # characters
MAX_LAYERS = 100

_CONV = "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode"
_TRANSPOSE = (
    "in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode"
)
_POOL = "kernel_size stride padding dilation return_indices ceil_mode"
_KERAS = "filters kernel_size stride padding"
# What a layer's name begins with -> (kind, its positional parameters). Keras writes 2D, PyTorch 2d.
KINDS = {
    "Conv.d": ("conv", _CONV),
    "LazyConv.d": ("conv", _CONV.removeprefix("in_channels ")),
    "ConvTranspose.d": ("transpose", _TRANSPOSE),
    "LazyConvTranspose.d": ("transpose", _TRANSPOSE.removeprefix("in_channels ")),
    "MaxPool.d": ("pool", _POOL),
    "AvgPool.d": ("pool", "kernel_size stride padding ceil_mode"),
    "MaxUnpool.d": ("unpool", "kernel_size stride padding"),
    "Upsample": ("upsample", "size scale_factor mode"),
    "UpsamplingNearest2d": ("upsample", "size scale_factor"),
    "UpsamplingBilinear2d": ("upsample", "size scale_factor"),
    "PixelShuffle": ("shuffle", "upscale_factor"),
    "PixelUnshuffle": ("unshuffle", "downscale_factor"),
    "Conv.D": ("keras conv", _KERAS),
    "Conv.DTranspose": ("keras transpose", _KERAS),
    "MaxPooling.D": ("keras pool", "kernel_size stride padding"),
    "AveragePooling.D": ("keras pool", "kernel_size stride padding"),
    "UpSampling.D": ("keras upsample", "size"),
}
# What Keras calls otherwise
ALIASES = {"strides": "stride", "dilation_rate": "dilation", "pool_size": "kernel_size"}
# These keep the size.
KEEPS = re.compile(
    r"(\w*Norm(\.d)?|BatchNormalization|\w*ReLU\d?|ReLU|[GSE]ELU|SiLU|Mish|Tanh|Sigmoid|Softplus|Hard\w+|"
    r"Identity|\w*Dropout(\.[dD])?|Activation|Softmax|InputLayer|Input)"
)
# These only hold others.
HOLDS = {"Sequential", "ModuleList", "Model", "Module"}

_TOKEN = re.compile(r"""#[^\n]*|"[^"\n]*"|'[^'\n]*'|[A-Za-z_][\w.]*|\d+(?:\.\d*)?|[()\[\]{},=]|\n|\S""")
_VALUES = {"None": None, "True": True, "False": False}


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
    def _entry(self):
        return KINDS[_pattern(self.name)]

    @property
    def kind(self):
        """Return what it does to a size, one of those in KINDS."""
        return self._entry[0]

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
        names = self._entry[1].split()
        index = names.index(parameter) if parameter in names else len(self.arguments)
        return index if index < len(self.arguments) and not self.arguments[index][0] else None

    def value(self, parameter, default):
        """Return the value of a parameter: a number, a word, or a tuple of numbers.

        ValueError if something else stands there: a name, a sum.
        """
        place = self._place(parameter)
        if place is None:
            return default
        text = self.arguments[place][1]
        value = _value(text)
        if value is _value:
            raise ValueError(
                f"{parameter} must be a number or a tuple of numbers: got {text} in line {self.line}; "
                "write the number"
            )
        return default if value is None else value

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
    if len(text) > MAX_TEXT:
        raise ValueError(
            f"the text must have at most {MAX_TEXT} characters: got {len(text)}; paste the layers alone"
        )
    tokens, layers = _tokens(text), []
    for index, (line, word) in enumerate(tokens):
        name = word.rpartition(".")[2]
        if not _is_call(tokens, index) or name in HOLDS or KEEPS.fullmatch(_pattern(name)):
            continue
        if _pattern(name) not in KINDS:
            raise ValueError(
                f"each layer must be one whose sizes are known: got {word} in line {line}; leave it out, "
                "or paste the layers before and after it one by one"
            )
        layers.append(Layer(line, word, _arguments(tokens, index + 1)))
    if not layers:
        raise ValueError("the text must hold a layer, such as nn.ConvTranspose2d(64, 32, 4, 2, 1): got none")
    if len(layers) > MAX_LAYERS:
        raise ValueError(
            f"there must be at most {MAX_LAYERS} layers: got {len(layers)}; paste a part of them"
        )
    return layers


def _pattern(name):
    """Return the last part of a dotted name, with a point for its digit: nn.Conv2d as Conv.d."""
    name = name.rpartition(".")[2]
    return name if name in KINDS else re.sub(r"[123](?=[dD])", ".", name)


def _tokens(text):
    """Return (line, word) of each word and sign of a text, without comments."""
    line, found = 1, []
    for token in _TOKEN.findall(text):
        if token == "\n":
            line += 1
        elif token[0] != "#":
            found.append((line, token))
    return found


def _is_call(tokens, index):
    """Return whether a layer is made here: a capitalised name before a bracket, where no class begins."""
    word = tokens[index][1]
    begins = index and tokens[index - 1][1] in ("class", "def")
    opens = index + 1 < len(tokens) and tokens[index + 1][1] == "("
    return opens and not begins and bool(re.match(r"[A-Z]", word.rpartition(".")[2]))


def _arguments(tokens, start):
    """Return (keyword, text) of each argument between the bracket at `start` and the one that closes it."""
    depth, parts = 0, [[]]
    for _, word in tokens[start:]:
        depth += (word in "([{") - (word in ")]}")
        if depth == 0:
            return tuple(_argument(part) for part in parts if part)
        if depth == 1 and word == ",":
            parts.append([])
        elif parts[-1] or word != "(" or depth > 1:
            parts[-1].append(word)
    line = tokens[start][0]
    raise ValueError(
        f"each bracket must be closed: got one that opens in line {line} and stays open; close it"
    )


def _argument(words):
    keyword = words[0] if len(words) > 2 and words[1] == "=" else ""
    words = words[2:] if keyword else words
    return keyword, " ".join(words).replace(" ,", ",").replace("( ", "(").replace(" )", ")")


def _value(text):
    """Return what a text stands for; the function itself if that is no plain value."""
    if text in _VALUES:
        return _VALUES[text]
    if text[0] in "\"'":
        return text[1:-1]
    if text[0] in "([" and text[-1] in ")]":
        values = tuple(_value(part.strip()) for part in text[1:-1].split(",") if part.strip())
        return values if all(isinstance(value, int) for value in values) else _value
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return _value
