"""The losses are what the papers write, and torch's binary cross-entropy; the average forgets as it says."""

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from tconv_helpers.generator.losses import (
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    update_average,
)
from tconv_helpers.generator.models import ClassNorm, Discriminator


def batch(seed):
    return torch.randn(5, 1, 8, 8, generator=torch.Generator().manual_seed(seed)), torch.arange(5)


@pytest.fixture
def discriminator():
    torch.manual_seed(0)
    return Discriminator(widths=(4, 6), size=8, hidden=7, classes=5)


def test_the_discriminator_pays_the_cross_entropy_of_real_and_fake(discriminator):
    (real, labels), (fake, _) = batch(1), batch(2)
    ones = torch.ones(5)
    expected = cross_entropy(discriminator(real, labels), ones) + cross_entropy(
        discriminator(fake, labels), 0 * ones
    )
    torch.testing.assert_close(discriminator_loss(discriminator, real, fake, labels), expected)


def test_the_generator_pays_the_cross_entropy_of_being_real(discriminator):
    fake, labels = batch(2)
    expected = cross_entropy(discriminator(fake, labels), torch.ones(5))
    torch.testing.assert_close(generator_loss(discriminator, fake, labels), expected)


def test_the_penalty_is_the_squared_slope_measured_by_differences(discriminator):
    real, labels = batch(1)
    discriminator, real, step = discriminator.double(), real.double(), 1e-5
    nudges = step * torch.eye(real.numel(), dtype=torch.double).view(-1, *real.shape)
    ups, downs = (
        torch.stack([discriminator(real + sign * nudge, labels).sum() for nudge in nudges])
        for sign in (1, -1)
    )
    slope = (ups - downs) / (2 * step)
    torch.testing.assert_close(
        gradient_penalty(discriminator, real, labels), slope.square().sum() / 5, rtol=1e-4, atol=0
    )


def test_the_penalty_can_be_learnt_from(discriminator):
    gradient_penalty(discriminator, *batch(1)).backward()
    assert discriminator.features[0].weight.grad.abs().sum() > 0


def test_the_average_moves_weights_and_statistics_and_copies_counters():
    average, model = ClassNorm(2, classes=1), ClassNorm(2, classes=1)
    model(torch.full((4, 2, 3, 3), 10.0), torch.zeros(4, dtype=int))  # moves the running mean to 1, counts 1
    with torch.no_grad():
        model.scale.weight.fill_(5.0)
    update_average(average, model, decay=0.75)
    assert average.scale.weight.tolist() == [[2.0, 2.0]]
    torch.testing.assert_close(average.norm.running_mean, torch.full((2,), 0.25))
    assert average.norm.num_batches_tracked == 1
