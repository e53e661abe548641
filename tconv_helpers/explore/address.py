"""The state of an explorer in an address, as `#x=1,3,2,4&k=1,2,1&stride=2`; `address.js` reads the same."""

from .traits import Bounded, Wholes


def address_of(explorer):
    """Return the address of an explorer's state: every trait, as it writes itself.

    >>> from tconv_helpers import CheckerboardExplorer
    >>> address_of(CheckerboardExplorer(k=[1, 3, 2, 1], stride=2))
    '#k=1,3,2,1&stride=2&u=7'
    """
    traits = traits_of(type(explorer))
    parts = [f"{name}={trait.written(getattr(explorer, name))}" for name, trait in traits.items()]
    return "#" + "&".join(parts)


def state_of(explorer, address):
    """Return {name: value} of an address, or of a link that ends in one; ValueError for what is no state.

    explorer: one of the kind, whose bounds hold.

    >>> from tconv_helpers import CheckerboardExplorer
    >>> state_of(CheckerboardExplorer(), "checkerboard.html#k=1,1&stride=2")
    {'k': (1, 1), 'stride': 2}
    """
    traits, state = traits_of(type(explorer)), {}
    text = address.rpartition("#")[2]
    for part in text.split("&") if text else []:
        name, sign, given = part.partition("=")
        if not sign:
            raise ValueError(f"each part of a link must be name=value: got {part}; copy the whole link")
        if name not in traits:
            raise ValueError(f"{type(explorer).__name__} has no {name}; it has {', '.join(traits)}")
        state[name] = _read(name, given, traits[name], traits[name].bounds(explorer))
    return state


def _read(name, given, trait, bounds):
    try:
        value = trait.parsed(given)
    except ValueError:
        value = None
    if value is None or not trait.fits(value, *bounds):
        rule, way_out = trait.rule(*bounds)
        raise ValueError(f"{name} must be {rule} in this explorer: got {name}={given}; use {way_out}")
    return value


def traits_of(kind):
    """Return the traits that make up an explorer's picture, by name."""
    return {name: trait for name, trait in kind.class_traits().items() if isinstance(trait, Bounded)}


def described(explorer):
    """Return what `address.js` must know of an explorer: of each trait its kind, bounds and rule."""
    traits = {}
    for name, trait in traits_of(type(explorer)).items():
        least, most = trait.bounds(explorer)
        rule, way_out = trait.rule(least, most)
        traits[name] = {
            "kind": type(trait).__name__,
            "least": least,
            "most": most,
            "rule": rule,
            "way_out": way_out,
        }
    return {"kind": type(explorer).__name__, "traits": traits, "cells": Wholes.cells}
