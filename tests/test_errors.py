"""Bad input gets one sentence: the rule, what came, a way out; and our rules are torch's rules."""

import re

import numpy as np
import pytest
import torch
from cases import TORCH, cases, tensor
from hypothesis import assume, given
from hypothesis import strategies as st

import tconv_helpers

# Each entry is a call and, indented, what it raises. torch must refuse the same call.
LIKE_TORCH = """
conv(x, k, stride=0)
    ValueError: stride must be at least 1: got stride=0; use 1 or more
conv_transpose(x, k, stride=-2)
    ValueError: stride must be at least 1: got stride=-2; use 1 or more
conv(x, k, stride=1.5)
    TypeError: stride must be a whole number: got stride=1.5; use an int
conv_transpose(x, k, stride=2.0)
    TypeError: stride must be a whole number: got stride=2.0; use an int
conv(x, k, padding="same", stride=2)
    ValueError: padding='same' needs stride 1: got stride=(2,); use an int for padding
conv(x, k, padding="full")
    ValueError: padding must be an int, 'same' or 'valid': got 'full'; use 'same'
conv(x, k, stride=True)
    TypeError: stride must be a whole number: got stride=True; use an int
conv(x, k, stride=None)
    TypeError: stride must be a whole number: got stride=None; use an int
conv(x, k, stride="2")
    TypeError: stride must be a whole number: got stride='2'; use an int
conv(image, kernels, stride=(1, 0.5))
    TypeError: stride must be a whole number: got stride=(1, 0.5); use an int, or a tuple of 2 ints
conv(image, kernels, stride=(1, 2, 3))
    ValueError: stride must be one int, or one per spatial axis: got stride=(1, 2, 3) for 2 axes;
    use an int, or a tuple of 2 ints
conv_transpose(x, k, padding=(1, 1))
    ValueError: padding must be one int, or one per spatial axis: got padding=(1, 1) for 1 axis; use an int
conv(x, k, padding=-1)
    ValueError: padding must be at least 0: got padding=-1; use 0 or more
conv_transpose(x, k, padding="same")
    TypeError: padding must be a whole number: got padding='same'; use padding=0 for 'valid';
    padding = dilation (m - 1) / 2 for 'same' at stride 1 and odd m
conv(image, kernels, dilation=(1, 0))
    ValueError: dilation must be at least 1: got dilation=(1, 0); use 1 or more
conv_transpose(x, k, dilation=0)
    ValueError: dilation must be at least 1: got dilation=0; use 1 or more
conv(x, k, groups=0)
    ValueError: groups must be at least 1: got groups=0; use 1 or more
conv_transpose(x, k, groups=(2,))
    TypeError: groups must be a whole number: got groups=(2,); use an int
conv(x, k, groups=3)
    ValueError: groups must divide the channels: got groups=3, x with 4 channels and k of shape (4, 4, 3);
    use a divisor of both
conv(x, ones(3, 2, 3), groups=2)
    ValueError: groups must divide the channels: got groups=2, x with 4 channels and k of shape (3, 2, 3);
    use a divisor of both
conv_transpose(x, k, groups=8)
    ValueError: groups must divide the channels: got groups=8, x with 4 channels and k of shape (4, 4, 3);
    use a divisor of both
conv(x, k, groups=2)
    ValueError: conv takes k as (out, in/groups, *m): got k of shape (4, 4, 3), groups=2
    and x with 4 channels; use a k with 2 in axis 1
conv_transpose(x, ones(2, 4, 3))
    ValueError: conv_transpose takes k as (in, out/groups, *m): got k of shape (2, 4, 3) and x with
    4 channels; use a k with 4 in axis 0, perhaps np.swapaxes(k, 0, 1)
conv_transpose(x, k, stride=2, output_padding=-1)
    ValueError: output_padding must be at least 0: got output_padding=-1; use 0 or more
conv_transpose(x, k, output_padding=1)
    ValueError: output_padding must be smaller than stride or dilation:
    got output_padding=1, stride=1, dilation=1; use 0
conv_transpose(x, k, stride=2, output_padding=2)
    ValueError: output_padding must be smaller than stride or dilation:
    got output_padding=2, stride=2, dilation=1; use 0 or 1
conv_transpose(x, k, stride=2, output_padding=3, dilation=3)
    ValueError: output_padding must be smaller than stride or dilation:
    got output_padding=3, stride=2, dilation=3; use 0 to 2
conv(x, k, dilation=5)
    ValueError: the kernel must fit into the padded input: got a kernel that spans 11 samples
    (m=3, dilation=5) over 9 (n=9, padding=0); use a smaller kernel or more padding
conv(ones(2, 4, 1), k)
    ValueError: the kernel must fit into the padded input: got a kernel that spans 3 samples
    (m=3, dilation=1) over 1 (n=1, padding=0); use a smaller kernel or more padding
conv_transpose(x, k, padding=6)
    ValueError: padding must leave at least one output sample: got padding=6, which crops
    12 of 11; use at most 5
conv(image, ones(3, 3))
    ValueError: k must have 3, 4 or 5 axes, (channels, channels, *m), or 1 beside an x of 1:
    got x of shape (2, 4, 9, 9) and k of shape (3, 3); add channel axes with k[None, None]
conv_transpose(image, k)
    ValueError: x must have 2 axes, (channels, *n), or 3, (batch, channels, *n), beside a k of 3:
    got x of shape (2, 4, 9, 9) and k of shape (4, 4, 3); add or drop axes of x
conv(ones(9), k)
    ValueError: x must have 2 axes, (channels, *n), or 3, (batch, channels, *n), beside a k of 3:
    got x of shape (9,) and k of shape (4, 4, 3); add or drop axes of x
conv(ones(2, 4, 0), k)
    ValueError: only the batch may be empty: got x of shape (2, 4, 0) and k of shape (4, 4, 3);
    give each channel and spatial axis at least one sample
conv_transpose(x, ones(4, 4, 0))
    ValueError: only the batch may be empty: got x of shape (2, 4, 9) and k of shape (4, 4, 0);
    give each channel and spatial axis at least one sample
conv(x, k, ones(3))
    ValueError: bias must have one value per output channel: got shape (3,); use shape (4,)
conv_transpose(x, k, ones(4, 1), groups=2)
    ValueError: bias must have one value per output channel: got shape (4, 1); use shape (8,)
conv(x > 0, k > 0)
    TypeError: x must be one rectangular array of numbers: got dtype bool; use np.array(..., float)
conv_transpose(x, None)
    TypeError: k must be one rectangular array of numbers: got dtype object; use np.array(..., float)
conv(x, "kernel")
    TypeError: k must be one rectangular array of numbers: got dtype <U6; use np.array(..., float)
conv(x, k, bias="none")
    TypeError: bias must be one rectangular array of numbers: got dtype <U4; use np.array(..., float)
conv(x)
    TypeError: conv() missing 1 required positional argument: 'k'
conv(x, k, strides=2)
    TypeError: conv() got an unexpected keyword argument 'strides'
conv(x, k, output_padding=0)
    TypeError: conv() got an unexpected keyword argument 'output_padding'
"""

