"""PyTorch's own samples of its convolutions, as the installed torch has them: values and gradients."""

import numpy as np
import pytest
import torch
from cases import assert_same

import tconv_helpers

# PyTorch says this of itself, once in a process
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
TOLERANCES = {"float64": 1e-12, "complex128": 1e-12, "float32": 1e-5, "complex64": 1e-5, "float16": 5e-3}
NAMES = [f"{name}{rank}d" for name in ("conv", "conv_transpose") for rank in (1, 2, 3)]


@pytest.fixture(scope="module")
def samples():
    """Return PyTorch's samples of a function: as it makes them, and with gaps in memory."""
    from torch.testing._internal.common_methods_invocations import op_db

    infos = {info.name.removeprefix("nn.functional."): info for info in op_db}

    def samples(name, dtype):
        drawn = list(infos[name].sample_inputs("cpu", dtype, requires_grad=False))
        return [*drawn, *(sample.noncontiguous() for sample in drawn)]

    return samples


def arrays(sample):
    """Return (x, k, bias) of a sample as NumPy arrays on its own memory, and its other arguments by name."""
    names = ["weight", "bias", "stride", "padding", "dilation", "groups"]
    given = dict(zip(names, sample.args, strict=False)) | sample.kwargs
    x, k, bias = sample.input, given.pop("weight"), given.pop("bias", None)
    return [None if each is None else each.numpy() for each in (x, k, bias)], given


@pytest.mark.parametrize("dtype", [*TOLERANCES, "int64"])
@pytest.mark.parametrize("name", NAMES)
def test_values_are_torch_s(samples, name, dtype):
    drawn = samples(name, getattr(torch, dtype))
    assert len(drawn) >= 20
    for sample in drawn:
        (x, k, bias), settings = arrays(sample)
        ours = getattr(tconv_helpers, name[:-2])(x, k, bias, **settings)
        theirs = getattr(torch.nn.functional, name)(sample.input, *sample.args, **sample.kwargs)
        assert_same(ours, theirs.resolve_conj().numpy(), TOLERANCES.get(dtype, 0))


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_torch_s(samples, name, dtype):
    for sample in samples(name, getattr(torch, dtype)):
        (x, k, _), settings = arrays(sample)
        leaves = [each.detach().clone().requires_grad_() for each in (sample.input, sample.args[0])]
        y = getattr(torch.nn.functional, name)(*leaves, **settings)
        dy = torch.from_numpy(np.random.default_rng(0).standard_normal(y.shape).astype(dtype))
        gradients = getattr(tconv_helpers, f"{name[:-2]}_backward")(dy.numpy(), x, k, **settings)
        for ours, theirs in zip(gradients, torch.autograd.grad(y, leaves, dy), strict=False):
            assert_same(ours, theirs.resolve_conj().numpy(), 1e-12)
