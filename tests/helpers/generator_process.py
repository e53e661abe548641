"""The programs that the tests of training run in other processes, and the small things that they train on."""

import hashlib
import io
import sys
import time
from pathlib import Path

import numpy as np
import torch

from tconv_helpers.generator.images import Images
from tconv_helpers.generator.recipe import Recipe
from tconv_helpers.generator.train import Trainer

SMALL = Recipe(steps=40, widths=(6, 4), batch=8, penalty_every=3)
ENDLESS = Recipe(steps=10**6, widths=(4, 3), batch=4)


def small_images(count=64, size=12, seed=0):
    """Return random images of two classes, with a few held out."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (count, size, size), dtype=np.uint8)
    labels = np.arange(count, dtype=np.uint8) % 2
    return Images(pixels, labels, pixels[:8], labels[:8], ("even", "odd"))


def fingerprint(trainer):
    """Return a digest of every number that a trainer holds: one bit changed, and it is another."""
    digest = hashlib.sha256(repr((trainer.step, trainer.losses)).encode())
    digest.update(trainer.rng.get_state().numpy().tobytes())
    for part in (trainer.generator, trainer.discriminator, trainer.average):
        for value in part.state_dict().values():
            digest.update(value.contiguous().numpy().tobytes())
    for optimizer in (trainer.for_generator, trainer.for_discriminator):
        for state in optimizer.state_dict()["state"].values():
            for value in state.values():
                digest.update(value.contiguous().numpy().tobytes())
    return digest.hexdigest()


class SlowFile(io.FileIO):
    """A file on a slow disk, so that most random moments fall in the middle of writing it."""

    def write(self, data):
        for piece in np.array_split(np.frombuffer(data, np.uint8), 10):
            time.sleep(0.003)
            super().write(piece.tobytes())


def train_until_killed(path, begun):
    """Go on from the checkpoint ``path``, saving after every step; ``begun`` is set just before the first."""
    torch.set_num_threads(1)
    trainer = Trainer.load(path, small_images())
    Path.open = lambda self, mode: SlowFile(self, mode)
    begun.set()
    trainer.run(checkpoint=path, every=1, progress=False)


def real_run(seed):
    """Return the digest of eight steps with the real widths, on images of the real size."""
    return fingerprint(Trainer(small_images(size=28), Recipe(seed=seed)).run(8, progress=False))


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(real_run(seed=int(sys.argv[1])))
