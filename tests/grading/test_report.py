"""The tables of a class: every number in its column, and nothing of a stranger's alive."""

from collections import Counter
from datetime import date

from classroom import ASKED, BOOK, grade_here, hand_in
from matplotlib.figure import Figure
from rich.console import Console

from tconv_helpers.grading.report import histogram, ranking, save_picture, success, to_look_at
from tconv_helpers.grading.summary import Summary


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


def test_each_exercise_has_its_success():
    outcomes = {"f": Counter({"right": 2, "half": 1, "not written": 1}), "g": Counter({"wrong": 4})}
    assert lines(success(summary(success=outcomes))) == [
        ["Exercise", "Right", "Half", "Wrong", "Not written"],
        ["f", "2 (50%)", "1 (25%)", "0 (0%)", "1 (25%)"],
        ["g", "0 (0%)", "0 (0%)", "4 (100%)", "0 (0%)"],
    ]


def test_a_class_counts_each_outcome_of_each_exercise(course):
    hand_in(course.submitted, "dan", "no JSON")
    success = grade_here(course).success
    assert set(success) == set(ASKED.questions)
    assert success["conv_by_kernel"] == {"right": 1, "wrong": 1, "not written": 2}
    assert success["signal_conv"] == {"right": 2, "not written": 2}


def test_the_picture_says_what_it_is_of(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, path, **_: drawn.append(figure))
    save_picture(summary(), tmp_path / "report" / "01.png", date(2026, 12, 1))
    assert drawn[0].get_suptitle() == "01, graded on 1 December 2026: 4 students"


def test_the_text_for_the_class_holds_the_tables_and_no_name(tmp_path, course, tconv):
    hand_in(course.submitted, "dan", "no JSON")
    tconv("grade", "01")
    text = course.picture_path.with_suffix(".txt").read_text(encoding="utf-8")
    assert text.startswith(f"{BOOK}, graded on ") and ": 4 students\n" in text
    for part in ("9 of 9", "the kernel is flipped", "Right", "Not written", "2 (50%)"):
        assert part in text
    assert not [name for name in ("ann", "bob", "cem", "dan") if name in text]


def test_those_who_did_not_hand_in_stand_below_the_scores():
    assert lines(histogram(summary(), 2))[-1] == ["not handed in", "2", ""]
    assert lines(histogram(summary()))[-1] == ["4.5 of 9", "1", "█" * 10]


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
