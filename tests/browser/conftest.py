"""A real JupyterLab and a real browser for the explorers; with CI=true a browser must be there."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakSet

import nbformat
import pytest
from lab_server import address
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright
from waiting import LONG, eventually

from tconv_helpers.explore.alone import as_base64
from tconv_helpers.explore.joining import joined

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
# The one without windows comes first, as tests take half of the time in it
BROWSERS = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(os.path.exists, BROWSERS), BROWSERS[0])
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
VIEWPORT = {"width": 1200, "height": 900}
TCONV_LAB = ["-c", "from tconv_helpers.cli import app; app()", "lab", "."]
# No test asks for one, and to look for them JupyterLab starts npm, which takes more than many a test
NO_LANGUAGE_SERVERS = "--LanguageServerManager.autodetect=False"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
# What JupyterLab and ipywidgets log where a test ends a kernel: the debugger's question to it, or that for a
# thread of the widgets' own, was not answered before; a widget that was moved without it could tell nobody.
JUPYTERLABS_OWN = (
    "Could not restore the debugger state: Canceled future for debug_request",
    "Error: Canceled future for create_subshell_request",
    "Could not send widget sync message",
)
NOT_FOUND = "Error: widget model not found"
PROVEN = WeakSet()  # the pages that may say so: `Lab.restored` has seen that JupyterLab's connection was lost
# The names that a JupyterLab theme would set, for the page without one
DARK = {
    "--jp-ui-font-color1": "#dedede",
    "--jp-ui-font-color2": "#b3b3b3",
    "--jp-layout-color1": "#111111",
    "--jp-layout-color2": "#212121",
    "--jp-border-color1": "#616161",
    "--jp-brand-color1": "#2196f3",
}


def pytest_collection_modifyitems(items):
    """Without the browser these tests are skipped, but in CI they fail."""
    if not os.path.exists(CHROMIUM) and os.environ.get("CI") != "true":
        reason = f"no browser at {CHROMIUM}; on Debian: apt-get install chromium-headless-shell, or chromium"
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=1000 * LONG)
        yield browser
        browser.close()


class Tab:
    """A page, with the errors that it told and the hosts that it asked."""

    def __init__(self, browser, page=None):
        self.page, self.errors, self.hosts = page or browser.new_page(viewport=VIEWPORT), [], set()
        self.page.set_default_timeout(1000 * LONG)
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        self.page.on("websocket", lambda socket: self.hosts.add(urlsplit(socket.url).hostname))

    def check(self):
        """Fail on any error since the last check, and on a host that is not this machine."""
        errors, self.errors[:] = list(self.errors), []
        known = (*JUPYTERLABS_OWN, NOT_FOUND) if self.page in PROVEN else JUPYTERLABS_OWN
        assert [error for error in errors if not error.startswith(known)] == []
        assert self.hosts <= {"127.0.0.1", None, ""}


@pytest.fixture(scope="session")
def bare(browser):
    """The page on which explorers and quizzes are mounted: to make one takes longer than most tests of it."""
    tab = Tab(browser)
    yield tab
    tab.page.close()


@pytest.fixture(scope="session")
def tab(browser):
    """The page of the tests in the common JupyterLab: to load it takes longer than most tests, too."""
    tab = Tab(browser)
    yield tab
    tab.page.close()


@pytest.fixture
def page(request, browser):
    """A page whose errors fail the test, and which has asked nobody but this machine.

    What uses `mount` shares one, and what uses the common `lab`; all others get one of their own.
    """
    if "lab" in request.fixturenames:
        yield request.getfixturevalue("shared_page")
        return
    mounted = "mount" in request.fixturenames
    tab = request.getfixturevalue("bare") if mounted else Tab(browser)
    yield tab.page
    tab.page.goto("about:blank") if mounted else tab.page.close()
    tab.check()


def in_text(value):
    """Return bytes as stage.js reads them: what is told to a page is JSON."""
    return as_base64(value) if isinstance(value, bytes) else value


@pytest.fixture
def mount(page):
    """Show an explorer or a quiz on a bare page, without kernel: ``mount(widget)``; width, a dark theme."""

    def mount(widget, width=900, dark=False):
        page.set_viewport_size({"width": width, "height": 900})
        if page.title():  # else nothing was mounted here since the test before
            page.goto("about:blank")
        page.set_content("<!doctype html><html lang=en><title>explorer</title><body style='margin: 0'>")
        page.add_script_tag(content=joined("host.js").replace("export ", ""))
        page.add_script_tag(path=HERE / "stage.js")
        state = {name: in_text(value) for name, value in widget.get_state().items()}
        given = [widget._esm, widget._css, state, DARK if dark else {}]
        page.evaluate("async (given) => { await mount(...given) }", given)
        return page.locator(".tconv-explorer, .tconv-quiz")

    return mount


# JupyterLab


class Lab:
    """A running JupyterLab over a folder of its own."""

    def __init__(self, folder, url, token, env):
        self.folder, self.url, self.token, self.env = Path(folder), url, token, env

    def write(self, name, *sources):
        """A notebook of one cell for each source."""
        book = new_notebook(cells=[new_code_cell(source) for source in sources], metadata=KERNEL)
        nbformat.write(book, self.folder / name)
        return name

    def jupyter(self, *words):
        """Run one of Jupyter's commands on the folder, with the settings of the server."""
        command = [sys.executable, "-m", "jupyter", *map(str, words)]
        subprocess.run(command, cwd=self.folder, env=self.env, check=True, capture_output=True)

    def open(self, page, name):
        """Show the notebook ``name`` and no other, and wait until its kernel answers."""
        if page.url.startswith(self.url):
            self.close(page)
            page.evaluate(OPEN, name)
        else:
            page.goto(f"{self.url}lab/tree/{name}?token={self.token}&reset")
        self.await_kernel(page, name)

    def shows(self, page, name):
        """Return whether the page shows the notebook ``name``."""
        return page.evaluate(f"window.jupyterapp?.shell.currentWidget?.context?.path === '{name}'")

    def reload(self, page):
        """Load the page anew, with the notebook that it shows."""
        name = page.evaluate("jupyterapp.shell.currentWidget.context.path")
        page.reload()
        self.await_kernel(page, name)

    def await_kernel(self, page, name):
        """Wait until the page shows the notebook ``name``, and its kernel answers."""
        page.wait_for_function(f"window.jupyterapp?.shell.currentWidget?.context?.path === '{name}'")
        page.evaluate(READY)

    def restored(self, page):
        """Wait until JupyterLab has restored each widget of the page, and return what `PAGE` says of it.

        Where the kernel or the connection is lost while it first does, it reads the stored widgets no more
        before the page is loaded again; one that is lost without that, which the server tells, is our fault.
        """
        shown = drawn_or_lost(page)
        if shown["lost"]:
            kernel = page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.id")
            said = (self.folder / ".log").read_text()
            assert said.count(f"Connecting to kernel {kernel}.") > 1, said[-4000:]
            PROVEN.add(page)
            self.reload(page)
            shown = drawn_or_lost(page)
        assert not shown["lost"]
        return shown

    def close(self, page):
        """End the kernels of the notebooks on the page, and close them."""
        page.evaluate(CLOSE)

    def run(self, page):
        """Run all cells of the notebook on the page, to the end."""
        page.evaluate(READY + '.then(() => jupyterapp.commands.execute("notebook:run-all-cells"))')
        errors = page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")
        assert errors.all_inner_texts() == []

    def ask(self, page, source):
        """Return what the kernel of the notebook on the page prints when it runs ``source``."""
        return page.evaluate(ASK, source)

    def hears(self, page, source, said):
        """Insist that the kernel prints ``said``, now or once it has heard of all that was moved."""
        heard = eventually(lambda: self.ask(page, source), said)
        assert heard == said
        return True


