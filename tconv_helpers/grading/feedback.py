"""The page that a student reads: points, verdicts and hints beside the student's own code.

Everything on it is text: no output, no HTML and no script of a notebook gets through, and the page's own
policy would stop a browser from running any.
"""

import base64
import hashlib
from html import escape

from ..exercises.available import RULE
from ..marks import COLOURS
from .dates import cost
from .owncode import MAX_SOURCE
from .submissions import visible_lines
from .summary import PARTLY, RIGHT, UNWRITTEN, WRONG, outcome

WORDS = "What you answered in words a person grades: these points are not in the sum above."
CLASSES = {RIGHT: "full", PARTLY: "half", WRONG: "none", UNWRITTEN: "none"}  # in STYLE

STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } th, td { text-align: left; padding: .2rem 1rem .2rem 0 }
td:last-child, th:last-child { text-align: right }
pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; font-size: 14px }
section { border-left: 4px solid #9a9a9a; padding-left: 1rem; margin: 2rem 0 }
"""
STYLE += f"section.full {{ border-color: {COLOURS['output']} }}"
STYLE += f" section.half {{ border-color: {COLOURS['kernel']} }}"
HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{HASH}'; base-uri 'none'; form-action 'none'"


def feedback_page(record, own=None, others=()):
    """Return the feedback on a record, as `grade.grade_one` makes it, as HTML.

    own : for each exercise the student's source of it, if there is one. others : the student's other sources.
    """
    rows, own = record["exercises"], own or {}
    body = [
        f"<h1>{_shown(record['assignment'])}: {record['points']:g} of {record['of']} points</h1>",
        f"<p>{_shown(record['student'])}</p>",
        f"<p><strong>{_shown(record['problem'])}</strong></p>" if record["problem"] else "",
        f"<p>{_late(record)}</p>" if record["late"] else "",
        f"<p>{_missing(record['missing'])}</p>" if record["missing"] else "",
        f"<p>{WORDS}</p>" if record.get("words") else "",
        _table(rows),
        *(_exercise(row, own.get(name)) for name, row in rows.items()),
    ]
    if others:
        body += ["<h2>Your other cells</h2>", *map(_code, others)]
    return _document(f"{record['student']}, {record['assignment']}", "\n".join(filter(None, body)))


def _missing(modules):
    """Return the sentence on imports that were left out."""
    names = ", ".join(_shown(name, 40) for name in modules[:10])
    return f"Left out were imports of {names}: {RULE}."


def _late(record):
    """Return the sentence on how late a notebook came, and what is left of its points."""
    days, off = record["late"][0], cost(record["points"], record["late"])
    left = f"takes {off:g} points off and leaves {record['points'] - off:g}" if off else "costs nothing"
    return f"It came {days} day{'s' * (days > 1)} late, which {left}."


def _document(title, body):
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{_shown(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _table(rows):
    lines = (
        f"<tr><td>{_shown(row['title'])}</td><td>{_shown(row['misconception'] or '')}</td>"
        f"<td>{row['points']:g} of {row['of']}</td></tr>"
        for row in rows.values()
    )
    return (
        "<table>\n<tr><th>Exercise</th><th>What is wrong</th><th>Points</th></tr>\n"
        + "\n".join(lines)
        + "\n</table>"
    )


def _exercise(row, source):
    hint = f"<p>{_shown(row['hint'])}</p>" if row["hint"] else ""
    right = f" Right on {row['right']} of {row['inputs']} inputs." if row["right"] < row["inputs"] else ""
    example = "\n".join(row.get("counterexample", ()))
    example = f"<p>For example, on an input that does not count:</p>\n{_code(example)}" if example else ""
    return (
        f'<section class="{CLASSES[outcome(row)]}">\n'
        f"<h2>{_shown(row['title'])}: {row['points']:g} of {row['of']} points</h2>\n"
        f"<p><strong>{_shown(row['verdict'])}</strong>{right}</p>\n{hint}{example}"
        f"{_code(source) if source else ''}</section>"
    )


def _code(source):
    return f"<pre>{_shown(source, MAX_SOURCE)}</pre>\n"


def _shown(text, most=2000):
    """Return HTML that a browser shows as the text it was; a line end stays one."""
    return escape(visible_lines(text[:most], most)) + ("…" if len(text) > most else "")
