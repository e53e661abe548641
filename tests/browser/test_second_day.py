"""Masters are trusted, opening a page changes nothing, and what was done is there on the next day."""

import platform
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from tconv_helpers.exercises.edition import edition_bytes

from .conftest import PAGE, ROOT, Tab, draw_whole_pages, drawn_or_lost, jupyterlab

EXPLORER = "from tconv_helpers import TransposedExplorer\nexplorer = TransposedExplorer()\nexplorer"
QUIZ = 'from tconv_helpers import quiz\nquiz("01-terms")'
CHOICE, EXPLAINED = "n − m + 1, one for each output", "That is the number of outputs i."


def save(page):
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")


def explorer_and_quiz(page):
    """Return what the explorer and the quiz say, out of sight, too, where JupyterLab draws nothing."""
    page.locator(".tconv-quiz").wait_for()
    return page.locator(".tconv-explorer .message").text_content(), page.locator(".tconv-quiz").text_content()


def move(page, key):
    page.locator(".tconv-explorer").get_by_role("slider").first.press(key)


def answer(page):
    page.locator(".tconv-quiz").get_by_text(CHOICE, exact=True).click()
    page.locator(".tconv-quiz").get_by_text(EXPLAINED).wait_for()


@pytest.fixture
def folder():
    folder = tempfile.mkdtemp(prefix="lab")
    yield Path(folder)
    shutil.rmtree(folder)


@pytest.fixture
def day(folder, page):
    """A day: JupyterLab is started, the notebook opened, and in the end the server stopped."""

    @contextmanager
    def day():
        with jupyterlab(folder) as lab:
            if not (folder / "a.ipynb").exists():
                lab.write("a.ipynb", EXPLORER, QUIZ)
            lab.open(page, "a.ipynb")
            lab.restored(page)
            yield lab
            page.goto("about:blank")

    return day


# The masters of a checkout, as `make lab` opens them


