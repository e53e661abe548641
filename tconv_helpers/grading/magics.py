"""Rewrite as plain Python what IPython alone reads: magics, shell lines, pasted prompts, an indented cell.

IPython's own transformations turn a cell into calls; what such a call would run in the notebook stays, what
it would do besides (a shell, a picture, a help page) goes. Nothing is run.
"""

import ast
import re

# IPython reads the whole cell again for each line that it transforms.
MAX_SOURCE, MAX_LINES = 20_000, 50
ITS_OWN = re.compile(r"[ \t]*(?:[%!?,;/]|.*(?:\?[ \t]*$|=[ \t]*[%!]))")
RUN_LINE, RUN_CELL = {"time", "prun"}, {"time", "prun", "capture"}  # magics that run code where the cell is
PYLAB = "import numpy\nimport numpy as np\nfrom numpy import *"


def plain_python(source):
    """Return a cell as (plain Python, its tree); SyntaxError or ValueError if IPython has none either.

    >>> print(plain_python("%time y = 2\\nfiles = !ls\\n!pip install torch")[0])
    y = 2
    files = None
    pass
    >>> print(plain_python("%%time\\ndef f():\\n    return 1")[0])
    def f():
        return 1
    """
    if "\0" in source:  # of which the tokenizer of Python 3.12 leaves an error that comes up anywhere later
        raise ValueError("source code must not contain null bytes")
    its_own = sum(1 for line in source.splitlines() if ITS_OWN.match(line))
    if len(source) > MAX_SOURCE or its_own > MAX_LINES:
        raise SyntaxError("more lines of IPython's than it can be asked about")
    from IPython.core.inputtransformer2 import TransformerManager

    tree = ast.parse(TransformerManager().transform_cell(source))
    tree = ast.fix_missing_locations(_WithoutIPython().visit(tree))
    return ast.unparse(tree), tree


class _WithoutIPython(ast.NodeTransformer):
    """Put what a magic runs in the place of the call that IPython made of it."""

    def visit_Expr(self, node):
        """Put the statements that a magic runs in its place; any other call of IPython's goes."""
        match _called(node.value):
            case "run_line_magic", ["pylab", *_]:
                return ast.parse(PYLAB).body
            case "run_line_magic", [name, line] if name in RUN_LINE:
                return _body(line)
            case "run_cell_magic", [name, _, body] if name in RUN_CELL:
                return _body(body)
            case None:
                return self.generic_visit(node)
        return ast.Pass()

    def visit_Call(self, node):
        """Keep the value of `%time f(x)` where one is asked for; no other magic has one."""
        match _called(node):
            case "run_line_magic", [name, line] if name in RUN_LINE:
                return ast.parse(line, mode="eval").body
            case None:
                return self.generic_visit(node)
        return ast.Constant(None)


def _called(node):
    """Return (method, its arguments) of a call that IPython made, None for any other."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")), attr=method)):
            if all(isinstance(each, ast.Constant) for each in node.args):
                return method, [each.value for each in node.args]
    return None


def _body(text):
    """Return the statements of a text, in which there may be magics again."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        _, tree = plain_python(text)
    return tree.body or [ast.Pass()]
