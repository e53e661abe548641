"""The libraries that a sandbox gets: found by the dynamic loader itself, wherever a Python keeps them."""

import shutil
import sys
from pathlib import Path

import pytest

from tconv_helpers.grading.sandbox import bubblewrap
from tconv_helpers.grading.sandbox.libraries import libraries
from tconv_helpers.grading.sandbox.run import NoSandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes run on Linux")


def test_the_loader_is_the_one_that_this_python_names():
    loader, paths = libraries([])
    assert loader.encode() + b"\0" in Path(sys.executable).read_bytes() and loader in paths
    assert {"libc.so.6", "libgcc_s.so.1"} <= {Path(path).name for path in paths}


def test_a_library_is_found_under_the_name_that_is_asked_for(tmp_path):
    """As conda's NumPy asks for the BLAS of its environment, and Debian's for the system's."""
    _, paths = libraries([])
    (libm,) = [path for path in paths if Path(path).name.startswith("libm.so")]
    shutil.copy(libm, tmp_path / "libblas.so.3.1")
    (tmp_path / "libblas.so.3").symlink_to("libblas.so.3.1")
    _, found = libraries([tmp_path / "libblas.so.3", tmp_path / "missing.so"])
    assert str(tmp_path / "libblas.so.3") in found and str(tmp_path / "missing.so") not in found


def test_of_two_libraries_with_one_name_the_first_is_taken(tmp_path, monkeypatch):
    paths = [tmp_path / folder / "libblas.so.3" for folder in ("environment", "system")]
    monkeypatch.setattr(
        bubblewrap, "libraries", lambda _: ("/lib64/ld.so", ["/lib64/ld.so", *map(str, paths)])
    )
    found = bubblewrap._libraries(tmp_path / "python3", tmp_path / "numpy")
    assert found == {"/lib64/ld.so": Path("/lib64/ld.so").resolve(), "/libraries/libblas.so.3": paths[0]}


def test_a_python_that_cannot_tell_its_libraries_is_no_grader(tmp_path, monkeypatch):
    (tmp_path / "python").write_text("#!/bin/sh\necho 'No module named _ctypes' >&2; exit 1\n")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(bubblewrap, "files", bubblewrap.files.__wrapped__)
    with pytest.raises(NoSandbox, match=r"this Python said 'No module named _ctypes'; grade with a Python"):
        bubblewrap.command(3, 2**20, 0)
