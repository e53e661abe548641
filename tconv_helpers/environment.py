"""The check that this Python has all that the course needs, by the package's own list of dependencies."""

import sys
from importlib import metadata

from packaging.requirements import Requirement

_COURSE = "tconv-helpers"
_CPU_BUILD = "On Linux, first read in the README how to get the CPU build of PyTorch: it is far smaller."


def check_environment():
    """Say in one sentence that all is there, or list what is missing and the command that gets it.

    Compares the installed versions with the dependencies of this package, as its metadata states them. In a
    browser PyTorch is none of them, and a package comes when a cell imports it.

    >>> print(check_environment())
    Everything that the course needs is installed.
    """
    missing = [line for line in map(_complaint, metadata.requires(_COURSE)) if line]
    if not missing:
        return "Everything that the course needs is installed."
    wanted = " ".join(f"'{requirement}'" for requirement, _ in missing)
    return "\n".join(
        [f"{requirement} is needed: {found}." for requirement, found in missing]
        + [f"To get what is missing: {sys.executable} -m pip install {wanted}", "Then restart the kernel."]
        + [_CPU_BUILD for requirement, _ in missing if requirement.name == "torch"]
    )


def _complaint(line):
    """Return a requirement and in words how it is not met, None if it is met or not asked for."""
    requirement, in_browser = Requirement(line), sys.platform == "emscripten"
    extra = "" if in_browser else "generator"
    if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
        return None
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return None if in_browser else (requirement, "it is not installed")
    fits = requirement.specifier.contains(found, prereleases=True)
    return None if fits else (requirement, f"version {found} is installed")
