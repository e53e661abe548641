"""The files of `tconv lab`: opening a page and saving it changes no byte, whatever Python it is of."""

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook, new_output
from notebook_rules import BOOKS, KERNEL, LANGUAGE

from tconv_helpers.labfiles import HERE, CourseFiles


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return CourseFiles(root_dir=str(tmp_path))


def get(files, name):
    return files.get(name, content=True)


def save(files, model, name):
    sent = {"type": model["type"], "format": model["format"], "content": model["content"]}
    files.save(sent, name)


def write(files, name, text):
    with open(f"{files.root_dir}/{name}", "w", encoding="utf-8") as file:
        file.write(text)


def read(files, name):
    with open(f"{files.root_dir}/{name}", encoding="utf-8") as file:
        return file.read()


def small_book(**info):
    html = {"text/html": "<script>1</script>"}
    cells = [new_code_cell("1", id="a", outputs=[new_output("display_data", html)], metadata={"tags": ["a"]})]
    metadata = {"kernelspec": KERNEL, **({"language_info": {**LANGUAGE, **info}} if info else {})}
    return nbformat.writes(new_notebook(cells=cells, metadata=metadata)) + "\n"


@pytest.mark.parametrize("version", ["3.9.1", "3.99.0", HERE])
def test_a_page_of_another_python_is_shown_as_one_of_this_and_kept_as_it_was(files, version):
    write(files, "a.ipynb", text := small_book(version=version))
    model = get(files, "a.ipynb")
    assert model["content"].metadata.language_info == {**LANGUAGE, "version": HERE}  # as the kernel tells it
    save(files, model, "a.ipynb")
    assert read(files, "a.ipynb") == text


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
def test_the_courses_pages_are_saved_as_they_are(files, path):
    write(files, path.name, text := path.read_text(encoding="utf-8"))
    save(files, get(files, path.name), path.name)
    assert read(files, path.name) == text


@pytest.mark.parametrize(
    "info", [{}, {"name": "julia", "version": "1.9"}, {"name": "julia", "version": HERE}]
)
def test_what_names_no_python_is_left_alone(files, info):
    write(files, "a.ipynb", text := small_book(**info))
    model = get(files, "a.ipynb")
    assert model["content"].metadata == nbformat.reads(text, 4).metadata
    save(files, model, "a.ipynb")
    assert read(files, "a.ipynb") == text


def test_another_version_that_was_sent_is_written(files):
    """A kernel that is not of this Python."""
    write(files, "a.ipynb", small_book(version="3.9.1"))
    model = get(files, "a.ipynb")
    model["content"].metadata.language_info.version = "3.10.2"
    save(files, model, "a.ipynb")
    assert read(files, "a.ipynb") == small_book(version="3.10.2")


@pytest.mark.parametrize(
    "before", [None, "", "{", "[]", '{"metadata": null}', '{"metadata": {"language_info": []}}']
)
def test_a_page_that_is_new_or_broken_on_disk_is_written(files, before):
    if before is not None:
        write(files, "a.ipynb", before)
    save(
        files,
        {"type": "notebook", "format": "json", "content": nbformat.reads(small_book(version=HERE), 4)},
        "a.ipynb",
    )
    assert read(files, "a.ipynb") == small_book(version=HERE)


def test_a_trusted_page_stays_trusted(files):
    write(files, "a.ipynb", text := small_book(version="3.9.1"))
    assert not get(files, "a.ipynb")["content"].cells[0].metadata.trusted
    NotebookNotary().sign(nbformat.reads(text, 4))
    model = get(files, "a.ipynb")
    assert model["content"].cells[0].metadata.trusted
    model["content"].cells[0].source = "2"
    save(files, model, "a.ipynb")
    assert get(files, "a.ipynb")["content"].cells[0].metadata.trusted


def test_other_files_are_as_they_are(files):
    write(files, "a.txt", "a")
    model = get(files, "a.txt")
    assert (model["type"], model["content"]) == ("file", "a")
    save(files, {**model, "content": "b"}, "a.txt")
    assert read(files, "a.txt") == "b"
    assert get(files, "")["type"] == "directory"
