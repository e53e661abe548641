"""Let the course's names fetch what they need: a kernel in a browser runs this before its first cell.

The kernel fetches the packages that a cell itself imports. ``from tconv_helpers import draw_conv`` imports
Matplotlib further down: so the modules that a cell's names are from are tried first, and what they lack is
fetched.
"""


def _watch_imports():
    import ast
    import json
    import re
    from importlib import import_module
    from importlib.util import find_spec
    from pathlib import Path

    from IPython import get_ipython
    from pyodide_js import loadPackage, loadPackagesFromImports

    def modules(lines):
        """Return the modules of the package that a cell's names are from."""
        try:
            tree = ast.parse("".join(lines))
        except SyntaxError:  # the kernel tells of it, or it is IPython's own
            return set()
        names = {
            each.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "tconv_helpers"
            for each in node.names
        }
        late = import_module("tconv_helpers")._LATE if names else {}
        return {late[name] for name in names & set(late)}

    async def fetch(lines):
        """Fetch what the modules lack; what no browser has, such as PyTorch, the cell's own import tells."""
        for module in modules(lines):
            if module.startswith("generator."):
                await loadPackage("tconv-helpers-data")
            asked = set()
            while missing := lacks(module) - asked:
                asked |= missing
                await loadPackagesFromImports("import " + ", ".join(missing))
                if "matplotlib" in missing:
                    list_fonts()
        return lines

    def list_fonts():
        """Let Matplotlib use the list of its fonts: else it reads all fonts, for seconds."""
        folder = Path(find_spec("matplotlib").origin).parent
        fonts = json.loads((folder / "fontlist.json").read_text())
        fonts["_version"] = int(
            re.search(r"__version__ = (\d+)", (folder / "font_manager.py").read_text())[1]
        )
        for kind in ("afmlist", "ttflist"):  # without those of the machine that made the list
            fonts[kind] = [font for font in fonts[kind] if not font["fname"].startswith("/")]
        (folder / "fontlist.json").write_text(json.dumps(fonts))

    def lacks(module):
        """Return the name of what a module cannot import, as a set."""
        try:
            import_module(f"tconv_helpers.{module}")
        except ModuleNotFoundError as error:
            return {error.name}
        return set()

    get_ipython().kernel.lite_transform_manager.line_transforms.append(fetch)


_watch_imports()
del _watch_imports
