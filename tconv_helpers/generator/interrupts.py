"""Ctrl-C and the notebook's stop button, held back until a step is whole."""

import signal
import threading
from contextlib import contextmanager


@contextmanager
def hold_interrupts():
    """Hold interrupts back inside the block, and yield the function that tells whether one came.

    In a thread other than the main one, where Python delivers no interrupts, nothing changes.

    >>> with hold_interrupts() as interrupted:
    ...     signal.raise_signal(signal.SIGINT)
    ...     interrupted()
    True
    """
    flag = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield flag.is_set
        return
    before = signal.signal(signal.SIGINT, lambda *_: flag.set())
    try:
        yield flag.is_set
    finally:
        signal.signal(signal.SIGINT, before)
