"""Every metric tells real images from the controls that it is there to tell apart.

The table of controls is worked out once. ``floor`` is what real images score, ``untrained`` the ceiling.
"""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from scipy.ndimage import gaussian_filter

from tconv_helpers.generator.checkerboard import locked_energy, locked_pattern, nyquist_energy
from tconv_helpers.generator.images import Images, load_images
from tconv_helpers.generator.judge import Judge, leave_out_first, load_judge, train_judge
from tconv_helpers.generator.metrics import (
    evaluate,
    frechet_distance,
    memorisation,
    precision_recall,
    real_scores,
)
from tconv_helpers.generator.models import Generator, sample

RNG = np.random.default_rng(0)
FINE = np.indices((28, 28)).sum(axis=0) % 2 * 2 - 1  # a checkerboard of period 2
COARSE = np.indices((28, 28)).sum(axis=0) // 2 % 2 * 2 - 1  # its like of period 4


@pytest.fixture(scope="module")
def images():
    return load_images()


def balanced(images, classes=range(10), count=300):
    """Return the first ``count`` training images of each class, and their labels."""
    pick = np.concatenate([np.flatnonzero(images.train_labels == c)[:count] for c in classes])
    return images.train[pick], images.train_labels[pick]


def untrained(labels):
    torch.manual_seed(0)
    return sample(Generator().eval(), labels)


def blurred(pixels):
    return gaussian_filter(pixels, (0, 1, 1))


@pytest.fixture(scope="module")
def controls(images):
    """Return the scores of real images and of what a metric must tell from them."""
    real, labels = balanced(images)
    samples = {
        "untrained": (untrained(labels), labels),
        "blurred": (blurred(real), labels),
        "half": balanced(images, classes=range(5), count=600),
        "boarded": (np.clip(real + 4.0 * FINE, 0, 255), labels),
    }
    return {name: evaluate(*pair, images) for name, pair in samples.items()} | {"floor": real_scores(images)}


def test_frechet_distance_rises_from_the_floor_over_every_control_to_the_ceiling(controls):
    distance = {name: scores.frechet for name, scores in controls.items()}
    assert distance["floor"] < 1.5
    assert 20 * distance["floor"] < distance["blurred"] < distance["half"] < distance["untrained"]
    assert distance["boarded"] > 1.3 * distance["floor"]


def test_precision_tells_real_images_from_untrained_ones(controls):
    assert controls["floor"].precision > 0.8
    assert controls["untrained"].precision < 0.01


def test_recall_tells_all_classes_from_half_of_them_and_sharp_images_from_blurred_ones(controls):
    assert controls["floor"].recall > 0.8
    assert 0.4 < controls["half"].recall < 0.55
    assert controls["blurred"].recall < 0.25
    assert controls["untrained"].recall < 0.01
    assert controls["half"].precision > 0.8  # what half of the classes lack is seen by recall alone


def test_accuracy_tells_right_labels_from_wrong_ones_and_from_chance(controls, images):
    assert controls["floor"].accuracy > 0.88
    assert controls["untrained"].accuracy < 0.2
    real, labels = balanced(images, count=30)
    wrong = evaluate(real, (labels + 1) % 10, images)
    assert wrong.accuracy < 0.03
    assert wrong[:3] == evaluate(real, labels, images)[:3]  # which the others do not see


def test_memorisation_alone_tells_copies_of_the_training_set_from_new_images(controls, images):
    assert controls["floor"].memorisation < 0.01  # the floor's images are copies, and look perfect otherwise
    halves = images.held_out[0::2], images.held_out[1::2]
    for new, other in (halves, halves[::-1]):
        assert memorisation(new[:500], images.train, other) == pytest.approx(1, abs=0.05)
    assert controls["untrained"].memorisation > 0.9


def test_memorisation_falls_in_step_with_the_share_of_copies(images):
    new, other = images.held_out[0::2], images.held_out[1::2]
    share = [
        memorisation(np.concatenate([new[:n], images.train[n:400]]), images.train, other)
        for n in (400, 200, 0)
    ]
    assert share[0] > 0.9 and 0.4 < share[1] < 0.6 and share[2] < 0.01


