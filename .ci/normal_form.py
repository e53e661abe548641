"""How `make notebooks` runs nbconvert: execute in place and keep nothing that differs from run to run."""

import json

import nbformat
from nbconvert.preprocessors import Preprocessor

STATE = "application/vnd.jupyter.widget-state+json"


class NumberWidgets(Preprocessor):
    """Widgets get random ids: number them as they appear in the page, and drop those that it never shows."""

    def preprocess(self, nb, resources):
        if saved := nb.metadata.get("widgets", {}).get(STATE):
            state, names, shown = saved["state"], {}, [nb.cells]
            for part in shown:  # which grows: a widget that is shown shows others
                text = json.dumps(part)
                new = sorted((i for i in state if i in text and i not in names), key=text.index)
                names |= {i: f"widget-{len(names) + j}" for j, i in enumerate(new, 1)}
                shown += [state[i] for i in new]
            saved["state"] = {i: state[i] for i in names}
            text = nbformat.writes(nb)
            for i, name in names.items():
                text = text.replace(i, name)
            nb = nbformat.reads(text, 4)
        return nb, resources


c = get_config()  # noqa: F821, nbconvert's own
c.NbConvertApp.export_format = "notebook"
c.NbConvertApp.use_output_suffix = False
c.FilesWriter.build_directory = ""
c.ExecutePreprocessor.enabled = True
# Prints may arrive in one piece or several: join them, after the execution.
c.NotebookExporter.preprocessors = ["nbconvert.preprocessors.CoalesceStreamsPreprocessor", NumberWidgets]
c.ClearMetadataPreprocessor.enabled = True
c.ClearMetadataPreprocessor.preserve_nb_metadata_mask = {"kernelspec", "widgets"}
c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = {"nbgrader", "tags"}
