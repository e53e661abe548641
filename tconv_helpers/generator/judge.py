"""The judge: a small classifier of real images, whose features the metrics compare.

The bundled judge learnt from the 53,000 Fashion-MNIST images that the bundle leaves out, so neither the
training nor the held-out images are known to it. Made from the original files by

    python -m tconv_helpers.generator.judge FOLDER
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from .images import FASHION, load_idx
from .pixels import as_tensor

WEIGHTS = Path(__file__).with_name("judge.npz")


class Judge(nn.Module):
    """Classify images by 64 features: two strided convolutions and one hidden layer.

    Shapes: ``(batch, 1, 28, 28)`` in [-1, 1] to ``(batch, classes)`` logits.
    """

    def __init__(self, size=28, classes=10, features=64):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 4, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(16, 32, 4, stride=2, padding=1), nn.ReLU(),
            nn.Flatten(), nn.Linear(32 * (size // 4) ** 2, features), nn.ReLU(),
        )  # fmt: skip
        self.head = nn.Linear(features, classes)

    def forward(self, x):
        """Return the logits (batch, classes) of x."""
        return self.head(self.body(x))

    @torch.no_grad()
    def features(self, images):
        """Return the ``(n, 64)`` features of ``images``, an array ``(n, h, w)``."""
        return self.body(as_tensor(images))

    @torch.no_grad()
    def classify(self, images):
        """Return the ``(n,)`` most likely class of each of ``images``, an array ``(n, h, w)``."""
        return self(as_tensor(images)).argmax(dim=1).numpy()


@cache
def load_judge():
    """Load the bundled judge of Fashion-MNIST, which classifies 89 % of the held-out images rightly.

    Shapes: its ``features`` takes images ``(n, 28, 28)`` to ``(n, 64)``, its ``classify`` to ``(n,)``.

    >>> from tconv_helpers import load_images
    >>> images = load_images()
    >>> bool((load_judge().classify(images.held_out) == images.held_out_labels).mean() > 0.88)
    True
    """
    judge = Judge()
    with np.load(WEIGHTS, allow_pickle=False) as file:
        judge.load_state_dict({name: torch.from_numpy(file[name]).float() for name in file.files})
    return judge.eval()


def train_judge(images, *, epochs=8, batch=100, learning_rate=2e-3, seed=0):
    """Train a judge on ``images.train``, for images other than the bundled ones: about 10 s for 7,000.

    Shapes: ``images.train (n, size, size)`` uint8, returns a ``Judge`` of that size and as many classes.
    Formula: cross-entropy, Adam, learning rate falling linearly to 0.
    """
    rng = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        judge = Judge(images.train.shape[1], len(images.names))
    x, labels = as_tensor(images.train), torch.as_tensor(images.train_labels).long()
    steps = len(x) * epochs // batch
    optimizer = torch.optim.Adam(judge.parameters(), learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, steps)
    for _ in range(steps):
        pick = torch.randint(len(x), (batch,), generator=rng)
        optimizer.zero_grad()
        cross_entropy(judge(x[pick]), labels[pick]).backward()
        optimizer.step()
        schedule.step()
    return judge.eval()


def leave_out_first(images, count=700):
    """Keep the training images that the bundle leaves out: all but the first ``count`` of each class."""
    ranks = np.empty(len(images.train), int)
    for c in np.unique(images.train_labels):
        members = np.flatnonzero(images.train_labels == c)
        ranks[members] = np.arange(len(members))
    keep = ranks >= count
    return images._replace(train=images.train[keep], train_labels=images.train_labels[keep])


def make_judge(folder, out=WEIGHTS):
    """Train the bundled judge on the IDX files in ``folder`` and write its weights to ``out``."""
    judge = train_judge(leave_out_first(load_idx(folder, FASHION)))
    np.savez_compressed(out, **{name: value.half().numpy() for name, value in judge.state_dict().items()})


if __name__ == "__main__":
    torch.set_num_threads(1)
    make_judge(sys.argv[1])
