"""The losses of the two players of the game, and the average of the generator's weights over the game."""

import torch
from torch.nn.functional import softplus


def discriminator_loss(discriminator, real, fake, labels):
    """Return how badly ``discriminator`` tells real images from fake ones.

    Shapes: ``real`` and ``fake (batch, 1, h, w)``, ``labels (batch,)`` to a scalar.
    Formula: ``mean(softplus(-D(real))) + mean(softplus(D(fake)))``, the binary cross-entropy of logits.
    Source: Goodfellow et al. 2014.

    >>> x = labels = torch.ones(2)
    >>> round(discriminator_loss(lambda x, labels: 0 * x, x, x, labels).item(), 4)
    1.3863
    """
    return softplus(-discriminator(real, labels)).mean() + softplus(discriminator(fake, labels)).mean()


def generator_loss(discriminator, fake, labels):
    """Return how little ``discriminator`` takes ``fake`` for real: the non-saturating loss.

    Shapes: ``fake (batch, 1, h, w)``, ``labels (batch,)`` to a scalar.
    Formula: ``mean(softplus(-D(fake)))``.
    Source: Goodfellow et al. 2014, section 3.

    >>> round(generator_loss(lambda x, labels: 0 * x, torch.ones(2), torch.ones(2)).item(), 4)
    0.6931
    """
    return softplus(-discriminator(fake, labels)).mean()


def gradient_penalty(discriminator, real, labels):
    """Return R1: how steep ``discriminator`` is at the real images.

    Shapes: ``real (batch, 1, h, w)``, ``labels (batch,)`` to a scalar.
    Formula: ``mean(|dD/dx|^2)`` at ``x = real``, the squares summed over the pixels of an image.
    Source: Mescheder, Geiger & Nowozin 2018.

    >>> gradient_penalty(lambda x, labels: 3 * x.sum((1, 2, 3)), torch.zeros(2, 1, 2, 2), None).item()
    36.0
    """
    real = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(real, labels).sum(), real, create_graph=True)
    return slope.square().sum(dim=(1, 2, 3)).mean()


@torch.no_grad()
def update_average(average, model, decay):
    """Move every number of ``average`` towards that of ``model``: weights and BatchNorm's statistics alike.

    Formula: ``average = decay * average + (1 - decay) * model``; counters are copied.
    """
    for mean, value in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        if value.is_floating_point():
            mean.lerp_(value, 1 - decay)
        else:
            mean.copy_(value)
