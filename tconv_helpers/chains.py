"""Sizes through a chain of layers, and the smallest repairs to a wanted size (standard library only).

Each axis is followed for itself, as a layer knows nothing of the others.
"""

from dataclasses import dataclass, field
from math import inf
from operator import itemgetter

from .arguments import ints
from .layers import read_layers
from .layersizes import WORDS, size_after, value_at

REPAIRS = 6  # at most so many are told
REACH = 4  # how far a repair moves a padding or a kernel
GENTLE = ["output_padding", "padding", "kernel_size"]  # what is changed first


@dataclass(frozen=True, repr=False)
class Chain:
    """Hold what `fix_shape` found, and say it in words.

    layers : the Layers. sizes : a tuple with one size for each axis, of the input and after each layer.
    formulas : how each came about. problem : why the chain ends early, None if it does not. parted : where a
    decoder's size is not its encoder's, None if nowhere. wanted : a tuple, or None. repairs : code to copy.
    """

    layers: list
    sizes: list
    formulas: list
    problem: str | None
    parted: str | None
    wanted: tuple | None
    repairs: list = field(default_factory=list)

    def __repr__(self):
        steps = zip(self.layers, self.sizes, self.sizes[1:], self.formulas, strict=False)
        lines = [f"{_words(n)} -> {_words(y)}  {layer}: {how}" for layer, n, y, how in steps]
        lines += filter(None, [self.problem, self.parted])
        if self.repairs:
            lines += [f"Repairs that lead to {_words(self.wanted)}:", *(f"  {each}" for each in self.repairs)]
        elif self.wanted and (self.problem or self.wanted != self.sizes[-1]):
            lines.append(f"No small repair leads to {_words(self.wanted)}.")
        return "\n".join(lines)


def fix_shape(text, n, wanted=None):
    """Follow a size through layers as people write them, and find the smallest repairs that lead to another.

    text : PyTorch's or Keras's layers, read and never run. n, wanted : the sizes of input and output, an int
    for all axes or a tuple with one for each. A repair changes output_padding, padding or kernel_size of one
    layer, or of each that should lead back to where its encoder came from, or crops the end.
    Errors: ValueError for a text without layers, and with the line of what is no layer that it knows; where a
    layer's numbers do not fit, the result says so.
    Source: Dumoulin & Visin 2016, relationships 14 and 15; the documentation of PyTorch and Keras.

    >>> fix_shape('''
    ... nn.Conv2d(1, 8, 3, stride=2, padding=1)
    ... nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1)''', 28, wanted=28)
    28 -> 14  nn.Conv2d(1, 8, 3, stride=2, padding=1): floor((28 + 2*1 - 1*(3 - 1) - 1) / 2) + 1
    14 -> 27  nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1): (14 - 1)*2 - 2*1 + 1*(3 - 1) + 0 + 1
    Line 3 gives 27 where line 2 was given 28.
    Repairs that lead to 28:
      line 3: nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1, output_padding=1)
      line 3: nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1)
    """
    layers = read_layers(text)
    rank = _rank(layers, n, wanted)
    goals = None if wanted is None else ints("wanted", wanted, rank)
    tracks = [_Track(layers, axis, start) for axis, start in enumerate(ints("n", n, rank))]
    reached = min(len(track.sizes) for track in tracks)
    return Chain(
        layers,
        sizes=[tuple(track.sizes[i] for track in tracks) for i in range(reached)],
        formulas=[" and ".join(dict.fromkeys(t.formulas[i] for t in tracks)) for i in range(reached - 1)],
        problem=next(filter(None, (track.problem for track in tracks)), None),
        parted=next(filter(None, (track.parted() for track in tracks)), None),
        wanted=goals,
        repairs=_repairs(layers, tracks, goals) if goals else [],
    )


