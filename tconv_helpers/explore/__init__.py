"""The explorers, figures that a person moves, and the form of the quizzes: drawn on the client.

Their state is in traitlets. To add another explorer, ``Slope`` say, write two files and name them in three
places:

- ``slope.py``: a class ``SlopeExplorer(Explorer)`` with ``_esm = esm("slope.js")``. Its state are ``Whole``,
  ``Wholes`` and ``Square`` traits, which alone know their bounds; its results are properties that call the
  library, and ``summary()`` says in words what is to be seen. ``u``, or what else is stepped through, is a
  trait like the others.
- ``slope.js``: ``export default explorer({title, question, sliders, cells, steps, views, draw})``; read
  ``backward.js`` first. ``draw(state, stage)`` runs on each change, ``state.at`` being the chosen index: it
  gives marks to ``stage.views.<name>({left, right, bottom, body, alt})`` and returns the lines that are shown
  and read aloud. What it computes stands in files without a page: ``operator.js``, ``plane.js`` for 2-D,
  ``phases.js``, ``singular.js``, ``sinc.js``, ``channels.js``. A RangeError thrown there is shown in place of
  the lines, so it has the library's sentence.
- ``_LATE`` of ``tconv_helpers/__init__.py``, and EXPLORERS of ``tests/explore/test_explorer.py`` and of
  ``tests/browser/test_explorers_in_lab.py``, which then test it; compare its numbers with the library's in
  ``tests/browser/test_operator_js.py``.

The files of a page: ``elements.js`` makes an element, ``words.js`` numbers and letters, ``marks.js`` the SVG
text of a mark, ``controls.js`` sliders, cells and buttons, ``choice.js`` buttons of words, ``views.js`` the
frame of a figure; ``stage.js`` ties them to the state. A new control is one function in ``controls.js``: its
settings give a function of the stage, and that gives ``{element, update(state)}``. It reads its bounds from
``stage.bounds``, which ``Explorer`` sends beside the state, and calls ``stage.set`` with what was moved.

The pictures stand in ``columns``, each the names of its views, and are as large as fits: ``fit.js`` knows
the width and the height there is, and ``scale.js`` keeps one scale while a slider moves, for all that this
slider can lead to. Letters keep their least size, and a longer number is a shade. ``about.js`` says what each
slider is; ``chance.js`` has the random numbers of a seed. The class has ``presets``, states by name.
``tests/browser/test_looks_js.py`` and ``test_controls_js.py`` hold all this.

Back, Play and Step go through the steps of a motion, or through the indices: ``motion.js``, which knows
steps and time alone. A motion is ``{name, count(state), step(state, s, stage)}`` in ``motions``; step s gives
the lines and the views that are other than at rest. In them a mark stands where it ends, and ``from`` says
where it slides in from: the numbers of each step are the operator's, of a part of the input. No motion is in
the state, and whoever changes that sees the whole picture. ``tests/browser/test_motion_js.py`` holds this.

A view of canvases has a size of its own and stands ``beside`` the columns: ``photograph.js`` shows what an
operator makes of the photograph in ``photograph.json``, which ``photograph.py`` reads, too.

What is moved is drawn at once, and the kernel hears of it after the frame that shows it, many moves in one:
its answer would hold the frame up. ``generator/latent.py`` stands there because of torch. It sends all
numbers of a generator once, as bytes, and ``generator.js`` draws with them; its views, ``made`` in
``latent.js``, are of canvases (``sheet.js``), and ``latent.css`` is theirs.

A quiz is ``quizform.py`` and ``quiz.js``; what it asks is in ``exercises/quizzes.py``, whose seal ``seal.js``
opens. Its answers are its state, so that a page that was saved shows them and goes on without a kernel.

``joining.esm`` joins a file and all that it imports into one ES module: no build step, and nothing is
fetched. The joining leaves the import lines out, so no two files may give a name to two things; JSON that is
imported becomes a constant. So ``marks.js`` reads the shapes and states of ``marks.json``: an input is a blue
square, a kernel entry an orange diamond, an output a green circle, and what is cropped is dashed and crossed.
``theme.css`` has the colours of the page and the buttons, ``explore.css`` and ``quiz.css`` all else.
"""
