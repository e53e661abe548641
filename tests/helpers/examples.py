"""What the tests of the suite ask about the random examples of Hypothesis."""


def property_of(item):
    """Return Hypothesis's handle on a test item, None for any other test."""
    return getattr(getattr(item, "obj", None), "hypothesis", None)
