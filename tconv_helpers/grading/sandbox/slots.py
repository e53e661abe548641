"""Give each sandbox a number of its own, and under root an account and a control group of that number."""

import contextlib
import fcntl
import os
import tempfile
import time
from pathlib import Path

MOST = 1000  # slots that graders hand out; the numbers from here on are those of single processes
FIRST_USER = 1_900_000_000  # an account for each slot, in a range that nothing else hands out


@contextlib.contextmanager
def slot(most=MOST):
    """Hold the smallest number that nobody on this machine holds: a sandbox's own user."""
    folder = Path(tempfile.gettempdir()) / f"tconv-slots-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} must be this user's own folder: remove it")
    for number in range(most):
        handle = os.open(folder / str(number), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield number
            return
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
    raise RuntimeError(f"all {most} slots of this machine are taken")


def slot_of_this_process():
    """Return the slot of a process to which no grader has handed one."""
    return MOST + os.getpid()


def account(slot):
    """Return the number of the account that a slot's processes have under root."""
    return FIRST_USER + slot


def make_group(slot, memory):
    """Return a control group that holds this slot to its memory, where root may make one, else None."""
    if os.geteuid():
        return None
    for top, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
        group = Path(top, f"tconv-{slot}")
        if Path(top, "cgroup.procs").exists():
            try:
                group.mkdir(exist_ok=True)
                (group / limit).write_text(str(memory))
                return group
            except OSError:
                remove_group(group)
    return None


def remove_group(group, seconds=2.0):
    """Remove a control group, if there is one, once its last process has left: soon after the pipes close."""
    end = time.monotonic() + seconds
    while group and group.exists():
        try:
            group.rmdir()
        except OSError:
            if time.monotonic() > end:  # another grader uses it
                return
            time.sleep(0.005)
