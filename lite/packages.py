"""The packages of the browser edition: the course's wheel, what it needs, and Pyodide's list of them."""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
COURSE = "tconv-helpers"
IN_THE_PAGE = {
    "widgetsnbextension",
    "jupyterlab-widgets",
}  # half of ipywidgets is JavaScript: the page has it
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix", "extra": ""}
BROWSER |= {"python_version": "3.12", "python_full_version": "3.12.7"}
DATA = "tconv-helpers-data"  # images and trained networks, 5 MB, which one page needs
# What Pyodide loads with the course; the rest comes when a cell imports what needs it (in_browser.py).
AT_ONCE = {COURSE: ["anywidget", "numpy", "packaging", "rich"], DATA: [COURSE]}


def lock(pyodide):
    """Return the lock file of a Pyodide, which lists its packages, from its folder or its address."""
    name = "pyodide-lock.json"
    try:
        if Path(pyodide).is_dir():
            return json.loads(Path(pyodide, name).read_text(encoding="utf-8"))
        with urlopen(pyodide + name) as answer:
            return json.load(answer)
    except (OSError, URLError) as error:
        sys.exit(
            f"make lite needs Pyodide's {name}: {pyodide}{name} gave '{error}'; see to the network, or put a "
            "distribution of Pyodide into a folder and use make lite PYODIDE=folder"
        )


def write_wheels(root, folder, given):
    """Write the wheels that Pyodide's lock file does not list into a folder, and return their entries."""
    pyodide = set(given["packages"])
    names = sorted(needed(pyodide) - {COURSE})
    versions = [f"{name}=={metadata.version(name)}" for name in names]
    any_machine = ["--only-binary=:all:", "--platform=any", "--python-version=3.12", "--implementation=py"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        *any_machine,
        "-d",
        folder,
        *versions,
    ]
    subprocess.run(command, check=True)
    wheels = {canonicalize_name(path.name.split("-")[0]): path for path in folder.glob("*-py*-none-any.whl")}
    wheels = {name: wheels[name] for name in names} | write_course(root, folder)
    known = pyodide | set(wheels)
    return {name: entry(name, path, known) for name, path in wheels.items()}


def needed(there):
    """Return the names of all packages that the course needs in a browser and Pyodide does not have."""
    found, todo = set(), [COURSE]
    while todo:
        name = todo.pop()
        found.add(name)
        todo += [other for other in requires(name) if other not in found | there | IN_THE_PAGE]
    return found


def requires(name):
    """Return the names of what a package requires in a browser."""
    needs = map(Requirement, metadata.requires(name) or [])
    return [canonicalize_name(n.name) for n in needs if not n.marker or n.marker.evaluate(BROWSER)]


def write_course(root, folder):
    """Write the course's wheel, without the notebooks, which are the pages, and its data as another."""
    with tempfile.TemporaryDirectory() as made:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
        (whole,) = Path(made).glob("*.whl")
        with zipfile.ZipFile(whole) as old:
            files = {name: old.read(name) for name in old.namelist() if "/notebooks/" not in name}
    del files[next(name for name in files if name.endswith(".dist-info/RECORD"))]
    files["tconv_helpers/in_browser.py"] = (HERE / "in_browser.py").read_bytes()
    data = {name: files.pop(name) for name in list(files) if name.endswith(".npz")}
    _, version, *_ = whole.name.split("-")
    about = f"Metadata-Version: 2.1\nName: {DATA}\nVersion: {version}\n"
    data[f"{DATA.replace('-', '_')}-{version}.dist-info/METADATA"] = about.encode()  # Pyodide takes no other
    return {
        COURSE: zipped(folder / whole.name, files),
        DATA: zipped(folder / whole.name.replace("helpers", "helpers_data"), data),
    }


def zipped(path, files):
    """Write files into a wheel, the same bytes each time, and return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in files.items():
            wheel.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def entry(name, path, known):
    """Return the entry of a wheel in Pyodide's lock file."""
    return {
        "name": name,
        "version": path.name.split("-")[1],
        "file_name": path.name,
        "install_dir": "site",
        "package_type": "package",
        "imports": modules(path),
        "depends": AT_ONCE.get(name) or sorted(set(requires(name)) & known),
        "unvendored_tests": False,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def modules(path):
    """Return the names that a wheel lets one import."""
    with zipfile.ZipFile(path) as wheel:
        tops = {name.split("/")[0] for name in wheel.namelist() if name.endswith(".py")}
    return sorted(top.removesuffix(".py") for top in tops if ".data" not in top)
