"""Metrics of generated images: each is an array function, ``evaluate`` runs them all.

Every one has a floor (real images against real images) and a ceiling (an untrained generator): a number
means something only between the two.
"""

from typing import NamedTuple

import numpy as np
import torch

from ..arguments import numbers
from .checkerboard import locked_energy
from .judge import load_judge


class ImageScores(NamedTuple):
    """Hold what ``evaluate`` measures; in brackets, the value of perfect samples."""

    # Distance between the distributions of features (0)
    frechet: float
    # Share of the samples that look like a real image (that of real images, about 0.9)
    precision: float
    # Share of the real images that look like a sample (that of real images, about 0.9)
    recall: float
    # Share of the samples that the judge sees as their label (that of real images, about 0.9)
    accuracy: float
    # How far from the training images: 0 copies, 1 new images (1)
    memorisation: float
    # Share of the fine detail that is a fixed pattern of period 2 (that of real images)
    grid2: float
    # The same for period 4
    grid4: float


def frechet_distance(a, b):
    """Return the Fréchet distance between two Gaussians fitted to the features ``a`` and ``b``.

    Shapes: ``(n, d)`` and ``(m, d)``, with n and m well above d.
    Formula: ``|mean_a - mean_b|^2 + trace(C_a + C_b - 2 (C_a^(1/2) C_b C_a^(1/2))^(1/2))``.
    Errors: ValueError for fewer than two of them, for another width, and for what is no number.
    Source: Dowson & Landau 1982; Heusel et al. 2017, who use it on images.

    >>> a = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [2.0, 2.0]])
    >>> frechet_distance(a, a), round(frechet_distance(a, a + [3, 4]), 6)
    (0.0, 25.0)
    """
    a, b = (features.astype(np.float64) for features in _features(2, a=a, b=b))
    cov_a, cov_b = (np.atleast_2d(np.cov(features.T)) for features in (a, b))
    root = _root(cov_a)
    cross = np.linalg.eigvalsh(root @ cov_b @ root).clip(min=0)
    distance = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(cov_a + cov_b) - 2 * np.sqrt(cross).sum()
    return max(0.0, float(distance))


def _root(symmetric):
    """Return the square root of a symmetric matrix that has no negative eigenvalue."""
    values, vectors = np.linalg.eigh(symmetric)
    return vectors * np.sqrt(values.clip(min=0)) @ vectors.T


def precision_recall(samples, real, k=3, keep=0.95):
    """Return the share of ``samples`` that lies among ``real``, and the share of ``real`` among ``samples``.

    Shapes: features ``(n, d)`` and ``(m, d)``.
    Formula: a point lies among a set if it is in the ball around one of its members that reaches to that
    one's ``k``-th nearest neighbour in the set; only the narrowest ``keep`` of the balls count, as the ball
    around one odd image takes in everything.
    Errors: ValueError for k or fewer of them, for another width, and for what is no number.
    Source: Kynkäänniemi et al. 2019, who leave out half of the balls where outliers would decide.

    >>> samples, real = np.array([[0.1], [0.2], [0.3]]), np.array([[0.0], [1.0], [9.0]])
    >>> precision_recall(samples, real, k=1, keep=1)
    (1.0, 0.3333333333333333)
    """
    samples, real = map(torch.from_numpy, _features(k + 1, samples=samples, real=real))
    return _share_among(samples, real, k, keep), _share_among(real, samples, k, keep)


def _features(least, **named):
    """Return sets of features as arrays (n, d); ValueError unless each has ``least`` of them."""
    arrays = {name: numbers(name, features, np.asarray, kinds="iuf") for name, features in named.items()}
    for name, features in arrays.items():
        if features.ndim != 2 or len(features) < least or features.shape[1] < 1:
            raise ValueError(
                f"{name} must be (n, d) with n at least {least}: got shape {features.shape}; use more images"
            )
        if wrong := np.count_nonzero(~np.isfinite(features)):
            raise ValueError(
                f"{name} must be finite numbers: got {wrong} that are not; did the training diverge?"
            )
    if len({features.shape[1] for features in arrays.values()}) > 1:
        got = " and ".join(f"{name} {features.shape}" for name, features in arrays.items())
        raise ValueError(f"both sets must have features of one width: got {got}; use one judge for both")
    return [features.astype(np.result_type(features, np.float32)) for features in arrays.values()]


