"""Check what is shipped: one list of dependencies, a wheel with the notebooks, papers that say their part."""

import ast
import importlib.metadata
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tconv_helpers.exercises import edition
from tconv_helpers.grading.answers import answers_by_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
README = (ROOT / "README.md").read_text()


def requirements(*lists):
    """The requirements of some lists; of one extra's list within another, it is there itself."""
    found = [Requirement(line) for lines in lists for line in lines]
    return [need for need in found if need.name != PROJECT["name"]]


PROVIDERS = importlib.metadata.packages_distributions()  # module -> the packages that have it
NEEDED = requirements(PROJECT["dependencies"])
CUDA = "cuda-", "nvidia-", "triton"  # what PyTorch's builds with CUDA ask for, and its CPU build does not
ASKED = requirements(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())


def pins():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in requirements(lines)}


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


# Dependencies: one list


def test_every_requirement_is_a_range_and_is_pinned_inside_it():
    for need in ASKED:
        (pin,) = pins()[canonicalize_name(need.name)].specifier
        assert pin.operator == "=="
        assert need.specifier.contains(pin.version), need
        assert not any(part.operator == "==" for part in need.specifier), need


def test_the_stored_outputs_were_made_with_torch_2_13():
    assert str(pins()["torch"]) == "torch==2.13.0"


def test_what_the_requirements_require_is_pinned_too():
    """Walk from our requirements through those of what is installed; nothing on the way may float."""
    todo, seen = [(need, "") for need in ASKED], set()
    while todo:
        need, extra = todo.pop()
        if need.marker and not need.marker.evaluate({"extra": extra}):
            continue
        if need.name.startswith(CUDA):
            continue
        assert canonicalize_name(need.name) in pins(), f"{need.name} has no pin in constraints.txt"
        for extra in {"", *need.extras}:
            if (need.name, extra) not in seen:
                seen.add((need.name, extra))
                todo += [(more, extra) for more in requirements(importlib.metadata.requires(need.name) or [])]
    assert len(seen) > 50


def test_the_package_alone_asks_for_nothing_that_no_browser_has():
    """Pyodide has the compiled ones; the others are Python only, or are not asked for there."""
    compiled = {"matplotlib", "numpy", "pillow", "scipy"}
    plain = {"anywidget", "ipython", "ipywidgets", "packaging", "rich", "sympy", "traitlets"}
    browser = {"sys_platform": "emscripten", "extra": ""}
    asked = {need.name for need in NEEDED if not need.marker or need.marker.evaluate(browser)}
    assert asked == compiled | plain


def test_environment_yml_adds_no_second_list():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, *rest = environment["dependencies"]
    assert rest == ["pip", "pytorch-cpu", {"pip": ["-e .[test]"]}]
    name, version = python.split("=")
    assert name == "python"
    assert Requirement("python" + PROJECT["requires-python"]).specifier.contains(version)
    assert set(environment) == {"name", "channels", "dependencies"}


def test_the_package_imports_only_what_it_requires():
    extras = {
        extra: {canonicalize_name(need.name) for need in requirements(needs)}
        for extra, needs in PROJECT["optional-dependencies"].items()
    }
    for path in (ROOT / "tconv_helpers").rglob("*.py"):
        if path.parent.name == "answers":  # not installed
            continue
        required = {canonicalize_name(need.name) for need in NEEDED}
        required |= extras["grade"] if path.parent.name == "grading" else set()
        required |= extras["generator"] if path.parent.name == "generator" else set()
        required |= extras["lab"] if path.name in ("lab.py", "labfiles.py") else set()
        required.add(PROJECT["name"])
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            else:
                continue
            for top in {name.split(".")[0] for name in names} - sys.stdlib_module_names:
                assert required & set(map(canonicalize_name, PROVIDERS[top])), f"{path.name} imports {top}"


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_the_package_and_the_notebooks_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    tracked = git(
        "ls-files", "--cached", "--others", "--exclude-standard", "tconv_helpers", "notebooks"
    ).split()
    ours = {re.sub("^notebooks/", "tconv_helpers/notebooks/", name) for name in tracked}
    assert names == {name for name in ours if not name.startswith("tconv_helpers/grading/")}
    assert {f"tconv_helpers/notebooks/{name}" for name in NOTEBOOKS} <= names


