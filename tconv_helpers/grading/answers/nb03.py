"""Notebook 03: the matrix, its transpose without the matrix, the dot test, what no inverse brings back."""

import numpy as np

from ...exercises.values import LinearMap
from . import FAR, INTS_CUT, RETURNS_EARLY, Answers

toeplitz_matrix = Answers("toeplitz_matrix")


def _band(k, n):
    """Return the matrix of Eq. 7."""
    return sum(entry * np.eye(n - len(k) + 1, n, a) for a, entry in enumerate(k))


@toeplitz_matrix.inputs
def _(rng):
    yield np.array([1, 2]), 3
    yield np.array([5]), 1
    yield np.array([1, 2, 3]), 3
    yield np.array([1, 2, 3]), 7
    yield np.array([4]), 3
    yield np.array([0.5, 1.5, 0.25]), 5
    yield np.array([2, 0, 0, 7]), 6
    for m, n in [(2, 5), (5, 6), (3, 8)]:
        yield rng.integers(1, 10, m), n
    # what a changed value or condition would pass without
    yield FAR[:5], 6
    yield np.array([1, 0]), 3


@toeplitz_matrix.right
def _entry_by_entry(k, n):
    A = np.zeros((n - len(k) + 1, n))
    for i in range(len(A)):
        for u in range(n):
            if 0 <= u - i < len(k):
                A[i, u] = k[u - i]
    return A


@toeplitz_matrix.right
def _rolled_rows(k, n):
    first = np.append(k, np.zeros(n - len(k)))
    return np.array([np.roll(first, i) for i in range(n - len(k) + 1)])


@toeplitz_matrix.wrong(
    "the kernel stands back to front in the rows",
    "Row i holds what output i multiplies, in the order of the samples: k₁ first. In the rows of the "
    "transpose it stands reversed.",
)
def _rows_reversed(k, n):
    return _band(k[::-1], n)


@toeplitz_matrix.wrong(
    "it returns the transpose of A",
    "A has a row for each output and a column for each sample: A @ x must be the convolution.",
)
def _transposed(k, n):
    return _band(k, n).T


@toeplitz_matrix.wrong(
    "the matrix is square and the last rows hold cut kernels",
    "An output needs its whole kernel inside the signal, so there are n − m + 1 rows.",
)
def _square(k, n):
    return sum(entry * np.eye(n, n, a) for a, entry in enumerate(k))


@toeplitz_matrix.wrong(
    "the kernel wraps round from the last column to the first",
    "In the last row the kernel ends in the last column: there are n − m + 1 rows, and none wraps round.",
)
def _circulant(k, n):
    first = np.append(k, np.zeros(n - len(k)))
    return np.array([np.roll(first, i) for i in range(n)])


@toeplitz_matrix.wrong(
    "A also has rows where the kernel lies only partly inside the signal",
    "That is the matrix of a convolution with padding m − 1. Without padding there are n − m + 1 rows.",
)
def _full_matrix(k, n):
    return _band(k, n + 2 * len(k) - 2)[:, len(k) - 1 : n + len(k) - 1]


@toeplitz_matrix.wrong(
    "the last row is missing", "There are n − m + 1 outputs, and range(n − m) ends before the last."
)
def _row_short(k, n):
    return _band(k, n)[:-1]


@toeplitz_matrix.wrong(
    "the kernel does not move from row to row",
    "Output i reads from sample i on, so row i starts with i zeros.",
)
def _not_moved(k, n):
    return np.tile(np.append(k, np.zeros(n - len(k))), (n - len(k) + 1, 1))


@toeplitz_matrix.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _matrix_truncated(k, n):
    return _band(k, n).astype(int)


@toeplitz_matrix.wrong(
    "k is read one entry too far, as if the + 1 of the equation were kept",
    "Counted from 0 the entry is k[u − i]: the + 1 goes away, since each of the three indices loses one.",
)
def _entry_plus_one(k, n):
    return np.pad(_band(k, n), ((0, 0), (0, 1)))[:, 1:]


settings_matrix = Answers("settings_matrix")


@settings_matrix.inputs
def _(rng):
    yield np.array([1, 2]), 3, 2, 1, 1
    yield np.array([3]), 1, 1, 0, 1
    yield np.array([1, 2, 3]), 5, 1, 0, 1
    yield np.array([1, 2, 3]), 7, 2, 0, 1
    yield np.array([1, 2, 3]), 7, 1, 0, 2
    yield np.array([1, 2, 3]), 4, 1, 1, 1
    yield np.array([1, 2, 3]), 1, 2, 2, 2
    yield np.array([0.5, 1.5]), 6, 3, 1, 2
    yield np.array([4, 5]), 7, 3, 0, 1
    yield np.array([1, 2, 3]), 8, 2, 3, 1
    for m, n, stride, padding, dilation in [
        (3, 8, 2, 2, 3),
        (4, 6, 1, 2, 1),
        (2, 9, 4, 1, 2),
        (3, 10, 3, 1, 2),
        (5, 4, 1, 4, 1),
    ]:
        yield rng.integers(1, 10, m), n, stride, padding, dilation
    # what a changed value or condition would pass without
    yield FAR, 8, 2, 3, 1
    yield np.array([0, 3]), 2, 1, 0, 1


