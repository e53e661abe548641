"""Sizes: what comes out, what went in, and the output_padding that leads back (standard library only).

Sizes are counted in samples, per axis: give one int, or a tuple with one int per axis.
``n`` is the size of the input, ``m`` that of the kernel; the other names are torch's.
"""

from .arguments import ints


def conv_output_size(n, m, stride=1, padding=0, dilation=1):
    """Return the size of the output of a convolution, for each axis.

    Formula: ``floor((n + 2 padding - dilation (m - 1) - 1) / stride) + 1``.
    Errors: ValueError if the kernel does not fit into the padded input.
    Source: Dumoulin & Visin 2016, relationship 15.

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
    """Return the size of the output of a transposed convolution, for each axis.

    Formula: ``(n - 1) stride - 2 padding + dilation (m - 1) + output_padding + 1``.
    Errors: ValueError if output_padding is too large, or if no sample would be left.
    Source: Dumoulin & Visin 2016, relationship 14, here with dilation.

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
    """Return the output_padding with which ``conv_transpose`` leads back to size n after ``conv``.

    Formula: ``(n + 2 padding - dilation (m - 1) - 1) mod stride`` for each axis: the places at the right-hand
    end of the padded input that the strided convolution never reached.
    Errors: ValueError if the kernel does not fit into the padded input.

    >>> [output_padding_for(n, 3, stride=2, padding=1) for n in (15, 16)]
    [0, 1]
    """
    return _per_axis(_missing_samples, n=n, m=m, stride=stride, padding=padding, dilation=dilation)


def input_sizes_for(n, m, stride=1, padding=0, dilation=1):
    """Return all input sizes that a convolution turns into the output size n: a list, for each axis.

    Formula: the ``stride`` sizes that start at ``(n - 1) stride + dilation (m - 1) + 1 - 2 padding``, without
    those below 1.
    Errors: ValueError or TypeError where a value does not fit.
    Source: Dumoulin & Visin 2016, section 4.6.

    >>> input_sizes_for(8, 3, stride=2, padding=1)
    [15, 16]
    >>> input_sizes_for((5, 8), 3, stride=(1, 2), padding=(0, 1))
    ([7], [15, 16])
    """
    return _per_axis(_input_sizes, n=n, m=m, stride=stride, padding=padding, dilation=dilation)


def _conv_size(*, n, m, stride, padding, dilation):
    span, room = dilation * (m - 1) + 1, n + 2 * padding
    if span > room:
        raise ValueError(
            f"the kernel must fit into the padded input: got a kernel that spans {span} samples "
            f"(m={m}, dilation={dilation}) over {room} (n={n}, padding={padding}); "
            "use a smaller kernel or more padding"
        )
    return (room - span) // stride + 1


def _conv_transpose_size(*, n, m, stride, padding, output_padding, dilation):
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


def _missing_samples(*, n, m, stride, padding, dilation):
    _conv_size(n=n, m=m, stride=stride, padding=padding, dilation=dilation)
    return (n + 2 * padding - dilation * (m - 1) - 1) % stride


def _input_sizes(*, n, m, stride, padding, dilation):
    smallest = (n - 1) * stride + dilation * (m - 1) + 1 - 2 * padding
    return list(range(max(smallest, 1), smallest + stride))


def _per_axis(formula, **arguments):
    """Return what a formula for one axis gives for ints, or axis by axis for tuples."""
    tuples = {name: value for name, value in arguments.items() if isinstance(value, (tuple, list))}
    ranks = {len(value) for value in tuples.values()}
    if len(ranks) > 1 or 0 in ranks:
        got = ", ".join(f"{name}={tuple(value)}" for name, value in tuples.items())
        raise ValueError(f"tuples must name the same axes: got {got}; give one int, or one per axis")
    rank = ranks.pop() if ranks else 1
    axes = zip(*(ints(name, value, rank) for name, value in arguments.items()), strict=True)
    sizes = tuple(formula(**dict(zip(arguments, axis, strict=True))) for axis in axes)
    return sizes if tuples else sizes[0]
