"""No input breaks what an exercise's statement promises, or a right solution that relies on it would fail."""

from itertools import chain

import numpy as np
import pytest

from tconv_helpers.exercises.table import exercises
from tconv_helpers.exercises.values import LinearMap
from tconv_helpers.grading.answers import hints, masters
from tconv_helpers.grading.score import draw, load_assignment

BOOKS = sorted({master.notebook for master in masters().values()})
QUESTIONS = {name: question for book in BOOKS for name, question in load_assignment(book).questions.items()}


def whole(low, *values):
    """Return whether these are ints, none of them below `low`."""
    return all(type(value) is int and value >= low for value in values)


def pairs(*values):
    """Return whether these are pairs of ints, one for the rows and one for the columns."""
    return all(type(value) is tuple and len(value) == 2 and whole(1, *value) for value in values)


def arrays(axes, *values, least=1):
    """Return whether these are arrays of whole numbers or fractions, that many axes and entries at least."""
    return all(
        isinstance(value, np.ndarray)
        and value.dtype.kind in "if"
        and value.ndim == axes
        and value.size >= least
        and bool(np.isfinite(value).all())
        for value in values
    )


def settings(n, m, stride=1, padding=0, dilation=1):
    """Return whether these are a signal's size, a kernel's, and the arguments of a layer."""
    return whole(1, n, m, stride, dilation) and whole(0, padding)


def outputs(n, m, stride=1, padding=0, dilation=1):
    """Return how many outputs a convolution has, Eq. 11; below 1 if the kernel does not fit."""
    return (n + 2 * padding - dilation * (m - 1) - 1) // stride + 1


def enlarged(n, m, stride, padding=0):
    """Return how many outputs a transposed convolution has, Eq. 12; below 1 if all is cropped."""
    return stride * (n - 1) + m - 2 * padding


def sizes(n, layers):
    """Return all sizes of a chain of transposed convolutions, and [0] if these are not its layers."""
    found = [n]
    for layer in layers:
        if type(layer) is not tuple or len(layer) != 3 or not settings(n, *layer):
            return [0]
        found.append(enlarged(found[-1], *layer))
    return found


def maps(f, inputs, results=None):
    """Return whether f is a linear function of that many numbers, and returns that many."""
    return isinstance(f, LinearMap) and f.matrix.shape == (results or len(f.matrix), inputs)


