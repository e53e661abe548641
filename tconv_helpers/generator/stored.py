"""The stored generator, which draws clothes before anyone has trained: its file, and how that is made.

``generator.npz`` and ``generator.txt``, which tells its recipe, checksum and scores, are made anew by

    OMP_NUM_THREADS=1 python -m tconv_helpers.generator.stored
"""

import hashlib
from pathlib import Path
from textwrap import fill

import numpy as np
import torch

from .images import load_images
from .metrics import evaluate, real_scores
from .models import Generator, parameter_count, sample
from .recipe import STORED
from .stamping import halved
from .train import Trainer

WEIGHTS = Path(__file__).with_name("generator.npz")
ABOUT = """\
generator.npz: a generator trained on fashion_mnist.npz

Holds    the weights of tconv_helpers.generator.models.Generator, {count:,} that it learnt and the statistics
         of its BatchNorms, in half precision
Recipe   STORED in tconv_helpers/generator/recipe.py:
{recipe}
Made by  OMP_NUM_THREADS=1 python -m tconv_helpers.generator.stored
         Takes about ten minutes of one core; another processor rounds otherwise, and its weights are others.
SHA-256  of the arrays' bytes, in the order of the file:
         {checksum}
Scores   of the half-precision weights on 3,000 samples with the labels of the held-out images, seed 0;
         in brackets, those of as many training images. See tconv_helpers/generator/metrics.py for each.
{scores}
Licence  that of the code; it learnt from images of Fashion-MNIST, see fashion_mnist.txt
"""


def load_generator():
    """Load the stored generator, which has learnt to draw the ten classes of ``load_images``.

    Shapes: ``z (batch, 64)``, ``labels (batch,)`` to ``(batch, 1, 28, 28)`` in [-1, 1]; each call returns
    one of its own, in evaluation mode.
    Formula: trained by the recipe ``STORED``, its weights rounded to half precision.
    Source: ``generator.txt`` beside the file tells recipe, checksum and scores.

    >>> from tconv_helpers import load_judge, sample
    >>> boots = sample(load_generator(), [9] * 100)
    >>> boots.shape, float((load_judge().classify(boots) == 9).mean()) > 0.9
    ((100, 28, 28), True)
    """
    generator = Generator(STORED.upsample, STORED.widths)
    with np.load(WEIGHTS, allow_pickle=False) as file:
        generator.load_state_dict({name: torch.from_numpy(file[name]) for name in file.files})
    return generator.eval()


def checksum(file):
    """Return the SHA-256 of the arrays' bytes in an ``.npz`` file."""
    with np.load(file, allow_pickle=False) as arrays:
        return hashlib.sha256(b"".join(arrays[name].tobytes() for name in arrays.files)).hexdigest()


def make_generator(images, recipe=STORED, out=WEIGHTS):
    """Train a generator by ``recipe`` and write it to ``out``, and what is to be known of it beside."""
    trained = Trainer(images, recipe).run().average
    numbers = {name: halved(value).numpy() for name, value in trained.state_dict().items()}
    np.savez_compressed(out, **numbers)
    trained.load_state_dict({name: torch.from_numpy(value) for name, value in numbers.items()})
    out.with_suffix(".txt").write_text(about(trained, images, recipe, out), encoding="utf-8")


def about(generator, images, recipe, file):
    """Return the text beside the stored generator: its recipe, its checksum, its scores."""
    labels = images.held_out_labels
    ours, floor = evaluate(sample(generator, labels), labels, images), real_scores(images)
    rows = [f"{name:13}{ours[i]:.4f} ({floor[i]:.4f})" for i, name in enumerate(ours._fields)]
    indent = " " * 9
    return ABOUT.format(
        count=parameter_count(generator),
        recipe=fill(repr(recipe), 105, initial_indent=indent, subsequent_indent=indent + "       "),
        checksum=checksum(file),
        scores="\n".join(indent + row for row in rows),
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    make_generator(load_images())
