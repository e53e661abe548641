"""Notebook 05: stamps, overlaps and the matrix in 2-D, kernels that split, weights and sizes of other libraries."""

import numpy as np

from . import FAR, INTS_CUT, RETURNS_EARLY, Answers

stamp_2d = Answers("stamp_2d")


@stamp_2d.inputs
def _(rng):
    yield np.array([[1, 2]]), np.array([[1, 10, 100]]), (1, 2)
    yield np.array([[3]]), np.array([[1, 2], [4, 8]]), (2, 2)
    yield np.array([[1], [2]]), np.array([[1], [10], [100]]), (2, 1)
    yield np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, 10]]), (1, 1)
    yield np.array([[1, 2], [3, 4]]), np.array([[1, 2, 3], [4, 5, 6]]), (3, 2)
    yield np.array([[1.5, 1.0], [0.5, 2.0]]), np.array([[0.5, 1.0]]), (1, 1)
    yield np.array([[1, 2, 3]]), np.array([[5]]), (1, 3)
    yield np.array([[1, 3]]), np.array([[0.5], [1.25]]), (1, 2)
    yield np.array([[0.5, 1.25]]), np.array([[1], [3]]), (1, 2)
    for n, m, s in [((2, 3), (3, 2), (2, 1)), ((3, 2), (2, 4), (1, 3)), ((3, 4), (3, 3), (2, 2))]:
        yield rng.integers(-9, 10, n), rng.integers(-9, 10, m), s
    # what a changed value or condition would pass without
    yield np.resize(FAR[2:], (2, 2)), np.array([[0.5, 1.0]]), (1, 1)
    yield np.array([[1, 2]]), np.resize(FAR[2:], (1, 3)), (1, 2)


def _stamped(x, k, stride):
    (s1, s2), (m1, m2) = stride, k.shape
    y = np.zeros((s1 * (x.shape[0] - 1) + m1, s2 * (x.shape[1] - 1) + m2))
    for a in range(m1):
        for b in range(m2):
            y[a : y.shape[0] - m1 + a + 1 : s1, b : y.shape[1] - m2 + b + 1 : s2] += k[a, b] * x
    return y


@stamp_2d.right
def _by_kernel_entry(x, k, stride):
    return _stamped(x, k, stride)


@stamp_2d.right
def _four_loops(x, k, stride):
    rows = [[0] * (stride[1] * (x.shape[1] - 1) + k.shape[1]) for _ in range(_length(x, k, stride))]
    for i, row in enumerate(x):
        for j, pixel in enumerate(row):
            for a, entries in enumerate(k):
                for b, entry in enumerate(entries):
                    rows[stride[0] * i + a][stride[1] * j + b] += pixel * entry
    return np.array(rows)


def _length(x, k, stride):
    return stride[0] * (len(x) - 1) + len(k)


@stamp_2d.right
def _zero_insert_and_flip(x, k, stride):
    (n1, n2), (m1, m2), (s1, s2) = x.shape, k.shape, stride
    z = np.zeros((s1 * (n1 - 1) + 2 * m1 - 1, s2 * (n2 - 1) + 2 * m2 - 1))
    z[m1 - 1 : len(z) - m1 + 1 : s1, m2 - 1 : z.shape[1] - m2 + 1 : s2] = x
    windows = np.lib.stride_tricks.sliding_window_view(z, (m1, m2))
    return np.einsum("ijab,ab->ij", windows, k[::-1, ::-1])


@stamp_2d.wrong(
    "the kernel is flipped once too often, or not at all",
    "A stamp is the kernel as it is, times the pixel. The flip belongs to the form that inserts zeros and "
    "then reads.",
)
def _stamp_flipped(x, k, stride):
    return _stamped(x, k[::-1, ::-1], stride)


@stamp_2d.wrong(
    "the two strides are swapped",
    "stride[0] is the distance of stamps down the rows, stride[1] the distance across the columns.",
)
def _stamp_swapped(x, k, stride):
    return _stamped(x, k, stride[::-1])


@stamp_2d.wrong(
    "both axes use the first stride",
    "stride is a pair: the stamp of pixel (i, j) begins at row s₁ i and at column s₂ j.",
)
def _stamp_one_stride(x, k, stride):
    return _stamped(x, k, (stride[0], stride[0]))


