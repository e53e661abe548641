"""The base of every explorer: state, bounds, words, one module. tests/browser/ has what is drawn."""

import re

import pytest

import tconv_helpers
from tconv_helpers import (
    BackwardExplorer,
    CheckerboardExplorer,
    ShapeExplorer,
    SpectrumExplorer,
    StampExplorer,
    ToeplitzExplorer,
    TransposedExplorer,
)
from tconv_helpers.explore.explorer import Explorer

OF_SIGNALS = [BackwardExplorer, CheckerboardExplorer, SpectrumExplorer, StampExplorer]
OF_SIGNALS += [ToeplitzExplorer, TransposedExplorer]
EXPLORERS = [*OF_SIGNALS, ShapeExplorer]


@pytest.fixture(params=EXPLORERS)
def explorer(request):
    return request.param()


def test_what_is_drawn_is_one_module_that_fetches_nothing(explorer):
    text = explorer._esm + explorer._css
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\(|fetch\(|^import ", text, re.M)
    assert len(re.findall("^export default", text, re.M)) == 1


def test_its_words_are_the_same_each_time(explorer):
    again = type(explorer)()
    assert repr(explorer) == repr(again) and repr(explorer).endswith(".")
    assert explorer._repr_mimebundle_()[0]["text/plain"] == repr(explorer)
    assert not re.search("0x|[0-9a-f]{32}", repr(explorer))


def test_its_state_can_be_given_and_is_what_reset_goes_back_to(explorer):
    state = {name: getattr(explorer, name) for name in explorer.state_names()}
    assert explorer._start == state
    assert type(explorer)(**state)._start == state


def test_an_unknown_name_is_refused(explorer):
    with pytest.raises(TypeError, match=f"^{type(explorer).__name__} has no speed; it has .*[kn]"):
        type(explorer)(speed=3)


def test_every_explorer_is_here():
    made = {name for name, module in tconv_helpers._LATE.items() if module.startswith("explore.")}
    assert made == {each.__name__ for each in EXPLORERS}
    assert all(issubclass(each, Explorer) for each in EXPLORERS)


@pytest.mark.parametrize("kind", OF_SIGNALS)
def test_the_client_gets_the_bounds_that_the_traits_keep(kind):
    explorer = kind()
    for name, (least, most) in explorer._bounds.items():
        fits = [value for value in range(-20, 40) if accepts(explorer, name, value)]
        assert (fits[0], fits[-1]) == (least, most) and len(fits) == most - least + 1
    assert set(explorer._bounds) == {*explorer.state_names(), "cells"}


def accepts(explorer, name, value):
    """Return whether a trait takes a number, a list a length, or "cells" a number in a list."""
    lists = [each for each in explorer.state_names() if isinstance(getattr(explorer, each), tuple)]
    square = isinstance(explorer, StampExplorer)
    size = 1 if name == "cells" else value
    filled = [value if name == "cells" else 0] * size
    if name == "cells":
        name = lists[0]
    try:
        setattr(explorer, name, value if name not in lists else [filled] * size if square else filled)
    except ValueError:
        return False
    return True
