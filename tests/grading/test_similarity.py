"""Answers written alike are listed, whatever their names; those that were written apart are not."""

import ast
import inspect
import json
import math
import resource
from collections import Counter
from itertools import combinations

import pytest
from answer_cells import as_a_cell
from classroom import ASKED, BOOK, SOLUTIONS, all_right, edition, hand_in, slow_reader, solved

from tconv_helpers import definition
from tconv_helpers.exercises.table import exercises
from tconv_helpers.grading import reading, similarity, trees
from tconv_helpers.grading.answers import ROOT, answers_by_name, masters
from tconv_helpers.grading.owncode import MAX_SOURCE
from tconv_helpers.grading.similarity import FEWEST, closest, compare, compare_class, library_shapes
from tconv_helpers.grading.trees import shapes

NAMES, HOMES = list(ASKED.questions), {name: each.notebook for name, each in exercises().items()}


def shapes_of(source):
    return Counter(shapes(ast.parse(source)))


def right_solutions():
    """Return {exercise: {name: source}} of all right solutions that the course knows."""
    return {
        name: {"master": master.source}
        | {right.__name__: as_a_cell(name, right) for right in answers_by_name()[name].rights}
        for name, master in masters().items()
    }


class Renamed(ast.NodeTransformer):
    """Give everything that a source binds another name, and write it out anew, as a copyist might."""

    def __init__(self, tree):
        self.names = trees._Names(tree).own

    def visit_Name(self, node):
        node.id = f"my_{node.id}" if node.id in self.names else node.id
        return node

    def visit_arg(self, node):
        node.arg, node.annotation = f"my_{node.arg}", ast.Constant("an array")
        return node

    def visit_FunctionDef(self, node):
        node.name = f"my_{node.name}"
        node.body.insert(0, ast.Expr(ast.Constant("My very own work.")))
        return self.generic_visit(node)


def copied(source):
    tree = ast.parse(source)
    more = "\n\ndef help_me(a):\n    for b in a:\n        print(b * 7, 'is', sorted(a)[0])\n"
    return ast.unparse(ast.fix_missing_locations(Renamed(tree).visit(tree))) + more


def test_a_copy_with_other_names_is_found_and_one_written_apart_is_not():
    long, alike = 0, []
    for name, sources in right_solutions().items():
        answers = {who: shapes_of(source) for who, source in sources.items()}
        for who, held in answers.items():
            both = compare(name, {who: held, "copy": shapes_of(copied(sources[who]))})
            assert bool(both) == (held.total() >= FEWEST), (name, who)
            assert not both or both[0].part == 1, both
            long += bool(both)
        alike += [
            each
            for a, b in combinations(answers, 2)
            for each in compare(name, {a: answers[a], b: answers[b]})
        ]
    assert long > 100 and alike == []


def test_the_librarys_own_operators_are_a_source():
    names = library_shapes()
    assert len(names) > 30 and "tconv_helpers.operators.conv_transpose" in names
    source = copied(inspect.getsource(definition.conv_transpose_by_scatter))
    (found,) = compare("f", {"ann": shapes_of(source.split("def help_me")[0])}, names)
    assert found.students == ("ann",) and found.part == 1
    assert found.source == "tconv_helpers.definition.conv_transpose_by_scatter"
    honest = [
        each
        for name, sources in right_solutions().items()
        for each in compare(name, {"ann": shapes_of(sources["master"])}, names)
    ]
    assert honest == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("x[i] + k[i] * 2 - 1", "x[i] + k[i] * 3 - 1"),
        ("np.pad(x, n) + y", "np.roll(x, n) + y"),
        ("f(x, a=n) + y * 1", "f(x, b=n) + y * 1"),
        ("x[i] - k[i] - 1", "x[i] + k[i] - 1"),
        ("from a import b, c, d, e", "from a import b, c, d, f"),
        ("max(x, len(k), 1)", "min(x, len(k), 1)"),
    ],
)
def test_what_makes_a_difference_is_compared(one, two):
    assert shapes_of(one).total() > 0 and shapes_of(one) & shapes_of(two) != shapes_of(one)


def test_another_name_for_numpy_is_none():
    assert (
        shapes_of("import numpy as n\ny = n.pad(x, k) + 1")[shapes(ast.parse("y = np.pad(x, k) + 1"))[-1]]
        == 1
    )


def groups(*answers):
    return [(each.students, each.part) for each in compare("f", dict(zip("abcdefg", answers, strict=False)))]


def test_the_readme_says_how_short_is_too_short():
    assert "What has fewer than eight parts is not compared." in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )
    assert FEWEST == 8


def test_students_who_hang_together_stand_in_one_line():
    base = Counter("0123456789")
    assert groups(base, base, Counter("0123456789xy"), Counter("01234567"), Counter("qwertzuiop")) == [
        (("a", "b"), 1.0),
        (("a", "b", "c", "d"), 1.0),
    ]
    assert groups(base, Counter("01234567xyz")) == [(("a", "b"), 0.8)]
    assert groups(*[Counter("01234567")] * 2) == [(("a", "b"), 1.0)] and not groups(*[Counter("0123456")] * 2)
    assert groups(Counter("0123456789abcd"), Counter("0123456789wxyz")) == []  # ten of fourteen
    assert groups(base, Counter("0123456vwxyz")) == [] == groups(Counter("abc"), Counter("abc"))


