"""The time limit lets every `with` be left in order, its own included."""

import signal
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


def test_a_bare_except_does_not_hold_it_up():
    with pytest.raises(OutOfTime), time_limit(0.1):
        swallowed = 0
        while swallowed < 5:
            try:
                while True:
                    pass
            except:  # noqa: E722
                swallowed += 1
        while True:
            pass
