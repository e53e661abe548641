"""The client's numbers are the library's, for every setting that an explorer can be moved to."""

from itertools import product

import numpy as np
import pytest

from tconv_helpers import (
    BackwardExplorer,
    StampExplorer,
    ToeplitzExplorer,
    TransposedExplorer,
    conv,
    conv_dx,
    conv_matrix,
    conv_output_size,
    conv_transpose,
    conv_transpose_output_size,
)

NAMES = "stride", "padding", "output_padding", "dilation"
SETTINGS = [dict(zip(NAMES, each, strict=True)) for each in product((1, 2, 3), range(4), range(3), (1, 2))]


def said(call, *args, **settings):
    """Return what a call returns as plain numbers, or the sentence with which it refuses."""
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
        names_in_use = "conv, convDx, convMatrix, convOutputSize, convTranspose, convTransposeOutputSize"
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


def test_too_large_an_output_padding_gets_the_same_sentence(operator):
    sizes = [{"n": 3, "m": 2, "stride": stride, "output_padding": 9} for stride in (1, 2, 3, 5)]
    ours = [said(conv_transpose_output_size, **each) for each in sizes]
    rows = [[each] for each in sizes]
    assert operator("convTransposeOutputSize(n, m, settings)", "{ n, m, ...settings }", rows) == ours


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
            assert f"y = {in_words}size = " in seen["words"]
            assert seen["words"].partition("Careful: ")[0].endswith(f"= {len(y)}")


def test_the_graph_shows_the_librarys_gradient(operator, mount, page):
    rng = np.random.default_rng(1)
    sizes = product(range(1, 8), range(1, 5))
    rows = [[rng.integers(-9, 10, size).tolist() for size in pair] for pair in sizes]
    dx = [conv_dx(dy, k).tolist() for dy, k in rows]
    assert operator("convDx(dy, k)", "dy, k", rows) == dx
    mount(BackwardExplorer())
    seen = page.evaluate(
        """(rows) => rows.map(([dy, k]) => {
            model.set({ dy, k });
            const marks = [...el.querySelectorAll(".mark.input[data-at]")];
            return marks.map((mark) => Number(mark.textContent.replace("−", "-")));
        })""",
        rows,
    )
    assert seen == dx


def test_each_sample_is_spelled_out_and_the_sum_is_right(mount, page):
    """Every number in the sentence is read back: its products add up to what it states, which is dx_u."""
    explorer = BackwardExplorer(dy=[3, -2, 5, 7], k=[2, -1, 4])
    mount(explorer)
    for u, value in enumerate(explorer.dx.tolist(), 1):
        page.evaluate("(u) => model.set({ u })", u)
        sentence = page.locator(".message p").first.inner_text().replace("−", "-")
        name, letters, figures, result = sentence.split(" = ")
        assert (name, result) == (f"dl/dx{u}", str(value))
        pairs = [[int(part.strip("()")) for part in term.split("·")] for term in figures.split(" + ")]
        assert sum(a * b for a, b in pairs) == value
        entries = [term.split() for term in letters.split(" + ")]
        named = [(explorer.dy[int(dy[-1]) - 1], explorer.k[int(k[-1]) - 1]) for dy, k in entries]
        assert named == [tuple(pair) for pair in pairs]
        assert [int(dy[-1]) + int(k[-1]) for dy, k in entries] == [u + 1] * len(entries)


# In 2-D: all sizes and settings that the explorer can be moved to

SQUARES = list(product(range(1, 5), range(1, 5), (1, 2, 3), range(4), range(3), (1, 2)))
# Marks are read row by row from where they stand, in whatever order they were drawn.
READ = """
    const number = (mark) => mark.textContent === "·" ? 0 : Number(mark.textContent.replace("−", "-"));
    const place = (mark) => mark.getAttribute("transform").match(/-?\\d+(\\.\\d+)?(e-?\\d+)?/g).map(Number);
    const order = (one, other) => place(one)[1] - place(other)[1] || place(one)[0] - place(other)[0];
    const marks = (view, kind) => [...view.querySelectorAll(`.mark${kind}`)].toSorted(order);
"""
PLANE = f"""(cases) => {{ {READ} return cases.map((state) => {{
    model.set(state);
    const off = ".ghost, .cropped, .removed";
    const inside = (view, kind) => marks(view, `.${{kind}}:not(${{off}})`).map(number);
    const [conv, transposed, overlap] = el.querySelectorAll(".canvas");
    return {{
        wrong: el.querySelector(".message.wrong")?.textContent,
        conv: inside(conv, "output"), x: inside(conv, "input"),
        stamped: inside(transposed, "output"), y: inside(transposed, "input"),
        overlap: marks(overlap, ":not(.removed)").map(number),
        margin: [conv, transposed, overlap].map((view) => view.querySelectorAll(off).length),
        words: el.querySelector(".message").textContent,
    }};
}}); }}"""


