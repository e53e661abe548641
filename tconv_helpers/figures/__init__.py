"""The figures of the notebooks, one function each; every function returns a Drawing with alt text."""
