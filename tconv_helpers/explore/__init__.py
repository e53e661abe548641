"""The explorers: figures that a person moves, drawn on the client, their state in traitlets.

To add another, ``Slope`` say, write two files and a line:

- ``slope.py``: a class ``SlopeExplorer(Explorer)`` with ``_esm = stage("slope.js")``, whose state are
  ``Whole`` and ``Wholes`` traits; its results are properties that call the library; ``summary()`` says in words what is to be seen.
- ``slope.js``: ``export default explorer({title, question, sliders, cells, steps, views, draw})``, as in ``backward.js``.
  ``draw(state, stage)`` runs on each change: it fills the views with the marks of ``stage.js``, and returns the
  sentence that is shown and read aloud. What it computes stands in ``operator.js``, in functions without
  a page, which tests/browser/test_operator_js.py compares with the library. An error that it throws is shown.
- its name in ``_LATE`` of ``tconv_helpers/__init__.py``.

The files are joined into one ES module per explorer (``explorer.stage``): no build step, nothing is fetched.
Colours, shapes and widths are in ``explore.css``: an input is a blue square, a kernel entry an orange diamond,
an output a green circle; what is lit has a dark rim, what is cropped is crossed.
"""
