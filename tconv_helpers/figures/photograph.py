"""A photograph in colour: Grace Hopper, US Navy, public domain.

``photograph.png`` is ``grace_hopper.jpg`` of Matplotlib's sample data (an official photograph), cropped
to (112, 20, 432, 340) and made smaller by Pillow's ``resize((80, 80), LANCZOS)``.
"""

from importlib.resources import files

import numpy as np
from PIL import Image


def load_photograph():
    """Load a photograph in colour, uint8 (80, 80, 3): red, green and blue of each pixel, from 0 to 255.

    >>> load_photograph().shape, load_photograph()[0, -1].tolist()
    ((80, 80, 3), [64, 102, 177])
    """
    with files(__package__).joinpath("photograph.png").open("rb") as file:
        return np.asarray(Image.open(file).convert("RGB"))
