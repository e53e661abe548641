"""Find the shared libraries that Python and NumPy need: load all that they can load, and ask the loader.

This file runs as a program, in a process of its own. It has the standard library alone.
"""

import contextlib
import ctypes
import json
import os
import subprocess
import sys

LOADED_LATE = ("libgcc_s.so.1",)  # by the C library itself, when a thread ends
AT_BASE = 7  # what getauxval calls the address of the loader


class _Info(ctypes.Structure):
    """Mirror the beginning of the C library's dl_phdr_info."""

    _fields_ = (("address", ctypes.c_size_t), ("path", ctypes.c_char_p))


def libraries(extensions):
    """Return (loader, paths) as the dynamic loader finds them for this Python and for extension modules.

    loader : the path that each program names; paths : of all libraries, each by the name it is asked for.
    RuntimeError if they cannot be loaded.
    """
    command = [sys.executable, "-ISB", __file__, *map(str, extensions)]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace").strip()[-300:] or f"exit {done.returncode}")
    loader, paths = json.loads(done.stdout)
    return loader, paths


def main(extensions):
    """Load extension modules, and print what was loaded with them."""
    for path in (*LOADED_LATE, *extensions):
        with contextlib.suppress(OSError):  # a module whose library is not installed cannot be imported
            ctypes.CDLL(path)
    this, found = ctypes.CDLL(None), {}

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Info), ctypes.c_size_t, ctypes.c_void_p)
    def note(info, *_):
        found[os.fsdecode(info.contents.path)] = info.contents.address
        return 0

    this.dl_iterate_phdr(note, None)
    this.getauxval.restype = ctypes.c_size_t
    base = this.getauxval(ctypes.c_ulong(AT_BASE))
    paths = [path for path in found if os.path.isabs(path)]
    print(json.dumps([next(path for path in paths if found[path] == base), paths]))


if __name__ == "__main__":
    main(sys.argv[1:])
