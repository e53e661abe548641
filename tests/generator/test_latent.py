"""The latent explorer's Python side: z, its images, refusals. tests/browser/ has what is drawn."""

import numpy as np
import pytest
import torch

from tconv_helpers import Generator, LatentExplorer, as_images, draw_latents

NAMES = tuple("abcdefghij")


@pytest.fixture
def generator():
    torch.manual_seed(0)
    return Generator()


@pytest.fixture
def explorer(generator):
    return LatentExplorer(generator, NAMES)


def test_the_axes_are_draws_and_z_is_as_long_as_one(generator, explorer):
    draws = draw_latents(generator, 3, torch.Generator().manual_seed(0))
    for turn, tilt, axis in [(0, 0, 0), (90, 0, 1), (35, 90, 2)]:
        explorer.turn, explorer.tilt = turn, tilt
        torch.testing.assert_close(explorer.z, draws[[axis]])
    for explorer.turn, explorer.tilt in [(0, 0), (123, 45), (360, -90)]:
        assert np.square(explorer.factors).sum() == pytest.approx(1)


def test_it_draws_every_class_from_one_z(generator, explorer):
    explorer.turn = 120
    generator.eval()
    with torch.no_grad():
        alone = [as_images(generator(explorer.z, torch.tensor([c])))[0] for c in range(10)]
    assert np.abs(explorer.images.astype(int) - alone).max() <= 1
    assert len({image.tobytes() for image in explorer.images}) == 10


def test_what_is_sent_follows_turn_and_tilt(explorer):
    for name, value in [("turn", 200), ("tilt", -30), ("turn", 0)]:
        before = explorer._drawn
        setattr(explorer, name, value)
        assert explorer._drawn != before
        assert explorer._drawn["at"] == (explorer.turn, explorer.tilt)
        assert explorer._drawn["pixels"] == explorer.images.tobytes()


def test_the_client_gets_the_bounds_and_the_classes_end_where_the_generator_says(explorer):
    assert explorer._bounds == {"turn": (0, 360), "tilt": (-90, 90), "label": (0, 9), "cells": (-9, 9)}
    assert LatentExplorer(Generator(classes=2), "ab")._bounds["label"] == (0, 1)


def test_the_generator_is_left_as_it_was(generator):
    before = {name: value.clone() for name, value in generator.state_dict().items()}
    LatentExplorer(generator, NAMES).turn = 90
    assert generator.training
    for name, value in generator.state_dict().items():
        assert torch.equal(value, before[name])


def test_its_words_are_the_same_each_time(explorer):
    explorer.turn, explorer.tilt, explorer.label = 150, 60, 2
    assert repr(explorer) == "LatentExplorer: turn=150, tilt=60, c; z = −0.43 a + 0.25 b + 0.87 c."
    explorer.tilt = -60
    assert repr(explorer).endswith("c; z = −0.43 a + 0.25 b − 0.87 c.")


def test_what_does_not_fit_is_refused(generator, explorer):
    with pytest.raises(
        ValueError, match=r"^names must have one name for each .*: got 2 names for 10 classes"
    ):
        LatentExplorer(generator, ["boot", "bag"])
    with pytest.raises(
        ValueError, match=r"^label must be a whole number from 0 to 9 .*label=10; use 0 to 9$"
    ):
        explorer.label = 10
    with pytest.raises(ValueError, match=r"use 0 to 1$"):
        LatentExplorer(Generator(classes=2), "ab", label=2)
    with pytest.raises(TypeError, match=r"^LatentExplorer has no speed; it has .*turn"):
        LatentExplorer(generator, NAMES, speed=2)
