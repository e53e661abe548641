"""check_environment against faked lists of what the package requires and what is installed."""

import sys
from importlib import metadata

import pytest

from tconv_helpers import check_environment


@pytest.fixture
def fake(monkeypatch):
    def install(requires, **versions):
        def version(name):
            if name not in versions:
                raise metadata.PackageNotFoundError(name)
            return versions[name]

        monkeypatch.setattr(metadata, "requires", lambda _: requires)
        monkeypatch.setattr(metadata, "version", version)

    return install


def test_all_is_there(fake):
    fake(["numpy>=2.0", "torch>=2.6", "nbval>=0.11; extra == 'test'"], numpy="2.0", torch="2.13.0+cpu")
    assert check_environment() == "Everything that the course needs is installed."


def test_what_is_missing_or_too_old_is_named_with_the_command_that_gets_it(fake):
    fake(["numpy>=2.0", "scipy>=1.13", "sympy>=1.13"], numpy="1.26.4", sympy="1.14.0")
    assert check_environment().splitlines() == [
        "numpy>=2.0 is needed: version 1.26.4 is installed.",
        "scipy>=1.13 is needed: it is not installed.",
        f"To get what is missing: {sys.executable} -m pip install 'numpy>=2.0' 'scipy>=1.13'",
        "Then restart the kernel.",
    ]


def test_a_missing_torch_points_to_the_small_build(fake):
    fake(["torch>=2.6; extra == 'generator'"])
    assert "CPU build" in check_environment().splitlines()[-1]


def test_in_a_browser_there_is_no_torch_and_packages_come_later(fake, monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    fake(["torch>=2.6; extra == 'generator'", "scipy>=1.13"])
    assert check_environment() == "Everything that the course needs is installed."
    fake(["scipy>=1.13"], scipy="1.12")
    assert "version 1.12 is installed" in check_environment()


def test_the_list_is_the_package_s_own(fake):
    assert any(line.startswith("torch>=") for line in metadata.requires("tconv-helpers"))
