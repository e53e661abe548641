"""Checkerboards in images: a pattern that sits at the same pixels of every cell, in every image."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# Grey levels: an edge counts no more than a faint grid does, else edges drown the grid
LIMIT = 16


def locked_pattern(images, period):
    """Return the pattern of ``period`` x ``period`` that all cells of all images share, in grey levels.

    Shapes: ``(n, h, w)`` to ``(period, period)``, its mean near 0.
    Formula: the mean, over images and cells, of the fine detail ``x - smooth(x)``, clipped to 16 grey levels
    either way, pixel (i, j) counted at ``(i % period, j % period)``. What differs from cell to cell
    averages out; a checkerboard stays.

    >>> board = np.indices((8, 8)).sum(axis=0) % 2
    >>> locked_pattern(board[None], period=2).tolist()
    [[-0.5, 0.5], [0.5, -0.5]]
    """
    detail = _detail(images, period)
    count, height, width = detail.shape
    cells = detail.reshape(count, height // period, period, width // period, period)
    return np.roll(cells.mean(axis=(0, 1, 3)), period // 2, axis=(0, 1))  # the crop began at period // 2


def locked_energy(images, period):
    """Return the share of the fine detail's energy that the shared pattern holds: 0 none, 1 all.

    Shapes: ``(n, h, w)``, h and w at least ``2 * period``.
    Formula: ``mean(pattern**2) / mean(detail**2)``.

    >>> board = np.indices((8, 8)).sum(axis=0) % 2
    >>> locked_energy(board[None], period=2), locked_energy(board[None], period=4)
    (1.0, 1.0)
    """
    energy = float((_detail(images, period) ** 2).mean())
    return float((locked_pattern(images, period) ** 2).mean()) / energy if energy else 0.0


def nyquist_energy(images):
    """Return the share of the images' energy at the highest frequencies: the plain measure of a grid.

    Shapes: ``(n, h, w)``.
    Formula: ``sum |X[h/2, :]|**2 + |X[:, w/2]|**2`` over ``sum |X|**2`` for the 2-D Fourier transform ``X``,
    its mean left out. It counts the edges of every garment as much as a grid, and sees no period but 2.

    >>> nyquist_energy(np.indices((1, 8, 8))[1:2, 0] % 2)
    1.0
    """
    images = np.asarray(images, np.float64)
    power = (np.abs(np.fft.fft2(images)) ** 2).mean(axis=0)
    power[0, 0] = 0
    height, width = power.shape
    edge = power[height // 2].sum() + power[:, width // 2].sum() - power[height // 2, width // 2]
    return float(edge / power.sum()) if power.any() else 0.0


def _detail(images, period):
    """Return what is left of the pixels without their centred means over one period, in whole cells."""
    images, start = np.asarray(images, np.float32), period // 2
    smooth = _smooth(_smooth(images, period, axis=1), period, axis=2)
    height, width = smooth.shape[1:]
    detail = images[:, start : start + height, start : start + width] - smooth
    return detail[:, : height // period * period, : width // period * period].clip(-LIMIT, LIMIT)


def _smooth(images, period, axis):
    """Return the centred means of the images over one period along an axis, which a pattern leaves at 0."""
    weights = np.r_[0.5, np.ones(period - 1), 0.5].astype(np.float32) / period
    return sliding_window_view(images, period + 1, axis) @ weights
