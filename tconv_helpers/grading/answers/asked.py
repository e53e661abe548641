"""The right function, asked something else: digests of what it then returns, which hold no solution."""

import numpy as np

from ...exercises.relations import digest
from ...exercises.values import Raised
from ...exercises.verdicts import same

SEEN = 3  # inputs on which the question makes a difference


def columns(result, parameters, inputs):
    """Return {digest of the results: what was asked}, for each question that the inputs tell from the others.

    result : returns the right function's result on an argument tuple, or what it raised.

    >>> inputs = [(2, 5), (2, 7), (2, 6), (2, 9)]
    >>> list(columns(lambda each: each[0] * 10 + each[1], ["n", "m"], inputs).values())
    ['n were one more', 'n were one less', 'm were one more', 'm were one less', 'n and m were exchanged']
    """
    right, found = [result(each) for each in inputs], {}
    for said, ask in questions(parameters, inputs):
        results = [result(tuple(ask(list(each)))) for each in inputs]
        changed = sum(not same(a, b) for a, b in zip(results, right, strict=True))
        nothing = all(each is None for each in results)  # as where `return` is missing
        if (
            changed >= SEEN
            and not nothing
            and not any(isinstance(each, Exception | Raised) for each in results)
        ):
            found.setdefault(digest(results), []).append(said)
    return {key: said[0] for key, said in found.items() if len(said) == 1}


def questions(parameters, inputs):
    """Yield (what is asked, how the list of arguments changes) for each parameter, and for pairs of them."""
    for place, (name, column) in enumerate(zip(parameters, zip(*inputs, strict=True), strict=True)):
        if all(type(value) is int for value in column):
            least = min(column)
            if least in (0, 1) and len(set(column)) > 1:
                yield f"{name} were always {least}", _put(place, lambda value, least=least: least)
            yield f"{name} were one more", _put(place, lambda value: value + 1)
            yield f"{name} were one less", _put(place, lambda value: value - 1)
        elif all(isinstance(value, np.ndarray) and value.ndim for value in column):
            yield from _of_arrays(place, name, {value.ndim for value in column})
    for first, second in _pairs(parameters, inputs):
        yield f"{parameters[first]} and {parameters[second]} were exchanged", _exchange(first, second)


def _of_arrays(place, name, axes):
    """Yield the questions about an argument that is an array."""
    if axes == {1}:
        yield f"{name} were reversed", _put(place, lambda array: array[::-1])
        yield f"{name} had lost its first entry", _put(place, lambda array: array[1:])
        yield f"{name} had lost its last entry", _put(place, lambda array: array[:-1])
    if axes == {2}:
        yield f"{name} were transposed", _put(place, lambda array: array.T)
        yield f"{name} were turned by 180 degrees", _put(place, lambda array: array[::-1, ::-1])
        yield f"the rows of {name} were in reversed order", _put(place, lambda array: array[::-1])
        yield f"the columns of {name} were in reversed order", _put(place, lambda array: array[:, ::-1])


def _pairs(parameters, inputs):
    """Yield the places of two parameters of one type."""
    kinds = [{type(value) for value in column} for column in zip(*inputs, strict=True)]
    for second in range(len(parameters)):
        for first in range(second):
            if kinds[first] == kinds[second] in ({int}, {np.ndarray}):
                yield first, second


def _put(place, change):
    """Return how a list of arguments changes where one of them does."""
    return lambda each: [*each[:place], change(each[place]), *each[place + 1 :]]


def _exchange(first, second):
    """Return how a list of arguments changes where two of them are exchanged."""

    def ask(each):
        each[first], each[second] = each[second], each[first]
        return each

    return ask
