"""The tables of a class: every number in its column, and nothing of a stranger's alive."""

from collections import Counter

from rich.console import Console

from tconv_helpers.grading.grade import Summary
from tconv_helpers.grading.report import histogram, ranking, to_look_at


def lines(table):
    """Return the rows of a table as a console shows them, without its frame."""
    console = Console(width=120, color_system=None)
    with console.capture() as printed:
        console.print(table)
    rows = [line.replace("┃", "│").split("│")[1:-1] for line in printed.get().splitlines()]
    return [[cell.strip() for cell in row] for row in rows if row]


def summary(**parts):
    scores = Counter({9: 3, 4.5: 1})
    held = {"f": Counter({"flipped": 2, "raises": 1}), "g": Counter()}
    return Summary("01", 9, graded=4, scores=scores, misconceptions=held, **parts)


def test_the_scores_are_ranked_and_drawn():
    assert lines(histogram(summary())) == [
        ["Points", "Students", ""],
        ["9 of 9", "3", "█" * 30],
        ["4.5 of 9", "1", "█" * 10],
    ]


def test_mistakes_are_ranked_within_their_exercise():
    assert lines(ranking(summary())) == [
        ["Exercise", "What is wrong", "Students", "Part"],
        ["f", "flipped", "2", "50%"],
        ["", "raises", "1", "25%"],
    ]


def test_whoever_needs_a_look_is_listed_and_nothing_of_theirs_is_alive():
    trouble = [("ann\x1b[31m", "The file is no notebook.", True), ("[red]bob", "The grader failed.", False)]
    assert lines(to_look_at(summary(trouble=trouble, late=[("cem", 2, 1.8)]))) == [
        ["Student", "Grade", "Why"],
        ["ann\\x1b[31m", "zero", "The file is no notebook."],
        ["[red]bob", "none", "The grader failed."],
        ["cem", "−1.8", "2 days late"],
    ]