def _rows(n, m, stride, padding, dilation):
    return (n + 2 * padding - dilation * (m - 1) - 1) // stride + 1


@settings_matrix.right
def _crop_columns(k, n, stride, padding, dilation):
    rows = _rows(n, len(k), stride, padding, dilation)
    A = np.zeros((rows, n + 2 * padding))
    reach = dilation * (len(k) - 1) + 1
    for i in range(rows):
        A[i, stride * i : stride * i + reach : dilation] = k
    return A[:, padding : padding + n]


@settings_matrix.right
def _by_columns(k, n, stride, padding, dilation):
    columns = []
    for u in range(n):
        column = []
        for i in range(_rows(n, len(k), stride, padding, dilation)):
            a, rest = divmod(u + padding - stride * i, dilation)
            column.append(k[a] if rest == 0 and 0 <= a < len(k) else 0)
        columns.append(column)
    return np.array(columns).T


def _entries(k, n, rows, column):
    """Return a matrix with n columns and k[a] at (i, column(i, a)), dropped outside."""
    A = np.zeros((max(rows, 0), n))
    for i in range(rows):
        for a, entry in enumerate(k):
            if 0 <= column(i, a) < n:
                A[i, column(i, a)] = entry
    return A


@settings_matrix.wrong("stride is ignored", "From row to row the kernel moves on by `stride` columns.")
def _settings_no_stride(k, n, stride, padding, dilation):
    return _crop_columns(k, n, 1, padding, dilation)


@settings_matrix.wrong(
    "stride and dilation are swapped in the columns, but not in the number of rows",
    "Stride lies between two rows, dilation between two kernel entries within a row.",
)
def _swapped(k, n, stride, padding, dilation):
    rows = _rows(n, len(k), stride, padding, dilation)
    return _entries(k, n, rows, lambda i, a: dilation * i + stride * a - padding)


@settings_matrix.wrong(
    "padding is ignored", "With padding the first row starts `padding` columns before the first sample."
)
def _no_padding(k, n, stride, padding, dilation):
    return _entries(k, n, _rows(n, len(k), stride, 0, dilation), lambda i, a: stride * i + dilation * a)


@settings_matrix.wrong(
    "padding moves the kernel the wrong way",
    "The first place of the kernel lies left of the first sample, so padding is subtracted from the column.",
)
def _padding_sign(k, n, stride, padding, dilation):
    rows = _rows(n, len(k), stride, padding, dilation)
    return _entries(k, n, rows, lambda i, a: stride * i + dilation * a + padding)


@settings_matrix.wrong(
    "the padding's own columns are still there",
    "The zeros of the padding are no samples: x has n entries, so A has n columns.",
)
def _wide(k, n, stride, padding, dilation):
    return _crop_columns(k, n + 2 * padding, stride, 0, dilation)


@settings_matrix.wrong(
    "dilation is ignored in the number of rows",
    "Dilated, the kernel reaches over dilation (m − 1) + 1 columns, so it fits in fewer places (Eq. 11).",
)
def _rows_without_dilation(k, n, stride, padding, dilation):
    rows = _rows(n, len(k), stride, padding, 1)
    return _entries(k, n, rows, lambda i, a: stride * i + dilation * a - padding)


@settings_matrix.wrong(
    "dilation is ignored in the columns", "Neighbouring kernel entries stand `dilation` columns apart."
)
def _columns_without_dilation(k, n, stride, padding, dilation):
    rows = _rows(n, len(k), stride, padding, dilation)
    return _entries(k, n, rows, lambda i, a: stride * i + a - padding)


@settings_matrix.wrong(
    "columns before the first wrap round to the end",
    "A negative column means a zero of the padding, but Python's A[i, −1] is the last column. Leave it out.",
)
def _columns_wrap(k, n, stride, padding, dilation):
    A = np.zeros((_rows(n, len(k), stride, padding, dilation), n))
    for i in range(len(A)):
        for a, entry in enumerate(k):
            if stride * i + dilation * a - padding < n:
                A[i, stride * i + dilation * a - padding] = entry
    return A


@settings_matrix.wrong(
    "columns outside the signal are not left out",
    "Some columns fall before the first, where Python counts from the end, and some after the last. They "
    "belong to the padding: write only where 0 ≤ column < n.",
)
def _no_column_bounds(k, n, stride, padding, dilation):
    A = np.zeros((_rows(n, len(k), stride, padding, dilation), n))
    for i in range(len(A)):
        for a, entry in enumerate(k):
            A[i, stride * i + dilation * a - padding] = entry
    return A


@settings_matrix.wrong(
    "padding is counted on one side only", "Zeros stand on both sides: n + 2 padding in Eq. 11."
)
def _padded_left(k, n, stride, padding, dilation):
    rows = (n + padding - dilation * (len(k) - 1) - 1) // stride + 1
    return _entries(k, n, rows, lambda i, a: stride * i + dilation * a - padding)