def test_both_directions_in_2d_show_the_librarys_images(mount, page):
    rng = np.random.default_rng(2)
    cases = []
    for n, m, *settings in SQUARES:
        y, k = (rng.integers(-9, 10, (size, size)).tolist() for size in (n, m))
        cases.append({"y": y, "k": k, "pixel": n * n} | dict(zip(NAMES, settings, strict=True)))
    mount(StampExplorer())
    refused = 0
    for case, seen in zip(cases, page.evaluate(PLANE, cases), strict=True):
        explorer = StampExplorer(**case)
        stamped = said(lambda explorer: explorer.stamped, explorer)
        if isinstance(stamped, str):
            refused += 1
            assert seen["wrong"] == stamped
            continue
        assert seen["wrong"] is None
        for name in ("x", "y", "conv", "stamped", "overlap"):
            assert seen[name] == np.ravel(getattr(explorer, name)).tolist(), (name, case)
        size = len(stamped)
        margin = (size + 2 * explorer.padding) ** 2 - size**2
        holes = int((explorer.overlap == 0).sum())
        assert seen["margin"][:2] == [margin, margin] and seen["margin"][2] == margin + holes
        both = int((explorer.conv * explorer.y).sum())
        shown = f"⟨A x, y⟩ = {both} and ⟨x, A.T y⟩ = {both}.".replace("-", "−")
        assert shown in seen["words"] and f" = {explorer.conv[-1, -1]}y".replace("-", "−") in seen["words"]
    assert len(cases) == 1152 and 300 < refused < 700


# The singular values: ours by rotations of columns, NumPy's by LAPACK

MATRICES = list(product(range(1, 11), range(1, 5), (1, 2, 3), range(4)))
SINGULAR = """(cases) => cases.map(({ k, n, stride, padding }) => {
    const { convMatrix, frequencyResponse, singularValues } = window.module;
    const values = singularValues(convMatrix(k, n, { stride, padding }));
    return [values, values.map((_, j) => frequencyResponse(k, j / values.length, stride))];
})"""
SHOWN = f"""(cases) => {{ {READ} return cases.map((state) => {{
    model.set(state);
    const [matrix, transpose, response, singular] = el.querySelectorAll(".canvas");
    const [bottom, , top] = [...singular.querySelectorAll(".line")].map((line) => line.y1.baseVal.value);
    const most = Number(singular.querySelectorAll(".tick")[2].textContent);
    const along = (one, other) => place(one)[0] - place(other)[0];
    const values = (view, kind) => [...view.querySelectorAll(`.mark.${{kind}}`)].toSorted(along)
        .map((mark) => (most * (place(mark)[1] - bottom)) / (top - bottom));
    return {{
        entries: marks(matrix, "").map(number), transposed: marks(transpose, "").map(number),
        circles: values(singular, "output"), diamonds: values(singular, "kernel"),
        samples: values(response, "kernel"), words: el.querySelector(".message").textContent,
    }};
}}); }}"""


@pytest.fixture(scope="module")
def matrices():
    """For each setting a random kernel, and those whose response is 0 somewhere or everywhere."""
    rng = np.random.default_rng(3)
    names = "k", "n", "stride", "padding"
    kernels = {m: [rng.integers(-9, 10, m).tolist(), [1] * m, [0] * m] for m in range(1, 5)}
    cases = [(k, n, s, p) for n, m, s, p in MATRICES if n + 2 * p >= m for k in kernels[m]]
    return [dict(zip(names, each, strict=True)) for each in cases]


def test_singular_values_and_response_are_numpys(mount, page, matrices):
    mount(ToeplitzExplorer())
    assert len(matrices) > 1200
    for case, (singular, response) in zip(matrices, page.evaluate(SINGULAR, matrices), strict=True):
        explorer = ToeplitzExplorer(**case)
        np.testing.assert_allclose(singular, explorer.singular_values, rtol=0, atol=1e-12 * 36)
        np.testing.assert_allclose(response, explorer.response, rtol=0, atol=1e-12 * 36)


def test_the_matrix_its_transpose_and_both_plots_are_the_librarys(mount, page, matrices):
    mount(ToeplitzExplorer())
    cases = matrices[::2]
    for case, seen in zip(cases, page.evaluate(SHOWN, cases), strict=True):
        explorer = ToeplitzExplorer(**case)
        rows, columns = explorer.A.shape
        assert np.reshape(seen["entries"], (rows, columns)).tolist() == explorer.A.tolist()
        assert np.reshape(seen["transposed"], (columns, rows)).tolist() == explorer.A.T.tolist()
        sampled = explorer.response
        np.testing.assert_allclose(seen["circles"], explorer.singular_values, atol=1e-9)
        np.testing.assert_allclose(seen["diamonds"], np.sort(sampled)[::-1], atol=1e-9)
        np.testing.assert_allclose(seen["samples"], sampled[: len(sampled) // 2 + 1], atol=1e-9)
        rank = np.linalg.matrix_rank(explorer.A)
        assert f"A is {rows} × {columns} with rank {rank}: " in seen["words"]
        in_words = " ".join(f"{value:.2f}" for value in explorer.singular_values)
        assert f"Singular values of A: {in_words}A is" in seen["words"]


def test_a_later_entry_of_the_kernel_is_darker_and_of_one_shade_in_every_matrix(mount, page):
    strengths = """() => [...el.querySelectorAll(".mark.entry")]
        .map((mark) => [Number(mark.textContent), Number(mark.style.getPropertyValue("--strength"))])"""
    shades = []
    for kind in (ToeplitzExplorer, TransposedExplorer):
        mount(kind(k=[5, 6, 7, 8]))
        shades += page.evaluate(strengths)
    shade = dict(map(tuple, shades))
    assert {tuple(each) for each in shades} == set(shade.items())
    assert sorted(shade) == [5, 6, 7, 8] and sorted(shade, key=shade.get) == [5, 6, 7, 8]
    assert shade[8] == 1
