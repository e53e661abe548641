"""Notebook 04: stamps, zero insertion, cropping, the sizes, channels and groups, the backward pass."""

import numpy as np

from . import FAR, INTS_CUT, RETURNS_EARLY, Answers


def _stamped(x, k, stride, apart=1):
    """Return the sum of all stamps, nothing cropped; the kernel's entries lie `apart`."""
    z, spread = np.zeros(stride * (len(x) - 1) + 1), np.zeros(apart * (len(k) - 1) + 1)
    z[::stride], spread[::apart] = x, k
    return np.convolve(z, spread)


stamp = Answers("stamp")


@stamp.inputs
def _(rng):
    yield np.array([1, 3]), np.array([1, 2, 1]), 2
    yield np.array([5]), np.array([2]), 3
    yield np.array([1, 2]), np.array([1, 10]), 3
    yield np.array([1, 3, 2, 4]), np.array([1, 2, 3]), 2
    yield np.array([1, 2, 3]), np.array([1, 2, 4]), 1
    yield np.array([1, 2]), np.array([0.5, 1.5]), 2
    yield np.array([1.5, -0.5]), np.array([0.5, 1.0, 0.25]), 2
    yield np.array([0.5, 1.5]), np.array([1, 2]), 2
    for n, m, s in [(6, 2, 2), (3, 5, 2), (5, 4, 3), (2, 3, 5), (8, 1, 4)]:
        yield rng.integers(1, 10, n), rng.integers(1, 10, m), s
    # what a changed value or condition would pass without
    yield np.array([1, 2]), FAR, 3
    yield FAR, np.array([2]), 3


@stamp.right
def _stamp_loops(x, k, stride):
    y = [0.0] * (stride * len(x) - stride + len(k))
    for i, value in enumerate(x):
        for a, entry in enumerate(k):
            y[stride * i + a] += value * entry
    return np.array(y)


@stamp.right
def _stamp_convolve(x, k, stride):
    return _stamped(x, k, stride)


@stamp.right
def _stamp_matrix(x, k, stride):
    rows = np.array([np.pad(k, (stride * i, stride * (len(x) - 1 - i))) for i in range(len(x))])
    return x @ rows


@stamp.wrong("a later stamp overwrites an earlier one", "Where stamps overlap they add up: +=, not =.")
def _stamp_overwrites(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k))
    for i in range(len(x)):
        y[stride * i : stride * i + len(k)] = x[i] * k
    return y


@stamp.wrong(
    "the kernel is flipped",
    "A stamp is the kernel as it is: its first entry goes to the stamp's first place. Only reading needs a "
    "flip.",
)
def _stamp_flipped(x, k, stride):
    return _stamped(x, k[::-1], stride)


@stamp.wrong(
    "stride is ignored",
    "The stamps begin s apart: sample i at stride · i, not at i. The array grows by s for each further "
    "sample.",
)
def _stamp_unstrided(x, k, stride):
    return _stamped(x, k, 1)


@stamp.wrong(
    "stride spreads the kernel instead of the stamps",
    "Entries that lie apart are dilation. The stride moves where the next stamp begins; the kernel stays "
    "whole.",
)
def _stamp_dilated(x, k, stride):
    return _stamped(x, k, 1, stride)


@stamp.wrong(
    "stride sets the size, but the stamps begin one apart",
    "The array has room for stamps s apart, and yours lie close together at its left. Where does sample i "
    "begin?",
)
def _stamp_close(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k))
    for i in range(len(x)):
        for a in range(min(len(k), len(y) - i)):
            y[i + a] += x[i] * k[a]
    return y


@stamp.wrong(
    "the size is taken to be stride · n",
    "The last stamp begins at s(n − 1) and has m entries, so the array has s(n − 1) + m. That is s · n only "
    "if m = s.",
)
def _stamp_times(x, k, stride):
    full = _stamped(x, k, stride)
    return np.append(full, np.zeros(stride))[: stride * len(x)]


@stamp.wrong("the last sample is not stamped", "There are n stamps: range(n − 1) leaves the last one out.")
def _stamp_short(x, k, stride):
    return _stamped(np.append(x[:-1], 0), k, stride)


@stamp.wrong(
    "fractions are always cut off",
    INTS_CUT,
)
def _stamp_truncated(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k), int)
    for i in range(len(x)):
        for a in range(len(k)):
            y[stride * i + a] += x[i] * k[a]
    return y


@stamp.wrong(
    "fractions are cut off where x holds whole numbers",
    "An array like x, or with the dtype of x, cuts off the fractions that k brings in. np.zeros(size) keeps "
    "them.",
)
def _stamp_type_of_x(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k), x.dtype)
    for i in range(len(x)):
        for a in range(len(k)):
            y[stride * i + a] += x[i] * k[a]
    return y


@stamp.wrong(
    "the stamps lie one apart, and only every s-th output is kept",
    "A convolution keeps every s-th output, so the signal shrinks. Its transpose sets the stamps s apart, so "
    "the signal grows.",
)
def _stamp_thinned(x, k, stride):
    return np.convolve(x, k)[::stride]


@stamp.wrong(
    "it works only for the lecture's n = 4, m = 3 and stride 2",
    "Take the sizes from the arguments: n is len(x), m is len(k), and the stride is given.",
)
def _stamp_lecture(x, k, stride):
    y = np.zeros(9)
    for i in range(4):
        for a in range(3):
            y[2 * i + a] += x[i] * k[a]
    return y


