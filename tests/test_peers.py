"""Notebook 05's tables on JAX and ONNX, executed by JAX, ONNX's evaluator and ONNX Runtime.

The page itself executes PyTorch's column. TensorFlow and Keras are cited there, with their versions.
"""

import re
from importlib.metadata import version
from pathlib import Path

import nbformat
import numpy as np
import pytest
from jax import lax
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info
from onnx.reference import ReferenceEvaluator
from onnxruntime import InferenceSession, SessionOptions

from tconv_helpers import conv, conv_transpose, conv_transpose_output_size
from tconv_helpers.grading.answers import nb05

PAGE = Path(__file__).parents[1] / "notebooks/05_two_dimensions.ipynb"


def model_of(op, attributes):
    """One ONNX operator as a model."""
    ins, outs = ([make_tensor_value_info(name, 1, None) for name in names] for names in ("xk", "y"))
    graph = make_graph([make_node(op, ["x", "k"], ["y"], **attributes)], "one", ins, outs)
    return make_model(graph, opset_imports=[make_opsetid("", 22)], ir_version=10)


def by_reference(op, x, k, **attributes):
    return ReferenceEvaluator(model_of(op, attributes)).run(None, feed(x, k))[0]


def by_runtime(op, x, k, **attributes):
    options = SessionOptions()
    options.intra_op_num_threads = 1
    session = InferenceSession(
        model_of(op, attributes).SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, feed(x, k))[0]


def feed(x, k):
    return {"x": np.asarray(x, np.float32), "k": np.asarray(k, np.float32)}


def line(*values):
    return np.array([[values]])


def whole_numbers(*shape, seed=0):
    return np.random.default_rng(seed).integers(-9, 10, shape)


each_evaluator = pytest.mark.parametrize("by_onnx", [by_reference, by_runtime])
SETTINGS = [
    ({}, {}),
    ({"strides": [2, 3]}, {"stride": (2, 3)}),
    ({"strides": [2, 3], "pads": [1, 2, 1, 2]}, {"stride": (2, 3), "padding": (1, 2)}),
    ({"strides": [2, 2], "output_padding": [1, 0]}, {"stride": 2, "output_padding": (1, 0)}),
    ({"dilations": [2, 1]}, {"dilation": (2, 1)}),
    ({"strides": [2, 2], "dilations": [2, 1]}, {"stride": 2, "dilation": (2, 1)}),
]


@each_evaluator
@pytest.mark.parametrize("theirs, ours", SETTINGS)
def test_onnx_has_torch_s_layout_and_does_not_flip(by_onnx, theirs, ours):
    x, k = whole_numbers(2, 6, 5, 4), whole_numbers(6, 2, 3, 4, seed=1)  # (in, out/groups, *m)
    assert np.array_equal(by_onnx("ConvTranspose", x, k, **theirs), conv_transpose(x, k, **ours))
    k = whole_numbers(3, 6, 3, 2)  # conv: (out, in/groups, *m), no flip
    assert np.array_equal(by_onnx("Conv", x, k), conv(x, k))


def test_onnx_has_torch_s_groups():
    x, k = whole_numbers(2, 6, 5, 4), whole_numbers(6, 2, 3, 4, seed=1)
    y = by_runtime("ConvTranspose", x, k, group=3, strides=[2, 2])
    assert np.array_equal(y, conv_transpose(x, k, groups=3, stride=2))


@each_evaluator
def test_onnx_pads_may_differ_at_the_two_ends(by_onnx):
    x, k = line(1, 3, 2, 4), line(1, 2, 3)
    y = by_onnx("ConvTranspose", x, k, strides=[2], pads=[0, 1])
    assert np.array_equal(y, conv_transpose(x, k, stride=2)[..., :-1])


def test_onnx_takes_a_wanted_size():
    x, k = line(1, 3, 2, 4), line(1, 2, 3)
    for size in (8, 9, 10):
        y = by_runtime("ConvTranspose", x, k, strides=[2], output_shape=[size])
        assert y.shape[-1] == size