def test_no_answer_is_in_the_wheel(wheel):
    """No solution, no wrong implementation, no quiz key; only the lecture's own operators are public."""
    texts = {name: wheel.read(name).decode(errors="ignore") for name in wheel.namelist()}
    books = [json.loads((ROOT / "notebooks" / name).read_text()) for name in NOTEBOOKS]
    lines = [line for book in books for line in edition.solution_lines(book)]
    bodies = ["".join(edition.solution_lines(book)) for book in books]
    sources = [inspect.getsource(w.function) for a in answers_by_name().values() for w in a.wrongs]
    sources += [inspect.getsource(right) for a in answers_by_name().values() for right in a.rights]
    bodies += [edition.squeeze(source.split("):\n", 1)[1]) for source in sources]
    keys = [edition.squeeze(why) for row in quiz_sources().values() for why in reasons(row)]
    assert min(map(len, (lines, bodies, keys))) > 25
    for name, text in texts.items():
        assert edition.leaks(text, [body for body in bodies if len(body) > 60] + keys) == [], name
        if "/exercises/" in name or "/notebooks/" in name:
            assert edition.leaks(text, lines) == [], name
            assert "BEGIN SOLUTION" not in text or name.endswith("edition.py"), name
    assert edition.leaks(sources[0], [edition.squeeze(sources[0])])  # the check can fail


def quiz_sources():
    return tomllib.loads((ROOT / "tconv_helpers/grading/answers/quizzes.toml").read_text())


def reasons(row):
    return [*row.get("choices", {}).values(), *row.get("numbers", {}).values()]


def test_the_wheel_asks_for_what_pyproject_asks_for_and_carries_the_licence(wheel):
    (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    text = wheel.read(metadata).decode()
    assert "License-Expression: BSD-3-Clause AND CC-BY-4.0" in text
    asked = [Requirement(line) for line in re.findall("^Requires-Dist: (.*)$", text, re.M)]
    assert [str(need) for need in asked if "extra" not in str(need.marker)] == [str(need) for need in NEEDED]
    (licence,) = (name for name in wheel.namelist() if name.endswith("/licenses/LICENSE"))
    assert wheel.read(licence).decode() == (ROOT / "LICENSE").read_text()


@pytest.fixture(scope="module")
def tconv_of_the_wheel(wheel, tmp_path_factory):
    """Give what runs `tconv` in a folder, as one has it who installed the wheel alone."""
    site = tmp_path_factory.mktemp("site")
    wheel.extractall(site)
    command = [sys.executable, "-c", "import sys; from tconv_helpers.cli import app; app(prog_name='tconv')"]
    env = {**os.environ, "PYTHONPATH": str(site)}

    def run(folder, *words):
        return subprocess.run([*command, *words], cwd=folder, env=env, capture_output=True, text=True)

    code = "import tconv_helpers, importlib.util as u; print(tconv_helpers.__file__)"
    code += "; print(u.find_spec('tconv_helpers.grading'))"
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=site, capture_output=True, text=True)
    assert done.stdout.splitlines() == [str(site / "tconv_helpers/__init__.py"), "None"], done.stderr
    return run


def test_nothing_of_grading_is_in_the_wheel(wheel):
    assert [name for name in wheel.namelist() if "grading" in name] == []
    texts = {name: wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".py")}
    importing = [name for name, text in texts.items() if re.search(r"(from|import) \S*\bgrading\b", text)]
    assert importing == ["tconv_helpers/cli.py"]


WORDS = [["grade", "01"], ["grade", "01", "--resume"], ["grade", "--help"], ["export", "01"], ["doctor"]]
WORDS += [["collect", "01", "moodle.zip"], ["regrade", "01", "ann", "--why", "asked"], ["similar", "01"]]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_from_the_wheel_a_command_that_grades_says_what_it_needs(tconv_of_the_wheel, tmp_path, words):
    done = tconv_of_the_wheel(tmp_path, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"tconv {words[0]} needs a checkout of the course, since grading is in the course's repository only; "
        "run it from a clone: pip install -e '.[grade]'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_from_the_wheel_the_students_commands_work(tconv_of_the_wheel, tmp_path):
    listed = tconv_of_the_wheel(tmp_path, "--help").stdout
    commands = re.findall(r"^  (\w+)  ", listed.split("Commands:")[1], re.M)
    assert sorted(commands) == ["explore", "lab", "progress", "release"]
    done = tconv_of_the_wheel(tmp_path, "explore", "shape")
    assert (done.returncode, done.stdout) == (0, "Wrote shape.html: open it in a browser.\n"), done.stderr
    done = tconv_of_the_wheel(tmp_path, "release", "03", "--to", "class")
    assert (done.returncode, done.stdout) == (0, "In class: 03_toeplitz_matrix.\n"), done.stderr
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["03_toeplitz_matrix.ipynb"]
    done = tconv_of_the_wheel(tmp_path, "progress", "class")
    assert done.returncode == 0 and " points; next: 1.1" in done.stdout, done.stderr


def test_from_the_wheel_alone_the_course_can_be_copied(wheel, tmp_path):
    wheel.extractall(tmp_path / "site")
    code = "import sys; sys.path.insert(0, 'site'); from pathlib import Path"
    code += "; from tconv_helpers import cli, lab; print(cli.__file__); print(lab.fill(Path('mine')))"
    env = {**os.environ, "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [str(tmp_path / "site/tconv_helpers/cli.py"), "[]"]
    for name in NOTEBOOKS:
        master = (ROOT / "notebooks" / name).read_text(encoding="utf-8")
        assert (tmp_path / "mine" / name).read_text(encoding="utf-8") == edition.edition_text(master)


def test_from_the_wheel_alone_an_exercise_can_be_checked(wheel, tmp_path):
    wheel.extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, 'site'); from tconv_helpers import check, quiz; import numpy as np\n"
        "def conv_by_kernel(x, k): return np.convolve(x, k, 'valid')\n"
        "print(check(conv_by_kernel), quiz('01-outputs').question)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    told = (
        "conv_by_kernel is not right yet. Its results are those of a known mistake: the kernel is\nflipped.\n"
    )
    assert done.stdout.startswith(told), done.stderr
    assert "0 n = 10" in done.stdout


