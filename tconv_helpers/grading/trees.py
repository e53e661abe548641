"""Reduce code to what a copy keeps: the shapes of statements and expressions, whatever things are called.

Standard library only, since strangers' code is parsed in the process of `reading`, under its limits.
"""

import ast
import hashlib

SMALLEST = 5  # nodes; a smaller expression, as `x[i + 1]`, is everybody's
MOST = 2000  # shapes that are kept of one exercise, so that nobody fills the memory
NOT_COMPARED = "annotation", "returns", "type_comment", "ctx", "type_params", "kind"


def shapes(tree):
    """Return a number for each statement and expression of a syntax tree, the same one for the same shape.

    The names of variables and functions of one's own, texts, annotations and docstrings play no part;
    operators, numbers, attributes and what comes from elsewhere do.

    >>> one = shapes(ast.parse("def f(x, k): return sum(x[i] * k[i] for i in range(len(k)))"))
    >>> two = shapes(ast.parse("def g(a, b): 'Sum.'; return sum(a[n] * b[n] for n in range(len(b)))"))
    >>> one == two, len(one)
    (True, 6)
    """
    names, found, nodes = _Names(tree), [], [(tree, None)]
    for place, (node, _) in enumerate(nodes):  # which grows: a stranger may nest too deep for a recursion
        nodes += [(child, place) for child in _children(node) if not _is_text(child)]
    below = [[] for _ in nodes]  # of each node, (size, shape) of those right below it, the last one first
    for place, (node, above) in reversed(list(enumerate(nodes))):
        size = 1 + sum(size for size, _ in below[place])
        label = " ".join([type(node).__name__, names.label(node), *(shape for _, shape in below[place])])
        shape = hashlib.blake2b(label.encode(errors="replace"), digest_size=6).hexdigest()
        if above is not None:
            below[above].append((size, shape))
        if size >= SMALLEST and isinstance(node, ast.stmt | ast.expr):
            found.append(int(shape, 16))
    return found[:MOST]


def _children(node):
    """Yield the nodes right below one, in their order."""
    for field, value in ast.iter_fields(node):
        if field not in NOT_COMPARED:
            yield from (each for each in (value if isinstance(value, list) else [value]) if _is_node(each))


def _is_node(value):
    return isinstance(value, ast.AST)


def _is_text(node):
    """Return True for a docstring, or another text that stands alone."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class _Names:
    """Know which names are code's own, and what the others stand for."""

    def __init__(self, tree):
        self.own, self.modules = set(), {"np": "numpy"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.own.add(node.id)
            elif isinstance(node, ast.arg):
                self.own.add(node.arg)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.own.add(node.name)
            elif isinstance(node, ast.alias) and node.asname:
                self.modules[node.asname] = node.name

    def label(self, node):
        """Return what tells a node from others of its type."""
        if isinstance(node, ast.Name):
            return "" if node.id in self.own else self.modules.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            return node.attr
        if isinstance(node, ast.alias):
            return node.name
        if isinstance(node, ast.Constant):
            text, value = isinstance(node.value, str | bytes), node.value
            return "" if text else f"{value:x}" if isinstance(value, int) else repr(value)
        return node.arg or "" if isinstance(node, ast.keyword) else ""
