"""Property tests, told from the others."""


def property_of(item):
    """Return Hypothesis's handle on a test item, None for a test that is no property."""
    return getattr(getattr(item, "obj", None), "hypothesis", None)
