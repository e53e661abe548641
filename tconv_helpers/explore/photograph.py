"""A small photograph and seeded noise, on which explorers let their operator act; the page has the same.

``photograph.json`` holds the photograph with its source and licence, and how wide what is seen may be.
"""

import json
from base64 import b64decode
from importlib.resources import files

import numpy as np

_KEPT = json.loads(files(__package__).joinpath("photograph.json").read_text(encoding="utf-8"))


def photograph():
    """Return the photograph, (35, 35): whole numbers from 0, black, to 255.

    >>> photograph().shape, int(photograph().min()), int(photograph().max())
    ((35, 35), 11, 253)
    """
    pixels = np.frombuffer(b64decode(_KEPT["grey"]), np.uint8)
    return pixels.reshape(_KEPT["size"], _KEPT["size"]).astype(int)


def noise(seed=0):
    """Return noise of the photograph's size: whole numbers from 0 to 255, each as likely as the others.

    >>> noise()[0, :4].tolist()
    [217, 163, 130, 69]
    """
    return np.random.default_rng(seed).integers(0, 256, photograph().shape)


def seen(image):
    """Return the grey levels of what is seen of an image, uint8: its middle, at most 70 × 70 pixels.

    Formula: black, 0, is the least number in the middle and white, 255, the greatest; rounded half up.

    >>> seen(np.array([[2, 4], [3, 6]])).tolist()
    [[0, 128], [64, 255]]
    """
    start = max(0, len(image) - _KEPT["window"]) // 2
    end = start + min(len(image), _KEPT["window"])
    middle = image[start:end, start:end]
    spread = np.ptp(middle) or 1
    return np.floor(255 * (middle - middle.min()) / spread + 0.5).astype(np.uint8)
