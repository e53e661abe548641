"""Put the student's edition of the notebooks into a wheel while it is built."""

import runpy
import shutil
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StudentEdition(BuildHookInterface):
    def initialize(self, version, build_data):
        if version == "editable":
            return
        root = Path(self.root)
        edition = runpy.run_path(str(root / "tconv_helpers/exercises/edition.py"))
        self.folder = Path(tempfile.mkdtemp())
        edition["release"](root / "notebooks", self.folder)
        build_data["force_include"][str(self.folder)] = "tconv_helpers/notebooks"

    def finalize(self, version, build_data, artifact_path):
        if version != "editable":
            shutil.rmtree(self.folder)
