"""A notebook as anybody may have written it: what stands in its cells, or one sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers.exercises.notebook import MAX_BYTES, Refused, first_bytes, read_notebook

CELL = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": []}


def of_cells(*cells, **more):
    return json.dumps({"nbformat": 4, "cells": cells, **more}).encode()


@pytest.mark.parametrize(
    "cell, source",
    [
        ({"cell_type": "code", "source": ["a\n", "b"]}, "a\nb"),
        ({"cell_type": "code", "source": None, "metadata": None, "outputs": None}, ""),
        ({"cell_type": "code"}, ""),
        ({"cell_type": "markdown", "source": "ü\ud800", "metadata": [], "outputs": [1]}, "ü\\ud800"),
    ],
)
def test_what_a_cell_lacks_is_empty(cell, source):
    (got,) = read_notebook(of_cells(cell))
    assert got == {"cell_type": cell["cell_type"], "source": source, "metadata": {}, "outputs": []}


def test_a_byte_order_mark_is_none_of_it():
    assert read_notebook(b"\xef\xbb\xbf" + of_cells(CELL)) == read_notebook(of_cells(CELL)) == [CELL]


def test_format_3_has_sheets_and_inputs():
    sheets = [{"cells": [{"cell_type": "code", "input": ["1"]}]}, {"cells": [CELL]}]
    book = {"nbformat": 3, "worksheets": sheets}
    assert [cell["source"] for cell in read_notebook(json.dumps(book).encode())] == ["1", "1"]


@pytest.mark.parametrize(
    "data, why",
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b" " * (MAX_BYTES + 1), "at most 16 MB"),
        (b"[" * 200_000, "nested too deeply"),
        (b"[" + b"[]," * 600_000, "too many parts"),
        (b"3", "does not say its format"),
        (b'{"nbformat": true, "cells": []}', "does not say its format"),
        (b'{"nbformat": 5, "cells": []}', "format 3 or 4"),
        (b'{"nbformat": 4}', "no valid notebook"),
        (b'{"nbformat": 4, "cells": null}', "no valid notebook"),
        (b'{"nbformat": 3, "worksheets": [[]]}', "no valid notebook"),
        (of_cells({"cell_type": 1}), "no valid notebook"),
        (of_cells({"cell_type": "code", "source": {"a": 1}}), "no valid notebook"),
        (of_cells(*[CELL] * 2001), "at most 2000 cells: it has 2001"),
        ("ä".encode("latin-1"), "UTF-8"),
    ],
)
def test_no_notebook_is_a_sentence(data, why):
    with pytest.raises(Refused, match=why) as refused:
        read_notebook(data)
    assert str(refused.value).endswith(".") and len(str(refused.value)) < 200


KEYS = ["cells", "nbformat", "worksheets", "cell_type", "source", "input", "metadata", "outputs"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
        )
    ),
)


@given(JSON | st.fixed_dictionaries({"nbformat": st.sampled_from([3, 4]), "cells": JSON, "worksheets": JSON}))
def test_any_json_is_cells_or_a_sentence(book):
    try:
        cells = read_notebook(json.dumps(book).encode())
    except Refused:
        return
    for cell in cells:
        assert [type(cell[key]) for key in ("cell_type", "source", "metadata", "outputs")] == [
            str,
            str,
            dict,
            list,
        ]


def test_a_pipe_or_a_folder_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="must be a file"):
        first_bytes(tmp_path)
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MAX_BYTES * 4)
    assert len(first_bytes(tmp_path / "large")) == MAX_BYTES + 1
