"""Notebook 07: the sizes, the design and the parameters of a chain, the checkerboard, the receptive field."""

import numpy as np

from . import FAR, RETURNS_EARLY, Answers

chain_sizes = Answers("chain_sizes")


@chain_sizes.inputs
def _(rng):
    yield ([(7, 1, 0), (4, 2, 1), (4, 2, 1)],)
    yield ([(3, 1, 0)],)
    yield ([(4, 1, 0), (3, 2, 1)],)
    yield ([(5, 3, 1)],)
    yield ([(4, 1, 0), (2, 2, 0), (3, 1, 1)],)
    yield ([(8, 1, 0), (4, 2, 1), (4, 2, 1), (4, 2, 1)],)
    yield ([(1, 1, 0), (2, 5, 0), (1, 3, 0)],)
    yield ([(5, 1, 0), (3, 1, 2)],)
    for count in (2, 3, 4):
        layers = [(int(rng.integers(4, 9)), 1, 0)]
        layers += [tuple(int(v) for v in rng.integers([4, 2, 0], [8, 5, 2])) for _ in range(count)]
        yield (layers,)


@chain_sizes.right
def _sizes_from_stamps(layers):
    n, sizes = 1, [1]
    for m, s, p in layers:
        starts = range(0, s * n, s)
        n = starts[-1] + m - p - p
        sizes += [n]
    return sizes


@chain_sizes.right
def _sizes_recursive(layers):
    if not layers:
        return [1]
    before = _sizes_recursive(layers[:-1])
    m, s, p = layers[-1]
    return [*before, s * before[-1] - s + m - 2 * p]


def _chained(layers, size):
    sizes = [1]
    for m, s, p in layers:
        sizes.append(size(sizes[-1], m, s, p))
    return sizes


@chain_sizes.wrong(
    "the first size, 1, is missing", "The list begins with the size before any layer, which is 1."
)
def _sizes_without_first(layers):
    return _chained(layers, lambda n, m, s, p: s * (n - 1) + m - 2 * p)[1:]


@chain_sizes.wrong(
    "padding makes the output larger", "In a transposed convolution padding crops: p pixels go at each edge."
)
def _sizes_padded(layers):
    return _chained(layers, lambda n, m, s, p: s * (n - 1) + m + 2 * p)


@chain_sizes.wrong("padding is counted on one side only", "p pixels go at each of the two edges: 2p.")
def _sizes_once(layers):
    return _chained(layers, lambda n, m, s, p: s * (n - 1) + m - p)


@chain_sizes.wrong(
    "the stride counts n steps instead of n − 1",
    "Between n stamps there are n − 1 steps. One pixel stamps once, whatever the stride.",
)
def _sizes_steps(layers):
    return _chained(layers, lambda n, m, s, p: s * n + m - 2 * p)


@chain_sizes.wrong(
    "every layer is given one pixel, as if it were the first",
    "A layer's input is the output of the one before it: take the last size in the list.",
)
def _sizes_unchained(layers):
    return [1] + [m - 2 * p for m, s, p in layers]


@chain_sizes.wrong(
    "the size is only multiplied by the stride; with stride 1 it is the kernel's size",
    "That holds for kernel 4, stride 2, padding 1. Eq. 12 is for any layer.",
)
def _sizes_multiplied(layers):
    return _chained(layers, lambda n, m, s, p: s * n if s > 1 else m)


