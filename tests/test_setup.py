"""`.ci/setup` in checkouts of its own, with Pythons that pretend: what it says, and when it installs."""

import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from waiting import LONG

ROOT = Path(__file__).parent.parent
TOOLS = [
    "awk",
    "cat",
    "cmp",
    "cp",
    "df",
    "dirname",
    "grep",
    "id",
    "mkdir",
    "mkfifo",
    "rm",
    "sed",
    "sh",
    "tail",
]

# A Python that runs the set-up's own questions with the version that it pretends to have, and that
# makes environments and installs into them without doing either.
FAKE = r"""#!/bin/sh
case "$*" in
    "-m venv --clear .venv")
        {venv} || exit 1
        rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python; cp "$0" .venv/bin/python3
        echo "VIRTUAL_ENV='$PWD/.venv'" >.venv/bin/activate; echo "$0" >>made ;;
    "-m pip install"*) echo "$*" >>installed; {pip} ;;
    "-m pip index"*) {index} ;;
    "-Ic import pip") ;;
    *) exec {real} -c 'import sys; sys.version_info = {version}; {before}; exec(sys.argv[1])' "$2" ;;
esac
"""


class Checkout:
    def __init__(self, folder):
        self.folder, self.bin = folder / "a checkout", folder / "bin"
        self.bin.mkdir()
        (self.folder / ".ci").mkdir(parents=True)
        for name in (".ci/setup", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, self.folder / name)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))

    def fake(self, name, text):
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def python(self, name="python3", version=(3, 12, 1), before="0", venv="true", pip="true", index="false"):
        given = dict(version=version, before=before, venv=venv, pip=pip, index=index, real=sys.executable)
        self.fake(name, FAKE.format(**given))

    def setup(self, by=None, **env):
        env = {"PATH": str(self.bin), "HOME": str(self.folder), **env}
        return subprocess.run(
            [(by or self.folder) / ".ci/setup"],
            env=env,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=LONG,
        )

    def lines(self, name):
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


