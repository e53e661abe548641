"""Numbers in words, as they are printed in a figure and said in a description, and words in lines."""

import textwrap


def as_text(value):
    """Return a number as it is printed in a figure.

    >>> as_text(-2.0)
    '−2'
    """
    return f"{value:g}".replace("-", "−")


def in_words(values):
    """Return numbers as they are read.

    >>> in_words([1, -2, 0.5])
    '1 −2 0.5'
    """
    return " ".join(map(as_text, values))


def in_lines(text, width):
    """Return a text in lines of at most so many letters, each word whole, that a notebook does not break.

    >>> print(in_lines("a transposed convolution", 14))
    a transposed
    convolution
    """
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
