"""The wheel, and the notebooks for Colab, which keeps the NumPy, PyTorch and Jupyter that it has."""

import json
import shutil
import subprocess
import sys

from conf import html_baseurl, repository

from tconv_helpers.exercises.edition import edition_text

FIRST = """\
# Only the course comes, and what shows its explorers: Colab's own packages stay as they are.
%pip install --quiet --no-deps {wheel} anywidget psygnal
from google.colab import output

output.enable_custom_widget_manager()"""


def write_colab(root, source):
    """Write beside the pages the wheel, its versions, and the student's edition with a cell that installs it.

    And get.md, which the page on installing includes: the links to them.
    """
    extra = source / "extra"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", extra / "wheel"]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = (extra / "wheel").glob("*.whl")
    shutil.copy(root / "constraints.txt", extra / "wheel")
    (source / "get.md").write_text(get(wheel.name), encoding="utf-8")
    (extra / "colab").mkdir()
    for path in root.glob("notebooks/*.ipynb"):
        book = json.loads(edition_text(path.read_text(encoding="utf-8")))
        code = FIRST.format(wheel=f"{html_baseurl}wheel/{wheel.name}")
        cell = {"cell_type": "code", "execution_count": None, "id": "colab", "metadata": {}, "outputs": []}
        book["cells"].insert(0, cell | {"source": code.splitlines(keepends=True)})
        (extra / "colab" / path.name).write_text(json.dumps(book, indent=1), encoding="utf-8")


def get(wheel):
    """Return the line that says where the course's files are; its repository, if one is named."""
    links = (f'<a href="wheel/{name}">{name}</a>' for name in (wheel, "constraints.txt"))
    clone = f" The course's folder: `git clone https://github.com/{repository}`." if repository else ""
    return f"The two files that you need without a checkout: {' and '.join(links)}.{clone}\n"


def button(name):
    """Return the line of a page that opens it in Colab; "" where no repository is named."""
    if not repository:
        return ""
    path = f"{repository}/blob/gh-pages/colab/{name}.ipynb"
    return f"[Open in Colab](https://colab.research.google.com/github/{path})"
