"""The latent space of a generator, to walk in: the one explorer whose pictures come from the kernel."""

from copy import deepcopy
from math import cos, radians, sin

import torch

from ..explore.explorer import Explorer
from ..explore.joining import esm
from ..explore.traits import Sent, Whole
from ..words import in_words
from .models import draw_latents
from .pixels import as_images


class LatentExplorer(Explorer):
    """Turn and tilt a latent vector, and see what a generator draws from it for every class.

    Formula: ``z = cos(tilt) (cos(turn) a + sin(turn) b) + sin(tilt) c`` with three normal draws a, b and c,
    in degrees: the squares of the three factors add up to 1, so z is a normal draw as well.
    State, each of which Python reads and sets: turn, tilt, and label, which counts into ``names``. ``z`` has
    shape (1, latent), ``images`` is uint8 (classes, size, size). The generator is copied as it is.
    ValueError unless there is one name for each class, or where a value does not fit the explorer.

    >>> from tconv_helpers import Generator, load_images
    >>> LatentExplorer(Generator(), load_images().names, turn=90)
    LatentExplorer: turn=90, tilt=0, T-shirt; z = 0 a + 1 b + 0 c.
    """

    _esm = esm("latent.js")
    _names = Sent()
    _drawn = Sent()  # the images of send_images
    turn = Whole(0, 360, default=45)
    tilt = Whole(-90, 90, default=0)
    label = Whole(0, lambda self: self.generator.classes - 1, default=0)

    def __init__(self, generator, names, seed=0, **state):
        if len(names) != generator.classes:
            raise ValueError(
                f"names must have one name for each class of the generator: got {len(names)} names for "
                f"{generator.classes} classes; use for example names=range({generator.classes})"
            )
        self.generator = deepcopy(generator).eval()
        self.axes = draw_latents(generator, 3, torch.Generator().manual_seed(seed))
        super().__init__(**state)
        self._names = [str(name) for name in names]
        self.send_images()
        self.observe(self.send_images, ["turn", "tilt"])

    @property
    def factors(self):
        """Return the factors of a, b and c in z; their squares add up to 1."""
        turn, tilt = radians(self.turn), radians(self.tilt)
        return cos(tilt) * cos(turn), cos(tilt) * sin(turn), sin(tilt)

    @property
    def z(self):
        """Return z, (1, latent)."""
        return torch.tensor([self.factors]) @ self.axes

    @property
    @torch.no_grad()
    def images(self):
        """Return an image of every class, all drawn from z: uint8, (classes, size, size)."""
        labels = torch.arange(self.generator.classes)
        return as_images(self.generator(self.z.expand(len(labels), -1), labels))

    def send_images(self, change=None):
        """Send the images to the client, with the turn and the tilt that they were drawn from."""
        images, at = self.images, (self.turn, self.tilt)
        self._drawn = {"at": at, "size": images.shape[1:], "pixels": images.tobytes()}

    def summary(self):
        """Return in words: turn, tilt and class, and z."""
        parts = zip(self.factors, "abc", strict=True)
        z = " + ".join(f"{in_words([round(factor, 2) + 0.0])} {axis}" for factor, axis in parts)
        name = self._names[self.label]
        return f"turn={self.turn}, tilt={self.tilt}, {name}; z = {z.replace('+ −', '− ')}."
