"""Five layers that double height and width, behind one switch; each is a transposed convolution."""

from typing import NamedTuple

import torch
from torch import nn


def upsampler(name, in_channels, out_channels):
    """Return the layer that doubles height and width, by its ``name`` in ``UPSAMPLERS``.

    Shapes: ``(batch, in_channels, h, w)`` to ``(batch, out_channels, 2 h, 2 w)``.
    Errors: ValueError for an unknown name.
    Source: Odena, Dumoulin & Olah 2016 (resize); Shi et al. 2016 (PixelShuffle); Aitken et al. 2017 (ICNR).

    >>> import torch
    >>> x = torch.zeros(1, 3, 7, 7)
    >>> {tuple(upsampler(name, 3, 5)(x).shape) for name in UPSAMPLERS}
    {(1, 5, 14, 14)}
    """
    if name not in UPSAMPLERS:
        raise ValueError(f"upsampler must be one of {', '.join(UPSAMPLERS)}: got {name!r}")
    return UPSAMPLERS[name](in_channels, out_channels)


def conv_transpose_k3(in_channels, out_channels):
    """Return a transposed convolution with kernel 3, no multiple of the stride 2: the overlap is uneven."""
    return nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2, padding=1, output_padding=1)


def conv_transpose_k4(in_channels, out_channels):
    """Return a transposed convolution with kernel 4: an output takes 2 x 2 taps, whose sums may differ."""
    return nn.ConvTranspose2d(in_channels, out_channels, 4, stride=2, padding=1)


def nearest_conv(in_channels, out_channels):
    """Return a layer that repeats every pixel 2 x 2, then convolves with kernel 3."""
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(in_channels, out_channels, 3, padding=1))


def pixel_shuffle(in_channels, out_channels):
    """Return a layer that convolves to four times the channels, then lays each four out as 2 x 2 pixels."""
    return nn.Sequential(nn.Conv2d(in_channels, 4 * out_channels, 3, padding=1), nn.PixelShuffle(2))


def pixel_shuffle_icnr(in_channels, out_channels):
    """Return a PixelShuffle that starts as nearest-neighbour upsampling: four equal kernels for a block."""
    layer = pixel_shuffle(in_channels, out_channels)
    icnr_(layer[0].weight), icnr_(layer[0].bias)
    return layer


def icnr_(tensor, factor=2):
    """Make the ``factor ** 2`` kernels of each PixelShuffle block equal, in place.

    Formula: ``tensor[c * factor**2 + q] = tensor[c * factor**2]`` for every phase ``q``.
    Source: Aitken et al. 2017, "Checkerboard artifact free sub-pixel convolution".

    >>> import torch
    >>> icnr_(torch.arange(8.0)).tolist()
    [0.0, 0.0, 0.0, 0.0, 4.0, 4.0, 4.0, 4.0]
    """
    tensor.data.copy_(tensor.data[:: factor**2].repeat_interleave(factor**2, dim=0))
    return tensor


UPSAMPLERS = {
    layer.__name__: layer
    for layer in (conv_transpose_k3, conv_transpose_k4, nearest_conv, pixel_shuffle, pixel_shuffle_icnr)
}


class TransposedForm(NamedTuple):
    """Hold a layer as one transposed convolution with square kernels."""

    # (in, out, m, m)
    weight: torch.Tensor
    # (out,), or (out, stride, stride): one for each phase of the output
    bias: torch.Tensor
    stride: int
    padding: int
    output_padding: int = 0


@torch.no_grad()
def transposed_form(layer):
    """Return an upsampler, or a ``ConvTranspose2d``, as the one transposed convolution that it is.

    Shapes: weight ``(in, out, m, m)``: m is 3 or 4 as the names say, 4 for ``nearest_conv``, 6 for a
    PixelShuffle, which has a bias for each of the four phases.
    Errors: ValueError for any other layer, and for other arguments than the upsamplers have.
    Formula: after nearest upsampling, ``k_A = sum_{t=0,1} w_{2-(A-t)}`` along each axis; before a
    PixelShuffle, ``k_{2 (2-a) + r} = w_{r,a}``, r the phase; all from 0.
    Source: Shi et al. 2016, "Is the deconvolution layer the same as a convolutional layer?"

    >>> transposed_form(upsampler("pixel_shuffle", 3, 5)).weight.shape
    torch.Size([3, 5, 6, 6])
    """
    match list(layer) if isinstance(layer, nn.Sequential) else [layer]:
        case [nn.ConvTranspose2d() as only] if _is_square(only):
            arguments = only.stride[0], only.padding[0], only.output_padding[0]
            return TransposedForm(only.weight, _bias(only), *arguments)
        case [nn.Upsample(mode="nearest", scale_factor=2), nn.Conv2d() as conv] if _keeps_the_size(conv):
            return _after_nearest(conv)
        case [nn.Conv2d() as conv, nn.PixelShuffle(upscale_factor=2)] if _keeps_the_size(conv):
            return _before_shuffle(conv)
    raise ValueError(
        "layer must be a ConvTranspose2d with square kernels, alike along both axes, without dilation and "
        f"groups, or an upsampler of UPSAMPLERS: got {layer}; use one of them"
    )


def _is_square(layer):
    """Return whether a transposed convolution is alike along both axes, without dilation and groups."""
    pairs = layer.kernel_size, layer.stride, layer.padding, layer.output_padding
    return all(rows == columns for rows, columns in pairs) and (layer.dilation, layer.groups) == ((1, 1), 1)


def _keeps_the_size(conv):
    """Return whether a convolution is one of the upsamplers': kernel 3, padding 1 with zeros, and no more."""
    arguments = conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups, conv.padding_mode
    return arguments == ((3, 3), (1, 1), (1, 1), (1, 1), 1, "zeros")


def _bias(layer):
    """Return the bias of a layer, zeros where it has none."""
    return layer.weight.new_zeros(layer.out_channels) if layer.bias is None else layer.bias


def _after_nearest(conv):
    """Return the form of nearest upsampling, then a convolution with padding 1: stamps of 2 x 2 kernels."""
    k = conv.weight.transpose(0, 1).flip(2, 3)
    rows = nn.functional.pad(k, (0, 0, 0, 1)) + nn.functional.pad(k, (0, 0, 1, 0))
    weight = nn.functional.pad(rows, (0, 1)) + nn.functional.pad(rows, (1, 0))
    return TransposedForm(weight, _bias(conv), 2, 1)


def _before_shuffle(conv):
    """Return the form of a convolution with padding 1, then PixelShuffle: its kernels are the phases."""
    k = conv.weight.flip(2, 3).unflatten(0, (-1, 2, 2))  # out, r, q, in, a, b
    weight = k.permute(3, 0, 4, 1, 5, 2).flatten(4, 5).flatten(2, 3)
    return TransposedForm(weight, _bias(conv).unflatten(0, (-1, 2, 2)), 2, 2)
