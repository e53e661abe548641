"""Notebook 06: kernels that upsample, the pixel shuffle, phases, and kernels without a checkerboard."""

import numpy as np

from . import FAR, INTS_CUT, RETURNS_EARLY, Answers

bilinear_stamp = Answers("bilinear_stamp")


@bilinear_stamp.inputs
def _(rng):
    yield 1, 2
    yield 1, 1
    yield 2, 1
    yield 2, 2
    yield 1, 3
    yield 3, 2
    yield 3, 3
    yield 2, 4
    yield 5, 4
    yield 4, 6


def _triangle(s):
    m = 2 * s - s % 2
    return 1 - abs(np.arange(m) - (m - 1) / 2) / s


@bilinear_stamp.unseen
def _(rng):
    yield from rng.permutation([(6, 1), (5, 6), (7, 3), (4, 9), (8, 5), (1, 7)])[:4].tolist()


@bilinear_stamp.right
def _boxes(s1, s2):
    def triangle(s):
        whole = np.convolve(np.ones(s), np.ones(s)) / s
        return whole if s % 2 else np.convolve(whole, [0.5, 0.5])

    return triangle(s1)[:, None] * triangle(s2)[None, :]


@bilinear_stamp.right
def _up_and_down(s1, s2):
    def triangle(s):
        up = [(0.5 + a) / s for a in range(s)] if s % 2 == 0 else [(1 + a) / s for a in range(s)]
        return up + (up[::-1] if s % 2 == 0 else up[-2::-1])

    return np.array([[a * b for b in triangle(s2)] for a in triangle(s1)])


