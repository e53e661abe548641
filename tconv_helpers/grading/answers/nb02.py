"""Notebook 02: the gradient for the signal, what outputs a sample reaches, the gradient for the kernel."""

import numpy as np

from . import FAR, INTS_CUT, RETURNS_EARLY, Answers

dx_by_loops = Answers("dx_by_loops")


@dx_by_loops.inputs
def _(rng):
    yield np.array([1, 2]), np.array([1, 10, 100])
    yield np.array([5]), np.array([2])
    yield np.array([3]), np.array([1, 2])
    yield np.array([1, 0, 0, 0, 10]), np.array([1, 0, 2])
    yield np.array([1.5, 0.25]), np.array([0.5, 3.0])
    yield np.array([2, -1, 3]), np.array([1, 2, 3, 4, 5])
    yield np.array([1, 3]), np.array([0.5, 1.25])
    yield np.array([0.5, 1.25]), np.array([1, 3])
    for n, m in [(4, 1), (1, 4), (6, 3), (5, 5), (8, 2)]:
        yield rng.integers(-9, 10, n), rng.integers(-9, 10, m)
    # what a changed value or condition would pass without
    yield FAR, np.array([2])
    yield np.array([5]), FAR


@dx_by_loops.right
def _stamps(dy, k):
    dx = np.zeros(len(dy) + len(k) - 1)
    for i, gradient in enumerate(dy):
        dx[i : i + len(k)] += gradient * k
    return dx


@dx_by_loops.right
def _padded_and_reversed(dy, k):
    padded = np.concatenate([np.zeros(len(k) - 1), dy, np.zeros(len(k) - 1)])
    return np.array([padded[u : u + len(k)] @ k[::-1] for u in range(len(dy) + len(k) - 1)])


@dx_by_loops.right
def _over_entries(dy, k):
    dx = []
    for u in range(len(dy) + len(k) - 1):
        terms = [k[a] * dy[u - a] for a in range(len(k)) if 0 <= u - a < len(dy)]
        dx.append(sum(terms))
    return np.array(dx)


@dx_by_loops.wrong(
    "the kernel is flipped once too often, or not at all",
    "In Eq. 3 the index u − i + 1 falls as i grows: the later the output, the earlier the entry of k. "
    "np.convolve does this by itself.",
)
def _not_reversed(dy, k):
    return np.convolve(dy, k[::-1])


@dx_by_loops.wrong(
    "the samples near the border get nothing",
    "A border sample is read by fewer outputs, but it is read. Sum over those i that exist, however few.",
)
def _interior_only(dy, k):
    n, m = len(dy) + len(k) - 1, len(k)
    dx = np.zeros(n)
    for u in range(m - 1, n - m + 1):
        for a in range(m):
            dx[u] += dy[u - a] * k[a]
    return dx


@dx_by_loops.wrong(
    "a negative index wraps round to the end of the kernel",
    "k counts as zero outside its entries, but Python reads k[−1] as the last one. Ask for 0 ≤ u − i as "
    "well.",
)
def _wraps(dy, k):
    dx = np.zeros(len(dy) + len(k) - 1)
    for u in range(len(dx)):
        for i in range(len(dy)):
            if u - i < len(k):
                dx[u] += dy[i] * k[u - i]
    return dx


@dx_by_loops.wrong(
    "it works as if the index of k were i − u instead of u − i",
    "Output i reads the samples from i on, so a sample u is read by outputs i ≤ u. Compare with Eq. 3.",
)
def _signs(dy, k):
    dx = np.zeros(len(dy) + len(k) - 1)
    for u in range(len(dx)):
        for i in range(len(dy)):
            if 0 <= i - u < len(k):
                dx[u] += dy[i] * k[i - u]
    return dx


@dx_by_loops.wrong(
    "each sample keeps only the term of the last output that reads it",
    "The paths through different outputs add up. Start each sum at 0 once, before its first term, and then "
    "add: +=, not =.",
)
def _last_term(dy, k):
    dx = np.zeros(len(dy) + len(k) - 1)
    for u in range(len(dx)):
        for i in range(len(dy)):
            if 0 <= u - i < len(k):
                dx[u] = dy[i] * k[u - i]
    return dx


@dx_by_loops.wrong(
    "k is read one entry too far, as if the + 1 of the equation were kept",
    "Counted from 0 the index is u − i: each of the three indices loses one. See the table in notebook 01.",
)
def _plus_one(dy, k):
    dx = np.zeros(len(dy) + len(k) - 1)
    for u in range(len(dx)):
        for i in range(len(dy)):
            if 0 <= u - i + 1 < len(k):
                dx[u] += dy[i] * k[u - i + 1]
    return dx


