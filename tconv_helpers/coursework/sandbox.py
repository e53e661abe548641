"""The interface of the sandbox, until the sandbox itself is merged."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    seconds: float = 5.0


@dataclass(frozen=True)
class Failed:
    reason: str
    text: str = ""


class NoSandbox(Exception):
    pass


def require():
    raise NoSandbox("not yet")


def run(cells, inputs, limits=Limits(), slot=0):
    raise NoSandbox("not yet")