@bilinear_stamp.wrong(
    "the middle is rounded to a whole number, and the triangle leans to one side",
    "The middle of entries 0, ..., m − 1 is (m − 1)/2. With an even m it lies between two entries: two are "
    "largest.",
)
def _leaning(s1, s2):
    sides = [1 - abs(np.arange(2 * s - s % 2) - (2 * s - s % 2) // 2) / s for s in (s1, s2)]
    return np.outer(*sides)


@bilinear_stamp.wrong(
    "the triangle for an even stride has 2s − 1 entries, not 2s",
    "Only odd strides have a largest entry in the middle. For an even s the new samples lie beside the old "
    "ones, and 2s entries are needed.",
)
def _always_odd(s1, s2):
    return np.outer(*[np.convolve(np.ones(s), np.ones(s)) / s for s in (s1, s2)])


@bilinear_stamp.wrong(
    "the triangle for an odd stride has 2s entries, not 2s − 1",
    "For an odd s one new sample falls on the old one: the triangle has one peak and 2s − 1 entries.",
)
def _always_even(s1, s2):
    return np.outer(*[1 - abs(np.arange(2 * s) - s + 0.5) / s for s in (s1, s2)])


@bilinear_stamp.wrong(
    "the whole kernel is scaled to the sum 1",
    "Each phase has to add up to 1, not the whole kernel: every output is a mean of its own. The sum is s₁ "
    "s₂.",
)
def _normalised(s1, s2):
    return np.outer(_triangle(s1) / s1, _triangle(s2) / s2)


@bilinear_stamp.wrong(
    "each entry is the smaller of the two weights, not their product",
    "Interpolating first along rows and then along columns multiplies the two weights: an outer product.",
)
def _smaller(s1, s2):
    return np.minimum.outer(_triangle(s1), _triangle(s2))


@bilinear_stamp.wrong("the two strides are swapped", "s1 is for the rows, so for the kernel's first axis.")
def _bilinear_exchanged(s1, s2):
    return np.outer(_triangle(s2), _triangle(s1))


@bilinear_stamp.wrong(
    "the distance is divided by the kernel's size, not by the stride",
    "One step from old sample to old sample is s new samples: the weight falls to 0 at distance s.",
)
def _too_flat(s1, s2):
    sides = [1 - abs(np.arange(m) - (m - 1) / 2) / m for m in (2 * s1 - s1 % 2, 2 * s2 - s2 % 2)]
    return np.outer(*sides)


@bilinear_stamp.wrong(
    "the kernel is all ones, as for nearest",
    "Ones repeat each sample. Bilinear weights fall with the distance.",
)
def _nearest(s1, s2):
    return np.ones((s1, s2))


@bilinear_stamp.wrong(
    "the middle of an even number of entries is rounded down, to s − 1",
    "With an even number of entries the middle lies between two of them, and two are largest.",
)
def _middle_rounded_down(s1, s2):
    return np.outer(*[1 - abs(np.arange(2 * s - s % 2) - (s - 1)) / s for s in (s1, s2)])


@bilinear_stamp.wrong(
    "the middle is at s − ½ for odd strides, too",
    "For an odd s the triangle has 2s − 1 entries. Where is the middle of an odd number of entries?",
)
def _middle_between(s1, s2):
    return np.outer(*[1 - abs(np.arange(2 * s - s % 2) - (s - 0.5)) / s for s in (s1, s2)])


merged_kernel = Answers("merged_kernel")


@merged_kernel.inputs
def _(rng):
    yield np.array([[1, 2]]), 2
    yield np.array([[3]]), 1
    yield np.array([[3]]), 2
    yield np.array([[1], [10]]), 2
    yield np.array([[1, 2], [3, 4]]), 1
    yield np.array([[1, 2], [3, 4]]), 2
    yield np.array([[0.5, 1.5]]), 3
    yield np.array([[1, 2, 4], [0, 0, 0], [3, 0, 0]]), 2
    for m, s in [((3, 3), 3), ((2, 4), 2), ((3, 1), 4)]:
        yield rng.integers(-9, 10, m), s
    # what a changed value or condition would pass without
    yield np.resize(FAR[2:], (3, 1)), 4


def _merged(w, s1, s2):
    k = np.zeros((len(w) + s1 - 1, w.shape[1] + s2 - 1))
    for r, q in np.ndindex(s1, s2):
        k[r : r + len(w), q : q + w.shape[1]] += w
    return k


@merged_kernel.right
def _two_passes(w, stride):
    ones = np.ones(stride)
    rows = np.array([np.convolve(row[::-1], ones) for row in w])
    return np.array([np.convolve(column[::-1], ones) for column in rows.T]).T


@merged_kernel.right
def _windows(w, stride):
    wide = np.pad(w[::-1, ::-1], stride - 1)
    return np.lib.stride_tricks.sliding_window_view(wide, (stride, stride)).sum(axis=(2, 3))


@merged_kernel.right
def _response_to_one_pixel(w, stride):
    (m1, m2), s = w.shape, stride
    image = np.zeros((s + 2 * m1 - 2, s + 2 * m2 - 2))
    image[m1 - 1 : m1 - 1 + s, m2 - 1 : m2 - 1 + s] = 1
    y = [[(image[i : i + m1, j : j + m2] * w).sum() for j in range(s + m2 - 1)] for i in range(s + m1 - 1)]
    return np.array(y)


@merged_kernel.wrong(
    "w is flipped once too often, or not at all",
    "Reading with w is stamping with w flipped, on both axes: one bright pixel meets w's last entry first.",
)
def _merge_unflipped(w, stride):
    return _merged(w, stride, stride)


@merged_kernel.wrong("w is flipped on one axis only", "Eq. 17 in 2-D: w is read backwards on both axes.")
def _merge_half_flipped(w, stride):
    return _merged(w[::-1], stride, stride)


@merged_kernel.wrong(
    "each entry of w is repeated, as if the convolution came before the enlarging",
    "That kernel convolves and then enlarges (ICNR). Here the image is enlarged first: the copies of w "
    "overlap.",
)
def _merge_icnr(w, stride):
    return np.kron(w[::-1, ::-1], np.ones((stride, stride)))


@merged_kernel.wrong(
    "the kernel is as large as w: its last rows and columns are cut off",
    "Ones and w make a full convolution, m + s − 1 entries on each axis. No entry may be lost.",
)
def _merge_cut(w, stride):
    return _merged(w[::-1, ::-1], stride, stride)[: len(w), : w.shape[1]]


@merged_kernel.wrong(
    "the copies are averaged",
    "Nearest repeats a sample with weight 1: the copies of w are added up, not averaged.",
)
def _merge_mean(w, stride):
    return _merged(w[::-1, ::-1], stride, stride) / stride**2


@merged_kernel.wrong("it works only for stride 2", "Nearest with stride s is a kernel of s × s ones.")
def _merge_two(w, stride):
    return _merged(w[::-1, ::-1], 2, 2)


@merged_kernel.wrong(
    "the image is enlarged across the columns only, not down the rows",
    "Nearest repeats on both axes: s × s copies of w, each at its own place.",
)
def _merge_one_axis(w, stride):
    return _merged(w[::-1, ::-1], 1, stride)


@merged_kernel.wrong(
    "the copies of w stand s pixels apart, not one",
    "The image that w reads is already large: neighbouring copies of w are one pixel apart.",
)
def _merge_apart(w, stride):
    s, k = stride, np.zeros((stride * (stride - 1) + len(w), stride * (stride - 1) + w.shape[1]))
    for r, q in np.ndindex(s, s):
        k[s * r : s * r + len(w), s * q : s * q + w.shape[1]] += w[::-1, ::-1]
    return k


@merged_kernel.wrong(
    "only the first copy of w is added, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _merge_early(w, stride):
    return np.pad(w[::-1, ::-1], ((0, stride - 1), (0, stride - 1)))


@merged_kernel.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _merge_truncated(w, stride):
    k = np.zeros((len(w) + stride - 1, w.shape[1] + stride - 1), int)
    for r, q in np.ndindex(stride, stride):
        for a, b in np.ndindex(w.shape):
            k[r + a, q + b] += w[len(w) - 1 - a, w.shape[1] - 1 - b]
    return k


@merged_kernel.wrong(
    "each entry of w is repeated, and the result is cut to m + s − 1 entries on each axis",
    "Here the image is enlarged, not the kernel: s × s copies of w, one pixel apart, are added up.",
)
def _merge_icnr_cut(w, stride):
    return _merge_icnr(w, stride)[: len(w) + stride - 1, : w.shape[1] + stride - 1]


@merged_kernel.wrong(
    "on each axis two copies of w are added, the first and the last, whatever the stride",
    "Nearest shows each pixel s times on an axis: there are s copies of w, one pixel apart.",
)
def _merge_two_shifts(w, stride):
    k = np.zeros((len(w) + stride - 1, w.shape[1] + stride - 1))
    for r in (0, stride - 1):
        for q in (0, stride - 1):
            k[r : r + len(w), q : q + w.shape[1]] += w[::-1, ::-1]
    return k


shuffle = Answers("shuffle")


@shuffle.inputs
def _(rng):
    yield np.array([[[1, 2]], [[10, 20]]]), (1, 2)
    yield np.array([[[5]]]), (1, 1)
    yield np.array([[[1]], [[2]]]), (2, 1)
    yield np.array([[[1]], [[2]], [[3]], [[4]]]), (2, 2)
    yield np.array([[[1, 2]], [[3, 4]], [[5, 6]], [[7, 8]]]), (1, 2)
    yield np.array([[[0.5, 1.5]], [[2.5, 3.5]]]), (2, 1)
    yield np.arange(1, 17).reshape(4, 2, 2), (2, 2)
    yield np.arange(1, 13).reshape(6, 2, 1), (2, 3)
    yield np.arange(1, 17).reshape(8, 1, 2), (2, 2)
    for shape, s in [((12, 2, 3), (3, 2)), ((8, 3, 2), (1, 4))]:
        yield rng.integers(-9, 10, shape), s
    # what a changed value or condition would pass without
    yield np.resize(FAR[2:], (2, 1, 2)), (1, 2)


def _woven(x, stride):
    (s1, s2), (_, n1, n2) = stride, x.shape
    return x.reshape(-1, s1, s2, n1, n2).transpose(0, 3, 1, 4, 2).reshape(-1, s1 * n1, s2 * n2)


@shuffle.right
def _reshaped_and_moved(x, stride):
    return _woven(x, stride)


@shuffle.right
def _pixel_by_pixel(x, stride):
    (s1, s2), (channels, n1, n2) = stride, x.shape
    y = np.empty((channels // s1 // s2, s1 * n1, s2 * n2))
    for c, u, v in np.ndindex(y.shape):
        y[c, u, v] = x[c * s1 * s2 + u % s1 * s2 + v % s2, u // s1, v // s2]
    return y


@shuffle.right
def _channel_by_channel(x, stride):
    (s1, s2), (_, n1, n2) = stride, x.shape
    y = np.zeros((len(x) // (s1 * s2), s1 * n1, s2 * n2))
    for channel, image in enumerate(x):
        c, rest = divmod(channel, s1 * s2)
        r, q = divmod(rest, s2)
        corner = np.zeros((s1, s2))
        corner[r, q] = 1
        y[c] += np.kron(image, corner)
    return y


@shuffle.wrong(
    "a patch is filled column by column",
    "The next channel goes one column further, not one row: its number is r s₂ + q, and q runs fastest.",
)
def _patch_by_columns(x, stride):
    (s1, s2), (_, n1, n2) = stride, x.shape
    return x.reshape(-1, s2, s1, n1, n2).transpose(0, 3, 2, 4, 1).reshape(-1, s1 * n1, s2 * n2)


@shuffle.wrong(
    "a patch takes channels that stand apart, as in TensorFlow's depth_to_space",
    "Patches of output channel c hold the s₁ s₂ neighbouring channels that begin with c s₁ s₂.",
)
def _channels_apart(x, stride):
    (s1, s2), (_, n1, n2) = stride, x.shape
    return x.reshape(s1, s2, -1, n1, n2).transpose(2, 3, 0, 4, 1).reshape(-1, s1 * n1, s2 * n2)


@shuffle.wrong(
    "whole channels are laid side by side",
    "Weave them: neighbours in one channel end s₁ rows or s₂ columns apart, and the other channels fill "
    "the gaps.",
)
def _side_by_side(x, stride):
    (s1, s2), (_, n1, n2) = stride, x.shape
    return x.reshape(-1, s1, s2, n1, n2).transpose(0, 1, 3, 2, 4).reshape(-1, s1 * n1, s2 * n2)


@shuffle.wrong(
    "the numbers keep their order, as if only the shape were changed",
    "reshape alone keeps the order of the numbers. Neighbours in the output come from different channels: "
    "the axes must change places, too.",
)
def _only_reshaped(x, stride):
    return x.reshape(-1, stride[0] * x.shape[1], stride[1] * x.shape[2])


@shuffle.wrong(
    "the two strides are swapped", "s₁ enlarges the rows, the second axis of x; s₂ the columns, the third."
)
def _shuffle_exchanged(x, stride):
    return _woven(x, stride[::-1])


@shuffle.wrong(
    "only the first output channel is made",
    "There are channels / (s₁ s₂) output channels, each from s₁ s₂ channels of x.",
)
def _first_channel(x, stride):
    return _woven(x, stride)[:1]


@shuffle.wrong(
    "rows and columns of the image are swapped, but the shape is right",
    "y[c, s₁ i + r, s₂ j + q]: the row i stays with r, the column j with q. If you use transpose, check "
    "its order.",
)
def _image_turned(x, stride):
    (s1, s2), (_, n1, n2) = stride, x.shape
    return x.reshape(-1, s1, s2, n1, n2).transpose(0, 4, 1, 3, 2).reshape(-1, s1 * n1, s2 * n2)


@shuffle.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _shuffle_truncated(x, stride):
    return _woven(x, stride).astype(int)


@shuffle.wrong(
    "only the first pixel of each patch is filled, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _shuffle_early(x, stride):
    (s1, s2), y = stride, np.zeros(_woven(x, stride).shape)
    y[:, ::s1, ::s2] = x[:: s1 * s2]
    return y


by_phases = Answers("by_phases")


@by_phases.inputs
def _(rng):
    yield np.array([1, 2]), np.array([1, 10, 100]), 2
    yield np.array([3]), np.array([1, 2]), 2
    yield np.array([1, 2, 3]), np.array([1, 10]), 1
    yield np.array([1, 3, 2, 4]), np.array([1, 2, 3, 4, 5]), 2
    yield np.array([1, 2]), np.array([5]), 3
    yield np.array([1, 2]), np.array([1, 10, 100]), 3
    yield np.array([1.5, 0.5]), np.array([0.5, 1.0, 3.0, 2.5]), 2
    yield np.array([1, 3]), np.array([0.5, 1.25, 0.75]), 2
    yield np.array([0.5, 1.25]), np.array([1, 3, 2]), 2
    for n, m, s in [(4, 7, 3), (5, 4, 2), (3, 2, 5), (6, 9, 4)]:
        yield rng.integers(-9, 10, n), rng.integers(1, 10, m), s
    # what a changed value or condition would pass without
    yield np.array([1, 2]), FAR, 3
    yield FAR, np.array([3, 3]), 5
    yield np.array([3]), np.array([0, 2]), 2
    yield np.array([1, 2, 3]), np.array([1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1]), 1


def _full(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k))
    for i, sample in enumerate(x):
        y[stride * i : stride * i + len(k)] += sample * k
    return y


@by_phases.right
def _stamps(x, k, stride):
    return _full(x, k, stride)


@by_phases.right
def _output_by_output(x, k, stride):
    y = []
    for u in range(stride * (len(x) - 1) + len(k)):
        step, r = divmod(u, stride)
        phase = k[r::stride]
        y.append(sum(x[step - a] * phase[a] for a in range(len(phase)) if 0 <= step - a < len(x)))
    return np.array(y)


@by_phases.right
def _padded_phases(x, k, stride):
    table = np.pad(k, (0, -len(k) % stride)).reshape(-1, stride).T
    woven = np.array([np.convolve(x, phase) for phase in table]).T.ravel()
    return woven[: stride * (len(x) - 1) + len(k)]


@by_phases.wrong(
    "the phases are joined one after the other, not woven",
    "Phase r makes every s-th output, beginning with y[r]: weave the results instead of joining them.",
)
def _joined(x, k, stride):
    return np.concatenate([np.convolve(x, k[r::stride]) for r in range(min(stride, len(k)))])


@by_phases.wrong(
    "neighbouring entries of the kernel are taken for one phase",
    "The entries of a phase are s places apart: k[r], k[r + s], k[r + 2s].",
)
def _runs(x, k, stride):
    table = np.pad(k, (0, -len(k) % stride)).reshape(stride, -1)
    woven = np.array([np.convolve(x, phase) for phase in table]).T.ravel()
    return woven[: stride * (len(x) - 1) + len(k)]


@by_phases.wrong(
    "the phases are flipped",
    "The ∗ in Eq. 18 is the convolution of signal processing, as in np.convolve: the phase goes into it as "
    "it is.",
)
def _phases_flipped(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k))
    for r in range(min(stride, len(k))):
        y[r::stride] = np.convolve(x, k[r::stride][::-1])
    return y


@by_phases.wrong(
    "the phases are woven in reverse order",
    "Phase 0 holds k[0] and makes y[0], y[s], ...; phase 1 makes y[1], y[1 + s], ....",
)
def _backwards(x, k, stride):
    table = np.pad(k, (0, -len(k) % stride)).reshape(-1, stride).T
    woven = np.array([np.convolve(x, phase) for phase in table[::-1]]).T.ravel()
    return woven[: stride * (len(x) - 1) + len(k)]


@by_phases.wrong(
    "there are additional zeros at the end",
    "Phases differ in length when s does not divide m. The output has s(n − 1) + m samples. The last "
    "phases may end one sample earlier than the first.",
)
def _filled_up(x, k, stride):
    return np.pad(_full(x, k, stride), (0, -len(k) % stride))


@by_phases.wrong(
    "the output has s n samples, not s(n − 1) + m",
    "Nothing is cropped or added here: the last stamp begins at s(n − 1) and has m entries.",
)
def _cut(x, k, stride):
    y = np.pad(_full(x, k, stride), (0, max(0, stride - len(k))))
    return y[: stride * len(x)]


@by_phases.wrong("only two phases are made", "A stride s has s phases: r runs from 0 to s − 1.")
def _two_phases(x, k, stride):
    kept = np.where(np.arange(len(k)) % stride < 2, k, 0)
    return _full(x, kept, stride)


@by_phases.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _phases_truncated(x, k, stride):
    return np.trunc(_full(x, k, stride)).astype(int)


@by_phases.wrong(
    "only the first phase is computed, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _phases_early(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k))
    for r in range(stride):
        y[r::stride] = np.convolve(x, k[r::stride])
        return y


@by_phases.wrong(
    "a negative index wraps to the end: samples before the first count from the end",
    "x counts as zero before its first sample, but Python reads x[−1] as the last one. Ask for 0 ≤ the index "
    "as well.",
)
def _phases_wrap(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k))
    for u in range(len(y)):
        for a, entry in enumerate(k[u % stride :: stride]):
            if u // stride - a < len(x):
                y[u] += entry * x[u // stride - a]
    return y


@by_phases.wrong(
    "output u gets the kernel's phase −u mod s, not u mod s",
    "A stamp begins at a multiple of s: entry a of the kernel reaches places u with the same remainder as a.",
)
def _phase_sign(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k))
    for u in range(len(y)):
        for a, entry in enumerate(k[-u % stride :: stride]):
            if 0 <= u // stride - a < len(x):
                y[u] += entry * x[u // stride - a]
    return y


no_checkerboard = Answers("no_checkerboard")


@no_checkerboard.inputs
def _(rng):
    yield np.array([[1, 2, 1]]), (1, 2)
    yield np.array([[1, 1, 1]]), (1, 2)
    yield np.array([[3]]), (1, 1)
    yield np.array([[2]]), (2, 2)
    yield np.array([[1], [2], [1]]), (2, 1)
    yield np.array([[1], [2], [1]]), (1, 2)
    yield np.array([[1, 3, 2, 1]]), (1, 2)
    yield np.array([[1, 1, 2, 2]]), (1, 2)
    yield np.array([[1, 2, 2, 1]]), (1, 2)
    yield np.array([[2, 0], [0, 2]]), (2, 2)
    yield np.array([[1, 1], [2, 2]]), (2, 2)
    yield np.array([[1, 2], [1, 2]]), (2, 2)
    yield np.outer([1, 2, 1], [1, 2, 1]), (2, 2)
    yield np.array([[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]), (2, 2)
    yield np.array([[1, 2, 4, 3, 2, 0]]), (1, 3)
    yield np.array([[1, 2, 5, 3, 2, 0]]), (1, 3)
    yield np.array([[0.1, 0.3, 0.2]]), (1, 2)
    yield np.array([[0.1, 0.3, 0.7]]), (1, 2)
    yield np.array([[0.25, 0.5, 0.25, 0.001]]), (1, 2)
    yield np.array([[2, -1], [-1, 0]]), (2, 2)
    yield np.ones((3, 4), int), (3, 2)
    yield np.ones((3, 4), int), (2, 3)
    yield np.array([[1, 2], [3, 1]]), (2, 2)
    yield np.array([[2, 1], [2, 3]]), (2, 2)
    yield np.array([[1, 1], [1, 5]]), (2, 2)
    yield np.array([[1, -1]]), (1, 2)
    yield np.array([[1, 1.3]]), (1, 2)
    yield np.array([[1, 1.00001]]), (1, 2)
    yield np.array([[0, 5e-9]]), (1, 2)
    yield np.array([[100000000, 100000001]]), (1, 2)
    yield rng.integers(-9, 10, (4, 4)), (2, 2)
    # what a changed value or condition would pass without
    yield np.array([[-3]]), (1, 1)


def _sums(k, stride):
    sums = np.zeros(stride)
    for a, b in np.ndindex(k.shape):
        sums[a % stride[0], b % stride[1]] += k[a, b]
    return sums


def _equal(values):
    return bool(np.ptp(values) < 1e-9)


@no_checkerboard.unseen
def _(rng):
    for s1, s2 in [(1, 2), (2, 2), (2, 3), (3, 1)]:
        pieces = rng.integers(1, 9, (3, 2, s1, s2))
        pieces[-1] += 20 - pieces.sum(0)  # now all phases have the sum 40
        k = pieces.transpose(0, 2, 1, 3).reshape(3 * s1, 2 * s2)
        yield k, (s1, s2)
        uneven = k.copy()
        uneven[0, -1] += rng.integers(1, 9)
        yield uneven, (s1, s2)


@no_checkerboard.right
def _entry_by_entry(k, stride):
    return _equal(_sums(k, stride))


@no_checkerboard.right
def _by_interior(k, stride):
    (s1, s2), (m1, m2) = stride, k.shape
    y = np.zeros((s1 * 2 * m1 + m1, s2 * 2 * m2 + m2))
    for i, j in np.ndindex(2 * m1 + 1, 2 * m2 + 1):
        y[s1 * i : s1 * i + m1, s2 * j : s2 * j + m2] += k
    inside = y[m1 : m1 + s1, m2 : m2 + s2]
    return bool(np.allclose(inside, inside[0, 0], rtol=0, atol=1e-9))


@no_checkerboard.right
def _by_padding(k, stride):
    (s1, s2), (m1, m2) = stride, k.shape
    wide = np.pad(k, [(0, -m1 % s1), (0, -m2 % s2)])
    sums = wide.reshape(-1, s1, wide.shape[1] // s2, s2).sum(axis=(0, 2))
    return all(abs(total - sums[0, 0]) < 1e-9 for total in sums.flat)


@no_checkerboard.wrong(
    "the answer is True exactly where the stride divides the kernel's size",
    "Then only the number of overlaps is the same everywhere. With stride 2, [1, 2, 1] is flat and [1, 3, "
    "2, 1] is not: add up the entries.",
)
def _divisible(k, stride):
    return k.shape[0] % stride[0] == 0 and k.shape[1] % stride[1] == 0


@no_checkerboard.wrong(
    "the answer is True only if the phases are equal, not only their sums",
    "Equal phases (ICNR) are more than is needed: with stride 2, [1, 2, 1] has the phases [1, 1] and [2], "
    "with the same sum.",
)
def _equal_phases(k, stride):
    (s1, s2), (m1, m2) = stride, k.shape
    wide = np.pad(k, [(0, -m1 % s1), (0, -m2 % s2)])
    phases = [wide[r::s1, q::s2] for r, q in np.ndindex(s1, s2)]
    return all(np.allclose(phase, phases[0], rtol=0, atol=1e-9) for phase in phases)


@no_checkerboard.wrong(
    "only the row phases r are told apart, not the column phases q",
    "A phase has two numbers, r for the rows and q for the columns: s₁ s₂ sums.",
)
def _rows_only(k, stride):
    return _equal(_sums(k, stride).sum(axis=1))


@no_checkerboard.wrong(
    "each axis is tested by itself",
    "With the sums 2, 0 and 0, 2 each row and each column of phases adds up to 2, and yet it is a checkerboard. "
    "Compare all s₁ s₂ sums.",
)
def _axes_apart(k, stride):
    sums = _sums(k, stride)
    return _equal(sums.sum(axis=0)) and _equal(sums.sum(axis=1))


@no_checkerboard.wrong(
    "the two strides are swapped",
    "stride[0] is for the rows: k[r::s₁, q::s₂] with r below s₁ and q below s₂.",
)
def _board_exchanged(k, stride):
    return _equal(_sums(k, stride[::-1]))


@no_checkerboard.wrong(
    "fractions are compared exactly",
    "0.1 + 0.2 is not quite 0.3 in a computer: ask whether the difference is below 1e-9.",
)
def _board_exact(k, stride):
    return bool(np.ptp(_sums(k, stride)) == 0)


@no_checkerboard.wrong(
    "the sums are those of blocks of neighbouring entries",
    "A phase's entries stand s₁ rows and s₂ columns apart: k[r::s₁, q::s₂], not k[:s₁, :s₂].",
)
def _blocks(k, stride):
    (s1, s2), (m1, m2) = stride, k.shape
    return _equal([k[i : i + s1, j : j + s2].sum() for i in range(0, m1, s1) for j in range(0, m2, s2)])


@no_checkerboard.wrong(
    "the answer is True only if every sum is 1",
    "The sums need only be equal: all 2 makes a flat image twice as bright.",
)
def _all_one(k, stride):
    return bool(np.allclose(_sums(k, stride), 1, rtol=0, atol=1e-9))


@no_checkerboard.wrong(
    "phases without entries are left out",
    "With a stride larger than the kernel, some outputs get no stamp and stay 0: such a phase has the sum 0.",
)
def _present_only(k, stride):
    return _equal(_sums(k, stride)[: len(k), : k.shape[1]])


@no_checkerboard.wrong(
    "only the first and the last sum are compared",
    "Two equal sums say nothing of the others: 1, 2, 3, 1 begin and end alike. Compare the largest with "
    "the smallest.",
)
def _ends(k, stride):
    sums = _sums(k, stride).ravel()
    return bool(abs(sums[0] - sums[-1]) < 1e-9)


@no_checkerboard.wrong(
    "only the phases of the first row and of the first column are compared",
    "Every r goes with every q: with stride (2, 2) there are four sums, and that of k[1::2, 1::2] counts, "
    "too.",
)
def _borders(k, stride):
    sums = _sums(k, stride)
    return _equal(np.append(sums[0], sums[:, 0]))


@no_checkerboard.wrong(
    "only the first sum is compared with the mean",
    "One sum may be equal to the mean by chance. All of them must be.",
)
def _mean(k, stride):
    sums = _sums(k, stride)
    return bool(abs(sums.mean() - sums[0, 0]) < 1e-9)


@no_checkerboard.wrong(
    "sums that differ only in sign are taken for equal",
    "1 and −1 are as far apart as 0 and 2: take the absolute value of the difference, not of the sums.",
)
def _signless(k, stride):
    return _equal(abs(_sums(k, stride)))


@no_checkerboard.wrong(
    "the sums are compared too roughly",
    "np.allclose with its own limits allows a difference of 1e-5 times the sum. Here the difference must "
    "be below 1e-9, however large the sums are.",
)
def _roughly(k, stride):
    sums = _sums(k, stride)
    return np.allclose(sums, sums[0, 0])


@no_checkerboard.wrong(
    "only the first two sums are compared",
    "One pair of equal sums proves nothing: return True only when all sums have been compared.",
)
def _first_pair(k, stride):
    sums = _sums(k, stride).ravel()
    return _equal(sums[:2])


@no_checkerboard.wrong(
    "the means of the phases are compared, not their sums",
    "Phases may have different numbers of entries. On a constant image an output is the sum of its phase.",
)
def _phase_means(k, stride):
    counts = _sums(np.ones(k.shape), stride)
    return _equal(_sums(k, stride) / np.maximum(counts, 1))


icnr_start = Answers("icnr_start")


@icnr_start.inputs
def _(rng):
    yield np.array([[[[5]]], [[[7]]]]), np.array([1, 2]), (1, 2)
    yield np.array([[[[5]]]]), np.array([1]), (1, 1)
    yield np.array([[[[5]]]]), np.array([1]), (2, 2)
    yield np.array([[[[1, 2]]]]), np.array([3]), (2, 1)
    yield np.array([[[[1, 2], [3, 4]]]]), np.array([3]), (1, 2)
    yield np.array([[[[0.5]]], [[[1.5]]]]), np.array([2.5, 3.5]), (2, 2)
    yield np.array([[[[1]], [[2]]], [[[3]], [[4]]]]), np.array([10, 20]), (2, 1)
    yield np.array([[[[2]]]]), np.array([0.5]), (1, 2)
    yield np.array([[[[0.5]]]]), np.array([2]), (1, 2)
    for shape, s in [((2, 1, 2, 3), (2, 3)), ((3, 2, 1, 2), (3, 1)), ((2, 2, 2, 2), (2, 2))]:
        yield rng.integers(1, 10, shape), rng.integers(1, 10, shape[0]), s
    # what a changed value or condition would pass without
    yield np.resize(FAR, (3, 2, 1, 2)), np.array([7, 7, 9]), (3, 1)
    yield np.array([[[[3, 4]], [[6, 5]]], [[[1, 1]], [[8, 7]]], [[[8, 5]], [[8, 3]]]]), FAR[2:5], (3, 1)
    yield np.array([[[[5]]]]), np.array([0]), (1, 1)


@icnr_start.right
def _indexed(w, b, stride):
    which = np.arange(len(w) * stride[0] * stride[1]) // (stride[0] * stride[1])
    return w[which], b[which]


@icnr_start.right
def _appended(w, b, stride):
    weight, bias = [], []
    for small, start in zip(w, b, strict=True):
        for _ in range(stride[0]):
            for _ in range(stride[1]):
                weight.append(small)
                bias.append(start)
    return np.array(weight), np.array(bias)


@icnr_start.right
def _kronecker(w, b, stride):
    ones = np.ones(stride[0] * stride[1])
    return np.kron(w, ones[:, None, None, None]), np.kron(b, ones)


@icnr_start.wrong(
    "the whole weight is repeated, and equal channels stand apart",
    "A patch is made of s₁ s₂ neighbouring channels: these must be equal. Repeat each channel, not the "
    "block.",
)
def _tiled(w, b, stride):
    copies = stride[0] * stride[1]
    return np.tile(w, (copies, 1, 1, 1)), np.tile(b, copies)


@icnr_start.wrong(
    "there are s₁ copies of each channel, not s₁ s₂",
    "A patch has s₁ s₂ places, and each of them is a channel of the convolution.",
)
def _too_few(w, b, stride):
    return w.repeat(stride[0], 0), b.repeat(stride[0])


@icnr_start.wrong(
    "the biases are not repeated",
    "Each channel has its own bias, so the bias needs s₁ s₂ copies as well.",
)
def _bias_left(w, b, stride):
    return w.repeat(stride[0] * stride[1], 0), b


@icnr_start.wrong(
    "only the first channel of a patch has its bias, the others have 0",
    "That alone draws a checkerboard. Repeat b as you repeat w.",
)
def _bias_once(w, b, stride):
    copies = stride[0] * stride[1]
    return w.repeat(copies, 0), np.kron(b, np.eye(copies)[0])


@icnr_start.wrong(
    "the input channels are repeated",
    "The shuffle weaves output channels: repeat along axis 0 of (out, in, m₁, m₂).",
)
def _inputs_repeated(w, b, stride):
    copies = stride[0] * stride[1]
    return w.repeat(copies, 1), b.repeat(copies)


@icnr_start.wrong(
    "the kernel's entries are repeated in space",
    "That is ICNR for a transposed convolution. Before a pixel shuffle the phases are channels, so "
    "channels repeat.",
)
def _space_repeated(w, b, stride):
    return w.repeat(stride[0], 2).repeat(stride[1], 3), b


@icnr_start.wrong(
    "the weights are divided by the number of copies",
    "Each copy makes an output pixel of its own and nothing is added up: keep the numbers as they are.",
)
def _shared_out(w, b, stride):
    copies = stride[0] * stride[1]
    return w.repeat(copies, 0) / copies, b.repeat(copies)


@icnr_start.wrong(
    "the weight is right, but equal biases stand apart",
    "The biases must be in the same order as the weight: all copies of a channel are neighbours.",
)
def _bias_tiled(w, b, stride):
    copies = stride[0] * stride[1]
    return w.repeat(copies, 0), np.tile(b, copies)


@icnr_start.wrong(
    "the biases are right, but equal channels of the weight stand apart",
    "The weight must be in the same order as the biases: all copies of a channel are neighbours.",
)
def _weight_tiled(w, b, stride):
    copies = stride[0] * stride[1]
    return np.tile(w, (copies, 1, 1, 1)), b.repeat(copies)


even_phases = Answers("even_phases")


@even_phases.inputs
def _(rng):
    yield np.array([1, 3, 2, 1]), 2
    yield np.array([5, 2]), 1
    yield np.array([1, 3]), 2
    yield np.array([1, 2, 1]), 2
    yield np.array([2, 1, 4]), 2
    yield np.array([6, 1, 2]), 3
    yield np.array([0, 2, 1, 0]), 2
    yield np.array([0.5, 1.5, 2.0, 1.0, 4.0]), 2
    for m, s in [(5, 3), (7, 2), (6, 3), (9, 4)]:
        yield rng.integers(1, 10, m), s
    # what a changed value or condition would pass without
    yield FAR, 1
    yield np.array([-5, -2]), 1
    yield np.array([1009, 3027]), 2


def _shifted(k, stride, goal):
    k = np.array(k, float)
    for r in range(stride):
        k[r::stride] += (goal - k[r::stride].sum()) / len(k[r::stride])
    return k


def _old_sums(k, stride):
    return np.array([k[r::stride].sum() for r in range(stride)])


@even_phases.right
def _by_tables(k, stride):
    phase = np.arange(len(k)) % stride
    sums, counts = np.bincount(phase, weights=k), np.bincount(phase)
    return k + ((sums.mean() - sums) / counts)[phase]


@even_phases.right
def _entry_of_phase(k, stride):
    goal, new = sum(k) / stride, []
    for a in range(len(k)):
        mine = [k[b] for b in range(len(k)) if (b - a) % stride == 0]
        new.append(k[a] + (goal - sum(mine)) / len(mine))
    return np.array(new)


@even_phases.right
def _projected(k, stride):
    S = np.array([[float(a % stride == r) for a in range(len(k))] for r in range(stride)])
    return k + np.linalg.pinv(S) @ (np.sum(k) / stride - S @ k)


@even_phases.wrong(
    "the entries of a phase are multiplied by a number, where a number should be added",
    "The entries of a phase change by the same amount: add it. A phase whose sum is 0 cannot be scaled at "
    "all.",
)
def _scaled(k, stride):
    k, goal = np.array(k, float), np.sum(k) / stride
    for r in range(stride):
        k[r::stride] *= goal / k[r::stride].sum()
    return k


@even_phases.wrong(
    "only the first entry of each phase changes",
    "The sums are right, but all entries of a phase must share the change.",
)
def _first_entry(k, stride):
    k = np.array(k, float)
    k[:stride] += np.sum(k) / stride - _old_sums(k, stride)
    return k


@even_phases.wrong(
    "every entry gets the whole change",
    "Then the sum changes by that amount for each entry of the phase. Divide by the number of entries.",
)
def _whole_change(k, stride):
    change = np.sum(k) / stride - _old_sums(k, stride)
    return k + change[np.arange(len(k)) % stride]


@even_phases.wrong(
    "all phases are taken to have m/s entries",
    "If s does not divide m, the first phases have an entry more. Count the entries of each.",
)
def _same_count(k, stride):
    change = (np.sum(k) / stride - _old_sums(k, stride)) / (len(k) / stride)
    return k + change[np.arange(len(k)) % stride]


@even_phases.wrong(
    "every sum becomes the largest one, not the mean",
    "All sums become equal, but the goal is their mean: the kernel's total stays what it was.",
)
def _to_largest(k, stride):
    return _shifted(k, stride, _old_sums(k, stride).max())


@even_phases.wrong(
    "the phase means become equal, not the sums",
    "Phases may have different numbers of entries. A constant sees the sum of a phase, not its mean.",
)
def _equal_means(k, stride):
    means = np.array([k[r::stride].mean() for r in range(stride)])
    return k + (means.mean() - means)[np.arange(len(k)) % stride]


@even_phases.wrong(
    "the change has the wrong sign", "A phase whose sum is too small must grow: goal minus sum."
)
def _wrong_sign(k, stride):
    return 2 * np.asarray(k) - _shifted(k, stride, np.sum(k) / stride)


@even_phases.wrong(
    "every sum becomes 1, not the mean of the old sums",
    "The goal is the mean of the old sums: the kernel keeps its total.",
)
def _to_one(k, stride):
    return _shifted(k, stride, 1)


@even_phases.wrong(
    "fractions are cut off",
    "int( ) and arrays made with int cut off fractions: 1.5 becomes 1. So does a copy of k, if k holds "
    "whole numbers. np.zeros(size) makes an array that keeps them.",
)
def _phases_whole(k, stride):
    return _shifted(k, stride, np.sum(k) / stride).astype(k.dtype)


@even_phases.wrong(
    "only the first phase is changed, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _phase_early(k, stride):
    k, goal = np.array(k, float), np.sum(k) / stride
    k[::stride] += (goal - k[::stride].sum()) / len(k[::stride])
    return k


@even_phases.wrong(
    "every phase gets the mean of the whole kernel, where equal sums are asked for",
    "Phases may have different numbers of entries: equal means are not equal sums. Take the mean of the sums.",
)
def _kernel_mean(k, stride):
    means = np.array([k[r::stride].mean() for r in range(stride)])
    return k + (np.mean(k) - means)[np.arange(len(k)) % stride]


@even_phases.wrong(
    "all phases are taken to have m/s entries, rounded up",
    "If s does not divide m, the last phases have an entry less. Count the entries of each.",
)
def _count_up(k, stride):
    change = (np.sum(k) / stride - _old_sums(k, stride)) / -(-len(k) // stride)
    return k + change[np.arange(len(k)) % stride]


@even_phases.wrong(
    "all phases are taken to have m/s entries, rounded down",
    "If s does not divide m, the first phases have an entry more. Count the entries of each.",
)
def _count_down(k, stride):
    change = (np.sum(k) / stride - _old_sums(k, stride)) / (len(k) // stride)
    return k + change[np.arange(len(k)) % stride]