PROMISES = {
    # 01 Convolution
    "conv_by_kernel": lambda x, k: arrays(1, x, k) and len(x) >= len(k),
    "conv_of_events": lambda u, v, n, k: (
        arrays(1, k)
        and arrays(1, u, v, least=0)
        and whole(len(k), n)
        and u.dtype.kind == "i"
        and len(set(u)) == len(u) == len(v)
        and set(u) <= set(range(n))
        and all(v != 0)
    ),
    "signal_conv": lambda x, k: arrays(1, x, k),
    "output_size": settings,
    # 02 Backward pass
    "dx_by_loops": lambda dy, k: arrays(1, dy, k),
    "outputs_reached": lambda u, n, m, stride: settings(n, m, stride) and u in range(n) and m <= n,
    "dk_by_loops": lambda dy, x: arrays(1, dy, x) and len(x) >= len(dy),
    "strided_dx": lambda dy, k, n, stride: (
        arrays(1, dy, k) and settings(n, len(k), stride) and len(dy) == outputs(n, len(k), stride)
    ),
    "claim_holds": lambda dy, k: arrays(1, dy, k),
    # 03 Toeplitz matrix
    "toeplitz_matrix": lambda k, n: arrays(1, k) and whole(len(k), n),
    "is_toeplitz": lambda A: arrays(2, A),
    "settings_matrix": lambda k, n, *given: (
        arrays(1, k) and settings(n, len(k), *given) and outputs(n, len(k), *given) >= 1
    ),
    "matrix_of": lambda f, n: whole(1, n) and maps(f, n),
    "transpose_times": lambda y, k, n, *given: (
        arrays(1, y, k) and settings(n, len(k), *given) and len(y) == outputs(n, len(k), *given)
    ),
    "dot_gap": lambda forward, backward, x, y: (
        arrays(1, x, y) and maps(forward, len(x), len(y)) and maps(backward, len(y), len(x))
    ),
    "lost_dimensions": lambda k, n, padding: (
        arrays(1, k) and settings(n, len(k), 1, padding) and outputs(n, len(k), 1, padding) >= 1
    ),
    # 04 Transposed convolution
    "stamp": lambda x, k, stride: arrays(1, x, k) and whole(1, stride),
    "zero_insert": lambda x, stride, m: arrays(1, x) and whole(1, stride, m),
    "crop_stamps": lambda x, k, stride, padding, output_padding: (
        arrays(1, x, k)
        and settings(len(x), len(k), stride, padding)
        and output_padding in range(stride)
        and enlarged(len(x), len(k), stride, padding) + output_padding >= 1
    ),
    "transposed_size": lambda n, m, stride, padding, output_padding, dilation: (
        settings(n, m, stride, padding, dilation) and output_padding in range(stride)
    ),
    "wanted_output_padding": lambda wanted, *given: whole(1, wanted) and settings(*given),
    "shared_sizes": settings,
    "grouped_transpose": lambda x, weight, stride, groups: (
        arrays(3, x, weight)
        and whole(1, stride, groups)
        and x.shape[1] == len(weight)
        and x.shape[1] % groups == 0
    ),
    "transpose_backward": lambda x, dy, k, *given: (
        arrays(1, x, dy, k)
        and settings(len(x), len(k), *given)
        and len(dy) == enlarged(len(x), len(k), *given)
    ),
    "repaired": lambda x, k, *given: (
        arrays(1, x, k) and settings(len(x), len(k), *given) and enlarged(len(x), len(k), *given) >= 1
    ),
    # 05 Two dimensions
    "stamp_2d": lambda x, k, stride: arrays(2, x, k) and pairs(stride),
    "overlaps": pairs,
    "blocked_matrix": lambda k, n1, n2: arrays(2, k) and whole(k.shape[0], n1) and whole(k.shape[1], n2),
    "split_kernel": lambda k: arrays(2, k) and bool(k.any()),
    "to_torch": lambda weight, library: arrays(4, weight) and library in ("keras", "jax", "onnx"),
    "port_same": lambda m, stride: whole(1, m, stride),
    # 06 Upsampling
    "bilinear_stamp": lambda s1, s2: whole(1, s1, s2),
    "merged_kernel": lambda w, stride: arrays(2, w) and whole(1, stride),
    "shuffle": lambda x, stride: arrays(3, x) and pairs(stride) and len(x) % np.prod(stride) == 0,
    "by_phases": lambda x, k, stride: arrays(1, x, k) and whole(1, stride),
    "no_checkerboard": lambda k, stride: arrays(2, k) and pairs(stride),
    "icnr_start": lambda w, b, stride: arrays(4, w) and arrays(1, b) and len(b) == len(w) and pairs(stride),
    "even_phases": lambda k, stride: arrays(1, k) and whole(1, stride) and len(k) >= stride,
    # 07 Generator
    "chain_sizes": lambda layers: min(sizes(1, layers)) >= 1,
    "design_chain": lambda size, largest: whole(1, size, largest),
    "chain_parameters": lambda channels, kernels: (
        whole(1, *channels, *kernels) and len(kernels) == len(channels) - 1
    ),
    "board_energy": lambda image: (
        arrays(2, image if image.dtype != "uint8" else image.astype(int))
        and not any(size % 2 for size in image.shape)
    ),
    "inputs_behind": lambda u, n, layers: min(sizes(n, layers)) >= 1 and u in range(sizes(n, layers)[-1]),
    # 08 In practice
    "fold_norm": lambda weight, *of_outputs: (
        arrays(3, weight)
        and arrays(1, *of_outputs)
        and {len(each) for each in of_outputs} == {weight.shape[1]}
    ),
    "next_piece": lambda x, ringing, k, stride: (
        arrays(1, x, k)
        and arrays(1, ringing, least=0)
        and whole(1, stride)
        and len(ringing) == len(k) - stride
    ),
    "wrap_around": lambda x, k, stride: arrays(1, x, k) and whole(1, stride),
    "exact_shift": lambda layers: all(kind in ("down", "up") and whole(1, s) for kind, s in layers),
}

