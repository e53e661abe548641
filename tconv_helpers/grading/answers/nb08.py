"""Notebook 08: fold a normalisation, run on a stream, wrap around, and follow a shift."""

import numpy as np

from . import FAR, Answers

fold_norm = Answers("fold_norm")


@fold_norm.inputs
def _(rng):
    yield np.array([[[1, 2]]]), np.array([3]), np.array([10]), np.array([5])
    yield np.array([[[1, 2], [3, 4]]]), np.array([1, 2]), np.array([10, 100]), np.array([5, 7])
    yield np.array([[[1], [2]], [[3], [4]]]), np.array([1, 1]), np.array([2, 3]), np.array([0, 0])
    yield np.array([[[1], [2]], [[3], [4]]]), np.array([0, 0]), np.array([2, -3]), np.array([4, 5])
    yield np.array([[[1, -2]], [[3, 4]], [[0, 1]]]), np.array([2]), np.array([3]), np.array([-1])
    for size, whole in [
        ((2, 3, 2), 15),
        ((3, 2, 4), 14),
        ((3, 3, 2), 13),
        ((2, 2, 5), 11),
        ((1, 4, 3), 7),
        ((2, 3, 3), 12),
    ]:
        into = size[1]
        parts = [rng.integers(-5, 6, size), *(rng.integers(-5, 6, into) for _ in range(3))]
        yield tuple(part if whole >> i & 1 else part + 0.5 for i, part in enumerate(parts))
    yield rng.integers(-5, 6, (3, 3, 3)), rng.integers(-5, 6, 3), np.array([2, -4, 1]), rng.integers(1, 6, 3)
    # what a changed value or condition would pass without
    yield (
        np.array([[[2, 5], [4, 0], [5, 5]], [[5, -5], [-1, 1], [-2, -1]]]),
        np.array([1, 3, 1]),
        FAR[2:5],
        np.array([-3, 0, -2]),
    )
    yield (
        np.array([[[-3, 4, -2], [4, -1, -1], [2, 5, 3], [1, -4, 3]]]),
        np.array([3, -1, -2, -3]),
        np.array([5, -4, 0, -4]),
        FAR[2:6],
    )
    yield (
        np.resize(FAR[2:], (3, 3, 2)),
        np.array([-2.5, 5.5, 5.5]),
        np.array([-5, 3, 1]),
        np.array([2, -4, 0]),
    )
    yield (
        np.array([[[2, 5], [4, 0], [5, 5]], [[5, -5], [-1, 1], [-2, -1]]]),
        FAR[2:5],
        np.array([-4, 2, 4]),
        np.array([-3, 0, -2]),
    )
    yield np.array([[[1], [2]], [[3], [4]]]), np.array([0, 1]), np.array([2, 3]), np.array([0, 0])


@fold_norm.right
def _fold_channel_by_channel(weight, bias, factor, shift):
    new = np.array([[kernel * each for kernel, each in zip(row, factor, strict=True)] for row in weight])
    return new, np.array([b * f + s for b, f, s in zip(bias, factor, shift, strict=True)])


@fold_norm.right
def _fold_by_einsum(weight, bias, factor, shift):
    return np.einsum("com,o->com", weight, factor), shift + np.multiply(factor, bias)


@fold_norm.wrong(
    "the input channels are scaled",
    "A transposed convolution's weight is (in, out, m): the outputs, which the factors belong to, are axis "
    "1.",
)
def _fold_inputs(weight, bias, factor, shift):
    return weight * factor[:, None, None], bias * factor + shift


@fold_norm.wrong(
    "the bias is not scaled",
    "The normalisation comes after the bias was added: it scales the bias as well.",
)
def _fold_bias_as_it_is(weight, bias, factor, shift):
    return weight * factor[:, None], bias + shift


@fold_norm.wrong(
    "the shift is scaled",
    "The shift is added after the scaling: factor times bias, then plus shift.",
)
def _fold_shift_scaled(weight, bias, factor, shift):
    return weight * factor[:, None], (bias + shift) * factor


@fold_norm.wrong(
    "the shift is missing", "The new bias is what the normalisation makes of the old one: × factor, + shift."
)
def _fold_unshifted(weight, bias, factor, shift):
    return weight * factor[:, None], bias * factor


@fold_norm.wrong("the old bias is missing", "The layer's own bias goes through the normalisation, too.")
def _fold_unbiased(weight, bias, factor, shift):
    return weight * factor[:, None], shift * 1


