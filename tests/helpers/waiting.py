"""Wait for what happens, not for a time: LONG is met by what hangs and by nothing else, on any machine."""

import time

LONG = 600  # seconds


def wait_until(ready, seconds=LONG):
    """Return what `ready()` gives as soon as that is true."""
    end = time.monotonic() + seconds
    while not (got := ready()):
        assert time.monotonic() < end, f"it has not happened within {seconds} s"
        time.sleep(0.02)
    return got


def eventually(asked, said):
    """Return what `asked()` gives as soon as that is `said`; after LONG whatever it gives."""
    end = time.monotonic() + LONG
    while (now := asked()) != said and time.monotonic() < end:
        time.sleep(0.1)
    return now
