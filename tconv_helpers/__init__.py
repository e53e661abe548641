"""One operator, the transposed convolution: its sums, its gradients, its matrix, its pictures.

Every public name imports from here; names that would pull in more than NumPy are loaded on first use.
"""
# ruff: noqa: F401

import importlib

from .definition import (
    conv_dk,
    conv_dx,
    conv_over_kernel,
    conv_over_signal,
    conv_transpose_by_scatter,
    conv_transpose_by_zero_insertion,
    signal_convolution,
)
from .laws import agree, dot_test, gradient_check, refusal
from .operators import conv, conv_backward, conv_transpose, conv_transpose_backward
from .shapes import conv_output_size, conv_transpose_output_size, input_sizes_for, output_padding_for
from .upsampling import (
    bilinear_kernel,
    icnr_kernel,
    nearest_kernel,
    phase_spread,
    phase_sums,
    pixel_shuffle,
    polyphase,
)

_LATE = {
    "BackwardExplorer": "explore.backward",
    "CheckerboardExplorer": "explore.checkerboard",
    "ShapeExplorer": "explore.shape",
    "SpectrumExplorer": "explore.spectrum",
    "StampExplorer": "explore.stamps",
    "ToeplitzExplorer": "explore.toeplitz",
    "TransposedExplorer": "explore.transposed",
    "check_environment": "environment",
    "fix_shape": "chains",
    "conv_matrix": "matrix",
    "conv_operator": "matrix",
    **dict.fromkeys(["draw_grid", "draw_images", "draw_matrix"], "figures.arrays"),
    **dict.fromkeys(
        ["draw_class", "draw_scores", "draw_signals", "draw_spectra", "draw_spectrum"], "figures.charts"
    ),
    **dict.fromkeys(
        ["draw_conv", "draw_crop", "draw_links", "draw_phases", "draw_scatter", "draw_zero_insertion"],
        "figures.sums",
    ),
    "draw_views": "figures.views",
    "load_photograph": "figures.photograph",
    **dict.fromkeys(["load_idx", "load_images"], "generator.images"),
    **dict.fromkeys(["as_images", "as_tensor", "tile"], "generator.pixels"),
    **dict.fromkeys(
        ["Discriminator", "Generator", "draw_latents", "layer_sizes", "parameter_count", "sample"],
        "generator.models",
    ),
    **dict.fromkeys(["evaluate", "frechet_distance", "precision_recall", "real_scores"], "generator.metrics"),
    "LatentExplorer": "generator.latent",
    "Recipe": "generator.recipe",
    "Trainer": "generator.train",
    "load_generator": "generator.stored",
    "load_judge": "generator.judge",
    **dict.fromkeys(["locked_energy", "locked_pattern"], "generator.checkerboard"),
    "swap_kernel": "generator.swaps",
    **dict.fromkeys(["transposed_form", "upsampler"], "generator.upsamplers"),
    "check": "exercises.checking",
    "progress": "exercises.standing",
    "quiz": "exercises.quizzes",
}

# The functions imported above, and those in the table
__all__ = [*sorted(name for name, value in globals().items() if callable(value) and name[0] != "_"), *_LATE]


def __getattr__(name):
    if name in _LATE:
        return getattr(importlib.import_module(f".{_LATE[name]}", __name__), name)
    if name.startswith("__"):
        raise AttributeError(name)
    from difflib import get_close_matches

    close = get_close_matches(name, __all__, n=1)
    way_out = f"did you mean {close[0]}?" if close else "dir(tconv_helpers) lists what it has"
    raise AttributeError(f"tconv_helpers has no name {name!r}; {way_out}", name=name)


def __dir__():
    return sorted({*globals(), *__all__})
