"""The command that starts `inside` where it can reach nothing: bubblewrap, and under root an own account."""

import os
import shutil
import sys
from functools import cache
from pathlib import Path, PurePosixPath

import numpy as np

from ...exercises import values
from . import inside, seccomp, slots

APART = [
    *["--unshare-all", "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534"],
    *["--hostname", "sandbox", "--new-session", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"],
]
ENVIRONMENT = {"LD_LIBRARY_PATH": "/python/lib", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
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
    here = files()
    if os.geteuid():
        return _shut_off(here, here, seccomp_fd, tmp_size)
    # Root's own Python may lie where no other account can read: an outer sandbox, root's, lays it ready.
    user = str(slots.account(slot))
    enter = ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(group / "cgroup.procs")] if group else []
    ready = ["--bind", "/proc", "/proc", "--dir", "/tmp", "--ro-bind", "/usr", "/usr", *_view(here)]
    outer = [tool("bwrap", "bubblewrap"), "--unshare-pid", "--die-with-parent", *ready, "--cap-drop", "ALL"]
    outer += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--"]
    become = [tool("setpriv", "util-linux"), "--reuid", user, "--regid", user, "--clear-groups", "--"]
    laid = {path: Path(path) for path in here}
    return [*enter, *outer, *become, *_shut_off(laid, here, seccomp_fd, tmp_size)]


def _shut_off(laid, here, seccomp_fd, tmp_size):
    """Return the words that shut `inside` off, its files laid there; `here` tells what packages to hide."""
    environment = [word for item in ENVIRONMENT.items() for word in ("--setenv", *item)]
    tmp = ["--size", str(tmp_size), "--tmpfs", "/tmp", "--chdir", "/tmp"]
    view = [*_view(laid), *_hidden(here), *tmp, "--remount-ro", "/"]
    words = [*APART, *environment, *view, "--seccomp", str(seccomp_fd)]
    return [tool("bwrap", "bubblewrap"), *words, "--", "/python/bin/" + PYTHON, "-ISBc", START]


@cache
def files():
    """Return {path inside: path here} of all that can be read: the C library, Python, NumPy, `COURSE`."""
    base, numpy = Path(sys.base_prefix), Path(np.__file__).parent
    found = {"/python/bin/" + PYTHON: (base / "bin" / PYTHON).resolve(), "/python/lib": base / "lib"}
    found |= {"/packages/numpy": numpy, **COURSE}
    found |= {f"/packages/{path.name}": path for path in numpy.parent.glob("numpy.libs")}
    found |= {path: Path(path) for path in ("/usr/lib", "/usr/lib64") if Path(path).is_dir()}
    return found | {"/dev/null": Path("/dev/null")}


def _view(found):
    """Return bubblewrap's words for a read-only view of some files, and for /lib as it is here."""
    folders = {str(folder) for path in found for folder in PurePosixPath(path).parents} - {"/"}
    words = []
    for folder in sorted(folders):  # or an account might not enter them
        words += ["--dir", folder]
    for path, here in found.items():
        words += ["--dev-bind" if path == "/dev/null" else "--ro-bind", str(here), path]
    for lib in (Path("/lib"), Path("/lib64")):
        if lib.is_symlink():
            words += ["--symlink", os.readlink(lib), str(lib)]
        elif lib.is_dir():
            words += ["--ro-bind", str(lib), str(lib)]
    return words


def _hidden(here):
    """Return bubblewrap's words that put nothing in the place of installed packages, ours among them."""
    words = []
    for lib in ("/python/lib", "/usr/lib"):
        for folder in (f"{PYTHON}/site-packages", f"{PYTHON}/dist-packages", "python3/dist-packages"):
            if (here[lib] / folder).is_dir():
                words += ["--tmpfs", f"{lib}/{folder}", "--remount-ro", f"{lib}/{folder}"]
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
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0; in a container: start it with --privileged), "
        "or grade on a machine of your own"
    )
