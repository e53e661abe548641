"""The secret that no attack must reach, and the mark by which the processes of these tests are found."""

import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import sandboxes


@pytest.fixture(autouse=True)
def marked(monkeypatch):
    sandboxes.mark(monkeypatch)


@pytest.fixture(scope="module")
def outside():
    """Yield a folder, a port and a process that no attack may reach, and the words that stand for them."""
    bait = Path(tempfile.mkdtemp(prefix="bait"))
    bait.chmod(0o777)
    (bait / "secret").write_text("SECRET-ANSWER")
    (bait / "secret").chmod(0o666)
    (bait / "bait.py").write_text("")
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        yield bait, door, victim, {"BAIT": bait, "PORT": door.getsockname()[1], "PID": victim.pid}
    victim.kill()
    victim.communicate()
    shutil.rmtree(bait)
