"""`tconv`: the course's commands; those that grade, in a checkout only."""

from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from . import lab as course
from .exercises.notebook import called

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None)
# What several commands take
NotebookOfClass = Annotated[str, typer.Argument(help="The notebook, as 03_toeplitz_matrix or 03.")]
Submissions = Annotated[Path, typer.Option(help="nbgrader's folder of submissions.")]


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
    nbgrader: Annotated[
        bool, typer.Option("--nbgrader", help="Show nbgrader's menu and sidebar, which are left out else.")
    ] = False,
):
    """Write the course's notebooks into FOLDER, keep each file that is there already, and open JupyterLab.

    What follows FOLDER goes to JupyterLab: tconv lab mycourse --no-browser --port 8890
    """
    args = context.args
    if folder.startswith("-"):  # no folder was named, and this is JupyterLab's
        folder, args = "tconv-course", [folder, *args]
    folder = Path(folder)
    with or_stop():
        masters = course.course_notebooks()
        if folder.resolve() == masters.resolve():  # in a checkout: they are opened where they are
            course.sign(masters / f"{name}.ipynb" for name in course.course_names())
        else:
            for sentence in course.fill(folder):
                print(sentence)
        course.open_lab(folder, args, nbgrader)


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


@app.command()
def explore(
    name: Annotated[str, typer.Argument(help="An explorer, as transposed, or a quiz, as 01-outputs.")],
    to: Annotated[Path | None, typer.Option(help="The file to write; else NAME.html.")] = None,
    course: Annotated[str | None, typer.Option(help="An address of the course, to which it links.")] = None,
):
    """Write an explorer or a quiz as one HTML file, which opens by double-click and needs no network."""
    from .exercises.quizzes import quiz, quizzes
    from .explore.alone import page

    path, known = to or Path(f"{name}.html"), explorers()
    if name not in known and name not in quizzes():
        stop(
            f"NAME must be an explorer or a quiz: got {name!r}; use one of "
            f"{', '.join(known)}, or a quiz's name as {next(iter(quizzes()))}"
        )
    if path.exists():
        stop(f"The file must be a new one: {path} is there; remove it, or name another with --to")
    make, title = known.get(name, (lambda: quiz(name), "A question on transposed convolutions"))
    text = page(make(), title, name, course)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        stop(f"The file must be one that can be written: {path}: {error.strerror}; name another with --to")
    print(f"Wrote {path}: open it in a browser.")


def explorers():
    """Return the name of each explorer alone -> what makes it, its title; PyTorch waits until then."""
    from .explore.alone import EXPLORERS

    def latent():
        from .generator.latent import LatentExplorer

        return LatentExplorer()

    return EXPLORERS | {"latent": (latent, "A generator of clothes: from z to the image, layer by layer")}


@teachers_command
def grade(
    assignment: Annotated[
        str | None, typer.Argument(help="The notebook to grade, as 03_toeplitz_matrix or 03.")
    ] = None,
    *,
    whole: Annotated[
        bool, typer.Option("--all", help="Grade every notebook that anybody handed in, and show one table.")
    ] = False,
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
        typer.Option(
            help="When it was due, as '2026-12-01 23:59 Europe/Zurich' or '… UTC'; 'none' for no date."
        ),
    ] = None,
    penalty: Annotated[
        float | None, typer.Option(help="Percent of the points that each day late costs.", min=0, max=100)
    ] = None,
    grace: Annotated[float | None, typer.Option(help="Minutes late that cost nothing.", min=0)] = None,
    budget: Annotated[float, typer.Option(help="Seconds that a submission may take in all.", min=1)] = 20,
):
    """Grade the submissions of ASSIGNMENT into results/, feedback/ and nbgrader's gradebook.db.

    Due date, penalty and grace are kept for the next time. Beside the gradebook, extensions.csv (student,
    assignment, due) has the dates of single students, and students.csv (id, and more if you like) tells who
    takes the course, so that you are told who has not handed in.
    """
    from .grading.console import NotGraded, grade_assignment
    from .grading.wholecourse import grade_course

    names = one_or_all(assignment, whole)
    options = {"workers": workers, "scheduler": scheduler, "resume": resume, "budget": budget}
    single = {"exercise": exercise, "due": due, "penalty": penalty and penalty / 100, "grace": grace}
    if whole and (given := [f"--{name}" for name, value in single.items() if value is not None]):
        stop(f"--all grades each notebook by its own terms: give {' and '.join(given)} with one ASSIGNMENT")
    with or_stop(NotGraded):
        if whole:
            ungraded = grade_course(names, submitted, **options)
        else:
            ungraded = grade_assignment(*names, submitted, **options, **single)
    if ungraded:
        raise typer.Exit(2)