@chain_sizes.wrong(
    "the sizes are those of convolutions, which divide by the stride",
    "A convolution divides by the stride and shrinks. This chain grows: multiply by the stride, Eq. 12.",
)
def _sizes_down(layers):
    return _chained(layers, lambda n, m, s, p: (n + 2 * p - m) // s + 1)


@chain_sizes.wrong(
    "only the first layer is computed, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _sizes_early(layers):
    return _sizes_recursive(layers[:1])


@chain_sizes.wrong(
    "a layer with a stride above 1 only multiplies the size by it",
    "That holds for kernel 4, stride 2, padding 1. Eq. 12 is for any layer.",
)
def _sizes_strides_multiply(layers):
    return _chained(layers, lambda n, m, s, p: s * n if s > 1 else n - 1 + m - 2 * p)


@chain_sizes.wrong(
    "the size is that of the first kernel, and then only multiplied by the stride",
    "Padding crops, in the first layer, too. Kernel and padding count in each: Eq. 12 is for any layer.",
)
def _sizes_kernel_then_multiplied(layers):
    sizes = [1]
    for i, (m, s, _) in enumerate(layers):
        sizes.append(s * sizes[-1] if i else m)
    return sizes


design_chain = Answers("design_chain")


@design_chain.inputs
def _(rng):
    yield 28, 8
    yield 30, 8
    yield 1, 1
    yield 5, 8
    yield 8, 8
    yield 16, 8
    yield 9, 8
    yield 14, 7
    yield 48, 5
    yield 64, 2
    yield 24, 1
    for _ in range(6):
        k, doublings, more = (int(v) for v in rng.integers([2, 0, 0], [9, 5, 4]))
        yield k * 2**doublings, k + more
    yield int(rng.integers(10, 40)) * 2 + 1, int(rng.integers(2, 9))
    # what a changed value or condition would pass without
    yield 112, 7
    yield 3, 20


def _chain(kernel, doublings):
    return [(kernel, 1, 0)] + doublings * [(4, 2, 1)]


@design_chain.right
def _design_by_trying(size, largest):
    for doublings in range(size + 1):
        kernel, rest = divmod(size, 2**doublings)
        if kernel <= largest:
            return None if rest else _chain(kernel, doublings)


@design_chain.right
def _design_recursive(size, largest):
    if size <= largest:
        return [(size, 1, 0)]
    shorter = _design_recursive(size // 2, largest) if size % 2 == 0 else None
    return shorter and [*shorter, (4, 2, 1)]


def _halved(size, goes_on):
    doublings = 0
    while goes_on(size):
        size, doublings = size // 2, doublings + 1
    return _chain(size, doublings)


@design_chain.wrong(
    "an odd size is halved and rounded",
    "Doubling 7 gives 14, never 15. If an odd size is still too large, there is no chain: None.",
)
def _design_rounds(size, largest):
    return _halved(size, lambda n: n > largest)


@design_chain.wrong(
    "at an odd size the first kernel gets too large",
    "The first kernel is at most `largest`. If the size can be halved no further, there is no chain: None.",
)
def _design_too_large(size, largest):
    return _halved(size, lambda n: n > largest and n % 2 == 0)


@design_chain.wrong(
    "a first kernel of exactly `largest` is not accepted",
    "A kernel of `largest` is allowed: go on only while it is larger.",
)
def _design_once_more(size, largest):
    while_too_large = _halved(size, lambda n: n >= largest and n > 1)
    kernel, doublings = while_too_large[0][0], len(while_too_large) - 1
    return while_too_large if kernel * 2**doublings == size else None


@design_chain.wrong(
    "the size is halved as often as possible",
    "As few doublings as possible: stop as soon as the first kernel is small enough.",
)
def _design_most(size, largest):
    chain = _halved(size, lambda n: n % 2 == 0)
    return chain if chain[0][0] <= largest else None


@design_chain.wrong(
    "the layers come in reverse order",
    "You find the chain backwards, but the list begins with the layer that sees the one pixel.",
)
def _design_reversed(size, largest):
    chain = _design_recursive(size, largest)
    return chain and chain[::-1]


@design_chain.wrong(
    "there are always two doublings",
    "That suits 28. Go on halving until the first kernel is at most `largest`, and stop there.",
)
def _design_two(size, largest):
    return _chain(size // 4, 2) if size % 4 == 0 else None


@design_chain.wrong(
    "the chain is one layer, with a kernel as large as the image",
    "That leads to the right size, but the first kernel may have at most `largest` entries a side.",
)
def _design_one(size, largest):
    return [(size, 1, 0)]


@design_chain.wrong(
    "one doubling is missing", "Count each halving: the first layer is followed by as many layers (4, 2, 1)."
)
def _design_missing(size, largest):
    chain = _design_recursive(size, largest)
    return chain and chain[: max(1, len(chain) - 1)]


chain_parameters = Answers("chain_parameters")


@chain_parameters.inputs
def _(rng):
    yield [2, 3], [2]
    yield [74, 64, 32, 1], [7, 4, 4]
    yield [1, 1], [1]
    yield [3, 2], [3]
    yield [1, 4], [5]
    yield [3, 1, 2], [2, 3]
    yield [74, 64, 32, 1], [8, 4, 4]
    yield [100, 1024, 512, 256, 128, 3], [4, 4, 4, 4, 4]
    yield [20000, 30000], [4]
    yield [2, 3, 2, 5], [3, 1, 2]
    for count in (2, 3, 4):
        yield [int(v) for v in rng.integers(1, 30, count + 1)], [int(v) for v in rng.integers(2, 9, count)]


@chain_parameters.right
def _by_pairs(channels, kernels):
    pairs = zip(channels[:-1], channels[1:], kernels, strict=True)
    return sum(a * b * k * k for a, b, k in pairs) + sum(channels[1:])


@chain_parameters.right
def _by_arrays(channels, kernels):
    inputs, outputs = np.array(channels[:-1], np.int64), np.array(channels[1:], np.int64)
    return int((inputs * outputs * np.square(kernels) + outputs).sum())


def _layers(channels, kernels):
    return list(zip(channels, channels[1:], kernels, strict=False))


@chain_parameters.wrong("the biases are missing", "Every output channel of a layer has one bias.")
def _parameters_unbiased(channels, kernels):
    return sum(a * b * k * k for a, b, k in _layers(channels, kernels))


@chain_parameters.wrong(
    "one bias is counted for each input channel, not for each output channel",
    "A bias is added to a finished output channel: a layer has as many as it has outputs.",
)
def _parameters_input_bias(channels, kernels):
    return sum(a * b * k * k + a for a, b, k in _layers(channels, kernels))


@chain_parameters.wrong(
    "only one bias is counted for each layer", "A bias belongs to an output channel, not to a layer."
)
def _parameters_one_bias(channels, kernels):
    return sum(a * b * k * k + 1 for a, b, k in _layers(channels, kernels))


@chain_parameters.wrong(
    "one bias is counted for each pair of channels",
    "The parts of all inputs are added up first; then one bias for each output.",
)
def _parameters_pair_bias(channels, kernels):
    return sum(a * b * (k * k + 1) for a, b, k in _layers(channels, kernels))


@chain_parameters.wrong(
    "a kernel is counted with k entries, not with k × k",
    "A 2-D kernel of size k has k × k entries.",
)
def _parameters_side(channels, kernels):
    return sum(a * b * k + b for a, b, k in _layers(channels, kernels))


@chain_parameters.wrong(
    "the kernels are counted as if all inputs shared them",
    "Each pair of an input and an output channel has a kernel of its own: the weight is (in, out, k, k).",
)
def _parameters_shared(channels, kernels):
    return sum(b * k * k + b for a, b, k in _layers(channels, kernels))


@chain_parameters.wrong("only the last layer is counted", "The sum runs over all layers: +=, not =.")
def _parameters_last(channels, kernels):
    a, b, k = _layers(channels, kernels)[-1]
    return a * b * k * k + b


@chain_parameters.wrong(
    "a large number overflows",
    "Above 2³¹ − 1 a 32-bit integer wraps round to negative numbers. Python's own ints, or int64, hold it.",
)
def _parameters_overflow(channels, kernels):
    total = sum(a * b * k * k + b for a, b, k in _layers(channels, kernels))
    return (total + 2**31) % 2**32 - 2**31


@chain_parameters.wrong(
    "only the first layer is counted, as if a loop ended after its first round",
    RETURNS_EARLY,
)
def _parameters_early(channels, kernels):
    return _by_pairs(channels[:2], kernels[:1])


board_energy = Answers("board_energy")


@board_energy.inputs
def _(rng):
    yield (np.array([[1, 0], [0, 1]]),)
    yield (np.array([[4, 0], [4, 0]]),)
    yield (np.array([[5, 5], [5, 5]]),)
    yield (np.array([[2, 2], [0, 0]]),)
    yield (np.array([[1, 2], [3, 5]]),)
    yield (np.array([[10, 200], [30, 5]], np.uint8),)
    yield (np.array([[4, 0, 0, 0], [0, 0, 0, 4]]),)
    yield (np.array([[0.5, 1.5, 1.0, 0.0], [0.0, -1.0, 0.25, 2.0]]),)
    for h, w in [(4, 2), (4, 6), (6, 4)]:
        yield (rng.integers(0, 10, (h, w)),)
    yield (rng.integers(0, 256, (4, 8)).astype(np.uint8),)
    # what a changed value or condition would pass without
    yield (np.resize(FAR[2:], (2, 2)),)


def _means(image):
    """Return the means with the three patterns: columns, rows, both."""
    row, column = np.indices(image.shape)
    return [float((image * (1.0 - 2 * (p % 2))).mean()) for p in (column, row, row + column)]


@board_energy.right
def _energy_by_patterns(image):
    row, column = np.indices(image.shape)
    total = 0.0
    for exponent in (column, row, row + column):
        total += ((-1.0) ** exponent * image).mean() ** 2
    return total


@board_energy.right
def _energy_by_fourier(image):
    h, w = image.shape
    power = np.abs(np.fft.fft2(image) / (h * w)) ** 2
    return power[0, w // 2] + power[h // 2, 0] + power[h // 2, w // 2]


@board_energy.wrong(
    "only the checkerboard itself is measured",
    "Stripes have period 2 as well: (−1)^column and (−1)^row belong to the sum.",
)
def _energy_diagonal(image):
    return _means(image)[2] ** 2


@board_energy.wrong(
    "only the stripes are measured",
    "The third pattern, (−1)^(row + column), is missing: its mean does not follow from the other two.",
)
def _energy_stripes(image):
    return _means(image)[0] ** 2 + _means(image)[1] ** 2


@board_energy.wrong(
    "the absolute values of the means are added, not their squares",
    "Energy is a square: mean², then the sum.",
)
def _energy_absolute(image):
    return sum(abs(mean) for mean in _means(image))


@board_energy.wrong(
    "the means are added as they are, not their squares", "Energy is a square: mean², then the sum."
)
def _energy_unsquared(image):
    return sum(_means(image))


@board_energy.wrong(
    "the sum of the three means is squared, not each mean",
    "Square each of the three means first, then add: otherwise they can cancel.",
)
def _energy_of_sum(image):
    return sum(_means(image)) ** 2


@board_energy.wrong(
    "sums are taken instead of means",
    "Divide each sum by the number of pixels, h · w, or a larger image gets a larger energy.",
)
def _energy_of_sums(image):
    return sum((mean * image.size) ** 2 for mean in _means(image))


@board_energy.wrong(
    "the result is the variance of the pixels",
    "The variance counts every difference between pixels. First take the mean of image times pattern, for "
    "each of the three patterns.",
)
def _energy_variance(image):
    return float(np.var(image))


@board_energy.wrong(
    "the mean brightness of the image is counted as a fourth pattern",
    "A flat image has no board, so it must give 0. Is there a pattern of all ones among yours?",
)
def _energy_brightness(image):
    return sum(mean**2 for mean in _means(image)) + float(image.mean()) ** 2


@board_energy.wrong(
    "grey levels wrap round below 0",
    "In uint8 the difference 0 − 1 is 255. Turn the image into floats before you subtract.",
)
def _energy_wraps(image):
    left, right, top, bottom = image[:, ::2], image[:, 1::2], image[::2], image[1::2]
    across = (left - right).mean() / 2, (top - bottom).mean() / 2
    diagonal = ((left - right)[::2].mean() + (right - left)[1::2].mean()) / 4
    return float(across[0] ** 2 + across[1] ** 2 + diagonal**2)


@board_energy.wrong(
    "the square root of the energy is returned",
    "The sum of the squares itself is asked for: a variance, not a standard deviation.",
)
def _energy_root(image):
    return sum(mean**2 for mean in _means(image)) ** 0.5


@board_energy.wrong("only the first 2 × 2 pixels are measured", "The means go over all pixels of the image.")
def _energy_first_cell(image):
    return sum(mean**2 for mean in _means(image[:2, :2]))


inputs_behind = Answers("inputs_behind")


@inputs_behind.inputs
def _(rng):
    yield 3, 4, [(4, 2, 1)]
    yield 0, 4, [(4, 2, 1)]
    yield 0, 1, [(3, 1, 0)]
    yield 1, 2, [(1, 2, 0)]
    yield 2, 3, [(3, 1, 0)]
    yield 7, 4, [(4, 2, 1), (4, 2, 1)]
    yield 7, 8, [(2, 2, 0), (3, 1, 1)]
    yield 5, 5, [(3, 1, 1), (2, 2, 0)]
    yield 0, 2, [(1, 3, 1), (3, 1, 1)]
    yield 1, 2, [(1, 3, 1), (3, 1, 1)]
    yield 4, 3, [(3, 2, 1), (1, 1, 0)]
    yield 10, 6, [(3, 2, 1), (5, 1, 2)]
    yield 13, 3, [(4, 2, 1), (4, 2, 1), (4, 2, 1)]
    yield 1, 4, [(4, 2, 1), (1, 3, 0)]
    yield 4, 4, [(4, 2, 1), (1, 3, 0)]
    for n, layers in [
        (5, [(6, 3, 1), (4, 2, 1)]),
        (9, [(5, 2, 2), (3, 1, 0)]),
        (4, [(3, 4, 1), (2, 1, 0), (6, 2, 2)]),
    ]:
        size = n
        for m, s, p in layers:
            size = s * (size - 1) + m - 2 * p
        for _ in range(3):
            yield int(rng.integers(0, size)), n, layers
    # what a changed value or condition would pass without
    yield 26, 4, [(3, 4, 1), (2, 1, 0), (6, 2, 2)]
    yield 3, 2, [(7, 1, 2)]


@inputs_behind.right
def _behind_forwards(u, n, layers):
    found = []
    for i in range(n):
        size, reached = n, {i}
        for m, s, p in layers:
            size = s * (size - 1) + m - 2 * p
            reached = {v for j in reached for v in range(s * j - p, s * j - p + m) if 0 <= v < size}
        if u in reached:
            found.append(i)
    return found


@inputs_behind.right
def _behind_by_matrices(u, n, layers):
    reach = np.eye(n, dtype=int)
    for m, s, p in layers:
        before = len(reach)
        stamps = np.zeros((s * (before - 1) + m, before), int)
        for j in range(before):
            stamps[s * j : s * j + m, j] = 1
        reach = (stamps[p : len(stamps) - p] @ reach > 0).astype(int)
    return [i for i in range(n) if reach[u, i]]


def _sizes(n, layers):
    sizes = [n]
    for m, s, p in layers:
        sizes.append(s * (sizes[-1] - 1) + m - 2 * p)
    return sizes


def _behind(u, n, layers, inside=True):
    """Return the inputs behind output u; `inside`: whether places outside the signals are left out."""
    places, sizes = {u}, _sizes(n, layers)
    for (m, s, p), size in list(zip(layers, sizes, strict=False))[::-1]:
        everywhere = range(-m - 20, size + m + 20)
        places = {
            i for i in everywhere for v in places if 0 <= v + p - s * i < m and (not inside or 0 <= i < size)
        }
    return sorted(places)


@inputs_behind.wrong(
    "places outside the signal are listed",
    "Only places 0 to n − 1 hold samples. Look at an output near the edge.",
)
def _behind_outside(u, n, layers):
    return _behind(u, n, layers, inside=False)


@inputs_behind.wrong(
    "samples that were cropped between the layers count as well",
    "A place between two layers must exist as well: 0 to that layer's size − 1. You need the sizes in "
    "between.",
)
def _behind_cropped(u, n, layers):
    return [i for i in _behind(u, n, layers, inside=False) if 0 <= i < n]


@inputs_behind.wrong(
    "padding is ignored",
    "Cropping moves all places by p: output u was place u + p before the crop.",
)
def _behind_unpadded(u, n, layers):
    return _behind(u, n, [(m, s, 0) for m, s, p in layers])


@inputs_behind.wrong(
    "the layers are gone through in the wrong order, from the first to the last",
    "u is a place after the last layer: go back through that one first.",
)
def _behind_order(u, n, layers):
    return _behind(u, n, layers[::-1])


@inputs_behind.wrong(
    "only the last layer is gone through",
    "Go on: the samples that reach u were themselves made by the layer before.",
)
def _behind_one(u, n, layers):
    return _behind(u, n, layers[-1:])


@inputs_behind.wrong(
    "stride is ignored", "Sample i stamps from stride · i − padding on, not from i − padding."
)
def _behind_unstrided(u, n, layers):
    return _behind(u, n, [(m, 1, p) for m, s, p in layers])


@inputs_behind.wrong(
    "only the nearest input is listed",
    "u divided by the strides is only about the right place. Stamps overlap, so several inputs can reach "
    "u, or none.",
)
def _behind_nearest(u, n, layers):
    return [min(n - 1, u // int(np.prod([s for m, s, p in layers])))]


@inputs_behind.wrong(
    "the layers are taken for convolutions",
    "Output u of a convolution would read from stride · u on. Here sample i stamps from stride · i − "
    "padding on: which i reach u?",
)
def _behind_as_convolution(u, n, layers):
    places = {u}
    for m, s, p in layers[::-1]:
        places = {s * v + a - p for v in places for a in range(m)}
    return [i for i in sorted(places) if 0 <= i < n]


@inputs_behind.wrong(
    "a place that no stamp reaches gets inputs all the same",
    "With a stride larger than the kernel some places are reached by no sample. Then the list is empty, "
    "and it stays empty in the layers before.",
)
def _behind_intervals(u, n, layers):
    first = last = u
    for (m, s, p), size in list(zip(layers, _sizes(n, layers), strict=False))[::-1]:
        first, last = max(0, -((m - 1 - first - p) // s)), min(size - 1, (last + p) // s)
    return list(range(first, last + 1))


@inputs_behind.wrong(
    "padding moves the stamps the wrong way",
    "The crop takes p places away in front: sample i stamps from stride · i − padding on.",
)
def _behind_padding_sign(u, n, layers):
    places, sizes = {u}, _sizes(n, layers)
    for (m, s, p), size in list(zip(layers, sizes, strict=False))[::-1]:
        places = {i for i in range(size) for v in places if 0 <= v - p - s * i < m}
    return sorted(places)


@inputs_behind.wrong(
    "every stamp is one place too long",
    "A stamp has m places: the first is stride · i − padding. Which is the last?",
)
def _behind_too_long(u, n, layers):
    places, sizes = {u}, _sizes(n, layers)
    for (m, s, p), size in list(zip(layers, sizes, strict=False))[::-1]:
        places = {i for i in range(size) for v in places if 0 <= v + p - s * i <= m}
    return sorted(places)
