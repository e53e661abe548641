"""What notebook 05's table says of ONNX, executed by ONNX's own reference evaluator; and of TF's "same".

The other columns are cited there: JAX and TensorFlow are too large for the tests' extra.
"""

import numpy as np
import pytest
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info
from onnx.reference import ReferenceEvaluator

from tconv_helpers import conv, conv_transpose, conv_transpose_output_size


def by_onnx(op, x, k, **attributes):
    """One ONNX operator, run on arrays."""
    x, k = (np.asarray(each, np.float32) for each in (x, k))
    ins, outs = ([make_tensor_value_info(name, 1, None) for name in names] for names in ("xk", "y"))
    graph = make_graph([make_node(op, ["x", "k"], ["y"], **attributes)], "one", ins, outs)
    return ReferenceEvaluator(make_model(graph, opset_imports=[make_opsetid("", 22)])).run(
        None, {"x": x, "k": k}
    )[0]


def line(*values):
    return np.array([[values]])


@pytest.mark.parametrize(
    "theirs, ours",
    [
        ({}, {}),
        ({"strides": [2, 3]}, {"stride": (2, 3)}),
        ({"strides": [2, 3], "pads": [1, 2, 1, 2]}, {"stride": (2, 3), "padding": (1, 2)}),
        ({"strides": [2, 2], "output_padding": [1, 0]}, {"stride": 2, "output_padding": (1, 0)}),
        ({"dilations": [2, 1]}, {"dilation": (2, 1)}),
    ],
)
def test_layout_and_flip_are_torch_s(theirs, ours):
    rng = np.random.default_rng(0)
    x, k = rng.integers(-9, 10, (2, 6, 5, 4)), rng.integers(-9, 10, (6, 2, 3, 4))  # (in, out/groups, *m)
    assert np.array_equal(by_onnx("ConvTranspose", x, k, **theirs), conv_transpose(x, k, **ours))
    k = rng.integers(-9, 10, (3, 6, 3, 2))  # conv: (out, in/groups, *m), no flip
    assert np.array_equal(by_onnx("Conv", x, k), conv(x, k))


def test_pads_may_differ_at_the_two_ends():
    x, k = line(1, 3, 2, 4), line(1, 2, 3)
    y = by_onnx("ConvTranspose", x, k, strides=[2], pads=[0, 1])
    assert np.array_equal(y, conv_transpose(x, k, stride=2)[..., :-1])


@pytest.mark.parametrize("m", [2, 3, 4, 5])
@pytest.mark.parametrize("upper", [True, False])
def test_same_multiplies_the_size_by_the_stride_and_crops_the_odd_sample_at_one_end(m, upper):
    x, k = line(1, 3, 2, 4), line(*range(1, m + 1))
    y = by_onnx("ConvTranspose", x, k, strides=[2], auto_pad="SAME_UPPER" if upper else "SAME_LOWER")
    left = (m - 2) // 2 if upper else (m - 2) - (m - 2) // 2
    full = conv_transpose(x, k, stride=2)
    assert y.shape[-1] == 8 and np.array_equal(y, full[..., left : left + 8])
    if not upper:  # what torch spells with padding and output_padding
        same = conv_transpose(x, k, stride=2, padding=left, output_padding=m % 2)
        assert np.array_equal(y, same)


@pytest.mark.parametrize("n", [6, 7])
@pytest.mark.parametrize("upper", [True, False])
def test_same_of_a_strided_convolution_pads_an_odd_zero_at_one_end(n, upper):
    x, k = line(*range(1, n + 1)), line(1, 2, 3)
    y = by_onnx("Conv", x, k, strides=[2], auto_pad="SAME_UPPER" if upper else "SAME_LOWER")
    zeros = (-(-n // 2) - 1) * 2 + 3 - n
    left = zeros // 2 if upper else zeros - zeros // 2
    padded = np.pad(x, [(0, 0), (0, 0), (left, zeros - left)])
    assert np.array_equal(y, conv(padded, k, stride=2))


@pytest.mark.parametrize("auto_pad", ["NOTSET", "VALID"])
def test_without_same_the_size_is_eq_12(auto_pad):
    for m, s in [(3, 2), (4, 2), (2, 3), (5, 3)]:
        y = by_onnx("ConvTranspose", line(1, 3, 2, 4), line(*range(m)), strides=[s], auto_pad=auto_pad)
        assert y.shape[-1] == conv_transpose_output_size(4, m, stride=s)
