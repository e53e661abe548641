"""The suite's settings: its random examples, the order of its files, and what all of its processes find.

Of random examples ``default`` runs thousands, ``--hypothesis-profile=quick`` a sixth of them.
"""

import os
import signal
import tempfile
from collections import Counter
from functools import wraps
from pathlib import Path

import pytest
import torch
from examples import property_of
from hypothesis import settings
from nbval.plugin import IPyNbCell
from waiting import LONG

torch.set_num_threads(1)
settings.register_profile("default", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("quick", settings.get_profile("default"), max_examples=10)
settings.load_profile("default")

RAN = Counter()  # property test -> examples that it really ran
ROOT = Path(__file__).parent.parent
HELPERS = ROOT / "tests/helpers"
# Whatever the tests start finds the package of this checkout, and their helpers.
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(HELPERS)])
# What takes longest starts first, so that all processes end together; but JupyterLab opens the generator's
# page when that page has trained it (trained_once.py).
LONGEST = [
    "notebooks/07_generator.ipynb",
    "tests/browser/test_explorers_in_lab.py",
    "tests/grading/test_nbgrader.py",
    "tests/grading/test_killed.py",
    "tests/browser/test_notebooks_in_lab.py",
    "tests/browser/test_second_day.py",
    "tests/grading/test_whole_class.py",
    "tests/grading/sandbox/test_hostile.py",
    "tests/grading/test_answers.py",
    "tests/browser/test_operator_js.py",
    "tests/test_paths.py",
]


def pytest_configure(config):
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as of what is begun in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)  # or what the tests start ignored it, too
    config.option.nbval_kernel_startup_timeout = LONG
    if not hasattr(config, "workerinput"):  # xdist's processes get it from the one that starts them
        trained = tempfile.TemporaryDirectory(prefix="trained")
        config.add_cleanup(trained.cleanup)
        os.environ["TCONV_TRAINED"] = trained.name
        os.environ["PYTHONSTARTUP"] = str(HELPERS / "kernel_start.ipy")


@pytest.fixture(scope="session")
def real_sandbox():
    """Skips where no sandbox can run; in CI that is a failure."""
    from tconv_helpers.grading.sandbox import run as sandbox

    try:
        sandbox.require()
    except sandbox.NoSandbox as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


def pytest_collection_modifyitems(items):
    for handle in {id(h): h for item in items if (h := property_of(item))}.values():
        handle.inner_test = _counted(handle.inner_test)
    for item in items:
        if isinstance(item, IPyNbCell):
            item.output_timeout = LONG
    order = {ROOT / path: place for place, path in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


def _counted(test):
    @wraps(test)
    def run(*args, **kwargs):
        test(*args, **kwargs)
        RAN[test.__qualname__] += 1

    return run


@pytest.hookimpl(optionalhook=True)  # xdist's: one of its processes has ended
def pytest_testnodedown(node):
    RAN.update(node.workeroutput.get("ran", {}))


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["ran"] = dict(RAN)


def pytest_terminal_summary(terminalreporter):
    if RAN:
        terminalreporter.write_line(f"{RAN.total()} random examples ran in {len(RAN)} property tests")
