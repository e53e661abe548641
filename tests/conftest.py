"""Random examples: ``default`` runs thousands, ``--hypothesis-profile=quick`` a sixth of them."""

import os
from collections import Counter
from functools import wraps

import pytest
import torch
from hypothesis import settings
from properties import property_of

torch.set_num_threads(1)
settings.register_profile("default", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("quick", settings.get_profile("default"), max_examples=10)
settings.load_profile("default")

RAN = Counter()  # property test -> examples that it really ran


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
