"""What every explorer shares: its traits, its words, and the joining of its JavaScript."""

import re
from operator import index
from pathlib import Path

import anywidget
from traitlets import Dict, TraitType

from ..marks import css_variables

FOLDER = Path(__file__).parent


IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)


def stage(file):
    """The ES module of one explorer: its file after all that it imports, less the imports."""
    return IMPORT.sub("", joined(*imported(file)))


def imported(file):
    """``file`` and what it imports, each once, in the order in which they can be joined."""
    needed = [each for name in IMPORT.findall(joined(file)) for each in imported(name)]
    return list(dict.fromkeys([*needed, file]))


def joined(*files):
    parts = [(FOLDER / file).read_text(encoding="utf-8") for file in files]
    return "\n".join(parts)


class Whole(TraitType):
    """A whole number from ``least`` to ``most`` (which may be a function of the explorer)."""

    def __init__(self, least, most, default):
        super().__init__(default)
        self.least, self.most = least, most
        self.tag(sync=True)

    def validate(self, obj, value):
        most = self.most(obj) if callable(self.most) else self.most
        try:
            if not isinstance(value, bool) and self.least <= index(value) <= most:
                return index(value)
        except TypeError:
            pass
        raise ValueError(
            f"{self.name} must be a whole number from {self.least} to {most} in this explorer: "
            f"got {self.name}={value!r}; use {self.least} to {most}"
        )


class Wholes(TraitType):
    """A tuple of 1 to ``most`` whole numbers, each from -9 to 9; ValueError for anything else."""

    def __init__(self, most, default, least=1):
        super().__init__(default)
        self.least, self.most = least, most
        self.tag(sync=True)

    def validate(self, obj, value):
        try:
            values = tuple(map(index, value))
        except TypeError:
            values = ()
        if self.least <= len(values) <= self.most and all(-9 <= v <= 9 for v in values):
            return values
        raise ValueError(
            f"{self.name} must be {self.least} to {self.most} whole numbers from -9 to 9 in this explorer: "
            f"got {self.name}={value!r}; use for example {self.name}={list(self.default_value)}"
        )


class Square(Wholes):
    """A tuple of 1 to ``most`` rows of as many whole numbers, each from -9 to 9; ValueError else."""

    def validate(self, obj, value):
        try:
            rows = tuple(tuple(map(index, row)) for row in value)
        except TypeError:
            rows = ()
        sizes = {len(rows), *map(len, rows)}
        if len(sizes) == 1 and 1 <= len(rows) <= self.most and all(-9 <= v <= 9 for row in rows for v in row):
            return rows
        raise ValueError(
            f"{self.name} must be a square of 1 to {self.most} rows of whole numbers from -9 to 9 in this "
            f"explorer: got {self.name}={value!r}; use for example {self.name}=[[1, 2], [3, 4]]"
        )


class Sent(TraitType):
    """What the client is sent beside the state: names, or images as bytes."""

    def __init__(self, default=None):
        super().__init__(default, allow_none=True)
        self.tag(sync=True)


class Explorer(anywidget.AnyWidget):
    """A stage that draws on the client, and the state that it shares with Python."""

    _css = css_variables(".tconv-explorer") + joined("explore.css")
    _start = Dict().tag(sync=True)  # the state that Reset goes back to

    def __init__(self, **state):
        if unknown := set(state) - set(self.state_names()):
            raise TypeError(
                f"{type(self).__name__} has no {sorted(unknown)[0]}; it has {', '.join(self.state_names())}"
            )
        super().__init__(**state)
        self._start = {name: getattr(self, name) for name in self.state_names()}

    @classmethod
    def state_names(cls):
        """The names of the traits that make up the picture."""
        return [name for name, trait in cls.class_traits().items() if isinstance(trait, (Whole, Wholes))]

    def summary(self):
        """What the picture shows, in words: the text form of the explorer."""
        raise NotImplementedError

    def __repr__(self):
        return f"{type(self).__name__}: {self.summary()}"


def size_of(name, resize):
    """A property: how many values a list trait has; setting it resizes them by ``resize(values, size)``."""

    def setter(self, size):
        setattr(self, name, resize(getattr(self, name), size))

    return property(lambda self: len(getattr(self, name)), setter)


def resized(values, size, fill=int):
    """The first ``size`` of ``values``; where there are too few, followed by ``fill(i)``, i from 1."""
    return (*values[:size], *(fill(i) for i in range(len(values) + 1, size + 1)))


def in_words(values):
    return " ".join(f"{value:g}".replace("-", "−") for value in values)
