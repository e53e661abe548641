"""Train a generator against a discriminator: seeded, resumable, and safe to stop at any step."""

import copy
import zlib
from dataclasses import asdict

import torch
from torch.optim import Adam
from tqdm.auto import tqdm

from .checkpoint import no_checkpoint, read_checkpoint, write_checkpoint
from .interrupts import hold_interrupts
from .losses import (
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    update_average,
)
from .models import Discriminator, Generator, draw_latents, sample
from .pixels import as_tensor
from .recipe import Recipe

# A checkpoint holds these as they are
PLAIN = "recipe", "data", "step", "losses", "rng"
# And of these attributes the state_dict
PARTS = "generator", "discriminator", "average", "for_generator", "for_discriminator"


class Trainer:
    """Train a generator on ``images`` by ``recipe``; ``average`` is the one to sample from.

    Shapes: ``images.train (n, size, size)`` uint8 and ``images.train_labels (n,)``.
    Formula: D lowers ``discriminator_loss + penalty / 2 * gradient_penalty``, G lowers ``generator_loss``.
    Errors: FloatingPointError when a loss or a weight is no longer finite.
    Source: Mescheder et al. 2018 (R1); Karras et al. 2018 (average) and 2020 (R1 every few steps).

    >>> from tconv_helpers import load_images
    >>> trainer = Trainer(load_images(), Recipe(steps=2)).run(progress=False)
    >>> trainer.step, trainer.sample([0, 1, 2]).shape
    (2, (3, 28, 28))
    """

    def __init__(self, images, recipe=None):
        self.recipe = recipe or Recipe()
        self.data = zlib.crc32(images.train_labels.tobytes(), zlib.crc32(images.train.tobytes()))
        self.images, self.labels = as_tensor(images.train), torch.as_tensor(images.train_labels).long()
        self.rng = torch.Generator().manual_seed(self.recipe.seed)
        self.step, self.losses = 0, []
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.recipe.seed)
            self._build(size=images.train.shape[1], classes=len(images.names))

    def _build(self, **shape):
        """Make the two players, their optimizers and the average, with fresh weights."""
        recipe = self.recipe
        self.generator = Generator(recipe.upsample, recipe.widths, **shape)
        self.discriminator = Discriminator(recipe.widths[::-1], **shape)
        self.average = copy.deepcopy(self.generator).eval()
        self.for_generator, self.for_discriminator = (
            Adam(model.parameters(), recipe.learning_rate, recipe.betas, fused=True)
            for model in (self.generator, self.discriminator)
        )

    def run(self, steps=None, checkpoint=None, every=100, progress=True):
        """Train ``steps`` more steps, or to the recipe's end, and return the trainer.

        An interrupt (Ctrl-C, the stop button) ends it after a whole step: what was learnt stays, and
        ``run()`` goes on from there. Saves to the path ``checkpoint`` every ``every`` steps and at the end.
        Errors: FloatingPointError when a loss or a weight is no longer finite.
        """
        end = self.recipe.steps if steps is None else min(self.step + steps, self.recipe.steps)
        with hold_interrupts() as interrupted:
            for _ in tqdm(range(self.step, end), unit="step", leave=False, disable=not progress):
                self._one_step()
                last = self.step == end or interrupted()
                if checkpoint and (last or self.step % every == 0):
                    self.save(checkpoint)
                if last:
                    break
        if self.step < end:
            print(f"Stopped after step {self.step} of {self.recipe.steps}; run() goes on from here.")
        return self

    def sample(self, labels, seed=0):
        """Return one image per label, uint8 ``(len(labels), size, size)``: the same for the same seed."""
        return sample(self.average, labels, seed)

    def save(self, path):
        """Write everything that the next step depends on to ``path``, whole or not at all."""
        for weight in self.generator.parameters():
            self._finite(weight.detach().sum(), "the sum of the generator's weights")
        plain = asdict(self.recipe), self.data, self.step, self.losses, self.rng.get_state()
        parts = {name: getattr(self, name).state_dict() for name in PARTS}
        write_checkpoint(path, dict(zip(PLAIN, plain, strict=True)) | parts)

    @classmethod
    def load(cls, path, images):
        """Return the trainer that ``save`` wrote to ``path``: with the same ``images`` it goes on exactly.

        Errors: ValueError for a file that is no whole checkpoint, or for other images.
        """
        state = read_checkpoint(path)
        try:
            trainer = cls(images, Recipe(**state["recipe"]))
            if state["data"] == trainer.data:
                trainer._restore(state)
        except (KeyError, TypeError, AttributeError, RuntimeError) as error:  # it holds something else
            raise no_checkpoint(path) from error
        if state["data"] != trainer.data:
            raise ValueError(
                "training must go on with the images it began with: these have checksum "
                f"{trainer.data}, the checkpoint {state['data']}; load the same images or start a new Trainer"
            )
        return trainer

    def _restore(self, state):
        """Go back to where the trainer stood that wrote this state."""
        self.step, self.losses = state["step"], state["losses"]
        self.rng.set_state(state["rng"])
        for name in PARTS:
            getattr(self, name).load_state_dict(state[name])

    def _one_step(self):
        """Let the discriminator learn, then the generator, from one batch; move the average."""
        recipe = self.recipe
        for optimizer in (self.for_generator, self.for_discriminator):
            optimizer.param_groups[0]["lr"] = recipe.rate(self.step)
        pick = torch.randint(len(self.images), (recipe.batch,), generator=self.rng)
        real, labels = self.images[pick], self.labels[pick]
        z = draw_latents(self.generator, len(pick), self.rng)
        fake = self.generator(z, labels)  # one batch serves both players
        of_discriminator = self._teach_discriminator(real, fake.detach(), labels)
        self.losses.append((of_discriminator, self._teach_generator(fake, labels)))
        update_average(self.average, self.generator, recipe.decay(self.step))
        self.step += 1

    def _teach_discriminator(self, real, fake, labels):
        """Return the discriminator's loss and lower it, every few steps with the penalty."""
        loss = discriminator_loss(self.discriminator, real, fake, labels)
        if self.step % self.recipe.penalty_every == 0:
            weight = self.recipe.penalty / 2 * self.recipe.penalty_every
            loss = loss + weight * gradient_penalty(self.discriminator, real, labels)
        return self._descend(self.for_discriminator, loss, "the discriminator's loss")

    def _teach_generator(self, fake, labels):
        """Return the generator's loss and lower it; the discriminator needs no gradients meanwhile."""
        self.discriminator.requires_grad_(False)
        loss = generator_loss(self.discriminator, fake, labels)
        self.discriminator.requires_grad_(True)
        return self._descend(self.for_generator, loss, "the generator's loss")

    def _descend(self, optimizer, loss, name):
        """Return a loss as a number, and take a step down it."""
        value = self._finite(loss.detach(), name)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return value

    def _finite(self, value, name):
        """Return a value as a number; FloatingPointError unless it is finite."""
        if not torch.isfinite(value):
            raise FloatingPointError(
                f"training must stay finite: {name} is {value:.3g} after step {self.step} with "
                f"learning_rate={self.recipe.learning_rate}; lower it, or go on from an earlier checkpoint"
            )
        return float(value)
