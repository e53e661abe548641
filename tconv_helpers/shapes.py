"""Output sizes, and the checks of arguments that every operator shares (standard library only).

Sizes are counted in samples, per axis: give one int, or a tuple with one int per axis.
``n`` is the size of the input, ``m`` that of the kernel; the other names are torch's.
"""

from operator import index

_LEAST = {"n": 1, "m": 1, "stride": 1, "dilation": 1, "groups": 1, "padding": 0, "output_padding": 0}


def conv_output_size(n, m, stride=1, padding=0, dilation=1):
    """Size of the output of a convolution (Dumoulin & Visin 2016, relationship 15).

    ``floor((n + 2 padding - dilation (m - 1) - 1) / stride) + 1`` per axis.
    ValueError if the kernel does not fit into the padded input.

    The lecture's case, then a stride under which two inputs share one output size:

    >>> conv_output_size(7, 3)
    5
    >>> [conv_output_size(n, 3, stride=2, padding=1) for n in (15, 16)]
    [8, 8]
    >>> conv_output_size((7, 9), (3, 5))
    (5, 5)
    """
    return _per_axis(_conv_size, n=n, m=m, stride=stride, padding=padding, dilation=dilation)


def conv_transpose_output_size(n, m, stride=1, padding=0, output_padding=0, dilation=1):
    """Size of the output of a transposed convolution (Dumoulin & Visin 2016, relationship 14, with dilation).

    ``(n - 1) stride - 2 padding + dilation (m - 1) + output_padding + 1`` per axis.
    ValueError if output_padding is too large, or if no sample would be left.

    >>> conv_transpose_output_size(5, 3)
    7
    >>> conv_transpose_output_size(8, 3, stride=2, padding=1)
    15
    >>> conv_transpose_output_size(8, 3, stride=2, padding=1, output_padding=1)
    16
    """
    return _per_axis(
        _conv_transpose_size,
        n=n,
        m=m,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )


def output_padding_for(n, m, stride=1, padding=0, dilation=1):
    """The output_padding with which ``conv_transpose`` leads back to size n after ``conv``.

    ``(n + 2 padding - dilation (m - 1) - 1) mod stride`` per axis: the places at the right-hand
    end of the padded input that the strided convolution never reached. ValueError if the kernel does not fit.

    >>> [output_padding_for(n, 3, stride=2, padding=1) for n in (15, 16)]
    [0, 1]
    """
    return _per_axis(_missing_samples, n=n, m=m, stride=stride, padding=padding, dilation=dilation)


def input_sizes_for(n, m, stride=1, padding=0, dilation=1):
    """All input sizes that a convolution turns into the output size n: a list, for each axis.

    The ``stride`` sizes that start at ``(n - 1) stride + dilation (m - 1) + 1 - 2 padding``, without
    those below 1 (Dumoulin & Visin 2016, section 4.6).

    >>> input_sizes_for(8, 3, stride=2, padding=1)
    [15, 16]
    >>> input_sizes_for((5, 8), 3, stride=(1, 2), padding=(0, 1))
    ([7], [15, 16])
    """
    return _per_axis(_input_sizes, n=n, m=m, stride=stride, padding=padding, dilation=dilation)


def _conv_size(n, m, stride, padding, dilation):
    span, room = dilation * (m - 1) + 1, n + 2 * padding
    if span > room:
        raise ValueError(
            f"the kernel must fit into the padded input: got a kernel that spans {span} samples "
            f"(m={m}, dilation={dilation}) over {room} (n={n}, padding={padding}); "
            "use a smaller kernel or more padding"
        )
    return (room - span) // stride + 1


def _conv_transpose_size(n, m, stride, padding, output_padding, dilation):
    bound = max(stride, dilation)
    if output_padding >= bound:
        allowed = {1: "0", 2: "0 or 1"}.get(bound, f"0 to {bound - 1}")
        raise ValueError(
            f"output_padding must be smaller than stride or dilation: got output_padding={output_padding}, "
            f"stride={stride}, dilation={dilation}; use {allowed}"
        )
    size = (n - 1) * stride - 2 * padding + dilation * (m - 1) + output_padding + 1
    if size < 1:
        raise ValueError(
            f"padding must leave at least one output sample: got padding={padding}, which crops "
            f"{2 * padding} of {size + 2 * padding}; use at most {(size + 2 * padding - 1) // 2}"
        )
    return size


def _missing_samples(n, m, stride, padding, dilation):
    _conv_size(n, m, stride, padding, dilation)
    return (n + 2 * padding - dilation * (m - 1) - 1) % stride


def _input_sizes(n, m, stride, padding, dilation):
    smallest = (n - 1) * stride + dilation * (m - 1) + 1 - 2 * padding
    return list(range(max(smallest, 1), smallest + stride))