@fold_norm.wrong(
    "the weight is not scaled", "Everything that reaches an output is scaled: the kernels first of all."
)
def _fold_weight_as_it_is(weight, bias, factor, shift):
    return weight * 1, bias * factor + shift


@fold_norm.wrong(
    "it divides by the factor",
    "The folded layer must give what the normalisation makes of the old one: factor times the output.",
)
def _fold_divided(weight, bias, factor, shift):
    return weight / factor[:, None], bias / factor + shift


@fold_norm.wrong(
    "the shift is added to the weight as well as to the bias",
    "A shift is added to an output once, whatever the input is: it belongs to the bias alone.",
)
def _fold_shift_everywhere(weight, bias, factor, shift):
    return weight * factor[:, None] + shift[:, None], bias * factor + shift


@fold_norm.wrong(
    "the shift is added once for each input channel",
    "The shift is added to an output channel once, however many inputs lead to it.",
)
def _fold_shift_again(weight, bias, factor, shift):
    return weight * factor[:, None], bias * factor + len(weight) * shift


@fold_norm.wrong(
    "the factors run along the kernel's entries, the last axis of the weight",
    "A factor belongs to an output channel, axis 1 of (in, out, m). NumPy lines up the last axes.",
)
def _fold_last_axis(weight, bias, factor, shift):
    return weight * factor, bias * factor + shift


next_piece = Answers("next_piece")


@next_piece.inputs
def _(rng):
    yield np.array([1, 2]), np.array([5]), np.array([1, 10, 100]), 2
    yield np.array([1]), np.array([7, 8]), np.array([1, 10, 100]), 1
    yield np.array([3]), np.array([], int), np.array([1, 10]), 2
    yield np.array([0, 0]), np.array([5, 6]), np.array([1, 10, 100]), 1
    yield np.array([1]), np.array([1, 2, 3, 4]), np.array([1, 10, 100, 0, 2]), 1
    yield np.array([2, 0, 1]), np.array([0, 0, 0]), np.array([1, 0, 2, 0, 3]), 2
    for n, m, s in [(1, 7, 2), (2, 6, 2), (3, 4, 3), (4, 5, 1), (2, 8, 3)]:
        yield rng.integers(-9, 10, n), rng.integers(-9, 10, m - s), rng.integers(-9, 10, m), s
    yield rng.integers(-9, 10, 3), rng.integers(-9, 10, 3) + 0.5, rng.integers(-9, 10, 5), 2
    yield np.array([1, 2, 3]), rng.integers(-9, 10, 3), rng.integers(-9, 10, 5) + 0.5, 2
    yield np.array([1, 5, 3]) / 2, rng.integers(-9, 10, 3), rng.integers(-9, 10, 5), 2
    # what a changed value or condition would pass without
    yield FAR, np.array([], "int64"), np.array([1, 10]), 2
    yield np.array([1]), FAR[2:6], np.array([1, 10, 100, 0, 2]), 1
    yield np.array([2, 0, 1]), np.array([0, 0, 0]), FAR[:5], 2


def _stamped(x, k, stride):
    """Return all samples that the piece's stamps reach."""
    return sum(
        np.concatenate([np.zeros(stride * i), value * k, np.zeros(stride * (len(x) - 1 - i))])
        for i, value in enumerate(x)
    )


def _cut(y, size):
    """Return the pair: the outputs that are finished, and what rings on."""
    return y[:size], y[size:]


@next_piece.right
def _piece_by_stamps(x, ringing, k, stride):
    y = _stamped(x, k, stride)
    y[: len(ringing)] += ringing
    return _cut(y, stride * len(x))


@next_piece.right
def _piece_by_zeros(x, ringing, k, stride):
    spread = np.zeros((len(x), stride), np.result_type(x, k, float))
    spread[:, 0] = x
    y = np.convolve(spread.ravel(), k)[: stride * len(x) + len(k) - stride]
    y = y + np.pad(ringing, (0, len(y) - len(ringing)))
    return _cut(y, stride * len(x))


def _piece(x, ringing, k, stride):
    y = _stamped(x, k, stride) + np.pad(ringing, (0, stride * len(x)))
    return _cut(y, stride * len(x))


@next_piece.wrong(
    "the old `ringing` is left out",
    "Before you cut, add `ringing` to the first samples: earlier stamps reach into them.",
)
def _piece_alone(x, ringing, k, stride):
    return _piece(x, np.zeros(len(ringing)), k, stride)


