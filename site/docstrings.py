"""The package's docstrings, which are plain text, as reStructuredText."""

import inspect
import re

CODE = re.compile(r"(`+[^`]+`+)")
LABEL = re.compile(r"^(Shapes|Formula|Errors|Source|State[^:]*)( ?:) (?=\S)")
BOLD = re.compile(r"\*\*\w[^*]*:\*\*")  # a parameter's name, by `by_parameter`
SPECIAL = re.compile(r"([*|_])")


def as_rst(app, what, name, obj, options, lines):
    """Rewrite the lines of a docstring in place: code stays code, and each labelled part is a paragraph."""
    new, example = [], False
    for line in by_parameter(whole_spans(lines), parameters(obj)):
        example = line.startswith(">>>") or (example and bool(line.strip()))
        if not example and (found := LABEL.match(line)):
            new += ["", f"**{found[1]}:** {plain(line[found.end() :])}"]
        else:
            new.append(line if example or BOLD.search(line) else plain(line))
    lines[:] = new


def parameters(obj):
    """Return the names of the parameters of a function, or of what makes an object of a class."""
    return [name for name in inspect.signature(obj).parameters if name not in ("args", "kwargs")]


def by_parameter(lines, names):
    """Yield lines, names of parameters that they tell of in bold, a sentence's first in a new paragraph."""
    name = "|".join(map(re.escape, names)) or "(?!)"
    told = re.compile(rf"(?:^|(?<=[.;,] ))((?:{name})(?:, (?:{name}))*) ?: (?=\S)")
    example = False
    for line in lines:
        example = line.startswith(">>>") or (example and bool(line.strip()))
        if example or not told.search(line):
            yield line
            continue
        text = told.sub(r"\0\1:\0 ", line)
        for sentence in re.split(r"(?<=\.) (?=\0)", text):
            yield from ([""] if sentence.startswith("\0") else [])
            yield plain(sentence).replace("\0", "**")


def without_anything(app, what, name, obj, options, signature, returned):
    """Leave out a signature that says nothing: a class tells of its state in words."""
    return ("", returned) if signature == "(*args, **kwargs)" else None


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
    app.connect("autodoc-process-signature", without_anything)
    return {"parallel_read_safe": True}
