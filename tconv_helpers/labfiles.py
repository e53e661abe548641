"""Read and write notebooks in the JupyterLab of `tconv lab`, so that what was only opened stays as it was."""

import json
import sys
from pathlib import Path

from jupyter_server.services.contents.largefilemanager import LargeFileManager

HERE = sys.version.split()[0]  # as a kernel of this Python tells it to JupyterLab


class CourseFiles(LargeFileManager):
    """Show each notebook as one of this Python, and leave the version that it names on disk as it is.

    JupyterLab writes the kernel's version into a notebook when it opens it: with another Python than the one
    that the outputs were made with, each page that is looked at would be unsaved, and a line would change.
    Files are read without the threads of Jupyter's other manager, which may outlive a server that is stopped.
    """

    def get(self, path, *args, **options):
        """Return a file's model; a notebook's names this Python."""
        model = super().get(path, *args, **options)
        if model["type"] == "notebook" and (info := python_info(model["content"])):
            info["version"] = HERE
        return model

    def save(self, model, path=""):
        """Save a file's model; a notebook that names this Python keeps the version that it has on disk."""
        info = python_info(model.get("content")) if model.get("type") == "notebook" else None
        if info and info["version"] == HERE:
            info["version"] = self.stored_version(path) or HERE
        return super().save(model, path)

    def stored_version(self, path):
        """Return the Python version that a notebook on disk names; None if there is none."""
        try:
            book = json.loads(Path(self._get_os_path(path)).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return (python_info(book) or {}).get("version")


def python_info(book):
    """Return what a notebook, as JSON reads it, says of its Python; None if it names no version of that."""
    try:
        info = book["metadata"]["language_info"]
        return info if info["name"] == "python" and "version" in info else None
    except (KeyError, TypeError):
        return None