@each_evaluator
@pytest.mark.parametrize("m", [2, 3, 4, 5])
@pytest.mark.parametrize("upper", [True, False])
def test_onnx_same_multiplies_the_size_and_crops_the_odd_sample_at_one_end(by_onnx, m, upper):
    x, k = line(1, 3, 2, 4), line(*range(1, m + 1))
    y = by_onnx("ConvTranspose", x, k, strides=[2], auto_pad="SAME_UPPER" if upper else "SAME_LOWER")
    left = (m - 2) // 2 if upper else (m - 2) - (m - 2) // 2
    full = conv_transpose(x, k, stride=2)
    assert y.shape[-1] == 8 and np.array_equal(y, full[..., left : left + 8])
    if not upper:  # what torch spells with padding and output_padding
        same = conv_transpose(x, k, stride=2, padding=left, output_padding=m % 2)
        assert np.array_equal(y, same)


def test_onnx_same_with_a_kernel_below_the_stride_depends_on_who_computes_it():
    x, k = line(1, 3, 2, 4), line(1, 2)
    full = conv_transpose(x, k, stride=3)
    for auto_pad, zeros in [("SAME_UPPER", (1, 0)), ("SAME_LOWER", (0, 1))]:
        settings = {"strides": [3], "auto_pad": auto_pad}
        assert np.array_equal(by_runtime("ConvTranspose", x, k, **settings), full)
        padded = np.pad(full, [(0, 0), (0, 0), zeros])
        assert np.array_equal(by_reference("ConvTranspose", x, k, **settings), padded)


