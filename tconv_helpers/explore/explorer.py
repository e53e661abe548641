"""The base of every explorer: its state, its bounds and its words."""

import anywidget

from ..marks import css_variables
from .joining import joined
from .traits import Bounded, Sent, Wholes


class Explorer(anywidget.AnyWidget):
    """Draw on the client, and share the state of the picture with it; TypeError for an unknown name."""

    _css = css_variables(".tconv-explorer") + joined("theme.css", "explore.css")
    _start = Sent()  # the state that Reset goes back to
    _bounds = Sent()  # of each trait [least, most], and of a number in a list: the controls end there

    def __init__(self, **state):
        if unknown := set(state) - set(self.state_names()):
            raise TypeError(
                f"{type(self).__name__} has no {sorted(unknown)[0]}; it has {', '.join(self.state_names())}"
            )
        super().__init__(**state)
        self._start = {name: getattr(self, name) for name in self.state_names()}
        bounds = {name: self.traits()[name].bounds(self) for name in self.state_names()}
        self._bounds = {**bounds, "cells": Wholes.cells}

    @classmethod
    def state_names(cls):
        """Return the names of the traits that make up the picture."""
        return [name for name, trait in cls.class_traits().items() if isinstance(trait, Bounded)]

    def summary(self):
        """Return in words: the state and what it results in; the text form of the explorer."""
        raise NotImplementedError

    def __repr__(self):
        return f"{type(self).__name__}: {self.summary()}"
