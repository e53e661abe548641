"""The files for places that cannot be run here: what they name exists, and what they install resolves."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from typer.main import get_command

from tconv_helpers.cli import app

ROOT = Path(__file__).parent.parent
FILES = {
    "Dockerfile": ROOT / "Dockerfile",
    "binder": ROOT / ".binder/postBuild",
    "devcontainer": ROOT / ".devcontainer/devcontainer.json",
    "pages": ROOT / ".github/workflows/pages.yml",
    "tests": ROOT / ".github/workflows/test.yml",
}
COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
TEXTS = {name: COMMENT.sub("", path.read_text(encoding="utf-8")) for name, path in FILES.items()}


@pytest.mark.parametrize("name", FILES)
def test_the_commands_exist(name):
    text = TEXTS[name]
    made = re.findall(r"\bmake (\w+)", text)
    for target in made:
        subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)
    ours = re.findall(r'(?:^|&& |\["|: )tconv(?: |", ")(\w+)', text, re.MULTILINE)
    assert set(ours) <= set(get_command(app).commands)
    assert made or ours or ".ci/run" in text


@pytest.mark.parametrize("name", ["Dockerfile", "binder"])
def test_what_they_install_is_of_the_package(name):
    installed = re.findall(r"pip install [^\n]*'\.\[(\w+)\]'", TEXTS[name])
    assert installed == ["lab"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-deps",
        "--no-build-isolation",
        "-q",
        ".[lab]",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def test_the_dockerfile_copies_what_the_build_reads(tmp_path):
    """With the files that it copies, and no others, a wheel with the notebooks is built."""
    for what in re.findall(r"^COPY (.+) \S+$", TEXTS["Dockerfile"], re.MULTILINE):
        for each in what.split():
            target = tmp_path / each
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-r", ROOT / each, target], check=True)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "made"]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    assert len(list((tmp_path / "made").glob("*.whl"))) == 1


def test_the_forms_are_those_of_their_readers():
    binder = yaml.safe_load((ROOT / ".binder/environment.yml").read_text())
    assert {Requirement(need.replace("=", "==")).name for need in binder["dependencies"]} == {
        "python",
        "pip",
        "pytorch-cpu",
    }
    assert FILES["binder"].stat().st_mode & 0o111
    assert {"image", "postCreateCommand"} <= set(json.loads(TEXTS["devcontainer"]))
    steps = yaml.safe_load(TEXTS["pages"])["jobs"]["site"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)


def test_colab_gets_the_course_alone():
    """Its first cell installs the wheel that the site carries and what Colab lacks, nothing that it has."""
    sys.path.insert(0, str(ROOT / "site"))
    from colab import FIRST

    (install,) = re.findall(r"^%pip install (.*)$", FIRST, re.MULTILINE)
    assert "--no-deps" in install.split()
    assert [word for word in install.split() if not word.startswith("-")] == [
        "{wheel}",
        "anywidget",
        "psygnal",
    ]