def test_who_shares_the_rarest_comes_first():
    many, few = Counter("abcdefghij"), Counter("abstuvwxyz")
    common = {exercise: dict.fromkeys("abcdefgh", many) for exercise in "FGHI"}
    rare = {exercise: {**common["F"], "c": few, "d": few + Counter("123")} for exercise in "JK"}
    first, second, *_ = closest(common | rare)
    assert first == (("c", "d"), list("FGHIJK")) and second[1] == list("FGHIJK") and len(second[0]) == 2
    assert len(closest(common)) == 10 and closest({"F": common["F"]}) == []


def test_a_class_is_compared_and_a_strangers_notebook_costs_nobody_else(course):
    copies = {name: copied(source).replace(f"my_{name}", name) for name, source in SOLUTIONS.items()}
    hand_in(course.submitted, "dan", all_right(**copies))
    hand_in(course.submitted, "eve", "no JSON")
    for name in ("a,b", "max", "max "):
        hand_in(course.submitted, name, all_right())
    deep = "def conv_by_kernel(x, k):\n    return " + "+".join(["1"] * 20_000) + "\n"
    hand_in(course.submitted, "fay", solved(conv_by_kernel=deep))
    huge = f"def conv_by_kernel(x, k):\n    return 0x{'f' * 50_000}\n"
    hand_in(course.submitted, "gil", solved(conv_by_kernel=huge))
    comparison = compare_class(course)
    alike, missed = comparison.alike, comparison.missed
    assert [student for student, _ in missed] == ["a,b", "max", "eve"]
    assert comparison.closest[0][0] == ("ann", "dan")
    assert alike and {each.exercise for each in alike} <= set(NAMES)
    assert any({"ann", "dan"} <= set(each.students) and each.part == 1 for each in alike)
    assert not any({"cem", "fay", "gil"} & set(each.students) for each in alike)
    assert [len(each.students) for each in alike] == sorted(len(each.students) for each in alike)


def test_the_other_process_reads_what_this_one_would_and_this_one_parses_nothing(monkeypatch):
    data = json.dumps(all_right()).encode()
    want = {name: shapes(ast.parse(source)) for name, source in SOLUTIONS.items()}
    library_shapes()

    def parse(*_):
        raise AssertionError("a stranger's code was parsed here")

    monkeypatch.setattr(ast, "parse", parse)
    assert reading.read_shapes(data, ASKED.released, NAMES, HOMES) == want
    assert reading.read_shapes(json.dumps(edition()).encode(), ASKED.released, NAMES, HOMES) == {}


def cpu_to_read(book):
    """Return the seconds of CPU that the other process takes to read a notebook."""
    before, data = resource.getrusage(resource.RUSAGE_CHILDREN), json.dumps(book).encode()
    reading.read_shapes(data, ASKED.released, NAMES, HOMES)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_notebook_that_takes_too_much_is_told(course, monkeypatch):
    slow_reader(monkeypatch)
    usual = cpu_to_read(edition())  # bob's takes 13 times as long
    monkeypatch.setattr(reading, "CPU", math.ceil(3 * usual))
    cells = edition()["cells"] + [
        {"cell_type": "code", "metadata": {}, "source": f"{n}\n" + "a;" * 29_000} for n in range(5)
    ]
    book = {"nbformat": 4, "cells": cells, "more": [[]] * 400_000}
    (course.submitted / "bob" / BOOK / f"{BOOK}.ipynb").write_text(json.dumps(book))
    missed = compare_class(course).missed
    assert [student for student, _ in missed] == ["bob"] and "needs more time" in missed[0][1]


def test_nobody_fills_the_memory():
    source = "\n".join(f"y = x[{n}] + {n}" for n in range(2500))
    assert len(source) < MAX_SOURCE and len(shapes(ast.parse(source))) == trees.MOST


def test_a_fault_of_ours_is_told_without_a_strangers_words(course, monkeypatch):
    def fails(*_):
        raise RuntimeError("SEEN")

    monkeypatch.setattr(similarity, "read_shapes", fails)
    comparison = compare_class(course)
    assert comparison.alike == comparison.closest == []
    why = "It could not be compared (RuntimeError)."
    assert comparison.missed == [(name, why) for name in ("ann", "bob", "cem")]


def test_the_command_lists_and_gives_no_verdict(tconv, course):
    hand_in(course.submitted, "dan", all_right())
    done = tconv("similar", "01")
    said = " ".join(done.output.split())
    assert (done.exit_code == 0 and "ann, bob, dan" in said) or "ann, dan" in said, done.output
    assert "This is a list to look at, and no verdict" in said and "parts" in said
    assert not (course.root / "results").exists()
    done = tconv("similar", "02")
    assert done.exit_code == 0 and "No two answers are written alike." in done.output
    assert tconv("similar", "01", "--submitted", "nowhere").exit_code == 1
