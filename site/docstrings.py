"""The package's docstrings, which are plain text, as reStructuredText."""

import re

CODE = re.compile(r"(`+[^`]+`+)")
LABEL = re.compile(r"^(Shapes|Formula|Errors|Source|State[^:]*|x|text|function)( ?:) (?=\S)")
SPECIAL = re.compile(r"([*|_])")


def as_rst(app, what, name, obj, options, lines):
    """Rewrite the lines of a docstring in place: code stays code, and each labelled part is a paragraph."""
    new, example = [], False
    for line in whole_spans(lines):
        example = line.startswith(">>>") or (example and bool(line.strip()))
        if not example and (found := LABEL.match(line)):
            new += ["", f"**{found[1]}:** {plain(line[found.end() :])}"]
        else:
            new.append(line if example else plain(line))
    lines[:] = new


def whole_spans(lines):
    """Yield lines, those joined over which a span of code reaches."""
    begun = ""
    for line in lines:
        line = f"{begun} {line.strip()}" if begun else line
        begun = line if line.count("`") % 2 or line.count("``") % 2 else ""
        if not begun:
            yield line


def plain(line):
    """Return a line of prose in which only code is markup."""
    parts = CODE.split(line)
    return "".join(
        f"``{part.strip('`')}``" if i % 2 else SPECIAL.sub(r"\\\1", part) for i, part in enumerate(parts)
    )


def setup(app):
    app.connect("autodoc-process-docstring", as_rst)
    return {"parallel_read_safe": True}