@stamp_2d.wrong(
    "stride is ignored",
    "The stamp of pixel (i, j) begins at (s₁ i, s₂ j), not at (i, j).",
)
def _stamp_no_stride(x, k, stride):
    return _stamped(x, k, (1, 1))


@stamp_2d.wrong(
    "a later stamp overwrites an earlier one",
    "Where stamps overlap their values add up: +=, not =.",
)
def _stamp_covers(x, k, stride):
    y = np.zeros_like(_stamped(x, k, stride))
    for i, j in np.ndindex(x.shape):
        y[stride[0] * i :, stride[1] * j :][: k.shape[0], : k.shape[1]] = x[i, j] * k
    return y


@stamp_2d.wrong(
    'the output has s n pixels on each axis, as if the layer were "same"',
    "The last stamp begins at s(n − 1) and has m entries: without a crop there are s(n − 1) + m.",
)
def _stamp_same(x, k, stride):
    (n1, n2), (s1, s2) = x.shape, stride
    y = _stamped(x, k, stride)
    y = np.pad(y, [(0, max(0, s1 * n1 - y.shape[0])), (0, max(0, s2 * n2 - y.shape[1]))])
    return y[: s1 * n1, : s2 * n2]


@stamp_2d.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _stamp_truncated(x, k, stride):
    y = np.zeros(_stamped(x, k, stride).shape, int)
    for i, j in np.ndindex(x.shape):
        y[stride[0] * i :, stride[1] * j :][: k.shape[0], : k.shape[1]] += (x[i, j] * k).astype(int)
    return y


@stamp_2d.wrong(
    "rows and columns of the kernel are swapped",
    "The kernel's first axis lies along the rows of the output, its second along the columns: do not "
    "transpose it.",
)
def _stamp_turned(x, k, stride):
    return _stamped(x, k.T, stride)