@dx_by_loops.wrong(
    "the last output is left out", "There are len(dy) outputs, and range(len(dy) − 1) ends before the last."
)
def _one_output_short(dy, k):
    return np.append(np.convolve(dy[:-1], k), 0) if len(dy) > 1 else np.zeros(len(k))


@dx_by_loops.wrong(
    "the gradient comes in reverse order",
    "Eq. 3 reverses the order of k only, not that of the samples: the first entry of the result belongs to "
    "the first sample.",
)
def _back_to_front(dy, k):
    return np.convolve(dy, k)[::-1]


@dx_by_loops.wrong(
    "fractions are cut off",
    "int( ) and arrays made with int cut off fractions: 1.5 becomes 1. np.zeros(size) makes an array that "
    "keeps them: leave the line that is given.",
)
def _dx_truncated(dy, k):
    dx = np.zeros(len(dy) + len(k) - 1, int)
    for u in range(len(dx)):
        for i in range(len(dy)):
            if 0 <= u - i < len(k):
                dx[u] += k[u - i] * dy[i]
    return dx


@dx_by_loops.wrong(
    "a negative index wraps to the end: outputs before the first count from the end",
    "There is no output before the first, but Python reads dy[−1] as the last one. Ask for 0 ≤ u − a as well.",
)
def _outputs_wrap(dy, k):
    dx = np.zeros(len(dy) + len(k) - 1)
    for u in range(len(dx)):
        for a in range(len(k)):
            if -len(dy) <= u - a < len(dy):
                dx[u] += dy[u - a] * k[a]
    return dx


@dx_by_loops.wrong(
    "each sample misses the last output that reads it",
    "range ends before its second number: is the last output that exists and reads sample u among yours?",
)
def _range_ends_early(dy, k):
    dx = np.zeros(len(dy) + len(k) - 1)
    for u in range(len(dx)):
        for i in range(max(0, u - len(k) + 1), min(u, len(dy) - 1)):
            dx[u] += dy[i] * k[u - i]
    return dx


outputs_reached = Answers("outputs_reached")


@outputs_reached.inputs
def _(rng):
    yield 2, 6, 3, 2
    yield 3, 7, 3, 1
    yield 0, 7, 3, 1
    yield 6, 7, 3, 1
    yield 5, 6, 3, 2
    yield 0, 1, 1, 1
    yield 2, 9, 2, 3
    yield 4, 9, 5, 2
    yield 7, 9, 5, 2
    yield 3, 8, 4, 1
    for _ in range(8):
        n, m = int(rng.integers(8, 16)), int(rng.integers(1, 8))
        yield int(rng.integers(n)), n, m, int(rng.integers(1, 5))
    # what a changed value or condition would pass without
    yield 13, 15, 2, 1


