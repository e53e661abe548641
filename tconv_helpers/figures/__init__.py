"""The figures of the notebooks, one function each."""
