"""A limit on the seconds that a student's code may take inside the kernel."""

import _thread
import signal
import sys
import threading
from contextlib import contextmanager


class OutOfTime(BaseException):
    """Say that the limit has passed; no `except Exception` of the student's holds it up."""


@contextmanager
def time_limit(seconds):
    """Raise OutOfTime in the block once it has run for so many seconds, again and again until it ends.

    Python can interrupt its main thread only, so elsewhere there is no limit. The stop button works as ever.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    watch = _Watch(seconds)
    before, traced = signal.signal(signal.SIGINT, watch.on_interrupt), sys.gettrace()
    thread = threading.Thread(target=watch.interrupt_when_late, daemon=True)
    thread.start()
    try:
        yield
    finally:
        watch.over.set()
        thread.join()
        sys.settrace(traced)
        signal.signal(signal.SIGINT, before)


class _Watch:
    """Interrupt the main thread when time is up, and raise OutOfTime where that lands."""

    def __init__(self, seconds):
        self.seconds, self.over, self.late = seconds, threading.Event(), threading.Event()

    def interrupt_when_late(self):
        if not self.over.wait(self.seconds):
            self.late.set()
            while not self.over.wait(0.02):
                _interrupt()

    def on_interrupt(self, number, frame):
        if self.over.is_set() or _leaving(frame):
            return
        if not self.late.is_set():
            raise KeyboardInterrupt
        # A bare `except:` round the loop may swallow this: raise on the next line as well, where that lands.
        sys.settrace(self.raise_on_next_line)
        while frame and not frame.f_globals.get("__name__", "").startswith(__package__):
            frame.f_trace, frame = self.raise_on_next_line, frame.f_back
        raise OutOfTime

    def raise_on_next_line(self, frame, event, arg):
        if event == "line" and not self.over.is_set() and not _leaving(frame):
            raise OutOfTime
        return self.raise_on_next_line


def _interrupt():
    """Interrupt the main thread, in a sleep as well where the system can."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _leaving(frame):
    """Return whether a `with` is being left; cut short, stdout or this limit itself would stay in force."""
    while frame and frame.f_code.co_name != "__exit__":
        frame = frame.f_back
    return frame is not None