def test_grid_energy_tells_each_period_from_the_other(controls, images):
    floor, board = controls["floor"], controls["boarded"]
    coarse = balanced(images)[0] + 4.0 * COARSE
    assert floor.grid2 < 0.0005 and floor.grid4 < 0.002
    assert board.grid2 > 50 * floor.grid2 and locked_energy(coarse, 4) > 10 * floor.grid4
    assert locked_energy(coarse, 2) < 1.2 * floor.grid2
    assert controls["untrained"].grid2 > 0.3 and controls["untrained"].grid4 > 0.3
    assert board.frechet < 2 * floor.frechet and board.precision > 0.8  # the judge hardly sees the board


def test_plain_nyquist_energy_misses_what_the_locked_energy_sees(images):
    """A faint board hides among edges, or behind softer ones; a coarse one has another frequency."""
    real = images.held_out.astype(float)
    nyquist, locked = nyquist_energy(real), locked_energy(real, 2)
    faint, coarse = real + 2 * FINE, real + 8 * COARSE
    assert nyquist_energy(faint) < 1.2 * nyquist and locked_energy(faint, 2) > 20 * locked
    assert nyquist_energy(coarse) < 1.05 * nyquist and locked_energy(coarse, 4) > 20 * locked_energy(real, 4)
    soft = gaussian_filter(real, (0, 0.4, 0.4)) * (1 + 0.02 * FINE)  # as of a generator: softer, with a grid
    assert nyquist_energy(soft) < nyquist and locked_energy(soft, 2) > 20 * locked


def test_fine_detail_at_no_fixed_place_is_no_grid(images):
    real = images.held_out.astype(float)
    signs = np.random.default_rng(0).choice([-1, 1], (len(real), 1, 1))
    fixed, moving = real + 8 * FINE, real + 8 * FINE * signs
    assert nyquist_energy(moving) == pytest.approx(nyquist_energy(fixed), rel=0.01)
    assert locked_energy(moving, 2) < 0.01 * locked_energy(fixed, 2)


def test_an_edge_counts_no_more_than_a_faint_grid():
    """Detail is clipped, so that a few hard edges at scattered places do not drown a board."""
    board = np.repeat(8.0 * FINE[None], 20, axis=0)
    edges = np.zeros_like(board)
    rng = np.random.default_rng(0)
    edges[np.arange(20), rng.integers(28, size=20), rng.integers(28, size=20)] = 255
    assert locked_energy(board + edges, 2) > 0.9 * locked_energy(board, 2)


STRIPES = np.indices((28, 28))[1] % 2 * 2 - 1
WIDE_STRIPES = np.indices((28, 28))[0] // 2 % 2 * 2 - 1


@pytest.mark.parametrize("period, board", [(2, FINE), (4, COARSE), (2, STRIPES), (4, WIDE_STRIPES)])
def test_a_board_alone_is_all_pattern_and_its_place_is_kept(period, board):
    np.testing.assert_allclose(locked_pattern(board[None], period), board[:period, :period], atol=1e-6)
    assert locked_energy(board[None], period) == pytest.approx(1)
    shifted = np.roll(board, 1, axis=1)
    np.testing.assert_allclose(locked_pattern(shifted[None], period), shifted[:period, :period], atol=1e-6)


def test_a_slope_and_a_flat_image_have_no_grid():
    slope = np.add.outer(np.arange(28.0), 3 * np.arange(28.0))
    assert np.abs(locked_pattern(slope[None], 4)).max() < 1e-4
    assert locked_energy(np.ones((1, 28, 28)), 2) == nyquist_energy(np.ones((1, 28, 28))) == 0


def test_one_outlier_opens_the_plain_precision_to_everything(images):
    """The widest balls are left out: with all of them, untrained images count as real."""
    ours = load_judge().features(untrained(images.held_out_labels[:500]))
    real = load_judge().features(images.held_out)
    assert precision_recall(ours, real, keep=1)[0] > 0.9
    assert precision_recall(ours, real)[0] < 0.01


