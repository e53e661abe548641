"""Write what `check` and `quiz` read: `table.json` and `quizzes.json`."""

from pathlib import Path

from . import as_json_lines, quizzes, table

FOLDER = Path(__file__).parents[2] / "exercises"
for name, rows in {"table": table(), "quizzes": quizzes()}.items():
    FOLDER.joinpath(f"{name}.json").write_text(as_json_lines(rows) + "\n", encoding="utf-8")
