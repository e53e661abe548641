"""Small programs that know nothing of an exercise, as what they return on its inputs.

Each has the published table of `check` beside it: where an input stands there it is right.
"""

from collections import Counter, defaultdict
from operator import add, eq, floordiv, ge, gt, mod, mul, sub

import numpy as np

from tconv_helpers.exercises.values import LinearMap

OPERATORS = (add, sub, mul, floordiv, mod, max, min, eq, gt, ge)
CONSTANTS = {str(c): c for c in (-1, 0, 1, 2, 3)}


def features(inputs):
    """Return the numbers that a glance at some inputs gives: {name: number}."""
    found = {}
    for place, value in enumerate(inputs):
        name = f"argument {place}"
        if isinstance(value, LinearMap):
            value = value.matrix
        if isinstance(value, int | float | str):
            found[name] = value
            continue
        parts = np.ravel(np.array(value, object))
        array = np.array([part for part in parts if not isinstance(part, str)], float)
        for axis, size in enumerate(np.shape(value)):
            found[f"size {axis} of {name}"] = size
        found |= {f"{how} of {name}": call(array) for how, call in GLANCES.items() if array.size}
    return found


GLANCES = {
    "sum": lambda array: float(array.sum()),
    "first": lambda array: float(array[0]),
    "last": lambda array: float(array[-1]),
    "nonzeros": lambda array: int(np.count_nonzero(array)),
    "distinct": lambda array: len(set(array.tolist())),
}


def small_programs(inputs, table):
    """Yield (what a program does, its results on some inputs).

    table : (inputs, result) pairs, as everybody can read them. What one input lacks is None.
    """
    yield from (("constant", [result] * len(inputs)) for result in _different(result for _, result in table))
    yield from ((f"argument {n}", [each[n] for each in inputs]) for n in range(len(inputs[0])))
    seen, known = [features(each) for each in inputs], [features(each) for each, _ in table]
    for name in {name: None for each in seen for name in each}:
        yield f"rule by {name}", _rule(name, seen, known, [result for _, result in table])
    yield from _arrays(inputs)
    if not any(isinstance(result, bool | int | float | np.number | np.bool_) for _, result in table):
        return  # where arrays or lists are asked for no formula of numbers is right
    numbers = [
        {name: value for name, value in each.items() if not isinstance(value, str)} | CONSTANTS
        for each in seen
    ]
    names = list({name: None for each in numbers for name in each})
    for one in names:
        for other in names:
            for operator in OPERATORS:
                said = f"{operator.__name__}({one}, {other})"
                yield said, [_apply(operator, each.get(one), each.get(other)) for each in numbers]


def _arrays(inputs):
    """Yield an argument turned round, and two arguments added, subtracted or multiplied."""
    arguments = list(zip(*inputs, strict=True))
    for one, values in enumerate(arguments):
        if not isinstance(values[0], np.ndarray):
            continue
        yield f"argument {one}, turned round", [np.flip(value) for value in values]
        for other, others in enumerate(arguments):
            for operator in (add, sub, mul) if isinstance(others[0], int | float | np.ndarray) else ():
                said = f"{operator.__name__}(argument {one}, argument {other})"
                yield said, [_broadcast(operator, *each) for each in zip(values, others, strict=True)]


def _broadcast(operator, one, other):
    return operator(one, other) if np.shape(other) in ((), np.shape(one)) else None


def _different(results):
    return {repr(result): result for result in results}.values()


def _rule(name, seen, known, results):
    """Return for each input the table's commonest result where a feature has its value, else of all."""
    groups, text = defaultdict(Counter), {repr(result): result for result in results}
    for each, result in zip(known, results, strict=True):
        groups[each.get(name)][repr(result)] += 1
    default = Counter(map(repr, results)).most_common(1)[0][0]
    chosen = (groups[each.get(name)].most_common(1) for each in seen)
    return [text[best[0][0] if best else default] for best in chosen]


def _apply(operator, one, other):
    if one is None or other is None or (operator in (floordiv, mod) and not other):
        return None
    value = operator(one, other)
    return int(value) if isinstance(value, float) and value == int(value) else value
