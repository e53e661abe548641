"""The time limit ends what never would, and lets every `with` be left in order, its own included."""

import signal
import sys
import threading
import time
from contextlib import redirect_stdout, suppress

import pytest
from waiting import LONG

from tconv_helpers.exercises import checking
from tconv_helpers.exercises.table import exercises
from tconv_helpers.exercises.timelimit import OutOfTime, time_limit


@pytest.fixture(params=["threads", "no threads"])
def platform(request, monkeypatch):
    """This platform, and one on which no thread starts, as in a browser."""

    def cannot(thread):
        raise RuntimeError("can't start new thread")

    if request.param == "no threads":
        monkeypatch.setattr(threading.Thread, "start", cannot)


class Slow(redirect_stdout):
    """Take longer to leave than the time between two interrupts."""

    def __exit__(self, *error):
        time.sleep(0.1)
        return super().__exit__(*error)


def test_what_check_has_entered_is_left_in_order(monkeypatch, platform):
    """Cut short, stdout would stay redirected, or the interrupts would go on."""

    def conv_by_kernel(x, k):
        while True:
            pass

    monkeypatch.setattr(checking, "redirect_stdout", Slow)
    before = sys.stdout, signal.getsignal(signal.SIGINT), threading.active_count()
    for _ in range(5):
        verdict = checking.diagnose(conv_by_kernel, exercises()["conv_by_kernel"], seconds=0.05)
        assert verdict.misconception == "never returns"
        assert (sys.stdout, signal.getsignal(signal.SIGINT), threading.active_count()) == before


def forever():
    while True:
        pass


def swallow_within():
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722, that is the point
            pass


def swallow_below():
    def swallow():
        with suppress(BaseException):
            forever()

    while True:
        swallow()


@pytest.mark.parametrize("function", [forever, swallow_within, swallow_below])
def test_a_loop_is_stopped_even_if_it_swallows_every_error(function, platform):
    with pytest.raises(OutOfTime), time_limit(0.1):
        function()


def test_a_sleep_is_cut_short():
    start = time.monotonic()
    with pytest.raises(OutOfTime), time_limit(0.05):
        time.sleep(2 * LONG)
    assert time.monotonic() - start < LONG


def test_the_stop_button_still_stops():
    with pytest.raises(KeyboardInterrupt), time_limit(LONG):
        signal.raise_signal(signal.SIGINT)
        time.sleep(2 * LONG)


def test_the_limit_leaves_no_trace(platform):
    def state():
        return signal.getsignal(signal.SIGINT), threading.active_count(), sys.gettrace()

    before = state()
    with time_limit(LONG):
        assert state() != before
    with pytest.raises(OutOfTime), time_limit(0.05):
        forever()
    assert state() == before


def test_a_limit_that_is_over_before_it_is_entered_leaves_none_either(monkeypatch):
    """A busy machine may take longer to enter it than it is long."""
    start = threading.Thread.start

    def slowly(thread):
        start(thread)
        time.sleep(0.1)

    monkeypatch.setattr(threading.Thread, "start", slowly)
    before = signal.getsignal(signal.SIGINT), threading.active_count(), sys.gettrace()
    with pytest.raises(OutOfTime), time_limit(0.01):
        forever()
    assert (signal.getsignal(signal.SIGINT), threading.active_count(), sys.gettrace()) == before


def test_outside_the_main_thread_there_is_no_limit():
    done = []

    def limited():
        with time_limit(0.01):
            time.sleep(0.1)
        done.append(True)

    thread = threading.Thread(target=limited)
    thread.start()
    thread.join()
    assert done == [True]