@teachers_command
def collect(
    assignment: NotebookOfClass,
    downloaded: Annotated[Path, typer.Argument(help="The zip or folder that the platform gave.")],
    *,
    submitted: Submissions = Path("submitted"),
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the new file of those who handed in before.")
    ] = False,
):
    """Bring what Moodle, Canvas or another nbgrader gives of ASSIGNMENT into submitted/STUDENT/ASSIGNMENT.

    students.csv beside that folder tells who is who: id, first_name, last_name, lms_user_id.
    """
    from .grading.console import NotGraded
    from .grading.platforms import collect_download

    with or_stop(NotGraded):
        missed = collect_download(find_assignment(assignment), downloaded, submitted, replace=replace)
    if missed:
        raise typer.Exit(2)


@teachers_command
def regrade(
    assignment: NotebookOfClass,
    student: Annotated[str, typer.Argument(help="The student, as the folder is called.")],
    *,
    why: Annotated[str, typer.Option(help="The reason, for the log.")],
    submitted: Submissions = Path("submitted"),
):
    """Grade one student of ASSIGNMENT again, show what changed, and log it in results/.audit.jsonl."""
    from .grading.console import NotGraded, regrade_student

    with or_stop(NotGraded):
        regrade_student(find_assignment(assignment), submitted, student, why=why)


@teachers_command
def similar(
    assignment: NotebookOfClass,
    submitted: Submissions = Path("submitted"),
):
    """List answers to ASSIGNMENT that are written alike, or like the library, for you to read."""
    from .grading.console import NotGraded, compare_students

    with or_stop(NotGraded):
        compare_students(find_assignment(assignment), submitted)


@teachers_command
def export(
    assignment: Annotated[
        str | None, typer.Argument(help="The graded notebook, as 03_toeplitz_matrix or 03.")
    ] = None,
    *,
    whole: Annotated[
        bool, typer.Option("--all", help="Write the totals of the course, and one table of all notebooks.")
    ] = False,
    gradebook: Annotated[Path, typer.Option(help="nbgrader's gradebook.")] = Path("gradebook.db"),
    to: Annotated[Path, typer.Option(help="The folder to write the tables into.")] = Path("grades"),
):
    """Write the grades of ASSIGNMENT as Canvas, Moodle and Brightspace import them."""
    from .grading.console import NotGraded
    from .grading.platforms import export_course, export_grades

    names = one_or_all(assignment, whole)
    with or_stop(NotGraded):
        paths = export_course(names, gradebook, to) if whole else export_grades(*names, gradebook, to)
        print(f"Written: {', '.join(map(str, paths))}.")


@teachers_command
def doctor():
    """Attack the sandbox that grading runs submissions in, and say whether it holds on this machine."""
    from rich.console import Console
    from rich.table import Table

    from .grading.sandbox.bubblewrap import NoSandbox
    from .grading.sandbox.doctor import doctor

    with or_stop(NoSandbox):
        attacks = doctor()
    table = Table("attack", "sandbox", "what came of it")
    for attack, held, came in attacks:
        table.add_row(attack, "held" if held else "DID NOT HOLD", came)
    Console(markup=False).print(table)
    if not all(held for _, held, _ in attacks):
        stop("grading must run in a sandbox that holds: do not grade on this machine")


def write_editions(folder, only=None):
    """`lab.write_editions`, or one sentence on why not."""
    with or_stop():
        return course.write_editions(folder, only)


def course_names():
    """`lab.course_names`, or one sentence on why there are none."""
    with or_stop():
        return course.course_names()


@contextmanager
def or_stop(reason=course.NotOpened):
    """End with the sentence of an error of the kind `reason` where one is raised."""
    try:
        yield
    except reason as error:
        stop(str(error))


def find_assignment(word):
    """Return the one notebook that a word means."""
    names = course_names()
    found = called(word, names)
    if len(found) != 1:
        stop(f"ASSIGNMENT must name one notebook: got {word!r}; the course has {', '.join(names)}")
    return found[0]


def one_or_all(assignment, whole):
    """Return the name of the notebook that ASSIGNMENT means, or those of all, in a list."""
    if whole == (assignment is not None):
        stop(f"ASSIGNMENT must be one notebook, or --all: got {'both' if whole else 'neither'}")
    return course_names() if whole else [find_assignment(assignment)]


def stop(sentence):
    """End with one sentence on stderr."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