@stamp_2d.wrong(
    "only the first pixel is stamped, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _stamp_early(x, k, stride):
    y = np.zeros(_stamped(x, k, stride).shape)
    for i, j in np.ndindex(x.shape):
        y[stride[0] * i :, stride[1] * j :][: k.shape[0], : k.shape[1]] += x[i, j] * k
        return y


@stamp_2d.wrong(
    "the size is right, but across the columns the stamps stand s₁ apart, not s₂",
    "stride is a pair: the stamp of pixel (i, j) begins at row s₁ i and at column s₂ j.",
)
def _stamp_row_stride(x, k, stride):
    size = _stamped(x, k, stride).shape
    y = _stamped(x, k, (stride[0], stride[0]))[:, : size[1]]
    return np.pad(y, ((0, 0), (0, size[1] - y.shape[1])))


overlaps = Answers("overlaps")


@overlaps.inputs
def _(rng):
    yield (1, 3), (1, 3), (1, 2)
    yield (1, 1), (2, 3), (2, 2)
    yield (2, 2), (2, 2), (1, 1)
    yield (2, 2), (3, 3), (2, 2)
    yield (3, 1), (3, 1), (2, 1)
    yield (2, 3), (1, 2), (2, 3)
    yield (3, 3), (4, 4), (2, 2)
    yield (4, 3), (5, 2), (2, 1)
    for _ in range(4):
        yield tuple(tuple(int(v) for v in rng.integers(1, 6, 2)) for _ in range(3))
    # what a changed value or condition would pass without
    yield (5, 5), (2, 2), (5, 3)


def _count(n, m, s):
    count = np.zeros(s * (n - 1) + m, int)
    for i in range(n):
        count[s * i : s * i + m] += 1
    return count


def _counts(n, m, stride):
    return [_count(*axis) for axis in zip(n, m, stride, strict=True)]


@overlaps.right
def _stamps_of_ones(n, m, stride):
    y = np.zeros([s * (a - 1) + b for a, b, s in zip(n, m, stride, strict=True)])
    for i in range(n[0]):
        for j in range(n[1]):
            y[stride[0] * i : stride[0] * i + m[0], stride[1] * j : stride[1] * j + m[1]] += 1
    return y


@overlaps.right
def _first_and_last(n, m, stride):
    def axis(n, m, s):
        u = np.arange(s * (n - 1) + m)
        last, first = np.minimum(u // s, n - 1), np.maximum(-((m - 1 - u) // s), 0)
        return last - first + 1

    rows, columns = (axis(*each) for each in zip(n, m, stride, strict=True))
    return rows[:, None] * columns


@overlaps.wrong(
    "the counts of the two axes are added",
    "A stamp covers a pixel if it covers its row and its column. Each pair of a row stamp and a column "
    "stamp is one stamp: how many pairs are there?",
)
def _added(n, m, stride):
    return np.add.outer(*_counts(n, m, stride))


@overlaps.wrong(
    "it says whether a pixel is covered, not how often",
    "Each stamp adds 1 to all pixels under it: +=, not =, and stamp by stamp, since c[places] += 1 counts a "
    "place that stands twice in `places` once.",
)
def _covered(n, m, stride):
    return (np.outer(*_counts(n, m, stride)) > 0).astype(int)


@overlaps.wrong(
    "the border is counted like the interior",
    "Near the border the stamps that would begin before the image's first pixel, or after its last, are "
    "missing.",
)
def _endless(n, m, stride):
    counts = [
        np.array([len(range(u % s, m, s)) for u in range(s * (n - 1) + m)])
        for n, m, s in zip(n, m, stride, strict=True)
    ]
    return np.outer(*counts)


@overlaps.wrong("stride is ignored", "Neighbouring stamps begin s pixels apart, not one.")
def _overlaps_no_stride(n, m, stride):
    return np.outer(*_counts(n, m, (1, 1)))


@overlaps.wrong(
    "image and kernel are swapped",
    "There are n stamps on an axis, each m pixels long. The roles differ: only the stamps are s apart.",
)
def _overlaps_exchanged(n, m, stride):
    return np.outer(*_counts(m, n, stride))


@overlaps.wrong(
    "rows and columns are swapped",
    "The first number of each pair is for the rows, so for the result's first axis.",
)
def _overlaps_turned(n, m, stride):
    return np.outer(*_counts(n, m, stride)).T


@overlaps.wrong(
    "pixels without a stamp are counted as 1, not 0",
    "If the stride is larger than the kernel there are gaps between the stamps: the count is 0 there.",
)
def _no_gaps(n, m, stride):
    return np.maximum(np.outer(*_counts(n, m, stride)), 1)


@overlaps.wrong(
    'the output has s n pixels on each axis, as if the layer were "same"',
    "The full output has s(n − 1) + m entries: the last stamp begins at s(n − 1).",
)
def _overlaps_same(n, m, stride):
    counts = [
        np.pad(c, (0, max(0, s * n - len(c))))[: s * n]
        for c, n, s in zip(_counts(n, m, stride), n, stride, strict=True)
    ]
    return np.outer(*counts)


@overlaps.wrong(
    "it is the larger of the two axes' counts, not their product",
    "Each pair of a row stamp and a column stamp is one stamp: how many pairs cover a pixel?",
)
def _larger_count(n, m, stride):
    return np.maximum.outer(*_counts(n, m, stride))


blocked_matrix = Answers("blocked_matrix")


@blocked_matrix.inputs
def _(rng):
    yield np.array([[1, 2]]), 2, 2
    yield np.array([[3]]), 1, 2
    yield np.array([[1], [2]]), 2, 2
    yield np.array([[1, 2], [3, 4]]), 2, 3
    yield np.array([[1, 2], [3, 4]]), 3, 3
    yield np.array([[1, 2, 3]]), 2, 4
    yield np.array([[0.5, 1.5], [2.5, 1.0]]), 3, 2
    for m, n1, n2 in [((2, 2), 4, 3), ((3, 2), 4, 4), ((2, 3), 3, 5)]:
        yield rng.integers(1, 10, m), n1, n2
    # what a changed value or condition would pass without
    yield np.resize(FAR[2:], (1, 3)), 2, 4
    yield np.array([[1, 2]]), 4, 4


def _matrix(k, n1, n2):
    (m1, m2), place = k.shape, np.arange(n1 * n2).reshape(n1, n2)
    rows = []
    for i in range(n1 - m1 + 1):
        for j in range(n2 - m2 + 1):
            row = np.zeros(n1 * n2)
            row[place[i : i + m1, j : j + m2]] = k
            rows.append(row)
    return np.array(rows)


@blocked_matrix.right
def _row_by_row(k, n1, n2):
    return _matrix(k, n1, n2)


@blocked_matrix.right
def _sum_of_kroneckers(k, n1, n2):
    down, right = n1 - k.shape[0] + 1, n2 - k.shape[1] + 1
    return sum(k[a, b] * np.kron(np.eye(down, n1, a), np.eye(right, n2, b)) for a, b in np.ndindex(k.shape))


@blocked_matrix.right
def _unit_images(k, n1, n2):
    columns = []
    for place in range(n1 * n2):
        image = np.zeros(n1 * n2)
        image[place] = 1
        windows = np.lib.stride_tricks.sliding_window_view(image.reshape(n1, n2), k.shape)
        columns.append(np.tensordot(windows, k, 2).ravel())
    return np.array(columns).T


@blocked_matrix.wrong(
    "the kernel is flipped",
    "In Eq. 15 the indices of k grow with u and v: along a row of A the entries of k stand in their own "
    "order.",
)
def _matrix_flipped(k, n1, n2):
    return _matrix(k[::-1, ::-1], n1, n2)


@blocked_matrix.wrong(
    "the matrix is transposed",
    "A row belongs to an output and a column to a pixel: A multiplies the image from the left.",
)
def _matrix_transposed(k, n1, n2):
    return _matrix(k, n1, n2).T


@blocked_matrix.wrong(
    "for some outputs, a row of the kernel begins in one image row and ends in the next",
    "A row of the kernel must lie inside one row of the image. It has n₂ − m₂ + 1 places there; then the "
    "kernel moves to the start of the next row.",
)
def _around(k, n1, n2):
    row = np.zeros(n1 * n2)
    row[: len(k) * n2].reshape(len(k), n2)[:, : k.shape[1]] = k
    reach = (len(k) - 1) * n2 + k.shape[1]
    return np.array([np.roll(row, i) for i in range(n1 * n2 - reach + 1)])


@blocked_matrix.wrong(
    "pixels are numbered column by column",
    "Reading order: the place of pixel (u, v) in the vector is n₂ u + v, from 0, as ravel() puts it.",
)
def _columns_first(k, n1, n2):
    return np.array([row.reshape(n1, n2).T.ravel() for row in _matrix(k, n1, n2)])


@blocked_matrix.wrong(
    "outputs are numbered column by column",
    "Reading order for the rows of A, too: first all j of i = 1, then those of i = 2.",
)
def _outputs_columns_first(k, n1, n2):
    return _matrix(k.T, n2, n1).reshape(-1, n2, n1).swapaxes(1, 2).reshape(-1, n1 * n2)


@blocked_matrix.wrong(
    "there is a row for every pixel, as if the image were padded",
    "Without padding there are (n₁ − m₁ + 1)(n₂ − m₂ + 1) places for the kernel, and as many rows.",
)
def _square(k, n1, n2):
    (m1, m2), A = k.shape, np.zeros((n1, n2, n1 + k.shape[0], n2 + k.shape[1]))
    for i, j in np.ndindex(n1, n2):
        A[i, j, i : i + m1, j : j + m2] = k
    return A[:, :, :n1, :n2].reshape(n1 * n2, n1 * n2)


@blocked_matrix.wrong(
    "the rows of the matrix for the last line of outputs are missing",
    "There are n₁ − m₁ + 1 places down the image, not n₁ − m₁. The last one counts, too.",
)
def _block_short(k, n1, n2):
    return _matrix(k, n1, n2)[: (n1 - k.shape[0]) * (n2 - k.shape[1] + 1)]


@blocked_matrix.wrong(
    "all blocks hold the first row of the kernel, and its other rows are missing",
    "The block on the diagonal holds the kernel's first row, the one to the right of it the second row, "
    "and so on.",
)
def _one_block(k, n1, n2):
    return _matrix(np.tile(k[0], (len(k), 1)), n1, n2)


@blocked_matrix.wrong(
    "only the first row is computed, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _matrix_early(k, n1, n2):
    A = _matrix(k, n1, n2)
    A[1:] = 0
    return A


@blocked_matrix.wrong(
    "pixels and outputs are both numbered column by column",
    "Reading order goes along the rows: pixel (u, v) has the place n₂ u + v, from 0. In np.kron the first "
    "factor is that of the rows.",
)
def _all_columns_first(k, n1, n2):
    return _matrix(k.T, n2, n1)


split_kernel = Answers("split_kernel")


@split_kernel.inputs
def _(rng):
    yield (np.array([[1, 2], [3, 6]]),)
    yield (np.array([[1, 2], [3, 4]]),)
    yield (np.array([[5]]),)
    yield (np.array([[2, 4], [1, 2]]),)
    yield (np.array([[0, 3], [0, 6]]),)
    yield (np.array([[0, 0, 0], [0, 0, 7]]),)
    yield (np.array([[0, 0], [2, 4], [-3, -6]]),)
    yield (np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),)
    yield (np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),)
    yield (np.array([[1, 1, 0], [1, 1, 1]]),)
    yield (np.array([[1, 0, 0], [0, 0, 0], [0, 0, 1]]),)
    yield (np.outer([0.1, 0.3, 0.7], [0.3, 0.9]),)
    yield (np.array([[1, 1, 1], [1, 0, 2]]),)
    yield (np.array([[1, 2], [3, 6.001]]),)
    yield (np.array([[1, 2], [3, -6]]),)
    yield (np.array([[1, 1, 1], [1, 0, 2], [1, 2, 0]]),)
    for m1, m2 in [(3, 4), (4, 2)]:
        yield (np.outer(rng.integers(1, 6, m1), rng.integers(1, 6, m2)),)
        yield (np.outer(rng.integers(1, 6, m1), rng.integers(1, 6, m2)) + np.eye(m1, m2, dtype=int),)
    # what a changed value or condition would pass without
    yield (np.resize(FAR, (2, 2)),)
    yield (np.array([[5045]]),)
    yield (np.array([[0], [1], [0]]),)
    yield (np.array([[-5]]),)
    yield (np.array([[0, 1, 0]]),)
    yield (np.array([[1, -1], [2, -2]]),)
    yield (np.array([[1, 2], [2, 4], [3, 5]]),)


def _pair(k):
    row = k[k.any(axis=1).argmax()]
    return k @ row / (row @ row), row


@split_kernel.right
def _projected(k):
    if np.linalg.matrix_rank(k) != 1:
        return ()
    return _pair(k)


@split_kernel.right
def _every_minor(k):
    (a, b), (m1, m2) = (nonzero[0] for nonzero in np.nonzero(k)), k.shape
    for i in range(m1):
        for j in range(m2):
            if abs(k[i, j] * k[a, b] - k[i, b] * k[a, j]) > 1e-9:
                return ()
    return np.array([k[i, b] / k[a, b] for i in range(m1)]), k[a]


@split_kernel.wrong(
    "a kernel that does not split is split all the same",
    "Multiply c and r again. If one entry of k does not come back, k does not split: return ().",
)
def _always(k):
    return _pair(k)


@split_kernel.wrong(
    "the pair is not scaled: its product is a multiple of k",
    "A row of k times a column of k gives k times the entry that both share. Divide the column by this "
    "entry.",
)
def _unscaled(k):
    return (k[:, np.argwhere(k)[0][1]], _pair(k)[1]) if np.linalg.matrix_rank(k) == 1 else ()


@split_kernel.wrong(
    "the two parts of the pair are swapped",
    "c comes first and has as many entries as k has rows. r has as many as k has columns.",
)
def _row_first(k):
    return _pair(k)[::-1] if np.linalg.matrix_rank(k) == 1 else ()


@split_kernel.wrong(
    "no pair is found where k[0, 0] is 0",
    "k[0, 0] may be 0, even though k splits. Look for the first entry that is not 0.",
)
def _by_corner(k):
    column, row = k[:, 0] / k[0, 0], k[0]
    return (column, row) if np.allclose(np.outer(column, row), k) else ()


@split_kernel.wrong(
    "the answer is as if only the four corners of k were tested",
    "It is not enough that the four corners fit. Every row must be a multiple of the same row.",
)
def _corners(k):
    return _pair(k) if np.isclose(k[0, 0] * k[-1, -1], k[0, -1] * k[-1, 0]) else ()


@split_kernel.wrong(
    "fractions are cut off",
    "int( ) and arrays made with int cut off fractions: 1.5 becomes 1. np.zeros(size) makes an array that "
    "keeps them. For the rows [2, 4] and [1, 2], c is [1, ½].",
)
def _whole(k):
    column, row = _pair(k)
    return (np.trunc(np.round(column, 9)), row) if np.linalg.matrix_rank(k) == 1 else ()


@split_kernel.wrong(
    "no pair is found where c needs fractions",
    "//, int( ) and arrays made with int cut off fractions. For the rows [2, 4] and [1, 2], c is [1, ½]: "
    "divide with /. np.zeros(size) makes an array that keeps it.",
)
def _floored(k):
    a, b = np.argwhere(k)[0]
    column, row = k[:, b] // k[a, b], k[a]
    return (column, row) if np.allclose(np.outer(column, row), k) else ()


@split_kernel.wrong(
    "fractions are compared exactly",
    "Products of rounded fractions can differ in the last digit: compare with np.allclose.",
)
def _exactly(k):
    a, b = np.argwhere(k)[0]
    column, row = k[:, b] / k[a, b], k[a]
    return (column, row) if np.array_equal(np.outer(column, row), k) else ()


@split_kernel.wrong(
    "r has length 1, as from a singular value decomposition",
    "The product is right, but many pairs have the same product. The exercise wants r to be a row of k "
    "itself.",
)
def _by_svd(k):
    column, sizes, row = np.linalg.svd(k)
    sign = np.sign(row[0][np.flatnonzero(np.round(row[0], 9))[0]])
    return (sign * column[:, 0] * sizes[0], sign * row[0]) if np.linalg.matrix_rank(k) == 1 else ()


@split_kernel.wrong("c and r are lists, where arrays are asked for", "Wrap each of the two in np.array( ).")
def _lists(k):
    return tuple(part.tolist() for part in _pair(k)) if np.linalg.matrix_rank(k) == 1 else ()


@split_kernel.wrong(
    "c and r have two axes each",
    "Both must have one axis. k[:, b] and k[a] have one, while k[:, [b]] and k[[a]] have two.",
)
def _two_axes(k):
    column, row = _pair(k)
    return (column[:, None], row[None]) if np.linalg.matrix_rank(k) == 1 else ()


@split_kernel.wrong(
    "the answer is as if only the sum of all entries were compared",
    "The sum of c times the sum of r may be that of k by chance. Multiply out and compare entry by entry.",
)
def _totals(k):
    column, row = _pair(k)
    a, b = np.argwhere(k)[0]
    column = k[:, b] / k[a, b]
    return (column, row) if np.isclose(np.outer(column, row).sum(), k.sum()) else ()


to_torch = Answers("to_torch")


@to_torch.inputs
def _(rng):
    yield np.array([[[[1]], [[2]]]]), "jax"
    yield np.array([[[[1]], [[2]]]]), "keras"
    yield np.array([[[[1, 2]], [[3, 4]]]]), "keras"
    yield np.array([[[[1, 2]], [[3, 4]]]]), "jax"
    yield np.array([[[[1, 2]], [[3, 4]]]]), "onnx"
    yield np.array([[[[1.5]]], [[[2.5]]]]), "jax"
    yield np.arange(1, 17).reshape(2, 2, 2, 2), "keras"
    yield np.arange(1, 17).reshape(2, 2, 2, 2), "jax"
    yield np.arange(1, 17).reshape(2, 2, 2, 2), "onnx"
    for library in ("keras", "jax", "onnx"):
        yield rng.integers(-9, 10, (3, 2, 1, 4)), library
    # what a changed value or condition would pass without
    yield np.resize(FAR[2:], (1, 2, 1, 2)), "jax"
    yield np.resize(FAR[2:], (1, 2, 1, 2)), "onnx"


def _moved(weight, library):
    return {
        "keras": lambda: weight.transpose(3, 2, 0, 1),
        "jax": lambda: weight[::-1, ::-1].transpose(2, 3, 0, 1),
        "onnx": lambda: weight,
    }[library]()


@to_torch.right
def _einsum(weight, library):
    if library == "keras":
        return np.einsum("aboc->coab", weight)
    return np.einsum("abco->coab", np.flip(weight, axis=(0, 1))) if library == "jax" else weight


@to_torch.right
def _entry_by_entry(weight, library):
    if library == "onnx":
        return np.array(weight)
    m1, m2, c, o = weight.shape
    y = np.empty((c, o, m1, m2) if library == "jax" else (o, c, m1, m2))
    for a, b, i, j in np.ndindex(weight.shape):
        if library == "jax":
            y[i, j, m1 - 1 - a, m2 - 1 - b] = weight[a, b, i, j]
        else:
            y[j, i, a, b] = weight[a, b, i, j]
    return y


@to_torch.wrong(
    "the weight from JAX is flipped once too often, or not at all",
    "Without transpose_kernel JAX stamps the kernel flipped. To get the same stamps, PyTorch needs it "
    "flipped.",
)
def _jax_unflipped(weight, library):
    return weight.transpose(2, 3, 0, 1) if library == "jax" else _moved(weight, library)


@to_torch.wrong(
    "the weight from Keras is flipped",
    "Keras stamps the kernel as it is, like PyTorch: its axes move and nothing else.",
)
def _keras_flipped(weight, library):
    return _moved(weight[::-1, ::-1] if library == "keras" else weight, library)


@to_torch.wrong(
    "in the weights from Keras and from JAX, the axes in and out are swapped",
    "In PyTorch the weight of a transposed convolution begins with the channels that it takes: in, then out.",
)
def _channels_exchanged(weight, library):
    y = _moved(weight, library)
    return y if library == "onnx" else y.swapaxes(0, 1)


@to_torch.wrong(
    "in the weight from JAX, the axes in and out are swapped",
    "Keras and JAX differ in the last axes: Keras has (m₁, m₂, out, in), JAX (m₁, m₂, in, out).",
)
def _jax_exchanged(weight, library):
    y = _moved(weight, library)
    return y.swapaxes(0, 1) if library == "jax" else y


@to_torch.wrong(
    "the weight from JAX is treated like the one from Keras",
    "JAX differs twice: its axes are (m₁, m₂, in, out), Keras has (m₁, m₂, out, in), and only JAX needs "
    "the flip.",
)
def _jax_as_keras(weight, library):
    return weight if library == "onnx" else _moved(weight, "keras")


@to_torch.wrong(
    "rows and columns of the kernel are swapped",
    "m₁ must stand before m₂: the two spatial axes keep their order. (weight.T reverses the order of all "
    "four axes.)",
)
def _all_reversed(weight, library):
    y = _moved(weight, library)
    return y if library == "onnx" else y.swapaxes(2, 3)


@to_torch.wrong(
    "the weight from JAX is flipped on m₁ only, not on m₂",
    "Flip on both spatial axes, m₁ and m₂, and never on the channels.",
)
def _columns_unflipped(weight, library):
    return _moved(weight[:, ::-1] if library == "jax" else weight, library)


@to_torch.wrong(
    "the weight from JAX is flipped on m₂ only, not on m₁",
    "Flip on both spatial axes, m₁ and m₂, and never on the channels.",
)
def _rows_unflipped(weight, library):
    return _moved(weight[::-1] if library == "jax" else weight, library)


@to_torch.wrong(
    "the numbers keep their order, as if only the shape were changed",
    "reshape keeps the order of the numbers and changes only the shape. transpose or moveaxis moves axes.",
)
def _reshaped(weight, library):
    wanted = _moved(weight, library).shape
    return (weight[::-1, ::-1] if library == "jax" else weight).reshape(wanted)


@to_torch.wrong(
    "the axes of the weight from ONNX change places, too",
    "ONNX keeps PyTorch's layout: return that weight as it is.",
)
def _onnx_moved(weight, library):
    return _moved(weight, "keras" if library == "onnx" else library)


port_same = Answers("port_same")


@port_same.inputs
def _(rng):
    yield 3, 2
    yield 1, 1
    yield 2, 2
    yield 4, 2
    yield 5, 2
    yield 2, 3
    yield 3, 1
    yield 1, 4
    yield 7, 3
    yield 6, 1
    yield 9, 2
    yield 8, 3
    for _ in range(4):
        yield tuple(int(v) for v in rng.integers([1, 1], [15, 8]))
    # what a changed value or condition would pass without
    yield 12, 1


@port_same.right
def _cases(m, stride):
    if m < stride:
        return 0, stride - m, 0
    drop = 1 if (m - stride) % 2 else 0
    return (m - stride - drop) // 2, 0, drop


@port_same.right
def _search(m, stride):
    n = 3
    before = max(m - stride, 0) // 2
    wanted = list(range(before, before + stride * n))
    for output_padding in range(stride):
        for drop in range(m + 1):
            stop = stride * (n - 1) + m - before + output_padding - drop
            if list(range(before, stop)) == wanted:
                return before, output_padding, drop
    return None


@port_same.wrong(
    "the odd sample is cropped at the start",
    "That is what padding 1 and output_padding 1 do for m = 3 and stride 2. Keras crops the odd one at the "
    "end: padding is the smaller half.",
)
def _odd_at_start(m, stride):
    crop = max(m - stride, 0)
    return (crop + 1) // 2, crop % 2 if m > stride else stride - m, 0


@port_same.wrong(
    "padding is half the kernel, as at stride 1",
    "With (m − 1)/2 and output_padding the size is right, but the start is not. Keras crops m − s in all, half of "
    "it at the start.",
)
def _half_kernel(m, stride):
    padding = (m - 1) // 2
    return padding, max(stride - m + 2 * padding, 0), max(m - stride - 2 * padding, 0)


@port_same.wrong(
    "m < s is treated like m > s",
    "If m < s there is nothing to crop. The s − m samples that are missing come from output_padding.",
)
def _short_kernel(m, stride):
    return (m - stride) // 2, 0, (m - stride) % 2


@port_same.wrong(
    "everything is cropped at the end",
    "Half of the m − s samples must be cropped at the start, and only padding can do this.",
)
def _all_at_end(m, stride):
    return 0, max(stride - m, 0), max(m - stride, 0)


@port_same.wrong(
    "where m − s is odd, output_padding is 1 instead of drop",
    "output_padding makes the output longer. With an odd m − s one sample too many is left: drop it.",
)
def _output_padding_crops(m, stride):
    crop = max(m - stride, 0)
    return crop // 2, max(stride - m, crop % 2), 0


@port_same.wrong(
    "padding is all of m − s, not half of it",
    "padding p crops p at each end, 2p in all.",
)
def _both_ends(m, stride):
    return max(m - stride, 0), max(stride - m, 0), 0


@port_same.wrong(
    "padding is rounded up and nothing is dropped",
    "Then one sample too few is left where m − s is odd. Round down, and drop the odd one at the end.",
)
def _rounded_up(m, stride):
    return (max(m - stride, 0) + 1) // 2, max(stride - m, 0), 0


@port_same.wrong(
    "the missing zeros are split between both sides",
    "If m < s, Keras appends all s − m zeros at the end, and so does output_padding.",
)
def _zeros_both_sides(m, stride):
    crop = max(m - stride, 0)
    return crop // 2 - max(stride - m, 0) // 2, (max(stride - m, 0) + 1) // 2, crop % 2


@port_same.wrong(
    "where m < s, output_padding is s − 1 and the rest is dropped",
    "The outputs are right, but output_padding is to be as small as possible: append no more than is missing.",
)
def _largest_output_padding(m, stride):
    if m >= stride:
        return (m - stride) // 2, 0, (m - stride) % 2
    return 0, stride - 1, m - 1


@port_same.wrong(
    "where m < s, only half of the missing samples are appended, rounded up",
    "The crop is shared by two ends. But of the s − m zeros all are appended, at one end.",
)
def _half_appended(m, stride):
    crop = max(m - stride, 0)
    return crop // 2, (max(stride - m, 0) + 1) // 2, crop % 2
