"""Changes to the values and the conditions of a right solution, and inputs stretched far enough to tell them.

``python tests/helpers/value_mutants.py NAME`` tells which changes the inputs of an exercise let live though
they compute something else, and few inputs that together would not.
"""

import ast
import sys
from contextlib import suppress
from copy import deepcopy

import numpy as np
from mutants import becomes

from tconv_helpers.exercises.table import exercises
from tconv_helpers.exercises.timelimit import OutOfTime, time_limit
from tconv_helpers.exercises.verdicts import same
from tconv_helpers.grading import answers
from tconv_helpers.grading.answers import FAR, result_of, written


def _of_numbers(change):
    """Return a change that leaves alone what is no number and no array of them."""

    def changed(value):
        if isinstance(value, bool | np.bool_ | str) or value is None:
            return value
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        if isinstance(value, int | float | np.ndarray | np.number):
            return change(value)
        return value

    return changed


def _within(low, high):
    return _of_numbers(
        lambda value: np.clip(value, low, high) if np.ndim(value) else min(max(value, low), high)
    )


def _cut(value):
    return value.astype(int) if isinstance(value, np.ndarray) else int(value)


def _without_zeros(side):
    return _of_numbers(lambda value: np.trim_zeros(value, side) if np.ndim(value) == 1 else value)


MOST = 0.02  # of an exercise's changes may survive
CHANGES = {
    "abs": _of_numbers(abs),
    "cut": _of_numbers(_cut),
    "rounded": _of_numbers(lambda value: np.round(value) if np.ndim(value) else type(value)(round(value))),
    "not_negative": _within(0, np.inf),
    "not_positive": _within(-np.inf, 0),
    "to_10": _within(-10, 10),
    "to_100": _within(-100, 100),
    "to_1000": _within(-1000, 1000),
    "no_small": _of_numbers(lambda v: np.where(abs(np.asarray(v)) < 0.1, 0, v) if np.ndim(v) else v),
    "first_10": _of_numbers(lambda v: v[:10] if np.ndim(v) else v),
    "without_first_zeros": _without_zeros("f"),
    "without_last_zeros": _without_zeros("b"),
    "sorted": _of_numbers(lambda v: np.sort(v) if np.ndim(v) == 1 else v),
    "distinct": _of_numbers(
        lambda v: np.unique(v) if np.ndim(v) == 1 and len(v) > len(set(v.tolist())) else v
    ),
}


def value_mutants(source):
    """Yield (what was changed, the source): a value that is changed, a condition shifted or decided."""
    plain = ast.unparse(ast.parse(source))
    seen, nodes = {plain}, list(ast.walk(ast.parse(source)))
    for place, node in enumerate(nodes):
        for what, change in _options(node):
            tree = ast.parse(source)
            old = list(ast.walk(tree))[place]
            becomes(tree, old, change(deepcopy(old)))
            text = ast.unparse(ast.fix_missing_locations(tree))
            if text not in seen:
                seen.add(text)
                yield f"line {getattr(node, 'lineno', '?')}: {what} of `{ast.unparse(node)[:40]}`", text


def _options(node):
    """Yield (what, how a copy of the node changes)."""
    if isinstance(node, ast.Compare):
        for step in (1, -1):
            yield f"limit {step:+}", lambda n, s=step: _shifted(n, s)
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for decided in (True, False) if not isinstance(node, ast.While) else (False,):
            yield f"always {decided}", lambda n, d=decided: _decided(n, d)
    value = isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    if value and not isinstance(node, ast.Constant | ast.Slice | ast.Tuple | ast.Lambda | ast.Starred):
        for name in CHANGES:
            yield name, lambda n, f=name: ast.Call(ast.Name(f"_{f}", ast.Load()), [n], [])


def _shifted(node, step):
    node.comparators[-1] = ast.BinOp(node.comparators[-1], ast.Add(), ast.Constant(step))
    return node


def _decided(node, decided):
    node.test = ast.Constant(decided)
    return node