@outputs_reached.right
def _first_to_last(u, n, m, stride):
    first = max(0, -((m - 1 - u) // stride))
    last = min((n - m) // stride, u // stride)
    return list(range(first, last + 1))


@outputs_reached.right
def _walk(u, n, m, stride):
    found, start = [], 0
    while start + m <= n:
        if u in range(start, start + m):
            found.append(start // stride)
        start += stride
    return found


def _places(u, n, m, stride):
    return [i for i in range((n - m) // stride + 1) if 0 <= u - stride * i < m]


@outputs_reached.wrong(
    "it lists outputs that begin at the sample or after it",
    "Output i reads forward from its start. So the start of an output that reads sample u lies at u or "
    "before.",
)
def _after(u, n, m, stride):
    return [i for i in range((n - m) // stride + 1) if 0 <= stride * i - u < m]


@outputs_reached.wrong(
    "negative numbers are in the list", "Outputs are counted from 0: there is none before output 0."
)
def _negative(u, n, m, stride):
    return [i for i in range(-m, (n - m) // stride + 1) if 0 <= u - stride * i < m]


@outputs_reached.wrong(
    "it also lists outputs after the last one",
    "The kernel must lie inside the n samples. How many outputs are there? Eq. 11 without padding and "
    "dilation.",
)
def _beyond(u, n, m, stride):
    return [i for i in range(n) if 0 <= u - stride * i < m]


@outputs_reached.wrong("stride is ignored", "Output i starts at sample stride · i, not at sample i.")
def _no_stride(u, n, m, stride):
    return _places(u, n, m, 1)


@outputs_reached.wrong(
    "stride spreads the kernel instead of its places",
    "Stride is the distance between two places of the kernel. The m samples that it covers stay neighbours.",
)
def _dilated(u, n, m, stride):
    outputs = n - stride * (m - 1)
    return [i for i in range(outputs) if u - i in range(0, stride * m, stride)]


@outputs_reached.wrong(
    "the outputs are counted from 1",
    "This is code: the first output has the number 0, and so has the first sample.",
)
def _from_one(u, n, m, stride):
    return [i + 1 for i in _places(u, n, m, stride)]


@outputs_reached.wrong(
    "it lists where the kernel starts, not which output that is",
    "Output i starts at sample stride · i. The list is to hold i.",
)
def _starts(u, n, m, stride):
    return [stride * i for i in _places(u, n, m, stride)]


@outputs_reached.wrong(
    "the kernel reaches one sample too far",
    "Output i covers m samples, the first at stride · i: the last one is at stride · i + m − 1.",
)
def _too_far(u, n, m, stride):
    return [i for i in range((n - m) // stride + 1) if 0 <= u - stride * i <= m]


@outputs_reached.wrong(
    "the last output is missing",
    "(n − m) // stride counts the steps between outputs: there is one output more.",
)
def _one_less(u, n, m, stride):
    return [i for i in range((n - m) // stride) if 0 <= u - stride * i < m]


@outputs_reached.wrong(
    "only output 0 is ever listed, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _early(u, n, m, stride):
    found = []
    for i in range((n - m) // stride + 1):
        if 0 <= u - stride * i < m:
            found.append(i)
        return found


dk_by_loops = Answers("dk_by_loops")


@dk_by_loops.inputs
def _(rng):
    yield np.array([1, 10]), np.array([1, 2, 3])
    yield np.array([2]), np.array([5])
    yield np.array([2]), np.array([1, 2, 3])
    yield np.array([1, 0, 0, 0, 10]), np.array([1, 2, 3, 4, 5, 6, 7])
    yield np.array([0.5]), np.array([3, 1, 5])
    yield np.array([0.5, 1.5]), np.array([2, 1, 3])
    yield np.array([3, -1, 2]), np.array([1, 4, 2])
    yield np.array([1, 3]), np.array([0.5, 1.5, 0.25])
    for n, m in [(6, 3), (8, 6), (9, 1), (10, 4)]:
        yield rng.integers(-9, 10, n - m + 1), rng.integers(-9, 10, n)
    # what a changed value or condition would pass without
    yield np.array([2]), FAR
    yield FAR[:5], np.array([1, 2, 3, 4, 5, 6, 7])
    yield np.array([0, 2]), np.array([5, 3])


@dk_by_loops.right
def _dot_products(dy, x):
    return np.array([dy @ x[a : a + len(dy)] for a in range(len(x) - len(dy) + 1)])


@dk_by_loops.right
def _term_by_term(dy, x):
    m = len(x) - len(dy) + 1
    dk = [0] * m
    for i in range(len(dy)):
        for a in range(m):
            dk[a] = dk[a] + x[a + i] * dy[i]
    return np.array(dk)


@dk_by_loops.wrong(
    "dl/dy is flipped",
    "In Eq. 6 the index of x grows where that of dl/dy grows: dl/dk = x ⊛ dl/dy has no flip. The flip "
    "belongs to dl/dx.",
)
def _dk_flipped(dy, x):
    return np.convolve(x, dy, "valid")


@dk_by_loops.wrong(
    "the gradient comes in reverse order",
    "The first entry of dl/dk belongs to the first entry of k: it collects the samples that k₁ met, from x₁ "
    "on.",
)
def _dk_reversed(dy, x):
    return np.correlate(x, dy, "valid")[::-1]


@dk_by_loops.wrong(
    "it is the mean over the outputs",
    "The chain rule adds up the paths through all outputs and divides by nothing. A mean would be part of "
    "the loss.",
)
def _mean(dy, x):
    return np.correlate(x, dy, "valid") / len(dy)


@dk_by_loops.wrong(
    "the gradient has more entries than the kernel",
    "dl/dk has an entry for each of the m kernel entries, and m = n − len(dy) + 1.",
)
def _dk_full(dy, x):
    return np.correlate(x, dy, "full")


@dk_by_loops.wrong("the last entry is missing", "len(dy) = n − m + 1, so m = n − len(dy) + 1. Mind the + 1.")
def _dk_short(dy, x):
    return np.correlate(x, dy, "valid")[:-1]


@dk_by_loops.wrong(
    "dl/dy is taken to be 1 everywhere",
    "Each sample that k_a met is weighted by the gradient of the output in which they met: [dl/dy]_i.",
)
def _unweighted(dy, x):
    return np.correlate(x, np.ones(len(dy)), "valid")


@dk_by_loops.wrong(
    "each entry keeps only its last term",
    "The sum runs over all outputs i. Start it at 0 once, before its first term, and then add: +=, not =.",
)
def _dk_last(dy, x):
    return dy[-1] * x[len(dy) - 1 :]


@dk_by_loops.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _dk_truncated(dy, x):
    dk = np.zeros(len(x) - len(dy) + 1, int)
    for a in range(len(dk)):
        for i in range(len(dy)):
            dk[a] += dy[i] * x[i + a]
    return dk


@dk_by_loops.wrong(
    "x is read one sample too early, as if the − 1 of the equation were kept",
    "Counted from 0 the sample is x[i + a]: x[i + a − 1] begins with x[−1], which Python takes for the last "
    "one.",
)
def _dk_minus_one(dy, x):
    return np.correlate(np.roll(x, 1), dy, "valid")


@dk_by_loops.wrong(
    "only the first entry is computed, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _dk_early(dy, x):
    dk = np.zeros(len(x) - len(dy) + 1)
    for a in range(len(dk)):
        dk[a] = np.sum(dy * x[a : a + len(dy)])
        return dk


@dk_by_loops.wrong(
    "a negative index wraps to the end: x is read at i − a, not at i + a",
    "Output i reads sample i and those after it. Places before the first count from the end in Python.",
)
def _dk_looks_back(dy, x):
    dk = np.zeros(len(x) - len(dy) + 1)
    for a in range(len(dk)):
        for i in range(len(dy)):
            dk[a] += dy[i] * x[i - a]
    return dk


@dk_by_loops.wrong(
    "only the first m outputs count, not all of them",
    "The kernel has m entries, but the sum runs over the outputs. How many are there?",
)
def _dk_first_outputs(dy, x):
    dk = np.zeros(len(x) - len(dy) + 1)
    for i in range(min(len(dk), len(dy))):
        dk += dy[i] * x[i : i + len(dk)]
    return dk


strided_dx = Answers("strided_dx")


@strided_dx.inputs
def _(rng):
    yield np.array([1, 10]), np.array([1, 2, 3]), 6, 2
    yield np.array([4]), np.array([3]), 1, 1
    yield np.array([1, 2]), np.array([1, 10, 100]), 4, 1
    yield np.array([1, 10, 100]), np.array([1, 2, 3]), 7, 2
    yield np.array([1, 2]), np.array([5, 6]), 6, 3
    yield np.array([0.5, 1.5]), np.array([0.25, 3.0, 1.0]), 5, 2
    yield np.array([3]), np.array([1, 2]), 4, 5
    yield np.array([1, 3]), np.array([0.5, 1.25]), 4, 2
    yield np.array([0.5, 1.25]), np.array([1, 3]), 4, 2
    for n, m, stride in [(9, 4, 2), (11, 2, 4), (12, 5, 3), (8, 1, 2), (10, 7, 2)]:
        yield rng.integers(-9, 10, (n - m) // stride + 1), rng.integers(-9, 10, m), n, stride
    # what a changed value or condition would pass without
    yield FAR[2:5], np.array([7, -1]), 11, 4
    yield np.array([2, 6, 2]), FAR[:5], 12, 3
    yield np.array([3]), np.array([1, 0]), 4, 5


@strided_dx.right
def _zeros_between(dy, k, n, stride):
    spread = np.zeros(n - len(k) + 1)
    spread[::stride] = dy
    return np.convolve(spread, k)


@strided_dx.right
def _by_samples(dy, k, n, stride):
    dx = np.zeros(n)
    for u in range(n):
        for i in range(len(dy)):
            if 0 <= u - stride * i < len(k):
                dx[u] += dy[i] * k[u - stride * i]
    return dx


def _fit(values, n):
    """Return the first n values, zeros appended."""
    return np.append(values, np.zeros(n))[:n]


def _spread(values, stride):
    z = np.zeros(stride * (len(values) - 1) + 1)
    z[::stride] = values
    return z


@strided_dx.wrong(
    "stride is ignored", "Output i starts at sample stride · i, so that is where its stamp starts."
)
def _strided_no_stride(dy, k, n, stride):
    return _fit(np.convolve(dy, k), n)


@strided_dx.wrong(
    "stride spreads the kernel instead of the stamps",
    "A stamp is the kernel as it is, its entries side by side. Stride is the distance from stamp to stamp.",
)
def _strided_dilated(dy, k, n, stride):
    return _fit(np.convolve(dy, _spread(k, stride)), n)


@strided_dx.wrong(
    "samples that no output reads are missing",
    "Each of the n samples has an entry. What no output reads has the gradient 0.",
)
def _strided_short(dy, k, n, stride):
    return np.convolve(_spread(dy, stride), k)


@strided_dx.wrong(
    "the kernel is flipped",
    "Output i hands [dl/dy]_i k to the samples it read, in the same order in which it read them.",
)
def _strided_flipped(dy, k, n, stride):
    return _fit(np.convolve(_spread(dy, stride), k[::-1]), n)


@strided_dx.wrong(
    "the zeros of the stride stand in the result, as if they were inserted after the convolution",
    "The stride moves the whole stamp. Spread out dl/dy first, or place each stamp at stride · i.",
)
def _spread_late(dy, k, n, stride):
    return _fit(_spread(np.convolve(dy, k), stride), n)


@strided_dx.wrong(
    "dl/dy is repeated instead of spaced out",
    "Each output read x once, at one place. So each entry of dl/dy is stamped once.",
)
def _repeated(dy, k, n, stride):
    return _fit(np.convolve(np.repeat(dy, stride), k), n)


@strided_dx.wrong(
    "a later stamp overwrites an earlier one",
    "Where stride < m the stamps overlap, and a sample collects from both: +=, not =.",
)
def _strided_overwrites(dy, k, n, stride):
    dx = np.zeros(n)
    for i, gradient in enumerate(dy):
        dx[stride * i : stride * i + len(k)] = gradient * k
    return dx


@strided_dx.wrong(
    "the samples that no output reads are put at the front",
    "The first output reads from the first sample on. What is left over lies at the end.",
)
def _left_over_first(dy, k, n, stride):
    dx = np.convolve(_spread(dy, stride), k)
    return np.append(np.zeros(n), dx)[-n:]


@strided_dx.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _strided_truncated(dy, k, n, stride):
    dx = np.zeros(n, int)
    for i in range(len(dy)):
        for a in range(len(k)):
            dx[stride * i + a] += dy[i] * k[a]
    return dx


@strided_dx.wrong(
    "only the first stamp is there, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _strided_early(dy, k, n, stride):
    dx = np.zeros(n)
    for i, gradient in enumerate(dy):
        dx[stride * i : stride * i + len(k)] += gradient * k
        return dx


@strided_dx.wrong(
    "the last output hands nothing back, unless stride divides n − m + 1",
    "dl/dy has an entry for each output: does your loop run over all of them?",
)
def _strided_last_missing(dy, k, n, stride):
    dx = np.zeros(n)
    for i in range((n - len(k) + 1) // stride):
        dx[stride * i : stride * i + len(k)] += dy[i] * k
    return dx


@strided_dx.wrong(
    "a negative index wraps to the end: outputs before the first count from the end",
    "There is no output before the first, but Python reads dy[−1] as the last one. Ask for 0 ≤ i as well.",
)
def _strided_wraps(dy, k, n, stride):
    dx = np.zeros(n)
    for u in range(n):
        for a in range(len(k)):
            i, rest = divmod(u - a, stride)
            if rest == 0 and -len(dy) <= i < len(dy):
                dx[u] += dy[i] * k[a]
    return dx


claim_holds = Answers("claim_holds")


@claim_holds.inputs
def _(rng):
    yield np.array([1, 2]), np.array([1, 2, 3])
    yield np.array([1, 2]), np.array([1, 2, 1])
    yield np.array([1, 1]), np.array([1, 2])
    yield np.array([7]), np.array([3])
    yield np.array([0, 0, 0]), np.array([1, 2])
    yield np.array([1, 2, 3]), np.array([1, 0, -1])
    yield np.array([1, 2, 1]), np.array([1, 3, 5])
    yield np.array([0, 1]), np.array([1, 2, 3, 1])
    yield np.array([0, 0, 2]), np.array([4, 5, 5, 4])
    yield np.array([1, 2, 1]), np.array([2, 1, 3, 1, 2])
    yield np.array([0, 3, 0]), np.array([0.5, 0.25, 0.5])
    yield np.array([2, 0, -2]), np.array([0.25, 0.5])
    yield np.array([1, -1]), np.array([1, 3, 2, 1])
    yield np.array([5]), np.array([1, 2, 3, 1])
    yield np.array([1, 2, 3]), np.array([4, 4])
    yield np.array([1, 2]), np.array([0, 0, 0])
    yield np.array([0, 0]), np.array([0, 1, 1])
    yield np.array([1, 0]), np.array([2, 1, 0, 3, 2])
    yield np.array([0.5, 0.25]), np.array([1, 2])
    yield np.array([1]), np.array([0, 1, 1e-12])
    yield np.array([1, 2]), np.array([1, 3, 1.00001])
    # what a changed value or condition would pass without
    yield np.array([7]), np.array([3027])
    yield np.array([7]), np.array([-3])
    yield np.array([7]), np.array([0.03])
    yield np.array([7]), np.array([3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3])
    yield np.array([-1, -1]), np.array([1, 2])
    yield np.array([0.01, 0.01]), np.array([1, 2])


@claim_holds.unseen
def _(rng):
    for n, m in [(2, 3), (3, 4), (1, 5), (4, 6), (5, 2)]:
        dy, k = rng.integers(1, 10, n), rng.integers(1, 10, m)
        mirrored, late = np.append(k[:-1], k[::-1]), np.append(k[::-1], k)
        late[-1] += 1
        yield dy, mirrored
        yield dy, late
        yield 0 * dy, late


@claim_holds.right
def _compare(dy, k):
    return np.array_equal(np.convolve(dy, k), np.convolve(dy, k[::-1]))


@claim_holds.right
def _by_hand(dy, k):
    for a in range(len(k)):
        for i in range(len(dy)):
            if dy[i] != 0 and k[a] != k[len(k) - 1 - a]:
                return False
    return True


@claim_holds.wrong(
    "it says True for every pair",
    "Try dl/dy = 1, 0, 0 with k = 1, 2, 3: Eq. 3 gives one stamp of k, the claim gives it back to front.",
)
def _always(dy, k):
    return True


@claim_holds.wrong(
    "it says False for every pair",
    "For some pairs the false formula gives the right numbers. That is why nobody notices. When does "
    "reversing k change nothing?",
)
def _never(dy, k):
    return False


@claim_holds.wrong(
    "it looks at the kernel alone, not at dl/dy",
    "The claim is about this pair. There is a dl/dy with which every kernel gives the right gradient.",
)
def _kernel_only(dy, k):
    return np.array_equal(k, k[::-1])


@claim_holds.wrong(
    "it tests whether dl/dy is symmetric, not the kernel",
    "The claim reverses the kernel and leaves dl/dy alone. Which of the two has to be its own mirror image?",
)
def _gradient_symmetric(dy, k):
    return np.array_equal(dy, dy[::-1])


@claim_holds.wrong(
    "only the two ends of the kernel are compared",
    "Reversing k moves every entry but the middle one: 1, 2, 3, 1 is not 1, 3, 2, 1.",
)
def _ends(dy, k):
    return bool(k[0] == k[-1] or not np.any(dy))


@claim_holds.wrong(
    "a change of sign is overlooked",
    "1, 0, −1 reversed is −1, 0, 1: the gradient changes its sign, and that is as wrong as can be.",
)
def _up_to_sign(dy, k):
    return np.array_equal(abs(np.convolve(dy, k)), abs(np.convolve(dy, k[::-1])))


@claim_holds.wrong(
    "the result is compared with its own mirror image",
    "Two gradients are to be compared: that of Eq. 5 with k, and that of the claim with k reversed.",
)
def _result_symmetric(dy, k):
    return np.array_equal(np.convolve(dy, k), np.convolve(dy, k)[::-1])


@claim_holds.wrong(
    "the numbers are compared without regard to their places",
    "The same numbers in another order are another gradient. Compare entry by entry.",
)
def _any_order(dy, k):
    return np.array_equal(np.sort(np.convolve(dy, k)), np.sort(np.convolve(dy, k[::-1])))


@claim_holds.wrong(
    "small differences are overlooked",
    "np.allclose counts 1 and 1.00001 as equal. Here the question is an exact one: np.array_equal.",
)
def _closely(dy, k):
    return np.allclose(np.convolve(dy, k), np.convolve(dy, k[::-1]))
