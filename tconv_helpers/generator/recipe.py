"""The recipe: every number that training depends on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Hold every number that training depends on; ``Recipe(steps=300)`` changes one of them.

    As they stand, 3,200 steps take one to three minutes of one CPU core and reach, on 3,000 samples, a
    Fréchet distance of 1.8 times the floor, recall 0.79 and accuracy 0.89 (with seed 1: 2.0, 0.78 and 0.88).
    Errors: ValueError unless steps >= 1 and 0 <= steady < 1.

    >>> Recipe(steps=300).steps, Recipe().upsample
    (300, 'conv_transpose_k4')
    """

    # Steps of both players
    steps: int = 3200
    # A name in UPSAMPLERS
    upsample: str = "conv_transpose_k4"
    # Channels of the generator's maps; the discriminator has them in reverse
    widths: tuple = (64, 32)
    # Real images of a step, and as many generated ones
    batch: int = 32
    # Adam's, for both players, until it falls
    learning_rate: float = 3e-3
    # Adam's decays of the mean of the gradient and of its square
    betas: tuple = (0.0, 0.99)
    # R1's gamma
    penalty: float = 2.0
    # Steps from one penalty to the next
    penalty_every: int = 4
    # Decay of the moving average of the weights
    average: float = 0.995
    # Share of the steps before the learning rate starts to fall to 0
    steady: float = 0.2
    # Of the weights, and of all that is drawn in training
    seed: int = 0

    def __post_init__(self):
        if self.steps < 1 or not 0 <= self.steady < 1:
            raise ValueError(
                "a recipe must have steps >= 1 and 0 <= steady < 1: "
                f"got steps={self.steps}, steady={self.steady}; "
                f"use steps={Recipe.steps}, steady={Recipe.steady}"
            )

    def rate(self, step):
        """Return the learning rate at ``step``: constant at first, then falling linearly to 0.

        Formula: ``learning_rate * min(1, (steps - step) / (steps * (1 - steady)))``.

        >>> [Recipe(steps=10, learning_rate=1.0, steady=0.5).rate(step) for step in (0, 5, 6, 9)]
        [1.0, 1.0, 0.8, 0.2]
        """
        return self.learning_rate * min(1.0, (self.steps - step) / (self.steps * (1 - self.steady)))

    def decay(self, step):
        """Return the decay of the moving average at ``step``: small at first, so that it forgets the start.

        Formula: ``min(average, (1 + step) / (10 + step))``.

        >>> [round(Recipe().decay(step), 3) for step in (0, 10, 10_000)]
        [0.1, 0.55, 0.995]
        """
        return min(self.average, (1 + step) / (10 + step))


# Of the generator that the package brings, in generator.npz
STORED = Recipe(steps=9600)