# Arrays that only NumPy knows, and what torch does not have.
OURS = """
conv([1, 2, 3], [])
    ValueError: only the batch may be empty: got x of shape (3,) and k of shape (0,);
    give each channel and spatial axis at least one sample
conv(3, [1])
    ValueError: k must have 3, 4 or 5 axes, (channels, channels, *m), or 1 beside an x of 1:
    got x of shape () and k of shape (1,); add channel axes with k[None, None]
conv_transpose([[1, 2], [3]], k)
    TypeError: x must be one rectangular array of numbers: got nested lists of unequal lengths;
    use np.array(..., float)
conv(x.astype(object), k)
    TypeError: x must be one rectangular array of numbers: got dtype object; use np.array(..., float)
conv_backward(None, x, k)
    TypeError: dy must be one rectangular array of numbers: got dtype object; use np.array(..., float)
conv_backward(x, x, k)
    ValueError: dy must have the shape of the output: got dy of shape (2, 4, 9); use shape (2, 4, 7)
conv_transpose_backward(x, x, k)
    ValueError: dy must have the shape of the output: got dy of shape (2, 4, 9); use shape (2, 4, 11)
conv_transpose_backward(ones(1, 5), [1, 2, 3], [1, 2, 3])
    ValueError: dy must have the shape of the output: got dy of shape (1, 5); use shape (5,)
conv_backward(x, x, k, stride=0)
    ValueError: stride must be at least 1: got stride=0; use 1 or more
conv_output_size(3, 5)
    ValueError: the kernel must fit into the padded input: got a kernel that spans 5 samples
    (m=5, dilation=1) over 3 (n=3, padding=0); use a smaller kernel or more padding
conv_output_size(0, 1)
    ValueError: n must be at least 1: got n=0; use 1 or more
conv_output_size(7, 2.5)
    TypeError: m must be a whole number: got m=2.5; use an int
conv_output_size((7, 7), (3, 3, 3))
    ValueError: tuples must name the same axes: got n=(7, 7), m=(3, 3, 3); give one int, or one per axis
conv_transpose_output_size((), 3)
    ValueError: tuples must name the same axes: got n=(); give one int, or one per axis
conv_transpose_output_size(1, 1, padding=1)
    ValueError: padding must leave at least one output sample: got padding=1, which crops
    2 of 1; use at most 0
output_padding_for(3, 5)
    ValueError: the kernel must fit into the padded input: got a kernel that spans 5 samples
    (m=5, dilation=1) over 3 (n=3, padding=0); use a smaller kernel or more padding
input_sizes_for(0, 3)
    ValueError: n must be at least 1: got n=0; use 1 or more
conv_over_kernel([1], [1, 2])
    ValueError: the kernel must fit into the padded input: got a kernel that spans 2 samples
    (m=2, dilation=1) over 1 (n=1, padding=0); use a smaller kernel or more padding
conv_over_signal([1, 2], [])
    ValueError: m must be at least 1: got m=0; use 1 or more
conv_dx([], [1])
    ValueError: n must be at least 1: got n=0; use 1 or more
conv_dk([1, 2], [1])
    ValueError: the kernel must fit into the padded input: got a kernel that spans 2 samples
    (m=2, dilation=1) over 1 (n=1, padding=0); use a smaller kernel or more padding
signal_convolution([1], [])
    ValueError: m must be at least 1: got m=0; use 1 or more
conv_transpose_by_scatter([1, 2], [1], stride=2, output_padding=2)
    ValueError: output_padding must be smaller than stride or dilation:
    got output_padding=2, stride=2, dilation=1; use 0 or 1
conv_transpose_by_zero_insertion([1], [1], padding=1)
    ValueError: padding must leave at least one output sample: got padding=1, which crops
    2 of 1; use at most 0
conv_matrix([1, 2], (3, 3))
    ValueError: k must be (m,) beside an int n, or (m1, m2) beside a pair: got k of shape (2,) and n=(3, 3);
    give n one size per axis of k
conv_matrix(k, 9)
    ValueError: k must be (m,) beside an int n, or (m1, m2) beside a pair: got k of shape (4, 4, 3)
    and n=9; give n one size per axis of k
conv_matrix([1, 2, 3], 2, sparse=True)
    ValueError: the kernel must fit into the padded input: got a kernel that spans 3 samples
    (m=3, dilation=1) over 2 (n=2, padding=0); use a smaller kernel or more padding
conv_matrix([[1, 2], [3]], (3, 3))
    TypeError: k must be one rectangular array of numbers: got nested lists of unequal lengths;
    use np.array(..., float)
conv_operator([True], 3)
    TypeError: k must be one rectangular array of numbers: got dtype bool; use np.array(..., float)
conv_operator([1, 2], 3, stride=(1, 1))
    ValueError: stride must be one int, or one per spatial axis: got stride=(1, 1) for 1 axis; use an int
dot_test(lambda x: x, lambda y: y, 3, 2)
    ValueError: forward must return shape (2,): got (3,); check its sizes and output_padding
dot_test(lambda x: x[:2], lambda y: y, 3, 2)
    ValueError: adjoint must return shape (3,): got (2,); check its sizes and output_padding
gradient_check(lambda x: x.sum(), [1, 1], [1, 2, 3])
    ValueError: gradient must return shape (3,): got (2,); check its sizes and output_padding
gradient_check(lambda x: x, [1, 1], [1, 2])
    ValueError: loss must return shape (): got (2,); sum it to one number
agree({"alone": abs}, 1)
    ValueError: agree must compare at least two views: got 1; give {name: callable}
agree({"one": lambda: [1, 2], "other": lambda: [1]})
    ValueError: other must return shape (2,): got (1,); check its sizes and output_padding
conv(np.ma.array([1, 2], mask=[0, 1]), [1])
    TypeError: x must have no mask: got a masked array; use x.filled(0)
conv(x, k, padding=1, padding_mode="mirror")
    ValueError: padding_mode must be one of 'zeros', 'reflect', 'replicate', 'circular': got 'mirror';
    use 'zeros'
conv(x, k, padding=9, padding_mode="reflect")
    ValueError: padding must be at most 8 with padding_mode='reflect' and 9 samples: got 9;
    use less, or 'replicate'
conv_transpose(x, k, padding_mode="reflect")
    ValueError: padding_mode must be 'zeros' in conv_transpose: got 'reflect';
    its padding crops the output, and there is nothing beyond the ends to choose
conv_transpose(x, k, stride=2, output_size=21)
    ValueError: output_size must be 19 to 20 with these settings: got 21; use 20
conv_transpose(x, k, stride=2, output_padding=1, output_size=20)
    ValueError: output_padding and output_size must not both be given: got 1 and 20; use one of them
conv([1, 2], [1], padding=2**60)
    ValueError: padding must be at most 2**48: got padding=1152921504606846976; use a smaller one
tconv_helpers.conv_transposed
    AttributeError: tconv_helpers has no name 'conv_transposed'; did you mean conv_transpose?
tconv_helpers.fourier
    AttributeError: tconv_helpers has no name 'fourier'; dir(tconv_helpers) lists what it has
"""


