"""Settings of nbconvert for `make notebooks`: execute in place, keep nothing that another run changes."""

import nbformat
from nbconvert.preprocessors import Preprocessor

from tconv_helpers.exercises.edition import ANSWER, FOLDED, WIDGETS, shown_widgets

BLANK, PICTURED = " \n", {"text/html", "text/latex"}


class NumberWidgets(Preprocessor):
    """Widgets get random ids: number them as they appear in the page, and drop those that it never shows."""

    def preprocess(self, nb, resources):
        if saved := nb.metadata.get("widgets", {}).get(WIDGETS):
            state = saved["state"]
            names = {i: f"widget-{j}" for j, i in enumerate(shown_widgets(nb.cells, state), 1)}
            saved["state"] = {i: state[i] for i in names}
            text = nbformat.writes(nb)
            for i, name in names.items():
                text = text.replace(i, name)
            nb = nbformat.reads(text, 4)
        return nb, resources


class FoldAnswers(Preprocessor):
    """An output that answers a question is folded, whoever ran the cell last.

    JupyterLab shows the first line of what is folded: here, one that holds a blank (figures begin with one).
    """

    def preprocess_cell(self, cell, resources, index):
        if ANSWER in cell.metadata.get("tags", []):
            cell.metadata.update(FOLDED)
            for output in cell.outputs[:1]:
                if output.output_type == "stream":
                    output.text = BLANK + output.text
                elif not PICTURED & output.data.keys():
                    output.data["text/plain"] = BLANK + output.data["text/plain"]
        return cell, resources


c = get_config()  # noqa: F821, nbconvert's own
c.NbConvertApp.export_format = "notebook"
c.NbConvertApp.use_output_suffix = False
c.FilesWriter.build_directory = ""
c.ExecutePreprocessor.enabled = True
c.ExecutePreprocessor.startup_timeout = c.ExecutePreprocessor.iopub_timeout = 600  # on a busy machine, too
# Prints may arrive in one piece or several: join them, after the execution.
joined = "nbconvert.preprocessors.CoalesceStreamsPreprocessor"
c.NotebookExporter.preprocessors = [joined, NumberWidgets, FoldAnswers]
c.ClearMetadataPreprocessor.enabled = True
c.ClearMetadataPreprocessor.preserve_nb_metadata_mask = {"kernelspec", "language_info", "widgets"}
c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = {"nbgrader", "slideshow", "tags"}
