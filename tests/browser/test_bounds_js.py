"""Every control ends where its trait does: the traits alone know the bounds, and the client is told."""

from copy import copy

import pytest

from tconv_helpers import (
    BackwardExplorer,
    CheckerboardExplorer,
    SpectrumExplorer,
    StampExplorer,
    ToeplitzExplorer,
    TransposedExplorer,
)
from tconv_helpers.explore.traits import Wholes

# Of the explorers with sizes: the traits whose lengths they are
SIZES = {
    BackwardExplorer: {"n": "dy", "kernel size": "k"},
    CheckerboardExplorer: {"kernel size": "k"},
    SpectrumExplorer: {"n": "x", "kernel size": "k"},
    StampExplorer: {"n": "y", "kernel size": "k"},
    ToeplitzExplorer: {"kernel size": "k"},
    TransposedExplorer: {"n": "x", "kernel size": "k"},
}
# The trait that is stepped through, and where the state ends it
STEPS = {
    BackwardExplorer: ("u", lambda explorer: len(explorer.dx)),
    CheckerboardExplorer: ("u", lambda explorer: len(explorer.y)),
    SpectrumExplorer: ("u", lambda explorer: len(explorer.y)),
    StampExplorer: ("pixel", lambda explorer: explorer.n**2),
    ToeplitzExplorer: ("i", lambda explorer: len(explorer.A)),
    TransposedExplorer: ("u", lambda explorer: len(explorer.y)),
}
ENDS = """() => {
    const ends = (selector) => [...el.querySelectorAll(selector)]
        .map(({ ariaLabel, min, max }) => [ariaLabel, [Number(min), Number(max)]]);
    const stepped = [...el.querySelectorAll(".canvas[role=slider]")]
        .map((box) => [Number(box.ariaValueMin), Number(box.ariaValueMax)]);
    return { sliders: ends("input[type=range]"), cells: ends("input[type=number]"), stepped };
}"""


def widened(kind):
    """Return the same explorer with other bounds for every trait."""
    wider = {name: copy(kind.class_traits()[name]) for name in kind.state_names()}
    for trait in wider.values():
        trait.least, trait.most = trait.least - 1, trait.most + 2
    return type(kind.__name__, (kind,), wider)


@pytest.mark.parametrize("wider", [False, True])
@pytest.mark.parametrize("kind", SIZES)
def test_every_control_ends_where_its_trait_does(mount, page, monkeypatch, kind, wider):
    if wider:
        monkeypatch.setattr(Wholes, "cells", (-5, 7))
    explorer = (widened(kind) if wider else kind)()
    bounds = {name: list(explorer.traits()[name].bounds(explorer)) for name in explorer.state_names()}
    stepped, last = STEPS[kind]
    assert last(explorer) <= bounds[stepped][1]
    bounds[stepped][1] = last(explorer)
    mount(explorer)
    seen = page.evaluate(ENDS)
    assert seen["stepped"] and all(ends == bounds[stepped] for ends in seen["stepped"])
    sliders = dict(seen["sliders"])
    assert sliders == {name: bounds[SIZES[kind].get(name, name)] for name in sliders}
    assert {*SIZES[kind], *bounds} - {*SIZES[kind].values(), stepped} <= set(sliders)
    assert {tuple(ends) for _, ends in seen["cells"]} == {Wholes.cells}
