"""The random examples of Hypothesis, as the tests of the suite see them."""


def property_of(item):
    """Return Hypothesis's handle on a test item, None for any other test."""
    return getattr(getattr(item, "obj", None), "hypothesis", None)
