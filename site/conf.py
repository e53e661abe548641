"""Sphinx's settings. Nothing is fetched, neither while the site is built nor while it is read."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "The transposed convolution"
author = copyright = "The tconv course authors"
html_title = project
html_baseurl = os.environ.get(
    "SITE_URL", "https://tconv.example/"
)  # the one setting: where the site is published
repository = os.environ.get(
    "REPOSITORY", ""
)  # OWNER/NAME on GitHub, whose branch gh-pages is the site: for Colab
lite = os.environ.get(
    "LITE", ""
)  # the folder of the site that has the browser edition, as `make lite` writes it

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "sphinx_sitemap",
    "sphinxext.opengraph",
    "docstrings",
    "mathml",
    "readable",
]
exclude_patterns = [".doctrees", "extra/**", "README.md", "plan.md", "citation.md", "get.md"]
html_math_renderer = "mathml"
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # explorers and quizzes are mounted by mount.js
nb_code_prompt_hide = "Hide the output"
nb_code_prompt_show = "Show the output"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "mathml.slug"
suppress_warnings = ["mystnb.unknown_mime_type"]

html_theme = "furo"
html_favicon = "favicon.svg"
html_css_files = ["style.css"]
html_js_files = [("mount.js", {"defer": "defer"})]
html_copy_source = html_show_sourcelink = html_show_search_summary = False
html_show_sphinx = False

revealjs_style_theme = "white"
revealjs_css_files = ["style.css", "slides.css"]
revealjs_js_files = [("mount.js", {"defer": "defer"})]
revealjs_script_plugins = [{"name": "RevealNotes", "src": "revealjs/plugin/notes/notes.js"}]
revealjs_script_conf = {
    "controls": True,
    "progress": True,
    "hash": True,
    "center": False,
    "width": 1100,
    "height": 760,
}
nb_mime_priority_overrides = [
    ("revealjs", "text/html", 0),
    ("revealjs", "text/latex", 10),
    ("revealjs", "text/plain", 20),
]

sitemap_url_scheme = "{link}"
ogp_site_url = html_baseurl
ogp_image = f"{html_baseurl}_static/preview.png"
ogp_image_alt = "Each sample of x stamps the kernel; the stamps add up to y."
ogp_social_cards = {"enable": False}
ogp_enable_meta_description = True
autodoc_typehints = "none"
autodoc_preserve_defaults = True
highlight_language = "text"  # what a fence without a language holds is no Python
add_module_names = False