PAGE = """() => {
    const { model } = jupyterapp.shell.currentWidget.context;
    const views = [...model.cells].flatMap(({ outputs }) => outputs?.toJSON() ?? [])
        .filter(({ data }) => data?.["application/vnd.jupyter.widget-view+json"]);
    return {
        dirty: model.dirty || document.querySelector(".jp-mod-dirty") !== null,
        version: model.getMetadata("language_info").version,
        views: views.length,
        drawn: document.querySelectorAll(".jp-OutputArea-output :is(.tconv-explorer, .tconv-quiz)").length,
        lost: [...document.querySelectorAll(".jp-OutputArea-output")]
            .some((output) => output.textContent === "Error displaying widget: model not found"),
    };
}"""


def drawn_or_lost(page):
    """Wait until the page shows all of its widgets or says that one is lost; return what `PAGE` says."""
    page.wait_for_function(f"(({{ lost, views, drawn }}) => lost || views === drawn)(({PAGE})())")
    return page.evaluate(PAGE)


READY = """(async () => {
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
})()"""

OPEN = """async (path) => {
    await jupyterapp.commands.execute("docmanager:open", { path });  // gives the panel, too large to be told
}"""

CLOSE = """async () => {
    for (const panel of [...(window.jupyterapp?.shell.widgets("main") ?? [])]) {
        await panel.sessionContext?.shutdown();
        if (panel.context) panel.context.model.dirty = false;  // else JupyterLab asks whether to save it
        panel.close();
    }
}"""