ONE, TWO, THREE = np.array([5]), np.array([1, 3]), np.array([1, 2, 4])
NONE = np.array([], int)
BROKEN = {
    "conv_by_kernel": (TWO, THREE),
    "conv_of_events": (np.array([2, 2]), TWO, 4, TWO),
    "signal_conv": (NONE, TWO),
    "output_size": (7, 3, 0, 0, 1),
    "dx_by_loops": (TWO, NONE),
    "outputs_reached": (6, 6, 3, 2),
    "dk_by_loops": (THREE, TWO),
    "strided_dx": (THREE, THREE, 6, 2),
    "claim_holds": (TWO, THREE[None]),
    "toeplitz_matrix": (THREE, 2),
    "is_toeplitz": (np.zeros((0, 2)),),
    "settings_matrix": (THREE, 2, 1, 1, 2),
    "matrix_of": (LinearMap([[1, 2, 0], [0, 1, 2]]), 2),
    "transpose_times": (THREE, THREE, 4, 2, 1),
    "dot_gap": (LinearMap([[1, 2]]), LinearMap([[1, 3]]), TWO, ONE),
    "lost_dimensions": (THREE, 2, 0),
    "stamp": (TWO, THREE, 1.5),
    "zero_insert": (TWO, 2, 0),
    "crop_stamps": (TWO, THREE, 2, 1, 2),
    "transposed_size": (7, 4, 2, 1, 2, 1),
    "wanted_output_padding": (0, 8, 3, 2, 1, 1),
    "shared_sizes": (0, 3, 2, 1, 1),
    "grouped_transpose": (np.ones((1, 3, 2)), np.ones((3, 1, 2)), 2, 2),
    "transpose_backward": (TWO, THREE, THREE, 2, 0),
    "repaired": (TWO, THREE, 1, 2),
    "stamp_2d": (np.ones((1, 2)), np.ones((1, 3)), 2),
    "overlaps": ((1, 3), (1, 3), (0, 2)),
    "blocked_matrix": (np.ones((1, 3)), 3, 2),
    "split_kernel": (np.zeros((2, 2)),),
    "to_torch": (np.ones((1, 2, 1, 1)), "torch"),
    "port_same": (3, 0),
    "bilinear_stamp": (1, 0),
    "merged_kernel": (np.ones((1, 2)), (2, 2)),
    "shuffle": (np.ones((3, 1, 2)), (1, 2)),
    "by_phases": (TWO, THREE, 0),
    "no_checkerboard": (np.ones((1, 3)), 2),
    "icnr_start": (np.ones((2, 1, 1, 1)), THREE, (1, 2)),
    "even_phases": (TWO, 3),
    "chain_sizes": ([(2, 1, 1), (4, 2, 0)],),
    "design_chain": (28, 0),
    "chain_parameters": ([2, 3], [2, 2]),
    "board_energy": (np.ones((2, 3)),),
    "inputs_behind": (8, 4, [(4, 2, 1)]),
    "fold_norm": (np.ones((1, 2, 2)), TWO, TWO, ONE),
    "next_piece": (TWO, TWO, THREE, 2),
    "wrap_around": (NONE, THREE, 2),
    "exact_shift": ([("down", 2), ("same", 2)],),
}


def worked(name):
    """Return the input of a hint's worked case."""
    return eval(hints()[name]["given"], {"np": np, "LinearMap": LinearMap})


def test_every_exercise_promises_something():
    assert list(PROMISES) == list(BROKEN) == list(masters())


@pytest.mark.parametrize("name", PROMISES)
def test_every_input_keeps_the_promise(name):
    """In the student's table, in the worked case, and for whomever grading draws them."""
    drawn = [draw(QUESTIONS[name], b"a", student).inputs for student in ("ann", "bob", "cem")]
    for inputs in [worked(name), *exercises()[name].inputs, *chain(*drawn)]:
        assert PROMISES[name](*inputs), inputs


@pytest.mark.parametrize("name", PROMISES)
def test_a_broken_promise_is_seen(name):
    assert not PROMISES[name](*BROKEN[name])
