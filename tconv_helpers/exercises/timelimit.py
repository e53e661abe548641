"""A limit on the seconds that a student's code may take inside the kernel."""

import _thread
import signal
import sys
import threading
from contextlib import contextmanager
from time import monotonic


class OutOfTime(BaseException):
    """Say that the limit has passed; no `except Exception` of the student's holds it up."""


@contextmanager
def time_limit(seconds):
    """Raise OutOfTime in the block once it has run for so many seconds, again and again until it ends.

    Python can interrupt its main thread only, so elsewhere there is no limit. The stop button works as ever.
    Where no thread can start, as in a browser, each line of what the block calls looks at the clock.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _interrupts(seconds) if _threads_start() else _Clock(seconds):
        yield


def _threads_start():
    """Return whether this Python can start a thread."""
    thread = threading.Thread(target=int)
    try:
        thread.start()
    except RuntimeError:
        return False
    thread.join()
    return True


@contextmanager
def _interrupts(seconds):
    """Interrupt the block from a thread of its own."""
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
        if self.over.is_set() or _between(frame):
            return
        if not self.late.is_set():
            raise KeyboardInterrupt
        # A bare `except:` round the loop may swallow this: raise on the next line as well, where that lands.
        _trace(frame, self.raise_on_next_line)
        raise OutOfTime

    def raise_on_next_line(self, frame, event, arg):
        if event == "line" and not self.over.is_set() and not _between(frame):
            raise OutOfTime
        return self.raise_on_next_line


class _Clock:
    """Look at the clock on every line of what the block calls, and raise OutOfTime once time is up."""

    def __init__(self, seconds):
        self.end, self.over = monotonic() + seconds, False

    def __enter__(self):
        self.before = sys.gettrace()
        sys.settrace(self.look)

    def __exit__(self, *error):
        self.over = True
        sys.settrace(self.before)

    def look(self, frame, event, arg):
        if event == "line" and monotonic() > self.end and not (_ours(frame) or _between(frame)):
            raise _Returning(self)
        return self.look


class _Returning(OutOfTime):
    """Come back where a bare `except:` swallows it: Python stops tracing once a trace function raises."""

    def __init__(self, clock):
        self.clock = clock

    def __del__(self):
        if not self.clock.over:
            _trace(sys._getframe(1), self.clock.look)


def _trace(frame, function):
    """Trace the frames that run, up to the first of ours, and every new one."""
    while frame and not _ours(frame):
        frame.f_trace, frame = function, frame.f_back
    sys.settrace(function)  # last, so that it meets no call of ours


def _ours(frame):
    return frame.f_globals.get("__name__", "").startswith(__package__)


def _interrupt():
    """Interrupt the main thread, in a sleep as well where the system can."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _between(frame):
    """Return whether a `with` is being entered or left: cut short, stdout or this limit stays in force."""
    while frame and frame.f_code.co_name not in ("__enter__", "__exit__"):
        frame = frame.f_back
    return frame is not None
