"""Small changes to a function's source, one at a time: an operator, a bound, an index, a statement."""

import ast
from copy import deepcopy

SWAPS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Add],
    ast.FloorDiv: [ast.Mult],
    ast.Div: [ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.MatMult: [ast.Mult],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
}


def mutants(source):
    """Yield (what was changed, the source with that change) for every small change to a function's source."""
    whole = ast.parse(source)
    seen = {ast.unparse(whole)}
    for place, unchanged in enumerate(ast.walk(whole)):
        for change in range(min(8, len(list(_options(whole, unchanged))))):
            tree = ast.parse(source)
            node = list(ast.walk(tree))[place]
            what, act = list(_options(tree, node))[change]
            act()
            text = ast.unparse(ast.fix_missing_locations(tree))
            if text not in seen:
                seen.add(text)
                yield f"line {getattr(node, 'lineno', '?')}: {what}", text


def _options(tree, node):
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef))
    for field in ("op", "ops"):
        old = getattr(node, field, None)
        old = old[0] if isinstance(old, list) else old
        for new in SWAPS.get(type(old), []):
            value = [new(), *node.ops[1:]] if field == "ops" else new()
            yield f"{type(old).__name__} to {new.__name__}", lambda f=field, v=value: setattr(node, f, v)
    match node:
        case ast.AugAssign():
            yield "+= to =", lambda: becomes(tree, node, ast.Assign([deepcopy(node.target)], node.value))
        case ast.Constant(value=int()) if not isinstance(node.value, bool):
            for step in (1, -1):
                yield (
                    f"{node.value} to {node.value + step}",
                    lambda s=step: setattr(node, "value", node.value + s),
                )
        case ast.Name(ctx=ast.Load()):
            names = [arg.arg for arg in function.args.args]
            if node.id in names:
                for other in names:
                    yield f"{node.id} to {other}", lambda o=other: setattr(node, "id", o)
        case ast.Slice():
            for part in ("lower", "upper", "step"):
                if getattr(node, part) is not None:
                    yield f"{part} dropped", lambda p=part: setattr(node, p, None)
        case ast.UnaryOp(op=ast.USub()):
            yield "minus dropped", lambda: setattr(node, "op", ast.UAdd())
        case ast.Call() if len(node.args) > 1:
            yield "arguments swapped", lambda: node.args.__setitem__(slice(0, 2), node.args[1::-1])
        case ast.Call(func=ast.Name("range")) if len(node.args) == 1:
            more = ast.BinOp(node.args[0], ast.Sub(), ast.Constant(1))
            yield "argument less 1", lambda: node.args.__setitem__(0, more)
        case ast.FunctionDef() | ast.For() | ast.If() | ast.While() if len(node.body) > 1:
            for number, line in enumerate(node.body):
                if not isinstance(line, ast.Return):
                    yield f"`{ast.unparse(line)[:30]}` dropped", lambda n=number: node.body.pop(n)


def becomes(tree, old, new):
    """Put another node in the place of one, be it a field of its parent or in a list of them."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and old in value:
                value[value.index(old)] = new