@next_piece.wrong(
    "the old `ringing` is added at the end",
    "Earlier stamps reach into the beginning of this piece's outputs.",
)
def _piece_added_late(x, ringing, k, stride):
    y = _stamped(x, k, stride) + np.pad(ringing, (stride * len(x), 0))
    return _cut(y, stride * len(x))


@next_piece.wrong(
    "the old `ringing` is put in front of the sums, not added to them",
    "The samples before this piece are out already: add `ringing` to the first ones, place by place.",
)
def _piece_in_front(x, ringing, k, stride):
    y = np.concatenate([ringing, _stamped(x, k, stride)])
    return _cut(y, stride * len(x))


@next_piece.wrong(
    "the first part holds all sums, even those that are not finished",
    "Only the first stride · n are finished. The rest is returned as the new `ringing`.",
)
def _piece_whole(x, ringing, k, stride):
    y, rest = _piece(x, ringing, k, stride)
    return np.concatenate([y, rest]), rest


@next_piece.wrong(
    "what is left of the old `ringing` after sn outputs is lost",
    "With a short piece and a long kernel, earlier stamps reach beyond this piece: what is left of them "
    "rings on.",
)
def _piece_short_memory(x, ringing, k, stride):
    end = stride * len(x)
    y = _stamped(x, k, stride)
    y[: min(end, len(ringing))] += ringing[:end]
    return _cut(y, end)


@next_piece.wrong(
    "the old `ringing` is returned again",
    "The second part of the pair is what *this* piece leaves over, the last m − stride samples.",
)
def _piece_old_ringing(x, ringing, k, stride):
    return _piece(x, ringing, k, stride)[0], ringing * 1.0


@next_piece.wrong(
    "stride is ignored",
    "Sample i stamps from stride · i on, and a piece of n samples finishes stride · n outputs.",
)
def _piece_unstrided(x, ringing, k, stride):
    y = _stamped(x, k, 1)
    y[: len(ringing)] += ringing[: len(y)]
    return _cut(y, len(x))


@next_piece.wrong(
    "the kernel is flipped", "A sample stamps the kernel as it is: its first entry is heard first."
)
def _piece_flipped(x, ringing, k, stride):
    return _piece(x, ringing, k[::-1], stride)


@next_piece.wrong("the two parts of the pair are swapped", "The outputs come first, then what rings on.")
def _piece_exchanged(x, ringing, k, stride):
    return _piece(x, ringing, k, stride)[::-1]


@next_piece.wrong(
    "a later stamp overwrites an earlier one, and the old `ringing`",
    "Where stamps overlap they add up: +=, not =.",
)
def _piece_overwrites(x, ringing, k, stride):
    y = np.pad(ringing.astype(float), (0, stride * len(x)))
    for i, value in enumerate(x):
        y[stride * i : stride * i + len(k)] = value * k
    return _cut(y, stride * len(x))


@next_piece.wrong(
    "what is left of the old `ringing` after sn outputs is added at the end of the new one",
    "The old ringing goes on where it was: what is left of it begins with the first sum after this piece.",
)
def _piece_rest_late(x, ringing, k, stride):
    end = stride * len(x)
    y = _stamped(x, k, stride)
    y[: len(ringing[:end])] += ringing[:end]
    y[len(y) - len(ringing[end:]) :] += ringing[end:]
    return _cut(y, end)


@next_piece.wrong(
    "the new `ringing` holds only what the last sample leaves over",
    "Earlier samples of the piece, and earlier pieces, may reach beyond its end as well.",
)
def _piece_last_tail(x, ringing, k, stride):
    return _piece(x, ringing, k, stride)[0], x[-1] * k[stride:]


wrap_around = Answers("wrap_around")


@wrap_around.inputs
def _(rng):
    yield np.array([1, 2]), np.array([1, 10, 100]), 2
    yield np.array([3]), np.array([1, 10]), 2
    yield np.array([2]), np.array([1, 10]), 1
    yield np.array([1, 0]), np.array([1, 10, 100, 2, 3, 4]), 1
    yield np.array([2, 1]), np.array([5]), 3
    yield np.array([0, 1]), np.array([1, 10, 100]), 1
    for n, m, s in [(3, 5, 2), (4, 3, 1), (2, 9, 2), (3, 2, 3), (1, 8, 3), (5, 4, 2)]:
        yield rng.integers(-9, 10, n), rng.integers(-9, 10, m), s
    yield rng.integers(-9, 10, 4), rng.integers(-9, 10, 5) + 0.5, 2
    yield rng.integers(-9, 10, 4) + 0.5, rng.integers(-9, 10, 5), 2


