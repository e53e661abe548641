"""A generator as a chain of transposed convolutions: the form in which an explorer draws with it."""

from typing import NamedTuple

import torch
from torch.nn import functional as F

from .swaps import swap_kernel
from .upsamplers import TransposedForm, transposed_form


class Link(NamedTuple):
    """Hold one transposed convolution of a generator, and the norm before it, which ReLU follows."""

    form: TransposedForm
    # Mean and variance (in,), scale and shift (classes, in); none before the first layer
    norm: tuple = ()
    # What is added to the variance
    eps: float = 0


def halved(value):
    """Return numbers in half precision; counters stay as they are."""
    return value.half() if value.is_floating_point() else value


def links_of(generator):
    """Return a generator's transposed convolutions, first to last, with their numbers in half precision.

    Errors: ValueError for a number that half precision cannot hold.
    """
    pairs = zip([None, *generator.norms], [generator.first, *generator.ups], strict=True)
    return [_halved(_link(norm, transposed_form(layer))) for norm, layer in pairs]


def _link(norm, form):
    """Return the link of a ``ClassNorm``, or of none, and the layer after it."""
    if norm is None:
        return Link(form)
    numbers = norm.norm.running_mean, norm.norm.running_var, norm.scale.weight, norm.shift.weight
    return Link(form, numbers, norm.norm.eps)


def _halved(link):
    """Return a link with its numbers rounded to half precision."""
    numbers = [halved(value.detach()).float() for value in (*link.norm, link.form.weight, link.form.bias)]
    if not all(value.isfinite().all() for value in numbers):
        raise ValueError(
            "a generator's numbers must be finite and of at most 65504 in size, to be sent in half "
            "precision: got others; train with a lower learning_rate"
        )
    *norm, weight, bias = numbers
    return link._replace(form=link.form._replace(weight=weight, bias=bias), norm=tuple(norm))


def swapped(link, kernel):
    """Return a link with another kernel, see ``swap_kernel``; the first one enlarges by its kernel's size."""
    form = link.form
    factor = form.stride if link.norm else form.weight.shape[-1]
    weight = swap_kernel(form.weight, kernel, factor=factor, padding=form.padding)
    return link._replace(form=form._replace(weight=weight))


@torch.no_grad()
def maps_of(links, z, labels):
    """Return the map after every link, the image last: what ``Generator.maps`` returns.

    Shapes: ``z (batch, latent)``, ``labels (batch,)`` to ``(batch, out, side, side)`` for each link.
    """
    latent = z.shape[1]
    classes = len(links[0].form.weight) - latent
    x = torch.cat([z, F.one_hot(labels, classes)], dim=1)[:, :, None, None]
    maps = []
    for link in links:
        maps.append(_transposed(_normed(x, link, labels), link.form))
        x = maps[-1]
    return [*maps[:-1], maps[-1].tanh()]


def _normed(x, link, labels):
    """Return maps after the norm of their class and ReLU, if the link has one."""
    if not link.norm:
        return x
    mean, variance, scale, shift = (values[..., None, None] for values in link.norm)
    return F.relu((x - mean) / (variance + link.eps).sqrt() * scale[labels] + shift[labels])


def _transposed(x, form):
    """Return the transposed convolution of maps, with its bias."""
    y = F.conv_transpose2d(x, form.weight, None, *form[2:])
    if form.bias.ndim == 1:
        return y + form.bias[:, None, None]
    return y + form.bias.repeat(1, *(size // form.stride for size in y.shape[2:]))


def sent(links):
    """Return what a client must know: the arguments of each link, and the bytes of all numbers.

    A link's numbers follow one another as they stand in it, norm, weight, bias, each in two bytes, the lower
    one first.
    """
    parts = [value for link in links for value in (*link.norm, link.form.weight, link.form.bias)]
    return [_arguments(link) for link in links], b"".join(
        value.half().contiguous().numpy().astype("<f2").tobytes() for value in parts
    )


def _arguments(link):
    inputs, outputs, m, _ = link.form.weight.shape
    arguments = dict(zip(TransposedForm._fields[2:], link.form[2:], strict=True))
    classes = len(link.norm[2]) if link.norm else 0
    sizes = {"from": inputs, "to": outputs, "m": m, "biases": link.form.bias.numel()}
    return {**sizes, **arguments, "classes": classes, "eps": link.eps}
