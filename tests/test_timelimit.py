"""The time limit ends what never would, and lets every `with` be left in order, its own included."""

import signal
import sys
import threading
import time

import pytest

from tconv_helpers.coursework.timelimit import OutOfTime, time_limit


class SlowToLeave:
    left = False

    def __exit__(self, *error):
        time.sleep(0.1)  # longer than the time between two knocks
        self.left = True

    def __enter__(self):
        return self


def test_a_with_that_is_slow_to_leave_is_left_before_the_next_knock():
    handler, threads, slow = signal.getsignal(signal.SIGINT), threading.active_count(), SlowToLeave()
    with pytest.raises(OutOfTime), time_limit(0.1), slow:
        while True:
            pass
    assert slow.left
    assert signal.getsignal(signal.SIGINT) is handler and threading.active_count() == threads


def test_a_loop_that_swallows_every_error_is_stopped():
    with pytest.raises(OutOfTime), time_limit(0.1):
        while True:
            try:
                while True:
                    pass
            except:  # noqa: E722, that is the point
                pass


def test_a_sleep_is_cut_short():
    start = time.monotonic()
    with pytest.raises(OutOfTime), time_limit(0.05):
        time.sleep(60)
    assert time.monotonic() - start < 10


def test_the_stop_button_still_stops():
    with pytest.raises(KeyboardInterrupt), time_limit(10):
        signal.raise_signal(signal.SIGINT)
        time.sleep(10)


def test_the_limit_leaves_no_trace():
    def state():
        return signal.getsignal(signal.SIGINT), threading.active_count(), sys.gettrace()

    before = state()
    with time_limit(10):
        assert state() != before
    with pytest.raises(OutOfTime), time_limit(0.05):
        while True:
            pass
    assert state() == before


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
