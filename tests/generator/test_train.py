"""Training repeats, resumes exactly, survives being stopped or killed, and says so when it diverges."""

import hashlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from generator_process import ENDLESS, SMALL, fingerprint, real_run, small_images, train_until_killed
from waiting import LONG, wait_until

from tconv_helpers.generator.checkpoint import read_checkpoint, write_checkpoint
from tconv_helpers.generator.images import load_images
from tconv_helpers.generator.recipe import Recipe
from tconv_helpers.generator.train import Trainer

HERE = Path(__file__).parents[1] / "helpers"


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_two_processes_learn_the_same_bits_from_the_same_seed_and_others_from_another():
    command = [sys.executable, "generator_process.py", "0"]
    elsewhere = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()
    assert real_run(seed=0) == elsewhere != real_run(seed=1) and len(elsewhere) == 64


def test_training_neither_uses_nor_moves_the_global_generator():
    torch.manual_seed(1)
    a = fingerprint(Trainer(small_images(), SMALL).run(3, progress=False))
    left = torch.rand(1)
    torch.manual_seed(1)
    assert torch.equal(torch.rand(1), left)
    torch.manual_seed(2)
    assert fingerprint(Trainer(small_images(), SMALL).run(3, progress=False)) == a


@pytest.mark.parametrize("stop", [1, 7, 30])
def test_going_on_from_a_checkpoint_equals_never_having_stopped(tmp_path, stop):
    whole = Trainer(small_images(), SMALL).run(progress=False)
    Trainer(small_images(), SMALL).run(stop, progress=False).save(tmp_path / "gan.pt")
    resumed = Trainer.load(tmp_path / "gan.pt", small_images())
    assert resumed.step == stop and fingerprint(resumed) != fingerprint(whole)
    assert fingerprint(resumed.run(progress=False)) == fingerprint(whole)
    assert resumed.recipe == SMALL


def test_running_in_pieces_equals_running_at_once():
    whole, pieces = Trainer(small_images(), SMALL).run(progress=False), Trainer(small_images(), SMALL)
    while pieces.step < SMALL.steps:
        pieces.run(9, progress=False)
    assert fingerprint(pieces) == fingerprint(whole)
    assert fingerprint(pieces.run(9, progress=False)) == fingerprint(whole)  # nothing is left to do


def test_both_players_learn_at_the_rate_of_the_recipe():
    trainer = Trainer(small_images(), SMALL)
    for step in (0, 20, 39):
        trainer.run(step + 1 - trainer.step, progress=False)
        for optimizer in (trainer.for_generator, trainer.for_discriminator):
            assert optimizer.param_groups[0]["lr"] == SMALL.rate(step)
    assert SMALL.rate(20) < SMALL.rate(0)


def test_the_penalty_comes_every_few_steps_with_half_of_gamma_times_their_number(monkeypatch):
    monkeypatch.setattr("tconv_helpers.generator.train.discriminator_loss", constant(0.0))
    monkeypatch.setattr("tconv_helpers.generator.train.gradient_penalty", constant(1.0))
    trainer = Trainer(small_images(), replace(SMALL, penalty=0.5, penalty_every=3)).run(7, progress=False)
    assert [loss for loss, _ in trainer.losses] == [0.75, 0.0, 0.0, 0.75, 0.0, 0.0, 0.75]


def constant(value):
    return lambda network, *args: 0 * next(network.parameters()).sum() + value


def test_the_average_follows_the_generator():
    trainer = Trainer(small_images(), replace(SMALL, average=0.5))
    start = trainer.generator.first.weight.detach().clone()
    trainer.run(1, progress=False)
    first = trainer.generator.first.weight.detach().clone()
    torch.testing.assert_close(trainer.average.first.weight, 0.1 * start + 0.9 * first)
    assert not torch.equal(start, first)


def test_the_run_saves_as_often_as_asked_and_at_its_end(tmp_path, monkeypatch):
    saved = []
    monkeypatch.setattr(Trainer, "save", lambda self, path: saved.append((self.step, path)))
    Trainer(small_images(), SMALL).run(25, checkpoint="here", every=10, progress=False)
    assert saved == [(10, "here"), (20, "here"), (25, "here")]


def interrupt_at(trainer, step, monkeypatch):
    """Press Ctrl-C in the middle of ``step``: between the two players' turns."""
    teach = Trainer._teach_generator

    def interrupted(self, fake, labels):
        if self.step == step:
            signal.raise_signal(signal.SIGINT)
        return teach(self, fake, labels)

    monkeypatch.setattr(Trainer, "_teach_generator", interrupted)


