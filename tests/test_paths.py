"""A checkout works wherever it lies: in a folder that is nobody else's, at a path with a space and an accent,
and by way of a link.
"""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from lab_server import address
from waiting import LONG

ROOT = Path(__file__).parent.parent
SCRIPTS = """
import sys
from importlib.metadata import entry_points
from pip._vendor.distlib.scripts import ScriptMaker, enquote_executable

maker = ScriptMaker(None, sys.argv[1])
maker.executable = enquote_executable(sys.argv[1] + "/python")
maker.variants, maker.set_mode = {""}, True
for name in ("tconv", "pytest", "jupyter", "jupyter-nbconvert"):
    for entry in entry_points(group="console_scripts", name=name):
        maker.make(f"{name} = {entry.value}")
"""  # as pip writes them


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """A copy of this checkout, where pip would have installed it, with the packages of this Python."""
    private = tmp_path_factory.mktemp("private")
    private.chmod(0o700)
    there = private / "Kurs é 1"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, tracked.stdout.decode().split("\0")):
        if (ROOT / name).exists():  # or it was removed, and that is not committed yet
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, there / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", there / ".venv"], check=True)
    (packages,) = there.glob(".venv/lib/python*/site-packages")
    (packages / "course.pth").write_text(f"{there}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    subprocess.run([sys.executable, "-c", SCRIPTS, there / ".venv/bin"], check=True)
    (there / ".venv/bin/ruff").symlink_to(shutil.which("ruff", path=Path(sys.executable).parent))
    lists = [there / name for name in ("pyproject.toml", "constraints.txt")]
    (there / ".venv/installed").write_bytes(b"".join(each.read_bytes() for each in lists))
    return there


@pytest.fixture(scope="module", params=["itself", "a link"])
def path(request, there, tmp_path_factory):
    if request.param == "itself":
        return there
    link = tmp_path_factory.mktemp("links") / "ein Link"
    link.symlink_to(there)
    return link


# Neither the checkout that is tested nor the `make` that tests it is known there.
OURS = ("PYTHONPATH", "PYTHONSTARTUP", "PYTEST_ADDOPTS", "MAKEFLAGS", "MAKELEVEL")
ENV = {name: value for name, value in os.environ.items() if name not in OURS}


def run(*words, cwd):
    """Return what a command says there, once it has ended well."""
    env = ENV | {"PWD": str(cwd)}  # as a shell tells it; of a link, the folder alone does not
    done = subprocess.run(list(map(str, words)), cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_set_up_finds_that_nothing_is_left_to_do(path, tmp_path):
    assert run(path / ".ci/setup", cwd=tmp_path) == run("make", "setup", cwd=path) == ""


def test_make_lab_opens_the_course(path, tmp_path):
    words = "--no-browser --port=0 --ip=127.0.0.1 --IdentityProvider.token= --allow-root"
    env, log = {**ENV, "JUPYTER_RUNTIME_DIR": str(tmp_path / "run")}, tmp_path / "log"
    with (
        log.open("w") as said,
        subprocess.Popen(
            ["make", "-C", path, "lab", f"ARGS={words}"],
            env=env,
            stdout=said,
            stderr=said,
            start_new_session=True,
        ) as server,
    ):
        try:
            address(server, tmp_path / "run", log)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(LONG)


def test_tconv_writes_the_students_edition_and_reads_it(path, tmp_path):
    tconv = path / ".venv/bin/tconv"
    out = path.parent / "Ausgabe für alle"
    assert "00_start_here" in run(tconv, "release", "--to", out, cwd=tmp_path)
    assert "conv_by_kernel" in run(tconv, "progress", out, cwd=tmp_path)
    shutil.rmtree(out)


def test_notebooks_are_run_and_written_as_they_are(path):
    before = (path / "notebooks/00_start_here.ipynb").read_bytes()
    words = ("nbconvert", "--config", ".ci/normal_form.py", "notebooks/00_start_here.ipynb")
    run(path / ".venv/bin/jupyter", *words, cwd=path)
    assert (path / "notebooks/00_start_here.ipynb").read_bytes() == before


def test_a_submission_is_run_in_the_sandbox(path, tmp_path, real_sandbox):
    code = "from tconv_helpers.grading.sandbox.run import run; import tconv_helpers\n"
    code += "print(run(['def f(x): return 2 * x'], {'f': [(2,)]}), tconv_helpers.__file__)"
    said = run(path / ".venv/bin/python", "-c", code, cwd=tmp_path)
    assert said.strip() == f"{{'f': [4]}} {path.resolve()}/tconv_helpers/__init__.py"


def test_make_test_finds_every_test(path):
    said = run("make", "test", "ARGS=--collect-only -q -p no:cacheprovider", cwd=path)
    assert "notebooks/07_generator.ipynb::Cell 0" in said
    assert "tests/test_paths.py::test_make_test_finds_every_test" in said


def test_make_test_runs_a_file(path):
    assert " passed" in run("make", "test", "ARGS=-n 0 -q -p no:cacheprovider tests/test_marks.py", cwd=path)
