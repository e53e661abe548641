"""The JavaScript files, and how they become one module."""

import re
from pathlib import Path

import pytest

from tconv_helpers.explore import joining

FILES = sorted(file.name for file in joining.FOLDER.glob("*.js"))
ROOT = Path(__file__).parents[2]
WRITTEN = [
    path
    for folder in ("tconv_helpers", "site", "tests")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".js", ".css") and ".min." not in path.name
]
WIDGETS = [name for name in FILES if "export default" in joining.joined(name)]
EXPLORERS = [name for name in WIDGETS if name != "quiz.js"]
NAMED = re.compile(
    r"^(?:export )?(?:default )?(?:const|let|class|(?:async )?function) (\[.*?\]|\w+)", re.MULTILINE
)


def test_what_a_file_imports_stands_before_it_once(tmp_path, monkeypatch):
    monkeypatch.setattr(joining, "FOLDER", tmp_path)
    (tmp_path / "a.js").write_text(
        'import {\n  b,\n  also,\n} from "./b.js";\nimport { c } from "./c.js";\na;\n'
    )
    (tmp_path / "b.js").write_text('// Words\n\nimport { c } from "./c.js";\nb;\n')
    (tmp_path / "c.js").write_text("c;\n")
    assert joining.imported("a.js") == ["c.js", "b.js", "a.js"]
    assert joining.esm("a.js").split() == ["c;", "//", "Words", "b;", "a;"]


@pytest.mark.parametrize("file", [*WIDGETS, "alone.js"])
def test_no_two_files_give_a_name_to_two_things(file):
    names = re.findall(r"\w+", " ".join(NAMED.findall(joining.esm(file))))
    assert len(names) > (15 if file in ("quiz.js", "alone.js") else 40)
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("file", FILES)
def test_imports_are_exported_there_and_used_here(file):
    text = joining.joined(file)
    for names, origin in re.findall(r'^import \{([^}]*)\} from "\./(\w+\.js)";$', text, re.MULTILINE):
        exported = re.findall(
            r"^export (?:const|class|(?:async )?function) (\w+)", joining.joined(origin), re.MULTILINE
        )
        for name in re.findall(r"\w+", names):
            assert name in exported
            assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{name} is not used"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_lines_are_as_short_as_in_python(path):
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 110


def test_every_script_and_style_that_is_written_here_is_read():
    folders = [path.relative_to(ROOT).parts[0] + path.suffix for path in WRITTEN]
    assert {"tconv_helpers.js", "tconv_helpers.css", "site.js", "site.css", "tests.js"} <= set(folders)
    assert len(WRITTEN) > len(FILES) + 8


def test_json_that_is_imported_becomes_a_constant(tmp_path, monkeypatch):
    monkeypatch.setattr(joining, "FOLDER", tmp_path)
    (tmp_path / "marks.json").write_text('{\n  "sign": "■"\n}\n', encoding="utf-8")
    (tmp_path / "a.js").write_text('import MARKS from "./marks.json" with { type: "json" };\nMARKS;\n')
    assert joining.esm("a.js") == 'const MARKS = {"sign":"■"};\nMARKS;\n'


@pytest.mark.parametrize("file", WIDGETS)
def test_nothing_is_left_to_import(file):
    assert not re.search(r"^import\b", joining.esm(file), re.MULTILINE)


@pytest.mark.parametrize("file", EXPLORERS)
def test_no_slider_has_a_bound_of_its_own(file):
    """The bounds come from the traits; test_bounds_js.py sees them in the browser."""
    sliders = re.search(r"^  sliders: (\[.*?\]),\n  \w", joining.joined(file), re.MULTILINE | re.DOTALL)[1]
    assert len(re.findall(r"\b(slider|size|stepper)\(", sliders)) >= 2 or sliders == "[]"
    assert not re.search(r"\d", re.sub(r"\bstep: \d+", "", sliders))
