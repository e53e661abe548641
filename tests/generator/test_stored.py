"""The stored generator is what its text says, and its script makes another by the same recipe."""

import re

import numpy as np
import pytest
import torch
from generator_process import SMALL, small_images

from tconv_helpers import evaluate, load_generator, load_images, real_scores, sample
from tconv_helpers.generator.models import parameter_count
from tconv_helpers.generator.recipe import STORED
from tconv_helpers.generator.stored import WEIGHTS, checksum, make_generator

ABOUT = WEIGHTS.with_suffix(".txt").read_text(encoding="utf-8")


def test_the_text_tells_its_recipe_its_checksum_and_its_numbers():
    assert repr(STORED) in re.sub(r"\s+", " ", ABOUT)
    assert checksum(WEIGHTS) in ABOUT
    assert f"{parameter_count(load_generator()):,} that it learnt" in ABOUT


def test_the_text_tells_its_scores():
    images = load_images()
    ours = evaluate(sample(load_generator(), images.held_out_labels), images.held_out_labels, images)
    told = dict(re.findall(r"^ +(\w+) +([0-9.]+ \([0-9.]+\))$", ABOUT, re.MULTILINE))
    assert list(told) == list(ours._fields)
    for name, floor in real_scores(images)._asdict().items():
        got = re.findall("[0-9.]+", told[name])
        assert list(map(float, got)) == pytest.approx([getattr(ours, name), floor], rel=0.01, abs=3e-4), name
    assert ours.frechet < 2 * real_scores(images).frechet and ours.accuracy > 0.88


def test_each_call_loads_one_of_its_own():
    first, second = load_generator(), load_generator()
    with torch.no_grad():
        first.first.weight.zero_()
    assert second.first.weight.abs().max() > 0 and not second.training


def test_it_is_made_anew_by_its_recipe(tmp_path, monkeypatch):
    """By a small one here, on small images: the arrays are the trained average's, half as precise."""
    monkeypatch.setattr("tconv_helpers.generator.stored.about", lambda *given: f"{given[2]}")
    made = []
    for name in ("a.npz", "b.npz"):
        make_generator(small_images(size=12), SMALL, tmp_path / name)
        with np.load(tmp_path / name) as file:
            made.append({key: file[key] for key in file.files})
    assert {value.dtype for value in made[0].values()} == {np.dtype(np.float16), np.dtype(np.int64)}
    assert all(np.array_equal(made[0][key], made[1][key]) for key in made[0])
    assert checksum(tmp_path / "a.npz") == checksum(tmp_path / "b.npz")
    assert (tmp_path / "a.txt").read_text() == repr(SMALL)