class _Track:
    """Follow one axis: its sizes, their formulas, and the sentence on the layer at which it ends early."""

    def __init__(self, layers, axis, n):
        self.layers, self.axis, self.n = layers, axis, n
        self.sizes, self.formulas, self.problem = [n], [], None
        for layer in layers:
            try:
                size, formula = size_after(layer, self.sizes[-1], axis)
            except ValueError as error:
                self.problem = f"Line {layer.line}: {error}."
                return
            self.sizes.append(size)
            self.formulas.append(formula)

    def mirrored(self):
        """Return the layers, each that grows changed, if need be, to lead back to its mirror's size."""
        layers, down, n = list(self.layers), [], self.n
        for index, layer in enumerate(layers):
            y = _Track([layer], self.axis, n).end
            if y is not None and y < n:
                down.append(n)
            elif y is not None and y > n and down:
                given = down.pop()
                changes = sorted(_changes(layer, self.axis), key=itemgetter(2)) if y != given else []
                changed = (layer.changed(*change[:2]) for change in changes)
                layers[index] = next((c for c in changed if _Track([c], self.axis, n).end == given), layer)
                y = _Track([layers[index]], self.axis, n).end
            n = y
            if n is None:
                break
        return layers

    @property
    def end(self):
        """Return the size in the end, None if there is none."""
        return None if self.problem else self.sizes[-1]

    def parted(self):
        """Return where a layer that grows does not lead back to what the one that it mirrors was given."""
        down = []
        for layer, n, y in zip(self.layers, self.sizes, self.sizes[1:], strict=False):
            if y < n:
                down.append((layer, n))
            elif y > n and down:
                mirrored, given = down.pop()
                if y != given:
                    return f"Line {layer.line} gives {y} where line {mirrored.line} was given {given}."
        return None

    def solutions(self, wanted):
        """Return {(index of a layer, parameter): (cost, value)} of the changes that lead to a size."""
        found = {}
        for index, layer in enumerate(self.layers[: len(self.sizes)]):
            for parameter, value, cost in _changes(layer, self.axis):
                changed = [*self.layers[:index], layer.changed(parameter, value), *self.layers[index + 1 :]]
                key = index, parameter
                if cost < found.get(key, (inf, None))[0] and _Track(changed, self.axis, self.n).end == wanted:
                    found[key] = cost, value
        return found


def _repairs(layers, tracks, goals):
    """Return the code of each repair, the gentlest first; none where nothing is to be repaired."""
    wrong = [track for track in tracks if track.end != goals[track.axis]]
    if not wrong:
        return []
    solutions = {track.axis: track.solutions(goals[track.axis]) for track in wrong}
    shared = set.intersection(*(set(each) for each in solutions.values()))
    cost = {key: sum(each[key][0] for each in solutions.values()) for key in shared}
    repairs = []
    for index, parameter in sorted(shared, key=lambda key: (cost[key], -key[0], GENTLE.index(key[1]))):
        values = [
            solutions[axis][index, parameter][1]
            if axis in solutions
            else value_at(layers[index], parameter, axis)
            for axis in range(len(goals))
        ]
        value = values[0] if len(set(values)) == 1 else tuple(values)
        repairs.append(f"line {layers[index].line}: {layers[index].changed(parameter, value)}")
    repairs = _of_several(layers, tracks, goals) + repairs
    if all(track.end is not None and track.end >= goals[track.axis] for track in tracks):
        repairs.insert(REPAIRS - 1, f"at the end: y = y[..., {', '.join(f':{size}' for size in goals)}]")
    return repairs[:REPAIRS]


def _of_several(layers, tracks, goals):
    """Return the one repair, if there is one, that changes more layers than one: those of a decoder."""
    mirrored = tracks[0].mirrored()
    changed = [f"line {new.line}: {new}" for old, new in zip(layers, mirrored, strict=True) if old != new]
    leads = [_Track(mirrored, track.axis, track.n).end for track in tracks] == list(goals)
    return ["; ".join(changed)] if leads and len(changed) > 1 else []


def _changes(layer, axis):
    """Yield (parameter, value, cost) of each small change of a layer along an axis."""
    if layer.kind not in ("conv", "transpose", "pool", "keras conv", "keras transpose"):
        return
    for gentle, parameter in enumerate(GENTLE):
        if parameter == "output_padding" and not layer.kind.endswith("transpose"):
            continue
        try:
            now = value_at(layer, parameter, axis)
        except ValueError:  # no number, which the chain tells of: nothing to move
            continue
        if isinstance(now, int):
            for value in range(now - REACH, now + REACH + 1):
                if value != now:
                    yield parameter, value, gentle + abs(value - now)
        elif now in WORDS:
            yield parameter, WORDS[1 - WORDS.index(now)], gentle + 1


def _rank(layers, n, wanted):
    """Return how many axes there are: as many as the layers' names tell of, or the sizes."""
    told = {layer.rank: layer for layer in layers if layer.rank}
    if len(told) > 1:
        one, other = list(told.values())[:2]
        raise ValueError(f"all layers must have the same axes: got {one.name} and {other.name}; use one kind")
    lengths = {len(size) for size in (n, wanted) if isinstance(size, tuple | list)}
    return next(iter(told), None) or max(lengths, default=1)


def _words(sizes):
    """Return sizes in words: 28, or 28 x 30."""
    return str(sizes[0]) if len(set(sizes)) == 1 else " x ".join(map(str, sizes))
