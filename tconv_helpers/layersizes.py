"""The size that a layer makes of a size, by the formula that its framework documents (standard library only).

`defaults.json` has the settings that a layer need not name; `explore/*.js` read it, too.
Source: Dumoulin & Visin 2016, relationships 14 and 15; the documentation of PyTorch 2.13 and Keras 3.11.
"""

import json
from pathlib import Path

from .shapes import conv_output_size, conv_transpose_output_size

DEFAULTS = json.loads(Path(__file__).with_name("defaults.json").read_text(encoding="utf-8"))  # torch's
WORDS = ["same", "valid"]  # of paddings


def size_after(layer, n, axis=0):
    """Return (the size of a layer's output along an axis, the formula with its numbers).

    ValueError, in the words of the rule, where there is none.

    >>> from tconv_helpers.layers import read_layers
    >>> size_after(*read_layers("MaxPool2d(2)"), 7)
    (3, 'floor((7 + 2*0 - 1*(2 - 1) - 1) / 2) + 1')
    """
    return _KINDS[layer.kind](n, lambda parameter, *default: value_at(layer, parameter, axis, *default))


def _conv(n, get):
    m, stride, padding, dilation = get("kernel_size"), get("stride"), get("padding"), get("dilation")
    if padding == "same":
        if stride != 1:
            raise ValueError(f"padding='same' needs stride 1: got stride={stride}; use padding={m // 2}")
        return n, "the same size"
    padding = 0 if padding == "valid" else padding
    return (
        conv_output_size(n, m, stride, padding, dilation=dilation),
        f"floor(({n} + 2*{padding} - {dilation}*({m} - 1) - 1) / {stride}) + 1",
    )


def _transpose(n, get):
    m, stride, padding = get("kernel_size"), get("stride"), get("padding")
    output_padding, dilation = get("output_padding"), get("dilation")
    return (
        conv_transpose_output_size(n, m, stride, padding, output_padding=output_padding, dilation=dilation),
        f"({n} - 1)*{stride} - 2*{padding} + {dilation}*({m} - 1) + {output_padding} + 1",
    )


def _pool(n, get):
    m, padding, dilation = get("kernel_size"), get("padding"), get("dilation")
    stride = get("stride", m)
    if 2 * padding > m:
        raise ValueError(f"padding must be at most half the kernel: got {padding}, {m}; use {m // 2}")
    if not get("ceil_mode", False):
        return _conv(n, lambda parameter: stride if parameter == "stride" else get(parameter))
    rest = n + 2 * padding - dilation * (m - 1) - 1
    size = -(-rest // stride) + 1
    if size < 1:
        conv_output_size(n, m, stride, padding, dilation=dilation)  # which says so
    size -= (size - 1) * stride >= n + padding  # the last window must begin before the padding on the right
    return size, f"ceil(({n} + 2*{padding} - {dilation}*({m} - 1) - 1) / {stride}) + 1"


def _unpool(n, get):
    m, padding = get("kernel_size"), get("padding")
    stride = get("stride", m)
    size = conv_transpose_output_size(n, m, stride, padding)
    return size, f"({n} - 1)*{stride} - 2*{padding} + {m}"


def _upsample(n, get):
    if (size := get("size", None)) is not None:
        return size, f"size={size}"
    scale = get("scale_factor", None)
    if scale is None:
        raise ValueError("Upsample must have a size or a scale_factor: got neither; write scale_factor=2")
    if int(n * scale) < 1:
        raise ValueError(f"scale_factor must leave a sample: got {scale} for {n}; use a larger one")
    return int(n * scale), f"floor({n}*{scale})"


def _shuffle(n, get):
    factor = get("upscale_factor")
    return n * factor, f"{n}*{factor}"


def _unshuffle(n, get):
    factor = get("downscale_factor")
    if n % factor:
        raise ValueError(f"the size must be a multiple of downscale_factor: got {n} and {factor}; pad it")
    return n // factor, f"{n} / {factor}"


def _keras_conv(n, get):
    m, stride, dilation = get("kernel_size"), get("stride"), get("dilation")
    if get("padding") == "same":
        return -(-n // stride), f"ceil({n} / {stride})"
    size = conv_output_size(n, m, stride, dilation=dilation)
    return size, f"floor(({n} - {dilation}*({m} - 1) - 1) / {stride}) + 1"


def _keras_pool(n, get):
    m = get("kernel_size", 2)
    stride = get("stride", m)
    if get("padding") == "same":
        return -(-n // stride), f"ceil({n} / {stride})"
    return conv_output_size(n, m, stride), f"floor(({n} - {m}) / {stride}) + 1"


def _keras_transpose(n, get):
    m, stride, more = get("kernel_size"), get("stride"), get("output_padding", None)
    span = get("dilation") * (m - 1) + 1
    same = get("padding") == "same"
    if more is None:
        return (
            (n * stride, f"{n}*{stride}")
            if same
            else (
                n * stride + max(span - stride, 0),
                f"{n}*{stride} + max({span} - {stride}, 0)",
            )
        )
    if not 0 <= more < stride:
        raise ValueError(f"output_padding must be below the stride: got {more}, {stride}; use {stride - 1}")
    crop = 2 * (span // 2) if same else 0
    return (n - 1) * stride + span - crop + more, f"({n} - 1)*{stride} + {span} - {crop} + {more}"


def _keras_upsample(n, get):
    factor = get("size", 2)
    return n * factor, f"{n}*{factor}"


_KINDS = {
    "conv": _conv,
    "transpose": _transpose,
    "pool": _pool,
    "unpool": _unpool,
    "upsample": _upsample,
    "shuffle": _shuffle,
    "unshuffle": _unshuffle,
    "keras conv": _keras_conv,
    "keras pool": _keras_pool,
    "keras transpose": _keras_transpose,
    "keras upsample": _keras_upsample,
}
_LEAST = {"padding": 0, "output_padding": 0}


def value_at(layer, parameter, axis, *default):
    """Return the value of a layer's parameter along an axis; ValueError if it is missing or does not fit."""
    value = layer.value(parameter)
    if isinstance(value, tuple):
        if len(value) != (layer.rank or len(value)) or axis >= len(value):
            got = ", ".join(map(str, value))
            raise ValueError(f"{parameter} must have a number for each axis: got ({got}); use one number")
        value = value[axis]
    if value is None:
        return _default(layer, parameter, *default)
    keras = layer.kind.startswith("keras")
    if parameter == "ceil_mode" or (
        parameter == "padding" and value in WORDS and (keras or layer.kind == "conv")
    ):
        return value
    if parameter == "padding" and keras:
        raise ValueError(f"padding must be 'same' or 'valid' in Keras: got {value}; use 'same'")
    least = _LEAST.get(parameter, 1)
    if isinstance(value, str | bool) or value < (0 if parameter == "scale_factor" else least):
        raise ValueError(f"{parameter} must be a number from {least} up: got {value}; use {least} or more")
    if parameter != "scale_factor" and not isinstance(value, int):
        raise ValueError(f"{parameter} must be a whole number: got {value}; round it")
    return value


def _default(layer, parameter, *default):
    """Return the value of a parameter that is not written; ValueError if it must be."""
    if default:
        return default[0]
    if parameter == "padding" and layer.kind.startswith("keras"):
        return "valid"
    if parameter not in DEFAULTS:
        raise ValueError(f"{layer.name} must have a {parameter}: got none; write {parameter}=2")
    return DEFAULTS[parameter]
