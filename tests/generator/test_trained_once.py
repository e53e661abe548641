"""The suite trains each generator once: what its kernels take from one another is what they would compute."""

from dataclasses import replace

import pytest
import torch
from generator_process import SMALL, fingerprint, small_images
from jupyter_client.manager import start_new_kernel
from trained_once import once
from waiting import LONG

from tconv_helpers.generator.train import Trainer


@pytest.fixture
def computed(tmp_path, monkeypatch):
    """The steps that were computed, of trainings that share a folder."""
    steps, one_step = [], Trainer._one_step
    monkeypatch.setattr(Trainer, "_one_step", lambda self: steps.append(self.step) or one_step(self))
    monkeypatch.setattr(Trainer, "run", once(Trainer.run, tmp_path))
    return steps


def trained(*lengths, images=None, **recipe):
    trainer = Trainer(images or small_images(), replace(SMALL, **recipe))
    for length in lengths:
        trainer.run(length, progress=False)
    return trainer


def test_the_second_training_gets_every_bit_of_the_first_and_goes_on_with_the_same(computed):
    first, second = trained(3, 2), trained(3, 2)
    assert computed == [0, 1, 2, 3, 4]
    assert fingerprint(first) == fingerprint(second)
    assert all(map(torch.equal, first.average.parameters(), second.average.parameters()))
    ends = [fingerprint(Trainer.run.__wrapped__(trainer, 2, progress=False)) for trainer in (first, second)]
    assert ends[0] == ends[1] and computed == [0, 1, 2, 3, 4, 5, 6, 5, 6]


OTHERS = {"seed": 1}, {"learning_rate": 0.004}, {"steps": 41}, {"images": small_images(seed=1)}


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: next(iter(other)))
def test_a_training_that_differs_in_anything_is_computed(computed, other):
    trained(3)
    trained(3, **other)
    assert computed == 2 * [0, 1, 2]


def test_so_is_one_of_another_length_or_from_another_start(computed):
    trained(3)
    trained(2)
    assert computed == [0, 1, 2, 0, 1]
    changed = Trainer(small_images(), SMALL)
    with torch.no_grad():
        changed.generator.first.weight[0, 0, 0, 0] += 2**-20
    changed.run(3, progress=False)
    assert computed == [0, 1, 2, 0, 1, 0, 1, 2]


def test_one_that_saves_or_shows_its_progress_is_left_alone(computed, tmp_path, capsys):
    for _ in range(2):
        trainer = Trainer(small_images(), SMALL)
        trainer.run(1)
        trainer.run(1, checkpoint=tmp_path / "gan.pt", progress=False)
    assert computed == [0, 1, 0, 1]


@pytest.mark.filterwarnings("default")  # Jupyter's own
def test_each_kernel_of_the_suite_does_so_and_finds_no_other_name():
    said = []
    manager, client = start_new_kernel(startup_timeout=LONG)
    try:
        for code in (
            "print(*(set(globals()) - set(get_ipython().user_ns_hidden)))",
            "import sys, tconv_helpers.generator.train as train",
            "print(train.Trainer.run.__wrapped__.__qualname__, train.Trainer.run.__code__.co_name)",
        ):
            client.execute_interactive(code, output_hook=said.append, timeout=LONG)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    told = [message["content"]["text"] for message in said if message["msg_type"] == "stream"]
    assert told == ["\n", "Trainer.run run_once\n"], said