@pytest.mark.parametrize("n", [6, 7])
@pytest.mark.parametrize("upper", [True, False])
def test_onnx_same_of_a_strided_convolution_pads_an_odd_zero_at_one_end(n, upper):
    x, k = line(*range(1, n + 1)), line(1, 2, 3)
    y = by_reference("Conv", x, k, strides=[2], auto_pad="SAME_UPPER" if upper else "SAME_LOWER")
    zeros = (-(-n // 2) - 1) * 2 + 3 - n
    left = zeros // 2 if upper else zeros - zeros // 2
    padded = np.pad(x, [(0, 0), (0, 0), (left, zeros - left)])
    assert np.array_equal(y, conv(padded, k, stride=2))


@each_evaluator
@pytest.mark.parametrize("auto_pad", ["NOTSET", "VALID"])
def test_onnx_without_same_has_the_size_of_eq_12(by_onnx, auto_pad):
    for m, s in [(3, 2), (4, 2), (2, 3), (5, 3)]:
        y = by_onnx("ConvTranspose", line(1, 3, 2, 4), line(*range(m)), strides=[s], auto_pad=auto_pad)
        assert y.shape[-1] == conv_transpose_output_size(4, m, stride=s)


# JAX: batch, rows, columns, channels


def by_jax(x, k, strides, padding="VALID", **settings):
    """x in our layout, k in JAX's; the result in our layout."""
    x, k = (np.asarray(each, np.float32) for each in (np.moveaxis(x, 1, -1), k))
    spatial = "HW"[: len(strides)]
    layouts = f"N{spatial}C", f"{spatial}IO", f"N{spatial}C"
    y = lax.conv_transpose(x, k, strides, padding, dimension_numbers=layouts, **settings)
    return np.moveaxis(np.asarray(y), -1, 1)


def by_jax_on_a_line(x, k, stride, padding, **settings):
    return by_jax(line(*x), np.array(k)[:, None, None], (stride,), padding, **settings)[0, 0]


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_jax_stamps_flipped_unless_transpose_kernel(stride):
    x, k = whole_numbers(2, 6, 5, 4), whole_numbers(6, 3, 3, 4, seed=1)
    ours = conv_transpose(x, k, stride=stride)
    flipped = k[:, :, ::-1, ::-1].transpose(2, 3, 0, 1)  # m1, m2, in, out
    assert np.array_equal(by_jax(x, flipped, (stride, stride)), ours)
    as_keras = k.transpose(2, 3, 1, 0)  # m1, m2, out, in
    assert np.array_equal(by_jax(x, as_keras, (stride, stride), transpose_kernel=True), ours)


@pytest.mark.parametrize("to_torch", [nb05._moved, *nb05.to_torch.rights], ids=lambda f: f.__name__)
def test_the_exercise_s_rule_for_a_weight_from_jax_is_jax_s(to_torch):
    x, k = whole_numbers(2, 6, 5, 4), whole_numbers(3, 4, 6, 2, seed=1)
    assert np.array_equal(by_jax(x, k, (2, 2)), conv_transpose(x, to_torch(k, "jax"), stride=2))


def test_what_the_exercise_calls_wrong_for_a_weight_from_jax_is_wrong():
    x, k = (
        whole_numbers(2, 2, 5, 4),
        whole_numbers(3, 3, 2, 2, seed=1),
    )  # of a shape that hides exchanged axes
    theirs, judged = by_jax(x, k, (2, 2)), 0
    for wrong in nb05.to_torch.wrongs:
        weight = wrong.function(k, "jax")
        if not np.array_equal(weight, nb05._moved(k, "jax")):
            assert not np.array_equal(theirs, conv_transpose(x, weight, stride=2)), wrong.name
            judged += 1
    assert judged >= 5


@pytest.mark.parametrize("m", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_jax_s_sizes_and_what_same_crops(m, stride):
    x, k = [1, 3, 2, 4], range(1, m + 1)
    full = np.pad(conv_transpose(x, k, stride=stride), (0, max(stride - m, 0)))
    valid = by_jax_on_a_line(x, k, stride, "VALID", transpose_kernel=True)
    assert len(valid) == stride * 4 + max(m - stride, 0) and np.array_equal(valid, full)
    same = by_jax_on_a_line(x, k, stride, "SAME", transpose_kernel=True)
    left = max(m - stride, 0) // 2  # so an odd one more at the end
    assert len(same) == stride * 4 and np.array_equal(same, full[left : left + stride * 4])


@pytest.mark.parametrize("p", [0, 1, 2])
def test_jax_s_padding_pads_the_zero_inserted_input_or_crops_as_torch_s(p):
    x, k = [1, 3, 2, 4], [1, 2, 3]
    sizes = [len(by_jax_on_a_line(x, k, 2, [(q, q)])) for q in (p, p + 1)]
    assert sizes == [5 + 2 * p, 7 + 2 * p]
    y = by_jax_on_a_line(x, k, 2, [(p, p)], use_consistent_padding=True, transpose_kernel=True)
    assert np.array_equal(y, conv_transpose(x, k, stride=2, padding=p))


def test_jax_dilates_with_a_stride():
    x, k = [1, 3, 2, 4], [1, 2, 3]
    y = by_jax_on_a_line(x, k, 2, "VALID", rhs_dilation=(2,), transpose_kernel=True)
    assert np.array_equal(y, conv_transpose(x, k, stride=2, dilation=2))


def test_jax_s_conv_transpose_takes_no_groups():
    with pytest.raises(TypeError, match="feature_group_count"):
        by_jax_on_a_line([1, 2], [1], 1, "VALID", feature_group_count=1)


@pytest.mark.parametrize("name, package", [("JAX", "jax"), ("ONNX", "onnx"), ("ONNX Runtime", "onnxruntime")])
def test_the_page_names_the_versions_that_run_here(name, package):
    prose = "\n".join(cell.source for cell in nbformat.read(PAGE, 4).cells if cell.cell_type == "markdown")
    assert re.search(rf"\b{name} {re.escape(version(package))}\b", prose)
