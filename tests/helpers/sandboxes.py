"""Tools of the sandbox's tests: an honest submission, and what this machine shows of a sandbox."""

import os
from contextlib import suppress
from pathlib import Path

import numpy as np

from tconv_helpers.grading.sandbox import bubblewrap, slots
from tconv_helpers.grading.sandbox.run import Limits

LIMITS = Limits(seconds=1)
SLOT = 10_000_000 + 10 * os.getpid()  # and the nine after it: no other process tests with these
MARK = f"  # a test's, of process {os.getpid()}"  # ends the command of each process that these tests start
DOUBLE = "def double(x):\n    return 2 * x"
HONEST = {"double": [(2,), (np.arange(3),)]}
SPARE = {f"spare{i}": [] for i in range(20)}  # each adds to the time of all, and to the launches


def processes_of(slot):
    """Return the ids of the processes of a slot: those of its account or, without root, with our mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            user, words = folder.stat().st_uid, (folder / "cmdline").read_bytes()
        except OSError:
            continue
        mine = user == slots.account(slot) if os.geteuid() == 0 else MARK.encode() in words
        found += [int(folder.name)] if mine else []
    return found


def is_python(process):
    return Path(f"/proc/{process}/cmdline").read_bytes().startswith(b"/python/bin/")


def cpu_seconds(slot):
    """Return the time that the processes of a slot have used."""
    ticks = 0
    for process in processes_of(slot):
        with suppress(OSError):  # it ended in between
            ticks += int(Path(f"/proc/{process}/stat").read_text().split()[13])
    return ticks / os.sysconf("SC_CLK_TCK")


def groups(slot):
    """Return the control groups of a slot that are there."""
    return [path for top in ("memory/", "") for path in Path("/sys/fs/cgroup").glob(f"{top}tconv-{slot}")]


def mark(monkeypatch):
    """Let the command of each sandbox end with MARK."""
    monkeypatch.setattr(bubblewrap, "START", bubblewrap.START + MARK)