@stamp.wrong(
    "only the first stamp is there, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _stamp_early(x, k, stride):
    y = np.zeros(stride * (len(x) - 1) + len(k))
    for i in range(len(x)):
        y[stride * i : stride * i + len(k)] += x[i] * k
        return y


zero_insert = Answers("zero_insert")


@zero_insert.inputs
def _(rng):
    yield np.array([1, 3]), 2, 3
    yield np.array([5]), 3, 1
    yield np.array([5]), 2, 2
    yield np.array([1, 3, 2, 4]), 2, 3
    yield np.array([1, 2, 3]), 1, 2
    yield np.array([1, 2]), 4, 2
    yield np.array([0.5, -1.5, 2.0]), 3, 4
    for n, s, m in [(5, 3, 1), (4, 5, 3), (2, 2, 6), (6, 1, 5)]:
        yield rng.integers(1, 10, n), s, m
    # what a changed value or condition would pass without
    yield FAR, 2, 3


@zero_insert.right
def _insert_columns(x, stride, m):
    table = np.zeros((len(x), stride))
    table[:, 0] = x
    inner = table.ravel()[: len(x) * stride - (stride - 1)]
    return np.concatenate([np.zeros(m - 1), inner, np.zeros(m - 1)])


@zero_insert.right
def _insert_list(x, stride, m):
    z = [0.0] * (m - 1)
    for i, value in enumerate(x):
        z += [value] if i == 0 else [0.0] * (stride - 1) + [value]
    return np.array(z + [0.0] * (m - 1))


def _inserted(x, stride):
    z = np.zeros(stride * (len(x) - 1) + 1)
    z[::stride] = x
    return z


@zero_insert.wrong(
    "there is one zero too many between two samples",
    "The samples are to lie s apart. How many places are there between 0 and s?",
)
def _insert_too_many(x, stride, m):
    return np.pad(_inserted(x, stride + 1), m - 1)


@zero_insert.wrong(
    "zeros follow the last sample as if another one came",
    "s − 1 zeros stand between two samples. After the last one there is no gap, only the m − 1 zeros of the "
    "end.",
)
def _insert_trailing(x, stride, m):
    return np.pad(np.append(_inserted(x, stride), np.zeros(stride - 1)), m - 1)


@zero_insert.wrong(
    "there is one zero too many at each end",
    "The first window must still hold the first sample: m places, of which the last is x[0].",
)
def _insert_m(x, stride, m):
    return np.pad(_inserted(x, stride), m)


@zero_insert.wrong(
    "the zeros at both ends are missing",
    "The convolution would shrink this signal. Every place where kernel and samples touch counts: see the "
    "dashed squares.",
)
def _insert_bare(x, stride, m):
    return _inserted(x, stride)


@zero_insert.wrong(
    "the zeros at the right end are missing",
    "The last stamp reaches m − 1 places beyond the last sample: the right end needs as many as the left.",
)
def _insert_left(x, stride, m):
    return np.pad(_inserted(x, stride), (m - 1, 0))


@zero_insert.wrong(
    "both ends together have m − 1 zeros, instead of m − 1 each",
    "Then the output is no longer than the spread samples. It must have m − 1 entries more.",
)
def _insert_same(x, stride, m):
    return np.pad(_inserted(x, stride), ((m - 1) // 2, m - 1 - (m - 1) // 2))


@zero_insert.wrong(
    "nothing is inserted between the samples",
    "The ends are right. The stride s stretches the signal: its samples must lie s apart.",
)
def _insert_none(x, stride, m):
    return np.pad(np.asarray(x, float), m - 1)


@zero_insert.wrong(
    "the samples are repeated instead of set apart by zeros",
    "Repeating is nearest-neighbour upsampling. Between two samples stand zeros, and the kernel fills them.",
)
def _insert_repeats(x, stride, m):
    return np.pad(np.repeat(np.asarray(x, float), stride), m - 1)


@zero_insert.wrong(
    "stride and kernel size are swapped",
    "The stride decides what is between the samples, the kernel's size what is at the ends.",
)
def _insert_swapped(x, stride, m):
    return np.pad(_inserted(x, m), stride - 1)


@zero_insert.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _insert_truncated(x, stride, m):
    return np.pad(_inserted(x, stride).astype(int), m - 1)


@zero_insert.wrong(
    "only the first sample is there, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _insert_early(x, stride, m):
    z = np.zeros(stride * (len(x) - 1) + 1 + 2 * (m - 1))
    for i in range(len(x)):
        z[m - 1 + stride * i] = x[i]
        return z


@zero_insert.wrong(
    "it fails, or loses the samples, when m = 1",
    "With m = 1 the slice [m − 1 : −(m − 1)] is [0 : 0], which is empty. Count its end from the left "
    "instead.",
)
def _insert_empty(x, stride, m):
    z = np.zeros(stride * (len(x) - 1) + 1 + 2 * (m - 1))
    z[m - 1 : -(m - 1) : stride] = x
    return z


crop_stamps = Answers("crop_stamps")


@crop_stamps.inputs
def _(rng):
    yield np.array([1, 3, 2]), np.array([1, 2, 1]), 2, 1, 1
    yield np.array([5]), np.array([2]), 1, 0, 0
    yield np.array([1, 3]), np.array([1, 2, 1]), 2, 1, 0
    yield np.array([1, 3]), np.array([1, 2, 5]), 2, 2, 0
    yield np.array([1, 2]), np.array([1, 3]), 3, 0, 2
    yield np.array([1, 2]), np.array([1, 3]), 3, 1, 2
    yield np.array([1.5, 0.5]), np.array([0.5, 1.0, 2.0]), 2, 1, 1
    yield np.array([4]), np.array([1, 2, 3, 4, 5]), 3, 2, 1
    yield np.array([1, 3]), np.array([0.5, 1.25, 0.75]), 2, 1, 1
    yield np.array([0.5, 1.25]), np.array([1, 3, 2]), 2, 1, 1
    for n, m, s, p, op in [(5, 3, 1, 2, 0), (4, 4, 3, 2, 1), (3, 2, 4, 2, 3), (6, 5, 2, 3, 1)]:
        yield rng.integers(1, 10, n), rng.integers(1, 10, m), s, p, op
    # what a changed value or condition would pass without
    yield FAR, np.array([2]), 1, 0, 0
    yield np.array([5]), FAR, 1, 0, 0


@crop_stamps.right
def _crop_places(x, k, stride, padding, output_padding):
    y = np.zeros(stride * (len(x) - 1) + len(k) - 2 * padding + output_padding)
    for i in range(len(x)):
        for a in range(len(k)):
            u = stride * i + a - padding
            if 0 <= u < len(y):
                y[u] += x[i] * k[a]
    return y


@crop_stamps.right
def _crop_read(x, k, stride, padding, output_padding):
    size = stride * (len(x) - 1) + len(k) - 2 * padding + output_padding
    places = [(u + padding - a, a) for u in range(size) for a in range(len(k))]
    terms = [
        x[v // stride] * k[a] if v % stride == 0 and 0 <= v // stride < len(x) else 0.0 for v, a in places
    ]
    return np.reshape(terms, (size, len(k))).sum(1)


def _cropped(x, k, stride, left, right, more=0):
    wide = np.append(_stamped(x, k, stride), np.zeros(more))
    return wide[left : max(left, len(wide) - right)]


@crop_stamps.wrong(
    "padding adds zeros instead of cropping",
    "The argument is named after the convolution, which pads. Its transpose undoes that: p samples are "
    "removed at each end.",
)
def _crop_pads(x, k, stride, padding, output_padding):
    return np.pad(np.append(_stamped(x, k, stride), np.zeros(output_padding)), padding)


@crop_stamps.wrong(
    "output_padding appends zeros",
    "It moves the right-hand crop. The samples that it keeps have the values that the stamps gave them, and "
    "are 0 only where no stamp reaches.",
)
def _crop_zeros(x, k, stride, padding, output_padding):
    return np.append(_cropped(x, k, stride, padding, padding), np.zeros(output_padding))


@crop_stamps.wrong(
    "output_padding adds zeros at both ends",
    "Nothing happens at the left, and the size grows by output_padding once. It keeps samples at the right "
    "end.",
)
def _crop_both(x, k, stride, padding, output_padding):
    return np.pad(_cropped(x, k, stride, padding, padding), output_padding)


@crop_stamps.wrong(
    "output_padding keeps samples at the left end", "It moves the crop at the right end; the left one stays."
)
def _crop_left_kept(x, k, stride, padding, output_padding):
    wide = np.append(np.zeros(output_padding), _stamped(x, k, stride))
    return wide[padding : max(padding, len(wide) - padding)]


@crop_stamps.wrong(
    "output_padding is ignored", "Eq. 12: the size grows by output_padding. Which samples are these?"
)
def _crop_ignored(x, k, stride, padding, output_padding):
    return _cropped(x, k, stride, padding, padding)


@crop_stamps.wrong(
    "the crop happens at the left end only", "The size shrinks by 2p: p samples are removed at each end."
)
def _crop_left(x, k, stride, padding, output_padding):
    return _cropped(x, k, stride, padding, 0, output_padding)


@crop_stamps.wrong(
    "the crop happens at the right end only", "The size shrinks by 2p: p samples are removed at each end."
)
def _crop_right(x, k, stride, padding, output_padding):
    return _cropped(x, k, stride, 0, padding, output_padding)


@crop_stamps.wrong(
    "nothing is left when padding is 0",
    "y[p:-p] with p = 0 is y[0:0], which is empty. Count its end from the left.",
)
def _crop_empty(x, k, stride, padding, output_padding):
    return np.append(_stamped(x, k, stride), np.zeros(output_padding))[padding:-padding]


@crop_stamps.wrong(
    "the kernel is flipped", "Stamps use the kernel as it is. Cropping changes no value that stays."
)
def _crop_flipped(x, k, stride, padding, output_padding):
    return _cropped(x, k[::-1], stride, padding, padding, output_padding)


@crop_stamps.wrong(
    "only the first stamp is there, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _crop_early(x, k, stride, padding, output_padding):
    return _cropped(np.append(x[:1], 0 * x[1:]), k, stride, padding, padding, output_padding)


transposed_size = Answers("transposed_size")


@transposed_size.inputs
def _(rng):
    yield 7, 4, 2, 1, 0, 1
    yield 1, 3, 2, 0, 0, 1
    yield 4, 3, 2, 0, 0, 1
    yield 8, 3, 2, 1, 1, 1
    yield 4, 3, 1, 0, 0, 2
    yield 2, 3, 2, 3, 0, 1
    yield 1, 2, 1, 1, 0, 1
    yield 1, 2, 3, 2, 2, 2
    yield 5, 2, 4, 1, 3, 3
    for _ in range(8):
        n, m, s, p, d = (int(v) for v in rng.integers([1, 1, 1, 0, 1], [20, 6, 5, 4, 4]))
        yield n, m, s, p, int(rng.integers(0, s)), d


@transposed_size.right
def _places(n, m, stride, padding, output_padding, dilation):
    last = max(stride * i + dilation * a for i in range(n) for a in range(m))
    return len(range(padding, last + 1 + output_padding - padding))


@transposed_size.right
def _one_formula(n, m, stride, padding, output_padding, dilation):
    size = n * stride - stride + m * dilation - dilation + 1 + output_padding - padding - padding
    if size < 0:
        size = 0
    return size


@transposed_size.wrong(
    "dilation is ignored", "A spread stamp covers d(m − 1) + 1 places, not m. The last stamp ends later."
)
def _size_undilated(n, m, stride, padding, output_padding, dilation):
    return max(0, stride * (n - 1) - 2 * padding + m + output_padding)


@transposed_size.wrong(
    "padding makes the output larger",
    "Padding is named after the convolution. In its transpose it crops: the size shrinks by 2p.",
)
def _size_pads(n, m, stride, padding, output_padding, dilation):
    return max(0, stride * (n - 1) + 2 * padding + dilation * (m - 1) + 1 + output_padding)


@transposed_size.wrong("padding is counted on one side only", "p samples are removed at each end: 2p in all.")
def _size_once(n, m, stride, padding, output_padding, dilation):
    return max(0, stride * (n - 1) - padding + dilation * (m - 1) + 1 + output_padding)


@transposed_size.wrong(
    "stride is counted n times instead of n − 1 times",
    "Between n stamps there are n − 1 steps. Try n = 1: one stamp, whatever the stride.",
)
def _size_steps(n, m, stride, padding, output_padding, dilation):
    return max(0, stride * n - 2 * padding + dilation * (m - 1) + 1 + output_padding)


@transposed_size.wrong(
    "output_padding is counted on both sides", "It moves the right-hand crop only: it is added once."
)
def _size_both(n, m, stride, padding, output_padding, dilation):
    return max(0, stride * (n - 1) - 2 * padding + dilation * (m - 1) + 1 + 2 * output_padding)


@transposed_size.wrong(
    "one output is missing", "Places 0 to L are L + 1 places. Try n = 1 and m = 1: one output."
)
def _size_short(n, m, stride, padding, output_padding, dilation):
    return max(0, stride * (n - 1) - 2 * padding + dilation * (m - 1) + output_padding)


@transposed_size.wrong(
    "the dilated kernel is taken to be dilation · m long",
    "m entries have m − 1 gaps between them, and dilation widens the gaps: d(m − 1) + 1.",
)
def _size_wide(n, m, stride, padding, output_padding, dilation):
    return max(0, stride * (n - 1) - 2 * padding + dilation * m + output_padding)


@transposed_size.wrong(
    "a negative number of outputs is returned where nothing is left",
    "Where the padding crops everything, 0 outputs are left.",
)
def _size_negative(n, m, stride, padding, output_padding, dilation):
    return stride * (n - 1) - 2 * padding + dilation * (m - 1) + 1 + output_padding


@transposed_size.wrong(
    "it is the size of the convolution, which divides by the stride",
    "Eq. 11 is the size of a convolution, which divides by the stride. The transposed convolution multiplies "
    "by it.",
)
def _size_down(n, m, stride, padding, output_padding, dilation):
    return max(0, (n + 2 * padding - dilation * (m - 1) - 1) // stride + 1)


wanted_output_padding = Answers("wanted_output_padding")


@wanted_output_padding.inputs
def _(rng):
    yield 16, 8, 3, 2, 1, 1
    yield 17, 8, 3, 2, 1, 1
    yield 15, 8, 3, 2, 1, 1
    yield 14, 8, 3, 2, 1, 1
    yield 4, 1, 2, 4, 0, 1
    yield 1, 1, 1, 1, 0, 1
    yield 10, 5, 3, 1, 0, 2
    yield 12, 4, 3, 3, 1, 1
    yield 14, 3, 3, 4, 1, 3
    yield 20, 3, 3, 4, 1, 2
    yield 1, 1, 1, 3, 1, 1
    for extra in (-2, -1, 0, 1, 2, 3, 4):
        n, m, s, p, d = (int(v) for v in rng.integers([2, 2, 2, 0, 1], [9, 5, 5, 3, 4]))
        wanted = s * (n - 1) - 2 * p + d * (m - 1) + 1 + extra
        if wanted > 0:
            yield wanted, n, m, s, p, d


def _missing(wanted, n, m, stride, padding, dilation):
    return wanted - (stride * (n - 1) - 2 * padding + dilation * (m - 1) + 1)


def _if_allowed(extra, stride):
    return extra if 0 <= extra < stride else None


@wanted_output_padding.right
def _by_difference(wanted, n, m, stride, padding, dilation):
    extra = wanted - stride * (n - 1) + 2 * padding - dilation * (m - 1) - 1
    return extra if 0 <= extra < stride else None


@wanted_output_padding.right
def _by_the_way_down(wanted, n, m, stride, padding, dilation):
    free = wanted + 2 * padding - dilation * (m - 1) - 1
    steps, rest = divmod(free, stride)
    if steps + 1 != n:
        return None
    return rest


@wanted_output_padding.wrong(
    "it always returns a number, even one below 0 or not below the stride",
    "An output_padding is at least 0 and less than the stride. Otherwise there is none: None.",
)
def _wanted_any(wanted, n, m, stride, padding, dilation):
    return _missing(wanted, n, m, stride, padding, dilation)


@wanted_output_padding.wrong(
    "it returns a negative number instead of None",
    "The smallest size on the way back is that with output_padding 0. A smaller one cannot be reached.",
)
def _wanted_negative(wanted, n, m, stride, padding, dilation):
    extra = _missing(wanted, n, m, stride, padding, dilation)
    return extra if extra < stride else None


@wanted_output_padding.wrong(
    "it returns the stride or a larger number instead of None",
    "A convolution takes s sizes to the same one, so s numbers lead back: 0 to s − 1. Check the upper end.",
)
def _wanted_large(wanted, n, m, stride, padding, dilation):
    extra = _missing(wanted, n, m, stride, padding, dilation)
    return extra if extra >= 0 else None


@wanted_output_padding.wrong(
    "it returns a number equal to the stride instead of None",
    "s − 1 is the largest. With output_padding = s, the convolution takes the size to n + 1 and not back to "
    "n.",
)
def _wanted_equal(wanted, n, m, stride, padding, dilation):
    extra = _missing(wanted, n, m, stride, padding, dilation)
    return extra if 0 <= extra <= stride else None


@wanted_output_padding.wrong(
    "it returns a remainder instead of None where the size cannot be reached",
    "A remainder is always allowed, but does it lead from n to the wanted size? Put it into Eq. 12 and look.",
)
def _wanted_modulo(wanted, n, m, stride, padding, dilation):
    return _missing(wanted, n, m, stride, padding, dilation) % stride


@wanted_output_padding.wrong(
    "it returns 0 instead of None", "0 is a good output_padding. Where there is none, return None."
)
def _wanted_zero(wanted, n, m, stride, padding, dilation):
    return _if_allowed(_missing(wanted, n, m, stride, padding, dilation), stride) or 0


@wanted_output_padding.wrong(
    "it returns None instead of 0",
    "0 is allowed, too. Do you try it? And if you test with `if`: 0 counts as False in Python, as None does.",
)
def _wanted_falsy(wanted, n, m, stride, padding, dilation):
    return _if_allowed(_missing(wanted, n, m, stride, padding, dilation), stride) or None


@wanted_output_padding.wrong(
    "an output_padding below the dilation is let through",
    "PyTorch lets it through, but it does not lead back to n. Here only 0 to s − 1 are allowed.",
)
def _wanted_loose(wanted, n, m, stride, padding, dilation):
    return _if_allowed(_missing(wanted, n, m, stride, padding, dilation), max(stride, dilation))


@wanted_output_padding.wrong("dilation is ignored", "Eq. 12 has d(m − 1) + 1, not m.")
def _wanted_undilated(wanted, n, m, stride, padding, dilation):
    return _if_allowed(_missing(wanted, n, m, stride, padding, 1), stride)


@wanted_output_padding.wrong(
    "it returns only half, as if output_padding were added at both ends",
    "output_padding keeps samples at the right end only: its size counts once in Eq. 12.",
)
def _wanted_half(wanted, n, m, stride, padding, dilation):
    extra = _missing(wanted, n, m, stride, padding, dilation)
    return extra // 2 if 0 <= extra < stride else None


@wanted_output_padding.wrong(
    "only an output_padding of 0 is found, as if no other were tried",
    "If you search in a loop: a `return None` inside it ends the search at once. Return None only below the "
    "loop.",
)
def _wanted_early(wanted, n, m, stride, padding, dilation):
    for extra in range(stride):
        return extra if _missing(wanted, n, m, stride, padding, dilation) == extra else None


shared_sizes = Answers("shared_sizes")


@shared_sizes.inputs
def _(rng):
    yield 8, 3, 2, 1, 1
    yield 1, 1, 1, 0, 1
    yield 5, 3, 1, 0, 1
    yield 1, 3, 4, 1, 1
    yield 1, 2, 3, 1, 1
    yield 1, 1, 2, 2, 1
    yield 4, 3, 3, 0, 2
    yield 2, 2, 5, 2, 3
    yield 1, 3, 3, 2, 1
    yield 1, 4, 1, 0, 3
    yield 1, 5, 4, 0, 1
    for _ in range(8):
        yield tuple(int(v) for v in rng.integers([1, 1, 1, 0, 1], [9, 6, 6, 4, 4]))


@shared_sizes.right
def _try_all(size, m, stride, padding, dilation):
    largest = stride * size + dilation * m
    return [
        n
        for n in range(1, largest + 1)
        if len(range(0, n + 2 * padding - dilation * (m - 1), stride)) == size
    ]


@shared_sizes.right
def _one_by_one(size, m, stride, padding, dilation):
    n, found = stride * (size - 1) - 2 * padding + dilation * (m - 1) + 1, []
    for _ in range(stride):
        if n >= 1:
            found.append(n)
        n += 1
    return found


def _least(size, m, stride, padding, dilation):
    return stride * (size - 1) + dilation * (m - 1) + 1 - 2 * padding


def _from_least(least, stride):
    return [n for n in range(least, least + stride) if n >= 1]


@shared_sizes.wrong(
    "sizes below 1 are listed", "A signal has at least one sample: leave out what is smaller."
)
def _sizes_below(size, m, stride, padding, dilation):
    least = _least(size, m, stride, padding, dilation)
    return list(range(least, least + stride))


@shared_sizes.wrong(
    "only the smallest size is listed",
    "That is the size on the way back with output_padding 0. The floor in Eq. 11 lets more sizes share it.",
)
def _sizes_one(size, m, stride, padding, dilation):
    return _from_least(_least(size, m, stride, padding, dilation), stride)[:1]


@shared_sizes.wrong(
    "one size too many is listed",
    "s neighbouring sizes share one output size. The next one has room for one more place of the kernel.",
)
def _sizes_too_many(size, m, stride, padding, dilation):
    return _from_least(_least(size, m, stride, padding, dilation), stride + 1)


@shared_sizes.wrong(
    "the largest size is missing", "The remainder may be 0 to s − 1: s sizes, not s − 1 of them."
)
def _sizes_too_few(size, m, stride, padding, dilation):
    return _from_least(_least(size, m, stride, padding, dilation), stride - 1)


@shared_sizes.wrong(
    "it lists the smallest right size and those below it, instead of those above",
    "Eq. 12 with output_padding 0 is the smallest size, since the floor in Eq. 11 rounds down: the others "
    "are larger.",
)
def _sizes_down(size, m, stride, padding, dilation):
    return _from_least(_least(size, m, stride, padding, dilation) - stride + 1, stride)


@shared_sizes.wrong(
    "padding is added instead of taken off",
    "The padded signal has n + 2p samples. Solve for n: the more padding, the smaller n.",
)
def _sizes_padded(size, m, stride, padding, dilation):
    return _from_least(_least(size, m, stride, -padding, dilation), stride)


@shared_sizes.wrong("padding is counted on one side only", "p zeros stand at each end: 2p in all.")
def _sizes_once(size, m, stride, padding, dilation):
    return _from_least(_least(size, m, stride, padding, dilation) + padding, stride)


@shared_sizes.wrong("dilation is ignored", "The kernel reaches over d(m − 1) + 1 samples, not over m.")
def _sizes_undilated(size, m, stride, padding, dilation):
    return _from_least(_least(size, m, stride, padding, 1), stride)


@shared_sizes.wrong(
    "stride is counted size times instead of size − 1 times",
    "The first output needs no step. Try size = 1: the kernel just fits.",
)
def _sizes_steps(size, m, stride, padding, dilation):
    return _from_least(_least(size + 1, m, stride, padding, dilation), stride)


@shared_sizes.wrong(
    "signals too short for the kernel are listed, as if a negative number were rounded towards 0",
    "int( ) cuts off, // rounds down: −1 / 4 is 0 with the one and −1 with the other. Where the kernel does "
    "not fit, there is no output.",
)
def _sizes_cut(size, m, stride, padding, dilation):
    last = [
        int((n + 2 * padding - dilation * (m - 1) - 1) / stride) + 1
        for n in range(1, stride * size + dilation * m)
    ]
    return [n for n, count in enumerate(last, 1) if count == size]


@shared_sizes.wrong(
    "a size of 0 is listed where it fits", "A signal has at least one sample: 0 is not allowed either."
)
def _sizes_zero(size, m, stride, padding, dilation):
    least = _least(size, m, stride, padding, dilation)
    return [n for n in range(least, least + stride) if n >= 0]


grouped_transpose = Answers("grouped_transpose")


@grouped_transpose.inputs
def _(rng):
    x, weight = np.array([[[1, 2], [3, 4]]]), np.array([[[1, 10]], [[1, 0]]])
    yield x, weight, 2, 1
    yield x, weight, 2, 2
    yield np.array([[[5]]]), np.array([[[2], [3]]]), 3, 1
    yield np.array([[[1, 2]], [[3, 4]]]), np.array([[[1, 10, 5]]]), 2, 1
    yield np.array([[[1], [2]]]), np.array([[[1, 2], [3, 4]], [[5, 6], [7, 9]]]), 1, 1
    yield np.array([[[1], [2], [3], [4]]]), np.array([[[1]], [[10]], [[100]], [[1000]]]), 1, 2
    yield np.array([[[0.5, 1.5], [2.0, -0.5]]]), np.array([[[0.5, 1.0]], [[1.5, 0.25]]]), 1, 1
    yield np.array([[[1], [2]]]), np.array([[[1], [3]], [[5], [7]]]), 1, 2
    yield np.array([[[1, 3]]]), np.array([[[0.5, 1.25]]]), 2, 1
    yield np.array([[[0.5, 1.25]]]), np.array([[[1, 3]]]), 2, 1
    for count, inputs, each, n, m, s, g in [
        (2, 4, 3, 3, 2, 2, 2),
        (3, 3, 3, 2, 3, 3, 1),
        (2, 6, 2, 4, 3, 1, 3),
    ]:
        yield rng.integers(1, 10, (count, inputs, n)), rng.integers(1, 10, (inputs, each, m)), s, g
    # what a changed value or condition would pass without
    yield np.array([[[1, 2]], [[3, 4]]]), np.resize(FAR[2:], (1, 1, 3)), 2, 1
    yield np.resize(FAR[2:], (2, 1, 2)), np.array([[[1, 10, 5]]]), 2, 1


@grouped_transpose.right
def _group_by_group(x, weight, stride, groups):
    n, m = x.shape[2], weight.shape[2]
    stamps = np.zeros((n, m, stride * (n - 1) + m))
    for i in range(n):
        stamps[i, :, stride * i : stride * i + m] = np.eye(m)
    pairs = zip(np.split(x, groups, 1), np.split(weight, groups), strict=True)
    return np.concatenate([np.einsum("bci,com,imu->bou", a, b, stamps) for a, b in pairs], 1)


@grouped_transpose.right
def _seven_loops(x, weight, stride, groups):
    (count, inputs, n), (_, each, m) = x.shape, weight.shape
    y = np.zeros((count, each * groups, stride * (n - 1) + m))
    for b, c, o, i, a in np.ndindex(count, inputs, each, n, m):
        y[b, c // (inputs // groups) * each + o, stride * i + a] += x[b, c, i] * weight[c, o, a]
    return y


def _grouped(x, weight, stride, groups, gather=None, place=None, add=True):
    """Return y by loops in which an input channel's group and an output channel's place can be changed."""
    (count, inputs, n), (_, each, m) = x.shape, weight.shape
    gather = gather or (lambda c: c // (inputs // groups))
    place = place or (lambda g, o: g * each + o)
    y = np.zeros((count, each * groups, stride * (n - 1) + m))
    for c in range(inputs):
        for o in range(each):
            part = np.array([_stamped(x[b, c], weight[c, o], stride) for b in range(count)])
            row = place(gather(c), o)
            y[:, row] = y[:, row] + part if add else part
    return y


@grouped_transpose.wrong(
    "groups are ignored",
    "The weight's second axis counts the outputs of one group, so there are `groups` times as many in all. Each "
    "group reads its own input channels only.",
)
def _groups_ignored(x, weight, stride, groups):
    return _grouped(x, weight, stride, 1, gather=lambda c: 0)


@grouped_transpose.wrong(
    "every group reads all input channels",
    "Groups do not see each other: the outputs of group g sum over the input channels of group g alone.",
)
def _groups_see_all(x, weight, stride, groups):
    return np.tile(_grouped(x, weight, stride, 1, gather=lambda c: 0), (1, groups, 1))


@grouped_transpose.wrong(
    "it works as if the first two axes of weight were swapped",
    "The transposed convolution's weight is (in, out / groups, m), input channels first: that of a "
    "convolution has the output channels first.",
)
def _axes_swapped(x, weight, stride, groups):
    (count, inputs, n), (_, each, m) = x.shape, weight.shape
    y = np.zeros((count, each * groups, stride * (n - 1) + m))
    for b, c, o, i, a in np.ndindex(count, inputs, each, n, m):
        y[b, c // (inputs // groups) * each + o, stride * i + a] += x[b, c, i] * weight[o, c, a]
    return y


@grouped_transpose.wrong(
    "the input channels go to the groups in turn",
    "A group is a run of neighbouring channels: with 4 channels and 2 groups, 0 and 1, then 2 and 3.",
)
def _groups_dealt(x, weight, stride, groups):
    return _grouped(x, weight, stride, groups, gather=lambda c: c % groups)


@grouped_transpose.wrong(
    "the output channels of the groups come in turn",
    "Group 0's outputs come first, all of them, then those of group 1.",
)
def _groups_interleaved(x, weight, stride, groups):
    return _grouped(x, weight, stride, groups, place=lambda g, o: o * groups + g)


@grouped_transpose.wrong(
    "an input channel overwrites what the one before it stamped",
    "An output channel is the sum over the input channels of its group: +=, not =.",
)
def _channels_overwrite(x, weight, stride, groups):
    return _grouped(x, weight, stride, groups, add=False)


@grouped_transpose.wrong(
    "the batch's items are added up",
    "Each item of the batch is on its own: item b of the result gets stamps from item b of x only.",
)
def _batch_summed(x, weight, stride, groups):
    y = _grouped(x, weight, stride, groups)
    return np.broadcast_to(y.sum(0), y.shape).copy()


@grouped_transpose.wrong(
    "the kernels are flipped", "Channels change nothing about a stamp: each kernel is set down as it is."
)
def _grouped_flipped(x, weight, stride, groups):
    return _grouped(x, weight[:, :, ::-1], stride, groups)


@grouped_transpose.wrong("stride is ignored", "Sample i of every channel stamps from place stride · i on.")
def _grouped_unstrided(x, weight, stride, groups):
    return _grouped(x, weight, 1, groups)


@grouped_transpose.wrong(
    "only input channel 0 is stamped, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _grouped_early(x, weight, stride, groups):
    first = np.zeros(weight.shape)
    first[0] = weight[0]
    return _grouped(x, first, stride, groups)


@grouped_transpose.wrong(
    "the input channels go to the groups in turn, and meet the kernels of other channels",
    "A group is a run of neighbouring channels: with 4 channels and 2 groups, 0 and 1, then 2 and 3. A reshape "
    "that makes groups has the groups' axis first.",
)
def _groups_reshaped(x, weight, stride, groups):
    count, inputs, n = x.shape
    dealt = x.reshape(count, inputs // groups, groups, n).swapaxes(1, 2).reshape(x.shape)
    return _grouped(dealt, weight, stride, groups)


@grouped_transpose.wrong(
    "the first group's kernels are used for every group",
    "The first axis of weight counts all input channels, those of every group.",
)
def _first_kernels(x, weight, stride, groups):
    first = weight[: len(weight) // groups]
    return _grouped(x, np.tile(first, (groups, 1, 1)), stride, groups)


@grouped_transpose.wrong(
    "only the first item of the batch is stamped, and the others are 0",
    "x holds N items, and each needs its stamps: x[0] is but the first.",
)
def _first_item(x, weight, stride, groups):
    y = _grouped(x, weight, stride, groups)
    y[1:] = 0
    return y


transpose_backward = Answers("transpose_backward")


@transpose_backward.inputs
def _(rng):
    yield np.array([1, 3]), np.array([1, 0, 2, 0, 1]), np.array([1, 2, 1]), 2, 0
    yield np.array([5]), np.array([3]), np.array([2]), 1, 0
    yield np.array([2]), np.array([1, 10]), np.array([3, 5]), 3, 0
    yield np.array([1, 3]), np.array([1, 10, 100]), np.array([1, 2, 5]), 2, 1
    yield np.array([1, 2]), np.array([1, 3, 5, 7, 11]), np.array([1, 10]), 3, 0
    yield np.array([1, 2, 3]), np.array([1, 5, 7, 4]), np.array([2, 3]), 1, 0
    yield np.array([0.5, 1.5]), np.array([1.5, 0.5, 2.0]), np.array([0.5, 1.0, 2.5]), 2, 1
    yield np.array([1, 3]), np.array([0.5, 1.5, 0.25]), np.array([1, 2, 1]), 2, 1
    yield np.array([0.5, 1.5]), np.array([1, 3, 2]), np.array([0.5, 1.0, 2.5]), 2, 1
    for n, m, s, p in [(3, 4, 2, 1), (4, 2, 3, 1), (4, 5, 1, 2), (5, 3, 2, 2), (3, 3, 3, 1)]:
        yield (
            rng.integers(1, 10, n),
            rng.integers(1, 10, s * (n - 1) + m - 2 * p),
            rng.integers(1, 10, m),
            s,
            p,
        )
    # what a changed value or condition would pass without
    yield np.array([5, 5, 5]), FAR[:6], np.array([9, 2, 6, 4]), 2, 1
    yield np.array([1, 2]), np.resize([1, 3, 5, 7, 11], 16), FAR, 3, 0
    yield FAR, np.resize([9, 2, 4, 4], 13), np.array([9, 2, 5, 3, 1]), 1, 2
    yield np.array([0]), np.array([3]), np.array([2]), 1, 0
    yield np.array([5]), np.array([3]), np.array([0]), 1, 0
    yield np.array([5]), np.array([0]), np.array([2]), 1, 0
    yield np.array([1, 3]), np.array([0.005, 0.015, 0.0025]), np.array([1, 2, 1]), 2, 1
    yield np.arange(1, 6), np.array([3, 10]), np.array([1, 2]), 1, 2


def _windows(x, dy, k, stride, padding):
    """Return a matrix whose row i is what the stamp of sample i reached, 0 where it was cropped."""
    wide = np.pad(np.asarray(dy, float), padding)
    wide = np.append(wide, np.zeros(stride * len(x) + len(k)))
    return np.array([wide[stride * i : stride * i + len(k)] for i in range(len(x))])


@transpose_backward.right
def _by_windows(x, dy, k, stride, padding):
    windows = _windows(x, dy, k, stride, padding)
    return windows @ k, x @ windows


@transpose_backward.right
def _by_matrix(x, dy, k, stride, padding):
    n, m, size = len(x), len(k), len(dy)
    lands = np.zeros((n, m, size))
    for i, a in np.ndindex(n, m):
        if 0 <= stride * i + a - padding < size:
            lands[i, a, stride * i + a - padding] = 1
    return np.einsum("iau,u,a->i", lands, dy, k), np.einsum("iau,u,i->a", lands, dy, x)


def _both(x, dy, k, stride, padding):
    windows = _windows(x, dy, k, stride, padding)
    return windows @ k, x @ windows


@transpose_backward.wrong(
    "dx is a transposed convolution of dy, where a convolution is needed",
    "Backwards through the transpose is the convolution: dx[i] sums over the places that sample i stamped.",
)
def _back_up(x, dy, k, stride, padding):
    return _stamped(dy, k, stride), _both(x, dy, k, stride, padding)[1]


@transpose_backward.wrong(
    "the kernel is flipped in dx",
    "Entry a of sample i's stamp went to place s · i + a − p, so there dy meets k[a]: both indices grow "
    "together.",
)
def _back_flipped(x, dy, k, stride, padding):
    windows = _windows(x, dy, k, stride, padding)
    return windows @ k[::-1], x @ windows


@transpose_backward.wrong(
    "stride is ignored",
    "Sample i stamped from place s · i − p on. There, not at i − p, it finds its part of dy.",
)
def _back_unstrided(x, dy, k, stride, padding):
    return _both(x, dy, k, 1, padding)


@transpose_backward.wrong(
    "padding is ignored",
    "The crop shifted all places by p: what was stamped at s · i + a stands at s · i + a − p in y.",
)
def _back_uncropped(x, dy, k, stride, padding):
    return _both(x, dy, k, stride, 0)


@transpose_backward.wrong(
    "dy is cropped once more",
    "dy has y's size, which is already cropped. Backwards the cropped places come back, as zeros.",
)
def _back_cropped(x, dy, k, stride, padding):
    return _both(x, dy[padding : len(dy) - padding], k, stride, 0)


@transpose_backward.wrong(
    "negative places wrap round to the end",
    "dy[−1] is the last entry in Python. A cropped place contributes nothing: ask first whether 0 ≤ place.",
)
def _back_wraps(x, dy, k, stride, padding):
    dx, dk = np.zeros(len(x)), np.zeros(len(k))
    for i, a in np.ndindex(len(x), len(k)):
        u = stride * i + a - padding
        if u < len(dy):
            dx[i] += dy[u] * k[a]
            dk[a] += dy[u] * x[i]
    return dx, dk


@transpose_backward.wrong(
    "dk keeps only the last sample's part", "Every sample used the whole kernel: dk sums over all i."
)
def _back_last(x, dy, k, stride, padding):
    windows = _windows(x, dy, k, stride, padding)
    return windows @ k, windows[-1] * x[-1]


@transpose_backward.wrong(
    "dk comes in reverse order",
    "dk[a] belongs to entry a: it gathers dy at the places s · i + a − p, for this a.",
)
def _back_dk_flipped(x, dy, k, stride, padding):
    dx, dk = _both(x, dy, k, stride, padding)
    return dx, dk[::-1]


@transpose_backward.wrong(
    "dk is computed as if x were 1 everywhere",
    "Each term of y is x[i] · k[a]. Its derivative with respect to k[a] is x[i].",
)
def _back_without_x(x, dy, k, stride, padding):
    windows = _windows(x, dy, k, stride, padding)
    return windows @ k, windows.sum(0)


@transpose_backward.wrong("dx and dk are swapped", "The pair is (dx, dk), in this order.")
def _back_swapped(x, dy, k, stride, padding):
    return _both(x, dy, k, stride, padding)[::-1]


@transpose_backward.wrong(
    "only the first sample counts, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _back_early(x, dy, k, stride, padding):
    dx, windows = np.zeros(len(x)), _windows(x, dy, k, stride, padding)
    for i in range(len(x)):
        dx[i] = windows[i] @ k
        return dx, x[i] * windows[i]


@transpose_backward.wrong(
    "each entry of dk keeps only its last term that is not cropped",
    "Every sample used the whole kernel: dk sums over all i, so that +=, not =, is needed.",
)
def _back_last_inside(x, dy, k, stride, padding):
    dx, dk = _both(x, dy, k, stride, padding)[0], np.zeros(len(k))
    for i, a in np.ndindex(len(x), len(k)):
        if 0 <= stride * i + a - padding < len(dy):
            dk[a] = x[i] * dy[stride * i + a - padding]
    return dx, dk


repaired = Answers("repaired")


@repaired.inputs
def _(rng):
    yield np.array([1, 3]), np.array([1, 2, 5]), 2, 1
    yield np.array([5]), np.array([2]), 3, 0
    yield np.array([1]), np.array([1, 2]), 1, 0
    yield np.array([1, 3]), np.array([1, 2, 5]), 2, 2
    yield np.array([1, 3, 2]), np.array([5]), 2, 1
    yield np.array([1, 3, 2, 4]), np.array([1, 2]), 2, 3
    yield np.array([1.5, 0.5]), np.array([0.5, 2.0]), 3, 0
    yield np.array([1, 3, 2]), np.array([1, 10, 7]), 1, 1
    yield np.array([1, 3]), np.array([0.5, 1.25, 0.75]), 2, 1
    yield np.array([0.5, 1.25]), np.array([1, 3, 2]), 2, 1
    for n, m, s, p in [(5, 3, 2, 0), (4, 4, 3, 2), (6, 2, 3, 4), (3, 5, 1, 3), (5, 1, 4, 2)]:
        yield rng.integers(1, 10, n), rng.integers(1, 10, m), s, p
    # what a changed value or condition would pass without
    yield FAR, np.array([2]), 3, 0
    yield np.array([5]), FAR, 3, 0


@repaired.right
def _stamp_and_crop(x, k, stride, padding):
    full = np.zeros(stride * (len(x) - 1) + len(k))
    for i in range(len(x)):
        for a in range(len(k)):
            full[i * stride + a] += x[i] * k[a]
    return full[padding : len(full) - padding]


@repaired.right
def _two_cases(x, k, stride, padding):
    z, around = _inserted(x, stride), len(k) - 1 - padding
    z = np.pad(z, around) if around >= 0 else z[-around:around]
    return np.lib.stride_tricks.sliding_window_view(z, len(k)) @ k[::-1]


def _convolved(z, k, stride=1):
    return np.array([z[u : u + len(k)] @ k for u in range(0, len(z) - len(k) + 1, stride)])


def _around(x, stride, zeros):
    """Return the spread samples with so many zeros at each end; below 0, cropped."""
    z = _inserted(x, stride)
    return np.pad(z, zeros) if zeros >= 0 else z[-zeros:zeros]


@repaired.wrong(
    "the kernel is flipped once too often, or not at all",
    "This is the textbook's mistake. Let one output read z by hand: which entry of k did the sample's stamp "
    "put there?",
)
def _repaired_unflipped(x, k, stride, padding):
    return _convolved(_around(x, stride, len(k) - 1 - padding), k)


@repaired.wrong(
    "p > m − 1 is treated like p = m − 1",
    "The flip is right. If m − 1 − p is negative, remove p − (m − 1) samples of z at each end.",
)
def _repaired_at_least_zero(x, k, stride, padding):
    return _convolved(_around(x, stride, max(0, len(k) - 1 - padding)), k[::-1])


@repaired.wrong(
    "it works as if the textbook's sentence were followed as it stands",
    "Two repairs are needed: compare one output with the stamps, and think what m − 1 − p < 0 means.",
)
def _repaired_not(x, k, stride, padding):
    return _convolved(np.pad(_inserted(x, stride), len(k) - 1 - padding), k)


@repaired.wrong(
    "p > m − 1 raises an error, while the rest is right",
    "np.pad takes no negative widths. If m − 1 − p is negative, crop instead; or pad by m − 1 and then crop "
    "p.",
)
def _repaired_raises(x, k, stride, padding):
    return _convolved(np.pad(_inserted(x, stride), len(k) - 1 - padding), k[::-1])


@repaired.wrong(
    "padding is ignored", "These are all outputs. With padding p there are p fewer zeros at each end of z."
)
def _repaired_uncropped(x, k, stride, padding):
    return _convolved(_around(x, stride, len(k) - 1), k[::-1])


@repaired.wrong(
    "p zeros stand at each end, instead of m − 1 − p",
    "p is named after the convolution. In its transpose it takes zeros away: m − 1 − p are left.",
)
def _repaired_p(x, k, stride, padding):
    return _convolved(_around(x, stride, padding), k[::-1])


@repaired.wrong(
    "m − 1 + p zeros stand at each end, instead of m − 1 − p",
    "More zeros make the output larger, but padding shrinks it: m − 1 − p, not m − 1 + p.",
)
def _repaired_plus(x, k, stride, padding):
    return _convolved(_around(x, stride, len(k) - 1 + padding), k[::-1])


@repaired.wrong(
    "there is one zero too many at each end",
    "Without padding the first window holds m − 1 zeros and then x[0]: m − 1 − p, not m − p.",
)
def _repaired_one_more(x, k, stride, padding):
    return _convolved(_around(x, stride, len(k) - padding), k[::-1])


@repaired.wrong(
    "stride counts twice: only every s-th output is there",
    "The zeros between the samples are the whole effect of the stride. The convolution over z moves on by 1.",
)
def _repaired_twice(x, k, stride, padding):
    return _convolved(_around(x, stride, len(k) - 1 - padding), k[::-1], stride)


@repaired.wrong(
    "the outputs come in reverse order", "Flipping both z and k reverses the result. Flip k alone."
)
def _repaired_reversed(x, k, stride, padding):
    return _convolved(_around(x, stride, len(k) - 1 - padding), k[::-1])[::-1]


@repaired.wrong(
    "nothing is left when padding is 0",
    "The slice [p : −p] with p = 0 is [0 : 0], which is empty. Count its end from the left: the length of "
    "what you slice, minus p.",
)
def _repaired_empty(x, k, stride, padding):
    return _convolved(np.pad(_inserted(x, stride), len(k) - 1)[padding:-padding], k[::-1])