@wrap_around.right
def _wrapped_by_remainders(x, k, stride):
    y = np.zeros(stride * len(x), np.result_type(x, k))
    for i in range(len(x)):
        for a in range(len(k)):
            y[(stride * i + a) % len(y)] += x[i] * k[a]
    return y


@wrap_around.right
def _wrapped_by_folding(x, k, stride):
    size = stride * len(x)
    spread = np.zeros((len(x), stride), np.result_type(x, k))
    spread[:, 0] = x
    y = np.convolve(spread.ravel(), k)
    return np.pad(y, (0, -len(y) % size)).reshape(-1, size).sum(0)


def _ring(x, k, stride, size=None, step=None, way=1, add=True):
    """Return the sums on a circle; entry a of sample i lands at step i + way a, where step is the stride."""
    y = np.zeros(size or stride * len(x), np.result_type(x, k))
    for i, a in np.ndindex(len(x), len(k)):
        place = ((step or stride) * i + way * a) % len(y)
        y[place] = add * y[place] + x[i] * k[a]
    return y


@wrap_around.wrong(
    "what reaches beyond the end is cut off",
    "On a circle the place after the last is the first: what is beyond the end is added at the beginning.",
)
def _wrap_cut(x, k, stride):
    size = stride * len(x)
    return _ring(x, k, stride, size=size + len(k))[:size]


@wrap_around.wrong(
    "a long stamp goes around the circle once only",
    "A kernel longer than the circle goes around more than once: use a remainder, or add what is beyond "
    "the end as often as needed.",
)
def _wrap_once(x, k, stride):
    size = stride * len(x)
    y = _ring(x, k, stride, size=size + len(k))
    over = y[size : 2 * size]
    y[: len(over)] += over
    return y[:size]


@wrap_around.wrong(
    "the output is the whole transposed convolution, s(n − 1) + m samples",
    "The output has stride · n samples; what is beyond is added at the beginning.",
)
def _wrap_full(x, k, stride):
    return _ring(x, k, stride, size=stride * (len(x) - 1) + len(k))


@wrap_around.wrong(
    "the circle has only as many places as the input, not stride · n",
    "It is the output that is a circle, of stride · n places.",
)
def _wrap_input(x, k, stride):
    return _ring(x, k, stride, size=len(x))


@wrap_around.wrong(
    "what is beyond the end comes back mirrored at the end, not at the beginning",
    "What is beyond the right end comes in at the left.",
)
def _wrap_right(x, k, stride):
    size = stride * len(x)
    y = _ring(x, k, stride, size=size + len(k) * stride)
    for place in range(size, len(y)):
        y[size - 1 - (place - size) % size] += y[place]
    return y[:size]


@wrap_around.wrong("stride is ignored", "Sample i stamps from place stride · i on.")
def _wrap_unstrided(x, k, stride):
    return _ring(x, k, stride, step=1)


@wrap_around.wrong("the kernel is flipped", "A sample stamps the kernel as it is.")
def _wrap_flipped(x, k, stride):
    return _ring(x, k[::-1], stride)


@wrap_around.wrong(
    "a later stamp overwrites an earlier one",
    "Where stamps meet on the circle they add up: +=, not =.",
)
def _wrap_overwrites(x, k, stride):
    return _ring(x, k, stride, add=False)


@wrap_around.wrong(
    "each stamp goes backwards from its place",
    "Entry a of the kernel lands a places after its sample's place, not before it.",
)
def _wrap_backwards(x, k, stride):
    return _ring(x, k, stride, way=-1)


@wrap_around.wrong(
    "where a stamp meets a place more than once, only its last entry there counts",
    "A stamp that goes around more than once meets places again. y[places] += ... adds once to each place, "
    "however often it is listed.",
)
def _wrap_repeated(x, k, stride):
    y = np.zeros(stride * len(x))
    for i in range(len(x)):
        y[(stride * i + np.arange(len(k))) % len(y)] += x[i] * k
    return y


exact_shift = Answers("exact_shift")


