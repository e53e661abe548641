"""Modules that a graded answer may import: NumPy, and of the standard library what a sandbox has."""

import dis
import inspect
import sys
from contextlib import suppress
from types import CodeType, FunctionType, MethodType, ModuleType

# Extension modules that are of no use without a display, a terminal or a network -> what needs them.
LEFT_OUT = {
    "_tkinter": {"tkinter", "turtle"},
    "_curses": {"curses"},
    "_curses_panel": set(),
    "readline": {"readline"},
    "nis": {"nis"},
    "_ssl": {"ssl"},
}
AVAILABLE = ({"numpy"} | sys.stdlib_module_names).difference(LEFT_OUT, *LEFT_OUT.values())
CODE = (FunctionType, MethodType, staticmethod, classmethod, property)
RULE = "what grades has NumPy and Python's own library only"


def unavailable(function, own="__main__"):
    """Return the names of the modules that a function uses and no sandbox has, sorted; nothing is called.

    own : the name of the notebook's module, whose functions and classes are looked into as well.

    >>> import markdown_it, numpy, math
    >>> def length(text): return numpy.log(len(markdown_it.MarkdownIt().render(text))) / math.pi
    >>> unavailable(length, __name__)
    ['markdown_it']
    """
    ours, homes, seen, todo = {own, "__main__"}, set(), [], [function]
    while todo:
        value = todo.pop()
        if not any(value is each for each in seen):
            seen.append(value)
            homes.add(home := _home(value))
            todo.append(inspect.getattr_static(value, "__wrapped__", None))
            # Without a `__name__`, as under exec, a function is from `builtins` or from nowhere.
            if home in ours or (isinstance(value, CODE) and home in ("builtins", None)):
                todo += _used(value)
    return sorted({home.partition(".")[0] for home in homes - ours - {None}} - AVAILABLE)


def _home(value):
    """Return the name of the module that a value is, or is from."""
    if isinstance(value, ModuleType):
        return value.__name__
    if isinstance(value, type | FunctionType | MethodType | type(len)):
        return value.__module__
    return type(value).__module__


def _used(value):
    """Yield what a function, a class or a value of the notebook's own is made of."""
    match value:
        case FunctionType():
            yield from _named(value.__code__, value.__globals__)
            yield from value.__defaults__ or ()
            yield from inspect.get_annotations(value).values()
            for cell in value.__closure__ or ():
                with suppress(ValueError):  # of a name that has no value yet
                    yield cell.cell_contents
        case MethodType() | staticmethod() | classmethod():
            yield value.__func__
        case property():
            yield value.fget
        case type():
            yield from (*value.__bases__, *vars(value).values())
        case _:
            yield type(value)


def _named(code, space):
    """Yield the values of the global names that code uses, and the modules that it imports."""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval in space:
            yield space[step.argval]
        elif step.opname == "IMPORT_NAME":
            yield ModuleType(step.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _named(constant, space)
