"""On a student's path nothing needs Unix: not what is imported or called, nor how text is read."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "tconv_helpers"
STUDENTS = [path for path in sorted(ROOT.rglob("*.py")) if "grading" not in path.parts]
# As Python's documentation says of each: "Availability: Unix"
MODULES = r"crypt|curses|fcntl|grp|posix|pty|pwd|readline|resource|spwd|syslog|termios|tty"
NAMES = {
    "os": r"[fl]?chown|fchmod|chroot|fork|forkpty|wait\w*|W[A-Z]+|killpg|nice|uname|getloadavg|mkfifo|mknod"
    r"|openpty|posix_\w+|preadv?|pwritev?|sched_\w+|sendfile|f?statvfs|sync|tc\w+|ttyname|ctermid|initgroups"
    r"|[gs]et(e|re|res)?[ug]id|[gs]etgroups|[gs]et(pgid|pgrp|priority|sid)",
    "signal": r"alarm|pause|pthread_\w+|[gs]etitimer|ITIMER_\w+|siginterrupt|sigpending|sig(timed)?wait"
    r"|sigwaitinfo|SIG(ALRM|BUS|CHLD|CONT|HUP|IO|KILL|PIPE|PROF|QUIT|STOP|TSTP|TTIN|TTOU|USR1|USR2|VTALRM)"
    r"|SIGWINCH|SIG_(UN)?BLOCK|SIG_SETMASK",
}


def unix_only(source):
    """Yield what a module's source needs Unix for, less what stands below ``if hasattr(os, "fork")``."""
    tree = ast.parse(source)
    asked = [
        each for each in ast.walk(tree) if isinstance(each, ast.If) and "hasattr(" in ast.unparse(each.test)
    ]
    guarded = {id(node) for each in asked for part in each.body for node in ast.walk(part)}
    for node in ast.walk(tree):
        if id(node) not in guarded and needs_unix(node):
            yield ast.unparse(node)


def needs_unix(node):
    """Return whether a node of a module's tree is there on Unix only."""
    match node:
        case ast.Import(names):
            return any(re.fullmatch(MODULES, each.name) for each in names)
        case ast.ImportFrom(module, names, 0):
            lacking = NAMES.get(module, "")
            return re.fullmatch(MODULES, module) or any(re.fullmatch(lacking, each.name) for each in names)
        case ast.Attribute(ast.Name(module), name) if module in NAMES:
            return re.fullmatch(NAMES[module], name)
        case ast.Call():
            return leaves_encoding_open(node)


def leaves_encoding_open(call):
    """Return whether a call opens a file as text in the machine's encoding, which is another on Windows."""
    if "encoding" in {word.arg for word in call.keywords}:
        return False
    match call:
        case ast.Call(ast.Attribute(_, "read_text"), args):
            return not args
        case ast.Call(ast.Attribute(_, "write_text"), args):
            return len(args) < 2
        case ast.Call(ast.Name("open"), args):
            return not any(isinstance(mode, ast.Constant) and "b" in mode.value for mode in args[1:])


@pytest.mark.parametrize("path", STUDENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_needs_unix(path):
    assert list(unix_only(path.read_text(encoding="utf-8"))) == []


def test_the_whole_of_what_a_student_gets_is_read():
    read = {path.relative_to(ROOT).parts[0] for path in STUDENTS}
    assert {"exercises", "explore", "figures", "generator", "cli.py", "lab.py", "labfiles.py"} <= read


@pytest.mark.parametrize(
    "source",
    [
        "import resource",
        "import os, fcntl",
        "from pwd import getpwuid",
        "from os import fork",
        "from signal import SIGKILL",
        "def f():\n    import pty",
        "os.geteuid()",
        "os.kill(1, signal.SIGKILL)",
        "signal.setitimer(0, 1)",
        "if hasattr(os, 'fork'):\n    pass\nelse:\n    os.fork()",
        "open('a')",
        "open('a', 'w')",
        "path.read_text()",
        "path.write_text('a')",
    ],
)
def test_what_needs_unix_is_found(source):
    assert len(list(unix_only(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import os, signal, pathlib",
        "from .resource import thing",
        "os.kill(os.getpid(), signal.SIGINT)",
        "if hasattr(signal, 'pthread_kill'):\n    signal.pthread_kill(1, 2)",
        "open('a', 'rb')",
        "open('a', encoding='utf-8')",
        "path.read_text('utf-8')",
        "path.write_text('a', encoding='utf-8')",
    ],
)
def test_what_windows_has_is_let_through(source):
    assert list(unix_only(source)) == []