def test_an_interrupt_ends_after_a_whole_step_and_loses_nothing(tmp_path, monkeypatch, capsys):
    whole, stopped = Trainer(small_images(), SMALL).run(progress=False), Trainer(small_images(), SMALL)
    interrupt_at(stopped, 11, monkeypatch)
    stopped.run(checkpoint=tmp_path / "gan.pt", progress=False)
    assert stopped.step == 12
    assert capsys.readouterr().out == "Stopped after step 12 of 40; run() goes on from here.\n"
    assert stopped.sample([0, 1]).shape == (2, 12, 12)
    assert fingerprint(Trainer.load(tmp_path / "gan.pt", small_images())) == fingerprint(stopped)
    assert fingerprint(stopped.run(progress=False)) == fingerprint(whole)


@pytest.fixture
def usual_interrupts():
    """Set Python's own handler, also where the tests were started in the background and SIGINT is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_after_a_run_an_interrupt_interrupts_again(monkeypatch, usual_interrupts):
    trainer = Trainer(small_images(), SMALL)
    interrupt_at(trainer, 2, monkeypatch)
    trainer.run(progress=False)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_training_works_in_another_thread():
    whole, other = Trainer(small_images(), SMALL).run(progress=False), Trainer(small_images(), SMALL)
    thread = threading.Thread(target=other.run, kwargs={"progress": False})
    thread.start()
    thread.join()
    assert fingerprint(other) == fingerprint(whole)


def wait_until_written_anew(path):
    before = path.stat().st_mtime_ns
    wait_until(lambda: path.stat().st_mtime_ns != before)


def test_killed_twenty_times_the_checkpoint_always_loads_and_nothing_is_lost(tmp_path):
    path, images, rng = tmp_path / "gan.pt", small_images(), random.Random(20)
    Trainer(images, ENDLESS).save(path)
    context = multiprocessing.get_context("forkserver")  # starts children at once: torch is loaded
    context.set_forkserver_preload(["generator_process", "torch._dynamo"])
    steps = [0]
    for _ in range(20):
        begun = context.Event()
        child = context.Process(target=train_until_killed, args=(path, begun))
        child.start()
        assert begun.wait(timeout=LONG)
        for _ in range(rng.randrange(4)):
            wait_until_written_anew(path)
        time.sleep(rng.uniform(0, 0.05))
        child.kill()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        steps.append(Trainer.load(path, images).step)
    assert steps == sorted(steps) and len(set(steps)) > 5  # it got on, and lost nothing that it had saved
    uninterrupted = Trainer(images, ENDLESS).run(steps[-1], progress=False)
    assert fingerprint(Trainer.load(path, images)) == fingerprint(uninterrupted)


def test_a_write_that_dies_half_way_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    path, trainer = tmp_path / "gan.pt", Trainer(small_images(), SMALL)
    trainer.save(path)
    before = path.read_bytes()

    def die(descriptor):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", die)
    with pytest.raises(OSError, match="no space left"):
        trainer.run(1, checkpoint=path, progress=False)
    assert path.read_bytes() == before


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_loss_that_is_not_finite_stops_training_in_one_sentence(monkeypatch, player):
    trainer = Trainer(small_images(), SMALL).run(3, progress=False)
    loss = f"tconv_helpers.generator.train.{player}_loss"
    monkeypatch.setattr(loss, lambda network, *args: next(network.parameters()).sum() * torch.nan)
    before = [weight.clone() for weight in trainer.generator.parameters()]
    with pytest.raises(FloatingPointError) as caught:
        trainer.run(progress=False)
    assert str(caught.value) == (
        f"training must stay finite: the {player}'s loss is nan after step 3 with learning_rate=0.003; "
        "lower it, or go on from an earlier checkpoint"
    )
    assert all(map(torch.equal, before, trainer.generator.parameters()))


def test_an_absurd_learning_rate_diverges_with_that_sentence():
    with pytest.raises(FloatingPointError) as caught:
        Trainer(small_images(), replace(SMALL, learning_rate=1e30)).run(progress=False)
    assert "learning_rate=1e+30; lower it" in str(caught.value)


def test_weights_that_are_not_finite_are_never_saved(tmp_path):
    trainer = Trainer(small_images(), SMALL).run(2, checkpoint=tmp_path / "gan.pt", progress=False)
    with torch.no_grad():
        trainer.generator.first.weight[0, 0] = torch.nan
    with pytest.raises(FloatingPointError) as caught:
        trainer.save(tmp_path / "gan.pt")
    assert str(caught.value).startswith(
        "training must stay finite: the sum of the generator's weights is nan"
    )
    assert Trainer.load(tmp_path / "gan.pt", small_images()).step == 2


def test_other_images_are_refused_on_resuming(tmp_path):
    trainer, others = Trainer(small_images(), SMALL), small_images(seed=1)
    trainer.save(tmp_path / "gan.pt")
    with pytest.raises(ValueError) as caught:
        Trainer.load(tmp_path / "gan.pt", others)
    theirs = Trainer(others, SMALL).data
    assert str(caught.value) == (
        f"training must go on with the images it began with: these have checksum {theirs}, "
        f"the checkpoint {trainer.data}; load the same images or start a new Trainer"
    )


DAMAGES = {
    "truncated": lambda data: data[:-500],
    "half": lambda data: data[: len(data) // 2],
    "one byte": lambda data: data[:1],
    "empty": lambda data: b"",
    "text": lambda data: b"not a checkpoint",
    "a changed byte": lambda data: data[:20_000] + bytes([data[20_000] ^ 255]) + data[20_001:],
}


def refusal(path):
    with pytest.raises(ValueError) as caught:
        Trainer.load(path, small_images())
    return str(caught.value)


UNREADABLE = (
    "a checkpoint must be a whole file that Trainer.save wrote: gan.pt is not; "
    "load an earlier one or train again"
)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_checkpoint_gets_one_clear_sentence(tmp_path, damage):
    path = tmp_path / "gan.pt"
    Trainer(small_images(), SMALL).save(path)
    path.write_bytes(damage(path.read_bytes()))
    assert refusal(path) == UNREADABLE


def test_another_file_of_torch_is_no_checkpoint(tmp_path):
    for content in ({"weights": torch.zeros(2)}, [1, 2]):
        torch.save(content, tmp_path / "gan.pt")
        assert refusal(tmp_path / "gan.pt") == UNREADABLE


def other_recipe(state):
    state["recipe"]["depth"] = 3


def other_widths(state):
    state["recipe"]["widths"] = 8, 4


@pytest.mark.parametrize("spoil", [other_recipe, other_widths, dict.clear])
def test_a_whole_file_with_another_state_is_no_checkpoint(tmp_path, spoil):
    """Of another version of the course, say, or made by hand."""
    path = tmp_path / "gan.pt"
    Trainer(small_images(), SMALL).save(path)
    state = read_checkpoint(path)
    spoil(state)
    write_checkpoint(path, state)
    assert refusal(path) == UNREADABLE


def test_nothing_that_torch_cannot_read_is_a_checkpoint(tmp_path):
    for content in (b"", b"PK", b"\x80\x02."):
        (tmp_path / "gan.pt").write_bytes(hashlib.sha256(content).digest() + content)
        assert refusal(tmp_path / "gan.pt") == UNREADABLE


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"steady": 1.0}, {"steady": -0.1}])
def test_a_recipe_that_cannot_be_followed_is_refused(wrong):
    recipe = {"steps": 3200, "steady": 0.2} | wrong
    with pytest.raises(ValueError) as caught:
        Recipe(**wrong)
    assert str(caught.value) == (
        "a recipe must have steps >= 1 and 0 <= steady < 1: "
        f"got steps={recipe['steps']}, steady={recipe['steady']}; use steps=3200, steady=0.2"
    )


def test_the_progress_bar_shows_the_time_left_and_clears_itself(capsys):
    Trainer(small_images(), SMALL).run(3)
    shown = capsys.readouterr().err
    assert "0/3" in shown and "?step/s" in shown and shown.endswith("\r")
    Trainer(small_images(), SMALL).run(3, progress=False)
    assert capsys.readouterr().err == ""


def test_twenty_steps_on_the_real_images_already_move_the_average():
    trainer = Trainer(load_images(), Recipe(steps=20))
    before = trainer.sample(np.arange(10))
    after = trainer.run(progress=False).sample(np.arange(10))
    assert before.shape == after.shape == (10, 28, 28)
    assert after.mean() < 0.8 * before.mean()  # the background turns dark first