ASK = """async (code) => {
    const future = jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code });
    let said = "";
    future.onIOPub = ({ header, content }) => {
        if (header.msg_type === "stream") said += content.text;
        if (header.msg_type === "error") said += `${content.ename}: ${content.evalue}`;
    };
    await future.done;
    return said;
}"""


def draw_whole_pages(folder):
    """Let the JupyterLab of a folder draw every cell of a page, though its window shows a few of them."""
    tracker = Path(folder, ".jupyter/SETTINGS/@jupyterlab/notebook-extension/tracker.jupyterlab-settings")
    tracker.parent.mkdir(parents=True)
    tracker.write_text('{"windowingMode": "none"}')


@contextmanager
def jupyterlab(folder, start=TCONV_LAB, root=ROOT):
    """Start JupyterLab in a folder, as the ``tconv lab`` of a checkout does, or what else is named."""
    paths = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    env = os.environ | {"JUPYTER_CONFIG_PATH": "", "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    settings = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "run"}
    env |= {f"JUPYTER_{name}": f"{folder}/.jupyter/{part}" for name, part in settings.items()}
    env |= {f"JUPYTERLAB_{name}_DIR": f"{folder}/.jupyter/{name}" for name in ("SETTINGS", "WORKSPACES")}
    token = secrets.token_hex()
    command = [sys.executable, *start, "--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += ["--expose-app-in-browser", f"--IdentityProvider.token={token}"]
    command += ["--KernelManager.transport=ipc", NO_LANGUAGE_SERVERS]
    command += ["--allow-root"] if os.geteuid() == 0 else []
    log = Path(folder, ".log")
    with (
        log.open("w") as said,
        subprocess.Popen(command, env=env, cwd=folder, stdout=said, stderr=said) as server,
    ):
        try:
            yield Lab(folder, address(server, Path(folder, ".jupyter/run"), log, token), token, env)
        finally:
            # Jupyter's own server may wait for ever for a thread of its own, see `lab.end_idle_threads`
            server.terminate() if start is TCONV_LAB else server.kill()
            server.wait(LONG)


@pytest.fixture(scope="session")
def lab():
    folder = tempfile.mkdtemp(
        prefix="lab"
    )  # short: a kernel's sockets lie in it, and their paths are bounded
    with jupyterlab(folder) as lab:
        yield lab
    shutil.rmtree(folder)


@pytest.fixture
def shared_page(request, lab, tab):
    """The page of ``tab``; what is open there is closed where a notebook is opened, see `Lab.open`.

    Errors fail the test whose page it is, and after one that fails the next gets JupyterLab anew.
    """
    failed = request.session.testsfailed
    tab.page.set_viewport_size(VIEWPORT)
    tab.page.mouse.move(0, 0)  # where it rests, it points at what is opened there
    yield tab.page
    if request.session.testsfailed != failed:
        tab.page.goto("about:blank")
    tab.check()
