"""Fix my shape: layers as people write them, their sizes, and the repairs that lead to a wanted one."""

from typing import ClassVar

from ..chains import fix_shape
from ..layers import MOST
from .explorer import Explorer
from .joining import esm, joined
from .traits import Text, Whole

START = """self.down1 = nn.Conv2d(1, 16, 3, stride=2, padding=1)
self.down2 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
self.up1 = nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1)
self.up2 = nn.ConvTranspose2d(16, 1, 3, stride=2, padding=1)"""
DCGAN = """nn.ConvTranspose2d(100, 512, 4, 1, 0),
nn.ConvTranspose2d(512, 256, 4, 2, 1),
nn.ConvTranspose2d(256, 128, 4, 2, 1),
nn.ConvTranspose2d(128, 64, 4, 2, 1),
nn.ConvTranspose2d(64, 3, 4, 2, 1),"""
U_NET = """nn.Conv2d(1, 16, 3, padding=1), nn.MaxPool2d(2)
nn.Conv2d(16, 32, 3, padding=1), nn.MaxPool2d(2)
nn.Conv2d(32, 64, 3, padding=1), nn.MaxPool2d(2)
nn.ConvTranspose2d(64, 32, 2, stride=2)
nn.ConvTranspose2d(32, 16, 2, stride=2)
nn.ConvTranspose2d(16, 1, 2, stride=2)"""
HIFI_GAN = """nn.ConvTranspose1d(512, 256, 16, 8, 4)
nn.ConvTranspose1d(256, 128, 16, 8, 4)
nn.ConvTranspose1d(128, 64, 4, 2, 1)
nn.ConvTranspose1d(64, 32, 4, 2, 1)"""
KERAS = """layers.Conv2D(16, 3, strides=2, padding="same")
layers.Conv2D(32, 3, strides=2, padding="same")
layers.Conv2DTranspose(16, 3, strides=2, padding="same")
layers.Conv2DTranspose(1, 3, strides=2)"""


class ShapeExplorer(Explorer):
    """Paste layers, and see the size after each, with its formula, and the smallest repairs.

    State, each of which Python reads and sets: text, PyTorch's or Keras's layers, read and never run; n and
    wanted, the sizes of input and output along each axis; at, the layer whose formula is shown, from 1.
    ``chain`` is what `fix_shape` finds. ValueError where a value does not fit the explorer.

    >>> ShapeExplorer(text="ConvTranspose2d(8, 1, 3, 2, 1)", n=14, wanted=28)
    ShapeExplorer: 14 -> 27, and not 28; line 1: ConvTranspose2d(8, 1, 3, 2, 1, output_padding=1) leads there.
    """

    _esm = esm("shape.js")
    _css = Explorer._css + joined("shape.css")
    presets: ClassVar = {
        "torch's DCGAN": {"text": DCGAN, "n": 1, "wanted": 64, "at": 1},
        "U-Net": {"text": U_NET, "n": 100, "wanted": 100, "at": 1},
        "HiFi-GAN": {"text": HIFI_GAN, "n": 8, "wanted": 2048, "at": 1},
        "Keras": {"text": KERAS, "n": 28, "wanted": 28, "at": 1},
        "off by one": {"text": START, "n": 28, "wanted": 28, "at": 1},
    }
    text = Text(MOST["characters"], default=START)
    n = Whole(1, 4096, default=28)
    wanted = Whole(1, 4096, default=28)
    at = Whole(1, MOST["layers"], default=1)

    @property
    def chain(self):
        """Return the Chain of the layers; ValueError for a text that holds none."""
        return fix_shape(self.text, self.n, self.wanted)

    def summary(self):
        """Return in words: the sizes, and the first repair where one is needed."""
        try:
            chain = self.chain
        except ValueError as error:
            return f"{error}."
        sizes = " -> ".join(str(size[0]) for size in chain.sizes)
        if chain.problem:
            return f"{sizes}, and no further. {chain.problem}"
        if chain.sizes[-1] == chain.wanted:
            return f"{sizes}, as wanted."
        repair = f"{chain.repairs[0]} leads there" if chain.repairs else "no small repair leads there"
        return f"{sizes}, and not {self.wanted}; {repair}."
