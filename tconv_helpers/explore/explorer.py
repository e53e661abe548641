"""The base of every explorer: its state, its bounds and its words."""

from typing import ClassVar

import anywidget

from ..marks import css_variables
from .address import address_of, state_of, traits_of
from .joining import joined
from .traits import Sent, Wholes


class Explorer(anywidget.AnyWidget):
    """Draw on the client, and share the state of the picture with it; TypeError for an unknown name."""

    _css = css_variables(".tconv-explorer") + joined("theme.css", "explore.css")
    # Names of states that are worth a look -> what they change
    presets: ClassVar = {}
    _presets = Sent()
    _start = Sent()  # the state that Reset goes back to
    _bounds = Sent()  # of each trait [least, most], and of a number in a list: the controls end there

    def __init__(self, **state):
        if unknown := set(state) - set(self.state_names()):
            raise TypeError(
                f"{type(self).__name__} has no {sorted(unknown)[0]}; it has {', '.join(self.state_names())}"
            )
        super().__init__(**state)
        self._start = {name: getattr(self, name) for name in self.state_names()}
        self._presets = self.presets
        bounds = {name: self.traits()[name].bounds(self) for name in self.state_names()}
        self._bounds = {**bounds, "cells": Wholes.cells}

    @classmethod
    def from_link(cls, link):
        """Return the explorer that a link shows, or its address; ValueError if that is no state of this kind.

        >>> from tconv_helpers import TransposedExplorer
        >>> TransposedExplorer.from_link("#x=1,2&k=1,1&stride=3").y.tolist()
        [1, 1, 0, 2, 2]
        """
        return cls(**state_of(cls(), link))

    def link(self, page=""):
        """Return the link to this state: `page`, where the explorer stands alone, and the state's address.

        >>> from tconv_helpers import CheckerboardExplorer
        >>> CheckerboardExplorer().link("checkerboard.html")
        'checkerboard.html#k=1,1,1&stride=2&u=7'
        """
        return page + address_of(self)

    @classmethod
    def state_names(cls):
        """Return the names of the traits that make up the picture."""
        return list(traits_of(cls))

    def summary(self):
        """Return in words: the state and what it results in; the text form of the explorer."""
        raise NotImplementedError

    def __repr__(self):
        return f"{type(self).__name__}: {self.summary()}"
