"""Write what `check` and `quiz` read: `table.json` and `quizzes.json`."""

from pathlib import Path

from . import quizzes, table, text

FOLDER = Path(__file__).parents[2] / "exercises"
FOLDER.joinpath("table.json").write_text(text(table()), encoding="utf-8")
FOLDER.joinpath("quizzes.json").write_text(text(quizzes()), encoding="utf-8")
