"""The latent explorer's Python side: z, its images, refusals. tests/browser/ has what is drawn."""

import numpy as np
import pytest
import torch

from tconv_helpers import Generator, LatentExplorer, as_images, draw_latents, load_generator, load_images

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


def test_without_a_generator_it_is_the_stored_one():
    explorer = LatentExplorer(turn=30)
    with torch.no_grad():
        ours = as_images(load_generator()(explorer.z.expand(10, -1), torch.arange(10)))
    assert np.abs(explorer.images.astype(int) - ours).max() <= 1
    assert explorer._names == list(load_images().names)


def test_what_is_sent_is_sent_once_and_stays(explorer):
    before = {name: explorer._trait_values[name] for name in ("_axes", "_links", "_numbers", "_names")}
    for name, value in [("turn", 200), ("tilt", -30), ("kernel", "ones"), ("layer", 1)]:
        images = explorer.images
        setattr(explorer, name, value)
        assert (explorer.images != images).any()
    assert all(explorer._trait_values[name] is value for name, value in before.items())
    assert np.array_equal(np.frombuffer(explorer._axes, "<f4").reshape(3, 64), explorer.axes)


def test_a_kernel_changes_the_maps_from_its_layer_on(explorer):
    trained = explorer.maps
    for layer in (1, 2, 3):
        explorer.layer, explorer.kernel = layer, "bilinear"
        same = [torch.equal(a, b) for a, b in zip(trained, explorer.maps, strict=True)]
        assert same == [at < layer - 1 for at in range(3)]
    explorer.kernel = "trained"
    assert all(map(torch.equal, trained, explorer.maps))


def test_the_client_gets_the_bounds_and_they_end_where_the_generator_says(explorer):
    words = ("trained", "nearest", "bilinear", "ones")
    bounds = {"turn": (0, 360), "tilt": (-90, 90), "label": (0, 9), "layer": (1, 3)}
    assert explorer._bounds == {**bounds, "kernel": (words, words), "cells": (-9, 9)}
    small = LatentExplorer(Generator(classes=2, widths=(4,)), "ab")._bounds
    assert (small["label"], small["layer"]) == ((0, 1), (1, 2))


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
    explorer.layer, explorer.kernel = 3, "ones"
    assert repr(explorer).endswith("− 0.87 c; layer 3 with ones kernels.")


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
    with pytest.raises(ValueError, match=r"^kernel must be one of trained, nearest, .*'sinc'; use trained$"):
        explorer.kernel = "sinc"
    with pytest.raises(ValueError, match=r"^layer must be a whole number from 1 to 3 "):
        explorer.layer = 4
    with pytest.raises(TypeError, match=r"^LatentExplorer has no speed; it has .*turn"):
        LatentExplorer(generator, NAMES, speed=2)
