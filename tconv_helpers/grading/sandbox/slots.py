"""Give each sandbox a number of its own, and under root an account and a control group of that number."""

import contextlib
import fcntl
import os
import time
from pathlib import Path

MOST = 1000  # slots that graders hand out; the numbers from here on are those of single processes
TOPS = (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max"))
HOME = Path("/run") if os.access("/run", os.W_OK) else Path.home()
FIRST_USER = 1_900_000_000  # an account for each slot, in a range that nothing else hands out


@contextlib.contextmanager
def slot(most=MOST):
    """Hold the smallest number that no other sandbox on this machine has: root's are accounts of that number.

    Anybody else's sandboxes run in the account of who starts them, and need none.
    """
    if os.geteuid():
        yield slot_of_this_process()
        return
    for number in range(most):
        with _held(number) as held:
            if held:
                yield number
                return
    raise RuntimeError(f"all {most} slots of this machine are taken")


@contextlib.contextmanager
def _held(number):
    """Hold a slot while nobody else does, and give whether it is held."""
    handle = os.open(_folder() / str(number), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _folder():
    """Return root's folder of slots, which nobody else could have made: it does not lie in /tmp."""
    folder = HOME / "tconv-slots"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def slot_of_this_process():
    """Return the slot of a process to which no grader has handed one."""
    return MOST + os.getpid()


def account(slot):
    """Return the number of the account that a slot's processes have under root."""
    return FIRST_USER + slot


def sweep_groups():
    """Remove the control groups that killed graders left: empty ones whose number nobody holds."""
    for top, _ in () if os.geteuid() else TOPS:
        for group in Path(top).glob("tconv-*"):
            number = int(group.name.removeprefix("tconv-"))
            if number < MOST:
                with _held(number) as held, contextlib.suppress(OSError):
                    held and group.rmdir()
            elif not Path(f"/proc/{number - MOST}").exists():
                remove_group(group, 0)


def make_group(slot, memory):
    """Return a control group that holds this slot to its memory, where root may make one, else None."""
    if os.geteuid():
        return None
    for top, limit in TOPS:
        group = Path(top, f"tconv-{slot}")
        if Path(top, "cgroup.procs").exists():
            try:
                group.mkdir(exist_ok=True)
                (group / limit).write_text(str(memory))
                return group
            except OSError:
                remove_group(group)
    return None


def counts_kernel_memory():
    """Return whether a sandbox gets a control group here, which counts what it makes the kernel keep."""
    group = make_group(slot_of_this_process(), 2**30)
    remove_group(group)
    return group is not None


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
