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
    over, late = threading.Event(), threading.Event()

    def interrupt_when_late():
        if not over.wait(seconds):
            late.set()
            while not over.wait(0.02):
                _interrupt()

    def raise_on_next_line(frame, event, arg):
        if event == "line" and not over.is_set() and not _leaving(frame):
            raise OutOfTime
        return raise_on_next_line

    def on_interrupt(number, frame):
        if over.is_set() or _leaving(frame):
            return
        if not late.is_set():
            raise KeyboardInterrupt
        # A bare `except:` round the loop may swallow this: raise on the next line as well, where that lands.
        sys.settrace(raise_on_next_line)
        while frame and not frame.f_globals.get("__name__", "").startswith(__package__):
            frame.f_trace, frame = raise_on_next_line, frame.f_back
        raise OutOfTime

    before, traced = signal.signal(signal.SIGINT, on_interrupt), sys.gettrace()
    watch = threading.Thread(target=interrupt_when_late, daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()
        sys.settrace(traced)
        signal.signal(signal.SIGINT, before)


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
