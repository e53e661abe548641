"""A training that two kernels of one test run would repeat is computed by the first of them alone.

An extension of IPython, which kernel_start.ipy loads into every kernel. A training is known by all numbers of
the trainer at its start, by its recipe, its images and its length: from these, two processes compute the same
bits, and a trainer that is resumed goes on as if it had never stopped (test_train.py shows both).
"""

import fcntl
import hashlib
import os
import sys
from functools import wraps
from pathlib import Path


def load_ipython_extension(shell):
    """Watch out for the module that trains, which a page may import late or not at all."""

    def look():
        if train := sys.modules.get("tconv_helpers.generator.train"):
            shell.events.unregister("post_execute", look)
            train.Trainer.run = once(train.Trainer.run, Path(os.environ["TCONV_TRAINED"]))

    shell.events.register("post_execute", look)


def once(run, folder):
    """Return `Trainer.run` that keeps in the folder where a training ended, and takes it from there."""

    @wraps(run)
    def run_once(self, steps=None, checkpoint=None, every=100, progress=True):
        if checkpoint or progress:
            return run(self, steps, checkpoint, every, progress)
        path = folder / name(self, steps)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the second waits here until the first has ended
            if path.exists():
                return resume(self, path)
            run(self, steps, progress=False)
            self.save(path)
        return self

    return run_once


def name(trainer, steps):
    """Return a digest of what a training depends on."""
    from generator_process import fingerprint

    depends = fingerprint(trainer), trainer.recipe, trainer.data, steps
    return hashlib.sha256(repr(depends).encode()).hexdigest()


def resume(trainer, path):
    """Set the trainer to the state that was saved there."""
    from tconv_helpers.generator.checkpoint import read_checkpoint
    from tconv_helpers.generator.train import PARTS

    state = read_checkpoint(path)
    trainer.step, trainer.losses = state["step"], state["losses"]
    trainer.rng.set_state(state["rng"])
    for part in PARTS:
        getattr(trainer, part).load_state_dict(state[part])
    return trainer
