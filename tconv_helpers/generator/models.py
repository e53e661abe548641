"""A class-conditional generator made of transposed convolutions, and the discriminator it plays against."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .pixels import as_images
from .upsamplers import upsampler


def layer_sizes(size=28, layers=2):
    """Return the side of every map from the latent vector to the image: 1, the first map, then doublings.

    Formula: ``1, size / 2**layers, ..., size / 2, size``.
    Errors: ValueError when ``size`` cannot be halved ``layers`` times.

    >>> layer_sizes(28), layer_sizes(64, layers=4)
    ((1, 7, 14, 28), (1, 4, 8, 16, 32, 64))
    """
    unit = 2**layers
    if size < unit or size % unit:
        near = max(1, round(size / unit)) * unit
        raise ValueError(
            f"size must be a multiple of 2**layers: got size={size}, layers={layers}; use size={near}"
        )
    return 1, *(size // 2**k for k in range(layers, -1, -1))


class FirstLayer(nn.ConvTranspose2d):
    """Apply a transposed convolution to 1 x 1 maps: there it is one matrix product, and faster.

    Shapes: ``(batch, in, 1, 1)`` or ``(batch, in)`` to ``(batch, out, m, m)``.
    """

    def forward(self, x):
        maps = x.flatten(1) @ self.weight.flatten(1)
        return maps.unflatten(1, self.weight.shape[1:]).contiguous(memory_format=torch.channels_last)


class ClassNorm(nn.Module):
    """Normalise as BatchNorm does, with a scale and a shift for each class.

    Shapes: ``x (batch, channels, h, w)``, ``labels (batch,)`` to the shape of x.
    Formula: ``scale[label] * norm(x) + shift[label]``.
    """

    def __init__(self, channels, classes):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale, self.shift = nn.Embedding(classes, channels), nn.Embedding(classes, channels)
        nn.init.ones_(self.scale.weight)
        nn.init.zeros_(self.shift.weight)

    def forward(self, x, labels):
        scale, shift = self.scale(labels)[:, :, None, None], self.shift(labels)[:, :, None, None]
        return self.norm(x) * scale + shift


class Generator(nn.Module):
    """Turn latent vectors and labels into images by one transposed convolution and an upsampler per width.

    Shapes: ``z (batch, latent)``, ``labels (batch,)`` to ``(batch, 1, size, size)`` in [-1, 1].
    Formula: 1 x 1 -> ``size / 2**len(widths)`` -> ... -> ``size``; before each upsampler a BatchNorm of the
    class and ReLU; tanh at the end.
    Errors: those of ``layer_sizes`` and ``upsampler``.
    Source: Radford, Metz & Chintala 2015 (DCGAN), here with two doublings; Dumoulin et al. 2017 (norm).

    >>> Generator()(torch.zeros(2, 64), torch.tensor([0, 9])).shape
    torch.Size([2, 1, 28, 28])
    """

    def __init__(self, upsample="conv_transpose_k4", widths=(64, 32), size=28, *, latent=64, classes=10):
        super().__init__()
        self.latent, self.classes = latent, classes
        side = layer_sizes(size, len(widths))[1]
        self.first = FirstLayer(latent + classes, widths[0], side, bias=False)
        self.norms = nn.ModuleList(ClassNorm(width, classes) for width in widths)
        pairs = zip(widths, (*widths[1:], 1), strict=True)
        self.ups = nn.ModuleList(upsampler(upsample, before, after) for before, after in pairs)
        self.to(memory_format=torch.channels_last)  # about a quarter less time on a CPU

    def forward(self, z, labels):
        return self.maps(z, labels)[-1]

    def maps(self, z, labels):
        """Return the map after every layer, the image last.

        Shapes: ``z (batch, latent)``, ``labels (batch,)`` to ``(batch, width, side, side)`` for each width,
        then ``(batch, 1, size, size)``.
        """
        maps = [self.first(torch.cat([z, F.one_hot(labels, self.classes)], dim=1))]
        for norm, up in zip(self.norms, self.ups, strict=True):
            maps.append(up(F.relu(norm(maps[-1], labels))))
        return [*maps[:-1], maps[-1].tanh()]


class Discriminator(nn.Module):
    """Score how real an image of a class looks in its batch, which must be all real or all fake.

    Shapes: ``x (batch, 1, size, size)``, ``labels (batch,)`` to ``(batch,)``, unbounded (a logit).
    Formula: ``w . [f(x), s] + b + v[label] . f(x)`` with ``hidden`` features f from conv k4 s2 p1 layers and
    a linear one, LeakyReLU(0.2) after each; s is the mean of the features' standard deviations in the batch.
    Errors: those of ``layer_sizes``.
    Source: Miyato & Koyama 2018, "cGANs with projection discriminator" (v); Karras et al. 2018, "Progressive
    growing of GANs" (s: a generator that always draws the same is found out).

    >>> Discriminator()(torch.zeros(2, 1, 28, 28), torch.tensor([0, 9])).shape
    torch.Size([2])
    """

    def __init__(self, widths=(32, 64), size=28, hidden=128, classes=10):
        super().__init__()
        layers = []
        for before, after in zip((1, *widths[:-1]), widths, strict=True):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        count = widths[-1] * layer_sizes(size, len(widths))[1] ** 2
        self.features = nn.Sequential(*layers, nn.Flatten(), nn.Linear(count, hidden), nn.LeakyReLU(0.2))
        self.score = nn.Linear(hidden + 1, 1)
        self.classes = nn.Embedding(classes, hidden)
        nn.init.normal_(self.classes.weight, std=hidden**-0.5)
        self.to(memory_format=torch.channels_last)

    def forward(self, x, labels):
        features = self.features(x)
        variety = (features.var(dim=0, correction=0) + 1e-8).sqrt().mean()  # the root of 0 has no slope
        seen = torch.cat([features, variety.expand(len(x), 1)], dim=1)
        return self.score(seen)[:, 0] + (self.classes(labels) * features).sum(dim=1)


def parameter_count(model):
    """Return how many numbers ``model`` learns.

    >>> parameter_count(upsampler("conv_transpose_k4", 3, 5))
    245
    """
    return sum(parameter.numel() for parameter in model.parameters())


def draw_latents(generator, count, rng):
    """Return ``count`` latent vectors for ``generator``, normal, from the ``torch.Generator`` ``rng``.

    >>> draw_latents(Generator(), 3, torch.Generator().manual_seed(0)).shape
    torch.Size([3, 64])
    """
    return torch.randn(count, generator.latent, generator=rng)


@torch.no_grad()
def sample(generator, labels, seed=0):
    """Draw one image per label, the same ones for the same seed.

    Shapes: ``labels (n,)`` to uint8 ``(n, size, size)``.

    >>> sample(Generator().eval(), [3, 3, 5]).shape
    (3, 28, 28)
    """
    labels = torch.as_tensor(labels).long()
    z = draw_latents(generator, len(labels), torch.Generator().manual_seed(seed))
    parts = zip(z.split(500), labels.split(500), strict=True)
    return np.concatenate([as_images(generator(*part)) for part in parts])