@settings_matrix.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _settings_truncated(k, n, stride, padding, dilation):
    return _crop_columns(k, n, stride, padding, dilation).astype(int)


@settings_matrix.wrong(
    "only the first row is filled in, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _settings_early(k, n, stride, padding, dilation):
    A = _crop_columns(k, n, stride, padding, dilation)
    A[1:] = 0
    return A


@settings_matrix.wrong(
    "a negative index wraps to the end: columns before the first are added to those counted from the end",
    "Before the first sample there are only zeros of the padding, and no column. Python's A[i, −1] is the last "
    "one.",
)
def _columns_wrap_and_add(k, n, stride, padding, dilation):
    A = np.zeros((_rows(n, len(k), stride, padding, dilation), n))
    for i in range(len(A)):
        for a, entry in enumerate(k):
            if -n <= stride * i + dilation * a - padding < n:
                A[i, stride * i + dilation * a - padding] += entry
    return A


@settings_matrix.wrong(
    "the rows start stride · padding columns too far left, not padding",
    "Padding is counted in samples: the zeros in front are `padding` many, whatever the stride.",
)
def _padding_times_stride(k, n, stride, padding, dilation):
    rows = _rows(n, len(k), stride, padding, dilation)
    return _entries(k, n, rows, lambda i, a: stride * (i - padding) + dilation * a)


is_toeplitz = Answers("is_toeplitz")


@is_toeplitz.inputs
def _(rng):
    yield (np.array([[1, 2], [3, 1]]),)
    yield (np.array([[1, 2], [2, 3]]),)
    yield (np.array([[4]]),)
    yield (np.array([[1, 2, 3, 0], [0, 1, 2, 3]]),)
    yield (np.array([[1, 2, 0, 0], [0, 0, 1, 2]]),)
    yield (np.array([[1], [2], [3]]),)
    yield (np.array([[3, 1, 4]]),)
    yield (np.array([[1, 2, 3], [2, 1, 2], [3, 2, 1]]),)
    yield (np.array([[1, 2, 3], [4, 1, 2], [5, 4, 2]]),)
    yield (np.array([[1, 2, 3], [4, 1, 2], [5, 6, 1]]),)
    yield (np.array([[1, 2, 3], [4, 1, 5], [6, 4, 1]]),)
    yield (np.array([[1, 2, 3], [3, 1, 2], [2, 3, 1]]),)
    yield (np.array([[1, 2, 3], [2, 3, 1], [3, 1, 2]]),)
    yield (np.array([[0.5, 2], [1, 0.25]]),)
    yield (np.array([[1, 0], [2, 1], [0, 2]]),)
    yield (np.array([[1, 0], [2, 1], [0, 3]]),)
    yield (np.array([[0, 1], [2, 1e-12]]),)
    yield (np.array([[1, 2], [3, 1.00001]]),)
    for rows, columns in [(3, 5), (5, 3), (4, 4)]:
        diagonals = rng.integers(1, 9, rows + columns)
        A = diagonals[np.arange(columns) - np.arange(rows)[:, None] + rows]
        yield (A,)
        for place in [(0, columns - 1), (rows - 1, 1), (1, 1), (rows - 1, columns - 1)]:
            changed = A.copy()
            changed[place] += 1
            yield (changed,)
    # what a changed value or condition would pass without
    yield (np.array([[1009, 2018], [3027, 1009]]),)
    yield (np.array([[-1, -2], [-3, -1]]),)
    yield (np.array([[0.01, 0.02], [0.03, 0.01]]),)
    yield (np.array([[1, 2, 3, 4, 5], [6, 1, 2, 3, 9]]),)
    yield (np.full((3, 3), 0.1),)


@is_toeplitz.right
def _neighbours(A):
    for i in range(1, A.shape[0]):
        for j in range(1, A.shape[1]):
            if A[i, j] != A[i - 1, j - 1]:
                return False
    return True


@is_toeplitz.right
def _diagonals(A):
    rows, columns = A.shape
    return all(len(set(A.diagonal(d).tolist())) == 1 for d in range(1 - rows, columns))


@is_toeplitz.wrong(
    "it follows the diagonals that go down to the left",
    "The index of k is u − i: it stays the same where row and column both grow by 1.",
)
def _hankel(A):
    return np.array_equal(A[1:, :-1], A[:-1, 1:])


@is_toeplitz.wrong(
    "only the main diagonal is looked at",
    "Every diagonal must hold one number, those beside the main one as well.",
)
def _main_diagonal(A):
    return len(set(A.diagonal().tolist())) == 1


@is_toeplitz.wrong(
    "it tests whether the matrix is symmetric",
    "Entries above and below the diagonal may differ. The lecture's matrix is 5 × 7, so it cannot be "
    "symmetric.",
)
def _symmetric(A):
    return np.array_equal(A, A.T)


@is_toeplitz.wrong(
    "it returns False for every matrix that is not square",
    "The lecture's matrix is 5 × 7 and Toeplitz. Compare neighbours on a diagonal, whatever the shape.",
)
def _only_square(A):
    return A.shape[0] == A.shape[1] and _diagonals(A)


@is_toeplitz.wrong(
    "it returns False unless the last entry of each row is also the first entry of the next",
    "That is a circulant matrix, a special case. In a Toeplitz matrix the first column is free.",
)
def _asks_circulant(A):
    return all(np.array_equal(np.roll(A[i - 1], 1), A[i]) for i in range(1, len(A)))


@is_toeplitz.wrong(
    "the diagonals below the main one are not looked at",
    "There are rows + columns − 1 diagonals. Those below the main one begin in the first column.",
)
def _upper_only(A):
    return all(len(set(A.diagonal(d).tolist())) == 1 for d in range(A.shape[1]))


@is_toeplitz.wrong(
    "it compares which numbers the rows hold, not where they stand",
    "With stride 2 each row holds the same numbers too, but the kernel moves on by two. The places count.",
)
def _same_numbers(A):
    return all(np.array_equal(np.sort(row), np.sort(A[0])) for row in A)


@is_toeplitz.wrong(
    "only the first two rows are compared", "Every row must be the row above it, moved on by one column."
)
def _two_rows(A):
    return len(A) < 2 or np.array_equal(A[0, :-1], A[1, 1:])


@is_toeplitz.wrong(
    "only A[0, 0] and A[1, 1] are compared",
    "One pair of equal neighbours proves nothing: return True only when all pairs have been compared.",
)
def _first_pair(A):
    return bool(min(A.shape) == 1 or A[0, 0] == A[1, 1])


@is_toeplitz.wrong(
    "small differences are overlooked",
    "np.allclose counts 1 and 1.00001 as equal. Here the question is an exact one: np.array_equal, or ==.",
)
def _closely(A):
    return np.allclose(A[1:, 1:], A[:-1, :-1])


matrix_of = Answers("matrix_of")


@matrix_of.inputs
def _(rng):
    yield LinearMap([[1, 2, 0], [0, 1, 2]]), 3
    yield LinearMap([[5]]), 1
    yield LinearMap([[1, 2, 3]]), 3
    yield LinearMap([[1], [2], [3]]), 1
    yield LinearMap([[0, 1], [2, 3]]), 2
    yield LinearMap([[0.5, 1.5], [0.25, 0.5]]), 2
    yield LinearMap([[1, 2, 0, 0], [0, 0, 1, 2]]), 4
    for rows, columns in [(4, 3), (2, 5), (4, 4)]:
        yield LinearMap(rng.integers(-9, 10, (rows, columns))), columns


@matrix_of.right
def _stack(f, n):
    return np.stack([f(e) for e in np.eye(n)], axis=1)


@matrix_of.right
def _differences(f, n):
    base = f(np.zeros(n))
    A = np.zeros((len(base), n))
    for u in range(n):
        moved = np.zeros(n)
        moved[u] = 2
        A[:, u] = (f(moved) - base) / 2
    return A


@matrix_of.wrong(
    "it returns the transpose of A, with f's answers as its rows",
    "A times the unit vector e_u is column u of A. Each answer has as many entries as A has rows.",
)
def _as_rows(f, n):
    return np.array([f(e) for e in np.eye(n)])


@matrix_of.wrong(
    "column u is the sum of all columns up to u, as if the ones of earlier calls were still there",
    "An x with several ones gives a sum of columns. Start each x from zeros.",
)
def _cumulative(f, n):
    return np.stack([f(e) for e in np.tril(np.ones((n, n)))], axis=1)


@matrix_of.wrong("the columns come in reverse order", "The x with its 1 at place u gives column u.")
def _columns_reversed(f, n):
    return _stack(f, n)[:, ::-1]


@matrix_of.wrong(
    "each column is the one before it, moved down by one in a circle",
    "That is so for some convolutions, but f may be any linear function. Call it once for each column.",
)
def _shifted(f, n):
    first = f(np.eye(n)[0])
    return np.stack([np.roll(first, u) for u in range(n)], axis=1)


@matrix_of.wrong(
    "only the first row and column are those of f, and the rest is copied from them along the diagonals",
    "f may be any linear function, one with stride for instance: first row and first column do not tell the "
    "rest.",
)
def _assumes_toeplitz(f, n):
    A = _stack(f, n)
    for i in range(1, A.shape[0]):
        A[i, 1:] = A[i - 1, :-1]
    return A


@matrix_of.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _matrix_of_ints(f, n):
    return _stack(f, n).astype(int)


@matrix_of.wrong(
    "column u, counted from 0, is u + 1 times too large",
    "f is linear: an x with a 3 in it gives three times the column. Use a 1, or divide.",
)
def _scaled(f, n):
    return np.stack([f((u + 1) * np.eye(n)[u]) for u in range(n)], axis=1)


@matrix_of.wrong(
    "only the first column is filled in, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _matrix_early(f, n):
    A = _stack(f, n)
    A[:, 1:] = 0
    return A


transpose_times = Answers("transpose_times")


@transpose_times.inputs
def _(rng):
    yield np.array([1, 10]), np.array([1, 2, 3]), 4, 2, 1
    yield np.array([2]), np.array([5]), 1, 1, 0
    yield np.array([1, 10]), np.array([1, 2, 3]), 4, 1, 0
    yield np.array([1, 10, 100]), np.array([1, 2, 3]), 3, 1, 1
    yield np.array([1, 10, 100]), np.array([1, 2, 3]), 7, 2, 0
    yield np.array([1, 10]), np.array([1, 2]), 6, 3, 0
    yield np.array([0.5, 1.5]), np.array([0.25, 3.0]), 3, 2, 1
    yield np.array([1, 10, 100]), np.array([1, 2, 3]), 1, 1, 2
    yield np.array([7]), np.array([1, 2]), 4, 5, 0
    yield np.array([1, 3]), np.array([0.5, 1.25]), 4, 2, 0
    yield np.array([0.5, 1.25]), np.array([1, 3]), 4, 2, 0
    for n, m, stride, padding in [(9, 4, 2, 1), (10, 2, 4, 1), (6, 5, 3, 2), (8, 3, 1, 2), (5, 7, 1, 3)]:
        y = rng.integers(-9, 10, _rows(n, m, stride, padding, 1))
        yield y, rng.integers(-9, 10, m), n, stride, padding
    # what a changed value or condition would pass without
    yield np.array([6, 2]), FAR[:5], 6, 3, 2
    yield FAR[:5], np.array([5, -1, 1, 2, 5, -7, 5]), 5, 1, 3
    yield np.array([-3, 2, 6]), np.array([4, 4, 9, 9]), 10, 4, 1
    yield np.arange(1, 8), np.array([1, 10]), 2, 1, 3


@transpose_times.right
def _through_the_matrix(y, k, n, stride, padding):
    return _crop_columns(k, n, stride, padding, 1).T @ y


@transpose_times.right
def _each_sample(y, k, n, stride, padding):
    result = np.zeros(n)
    for u in range(n):
        for i in range(len(y)):
            a = u + padding - stride * i
            if 0 <= a < len(k):
                result[u] += y[i] * k[a]
    return result


def _stamped(y, k, n, stride):
    wide = np.zeros(n)
    for i, value in enumerate(y):
        wide[stride * i : stride * i + len(k)] += value * k
    return wide


@transpose_times.wrong(
    "the padding's own entries are still there",
    "On the way there padding adds zeros to x; on the way back what falls on them is cut off. The result has "
    "n entries.",
)
def _not_cropped(y, k, n, stride, padding):
    return _stamped(y, k, n + 2 * padding, stride)


@transpose_times.wrong(
    "padding is ignored, or cut off at the right end only",
    "Output 0 starts `padding` places before the first sample. What it stamps there is lost on the left.",
)
def _cropped_right(y, k, n, stride, padding):
    return _stamped(y, k, n + 2 * padding, stride)[:n]


@transpose_times.wrong(
    "padding moves the stamps the wrong way",
    "Row i of A starts at column stride · i − padding. Its transpose stamps there, too.",
)
def _added(y, k, n, stride, padding):
    return np.append(np.zeros(padding), _stamped(y, k, n + 2 * padding, stride))[:n]


@transpose_times.wrong(
    "stride is ignored", "Row i of A starts at column stride · i − padding, and so does stamp i."
)
def _stamps_no_stride(y, k, n, stride, padding):
    return _stamped(y, k, n + len(y) + len(k) + 2 * padding, 1)[padding : padding + n]


@transpose_times.wrong(
    "the kernel is flipped",
    "Column i of the transpose is row i of A: the kernel, first entry first. In the rows of Aᵀ it stands "
    "reversed.",
)
def _stamps_reversed(y, k, n, stride, padding):
    return _each_sample(y, k[::-1], n, stride, padding)


@transpose_times.wrong(
    "what falls left of the first sample wraps round to the end",
    "For Python an index of −1 is the last entry. Leave out a place below 0, or cut it off afterwards.",
)
def _stamps_wrap(y, k, n, stride, padding):
    result = np.zeros(n)
    for i, value in enumerate(y):
        for a, entry in enumerate(k):
            if stride * i + a - padding < n:
                result[stride * i + a - padding] += value * entry
    return result


@transpose_times.wrong(
    "the result is cut to the smallest size that fits",
    "Eq. 11 rounds down, so several n have len(y) outputs. Yours is the smallest of them. But n is given: "
    "keep n places, from the first one on.",
)
def _smallest(y, k, n, stride, padding):
    full = _stamped(y, k, stride * (len(y) - 1) + len(k), stride)
    return full[padding : len(full) - padding]


@transpose_times.wrong(
    "nothing is left when padding is 0",
    "A slice that ends at −padding ends at 0 when padding is 0, so it is empty. Count its end from the left.",
)
def _empty_slice(y, k, n, stride, padding):
    return _stamped(y, k, n + 2 * padding, stride)[padding:-padding]


@transpose_times.wrong(
    "places outside the n samples are not left out",
    "With padding some places lie before the first sample, where Python counts from the end, and some after "
    "the last. Add only where 0 ≤ place < n.",
)
def _no_bounds(y, k, n, stride, padding):
    result = np.zeros(n)
    for i, value in enumerate(y):
        for a, entry in enumerate(k):
            result[stride * i + a - padding] += value * entry
    return result


@transpose_times.wrong(
    "a later stamp overwrites an earlier one", "Overlapping stamps add up, as the sum over i says: +=, not =."
)
def _stamps_overwrite(y, k, n, stride, padding):
    wide = np.zeros(n + 2 * padding)
    for i, value in enumerate(y):
        wide[stride * i : stride * i + len(k)] = value * k
    return wide[padding : padding + n]


@transpose_times.wrong(
    "the zeros of the stride stand in the result, as if they were inserted after the convolution",
    "Transposing also reverses the order of the steps. A convolves and then drops outputs, so Aᵀ first "
    "inserts zeros and then convolves.",
)
def _zeros_late(y, k, n, stride, padding):
    full = np.convolve(y, k)
    wide = np.zeros(stride * len(full) + n + padding)
    wide[: stride * len(full) : stride] = full
    return wide[padding : padding + n]


@transpose_times.wrong(
    "fractions are cut off",
    INTS_CUT,
)
def _stamps_truncated(y, k, n, stride, padding):
    wide = np.zeros(n + 2 * padding, int)
    for i in range(len(y)):
        for a in range(len(k)):
            wide[stride * i + a] += y[i] * k[a]
    return wide[padding : padding + n]


@transpose_times.wrong(
    "only the first stamp is there, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _stamps_early(y, k, n, stride, padding):
    return _each_sample(np.append(y[:1], 0 * y[1:]), k, n, stride, padding)


@transpose_times.wrong(
    "a negative index wraps to the end: the n places before the first count from the end",
    "What falls left of the first sample is lost, but Python's y[−1] is the last entry. Add only where "
    "0 ≤ place < n.",
)
def _n_places_wrap(y, k, n, stride, padding):
    result = np.zeros(n)
    for i, value in enumerate(y):
        for a, entry in enumerate(k):
            if -n <= stride * i + a - padding < n:
                result[stride * i + a - padding] += value * entry
    return result


@transpose_times.wrong(
    "a stamp that lies partly outside the n samples is missing altogether",
    "Of such a stamp only what lies outside is lost. What is left of it counts.",
)
def _whole_stamps(y, k, n, stride, padding):
    result = np.zeros(n)
    for i, value in enumerate(y):
        if 0 <= stride * i - padding <= n - len(k):
            result[stride * i - padding : stride * i - padding + len(k)] += value * k
    return result


dot_gap = Answers("dot_gap")


@dot_gap.inputs
def _(rng):
    yield LinearMap([[1, 2]]), LinearMap([[1], [3]]), np.array([1, 1]), np.array([2])
    yield LinearMap([[1, 2]]), LinearMap([[1], [2]]), np.array([3, 1]), np.array([2])
    yield LinearMap([[4]]), LinearMap([[-4]]), np.array([1]), np.array([2])
    yield LinearMap([[0, 0]]), LinearMap([[0], [0]]), np.array([1, 2]), np.array([3])
    yield LinearMap([[5]]), LinearMap([[2]]), np.array([1]), np.array([3])
    yield LinearMap([[-3]]), LinearMap([[-2]]), np.array([1]), np.array([3])
    yield LinearMap([[-2]]), LinearMap([[-3]]), np.array([3]), np.array([1])
    yield LinearMap([[0, 1]]), LinearMap([[1], [0]]), np.array([3, 0]), np.array([2])
    yield LinearMap([[2, 0], [0, 2]]), LinearMap([[0.5, 0], [0, 0.5]]), np.array([1, 3]), np.array([2, 1])
    yield LinearMap([[0, 1], [-1, 0]]), LinearMap([[0, -1], [1, 0]]), np.array([1, 2]), np.array([3, 5])
    band = _band(np.array([1, 2, 3]), 5)
    x, y = np.array([1, 0, 2, 0, 1]), np.array([2, 0, 1])
    yield LinearMap(band), LinearMap(band.T), x, y
    yield LinearMap(band), LinearMap(_band(np.array([3, 2, 1]), 5).T), x, y
    yield LinearMap(band), LinearMap(band.T), np.array([0.1, 0.2, -0.3, 0.7, 0.1]), np.array([0.3, 0.1, -0.9])
    yield LinearMap(band), LinearMap(1.5 * band.T), np.array([-2, 1, -1, 0, 3]), np.array([1, -3, -2])
    yield LinearMap([[1, 2]]), LinearMap([[1], [3]]), np.array([1, 1]), np.array([0.5])
    yield LinearMap([[0.25]]), LinearMap([[0.125]]), np.array([1]), np.array([0.5])
    yield LinearMap([[1.000002]]), LinearMap([[1]]), np.array([2]), np.array([3])
    yield LinearMap([[1, 2]]), LinearMap([[1], [3]]), np.array([0.5, 1.5]), np.array([2])
    for rows, columns in [(3, 4), (4, 2)]:
        forward, backward = rng.integers(-9, 10, (rows, columns)), rng.integers(-9, 10, (columns, rows))
        yield (
            LinearMap(forward),
            LinearMap(backward),
            rng.integers(1, 10, columns),
            rng.integers(1, 10, rows),
        )
    # what a changed value or condition would pass without
    yield LinearMap(band), LinearMap(band.T), FAR[:5], np.array([2, 0, 1])
    yield LinearMap([[5]]), LinearMap([[2]]), np.array([1]), np.array([0])
    yield LinearMap([[5]]), LinearMap([[2]]), np.array([1]), np.array([0.03])
    yield LinearMap([[4]]), LinearMap([[-4]]), np.array([0.01]), np.array([2])
    yield LinearMap([[3e-9]]), LinearMap([[2e-9]]), np.array([1]), np.array([1])
    square = np.array([[3, 8], [9, 7], [3, -2], [-2, -9]])
    yield LinearMap(square), LinearMap(square[::-1].T), np.array([7, 0]), FAR[2:6]
    yield LinearMap(square), LinearMap(square[::-1].T), np.array([0, 8]), np.array([7, 2, 5, 1])


def _sides(forward, backward, x, y):
    return float(forward(x) @ y), float(x @ backward(y))


def _share(gap, size):
    return gap / size if size else 0.0


@dot_gap.right
def _sums(forward, backward, x, y):
    left = sum(a * b for a, b in zip(forward(x), y, strict=True))
    right = sum(a * b for a, b in zip(x, backward(y), strict=True))
    if left == 0 and right == 0:
        return 0.0
    return max(left - right, right - left) / max(left, right, -left, -right)


@dot_gap.right
def _with_norms(forward, backward, x, y):
    sides = np.array([np.dot(forward(x), y), np.dot(backward(y), x)])
    return float(np.ptp(sides) / (np.linalg.norm(sides, np.inf) or 1))


@dot_gap.wrong(
    "the difference keeps its sign",
    "A gap is a size, so take abs. A negative number would pass every test of the form gap < 1e-12.",
)
def _signed(forward, backward, x, y):
    left, right = _sides(forward, backward, x, y)
    return _share(left - right, max(abs(left), abs(right)))


@dot_gap.wrong(
    "the difference is not divided by the size of the sides",
    "Rounding grows with the numbers. Divide by the larger of the two sizes, so that one bound fits all.",
)
def _absolute(forward, backward, x, y):
    left, right = _sides(forward, backward, x, y)
    return abs(left - right)


@dot_gap.wrong(
    "it is divided by the left side only",
    "The left side may be small, or 0, where the right one is not: take the larger size of the two.",
)
def _left_only(forward, backward, x, y):
    left, right = _sides(forward, backward, x, y)
    return 0.0 if left == right else float(np.float64(abs(left - right)) / abs(left))


@dot_gap.wrong(
    "it is divided by the sum of both sizes", "Divide by the larger of |left| and |right|, not by their sum."
)
def _both_sizes(forward, backward, x, y):
    left, right = _sides(forward, backward, x, y)
    return _share(abs(left - right), abs(left) + abs(right))


@dot_gap.wrong(
    "it is divided by the larger side, not by the larger absolute value",
    "Compare the sizes: of −6 and −9 the larger in size is −9. Take abs before max.",
)
def _negative_size(forward, backward, x, y):
    left, right = _sides(forward, backward, x, y)
    return _share(abs(left - right), max(left, right))


@dot_gap.wrong(
    "it tests for an inverse",
    "The adjoint need not bring x back. Eq. 9 compares two numbers: forward(x) with y, and x with "
    "backward(y).",
)
def _inverse(forward, backward, x, y):
    return float(abs(backward(forward(x)) - x).max() / abs(x).max())


@dot_gap.wrong(
    "x and y are replaced by ones",
    "For all ones the order of the kernel's entries does not matter. Use the x and y that are handed over.",
)
def _ones(forward, backward, x, y):
    left, right = _sides(forward, backward, np.ones(len(x)), np.ones(len(y)))
    return _share(abs(left - right), max(abs(left), abs(right)))


@dot_gap.wrong(
    "it compares the norms of forward(x) and backward(y)",
    "Each side of Eq. 9 is an inner product of two vectors: forward(x) with y, and x with backward(y).",
)
def _lengths(forward, backward, x, y):
    left, right = float(np.linalg.norm(forward(x))), float(np.linalg.norm(backward(y)))
    return _share(abs(left - right), max(left, right))


@dot_gap.wrong(
    "it is 0 as soon as one side is 0",
    "If only one side is 0, Eq. 9 fails, and the gap must tell. Which case does the statement except?",
)
def _one_side_zero(forward, backward, x, y):
    left, right = _sides(forward, backward, x, y)
    return _share(abs(left - right), max(abs(left), abs(right))) if left and right else 0.0


@dot_gap.wrong(
    "it is divided by the left side only, and 0 where that is 0",
    "The left side may be small, or 0, where the right one is not: take the larger size of the two.",
)
def _left_or_zero(forward, backward, x, y):
    left, right = _sides(forward, backward, x, y)
    return _share(abs(left - right), abs(left))


lost_dimensions = Answers("lost_dimensions")


@lost_dimensions.inputs
def _(rng):
    yield np.array([1, 1, 1]), 2, 1
    yield np.array([2]), 1, 0
    yield np.array([1, 2, 1]), 3, 0
    yield np.array([0]), 2, 0
    yield np.array([1, 1, 1]), 4, 1
    yield np.array([1, 1, 1]), 5, 1
    yield np.array([0, 0, 1]), 4, 1
    yield np.array([0, 1, 0]), 3, 1
    yield np.array([0, 0, 0, 0, 1]), 5, 2
    yield np.array([0, 0, 0]), 4, 1
    yield np.array([1, -1]), 3, 1
    yield np.array([1, 0, 0, 2]), 6, 0
    yield np.array([1, 2]), 5, 0
    yield np.array([0, 0, 3, 0]), 6, 1
    yield np.array([1, 0, 1]), 3, 1
    yield np.array([0.5, 0.5, 0.5]), 8, 1
    yield np.array([0, 1, 1, 0]), 2, 2
    yield rng.integers(1, 10, 4), 7, 1
    yield rng.integers(1, 10, 3), 7, 2
    # what a changed value or condition would pass without
    yield np.array([185, 185, 259, 333]), 7, 1
    yield np.array([-2]), 1, 0
    yield np.array([1, 1, -1, -1]), 3, 1
    yield np.array([0.02]), 1, 0
    yield np.array([0, 1, 0, 0]), 3, 1
    yield np.array([1, 1, 2, 2, 8, 8]), 7, 2


@lost_dimensions.unseen
def _(rng):
    for m in (2, 3, 4, 5) * 4:
        padding = int(rng.integers(0, 3))
        yield rng.integers(-1, 2, m), int(rng.integers(max(1, m - 2 * padding), 9)), padding


def _padded_band(k, n, padding):
    return _band(k, n + 2 * padding)[:, padding : padding + n]


@lost_dimensions.right
def _zero_singular_values(k, n, padding):
    A = np.zeros((n + 2 * padding - len(k) + 1, n))
    for i in range(len(A)):
        for u in range(n):
            if 0 <= u + padding - i < len(k):
                A[i, u] = k[u + padding - i]
    return n - int((np.linalg.svd(A, compute_uv=False) > 1e-9).sum())


@lost_dimensions.right
def _there_and_back(k, n, padding):
    full = np.array([np.correlate(np.pad(e, padding), k, "valid") for e in np.eye(n)])
    return int(sum(abs(np.linalg.eigvalsh(full @ full.T)) < 1e-9))


def _rank(A):
    return int(np.linalg.matrix_rank(A))


@lost_dimensions.wrong(
    "it counts the dimensions that are kept",
    "The rank says how many get through. The others of the n are lost.",
)
def _kept(k, n, padding):
    return _rank(_padded_band(k, n, padding))


@lost_dimensions.wrong(
    "it always returns m − 1",
    "That is right without padding, if k is not zero: n − m + 1 numbers are left. With padding there are "
    "more rows.",
)
def _always_m(k, n, padding):
    return len(k) - 1


@lost_dimensions.wrong(
    "it is n minus the number of rows, at least 0, as if rows never depended on each other",
    "A square matrix can be singular: for k = 1, 1, 1 with padding 1 and n = 2 both rows are the same. Ask "
    "for the rank.",
)
def _by_shape(k, n, padding):
    return n - min(n, n + 2 * padding - len(k) + 1)


@lost_dimensions.wrong(
    "the lost dimensions of y are counted",
    "Count what x loses: start from its n dimensions, not from the number of rows.",
)
def _of_outputs(k, n, padding):
    return n + 2 * padding - len(k) + 1 - _rank(_padded_band(k, n, padding))


@lost_dimensions.wrong(
    "only samples that do not reach y at all are counted",
    "A sample may be read and still not be recoverable: only sums of it with others reach y.",
)
def _zero_columns(k, n, padding):
    return int((_padded_band(k, n, padding) == 0).all(axis=0).sum())


@lost_dimensions.wrong(
    "a singular square matrix is taken to lose exactly one dimension",
    "A determinant of 0 says that something is lost, not how much: it may be one dimension, several or all.",
)
def _determinant(k, n, padding):
    A = _padded_band(k, n, padding)
    return int(abs(np.linalg.det(A)) < 1e-9) if len(A) == n else n - _rank(A)


@lost_dimensions.wrong(
    "the zeros of the padding are counted as dimensions of x",
    "x has n dimensions, and A has n columns. Cut off the columns that would read the padding.",
)
def _padding_counts(k, n, padding):
    return n + 2 * padding - _rank(_band(k, n + 2 * padding))


@lost_dimensions.wrong(
    "padding is ignored",
    "Padding adds rows to A, for outputs that read only samples near the border. With them fewer dimensions "
    "may be lost.",
)
def _unpadded(k, n, padding):
    return n - _rank(_band(k, n)) if n >= len(k) else n


@lost_dimensions.wrong(
    "it is n minus the number of rows, even below 0",
    "More rows than columns bring nothing more, and rows may depend on each other. Only the rank tells.",
)
def _columns_less_rows(k, n, padding):
    return len(k) - 1 - 2 * padding
