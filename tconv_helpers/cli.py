"""`tconv`: the course's commands."""

import filecmp
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None)

FIRST = "00_start_here.ipynb"


@app.callback()
def tconv():
    """A course on one operator: the transposed convolution."""


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(
    context: typer.Context,
    folder: Annotated[
        str, typer.Argument(help="Where your copy of the notebooks is, or will be.")
    ] = "tconv-course",
):
    """Copy the course's notebooks into FOLDER, keep each file that is there already, and open JupyterLab.

    What follows FOLDER goes to JupyterLab: tconv lab mycourse --no-browser --port 8890
    """
    args = context.args
    if folder.startswith("-"):  # no folder was named, and this is JupyterLab's
        folder, args = "tconv-course", [folder, *args]
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        stop(f"FOLDER must be a folder: got {folder}, which is a file; name another")
    try:
        kept = copy_course(course_notebooks(), folder)
    except OSError as error:
        stop(f"FOLDER must be writable: {folder} says '{error.strerror}'; name another or make room")
    if kept:
        print(
            f"Kept in {folder}, though the course has another version: {', '.join(kept)}. "
            "For the course's, rename yours and run this again."
        )
    open_lab(folder, args)


def course_notebooks():
    """The folder of the course's own notebooks: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for source in (package / "notebooks", package.parent / "notebooks"):
        if (source / FIRST).is_file():
            return source
    stop(f"tconv must come with its notebooks: found none in {package}; install tconv-helpers again")


def copy_course(source, folder):
    """Copy what `folder` lacks of `source`; the names of those files that it has otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [path.relative_to(source) for path in sorted(source.rglob("*")) if path.is_file()]
    kept = []
    for name in files:
        if any(part.startswith(".") for part in name.parts) or copy_new(source / name, folder / name):
            continue
        if not ((folder / name).is_file() and filecmp.cmp(source / name, folder / name, shallow=False)):
            kept.append(str(name))
    return kept


def copy_new(source, target):
    """Copy `source` to `target`, whole or not at all, unless something is there; whether it was copied."""
    if os.path.lexists(target):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(source, part)
        os.rename(part, target)
    finally:
        part.unlink(missing_ok=True)
    return True


def open_lab(folder, args):
    """Become JupyterLab, at the first notebook of `folder`, with the settings of labconfig/: no news."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        stop(f"tconv lab must have JupyterLab: {error}; get it: {sys.executable} -m pip install jupyterlab")
    configs = [str(Path(__file__).parent), os.environ.get("JUPYTER_CONFIG_PATH")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, configs))
    ours = [f"--ServerApp.root_dir={folder.resolve()}", f"--LabApp.default_url=/lab/tree/{FIRST}"]
    sys.exit(LabApp.launch_instance([*ours, *args]))


def stop(sentence):
    """End with one sentence on stderr."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
