"""Put into the finished pages what the theme leaves out for readers with a keyboard or a screen reader."""

import re

SEARCH = """<h1>Search</h1>
<form action="search.html"><label>Words <input type="search" name="q"></label> <button>Search</button></form>
"""
MENDED = [
    # a heading has a level, and each aside a name of its own
    (r'<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    (r'<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="All pages">'),
    (r'<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
    # what scrolls sideways can be reached by keyboard
    (r"<pre>", '<pre tabindex="0">'),
    # words that are shown are what is read out
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # no line begins with the full stop after a formula
    (r"(<math(?:(?!<math|</math>).)*</math>)([.,;:!?)]+)", r'<span class="kept">\1\2</span>'),
    # the corner of a table is no header
    (r'<th class="[^"]*"><p></p></th>', "<td></td>"),
    (r'<div id="search-results"', f'{SEARCH}<div id="search-results"'),
]


def mend(app, error):
    """Rewrite the pages of a build that went well."""
    if error is None:
        for path in app.outdir.rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            for found, put in MENDED:
                text = re.sub(found, put, text)
            path.write_text(text, encoding="utf-8")


def setup(app):
    app.connect("build-finished", mend)
