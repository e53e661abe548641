"""The latent space of a generator, to walk in: its numbers are sent once, and the page draws with them."""

from math import cos, radians, sin
from typing import ClassVar

import torch

from ..explore.explorer import Explorer
from ..explore.joining import esm, joined
from ..explore.traits import Sent, Whole, Word
from ..words import in_words
from .images import FASHION
from .models import draw_latents
from .pixels import as_images
from .stamping import links_of, maps_of, sent, swapped
from .stored import load_generator
from .swaps import KERNELS


class LatentExplorer(Explorer):
    """Turn and tilt a latent vector, and see what a generator draws from it, map by map, for every class.

    Formula: ``z = cos(tilt) (cos(turn) a + sin(turn) b) + sin(tilt) c`` with three normal draws a, b and c,
    in degrees: the squares of the three factors add up to 1, so z is a normal draw as well.
    State, each of which Python reads and sets: turn, tilt; label, which counts into ``names``; and kernel,
    with which layer number ``layer`` works in place of the trained one, see ``swap_kernel``. ``z`` has shape
    (1, latent), ``images`` is uint8 (classes, size, size). The page draws by itself, with numbers that were
    sent in half precision and do not change with the generator; without one, it is that of
    ``load_generator``.
    ValueError unless there is one name for each class, or where a value does not fit the explorer.

    >>> LatentExplorer(turn=90)
    LatentExplorer: turn=90, tilt=0, T-shirt; z = 0 a + 1 b + 0 c.
    >>> LatentExplorer(turn=90, layer=3, kernel="nearest")
    LatentExplorer: turn=90, tilt=0, T-shirt; z = 0 a + 1 b + 0 c; layer 3 with nearest kernels.
    """

    _esm = esm("latent.js")
    _css = Explorer._css + joined("latent.css")
    _names = Sent()
    _axes = Sent()  # a, b and c, one after the other, in single precision
    _links = Sent()  # the arguments of each layer
    _numbers = Sent()  # those of all layers, as bytes
    turn = Whole(0, 360, default=45)
    tilt = Whole(-90, 90, default=0)
    label = Whole(0, lambda self: len(self.names) - 1, default=0)
    layer = Whole(1, lambda self: len(self.links), default=2)
    kernel = Word(*KERNELS)

    swaps: ClassVar = {
        "layer 3 nearest": {"layer": 3, "kernel": "nearest"},
        "layer 2 bilinear": {"layer": 2, "kernel": "bilinear"},
        "layer 1 ones": {"layer": 1, "kernel": "ones"},
        "trained, z = a": {"turn": 0, "tilt": 0, "kernel": "trained"},
        "trained, z = c": {"turn": 0, "tilt": 90, "kernel": "trained"},
    }

    def __init__(self, generator=None, names=FASHION, seed=0, **state):
        generator = generator or load_generator()
        if len(names) != generator.classes:
            raise ValueError(
                f"names must have one name for each class of the generator: got {len(names)} names for "
                f"{generator.classes} classes; use for example names=range({generator.classes})"
            )
        self.names = [str(name) for name in names]
        self.links = links_of(generator)
        layers = len(self.links)
        self.presets = {name: to for name, to in self.swaps.items() if to.get("layer", 1) <= layers}
        self.axes = draw_latents(generator, 3, torch.Generator().manual_seed(seed))
        super().__init__(**state)
        self._names, self._axes = self.names, self.axes.numpy().astype("<f4").tobytes()
        self._links, self._numbers = sent(self.links)

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
    def maps(self):
        """Return the map after every layer, drawn from z for every class: (classes, channels, side, side)."""
        links, at = list(self.links), self.layer - 1
        links[at] = swapped(links[at], self.kernel)
        return maps_of(links, self.z.expand(len(self.names), -1), torch.arange(len(self.names)))

    @property
    def images(self):
        """Return an image of every class, all drawn from z: uint8, (classes, size, size)."""
        return as_images(self.maps[-1])

    def summary(self):
        """Return in words: turn, tilt and class, z, and a kernel that is not the trained one."""
        parts = zip(self.factors, "abc", strict=True)
        z = " + ".join(f"{in_words([round(factor, 2) + 0.0])} {axis}" for factor, axis in parts)
        swap = "" if self.kernel == "trained" else f"; layer {self.layer} with {self.kernel} kernels"
        name = self.names[self.label]
        return f"turn={self.turn}, tilt={self.tilt}, {name}; z = {z.replace('+ −', '− ')}{swap}."