def git(folder, *words):
    command = ["git", "-c", "user.name=a", "-c", "user.email=a", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def checkout():
    """A checkout of its own, all committed; the outputs of one page are by another Python."""
    folder = Path(tempfile.mkdtemp(prefix="lab"))
    for name in ("notebooks", "tconv_helpers"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(ROOT / ".gitignore", folder)
    other = folder / "notebooks/03_toeplitz_matrix.ipynb"
    text = re.sub('(?<="version": )"3[.0-9]+"', '"3.9.1"', other.read_text(encoding="utf-8"))
    other.write_text(text, encoding="utf-8")
    git(folder, "init", "-q")
    (folder / ".git/info/exclude").write_text("/notebooks/.jupyter\n/notebooks/.log\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "all")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def masters(checkout):
    draw_whole_pages(checkout / "notebooks")
    with jupyterlab(checkout / "notebooks", root=checkout) as lab:
        yield lab


def test_opening_a_master_shows_its_widgets_and_changes_nothing(masters, checkout, page):
    names = sorted(path.name for path in masters.folder.glob("*.ipynb"))
    assert len(names) == 9
    for name in names:
        masters.open(page, name)
        shown = masters.restored(page)
        assert (shown["dirty"], shown["views"] > 0) == (False, True), name
        assert shown["version"] == platform.python_version()  # JupyterLab has heard it from the kernel
        save(page)
        assert git(checkout, "status", "--short") == "", name
        assert page.evaluate(PAGE) == shown, name
        page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")


def test_opening_an_edition_shows_its_explorers_and_changes_nothing(folder, page):
    name = "02_backward_pass.ipynb"
    draw_whole_pages(folder)
    with jupyterlab(folder) as lab:
        given = (folder / name).read_bytes()
        assert given == edition_bytes(ROOT / "notebooks" / name)
        lab.open(page, name)
        shown = lab.restored(page)
        assert (shown["dirty"], shown["views"]) == (False, 1)
        save(page)
        assert (folder / name).read_bytes() == given
        page.goto("about:blank")


def test_widgets_that_are_lost_with_the_connection_are_there_once_the_page_is_loaded_again(folder, page):
    asked = 0

    def break_it_once(page_end):
        server_end = page_end.connect_to_server()

        def pass_on(message):
            nonlocal asked
            asked += b"comm_info_request" in message
            if asked == 2:  # JupyterLab has seen what the kernel holds, and reads what the page has stored
                asked += 1
                server_end.close()
                page_end.close(code=4000)
            else:
                server_end.send(message)

        page_end.on_message(pass_on)

    draw_whole_pages(folder)
    with jupyterlab(folder) as lab:
        page.route_web_socket(re.compile("/channels"), break_it_once)
        lab.open(page, "02_backward_pass.ipynb")
        assert drawn_or_lost(page)["lost"]
        assert lab.restored(page)["drawn"] == 1
        page.goto("about:blank")


# What was run, answered and moved


def test_what_was_done_is_there_on_the_second_day_and_on_the_third(day, folder, page):
    file = folder / "a.ipynb"
    with day() as lab:
        lab.run(page)
        started = explorer_and_quiz(page)
        save(page)
        move(page, "Home")
        answer(page)
        first = explorer_and_quiz(page)
        assert page.evaluate(PAGE)["dirty"]
        save(page)
    assert first[0] != started[0] and first[1] != started[1]
    with day() as lab:
        nothing_changes(lab, page, file, first)
    with day() as lab:
        nothing_changes(lab, page, file, first)
        page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        assert explorer_and_quiz(page) == first
        move(page, "End")
        third = explorer_and_quiz(page)
        assert third[0] != first[0]
        page.wait_for_function(f"(({PAGE})()).dirty")  # the model hears of it after the frame that shows it
        save(page)
    with day() as lab:
        assert explorer_and_quiz(page) == third
        lab.run(page)
        page.wait_for_function(
            "said => document.querySelector('.tconv-explorer .message')?.textContent === said", arg=started[0]
        )
        save(page)
    with day():
        assert explorer_and_quiz(page) == started


def nothing_changes(lab, page, file, said):
    """Nothing has run, all says what it said, and saving the page leaves each of its bytes."""
    saved = file.read_bytes()
    assert explorer_and_quiz(page) == said
    assert lab.ask(page, "print('explorer' in dir())") == "False\n"
    assert not page.evaluate(PAGE)["dirty"]
    save(page)
    assert file.read_bytes() == saved


ENDS = ["restartKernel", "shutdown"]


@pytest.fixture(scope="module")
def night(browser):
    """JupyterLab on the second day of three pages, and what two of them said when their kernel had ended."""
    folder, tab, said = tempfile.mkdtemp(prefix="lab"), Tab(browser), {}
    with jupyterlab(folder) as lab:
        for name in (*ENDS, "only run"):
            lab.open(tab.page, lab.write(f"{name}.ipynb", EXPLORER, QUIZ))
            lab.run(tab.page)
            tab.page.locator(".tconv-explorer").wait_for()
            if name in ENDS:
                move(tab.page, "Home")
                answer(tab.page)
                said[name] = explorer_and_quiz(tab.page)
                tab.page.evaluate(f"jupyterapp.shell.currentWidget.sessionContext.{name}()")
            save(tab.page)
        tab.page.goto("about:blank")
    tab.check()
    with jupyterlab(folder) as lab:
        yield lab, tab, said
        tab.page.close()
    shutil.rmtree(folder)


@pytest.fixture
def second_day(night):
    """The lab, its page, and what was said on the first day; errors fail the test whose page it is."""
    lab, tab, said = night
    yield lab, tab.page, said
    tab.check()


@pytest.mark.parametrize("end", ENDS)
def test_what_was_not_saved_before_its_kernel_ended_is_saved_after(second_day, end):
    lab, page, said = second_day
    lab.open(page, f"{end}.ipynb")
    lab.restored(page)
    assert explorer_and_quiz(page) == said[end]


def test_no_widget_shows_a_broken_link_before_its_cell_has_run_again(second_day):
    icon = "[...document.querySelectorAll('.jupyter-widgets-disconnected')].map((element) => "
    icon += "getComputedStyle(element, '::before').content)"
    lab, page, _ = second_day
    lab.open(page, "only run.ipynb")
    lab.restored(page)
    assert page.evaluate(icon)[0] == "none"


def test_what_is_not_shown_any_more_is_not_stored_any_more(second_day):
    lab, page, _ = second_day
    lab.open(page, lab.write("cleared.ipynb", EXPLORER, QUIZ))
    lab.run(page)
    page.locator(".tconv-quiz").wait_for()
    save(page)
    assert "widgets" in nbformat.read(lab.folder / "cleared.ipynb", 4).metadata
    page.evaluate("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    save(page)
    assert "widgets" not in nbformat.read(lab.folder / "cleared.ipynb", 4).metadata