REFUSED = (TypeError, ValueError, RuntimeError, IndexError)


def entries(table):
    """Return (call, what it raises) of each entry."""
    found = re.findall(r"^(\S.*)\n((?: +\S.*\n)+)", table, re.MULTILINE)
    return [(call, " ".join(words.split())) for call, words in found]


def by_torch(functions):
    """Return one function for conv1d, conv2d and conv3d: k tells which."""
    return lambda x, k, *rest, **settings: functions[getattr(k, "ndim", 3) - 3](x, k, *rest, **settings)


def words_of(ones, functions):
    """Return the values of the words in a call: x, k, image and kernels fit both operators."""
    arrays = {"x": (2, 4, 9), "k": (4, 4, 3), "image": (2, 4, 9, 9), "kernels": (4, 4, 3, 3)}
    return {name: ones(*shape) for name, shape in arrays.items()} | functions | {"ones": ones}


public = {name: getattr(tconv_helpers, name) for name in tconv_helpers.__all__}
OUR_WORDS = words_of(lambda *shape: np.ones(shape), {**public, "tconv_helpers": tconv_helpers, "np": np})
TORCH_WORDS = words_of(
    lambda *shape: torch.ones(*shape, dtype=torch.float64),
    {name: by_torch(functions) for name, functions in TORCH.items()},
)


