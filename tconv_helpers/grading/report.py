"""Show what a class's `summary.Summary` holds: tables on a console, and a picture."""

from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .submissions import visible
from .summary import OUTCOMES
from .totals import ABSENT, named, who_is_missing

NO_VERDICT = (
    "This is a list to look at, and no verdict: an exercise has few short solutions, and many may have found "
    "the same one. Names, texts and comments were not compared. Read the answers before you ask anybody."
)


def show_class(summary, picture, console, *, timed=False, roster=()):
    """Print how a class did, as tables, and draw it into the file `picture`.

    timed : True if it counts when a notebook came. roster : who should have handed in, if that is known.
    """
    console.print(f"{summary.assignment}: {summary.graded} graded, {len(summary.ungraded)} without a grade.")
    if summary.graded:
        tables = [histogram(summary, len(set(roster) - summary.students)), success(summary), ranking(summary)]
        console.print(*tables, sep="\n")
        save_picture(summary, picture)
        save_text(summary, tables, picture.with_suffix(".txt"))
        console.print(Text(f"Without names, to show to the class: {picture} and {picture.stem}.txt"))
    if summary.late or summary.trouble:
        console.print(to_look_at(summary))
    if summary.slowest:
        console.print(Text(slowest(summary)))
    if timed and summary.timeless:
        console.print(Text(timeless(summary)))
    for sentence in who_is_missing(sorted(summary.students), roster):
        console.print(Text(sentence))


def histogram(summary, absent=0):
    """Return a table of the points against the number of students, and of those who did not hand in."""
    table = Table("Points", "Students", "", title="Scores", title_justify="left")
    most = max(summary.scores.values())
    for points, students in sorted(summary.scores.items(), reverse=True):
        table.add_row(f"{points:g} of {summary.of}", str(students), "█" * max(1, round(30 * students / most)))
    if absent:
        table.add_row(ABSENT, str(absent), "")
    return table


def success(summary):
    """Return a table of how many students have each exercise right, half right, wrong or not written."""
    table = Table("Exercise", *map(str.capitalize, OUTCOMES), title="Each exercise", title_justify="left")
    for name, outcomes in summary.success.items():
        parts = [f"{outcomes[each]} ({outcomes[each] / outcomes.total():.0%})" for each in OUTCOMES]
        table.add_row(name, *parts)
    return table


def ranking(summary):
    """Return a table of each exercise's mistakes, the most frequent first."""
    heads = ("Exercise", "What is wrong", "Students", "Part")
    table = Table(*heads, title="What to teach again", title_justify="left")
    for name, held in summary.misconceptions.items():
        for number, (what, count) in enumerate(held.most_common()):
            part = f"{count / summary.graded:.0%}"
            table.add_row(name if not number else "", Text(what), str(count), part)
    return table


def to_look_at(summary):
    """Return a table of those who were late, whose file could not be read, or who have no grade at all."""
    table = Table("Student", "Grade", "Why", title="To look at", title_justify="left")
    for student, why, graded in summary.trouble:
        table.add_row(Text(visible(student, 60)), "zero" if graded else "none", Text(why))
    for student, days, cost in summary.late:
        table.add_row(Text(visible(student, 60)), f"−{cost:g}", f"{days} day{'s' * (days > 1)} late")
    return table


def show_collected(collected, console):
    """Print what came of a download, who needs a look, and why."""
    counts = {name: len(getattr(collected, name)) for name in ("new", "same", "replaced")}
    said = "{new} new, {same} as they were, {replaced} replaced".format(**counts)
    console.print(f"{said}, {len(collected.trouble)} not collected; {collected.others} other files.")
    if collected.trouble:
        table = Table("Student", "Why", title="Not collected", title_justify="left")
        for student, why in collected.trouble:
            table.add_row(Text(visible(student, 60)), Text(why))
        console.print(table)
    if collected.late:
        console.print(Text(f"The platform says late, and not how late: {named(collected.late)}."))
    if collected.strange:
        console.print(Text(f"Not in students.csv: {named(collected.strange)}. Add their names there."))


def show_alike(comparison, console):
    """Print which answers are written alike, and which could not be compared."""
    if comparison.alike:
        console.print(likeness(comparison.alike))
        console.print(pairs(comparison.closest))
    else:
        console.print("No two answers are written alike.")
    console.print(NO_VERDICT)
    for student, why in comparison.missed:
        console.print(Text(f"Not compared: {visible(student, 60)}. {why}"))


def likeness(alike, most=6, lines=40):
    """Return a table of answers that are alike, with at most so many names in a line, and so many lines."""
    table = Table("Exercise", "Students", "In common", title="Written alike", title_justify="left")
    for each in alike[:lines]:
        more = f" and {len(each.students) - most} more" * (len(each.students) > most)
        source = f" like {each.source}" if each.source else ""
        said = (
            f"{each.part:.0%} of {each.shapes} parts or more" if each.part < 1 else f"all {each.shapes} parts"
        )
        table.add_row(each.exercise, Text(f"{named(each.students[:most])}{more}{source}"), said)
    if len(alike) > lines:
        table.caption = f"{len(alike) - lines} more, each of as many students or more."
    return table


def pairs(closest):
    """Return a table of students who are alike in several exercises."""
    table = Table("Two students", "Exercises", title="Alike in several exercises", title_justify="left")
    for two, exercises in closest:
        table.add_row(Text(named(two)), f"{len(exercises)}: {', '.join(exercises)}")
    return table


def slowest(summary):
    """Return the sentence on whose submissions took the longest."""
    return (
        f"Slowest: {', '.join(f'{visible(name, 60)} {seconds:.1f} s' for seconds, name in summary.slowest)}."
    )


def timeless(summary, most=5):
    """Return the sentence on those of whom it is not known when they handed in."""
    names = [visible(student, 60) for student in summary.timeless]
    more = f" and {len(names) - most} more" * (len(names) > most)
    return (
        f"No time of handing in is known of {', '.join(names[:most])}{more}: they count as in time; "
        "what nbgrader collects has a timestamp.txt, which must hold a date, a time and UTC."
    )


def save_picture(summary, path, day=None):
    """Draw the histogram and the ranking into a PNG file, below what they are of; day : None for today."""
    from ..figures.charts import draw_class

    path.parent.mkdir(exist_ok=True)
    figure = draw_class(summary.scores, summary.misconceptions, summary.of)
    figure.suptitle(heading(summary, day or date.today()))
    figure.savefig(path, dpi=144)


def save_text(summary, tables, path, day=None):
    """Write the tables that hold no name, below what they are of; day : None for today."""
    with path.open("w", encoding="utf-8") as file:
        Console(file=file, width=110).print(heading(summary, day or date.today()), *tables, sep="\n")


def heading(summary, day):
    """Return what a picture is of, when it was made, and how many students are in it.

    >>> from tconv_helpers.grading.summary import Summary
    >>> heading(Summary("01_convolution", 9, graded=30), date(2026, 12, 1))
    '01_convolution, graded on 1 December 2026: 30 students'
    """
    many = "1 student" if summary.graded == 1 else f"{summary.graded} students"
    return f"{summary.assignment}, graded on {day.day} {day:%B %Y}: {many}"
