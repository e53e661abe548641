"""The command that starts `inside` where it can reach nothing: bubblewrap, and under root an own account."""

import os
import shutil
import sys
from functools import cache
from pathlib import Path, PurePosixPath

import numpy as np

from ...exercises import values
from ...exercises.available import LEFT_OUT
from . import inside, seccomp, slots
from .libraries import libraries

APART = [
    *["--unshare-all", "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534"],
    *["--hostname", "sandbox", "--new-session", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"],
]
LIBRARIES = "/libraries"
ENVIRONMENT = {"LD_LIBRARY_PATH": LIBRARIES, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
STANDARD = f"/python/{sys.platlibdir}/{PYTHON}"  # where this Python looks for its standard library
SYSTEM, LAID = Path("/usr"), "/laid"  # in root's outer sandbox, where the files of the inner one lie
# The two files of the course, in the same places as here: one imports the other by `...exercises`.
COURSE = {
    "/packages/course/exercises/values.py": Path(values.__file__),
    "/packages/course/grading/sandbox/inside.py": Path(inside.__file__),
}
START = "import sys; sys.path.append('/packages'); from course.grading.sandbox import inside; inside.main()"


class NoSandbox(Exception):
    """Say that grading cannot be safe here, what is missing, and what to do."""


def command(seccomp_fd, tmp_size, slot, group=None):
    """Return the command, its seccomp program to be read from that descriptor; NoSandbox without its tools.

    group : a control group to enter first, see `slots.make_group`.
    """
    here, options = files(), {"seccomp_fd": seccomp_fd, "tmp_size": tmp_size, "group": group}
    if os.geteuid():
        return _shut_off(here, here, **options)
    # Root's own Python may lie where no other account can read: an outer sandbox, root's, lays it ready.
    user = str(slots.account(slot))
    enter = ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(group / "cgroup.procs")] if group else []
    laid = {path: there if SYSTEM in there.parents else Path(LAID + path) for path, there in here.items()}
    ready = ["--bind", "/proc", "/proc", "--dir", "/tmp", *_system()]
    ready += _view({str(laid[path]): there for path, there in here.items() if laid[path] != there})
    outer = [tool("bwrap", "bubblewrap"), "--unshare-pid", "--die-with-parent", *ready, "--cap-drop", "ALL"]
    outer += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
    become = [tool("setpriv", "util-linux"), "--reuid", user, "--regid", user, "--clear-groups", "--"]
    return [*enter, *outer, *become, *_shut_off(laid, here, **options)]


def _shut_off(laid, here, *, seccomp_fd, tmp_size, group):
    """Return the words that shut `inside` off, its files laid there; `here` tells what packages to hide.

    Where no control group counts the kernel's memory, of which each file and folder takes a kilobyte, none
    can be made.
    """
    environment = [word for item in ENVIRONMENT.items() for word in ("--setenv", *item)]
    tmp = ["--size", str(tmp_size), "--tmpfs", "/tmp", "--chdir", "/tmp"]
    tmp += [] if group else ["--remount-ro", "/tmp"]
    view = [*_view(laid), *_hidden(here), *tmp, "--remount-ro", "/"]
    words = [*APART, *environment, *view, "--seccomp", str(seccomp_fd)]
    return [tool("bwrap", "bubblewrap"), *words, "--", "/python/bin/" + PYTHON, "-ISBc", START]


@cache
def files():
    """Return {path inside: path here} of all that can be read: Python, NumPy, their libraries, `COURSE`."""
    standard, numpy = Path(os.__file__).parent, Path(np.__file__).parent
    found = {"/python/bin/" + PYTHON: (Path(sys.base_prefix) / "bin" / PYTHON).resolve(), STANDARD: standard}
    found |= {"/packages/numpy": numpy, **COURSE}
    found |= {f"/packages/{path.name}": path for path in numpy.parent.glob("numpy.libs")}
    return found | _libraries(standard, numpy) | {"/dev/null": Path("/dev/null")}


def _libraries(standard, numpy):
    """Return {path inside: path here} of the loader and of all libraries that do not lie within packages."""
    own = [path for path in standard.glob("lib-dynload/*.so") if path.name.split(".")[0] not in LEFT_OUT]
    try:
        loader, paths = libraries([*own, *numpy.rglob("*.so")])
    except RuntimeError as error:
        raise NoSandbox(
            f"grading must find the libraries of Python and NumPy: this Python said '{error}'; "
            "grade with a Python whose ctypes can be imported"
        ) from error
    packages = [path.resolve() for path in (standard, numpy, numpy.parent / "numpy.libs")]
    here = [path for path in map(Path, paths) if not set(packages).intersection(path.resolve().parents)]
    found = {}
    for path in here:  # of two with one name, the loader took the first
        found.setdefault(loader if str(path) == loader else f"{LIBRARIES}/{path.name}", path.resolve())
    return found


def _view(found):
    """Return bubblewrap's words for a read-only view of some files."""
    folders = {str(folder) for path in found for folder in PurePosixPath(path).parents} - {"/"}
    words = []
    for folder in sorted(folders):  # or an account might not enter them
        words += ["--dir", folder]
    for path, here in found.items():
        words += ["--dev-bind" if path.endswith("/dev/null") else "--ro-bind", str(here), path]
    return words


def _system():
    """Return bubblewrap's words for a read-only view of the system's programs, and of /lib as it is here."""
    words = ["--ro-bind", str(SYSTEM), str(SYSTEM)]
    for lib in (Path("/lib"), Path("/lib64")):
        if lib.is_symlink():
            words += ["--symlink", os.readlink(lib), str(lib)]
        elif lib.is_dir():
            words += ["--ro-bind", str(lib), str(lib)]
    return words


def _hidden(here):
    """Return bubblewrap's words that put nothing in the place of installed packages, ours among them."""
    words = []
    for folder in ("site-packages", "dist-packages"):
        if (here[STANDARD] / folder).is_dir():
            words += ["--tmpfs", f"{STANDARD}/{folder}", "--remount-ro", f"{STANDARD}/{folder}"]
    return words


def tool(name, package):
    """Return the path of a program, or raise NoSandbox."""
    if sys.platform != "linux":
        raise NoSandbox(f"grading runs on Linux, where submissions can be shut off: this is {sys.platform}")
    if not (path := shutil.which(name)):
        raise NoSandbox(f"grading must have {name}: install it (Debian, Ubuntu: apt install {package})")
    return path


@cache
def seccomp_program():
    """Return `seccomp.program()`, or raise NoSandbox."""
    try:
        return seccomp.program()
    except (OSError, AttributeError) as error:
        raise NoSandbox(
            f"grading must have libseccomp: {error}; install it (Debian, Ubuntu: apt install libseccomp2)"
        ) from error


def refused(said):
    """Return the NoSandbox for a sandbox that did not start and said this."""
    return NoSandbox(
        f"bubblewrap must be able to start a sandbox: it said '{said.strip()[-300:] or 'nothing'}'; "
        "install bubblewrap 0.8 or newer and allow user namespaces (Ubuntu: "
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0; in a container: start it "
        "with --privileged), or grade on a machine of your own"
    )
