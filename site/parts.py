"""Parts that pages load and link to: the kinds of explorers and quizzes, explorers as files, a preview."""

import json
import shutil
from pathlib import Path

from rjsmin import jsmin

from tconv_helpers import draw_scatter
from tconv_helpers.cli import explorers
from tconv_helpers.explore.alone import page as page_alone
from tconv_helpers.explore.joining import joined

EXPLORERS = explorers()
HERE = Path(__file__).resolve().parent


def write_parts(source, stored):
    """Write what pages load into a folder of sources; stored: the kinds that notebooks show."""
    static = source / "_static"
    (static / "kinds").mkdir()
    for kind, parts in {**stored, **dict(own_parts(make()) for make, _ in EXPLORERS.values())}.items():
        light = json.dumps(parts | {"module": jsmin(parts["module"])}, ensure_ascii=False)
        text = f"(globalThis.tconvKinds ??= {{}}).{kind} = {light};\n"
        (static / "kinds" / f"{kind}.js").write_text(text, encoding="utf-8")
    host = joined("host.js").replace("export ", "")
    mount = (HERE / "mount.js").read_text(encoding="utf-8")
    (static / "mount.js").write_text(f"{{\n{host}\n{mount}}}\n", encoding="utf-8")
    for name in ("style.css", "math.woff", "math.txt"):
        shutil.copy(HERE / name, static)


def write_files(root, source):
    """Write what the site has beside its pages: its pictures, and each explorer as a file."""
    static = source / "_static"
    shutil.copy(root / ".github/scatter.svg", static)
    draw_scatter([1, 2, 3, 4], [1, 2, 1], stride=2).savefig(
        static / "preview.png", dpi=200, facecolor="white"
    )
    (source / "extra/embed").mkdir(parents=True)
    for name, (make, title) in EXPLORERS.items():
        text = page_alone(make(), title, name, course=f"../explorers/{name}.html")
        (source / f"extra/embed/{name}.html").write_text(text, encoding="utf-8")


def own_parts(widget):
    """Return the name of an explorer's kind, and its module and style."""
    return type(widget).__name__, {"module": widget._esm, "style": widget._css}
