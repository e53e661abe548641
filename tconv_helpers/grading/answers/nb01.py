"""Notebook 01: sums over the kernel and over the signal, the other convolution, the number of outputs."""

import numpy as np

from . import FAR, INTS_CUT, RETURNS_EARLY, Answers

conv_by_kernel = Answers("conv_by_kernel")


@conv_by_kernel.inputs
def _(rng):
    yield np.array([1, 2, 3]), np.array([1, 10])
    yield np.array([5]), np.array([2])
    yield np.array([1, 2, 3, 4, 5, 6, 7]), np.array([1, 0, 2])
    yield np.array([1, 2, 3]), np.array([4, 5, 6])
    yield np.array([1.5, 2.0, -1.0, 3.0]), np.array([0.5, 1.0])
    yield np.array([1, 2, 4]), np.array([0.5, 1.5])
    yield np.array([0.5, 1.5, 2.0]), np.array([1, 3])
    for n, m in [(4, 2), (6, 4), (9, 3), (12, 5)]:
        yield rng.integers(-9, 10, n), rng.integers(-9, 10, m)
    # what a changed value or condition would pass without
    yield FAR, np.array([2])
    yield np.array([3, 6, -9, 6]), np.array([-1009, 0])
    yield np.array([5]), np.array([0.02])


@conv_by_kernel.right
def _windows(x, k):
    return np.lib.stride_tricks.sliding_window_view(x, len(k)) @ k


@conv_by_kernel.right
def _one_output_at_a_time(x, k):
    y = []
    for i in range(len(x) - len(k) + 1):
        total = 0
        for a in range(len(k)):
            total += x[i + a] * k[a]
        y.append(total)
    return np.array(y)


@conv_by_kernel.wrong(
    "the kernel is flipped",
    "Eq. 1 reads the kernel forwards: where the index of x grows, that of k grows too. Signal processing "
    "flips.",
)
def _flipped(x, k):
    return np.convolve(x, k, "valid")


@conv_by_kernel.wrong(
    "the last output is missing",
    "How many places are there for the kernel? n − m + 1, and range(n − m) stops one short.",
)
def _one_short(x, k):
    return np.correlate(x, k, "valid")[:-1]


@conv_by_kernel.wrong(
    "the output is as long as the signal, as if zeros followed it",
    "Without padding the kernel must lie wholly inside the signal: there are n − m + 1 outputs.",
)
def _same_size(x, k):
    return np.correlate(np.append(x, np.zeros(len(k) - 1)), k, "valid")


@conv_by_kernel.wrong(
    "it also returns outputs where the kernel lies only partly inside the signal",
    "That is the full convolution, n + m − 1 outputs. Eq. 1 keeps the n − m + 1 where the kernel lies "
    "inside.",
)
def _full(x, k):
    return np.correlate(x, k, "full")


@conv_by_kernel.wrong(
    "it works only for n = 7 and m = 3",
    "Take the sizes from the arguments: n is len(x) and m is len(k).",
)
def _only_seven(x, k):
    y = np.zeros(5)
    for i in range(5):
        for a in range(3):
            y[i] += x[i + a] * k[a]
    return y


@conv_by_kernel.wrong(
    "x is read one sample too early, as if the − 1 of the equation were kept",
    "Counted from 0 the sample is x[i + a]: x[i + a − 1] begins with x[−1], which Python takes for the last "
    "one.",
)
def _too_early(x, k):
    return np.correlate(np.roll(x, 1), k, "valid")


@conv_by_kernel.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _truncated(x, k):
    y = np.zeros(len(x) - len(k) + 1, int)
    for i in range(len(y)):
        for a in range(len(k)):
            y[i] += x[i + a] * k[a]
    return y


@conv_by_kernel.wrong(
    "each output keeps only its last product",
    "The sum has m terms. Start it at 0 once, before its first term, and then add each term: +=, not =.",
)
def _not_summed(x, k):
    return x[len(k) - 1 :] * k[-1]