def test_the_quiet_settings_are_jupyterlabs_own():
    """JupyterLab has the settings that labconfig/ sets, and ours are among the values that it allows."""
    ours = json.loads((ROOT / "tconv_helpers/labconfig/default_setting_overrides.json").read_text())
    folder = Path(sys.prefix, "share/jupyter/lab/schemas")
    for plugin, settings in ours.items():
        package, name = plugin.split(":")
        schema = json.loads((folder / package / f"{name}.json").read_text())["properties"]
        for key, value in settings.items():
            allowed = [option["const"] for option in schema[key].get("oneOf", [])] or [True, False]
            assert value in allowed, key


# The papers


def test_the_licence_names_both_licences():
    text = (ROOT / "LICENSE").read_text()
    for part in (
        "BSD 3-Clause License",
        "Redistribution and use",
        "https://creativecommons.org/licenses/by/4.0/",
    ):
        assert part in text
    assert PROJECT["license"] == "BSD-3-Clause AND CC-BY-4.0"
    assert PROJECT["license-files"] == ["LICENSE"]


def test_the_citation_is_of_this_version_and_credits_the_lecture():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == PROJECT["version"]
    (lecture,) = citation["references"]
    (author,) = lecture["authors"]
    assert lecture["title"] == "Deep Learning, 7.1 Transposed Convolutions"
    assert author == {"given-names": "Konda Reddy", "family-names": "Mopuri", "affiliation": "IIT Tirupati"}
    assert all(part in README for part in (lecture["title"], "Konda Reddy Mopuri", "IIT Tirupati"))


def test_the_readmes_links_lead_somewhere():
    links = [link for link in re.findall(r"\]\(([^)]*)\)", README) if "://" not in link]
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_lists_every_module_and_every_notebook():
    modules = {path.name for path in (ROOT / "tconv_helpers").glob("[!_]*.py")}
    assert [name for name in sorted(modules) if f"(tconv_helpers/{name})" not in README] == []
    assert [name for name in NOTEBOOKS if f"(notebooks/{name})" not in README] == []


def test_the_readmes_first_code_runs_and_states_its_result():
    first = re.search("^```.*?\n(.*?)^```", README, re.M | re.S).group(1)
    assert first.startswith(">>> ")
    assert re.search("^array", first, re.M)  # pytest runs it: README.md is among the testpaths


def test_make_help_lists_every_command_and_the_readme_names_real_ones():
    makefile = (ROOT / "Makefile").read_text()
    commands = set(re.search(r"\.PHONY: (.*)", makefile).group(1).split()) - {"setup"}
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make ([\w-]+)\t.", listed, re.M)) == commands
    assert {
        "lab",
        "student",
        "test",
        "quick",
        "notebooks",
        "site",
        "bench",
        "lint",
        "clean",
        "help",
    } <= commands
    assert set(re.findall(r"`?make (lab|test|\w+)\b[^`\n]*`", README)) <= commands
    for command in commands:
        subprocess.run(["make", "--dry-run", command], cwd=ROOT, capture_output=True, check=True)


def test_nothing_names_a_machine_or_a_download_host():
    words = r"download\.pytorch|pypi\.org|pythonhosted|anaconda\.(com|org)|/(home|Users|root)/\w"
    files = [
        name for name in git("ls-files").split() if not name.endswith((".ipynb", ".npz", ".png", ".woff"))
    ]
    found = [
        name
        for name in files
        if name != "tests/test_package.py" and re.search(words, (ROOT / name).read_text())
    ]
    assert found == []
