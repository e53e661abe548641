"""Make the web site: ``python site/make.py`` writes build/site, from the student's edition, offline."""

import shutil
import subprocess
import sys
from pathlib import Path

from colab import write_colab
from lists import write_lists
from pages import write_pages
from parts import write_files, write_parts

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LICENCE = "LICENSE"  # which a page shows
THREATS = "tconv_helpers/grading/THREATS.md"


def build(source=ROOT / "build/site-source", site=ROOT / "build/site"):
    """Write the sources into one folder and the site into another, both anew; return Sphinx's exit code."""
    begin(source, site)
    for path in [*HERE.glob("*.md"), ROOT / LICENCE]:
        shutil.copy(path, source)
    shutil.copy(ROOT / THREATS, source / "threats.md")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")  # pages take parts of it
    (source / "README.md").write_text(readme.replace(THREATS, "threats.md"), encoding="utf-8")
    write_files(ROOT, source)
    write_lists(ROOT, source)
    write_colab(ROOT, source)
    return sphinx(source, site, "html", html_static_path=source / "_static", html_extra_path=source / "extra")


def begin(source, out):
    """Make two folders anew, and write into `source` what site and slides share: pages and their parts."""
    for folder in (source, out):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    write_parts(source, write_pages(ROOT / "notebooks", source))


def sphinx(source, site, builder, **settings):
    """Run Sphinx with the settings of conf.py, these above them; return its exit code."""
    settings = [part for name, value in settings.items() for part in ("-D", f"{name}={value}")]
    # -W: whatever it warns of, a link that leads nowhere for one, is an error
    options = ["-q", "-W", "--keep-going", "-b", builder, "-c", HERE, "-d", source / ".doctrees", *settings]
    return subprocess.run([sys.executable, "-m", "sphinx", *options, source, site]).returncode


if __name__ == "__main__":
    sys.exit(build())
