"""Kernels of a known shape in the place of the trained ones: what does the shape do in a layer?"""

import torch

# Of each name the entries along one axis, from the places a, the factor of enlargement and the padding
SHAPES = {
    "nearest": lambda a, factor, padding: ((padding <= a) & (a < padding + factor)).float(),
    "bilinear": lambda a, factor, padding: (1 - (a - a.mean()).abs() / factor).clamp(min=0),
    "ones": lambda a, factor, padding: torch.ones_like(a),
}
KERNELS = "trained", *SHAPES


def swap_kernel(weight, kernel, *, factor, padding=0):
    """Return kernels of another shape, each with the sum of the one in ``weight`` whose place it takes.

    Shapes: weight ``(in, out, m, m)``, returns the same. ``factor``: how many times larger the layer makes
    its maps; ``padding``: the layer's.
    Formula: ``k_{a,b} = (sum of w) s_a s_b / (sum of s)^2``; s is 1 on the ``factor`` entries after the
    padding (nearest), or the triangle ``1 - |a - (m+1)/2| / factor`` (bilinear), or 1 everywhere (ones).
    Errors: ValueError for another name than trained (which changes nothing), nearest, bilinear and ones.

    >>> weight = torch.arange(16.0).reshape(1, 1, 4, 4)
    >>> swap_kernel(weight, "nearest", factor=2, padding=1)[0, 0, 1].tolist()
    [0.0, 30.0, 30.0, 0.0]
    """
    if kernel not in KERNELS:
        raise ValueError(f"kernel must be one of {', '.join(KERNELS)}: got {kernel!r}; use 'nearest'")
    if kernel == "trained":
        return weight
    along = SHAPES[kernel](torch.arange(weight.shape[-1]).float(), factor, padding)
    shape = along[:, None] * along
    return weight.sum(dim=(2, 3), keepdim=True) * shape / shape.sum()
