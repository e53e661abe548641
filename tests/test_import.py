"""What an import costs and which way the arrows point."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tconv_helpers

PACKAGE = Path(tconv_helpers.__file__).parent
# Each module may import those before it.
ORDER = ["marks", "shapes", "definition", "operators", "matrix", "upsampling", "laws", "figures"]
ORDER += ["explore", "generator", "exercises", "grading"]
FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
HEAVY = "torch", "matplotlib", "ipywidgets", "anywidget", "scipy", "sympy", "IPython"


def imports(file, late=True):
    """The modules that a file imports, ours from the package on; late: within its functions, too."""
    tree = ast.parse((PACKAGE / file).read_text())
    for node in ast.walk(tree) if late else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = ["tconv_helpers", *file.parts][: len(file.parts) + 1 - node.level] if node.level else []
            origin = ".".join([*up, *filter(None, [node.module])])
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def ours(file, late=True):
    """The modules of this package that a file imports."""
    return {name.split(".")[1] for name in imports(file, late) if name.startswith("tconv_helpers.")}


def others(file):
    return {name.split(".")[0] for name in imports(file)} - {"tconv_helpers"}


@pytest.mark.parametrize(
    "code",
    ["import tconv_helpers", "from tconv_helpers import conv_transpose, dot_test; conv_transpose([1], [1])"],
)
def test_import_loads_nothing_heavy(code):
    code = f"{code}; import sys; print(*sys.modules)"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(
        run, capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    ).stdout.split()
    assert "tconv_helpers.operators" in loaded
    assert not set(HEAVY) & set(loaded)


def test_every_public_name_resolves():
    for name in tconv_helpers.__all__:
        assert getattr(tconv_helpers, name).__name__ == name
    assert set(tconv_helpers.__all__) <= set(dir(tconv_helpers))
    assert len(set(tconv_helpers.__all__)) == len(tconv_helpers.__all__)


@pytest.mark.parametrize("name", tconv_helpers.__all__)
def test_every_public_name_is_documented_by_example(name):
    """The examples themselves run as doctests."""
    assert "\n    >>> " in getattr(tconv_helpers, name).__doc__


def test_no_module_has_the_name_of_a_function():
    assert not {file.stem for file in FILES} & set(tconv_helpers.__all__)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_arrows_point_downward(file):
    module = file.parts[0].removesuffix(".py")
    if module in ORDER:
        assert ours(file) <= set(ORDER[: ORDER.index(module) + 1])
    assert "matplotlib" not in others(file) or module == "figures"
    assert not {"torch", "torchvision"} & others(file) or module == "generator"
    shown = module == "explore" or file.name == "quizform.py"
    assert not {"ipywidgets", "anywidget", "traitlets"} & others(file) or shown


@pytest.mark.parametrize("file", ["marks.py", "shapes.py"])
def test_the_lowest_modules_need_the_standard_library_only(file):
    assert others(Path(file)) <= sys.stdlib_module_names


@pytest.mark.parametrize("file", ["matrix.py", "laws.py"])
def test_agreement_means_something(file):
    """These import no operator and no sum, so that they cannot agree by being the same code."""
    assert not ours(Path(file), late=False) & {"operators", "definition"}


def test_laws_import_nothing_of_ours():
    assert not ours(Path("laws.py"))
