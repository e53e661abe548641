"""`progress`: the points that saved notebooks and this session show, and what is next."""

import json
import os

import nbformat
import pytest
from notebook_rules import BOOKS
from rich.console import Console
from typer.testing import CliRunner

from tconv_helpers import cli, progress
from tconv_helpers.exercises.checking import POINTS_OF_SESSION, Points
from tconv_helpers.exercises.edition import release
from tconv_helpers.exercises.standing import points_in
from tconv_helpers.exercises.table import exercises

TOTAL = sum(exercise.points for exercise in exercises().values())


@pytest.fixture(autouse=True)
def nothing_checked_yet(monkeypatch):
    monkeypatch.setattr("tconv_helpers.exercises.standing.POINTS_OF_SESSION", {})


def said(folder):
    console = Console(width=200)
    with console.capture() as printed:
        console.print(progress(folder))
    return " ".join(printed.get().split())  # a caption is broken into lines


def answer(folder, name, shown):
    """Store in a notebook of `folder` what its check cell would show."""
    path = folder / f"{exercises()[name].notebook}.ipynb"
    book = nbformat.read(path, 4)
    (cell,) = [c for c in book.cells if c.source == f'check("{name}")']
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": str(shown)}, execution_count=1)]
    nbformat.write(book, path)


def test_it_counts_what_the_saved_notebooks_show(tmp_path):
    release(BOOKS[0].parent, tmp_path)
    first, second, third, *_ = exercises().values()
    assert f"0 of {TOTAL} points; next: {first.title}, in 01_convolution.ipynb." in said(tmp_path)
    answer(tmp_path, first.name, first.points)
    answer(tmp_path, second.name, 0)
    text = said(tmp_path)
    assert f"{first.points} of {first.points} ✓" in text and f"0 of {second.points}" in text
    assert f"{first.points} of {TOTAL} points; next: {second.title}" in text
    answer(tmp_path, second.name, second.points)
    assert f"next: {third.title}" in said(tmp_path)


def test_the_masters_have_all_points():
    text = said(BOOKS[0].parent)
    assert f"{TOTAL} of {TOTAL} points; nothing is left to do." in text


def test_this_session_counts_before_it_is_saved(tmp_path, monkeypatch):
    checked = {"conv_by_kernel": Points(2, 2)}
    monkeypatch.setattr("tconv_helpers.exercises.standing.POINTS_OF_SESSION", checked)
    assert f"2 of {TOTAL} points" in said(tmp_path)
    assert isinstance(POINTS_OF_SESSION, dict)


def test_a_file_that_is_no_notebook_is_named_and_costs_nothing_else(tmp_path):
    release(BOOKS[0].parent, tmp_path)
    answer(tmp_path, "conv_by_kernel", 2)
    for number, text in enumerate(["{", "[]", '{"cells": [{}]}', "\0"], 2):
        (name,) = [path.name for path in BOOKS if path.name.startswith(f"0{number}")]
        (tmp_path / name).write_text(text)
    scores, said = points_in(tmp_path)
    assert scores == {"conv_by_kernel": 2}
    assert said.startswith(" Not readable as a notebook: 02_") and said.count(".ipynb") == 4


@pytest.mark.parametrize("shown", ["abc", "nan", "-5", "True", "", "1.5"])
def test_an_output_that_shows_no_points_costs_nothing_else(tmp_path, shown):
    release(BOOKS[0].parent, tmp_path)
    answer(tmp_path, "conv_by_kernel", 2)
    answer(tmp_path, "signal_conv", shown)
    assert points_in(tmp_path) == ({"conv_by_kernel": 2}, "")


def test_it_reads_what_the_grader_reads(tmp_path):
    release(BOOKS[0].parent, tmp_path)
    answer(tmp_path, "conv_by_kernel", 2)
    path = tmp_path / f"{exercises()['conv_by_kernel'].notebook}.ipynb"
    book = json.loads(path.read_text())
    for cell in book["cells"]:
        cell["metadata"] = {"nbgrader": None}
    path.write_text(
        "\ufeff" + json.dumps({**book, "metadata": None, "cells": [{"cell_type": "raw"}, *book["cells"]]})
    )
    assert points_in(tmp_path) == ({"conv_by_kernel": 2}, "")


def test_a_pipe_is_named_and_does_not_keep_it_waiting(tmp_path):
    os.mkfifo(tmp_path / BOOKS[1].name)
    assert points_in(tmp_path) == ({}, f" Not readable as a notebook: {BOOKS[1].name}.")


def test_only_a_check_cell_shows_points(tmp_path):
    release(BOOKS[0].parent, tmp_path)
    path = tmp_path / f"{exercises()['conv_by_kernel'].notebook}.ipynb"
    book = nbformat.read(path, 4)
    (cell,) = [c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "conv_by_kernel"]
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "2"}, execution_count=1)]
    nbformat.write(book, path)
    assert points_in(tmp_path) == ({}, "")


def test_an_empty_folder_is_told(tmp_path):
    assert f"There is no notebook of the course in {tmp_path}." in said(tmp_path)


def test_no_more_points_than_there_are(tmp_path):
    release(BOOKS[0].parent, tmp_path)
    answer(tmp_path, "conv_by_kernel", 1000)
    assert points_in(tmp_path)[0] == {"conv_by_kernel": 2}


def test_in_a_shell(tmp_path):
    done = CliRunner().invoke(cli.app, ["progress", str(tmp_path)])
    assert done.exit_code == 0 and f"0 of {TOTAL} points" in done.stdout
    done = CliRunner().invoke(cli.app, ["progress", str(tmp_path / "x")])
    assert (done.exit_code, done.stderr) == (
        1,
        f"progress reads a folder of notebooks: got {tmp_path / 'x'}; name the one you work in\n",
    )


def test_it_is_a_table_in_a_notebook(tmp_path):
    bundle = progress(tmp_path)._repr_mimebundle_([], [])
    assert "conv_by_kernel" in bundle["text/html"] and json.dumps(bundle["text/plain"])


def test_an_output_without_a_text_costs_nothing_else(tmp_path):
    release(BOOKS[0].parent, tmp_path)
    answer(tmp_path, "conv_by_kernel", 2)
    path = tmp_path / f"{exercises()['conv_by_kernel'].notebook}.ipynb"
    book = json.loads(path.read_text())
    picture = {"output_type": "execute_result", "data": {"image/png": ""}}
    book["cells"].append({"cell_type": "code", "metadata": {}, "source": "draw()", "outputs": [picture]})
    path.write_text(json.dumps(book))
    assert points_in(tmp_path) == ({"conv_by_kernel": 2}, "")
