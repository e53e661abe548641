"""What the kernel in a browser runs before its first cell: it lets the course's names fetch what they need.

The kernel fetches the packages that a cell itself imports. ``from tconv_helpers import draw_conv`` imports
Matplotlib further down: so the modules that a cell's names are from are tried first, and what they lack is
fetched.
"""


def _watch_imports():
    import ast
    import logging
    from importlib import import_module

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
        return lines

    def lacks(module):
        """Return the name of what a module cannot import, as a set."""
        try:
            import_module(f"tconv_helpers.{module}")
        except ModuleNotFoundError as error:
            return {error.name}
        return set()

    # Matplotlib would say above the first figure that it reads its fonts
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    get_ipython().kernel.lite_transform_manager.line_transforms.append(fetch)


_watch_imports()
del _watch_imports
