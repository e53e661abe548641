"""The browser edition as files: no cell that runs needs PyTorch, no solution is in it."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest

import tconv_helpers
from tconv_helpers.exercises.edition import edition_text, leaks, solution_lines

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "lite"))  # site/ has a make.py, too
from editions import INSTEAD, LEFT_OUT, SHOWN, browser_edition, imports_torch, without_torch  # noqa: E402

MASTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)


def editions(path):
    """Return the student's edition of a page and the browser's, cells by id."""
    text = path.read_text("utf-8")
    both = json.loads(edition_text(text)), json.loads(browser_edition(text))
    return [{cell["id"]: cell for cell in book["cells"]} for book in both]


def code(cells):
    return {name: "".join(c["source"]) for name, c in cells.items() if c["cell_type"] == "code"}


@PAGES
def test_no_cell_that_runs_reads_what_only_pytorch_gives(path):
    """Each name that a cell reads at its top level is defined by a cell that runs, or is Python's own."""
    given = set(dir(__builtins__)) | set(__builtins__)
    for name, source in code(editions(path)[1]).items():
        tree = ast.parse(source)
        modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        modules += [
            each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names
        ]
        assert not [each for each in modules if each.split(".")[0] == "torch"], name
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        given |= {node.id for node in names if not isinstance(node.ctx, ast.Load)}
        given |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        given |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                given |= {each.asname or each.name.split(".")[0] for each in node.names}
        assert {node.id for node in names if isinstance(node.ctx, ast.Load)} <= given, name


@PAGES
def test_what_needs_no_pytorch_is_the_students_edition(path):
    students, browsers = editions(path)
    assert list(browsers) == [next(iter(students)), "in-a-browser", *list(students)[1:]]
    for name, cell in students.items():
        own = browsers[name]
        if own == cell:
            continue
        source, text = "".join(cell["source"]), "".join(own["source"])
        assert not {"nbgrader"} & set(cell["metadata"]), name
        if own["cell_type"] == "markdown":
            assert SHOWN in text and f"```python\n{source}\n```" in text
        elif text != INSTEAD:
            assert LEFT_OUT in text
            kept = re.sub(r"^# ?", "", text.replace(LEFT_OUT + "\n", ""), flags=re.M)
            assert [line for line in source.splitlines() if line.lstrip("# ") not in kept] == []


@PAGES
def test_no_line_of_a_solution_is_in_it(path):
    book = json.loads(path.read_text("utf-8"))
    text = "\n".join("".join(cell["source"]) for cell in editions(path)[1].values())
    assert leaks(text, solution_lines(book)) == []


def test_some_pages_need_pytorch():
    shown = [
        cell for path in MASTERS for cell in editions(path)[1].values() if SHOWN in "".join(cell["source"])
    ]
    assert len(shown) > 40
    assert any("](data:image/png;base64," in "".join(cell["source"]) for cell in shown)


def test_the_site_links_each_page_to_it_where_it_is_published_beside(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "site"))
    import pages

    def first_cell():
        master = json.loads(MASTERS[1].read_text("utf-8"))
        states = master["metadata"]["widgets"][pages.WIDGETS]["state"]
        return pages.page(master, states, MASTERS[1].stem, {})[0]["cells"][0]["source"]

    assert "lite/lab" not in first_cell()
    monkeypatch.setattr(pages, "lite", "lite")
    assert 'href="../lite/lab/index.html?path=01_convolution.ipynb">Run this page here</a>' in first_cell()


def cell(source, **metadata):
    return {"cell_type": "code", "id": "one", "source": source.splitlines(True), "metadata": metadata}


PRINTED = [{"output_type": "stream", "text": "done\n"}]


def test_a_sentence_is_not_printed_without_the_assertion_behind_it():
    said = without_torch(cell("assert theirs == 1\nprint('they agree')"), PRINTED, {"theirs"})
    assert said["cell_type"] == "markdown" and "done" in "".join(said["source"])
    kept = without_torch(cell("y = 2\nassert theirs == y\nprint(y)"), PRINTED, {"theirs"})
    assert "".join(kept["source"]) == f"y = 2\n{LEFT_OUT}\n# assert theirs == y\nprint(y)"


def test_what_follows_from_an_absent_name_is_absent_until_it_is_given_anew():
    absent = set()
    for source in ("import torch", "layer = torch.nn.Linear(1, 1)", "z = layer(x)"):
        assert without_torch(cell(source), [], absent)["cell_type"] == "markdown"
    assert absent == {"torch", "layer", "z"}
    assert without_torch(cell("z = 1"), [], absent)["cell_type"] == "code"
    assert absent == {"torch", "layer"}
    own = cell("[layer for layer in (1, 2)]\nlambda layer: layer")
    assert without_torch(own, [], absent) == own


@pytest.mark.parametrize(
    ("body", "runs"), [("y = i\n    print(y)", True), ("print(y)\n    y = i", False), ("print(layer)", False)]
)
def test_a_name_that_a_loop_binds_before_it_reads_it_is_not_missed(body, runs):
    own = cell(f"for i in range(3):\n    {body}")
    assert (without_torch(own, [], {"layer", "y"}) == own) == runs


def test_an_exercise_that_needs_pytorch_is_refused():
    with pytest.raises(ValueError, match="an exercise must need no PyTorch: one does"):
        without_torch(cell("import torch", nbgrader={}), [], set())


def test_the_modules_that_import_pytorch_are_those_that_do():
    late = set(tconv_helpers._LATE.values())
    assert {module for module in late if imports_torch(module)} >= {"generator.models", "generator.train"}
    assert not [module for module in late if imports_torch(module) and not module.startswith("generator.")]
