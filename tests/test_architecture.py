"""The arrows between the modules: which may import which, and who may import torch, matplotlib or widgets."""

import ast
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import tconv_helpers

PACKAGE = Path(tconv_helpers.__file__).parent
# Each room may import those before it, and itself.
ORDER = ["marks", "arguments", "words", "shapes", "layers", "layersizes", "chains"]
ORDER += ["definition", "borders", "operators", "matrix", "upsampling", "laws"]
ORDER += ["figures", "explore", "generator", "exercises", "grading"]
# These stand apart: no room imports them.
APART = ["", "cli", "environment", "lab", "labfiles"]
# In all of the package, only these import the one or the other.
ONLY = {
    "torch": ["generator"],
    "torchvision": [],
    "matplotlib": ["figures"],
    "ipywidgets": ["explore"],
    "anywidget": ["explore"],
    "traitlets": ["explore"],
}
# These run where little is installed: the standard library, and what is named here.
FRUGAL = {
    "marks": set(),
    "arguments": set(),
    "words": set(),
    "shapes": set(),
    "layers": set(),
    "layersizes": set(),
    "chains": set(),
    "exercises.edition": set(),
    "exercises.values": {"numpy"},
    "grading.sandbox.inside": {"numpy"},
}
# Beside a module that runs where little is installed, these of ours are laid.
BESIDE = {
    "layersizes": {"shapes"},
    "chains": {"arguments", "layers", "layersizes"},
    "exercises.edition": set(),
    "exercises.values": set(),
    "grading.sandbox.inside": {"exercises.values"},
}
# A call says what it hands on: the first few by their places, the others by name.
MOST_BY_PLACE = 4
# These take arguments of one kind in any number, or are C's, which has no names.
WITHOUT_NAMES = {"Sequential", "permute", "reshape", "transpose", "seccomp_rule_add_array"}
# These hand on the parameters of the exercises, in the order in which students have them.
AS_STUDENTS_WRITE = "grading.answers.nb"


class Import(NamedTuple):
    """One name that a module imports."""

    # Of the package: the module's dotted name from the package on, "" for the package itself; else None
    ours: str | None
    # As it stands there
    name: str
    # The function around it, None at the top of the file
    function: str | None
    relative: bool


def module_name(path):
    """Return the dotted name of a file's module from the package on: ``generator.train``; "" the package."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
ALL = pytest.mark.parametrize("module", FILES, ids=lambda module: module or "tconv_helpers")


def room(module):
    return module.split(".")[0]


def nearest(name):
    """Return the module of ours that a dotted name lies in: a name that it defines, or itself."""
    while name not in FILES:
        name = name.rpartition(".")[0]
    return name


@cache
def imports(module):
    """Return all that a module imports, also within functions; of the package also what its table names."""
    found = []

    def visit(node, function=None):
        if isinstance(node, ast.FunctionDef):
            function = function or node.name
        if isinstance(node, ast.Import):
            names, level = [alias.name for alias in node.names], 0
        elif isinstance(node, ast.ImportFrom):
            names, level = [".".join(filter(None, [node.module, a.name])) for a in node.names], node.level
        else:
            names, level = [], 0
        for name in names:
            origin = name
            if level:
                folders = ["tconv_helpers", *FILES[module].relative_to(PACKAGE).parts][:-1]
                origin = ".".join([*folders[: len(folders) + 1 - level], name])
            mine = origin.split(".")[0] == "tconv_helpers"
            ours = nearest(origin.partition(".")[2]) if mine else None
            found.append(Import(ours, name, function, bool(level)))
        for child in ast.iter_child_nodes(node):
            visit(child, function)

    visit(ast.parse(FILES[module].read_text(encoding="utf-8")))
    if module == "":
        found += [Import(where, where, "__getattr__", True) for where in tconv_helpers._LATE.values()]
    return found


def ours(module):
    return {each.ours for each in imports(module) if each.ours is not None}


def others(module):
    return {room(each.name) for each in imports(module) if each.ours is None}


def test_every_module_has_its_place():
    rooms = {room(module) for module in FILES}
    assert rooms - set(APART) <= set(ORDER)
    assert set(ORDER) <= rooms
    assert set(FRUGAL) <= set(FILES)


def test_no_circle():
    """Among all modules, also where an import waits in a function."""
    TopologicalSorter({module: ours(module) - {module} for module in FILES}).prepare()


@ALL
def test_arrows_point_downward(module):
    if room(module) in ORDER:
        lower = ORDER[: ORDER.index(room(module)) + 1]
        assert {room(each) for each in ours(module)} <= set(lower)


@ALL
def test_nobody_imports_grading(module):
    """A wheel holds none of it. Only the command line does, and only once it is asked to grade."""
    if room(module) != "grading":
        reached = {each.function for each in imports(module) if room(each.ours or "") == "grading"}
        assert not reached or (module == "cli" and None not in reached)


@ALL
def test_torch_matplotlib_and_widgets_keep_to_their_rooms(module):
    for name in others(module) & set(ONLY):
        assert any(f"{module}.".startswith(f"{place}.") for place in ONLY[name]), name


@ALL
def test_imports_have_one_form(module):
    """Ours are relative, so that the package may lie anywhere."""
    assert all(each.relative for each in imports(module) if each.ours is not None)


@pytest.mark.parametrize("module", sorted(FRUGAL.keys() & FILES.keys()))
def test_frugal_modules_need_little(module):
    assert others(module) <= FRUGAL[module] | set(sys.stdlib_module_names)
    assert ours(module) <= BESIDE.get(module, set(ORDER[:2]))


def test_agreement_means_something():
    """These import no operator and no sum, so that they cannot agree by being the same code."""
    assert ours("laws") <= {"words"}
    summing = [each for each in imports("matrix") if each.ours in ("definition", "operators")]
    assert {each.function for each in summing} <= {"conv_operator"}  # its default, which forms no matrix


def test_environment_imports_nothing_of_ours():
    """It must be able to speak where all else fails."""
    assert not ours("environment")


@ALL
def test_calls_name_all_but_a_few_arguments(module):
    if not module.startswith(AS_STUDENTS_WRITE):
        nodes = ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8")))
        long = [node for node in nodes if isinstance(node, ast.Call) and len(node.args) > MOST_BY_PLACE]
        called = {getattr(node.func, "attr", getattr(node.func, "id", None)) for node in long}
        assert called <= WITHOUT_NAMES
