"""Run a stranger's code where it can do no harm."""
