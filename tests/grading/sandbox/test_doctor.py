"""`tconv doctor` attacks the sandbox and says whether it holds."""

import sys

import pytest
from typer.testing import CliRunner

from tconv_helpers.cli import app
from tconv_helpers.grading.sandbox import doctor
from tconv_helpers.grading.sandbox.doctor import ATTACKS
from tconv_helpers.grading.sandbox.run import require

pytestmark = pytest.mark.usefixtures("real_sandbox")


def test_the_doctor_attacks_and_says_so():
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0, done.output
    assert done.output.count("held") == len(ATTACKS) + 2 and "DID NOT HOLD" not in done.output


def test_the_doctor_says_when_the_sandbox_does_not_hold(monkeypatch):
    monkeypatch.setattr(doctor, "run", lambda cells, inputs, limits: {name: ["got in"] for name in inputs})
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert (
        done.output.count("DID NOT HOLD") == len(ATTACKS) + 1
        and "do not grade on this machine" in done.output
    )


def test_the_doctor_refuses_without_a_sandbox(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    require.cache_clear()
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1 and "grading runs on Linux" in done.output
