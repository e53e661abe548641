"""No sandbox at all: runs the code of the tests, which is honest, in this process, and fast."""

import os
import signal
from copy import deepcopy

import numpy as np

from tconv_helpers.grading.sandbox.run import Failed


def run(cells, inputs, **_):
    namespace = {"np": np}
    for cell in cells:
        try:
            exec(cell, namespace)
        except Exception:
            continue
    return {name: [call(namespace.get(name), each) for each in calls] for name, calls in inputs.items()}


def call(function, inputs):
    if function is None:
        return Failed("not defined")
    try:
        with np.errstate(all="ignore"):
            return function(*deepcopy(inputs))
    except Exception as error:
        return Failed("raised", f"{type(error).__name__}: {error}")


def run_or_die(cells, inputs, **_):
    """Kill the process that grades, as a bug in it might, where a cell says so."""
    if any("# kill the grader" in cell for cell in cells):
        os.kill(os.getpid(), signal.SIGKILL)
    return run(cells, inputs)
