"""Numbers in words: as they are printed in a figure and said in a description."""


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
