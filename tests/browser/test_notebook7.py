"""Notebook 7 beside JupyterLab, and without the course's settings: what a person sees there, and keeps."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from waiting import LONG

from tconv_helpers.exercises.edition import edition_bytes

from .conftest import PAGE, READY, ROOT, Lab, draw_whole_pages, jupyterlab
from .test_second_day import EXPLORER, QUIZ, answer, explorer_and_quiz, move, save

NAME = "02_backward_pass.ipynb"


@pytest.fixture
def page(browser):
    """A page of whose console nothing is asked: Notebook 7.6 logs an error of its own at each start."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    yield page
    page.close()


@pytest.fixture
def folder():
    folder = tempfile.mkdtemp(prefix="lab")
    yield Path(folder)
    shutil.rmtree(folder)


@pytest.fixture
def day(folder, page):
    """A day of Notebook 7: the server is started, the notebook opened, and in the end the server stopped."""

    @contextmanager
    def day(name):
        with jupyterlab(folder, start=["-m", "notebook"]) as lab:
            page.goto(f"{lab.url}notebooks/{name}?token={lab.token}")
            page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.path")
            page.evaluate(READY)
            yield lab
            page.goto("about:blank")

    page.set_default_timeout(1000 * LONG)
    return day


def test_an_edition_is_opened_clean_and_shows_its_explorers_once_they_have_run(day, folder, page):
    """Nobody has signed it here: its explorers stand there in words."""
    (folder / NAME).write_bytes(given := edition_bytes(ROOT / "notebooks" / NAME))
    draw_whole_pages(folder)
    with day(NAME) as lab:
        page.get_by_text("BackwardExplorer: ").wait_for()
        shown = page.evaluate(PAGE)
        assert (shown["drawn"], shown["dirty"]) == (0, False)
        save(page)
        assert (folder / NAME).read_bytes() == given
        page.get_by_role("button", name="Not Trusted").click()
        page.get_by_role("button", name="Confirm Trusting this notebook").click()
        lab.restored(page)


def test_what_was_done_is_there_on_the_second_day(day, folder, page):
    Lab(folder, None, None, None).write("a.ipynb", EXPLORER, QUIZ)
    draw_whole_pages(folder)
    with day("a.ipynb") as lab:
        lab.run(page)
        page.locator(".tconv-quiz").wait_for()
        move(page, "Home")
        answer(page)
        said = explorer_and_quiz(page)
        save(page)
    saved = (folder / "a.ipynb").read_bytes()
    for _ in range(2):
        with day("a.ipynb") as lab:
            lab.restored(page)
            assert explorer_and_quiz(page) == said
            assert not page.evaluate(PAGE)["dirty"]
            save(page)
            assert (folder / "a.ipynb").read_bytes() == saved
