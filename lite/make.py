"""Make the browser edition: ``python lite/make.py`` writes build/lite, a JupyterLab that nobody installs.

PYODIDE names where Python itself comes from: a folder with a Pyodide distribution, which is put inside, or
the address of one. With an address, SITE_URL says where the site is published that has this as lite/.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from editions import EXPLORER, browser_edition
from packages import lock, write_wheels

from tconv_helpers.cli import explorers
from tconv_helpers.explore.alone import page

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYODIDE = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"  # the version that the tests run
SITE = "http://127.0.0.1:8899/"  # where `make site-open` shows it
JUPYTERLITE = ROOT / "build/jupyterlite"  # where `make lite` installs it
EXTENSIONS = "share/jupyter/labextensions"
FRONT_ENDS = [
    JUPYTERLITE / EXTENSIONS / "@jupyterlite/pyodide-kernel-extension",
    Path(sys.prefix, EXTENSIONS, "@jupyter-widgets/jupyterlab-manager"),
    Path(sys.prefix, EXTENSIONS, "anywidget"),
]
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# What the kernel loads in any case, all at once; `ssl` and `sqlite3` are the kernel's own wish.
FIRST = ["ssl", "sqlite3", "comm", "jedi", "ipython", "tconv-helpers"]


def build(out=ROOT / "build/lite", source=ROOT / "build/source-of-lite", pyodide=None, site=None):
    """Write the sources into one folder and the edition into another, both anew."""
    pyodide = pyodide or os.environ.get("PYODIDE") or PYODIDE
    site = site or os.environ.get("SITE_URL") or SITE
    for folder in (source, out):
        shutil.rmtree(folder, ignore_errors=True)
    static = source / "static"
    inside = Path(pyodide).is_dir()
    wheels = static / ("pyodide" if inside else "wheels")
    if inside:
        shutil.copytree(pyodide, wheels)
    else:
        wheels.mkdir(parents=True)
    entries = write_wheels(ROOT, wheels, given := lock(pyodide))
    if not inside:
        given["packages"] = {name: elsewhere(pyodide, entry) for name, entry in given["packages"].items()}
        entries = {name: elsewhere(f"{site}lite/static/wheels/", entry) for name, entry in entries.items()}
    given["packages"] |= entries
    (wheels / "pyodide-lock.json").write_text(json.dumps(given), encoding="utf-8")
    address = f"./static/{wheels.name}/"
    write_settings(source, address if inside else pyodide, address)
    write_pages(source / "files")
    jupyter_lite(source, out)


def elsewhere(address, entry):
    """Return an entry of the lock file whose file lies at another address than the lock file's."""
    return entry | {"file_name": address + entry["file_name"]}


def write_pages(folder):
    """Write the pages that a reader opens, and the explorer that one of them shows."""
    folder.mkdir()
    for path in sorted(ROOT.glob("notebooks/*.ipynb")):
        text = browser_edition(path.read_text(encoding="utf-8"))
        (folder / path.name).write_text(text, encoding="utf-8")
    make, title = explorers()["latent"]
    (folder / EXPLORER).write_text(page(make(), title, "latent"), encoding="utf-8")


def write_settings(source, pyodide, address):
    """Write what JupyterLite reads: where Pyodide is, and what the kernel loads before its first cell."""
    options = {
        "lockFileURL": f"{address}pyodide-lock.json",
        "packages": FIRST,
        "env": {"PYTHONSTARTUP": "/lib/python3.12/site-packages/tconv_helpers/in_browser.py"},
    }
    kernel = {
        "disablePyPIFallback": True,
        "pyodideUrl": f"{pyodide}pyodide.js",
        "loadPyodideOptions": options,
    }
    settings = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "The transposed convolution",
            "litePluginSettings": {KERNEL: kernel},
        },
    }
    (source / "jupyter-lite.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")


def jupyter_lite(source, out):
    """Run JupyterLite's own build, with the front ends that the course needs and no others."""
    settings = {
        "apps": ["lab"],
        "contents": ["files"],
        "federated_extensions": list(map(str, FRONT_ENDS)),
        "ignore_sys_prefix": ["federated_extensions"],
        "no_libarchive": True,
        "no_sourcemaps": True,
        "output_dir": str(out),
    }
    text = json.dumps({"LiteBuildConfig": settings})
    (source / "jupyter_lite_config.json").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    env = os.environ | {"PYTHONPATH": str(JUPYTERLITE)}
    done = subprocess.run(
        command, cwd=source, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit(f"jupyter lite build ended with {done.returncode}:\n{done.stdout[-3000:]}")


if __name__ == "__main__":
    build()