def _per_axis(formula, **arguments):
    """Apply a formula for one axis to ints, or axis by axis to tuples."""
    tuples = {name: value for name, value in arguments.items() if isinstance(value, (tuple, list))}
    ranks = {len(value) for value in tuples.values()}
    if len(ranks) > 1 or 0 in ranks:
        got = ", ".join(f"{name}={tuple(value)}" for name, value in tuples.items())
        raise ValueError(f"tuples must name the same axes: got {got}; give one int, or one per axis")
    rank = ranks.pop() if ranks else 1
    axes = zip(*(ints(name, value, rank) for name, value in arguments.items()), strict=True)
    sizes = tuple(formula(*axis) for axis in axes)
    return sizes if tuples else sizes[0]


def ints(name, value, rank):
    """One int for each of ``rank`` axes, checked against the least that argument ``name`` allows.

    rank 0 stands for a plain int that belongs to no axis.
    TypeError if a value is no whole number, ValueError if one is too small or their count is not rank.

    >>> ints("stride", 2, rank=3)
    (2, 2, 2)
    """
    values = tuple(value) if rank and isinstance(value, (tuple, list)) else (value,) * (rank or 1)
    hint = f"an int, or a tuple of {rank} ints" if rank > 1 else "an int"
    if len(values) != (rank or 1):
        axes = "1 axis" if rank == 1 else f"{rank} axes"
        raise ValueError(
            f"{name} must be one int, or one per spatial axis: got {name}={value} for {axes}; use {hint}"
        )
    try:
        if any(isinstance(v, bool) for v in values):
            raise TypeError
        values = tuple(map(index, values))
    except TypeError:
        if name == "padding" and isinstance(value, str):
            hint = "padding=0 for 'valid'; padding = dilation (m - 1) / 2 for 'same' at stride 1 and odd m"
        raise TypeError(f"{name} must be a whole number: got {name}={value!r}; use {hint}") from None
    if min(values) < _LEAST[name]:
        raise ValueError(
            f"{name} must be at least {_LEAST[name]}: got {name}={value}; use {_LEAST[name]} or more"
        )
    return values


def numbers(name, value, asarray, kinds="iufc"):
    """``asarray(value)``, NumPy's, if that is one rectangular array of numbers; TypeError if not."""
    try:
        array = asarray(value)
        got = f"dtype {array.dtype}"
    except ValueError:
        array, got = None, "nested lists of unequal lengths"
    if array is None or array.dtype.kind not in kinds:
        raise TypeError(
            f"{name} must be one rectangular array of numbers: got {got}; use np.array(..., float)"
        )
    return array


def check_layout(x, k, bias, groups, transposed):
    """Number of spatial axes and of output channels, given the *shapes* of x, k and bias (or None).

    conv takes k as (out, in/groups, *m), conv_transpose as (in, out/groups, *m); x is (in, *n) or
    (batch, in, *n); both 1-D means one channel. ValueError says which of the shapes does not fit.

    >>> check_layout(x=(8, 6, 10), k=(6, 2, 3), bias=None, groups=3, transposed=True)
    (1, 6)
    """
    got = f"got x of shape {x} and k of shape {k}"
    if len(k) == len(x) == 1:
        k, x = (1, 1, *k), (1, *x)
    rank = len(k) - 2
    if rank not in (1, 2, 3):
        raise ValueError(
            "k must have 3, 4 or 5 axes, (channels, channels, *m), or 1 beside an x of 1: "
            f"{got}; add channel axes with k[None, None]"
        )
    if len(x) not in (rank + 1, rank + 2):
        raise ValueError(
            f"x must have {rank + 1} axes, (channels, *n), or {rank + 2}, (batch, channels, *n), beside "
            f"a k of {rank + 2}: {got}; add or drop axes of x"
        )
    if 0 in k or 0 in x[-rank - 1 :]:
        raise ValueError(
            f"only the batch may be empty: {got}; give each channel and spatial axis at least one sample"
        )
    channels = x[-rank - 1]
    (groups,) = ints("groups", groups, rank=0)
    if channels % groups or (not transposed and k[0] % groups):
        raise ValueError(
            f"groups must divide the channels: got groups={groups}, x with {channels} channels and k of "
            f"shape {k}; use a divisor of both"
        )
    if transposed and k[0] != channels:
        raise ValueError(
            f"conv_transpose takes k as (in, out/groups, *m): got k of shape {k} and x with {channels} "
            f"channels; use a k with {channels} in axis 0, perhaps np.swapaxes(k, 0, 1)"
        )
    if not transposed and k[1] * groups != channels:
        raise ValueError(
            f"conv takes k as (out, in/groups, *m): got k of shape {k}, groups={groups} and x with "
            f"{channels} channels; use a k with {channels // groups} in axis 1"
        )
    out = k[1] * groups if transposed else k[0]
    if bias not in (None, (out,)):
        raise ValueError(f"bias must have one value per output channel: got shape {bias}; use shape ({out},)")
    return rank, out