OLD = (3, 10, 18)
WAY_OUT = "install one, or name the one you have: make lab PYTHON=/path/to/python"
REFUSALS = {
    "no Python": ({}, {}, f"Python must be 3.11 or newer: found none that runs as python3; {WAY_OUT}"),
    "old Pythons": (
        {"python3": dict(version=OLD), "python": dict(version=(2, 7, 18))},
        {},
        f"Python must be 3.11 or newer: found 3.10.18 (python3), 2.7.18 (python); {WAY_OUT}",
    ),
    "an old one named": (
        {"python3": {}, "mine": dict(version=OLD)},
        {"PYTHON": "mine"},
        f"Python must be 3.11 or newer: found 3.10.18 (mine); {WAY_OUT}",
    ),
    "none of that name": (
        {"python3": {}},
        {"PYTHON": "/no/such python"},
        f"Python must be 3.11 or newer: found none that runs as /no/such python; {WAY_OUT}",
    ),
    "no venv module": (
        {"python3": dict(before='sys.modules["ensurepip"] = None')},
        {},
        "Python must have its venv module: python3 (3.12.1) has not; "
        "install it (Debian, Ubuntu: apt install python3-venv) or name another: "
        "make lab PYTHON=/path/to/python",
    ),
    "no right to write": (
        {
            "python3": dict(
                venv="{ echo some words >&2; echo Error: [Errno 13] Permission denied >&2; false; }"
            )
        },
        {},
        "Python must be able to make {here}/.venv: it said 'Error: [Errno 13] Permission denied'; "
        "see that you may write there and that nothing else has that name",
    ),
    "no network": (
        {
            "python3": dict(
                pip="{ echo WARNING: Retrying >&2; echo ERROR: No match for anyio >&2; echo >&2; false; }"
            )
        },
        {},
        "pip must be able to fetch what constraints.txt names: it said 'ERROR: No match for anyio'; "
        "see to the network or the disk and run it again (all that pip said: .venv/pip-said)",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_it_refuses_in_one_line(checkout, case):
    pythons, env, says = REFUSALS[case]
    for name, pretends in pythons.items():
        checkout.python(name, **pretends)
    done = checkout.setup(**env)
    assert done.stderr == f"set-up: {says}\n".replace("{here}", str(checkout.folder))
    assert done.returncode == 1
    assert not (checkout.folder / ".venv/installed").exists()


def test_it_refuses_a_full_disk(checkout):
    checkout.python()
    checkout.fake("df", "#!/bin/sh\necho Filesystem\necho /dev/disk 9000000 8100000 900000 90% /\n")
    done = checkout.setup()
    assert (done.returncode, done.stderr) == (
        1,
        f"set-up: the course needs 3 GB of disk: {checkout.folder} has 0 GB free; "
        "free some, or move the checkout to a larger disk\n",
    )
    assert not (checkout.folder / ".venv").exists()


def cpu_seconds():
    """The time that all processes that were started here and have ended have used of a processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_it_installs_once(checkout):
    checkout.python()
    first = checkout.setup()
    assert (first.returncode, first.stderr) == (0, "")
    assert checkout.lines("installed") == [
        "-m pip install --disable-pip-version-check -c constraints.txt -e .[test]"
    ]
    for name in ("pyproject.toml", "constraints.txt"):
        os.utime(checkout.folder / name)  # a new time is no change
    start = cpu_seconds()
    second = checkout.setup()
    assert cpu_seconds() - start < 1
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert len(checkout.lines("installed")) == len(checkout.lines("made")) == 1


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_is_installed_into_the_same_environment(checkout, name):
    checkout.python()
    checkout.setup()
    with (checkout.folder / name).open("a") as file:
        file.write("# a change\n")
    assert checkout.setup().returncode == 0
    assert checkout.setup().stdout == ""
    assert (len(checkout.lines("installed")), len(checkout.lines("made"))) == (2, 1)


def test_an_interrupted_install_is_taken_up_again(checkout):
    checkout.python(pip="kill -9 $PPID")
    assert checkout.setup().returncode == -9
    checkout.python()
    shutil.copy(checkout.bin / "python3", checkout.folder / ".venv/bin/python")
    assert checkout.setup().returncode == 0
    assert (len(checkout.lines("installed")), len(checkout.lines("made"))) == (2, 1)


def test_a_moved_checkout_gets_a_new_environment(checkout):
    checkout.python()
    checkout.setup()
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("moved"))
    assert checkout.setup().returncode == 0
    assert (len(checkout.lines("installed")), len(checkout.lines("made"))) == (2, 2)


def test_a_broken_environment_is_made_anew_even_when_active(checkout):
    checkout.python()
    checkout.setup()
    (checkout.folder / ".venv/bin/activate").unlink()
    assert checkout.setup(PATH=f"{checkout.folder}/.venv/bin:{checkout.bin}").returncode == 0
    assert checkout.lines("made") == [f"{checkout.bin}/python3"] * 2


@pytest.mark.parametrize("above", ["private", "Kurs é 1", "[50%] & more"])
def test_a_link_to_a_checkout_at_any_path_is_that_checkout(tmp_path, above):
    private = tmp_path / above
    private.mkdir(mode=0o700)
    checkout, link = Checkout(private), tmp_path / "ein Link"
    link.symlink_to(checkout.folder)
    checkout.python()
    assert checkout.setup(by=link).returncode == 0
    assert checkout.setup().stdout == checkout.setup(by=link).stdout == ""
    (checkout.folder / ".venv/bin/activate").unlink()
    assert checkout.setup(by=link, PATH=f"{link}/.venv/bin:{checkout.bin}").returncode == 0  # and active
    assert checkout.lines("made") == [f"{checkout.bin}/python3"] * 2


def test_the_first_python_that_is_new_enough_is_taken(checkout):
    checkout.python("python3", version=OLD)
    checkout.python("python3.12")
    assert checkout.setup().returncode == 0
    assert checkout.lines("made") == [f"{checkout.bin}/python3.12"]


APT = """#!/bin/sh
echo "$*" >>apt
case "$*" in {fails}) echo Reading lists; echo E: No network; exit 100 ;; esac
"""
INSTALL = "install -y --no-install-recommends "
BROWSER, SANDBOX = "chromium-headless-shell", "bubblewrap libseccomp2"


def test_the_set_up_looks_for_the_browsers_that_the_tests_take():
    told = (ROOT / "tests/browser/conftest.py").read_text(encoding="utf-8")
    (browsers,) = re.findall(r"^BROWSERS = (.+)$", told, re.MULTILINE)
    listed = " ".join(re.findall(r'"(.+?)"', browsers))
    assert f"set -- {listed};" in (ROOT / ".ci/setup").read_text(encoding="utf-8")


@pytest.fixture
def as_root(checkout):
    """A checkout set up by root without browser and bubblewrap: ``as_root(fails)``, what apt-get fails at."""

    def as_root(fails="nothing", user=0, browser="/no/browser", bwrap=False):
        checkout.python()
        if bwrap:
            checkout.fake("bwrap", "#!/bin/sh\n")
        checkout.fake("id", f"#!/bin/sh\necho {user}\n")
        if fails:
            checkout.fake("apt-get", APT.format(fails=fails))
        done = checkout.setup(CHROMIUM=browser)
        assert done.returncode == 0
        assert (checkout.folder / ".venv/installed").exists()
        return done

    return as_root


def test_root_gets_browser_and_bubblewrap_once_and_quietly(checkout, as_root):
    assert as_root().stderr == ""
    assert as_root().stdout == ""
    assert checkout.lines("apt") == ["update", INSTALL + BROWSER, "update", INSTALL + SANDBOX]


@pytest.mark.parametrize(
    "fails, lost", [("update", {BROWSER, SANDBOX}), ("*chromium*", {BROWSER}), ("*bubblewrap*", {SANDBOX})]
)
def test_without_them_the_course_is_set_up_all_the_same_and_the_other_comes(checkout, as_root, fails, lost):
    who = {BROWSER: "the explorers", SANDBOX: "grading"}
    assert as_root(fails).stderr == "".join(
        f"set-up: apt-get must be able to install {packages}, which tests of {who[packages]} need: it said "
        "'E: No network'; the course works without it\n"
        for packages in who
        if packages in lost
    )
    asked = [line.removeprefix(INSTALL) for line in checkout.lines("apt") if line != "update"]
    assert asked == ([] if fails == "update" else [BROWSER, SANDBOX])


@pytest.mark.parametrize("there, asked", [(dict(browser="/bin/sh"), SANDBOX), (dict(bwrap=True), BROWSER)])
def test_only_what_is_missing_is_installed(checkout, as_root, there, asked):
    as_root(**there)
    assert checkout.lines("apt") == ["update", INSTALL + asked]


@pytest.mark.parametrize("case", [dict(user=1000), dict(browser="/bin/sh", bwrap=True), dict(fails="")])
def test_nobody_else_is_asked_for_them(checkout, as_root, case):
    assert as_root(**case).stderr == ""
    assert checkout.lines("apt") == []


def test_another_python_asked_for_makes_another_environment(checkout):
    checkout.python()
    checkout.python("mine", version=(3, 13, 0))
    checkout.setup()
    assert checkout.setup(PYTHON="python3").stdout == ""
    assert checkout.setup(PYTHON="mine").returncode == 0
    assert checkout.lines("made") == [f"{checkout.bin}/python3", f"{checkout.bin}/mine"]


# PyTorch's builds: what pip would take is found out, and told, before anything is installed


PIN = re.search("^torch==(.*)$", (ROOT / "constraints.txt").read_text(), re.M)[1]
CUDA, CPU = f"99.0.0, {PIN}, 1.13.1", f"99.0.0, {PIN}+cpu, {PIN}, 1.13.1"
DF = "#!/bin/sh\necho Filesystem\necho /dev/disk 90000000 0 {free}000000 90% /\n"
WAYS = "for the CPU build, press Ctrl + C, and install uv or set PIP_EXTRA_INDEX_URL as the README says\n"
LARGE = (
    "set-up: pip takes the CUDA build of PyTorch here, which is several GB and which the course does not need"
)
PIP = "-m pip install --disable-pip-version-check -c constraints.txt -e .[test]"
UV = """#!/bin/sh
[ "$*" = "pip install --help" ] && { echo "{help}"; exit; }
echo "uv $*" >>installed; echo Resolved 2 packages >&2
"""


@pytest.fixture
def on_linux(checkout):
    """Sets up on a Linux machine whose pip is offered some versions, with or without a GPU, uv and room."""

    def on_linux(offered, system="Linux x86_64", free=50, gpu=False, uv=None):
        listed = f"{{ echo 'torch (99.0.0)'; echo 'Available versions: {offered}'; echo LATEST; }}"
        checkout.python(index=listed if offered else "false")
        checkout.fake("uname", f"#!/bin/sh\necho {system}\n")
        checkout.fake("df", DF.format(free=free))
        if gpu:
            checkout.fake("nvidia-smi", "#!/bin/sh\n")
        if uv is not None:
            checkout.fake("uv", UV.replace("{help}", uv))
        return checkout.setup()

    return on_linux


def test_the_cuda_build_is_told_of_before_it_comes(checkout, on_linux):
    done = on_linux(CUDA)
    assert (done.returncode, done.stderr) == (0, f"{LARGE}; {WAYS}")
    assert checkout.lines("installed") == [PIP]


def test_the_cuda_build_needs_more_disk(checkout, on_linux):
    done = on_linux(CUDA, free=11)
    assert done.returncode == 1
    assert done.stderr == f"{LARGE}, and 12 GB of disk: {checkout.folder} has 11 GB free; {WAYS}"
    assert checkout.lines("installed") == []


@pytest.mark.parametrize(
    "offered, more",
    [
        (CPU, {}),
        (f"{PIN}+cpu", {}),
        (CUDA, dict(system="Linux aarch64")),
        (CUDA, dict(system="Darwin x86_64")),
        ("1.13.1", {}),
        (PIN + "0", {}),
        ("", {}),
    ],
)
def test_nothing_is_told_where_the_small_build_comes_or_none_is_offered(checkout, on_linux, offered, more):
    done = on_linux(offered, free=4, **more)
    assert (done.returncode, done.stderr) == (0, "")
    assert checkout.lines("installed") == [PIP]


def test_uv_gets_the_cpu_build_without_an_address(checkout, on_linux):
    done = on_linux(CUDA, free=4, uv="--torch-backend <TORCH_BACKEND>")
    assert (done.returncode, done.stderr) == (0, "")
    words = "uv pip install --python .venv/bin/python --torch-backend cpu -c constraints.txt -e .[test]"
    assert checkout.lines("installed") == [words]
    assert checkout.lines(".venv/pip-said") == ["Resolved 2 packages"]


@pytest.mark.parametrize("case", [dict(uv="no such option"), dict(uv="--torch-backend", gpu=True)])
def test_pip_is_asked_where_uv_is_too_old_and_where_there_is_a_gpu(checkout, on_linux, case):
    assert on_linux(CUDA, **case).stderr == f"{LARGE}; {WAYS}"
    assert checkout.lines("installed") == [PIP]


def test_uv_is_not_asked_where_pip_takes_the_small_build(checkout, on_linux):
    on_linux(CPU, uv="--torch-backend")
    assert checkout.lines("installed") == [PIP]


def test_a_torch_that_is_there_is_not_asked_about_again(checkout, on_linux):
    on_linux(CPU)
    (checkout.folder / f".venv/lib/python3.12/site-packages/torch-{PIN}+cpu.dist-info").mkdir(parents=True)
    (checkout.folder / ".venv/installed").unlink()
    checkout.python(index=f"echo 'Available versions: {CUDA}'")
    shutil.copy(checkout.bin / "python3", checkout.folder / ".venv/bin/python")
    assert checkout.setup().stderr == ""
    assert checkout.lines("installed") == [PIP, PIP]


# What pip says is kept, and a few lines of it are told


def test_pips_many_lines_are_kept_and_a_few_are_told(checkout):
    said = ["Obtaining file:///a", *(f"Collecting package{i}" for i in range(120))]
    said[10:10] = [
        "  Downloading small-1-py3-none-any.whl (1.2 MB)",
        "  Downloading big-1-cp311.whl (191.8 MB)",
    ]
    said += ["Installing collected packages: a, b", "Successfully installed a-1 b-2"]
    (checkout.folder / "said").write_text("\n".join(said) + "\n")
    checkout.python(pip="cat said; echo WARNING: slow >&2")
    done = checkout.setup()
    assert (done.returncode, done.stderr) == (0, "")
    number = len(re.findall("==", (ROOT / "constraints.txt").read_text()))
    assert done.stdout.splitlines() == [
        "Installing the course into .venv: some minutes, once. What pip says is kept in .venv/pip-said.",
        "  downloading big-1-cp311.whl (191.8 MB)",
        f"  found 50 of some {number} packages",
        f"  found 100 of some {number} packages",
        "  unpacking them",
        "The course is in .venv.",
    ]
    assert checkout.lines(".venv/pip-said") == [*said, "WARNING: slow"]