@exact_shift.inputs
def _(rng):
    yield ([("down", 2), ("up", 2)],)
    yield ([("up", 3)],)
    yield ([("up", 2), ("down", 3)],)
    yield ([("down", 4)],)
    yield ([("up", 2), ("down", 2)],)
    yield ([("down", 1), ("up", 1)],)
    yield ([("down", 2), ("down", 2), ("up", 4)],)
    yield ([("up", 4), ("down", 2), ("down", 4)],)
    yield ([("down", 2), ("up", 3), ("down", 3)],)
    yield ([("down", 6), ("up", 4), ("down", 2)],)
    yield ([("up", 2), ("down", 4), ("up", 3), ("down", 9)],)
    yield ([("down", 5), ("down", 3)],)
    yield ([("down", 2), ("up", 2), ("down", 3)],)
    for count in (3, 4, 5):
        yield ([(("down", "up")[int(rng.integers(2))], int(rng.integers(1, 7))) for _ in range(count)],)


@exact_shift.right
def _shift_by_trial(layers):
    shift = 0
    while True:
        shift += 1
        moved = shift
        for kind, stride in layers:
            if kind == "up":
                moved *= stride
            elif moved % stride:
                break
            else:
                moved //= stride
        else:
            return shift, moved


@exact_shift.right
def _shift_step_by_step(layers):
    shift = moved = 1
    for kind, stride in layers:
        if kind == "up":
            moved *= stride
        else:
            more = stride // int(np.gcd(moved, stride))
            shift, moved = shift * more, moved * more // stride
    return shift, moved


def _through(shift, layers):
    """Return by how much the output moves, rounded down after each layer."""
    for kind, stride in layers:
        shift = shift * stride if kind == "up" else shift // stride
    return shift


def _downs(layers):
    return [stride for kind, stride in layers if kind == "down"]


@exact_shift.wrong(
    'the input\'s shift is the product of all "down" strides, which can be too large',
    'That shift is exact, but a smaller one may be exact, too: an "up" before a "down" multiplies the shift.',
)
def _shift_product(layers):
    shift = int(np.prod(_downs(layers), dtype=int))
    return shift, _through(shift, layers)


@exact_shift.wrong(
    "each convolution is looked at alone",
    "After one convolution the shift is divided by its stride, and the next stride must divide what is left.",
)
def _shift_common(layers):
    shift = int(np.lcm.reduce([1, *_downs(layers)]))
    return shift, _through(shift, layers)


@exact_shift.wrong(
    "only the largest stride counts", "Every convolution on the way must divide what reaches it."
)
def _shift_largest(layers):
    shift = max(_downs(layers), default=1)
    return shift, _through(shift, layers)


@exact_shift.wrong(
    "only the whole chain is looked at, not the steps between",
    "Down by 2 and up by 2 is 1 in all. But in between, a shift by one becomes half a sample, and that is "
    "not exact.",
)
def _shift_whole(layers):
    up = int(np.prod([stride for kind, stride in layers if kind == "up"], dtype=int))
    down = int(np.prod(_downs(layers), dtype=int))
    shift = down // int(np.gcd(up, down))
    return shift, shift * up // down


@exact_shift.wrong(
    "up and down are swapped",
    "A convolution with a stride makes the signal shorter and divides the shift. The transposed one "
    "multiplies it.",
)
def _shift_exchanged(layers):
    return _shift_step_by_step([({"up": "down", "down": "up"}[kind], stride) for kind, stride in layers])


@exact_shift.wrong(
    "the layers are gone through in the wrong order, from the last to the first",
    "The shift enters at the first layer.",
)
def _shift_reversed(layers):
    return _shift_step_by_step(layers[::-1])


@exact_shift.wrong(
    "the output is said to move as far as the input",
    "Each layer changes the shift: multiply or divide it by the stride as you go.",
)
def _shift_same(layers):
    return (_shift_step_by_step(layers)[0],) * 2


@exact_shift.wrong(
    "the two parts of the pair are swapped",
    "First the shift of the input, then that of the output.",
)
def _shift_swapped(layers):
    return _shift_step_by_step(layers)[::-1]


@exact_shift.wrong(
    "the input's shift is always 1",
    "Is a shift by one exact? A convolution with stride 2 keeps every second sum only.",
)
def _shift_one(layers):
    return 1, _through(1, layers)


@exact_shift.wrong(
    "only the first layer is gone through", "All layers must pass the shift on, one after the other."
)
def _shift_first(layers):
    return _shift_step_by_step(layers[:1])