def test_frechet_distance_is_the_formula_with_a_matrix_root():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(50, 4)), rng.normal(size=(60, 4)) @ rng.normal(size=(4, 4)) + 1
    cov_a, cov_b = np.cov(a.T), np.cov(b.T)
    mean = ((a.mean(0) - b.mean(0)) ** 2).sum()
    formula = mean + np.trace(cov_a + cov_b - 2 * sqrtm(cov_a @ cov_b).real)
    assert frechet_distance(a, b) == pytest.approx(formula)
    assert frechet_distance(b, a) == pytest.approx(formula)


def test_precision_and_recall_are_the_definition_with_loops():
    rng = np.random.default_rng(1)
    samples, real = rng.normal(size=(20, 3)), rng.normal(size=(30, 3)) + 0.5

    def share(points, members, k=3):
        distance = lambda a, b: np.sqrt(((a - b) ** 2).sum())  # noqa: E731
        reach = [sorted(distance(m, other) for other in members)[k] for m in members]
        inside = [any(distance(p, m) <= r for m, r in zip(members, reach, strict=True)) for p in points]
        return np.mean(inside)

    assert precision_recall(samples, real, keep=1) == (share(samples, real), share(real, samples))


def test_a_judge_learns_other_images_the_same_way_twice(images):
    few = images._replace(train=images.train[:1000], train_labels=images.train_labels[:1000])
    first, second = (train_judge(few, epochs=4) for _ in range(2))
    assert all(map(torch.equal, first.parameters(), second.parameters()))
    assert (first.classify(images.held_out) == images.held_out_labels).mean() > 0.6


def test_the_bundled_judge_learnt_from_no_image_of_the_bundle():
    labels = np.arange(60) % 3
    pixels = np.arange(60)[:, None, None] * np.ones((1, 2, 2), int)
    rest = leave_out_first(Images(pixels, labels, pixels, labels, ("a", "b", "c")), count=15)
    assert rest.train[:, 0, 0].tolist() == list(range(45, 60))
    assert rest.train_labels.tolist() == labels[45:].tolist()


def test_the_judge_takes_images_of_another_size():
    assert Judge(size=32, classes=3)(torch.zeros(2, 1, 32, 32)).shape == (2, 3)


def features(n, width=2):
    return RNG.standard_normal((n, width))


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: frechet_distance(features(1), features(9)),
            "a must be (n, d) with n at least 2: got shape (1, 2)",
        ),
        (
            lambda: frechet_distance(features(9), features(0)),
            "b must be (n, d) with n at least 2: got shape (0, 2)",
        ),
        (
            lambda: frechet_distance([1.0, 2.0], features(9)),
            "a must be (n, d) with n at least 2: got shape (2,)",
        ),
        (
            lambda: frechet_distance(features(9), features(9, 3)),
            "features of one width: got a (9, 2) and b (9, 3)",
        ),
        (lambda: frechet_distance(np.full((9, 2), np.nan), features(9)), "a must be finite numbers: got 18"),
        (
            lambda: precision_recall(features(9), np.full((9, 2), np.inf)),
            "real must be finite numbers: got 18",
        ),
        (lambda: precision_recall(features(3), features(9)), "samples must be (n, d) with n at least 4"),
        (
            lambda: precision_recall(features(9), features(9), k=9),
            "samples must be (n, d) with n at least 10",
        ),
    ],
)
def test_what_no_metric_is_defined_for_is_told(call, words):
    with pytest.raises(ValueError, match="must") as error:
        call()
    assert words in str(error.value)


def test_few_images_and_one_feature_have_a_number():
    """With one feature: the squares of the differences of means and of standard deviations, added."""
    a, b = features(2, 1), features(5, 1)
    expected = (a.mean() - b.mean()) ** 2 + (a.std(ddof=1) - b.std(ddof=1)) ** 2
    assert frechet_distance(a, b) == pytest.approx(expected)
    assert precision_recall(features(4), features(4), k=3, keep=1) == (1, 1)
