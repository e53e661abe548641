"""Random calls of the operators, and torch as their oracle.

Hypothesis draws sizes and settings only; the numbers come from a seed, so that an example that fails
prints as something a person can read and run again.
"""

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import strategies as st

TORCH = {
    "conv": (F.conv1d, F.conv2d, F.conv3d),
    "conv_transpose": (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d),
}


class Case(NamedTuple):
    """Hold one call: the shapes of x and k, whether it has a bias, its other arguments, and its numbers."""

    x: tuple
    k: tuple
    out: int
    biased: bool
    settings: dict
    memory: str = "plain"
    seed: int = 0

    def arrays(self, dtype=float):
        """Return x, k and a bias."""
        rng = np.random.default_rng(self.seed)
        return [numbers(rng, shape, dtype, self.memory) for shape in (self.x, self.k, (self.out,))]

    def dy(self, y):
        """Return random numbers for the gradient of an output y."""
        return numbers(np.random.default_rng(self.seed + 1), y.shape, y.dtype, self.memory)


def numbers(rng, shape, dtype=float, memory="plain"):
    """Return random numbers, small and whole if dtype is; memory: plain, read-only, fortran, strided."""
    if memory == "strided":
        return numbers(rng, (*shape[:-1], 2 * shape[-1]), dtype)[..., ::-2]
    values = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    kind = np.dtype(dtype).kind
    values = values if kind == "c" else np.abs(3 * values).round() if kind in "iu" else values.real
    values = values.astype(dtype, order="F" if memory == "fortran" else "C")
    values.flags.writeable = memory != "read-only"
    return values


@st.composite
def cases(draw, transposed, ranks=(1, 2, 3), layouts=("bare", "unbatched", 0, 1, 2, 3)):
    """Draw a valid call of conv or conv_transpose, every axis with its own size and settings."""
    rank = draw(st.sampled_from(ranks))
    axes = [draw(axis(transposed, rank)) for _ in range(rank)]
    n, m, *rest = zip(*axes, strict=True)
    names = ["stride", "dilation", "padding", *["output_padding"] * transposed]
    settings = dict(zip(names, rest, strict=True))
    for name, values in settings.items():
        if len(set(values)) == 1 and draw(st.booleans()):
            settings[name] = values[0]
    common = {
        "biased": draw(st.booleans()),
        "memory": draw(st.sampled_from(["plain", "read-only", "fortran", "strided"])),
        "seed": draw(st.integers(0, 99)),
    }
    layout = draw(st.sampled_from([each for each in layouts if rank == 1 or each != "bare"]))
    if layout == "bare":
        return Case(n, m, out=1, settings=settings, **common)
    groups, i, o = (draw(st.integers(1, 3)) for _ in range(3))
    settings["groups"] = groups
    x = (groups * i, *n) if layout == "unbatched" else (layout, groups * i, *n)
    k = (groups * i, o, *m) if transposed else (groups * o, i, *m)
    return Case(x, k, groups * o, settings=settings, **common)


@st.composite
def axis(draw, transposed, rank=1):
    """Draw one axis of a valid call: n, m, stride, dilation, padding and, if transposed, output_padding."""
    few = st.integers(1, (5, 3, 2)[rank - 1])
    m, stride, dilation = draw(few), draw(few), draw(few)
    span, most = dilation * (m - 1) + 1, (7, 4, 3)[rank - 1]
    if not transposed:
        padding = draw(st.integers(0, 3))
        least = max(1, span - 2 * padding)
        return draw(st.integers(least, least + most)), m, stride, dilation, padding
    n, extra = draw(st.integers(1, most)), draw(st.integers(0, max(stride, dilation) - 1))
    size = (n - 1) * stride + span + extra
    return n, m, stride, dilation, draw(st.integers(0, min(4, (size - 1) // 2))), extra


def tensor(array):
    """Return a torch copy of an array (torch itself warns of read-only memory)."""
    return None if array is None else torch.tensor(array.copy(order="C"))


def by_torch(name, x, k, bias=None, **settings):
    """Return torch's conv or conv_transpose of arrays, as an array; a bare signal gets its axes."""
    return _torch(name, tensor(x), tensor(k), tensor(bias), settings).numpy()


def torch_gradients(name, dy, x, k, bias, settings):
    """Return torch.autograd's gradients for x, k and bias, as arrays."""
    leaves = [tensor(each).requires_grad_() for each in (x, k, bias)]
    y = _torch(name, *leaves, settings)
    return [g.numpy() for g in torch.autograd.grad(y, leaves, tensor(dy))]


def _torch(name, x, k, bias, settings):
    if k.ndim == 1:
        return _torch(name, x[None], k[None, None], bias, settings)[0]
    return TORCH[name][k.ndim - 3](x, k, bias, **settings)


def assert_same(ours, theirs, rtol=1e-12):
    """Assert equal shape, dtype and, to rtol of the largest, value; ours contiguous and free to write to."""
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    assert ours.flags.c_contiguous and ours.flags.writeable
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=rtol * abs(theirs).max(initial=1))