def function_of(name, source):
    """Return the function that a changed source defines."""
    namespace = {"np": np} | {f"_{word}": change for word, change in CHANGES.items()}
    exec(source, namespace)
    return namespace[name]


def stretched(inputs):
    """Yield argument tuples like these with larger, smaller, signed, broken or bordered numbers."""
    for place, value in enumerate(inputs):
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "if" or value.dtype.itemsize < 4:
            continue
        for other in _stretched_array(value):
            yield (*inputs[:place], other, *inputs[place + 1 :])


def _stretched_array(array):
    yield np.resize(FAR, array.shape)
    yield np.resize(FAR[2:], array.shape)
    if array.ndim == 1:
        yield FAR
    yield array * 37
    yield array * 1009
    yield -array
    yield array + 0.25
    yield array * 0.01
    if array.ndim == 1 and len(array):
        zero, many = np.zeros(1, array.dtype), np.resize(array, len(array) + 11)
        yield np.concatenate([zero, array])
        yield np.concatenate([array, zero])
        yield np.concatenate([zero, array[1:]])
        yield np.concatenate([array[:-1], zero])
        yield array[::-1].copy()
        yield np.repeat(array, 2)
        yield many
    if array.ndim == 2 and array.size:
        yield array[:1].copy()
        yield array[:, :1].copy()


def wide(name, seeds=6):
    """Return inputs that a statement may allow: all right solutions agree on them and none raises."""
    given = answers.answers_by_name()[name]
    rights = [answers.masters()[name].solution(), *given.rights]
    drawn = [
        inputs for seed in range(1, seeds + 1) for inputs in given.make_inputs(np.random.default_rng(seed))
    ]
    found = []
    for inputs in [*drawn, *(other for each in drawn for other in stretched(each))]:
        results = [result_of(right, inputs) for right in rights]
        if not isinstance(results[0], Exception) and all(same(each, results[0]) for each in results):
            found.append((inputs, results[0]))
    return sorted(found, key=lambda pair: len(written(pair[0])))


def surviving(name, seconds=2):
    """Return [(what was changed, the changed function)]: those that all inputs let live."""
    exercise, survivors = exercises()[name], []
    known = list(zip(exercise.inputs, exercise.results, strict=True))
    for what, source in value_mutants(answers.masters()[name].source):
        mutant = function_of(name, source)
        with suppress(OutOfTime), time_limit(seconds):  # what takes so long does not pass
            if all(same(result_of(mutant, inputs), result) for inputs, result in known):
                survivors.append((what, mutant))
    return survivors


def proposed(name, seeds=6, seconds=10):
    """Return what survives and computes something else, and few inputs that together tell it all."""
    pairs = wide(name, seeds)
    told = {}  # the change: the numbers of the pairs that tell it
    for what, mutant in surviving(name):
        numbers = set()
        with suppress(OutOfTime), time_limit(seconds):
            for j, (inputs, result) in enumerate(pairs):
                if not same(result_of(mutant, inputs), result):
                    numbers.add(j)
        if numbers:
            told[what] = numbers
    left, chosen = dict(told), []
    while left:
        most = max(range(len(pairs)), key=lambda j: sum(j in each for each in left.values()))
        chosen.append(pairs[most][0])
        left = {what: each for what, each in left.items() if most not in each}
    return list(told), chosen


def main(names):
    """Tell of each exercise how many changes survive, which, and what would tell them; fail where many do."""
    many = []
    for name in names:
        count = len(list(value_mutants(answers.masters()[name].source)))
        survivors, inputs = proposed(name)
        print(
            f"{name}: {len(survivors)} of {count}",
            *survivors,
            *map(written, inputs),
            sep="\n    ",
            flush=True,
        )
        many += [name] * (len(survivors) > MOST * count)
    sys.exit(f"too many changes survive in {', '.join(many)}" if many else 0)


if __name__ == "__main__":
    main(sys.argv[1:] or answers.masters())
