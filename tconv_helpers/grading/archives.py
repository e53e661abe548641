"""Look into a zip or a folder that a platform made of strangers' files: no link is followed.

Nothing is unpacked but what is asked for, up to a size, whatever the zip says of it; and no path in a zip
tells where anything is written.
"""

import contextlib
import os
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import partial

from ..exercises.notebook import Refused
from .course import Unusable
from .submissions import open_folder, read_file

MAX_FILES = 50_000  # in a zip or a folder
METHODS = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED  # the others may ask for any memory
BROKEN = zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError


@dataclass(frozen=True)
class Member:
    """Hold a file in a zip or a folder.

    path : its names from the top on. read : called with a size, gives its bytes, at most one more; Refused or
    OSError if it cannot.
    """

    path: tuple
    read: object


@contextlib.contextmanager
def opened(path):
    """Give the Members of a zip or a folder; Unusable if it is neither."""
    if path.is_dir():
        yield [Member(parts, partial(_read_below, path, parts)) for parts in _bounded(path, _walk(path))]
        return
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, *BROKEN) as error:
        raise Unusable(
            f"DOWNLOADED must be a zip or a folder, as the platform gave it: {path} is none ({error}); "
            "download it anew"
        ) from None
    with archive:
        infos = [info for info in _bounded(path, archive.infolist()) if not info.is_dir()]
        yield [
            Member(tuple(info.filename.split("/")), partial(_read_zipped, archive, info)) for info in infos
        ]


def _bounded(path, files):
    """Yield what there is, up to MAX_FILES."""
    for number, file in enumerate(files):
        if number == MAX_FILES:
            raise Unusable(
                f"{path} must hold at most {MAX_FILES} files: it has more; take out what nobody handed in"
            )
        yield file


def _walk(top):
    for folder, _, files in os.walk(top):
        below = os.path.relpath(folder, top)
        yield from ((*([] if below == "." else below.split(os.sep)), name) for name in sorted(files))


def _read_below(top, parts, most):
    with open_folder(top, *parts[:-1]) as folder:
        return read_file(folder, parts[-1], most)


def _read_zipped(archive, info, most):
    """Return the first bytes of a file in a zip, which is not unpacked any further than that."""
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refused("The notebook must be a file: this one is a link.")
    if info.compress_type not in METHODS:
        raise Refused("The notebook must be compressed as platforms do it: this one is in another way.")
    try:
        with archive.open(info) as file:
            return file.read(most + 1)
    except BROKEN as error:
        raise Refused(f"The notebook cannot be unpacked: {error or type(error).__name__}.") from None