def _share_among(points, members, k, keep):
    """Return the share of the points that lie among the members."""
    # k + 1, since the nearest is the member itself
    nearest = torch.cdist(members, members).topk(k + 1, largest=False).values
    reach = nearest[:, -1]
    narrow = reach <= reach.quantile(keep)
    inside = torch.cdist(points, members[narrow]) <= reach[narrow]
    return float(inside.any(dim=1).double().mean())


def memorisation(samples, train, held_out):
    """Return how near ``samples`` are to ``train`` for new images: 0 for copies, about 1 for new ones.

    Shapes: images ``(n, h, w)``, ``(m, h, w)``, ``(p, h, w)``.
    Formula: ``r(samples) / r(held_out)``, where ``r(x)`` is the mean distance from x to its nearest image
    in ``train`` over that to its nearest *other* image in ``held_out``: so the two sets' sizes cancel.

    >>> train, held_out = np.array([[[0.0]], [[9.0]]]), np.array([[[2.0]], [[5.0]]])
    >>> memorisation(train, train, held_out)
    0.0
    """
    samples, train, held_out = (
        torch.from_numpy(np.asarray(x, np.float32).reshape(len(x), -1)) for x in (samples, train, held_out)
    )
    new = held_out[:: -(-len(held_out) // len(samples))]  # about as many as there are samples
    ratio = _mean_distance(samples, train, 1) / _mean_distance(samples, held_out, 1)
    return ratio / (_mean_distance(new, train, 1) / _mean_distance(new, held_out, 2))


def _mean_distance(points, members, rank):
    """Return the mean distance from ``points`` to their ``rank``-th nearest member."""
    distances = torch.cdist(points, members).topk(rank, largest=False).values
    return float(distances[:, -1].double().mean())


def evaluate(samples, labels, images, judge=None):
    """Return the ``ImageScores`` of ``samples`` with these ``labels``, against the held-out ``images``.

    Shapes: ``samples (n, h, w)``, ``labels (n,)``; best with ``labels`` those of ``images.held_out``, as the
    Fréchet distance grows when samples are few. Memorisation looks at every third sample.

    >>> from tconv_helpers import load_images
    >>> images = load_images()
    >>> scores = evaluate(images.held_out, images.held_out_labels, images)
    >>> scores.frechet, scores.precision > 0.9, round(scores.accuracy, 1)
    (0.0, True, 0.9)
    """
    judge = judge or load_judge()
    ours, real = judge.features(samples), judge.features(images.held_out)
    precision, recall = precision_recall(ours, real)
    return ImageScores(
        frechet=frechet_distance(ours, real),
        precision=precision,
        recall=recall,
        accuracy=float((judge.classify(samples) == labels).mean()),
        memorisation=memorisation(samples[::3], images.train, images.held_out),
        grid2=locked_energy(samples, period=2),
        grid4=locked_energy(samples, period=4),
    )


def real_scores(images, judge=None):
    """Return the ``ImageScores`` of real images, the floor.

    They are as many training images of each class as are held out. Their memorisation is 0, as they are
    copies of themselves: the only one that this floor does not set.

    >>> from tconv_helpers import load_images
    >>> real = real_scores(load_images())
    >>> real.frechet < 1.5, real.precision > 0.8, real.recall > 0.8, real.accuracy > 0.88
    (True, True, True, True)
    """
    counts = np.bincount(images.held_out_labels)
    pick = np.concatenate([np.flatnonzero(images.train_labels == c)[:n] for c, n in enumerate(counts)])
    return evaluate(images.train[pick], images.train_labels[pick], images, judge)