@conv_by_kernel.wrong(
    "only the first output is computed, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _early(x, k):
    y = np.zeros(len(x) - len(k) + 1)
    for i in range(len(y)):
        y[i] = np.sum(x[i : i + len(k)] * k)
        return y


@conv_by_kernel.wrong(
    "the first entry of the kernel is left out",
    "The sum has m terms, and Python counts from 0: range(1, m) begins with the second entry.",
)
def _without_first_entry(x, k):
    y = np.zeros(len(x) - len(k) + 1)
    for i in range(len(y)):
        for a in range(1, len(k)):
            y[i] += x[i + a] * k[a]
    return y


@conv_by_kernel.wrong(
    "only the first entry of the kernel counts, as if a loop ended after its first round",
    "Is there a `return` or `break` in the loop over the kernel? It ends the sum after its first term.",
)
def _first_entry_only(x, k):
    y = np.zeros(len(x) - len(k) + 1)
    for a in range(len(k)):
        y += k[a] * x[a : a + len(y)]
        return y


@conv_by_kernel.wrong(
    "a negative index wraps to the end: x is read at i − a, not at i + a",
    "The kernel lies over sample i and those after it. Places before the first count from the end in Python.",
)
def _looks_back(x, k):
    y = np.zeros(len(x) - len(k) + 1)
    for i in range(len(y)):
        for a in range(len(k)):
            y[i] += x[i - a] * k[a]
    return y


conv_of_events = Answers("conv_of_events")


def _signal(u, v, n):
    x = np.zeros(n)
    x[u] = v
    return x


@conv_of_events.inputs
def _(rng):
    yield np.array([1]), np.array([2]), 4, np.array([1, 10])
    yield np.array([0]), np.array([3]), 3, np.array([1, 2])
    yield np.array([2]), np.array([3]), 3, np.array([1, 2])
    yield np.array([1, 3]), np.array([5, -1]), 7, np.array([1, 0, 2])
    yield np.array([2, 0]), np.array([1.5, 0.5]), 5, np.array([1, 3])
    yield np.array([], int), np.array([], int), 4, np.array([1, 2])
    yield np.array([0, 2]), np.array([3, 1]), 4, np.array([0.5, 1.25])
    for n, m in [(6, 1), (8, 4), (11, 3), (5, 5)]:
        u = rng.choice(n, 4, replace=False)
        yield u, rng.integers(1, 10, 4), n, rng.integers(-9, 10, m)
    # what a changed value or condition would pass without
    yield np.array([4, 3, 0, 2]), FAR[2:6], 5, np.array([-5, -1, -6, 5, 0])
    yield np.array([1, 3]), np.array([5, -1]), 7, FAR[2:5]
    yield np.array([0]), np.array([0.03]), 3, np.array([1, 2])
    yield np.array([0]), np.array([3]), 4, np.array([1, 1, 2, 2])


@conv_of_events.right
def _dense(u, v, n, k):
    x = np.zeros(n)
    for j in range(len(u)):
        x[u[j]] = v[j]
    return np.array([x[i : i + len(k)] @ k for i in range(n - len(k) + 1)])


@conv_of_events.right
def _stamps(u, v, n, k):
    padded = np.zeros(n + len(k) - 1)
    for place, value in zip(u, v, strict=True):
        padded[place : place + len(k)] += value * np.asarray(k)[::-1]
    return padded[len(k) - 1 : n]


@conv_of_events.wrong(
    "the kernel is flipped",
    "The entry is k[u − i]: a larger i meets an earlier entry. Fix a sample and let i grow.",
)
def _events_flipped(u, v, n, k):
    return np.convolve(_signal(u, v, n), k, "valid")


@conv_of_events.wrong(
    "only the output at the sample's own place is reached",
    "A sample is read by up to m outputs: every i with 0 ≤ u − i < m.",
)
def _own_place(u, v, n, k):
    return (_signal(u, v, n) * k[0])[: n - len(k) + 1]


@conv_of_events.wrong(
    "a sample reaches the outputs after it instead of those before it",
    "Output i reads the samples i, ..., i + m − 1. So a sample u is read by outputs i ≤ u, with the entry "
    "k[u − i].",
)
def _after(u, v, n, k):
    y = np.zeros(n - len(k) + 1)
    for place, value in zip(u, v, strict=True):
        for a in range(len(k)):
            if place + a < len(y):
                y[place + a] += value * k[a]
    return y


@conv_of_events.wrong(
    "negative places wrap round to the end",
    "For a sample near the start, u − a falls below 0, and Python's y[−1] is the last entry. Ask first "
    "whether 0 ≤ i < n − m + 1.",
)
def _wraps(u, v, n, k):
    y = np.zeros(n - len(k) + 1)
    for place, value in zip(u, v, strict=True):
        for a in range(len(k)):
            if place - a < len(y):
                y[place - a] += value * k[a]
    return y


@conv_of_events.wrong(
    "the output is as long as the signal, as if zeros followed it",
    "There are n − m + 1 outputs, as before: the kernel must lie inside the n samples.",
)
def _n_entries(u, v, n, k):
    return np.correlate(np.append(_signal(u, v, n), np.zeros(len(k) - 1)), k, "valid")


@conv_of_events.wrong(
    "a later event overwrites an earlier one",
    "Several events may reach the same output: y[i] += ..., not y[i] = ....",
)
def _overwrites(u, v, n, k):
    y = np.zeros(n - len(k) + 1)
    for place, value in zip(u, v, strict=True):
        for i in range(max(0, place - len(k) + 1), min(len(y), place + 1)):
            y[i] = value * k[place - i]
    return y


@conv_of_events.wrong(
    "it works as if u counted from 1", "u counts from 0 here: the event (u, v) stands for x[u] = v."
)
def _from_one(u, v, n, k):
    return np.correlate(_signal(np.asarray(u) - 1, v, n), k, "valid")


@conv_of_events.wrong(
    "only the first event counts, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _events_early(u, v, n, k):
    y = np.zeros(n - len(k) + 1)
    for place, value in zip(u, v, strict=True):
        for i in range(max(0, place - len(k) + 1), min(len(y), place + 1)):
            y[i] += value * k[place - i]
        return y


@conv_of_events.wrong(
    "every event stands one place too early, and one at u = 0 is lost",
    "u counts from 0 here: the event (u, v) stands for x[u] = v.",
)
def _one_place_early(u, v, n, k):
    later = np.asarray(u) > 0
    return np.correlate(_signal(np.asarray(u)[later] - 1, np.asarray(v)[later], n), k, "valid")


@conv_of_events.wrong(
    "events at u ≥ n − m + 1 are lost",
    "Such a sample is read with later entries of k. A `break` at the first entry that leads to no output "
    "loses them.",
)
def _breaks_off(u, v, n, k):
    y = np.zeros(n - len(k) + 1)
    for place, value in zip(u, v, strict=True):
        for a in range(len(k)):
            if not 0 <= place - a < len(y):
                break
            y[place - a] += value * k[a]
    return y


signal_conv = Answers("signal_conv")


@signal_conv.inputs
def _(rng):
    yield np.array([1, 2, 3]), np.array([1, 10])
    yield np.array([2]), np.array([3])
    yield np.array([1, 10]), np.array([1, 2, 3])
    yield np.array([1, 2, 3, 4, 5, 6, 7]), np.array([1, 0, 2])
    yield np.array([1.5, 0.5]), np.array([1.0, 2.5])
    yield np.array([1, 3]), np.array([0.5, 1.25])
    yield np.array([0.5, 1.25]), np.array([1, 3])
    for n, m in [(4, 3), (3, 6), (8, 1), (9, 4)]:
        yield rng.integers(-9, 10, n), rng.integers(-9, 10, m)
    # what a changed value or condition would pass without
    yield np.array([3, 7, -5, 1, -3, 8, -8, 0]), FAR
    yield FAR, np.array([-2])


@signal_conv.right
def _by_sum(x, k):
    y = np.zeros(len(x) + len(k) - 1)
    for i in range(len(y)):
        for a in range(len(x)):
            if 0 <= i - a < len(k):
                y[i] += x[a] * k[i - a]
    return y


@signal_conv.right
def _pad_and_flip(x, k):
    padded = np.pad(x, len(k) - 1)
    return np.array([padded[i : i + len(k)] @ k[::-1] for i in range(len(x) + len(k) - 1)])


@signal_conv.wrong(
    "the kernel is flipped once too often, or not at all",
    "In Eq. 4 the indices of x and k add up to a constant: where one grows the other falls.",
)
def _not_flipped(x, k):
    return np.convolve(x, k[::-1])


@signal_conv.wrong(
    "only those outputs are returned where one of x and k lies wholly inside the other",
    "That is mode 'valid' of np.convolve. Eq. 4 has a value wherever at least one term exists: n + m − 1 "
    "entries.",
)
def _valid(x, k):
    return np.convolve(x, k, "valid")


@signal_conv.wrong(
    "the output is only as long as the longer of x and k",
    "That is mode 'same' of np.convolve. Eq. 4 has a value wherever at least one term exists: n + m − 1 "
    "entries.",
)
def _same(x, k):
    return np.convolve(x, k, "same")


@signal_conv.wrong(
    "the outputs come in reverse order",
    "Flipping both x and k reverses the result. Read one of them backwards and the other forwards, and begin "
    "with the first output.",
)
def _both(x, k):
    return np.convolve(x, k)[::-1]


@signal_conv.wrong(
    "the last entry is missing",
    "The last product, x[n − 1] · k[m − 1], belongs to place n + m − 2. Counted from 0, that makes n + m − 1 "
    "entries.",
)
def _short(x, k):
    return np.convolve(x, k)[:-1]


@signal_conv.wrong("each output keeps only its last product", "Stamps overlap and add up: +=, not =.")
def _one_product(x, k):
    y = np.zeros(len(x) + len(k) - 1)
    for j, entry in enumerate(k):
        y[j : j + len(x)] = x * entry
    return y


@signal_conv.wrong(
    "only the first output is computed, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _signal_early(x, k):
    y = np.zeros(len(x) + len(k) - 1)
    for i in range(len(y)):
        y[i] = sum(x[a] * k[i - a] for a in range(len(x)) if 0 <= i - a < len(k))
        return y


@signal_conv.wrong(
    "a negative index wraps to the end: samples before the first count from the end",
    "x counts as zero before its first sample. Ask for 0 ≤ i − a as well as for i − a < n.",
)
def _signal_wraps(x, k):
    y = np.zeros(len(x) + len(k) - 1)
    for i in range(len(y)):
        for a in range(len(k)):
            if i - a < len(x):
                y[i] += x[i - a] * k[a]
    return y


@signal_conv.wrong(
    "a later sample's stamp overwrites that of an earlier one",
    "Each sample stamps the kernel, and where stamps overlap they add up: +=, not =.",
)
def _signal_overwrites(x, k):
    y = np.zeros(len(x) + len(k) - 1)
    for i in range(len(x)):
        y[i : i + len(k)] = x[i] * k
    return y


@signal_conv.wrong(
    "the entries of k beyond the first n are ignored",
    "Either of x and k may be the longer one. Every entry of k meets every sample of x.",
)
def _kernel_cut(x, k):
    return np.append(np.convolve(x, k[: len(x)]), np.zeros(max(0, len(k) - len(x))))


output_size = Answers("output_size")


@output_size.inputs
def _(rng):
    yield 7, 3, 2, 0, 1
    yield 7, 3, 1, 0, 1
    yield 8, 3, 2, 0, 1
    yield 7, 3, 1, 1, 1
    yield 7, 3, 1, 0, 2
    yield 3, 5, 1, 0, 1
    yield 5, 3, 4, 0, 2
    yield 3, 2, 4, 0, 4
    yield 1, 3, 2, 1, 1
    for _ in range(8):
        yield tuple(int(v) for v in rng.integers([4, 1, 1, 0, 1], [30, 6, 5, 4, 4]))


@output_size.right
def _count(n, m, stride, padding, dilation):
    last = n + 2 * padding - dilation * (m - 1)
    return len(range(0, last, stride))


@output_size.right
def _walk(n, m, stride, padding, dilation):
    count = place = 0
    while place + dilation * (m - 1) < n + 2 * padding:
        count, place = count + 1, place + stride
    return count


def _size(n, m, stride, padding, dilation):
    return max(0, (n + 2 * padding - dilation * (m - 1) - 1) // stride + 1)


@output_size.wrong(
    "one output is missing",
    "The division counts the steps between places. There is one place more than steps.",
)
def _no_plus_one(n, m, stride, padding, dilation):
    return max(0, (n + 2 * padding - dilation * (m - 1) - 1) // stride)


@output_size.wrong("padding is counted on one side only", "Zeros stand on both sides: n + 2 padding.")
def _one_side(n, m, stride, padding, dilation):
    return max(0, (n + padding - dilation * (m - 1) - 1) // stride + 1)


@output_size.wrong("dilation is ignored", "Dilated, the kernel reaches over dilation (m − 1) + 1 samples.")
def _no_dilation(n, m, stride, padding, dilation):
    return _size(n, m, stride, padding, 1)


@output_size.wrong(
    "the dilated kernel is taken to be dilation · m long",
    "There are m − 1 gaps between m entries, and only they grow: dilation (m − 1) + 1.",
)
def _dilated_whole(n, m, stride, padding, dilation):
    return max(0, (n + 2 * padding - dilation * m) // stride + 1)


@output_size.wrong(
    "stride is ignored", "The kernel moves on by `stride` samples: divide, round down, then add 1."
)
def _no_stride(n, m, stride, padding, dilation):
    return _size(n, m, 1, padding, dilation)


@output_size.wrong(
    "the number of outputs is rounded up",
    "Where the kernel does not fit completely, there is no output: round down, with //.",
)
def _up(n, m, stride, padding, dilation):
    free = n + 2 * padding - dilation * (m - 1) - 1
    return -(-free // stride) + 1 if free >= 0 else 0


@output_size.wrong(
    "the size is not rounded down and may be a fraction",
    "Use // for the division: a count of places is whole.",
)
def _fraction(n, m, stride, padding, dilation):
    free = n + 2 * padding - dilation * (m - 1) - 1
    return free / stride + 1 if free >= 0 else 0


@output_size.wrong(
    "a kernel that does not fit may give a negative size",
    "If the kernel reaches over more samples than there are, no place is left: return 0.",
)
def _negative(n, m, stride, padding, dilation):
    return (n + 2 * padding - dilation * (m - 1) - 1) // stride + 1


@output_size.wrong(
    "it is the size of the transposed convolution, which multiplies by the stride",
    "The transposed convolution multiplies by the stride, a convolution divides by it (Eq. 11).",
)
def _transposed(n, m, stride, padding, dilation):
    return (n - 1) * stride - 2 * padding + dilation * (m - 1) + 1


@output_size.wrong(
    "a kernel that is too long by less than the stride gives one output, not none",
    "Rounding a small negative number matters: −1 / 4 becomes 0 with int( ) and −1 with //.",
)
def _cut_towards_zero(n, m, stride, padding, dilation):
    return max(0, int((n + 2 * padding - dilation * (m - 1) - 1) / stride) + 1)
