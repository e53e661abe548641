"""The traits of an explorer: whole numbers between bounds, which the client hears of, too."""

import re
from operator import index
from urllib.parse import quote, unquote

from traitlets import TraitType


class Sent(TraitType):
    """Send the client what it needs beside the state: bounds, names, or images as bytes."""

    def __init__(self, default=None):
        super().__init__(default, allow_none=True)
        self.tag(sync=True)


class Bounded(TraitType):
    """Hold a part of the state between two bounds; ValueError for what does not fit.

    A subclass says how a value is read (TypeError if it cannot be), which values fit, and the rule in words
    with a way out.
    """

    def __init__(self, least, most, default):
        super().__init__(default)
        self.least, self.most = least, most
        self.tag(sync=True)

    def bounds(self, explorer):
        """Return the least and the most: of a number, or of how many values a list has."""
        return self.least, self.most(explorer) if callable(self.most) else self.most

    def validate(self, explorer, value):
        """Return the value as it is kept; ValueError with the rule if it does not fit."""
        bounds = self.bounds(explorer)
        try:
            read = self.read(value)
        except TypeError:
            read = None
        if read is not None and self.fits(read, *bounds):
            return read
        rule, way_out = self.rule(*bounds)
        raise ValueError(
            f"{self.name} must be {rule} in this explorer: got {self.name}={value!r}; use {way_out}"
        )

    def written(self, value):
        """Return the value as an address has it; ``parsed`` is the way back, ValueError for other text."""
        raise NotImplementedError


class Whole(Bounded):
    """Hold a whole number from ``least`` to ``most`` (which may be a function of the explorer)."""

    def read(self, value):
        """Return the whole number; TypeError for another number, and for True and False."""
        if isinstance(value, bool):
            raise TypeError
        return index(value)

    def written(self, value):
        """Return the digits."""
        return str(value)

    def parsed(self, text):
        """Return the whole number; ValueError for other text."""
        return whole(text)

    def fits(self, value, least, most):
        """Return whether the number lies between the bounds."""
        return least <= value <= most

    def rule(self, least, most):
        """Return the rule in words, and a way out."""
        return f"a whole number from {least} to {most}", f"{least} to {most}"


class Text(Bounded):
    """Hold a text of at most ``most`` characters."""

    def __init__(self, most, default):
        super().__init__(0, most, default)

    def read(self, value):
        """Return the text; TypeError for anything else."""
        if not isinstance(value, str):
            raise TypeError
        return value

    def written(self, text):
        """Return the text with a percent sign and two digits for each byte that an address cannot hold."""
        return quote(text, safe="")

    def parsed(self, text):
        """Return the text; ValueError where the bytes are none."""
        if not re.fullmatch("([^%]|%[0-9A-Fa-f]{2})*", text):
            raise ValueError
        return unquote(text, errors="strict")

    def fits(self, text, least, most):
        """Return whether the text is no longer than the bounds say."""
        return least <= len(text) <= most

    def rule(self, least, most):
        """Return the rule in words, and a way out."""
        return f"a text of at most {most} characters", "a shorter text"


class Word(Bounded):
    """Hold one of some words, the first by default; both its bounds are all of the words."""

    def __init__(self, *words):
        super().__init__(words, words, words[0])

    def read(self, value):
        """Return the word; TypeError for anything else."""
        if not isinstance(value, str):
            raise TypeError
        return value

    def written(self, word):
        """Return the word as it is."""
        return word

    def parsed(self, text):
        """Return the text."""
        return text

    def fits(self, word, words, _):
        """Return whether it is one of the words."""
        return word in words

    def rule(self, words, _):
        """Return the rule in words, and a way out."""
        return f"one of {', '.join(words)}", words[0]


class Wholes(Bounded):
    """Hold a tuple of 1 to ``most`` whole numbers, each within ``cells``."""

    cells = -9, 9

    def __init__(self, most, default):
        super().__init__(1, most, default)

    def read(self, value):
        """Return the whole numbers as a tuple; TypeError for anything else."""
        return tuple(map(index, value))

    def written(self, values):
        """Return the numbers with commas between."""
        return ",".join(map(str, values))

    def parsed(self, text):
        """Return the numbers; ValueError for other text."""
        return tuple(map(whole, text.split(",")))

    def fits(self, values, least, most):
        """Return whether there are as many as the bounds say, and all are small."""
        return least <= len(values) <= most and self.are_small(values)

    def are_small(self, values):
        """Return whether each number lies within ``cells``."""
        return all(self.cells[0] <= v <= self.cells[1] for v in values)

    def rule(self, least, most):
        """Return the rule in words, and the default as an example."""
        example = f"for example {self.name}={list(self.default_value)}"
        return f"{least} to {most} whole numbers from {self.cells[0]} to {self.cells[1]}", example


class Square(Wholes):
    """Hold a tuple of 1 to ``most`` rows of as many whole numbers, each within ``cells``."""

    def read(self, value):
        """Return the rows as a tuple of tuples; TypeError for anything else."""
        return tuple(map(super().read, value))

    def written(self, rows):
        """Return the rows with semicolons between."""
        return ";".join(map(super().written, rows))

    def parsed(self, text):
        """Return the rows; ValueError for other text."""
        return tuple(map(super().parsed, text.split(";")))

    def fits(self, rows, least, most):
        """Return whether there are as many as the bounds say, all of that length, of small numbers."""
        return least <= len(rows) <= most and all(
            len(row) == len(rows) and self.are_small(row) for row in rows
        )

    def rule(self, least, most):
        """Return the rule in words, and a square as an example."""
        rows = f"a square of {least} to {most} rows of whole numbers from {self.cells[0]} to {self.cells[1]}"
        return rows, f"for example {self.name}=[[1, 2], [3, 4]]"


def size_of(name, resize):
    """Return a property: how many values a list has, set by ``resize(values, size)``."""

    def getter(self):
        return len(getattr(self, name))

    def setter(self, size):
        setattr(self, name, resize(getattr(self, name), size))

    return property(getter, setter, doc=f"Return the size of {name}; setting it resizes {name}.")


def resized(values, size, fill=int):
    """Return the first ``size`` of ``values``; where there are too few, followed by ``fill(i)``, i from 1.

    >>> resized((5, 7), 4), resized((5, 7), 1)
    ((5, 7, 3, 4), (5,))
    """
    return (*values[:size], *(fill(i) for i in range(len(values) + 1, size + 1)))


def whole(text):
    """Return the whole number that a text is; ValueError if it is none.

    >>> whole("-3")
    -3
    """
    if not re.fullmatch("-?[0-9]{1,6}", text):
        raise ValueError(f"a whole number must have one to six digits: got {text}; use 1")
    return int(text)