@pytest.mark.parametrize(("call", "words"), entries(LIKE_TORCH) + entries(OURS))
def test_one_sentence_says_it(call, words):
    with pytest.raises((*REFUSED, AttributeError)) as caught:
        eval(call, OUR_WORDS)
    said = str(caught.value).partition(". Did you mean")[0]  # which Python adds from 3.13 on
    assert f"{caught.type.__name__}: {said}" == words


@pytest.mark.parametrize("call", [call for call, _ in entries(LIKE_TORCH)])
def test_torch_refuses_it_too(call):
    with pytest.raises(REFUSED):
        eval(call, TORCH_WORDS)


def test_the_table_is_read_whole():
    assert len(entries(LIKE_TORCH) + entries(OURS)) == (LIKE_TORCH + OURS).count("Error: ")


@st.composite
def doubtful(draw, transposed):
    """Draw a valid call after up to three slips: a setting, or a size of x, k or bias, may no longer fit."""
    case = draw(cases(transposed, layouts=("unbatched", 1, 2)))
    shapes, settings = {"x": case.x, "k": case.k, "bias": (case.out,)}, dict(case.settings)
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([*shapes, *settings]))
        if name == "groups":
            settings[name] = draw(st.integers(-1, 4))
        elif name in settings:
            values = draw(st.lists(st.integers(-1, 4), min_size=2, max_size=4))
            settings[name] = draw(
                st.sampled_from([values[0], tuple(values), tuple(values[: len(case.k) - 2])])
            )
        else:
            shapes[name] = draw(slips(shapes[name]))
    return shapes, settings


@st.composite
def slips(draw, shape):
    """Draw a shape with one axis more, less, longer or shorter."""
    i = draw(st.integers(0, len(shape) - 1)) if shape else 0
    size = draw(st.integers(0, 6))
    return draw(
        st.sampled_from(
            [(*shape[:i], size, *shape[i + 1 :]), (*shape[:i], size, *shape[i:]), shape[:i] + shape[i + 1 :]]
        )
    )


def verdicts(name, shapes, settings):
    x, k, bias = (np.ones(shape) for shape in shapes.values())
    ours = theirs = "accepted"
    try:
        public[name](x, k, bias, **settings)
    except (TypeError, ValueError) as error:
        ours = str(error)
    try:
        by_torch(TORCH[name])(*map(tensor, (x, k, bias)), **settings)
    except REFUSED as error:
        theirs = str(error)
    return ours, theirs


@pytest.mark.parametrize("name", TORCH)
@given(data=st.data())
def test_we_refuse_what_torch_refuses_and_nothing_else(name, data):
    shapes, settings = data.draw(doubtful(name == "conv_transpose"))
    assume(0 not in shapes["x"][:1])  # torch checks less once the batch is empty; we check the same
    assume(shapes["bias"] != ())  # we take a plain number where there is one output channel
    assume(len(shapes["k"]) == 3 or (1,) not in [np.shape(v) for v in settings.values()])  # torch: all axes
    ours, theirs = verdicts(name, shapes, settings)
    assert (ours == "accepted") == (theirs == "accepted"), (ours, theirs)
