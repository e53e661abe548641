"""The client's numbers are the library's, for every setting that an explorer can be moved to."""

from itertools import product

import numpy as np
import pytest

from tconv_helpers import (
    TransposedExplorer,
    conv,
    conv_matrix,
    conv_output_size,
    conv_transpose,
    conv_transpose_output_size,
)

NAMES = "stride", "padding", "output_padding", "dilation"
SETTINGS = [dict(zip(NAMES, each, strict=True)) for each in product((1, 2, 3), range(4), range(3), (1, 2))]


def said(call, *args, **settings):
    """What a call returns as plain numbers, or the sentence with which it refuses."""
    try:
        return np.asarray(call(*args, **settings)).tolist()
    except ValueError as error:
        return str(error)


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(0)
    sizes = product(range(1, 7), range(1, 5))
    pairs = [[rng.integers(-9, 10, size).tolist() for size in nm] for nm in sizes]
    return [(x, k, settings) for x, k in pairs for settings in SETTINGS]


@pytest.fixture
def operator(mount, page):
    """Run an expression of operator.js over a list: ``operator("conv(x, k)", "x, k", rows)``."""
    mount(TransposedExplorer())

    def run(expression, names, rows):
        names_in_use = "conv, convMatrix, convOutputSize, convTranspose, convTransposeOutputSize"
        return page.evaluate(
            f"""(rows) => rows.map(([{names}]) => {{
                const {{ {names_in_use} }} = window.module;
                try {{ return {expression}; }}
                catch (error) {{ if (error instanceof RangeError) return error.message; throw error; }}
            }})""",
            rows,
        )

    return run


def test_conv_transpose_is_the_librarys(operator, cases):
    ours = [said(conv_transpose, x, k, **settings) for x, k, settings in cases]
    refused = [each for each in ours if isinstance(each, str)]
    assert len(ours) == 6 * 4 * 72 and len(refused) > 300
    assert operator("convTranspose(x, k, settings)", "x, k, settings", cases) == ours


def test_conv_and_its_matrix_are_the_librarys(operator, cases):
    cases = [
        (x, k, {name: value for name, value in settings.items() if name != "output_padding"})
        for x, k, settings in cases
        if settings["output_padding"] == 0
    ]
    assert len(cases) == 6 * 4 * 24
    convs = [said(conv, x, k, **settings) for x, k, settings in cases]
    matrices = [said(conv_matrix, k, len(x), **settings) for x, k, settings in cases]
    assert operator("conv(x, k, settings)", "x, k, settings", cases) == convs
    assert operator("convMatrix(k, x.length, settings)", "x, k, settings", cases) == matrices


@pytest.mark.parametrize("name", ["n", "m", *NAMES])
def test_a_size_below_the_least_gets_the_same_sentence(operator, name):
    for size, transposed in ((conv_output_size, False), (conv_transpose_output_size, True)):
        sizes = {"n": 3, "m": 2, **dict.fromkeys(NAMES, 1), "output_padding": 0}
        if not transposed:
            del sizes["output_padding"]
        if name not in sizes:
            continue
        sizes[name] = -1 if "padding" in name else 0
        function = "convTransposeOutputSize" if transposed else "convOutputSize"
        said_there = operator(f"{function}(n, m, settings)", "{ n, m, ...settings }", [[sizes]])
        assert said_there == [said(size, **sizes)] and " must be at least " in said_there[0]


# The marks that a view is made of; each view computes its outputs in a way of its own.
SEEN = """(cases) => cases.map(([x, k, settings]) => {
    model.set({ x, k, ...settings });
    const text = (mark) => Number(mark.textContent.replace("−", "-"));
    const outputs = (canvas) => [...canvas.querySelectorAll(".mark.output[data-at]")].map(text);
    return {
        wrong: el.querySelector(".message.wrong")?.textContent,
        views: [...el.querySelectorAll(".canvas")].map(outputs),
        words: el.querySelector(".message").textContent,
    };
})"""


def test_all_three_views_show_the_librarys_numbers_and_its_errors(mount, page, cases):
    mount(TransposedExplorer())
    for (x, k, settings), seen in zip(cases, page.evaluate(SEEN, cases), strict=True):
        y = said(conv_transpose, x, k, **settings)
        if isinstance(y, str):
            assert seen["wrong"] == y
        else:
            assert seen["wrong"] is None and seen["views"] == [y, y, y]
            in_words = " ".join(map(str, y)).replace("-", "−")
            assert f"y = {in_words}size = " in seen["words"] and seen["words"].endswith(f"= {len(y)}")
