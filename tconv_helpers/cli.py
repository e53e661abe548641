"""`tconv`: the course's commands; those that grade, in a checkout only."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None)

FIRST = "00_start_here.ipynb"


def teachers_command(command):
    """Register a command that grades; from a wheel, which holds none, a hidden one that says so."""
    grading = find_spec(f"{__package__}.grading")
    if grading and grading.origin:  # no mere folder, as an older installation may leave it
        return app.command()(command)
    name = command.__name__
    anything = {"allow_extra_args": True, "ignore_unknown_options": True}

    @app.command(name, hidden=True, add_help_option=False, context_settings=anything)
    def needs_checkout(context: typer.Context):
        stop(
            f"tconv {name} needs a checkout of the course, since grading is in the course's repository only; "
            "run it from a clone: pip install -e '.[grade]'"
        )

    return command


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
    """Write the course's notebooks into FOLDER, keep each file that is there already, and open JupyterLab.

    What follows FOLDER goes to JupyterLab: tconv lab mycourse --no-browser --port 8890
    """
    args = context.args
    if folder.startswith("-"):  # no folder was named, and this is JupyterLab's
        folder, args = "tconv-course", [folder, *args]
    folder = Path(folder)
    # In a checkout, the masters are opened where they are
    if folder.resolve() != course_notebooks().resolve():
        kept = write_editions(folder)
        trust(path for path in folder.glob("*.ipynb") if path.name not in kept)
        if kept:
            print(
                f"Kept in {folder}, though the course has another version: {', '.join(kept)}. "
                "For the course's, rename yours and run this again."
            )
    open_lab(folder, args)


@app.command()
def release(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(help="Notebooks to release, as 03_toeplitz_matrix or 03; without any, all."),
    ] = None,
    to: Annotated[Path, typer.Option(help="The folder to write them into.")] = Path("release"),
):
    """Write the student's edition of the notebooks into a folder, and keep each file that is there."""
    only = list(dict.fromkeys(map(find_assignment, assignments or []))) or course_names()
    kept = write_editions(to, only)
    written = [name for name in only if f"{name}.ipynb" not in kept]
    print(f"In {to}: {', '.join(written) or 'nothing new'}.")
    if kept:
        stop(
            f"Kept in {to}, since a file that is there may be a student's work: {', '.join(kept)}; "
            "rename or remove it, or name another folder"
        )


@app.command()
def progress(
    folder: Annotated[Path, typer.Argument(help="Where your notebooks are.")] = Path("."),
):
    """Show which exercises stand in the saved notebooks of FOLDER, your points, and what is next."""
    from rich.console import Console

    from .exercises.standing import progress

    try:
        Console().print(progress(folder))
    except NotADirectoryError as error:
        stop(str(error))


@teachers_command
def grade(
    assignment: Annotated[str, typer.Argument(help="The notebook to grade, as 03_toeplitz_matrix or 03.")],
    *,
    submitted: Annotated[
        Path, typer.Option(help="nbgrader's folder of submissions; all else is written beside it.")
    ] = Path("submitted"),
    workers: Annotated[int, typer.Option(help="How many to grade at a time; 0 for one a core.", min=0)] = 0,
    scheduler: Annotated[
        str | None, typer.Option(help="The address of a Dask cluster, as tcp://10.0.0.1:8786.")
    ] = None,
    resume: Annotated[
        bool, typer.Option(help="Keep the results of notebooks that have not changed.")
    ] = False,
    exercise: Annotated[
        str | None, typer.Option(help="Grade this exercise again, and keep the others.")
    ] = None,
    due: Annotated[
        str | None,
        typer.Option(help="When it was due, as '2026-12-01 23:59 UTC'; else as the gradebook says."),
    ] = None,
    penalty: Annotated[
        float, typer.Option(help="Percent of the points that each day late costs.", min=0, max=100)
    ] = 0,
):
    """Grade the submissions of ASSIGNMENT into results/, feedback/ and nbgrader's gradebook.db."""
    from .grading.console import NotGraded, grade_assignment

    options = {"workers": workers, "scheduler": scheduler, "resume": resume, "exercise": exercise, "due": due}
    name = find_assignment(assignment)
    try:
        ungraded = grade_assignment(name, submitted, **options, penalty=penalty / 100)
    except NotGraded as error:
        stop(str(error))
    if ungraded:
        raise typer.Exit(2)


@teachers_command
def export(
    assignment: Annotated[str, typer.Argument(help="The graded notebook, as 03_toeplitz_matrix or 03.")],
    gradebook: Annotated[Path, typer.Option(help="nbgrader's gradebook.")] = Path("gradebook.db"),
    to: Annotated[Path, typer.Option(help="The folder to write the tables into.")] = Path("grades"),
):
    """Write the grades of ASSIGNMENT as Canvas, Moodle and Brightspace import them."""
    from .grading.console import NotGraded, export_grades

    name = find_assignment(assignment)
    try:
        print(f"Written: {', '.join(map(str, export_grades(name, gradebook, to)))}.")
    except NotGraded as error:
        stop(str(error))


@teachers_command
def doctor():
    """Attack the sandbox that grading runs submissions in, and say whether it holds on this machine."""
    from rich.console import Console
    from rich.table import Table

    from .grading.sandbox.bubblewrap import NoSandbox
    from .grading.sandbox.doctor import doctor

    try:
        attacks = doctor()
    except NoSandbox as error:
        stop(str(error))
    table = Table("attack", "sandbox", "what came of it")
    for attack, held, came in attacks:
        table.add_row(attack, "held" if held else "DID NOT HOLD", came)
    Console(markup=False).print(table)
    if not all(held for _, held, _ in attacks):
        stop("grading must run in a sandbox that holds: do not grade on this machine")


def write_editions(folder, only=None):
    """Release the course into a folder; return the names kept there, or stop with a sentence on why not."""
    from .exercises.edition import release

    if folder.exists() and not folder.is_dir():
        stop(f"FOLDER must be a folder: got {folder}, which is a file; name another")
    try:
        return release(course_notebooks(), folder, only)
    except ValueError as error:
        stop(str(error))
    except OSError as error:
        stop(f"FOLDER must be writable: {folder} says '{error.strerror}'; name another or make room")


def trust(paths):
    """Sign the course's own pages, so that JupyterLab shows their explorers before anything has run."""
    import nbformat
    from nbformat.sign import NotebookNotary

    for path in paths:
        if path.stem in course_names():
            NotebookNotary().sign(nbformat.read(path, as_version=4))


def course_names():
    """Return the names of the course's notebooks, in order."""
    return sorted(path.stem for path in course_notebooks().glob("*.ipynb"))


def find_assignment(word):
    """Return the one notebook that is called `word`, or has that number: 3, 03, 03_toeplitz_matrix.ipynb."""
    names = course_names()
    stem = Path(word).stem
    stem = stem.zfill(2) if stem.isdecimal() else stem
    found = [name for name in names if name == stem or name.startswith(f"{stem}_")]
    if len(found) != 1:
        stop(f"ASSIGNMENT must name one notebook: got {word!r}; the course has {', '.join(names)}")
    return found[0]


def course_notebooks():
    """Return the folder of the course's own notebooks: in the package or, in a checkout, beside it."""
    package = Path(__file__).parent
    for source in (package / "notebooks", package.parent / "notebooks"):
        if (source / FIRST).is_file():
            return source
    stop(f"tconv must come with its notebooks: found none in {package}; install tconv-helpers again")


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
