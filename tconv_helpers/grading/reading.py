"""Read a hand-in in a process of its own, under limits: what a stranger wrote can cost nobody else anything.

That process has the standard library, and IPython to tell what a magic is. Its answer is believed, since it
runs nothing of what it reads.
"""

import json
import resource
import signal
import subprocess
import sys
import sysconfig
from dataclasses import asdict
from pathlib import Path

from ..exercises.notebook import Refused, read_notebook
from .owncode import DEFINITION, OwnCode, own_code, parse_cell
from .trees import shapes
from .words import words_in

CPU = 10  # seconds, whoever else keeps the machine busy
WALL = 20 * CPU
MEMORY = 2**30  # bytes of address space
# The package by its path alone: to import it by its name would import NumPy as well.
START = (
    "import sys, types; course = types.ModuleType('tconv_helpers'); course.__path__ = sys.argv[1:2]; "
    "sys.path += sys.argv[2:]; "
    "sys.modules['tconv_helpers'] = course; from tconv_helpers.grading.reading import main; main()"
)
COMMAND = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", START, str(Path(__file__).parents[1])]
COMMAND += [sysconfig.get_path("purelib")]  # where IPython is, for cells that only it understands
TOO_MUCH = "The notebook needs more {} to be read than the grader gives: is there a cell that should not be?"


def read_own_code(data, released, names, homes, *, words=()):
    """Return the `OwnCode` in the bytes of a notebook; Refused, in the words that its student reads.

    released, names : as `own_code` takes them. homes : {exercise: notebook} of the whole course. words :
    grade_ids of the cells that a person grades.
    """
    return OwnCode(**_ask("code", data, released=released, names=names, homes=homes, words=words))


def read_shapes(data, released, names, homes):
    """Return {exercise: `trees.shapes` of the cell that defines it} in a notebook's bytes; or Refused."""
    return _ask("shapes", data, released=released, names=names, homes=homes)


def _ask(what, data, *, released, names, homes, words=()):
    """Return what the process below makes of a notebook."""
    asked = {"what": what, "released": sorted(released), "names": names, "homes": homes}
    asked = json.dumps({**asked, "words": list(words), "cpu": CPU, "memory": MEMORY}).encode() + b"\n"
    try:
        done = subprocess.run(COMMAND, input=asked + data, capture_output=True, timeout=WALL, env={})
    except subprocess.TimeoutExpired:
        raise Refused(TOO_MUCH.format("time")) from None
    if done.returncode > 0:
        raise RuntimeError(done.stderr.decode(errors="replace")[-300:])
    if done.returncode:  # a signal: the limit of its CPU time, or the parser ran out of its stack
        raise Refused(TOO_MUCH.format("time" if done.returncode == -signal.SIGXCPU else "memory"))
    match json.loads(done.stdout):
        case str(reason):
            raise Refused(reason)
        case answer:
            return answer


def _require_exercises(cells, names, homes):
    """Raise Refused for a notebook without any of these exercises, with what it is instead."""
    found = [name for kind, text in cells if kind == "code" for name in DEFINITION.findall(text)]
    elsewhere = [homes[name] for name in found if name in homes]
    if not any(text.strip() for _, text in cells):
        raise Refused("The notebook has no cells: was it saved before it was handed in?")
    if elsewhere and not set(names).intersection(found):
        raise Refused(f"This is notebook {elsewhere[0]}, and not {homes[names[0]]}: hand in that one.")
    if not any(name in text for name in names for _, text in cells):
        raise Refused(f"The notebook holds none of the exercises of {homes[names[0]]}: hand in that one.")


def _shapes(code):
    """Return {exercise: shapes} of what is defined in an OwnCode."""
    return {name: shapes(parse_cell(source)[1]) for name, source in code.definitions.items()}


def main():
    """Read one request, and print its answer: what was asked for, or the sentence of a refusal."""
    asked = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    _, most = resource.getrlimit(resource.RLIMIT_CPU)  # a hard limit would kill without saying why
    resource.setrlimit(resource.RLIMIT_CPU, (asked["cpu"], most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        data = sys.stdin.buffer.read()
        book = read_notebook(data)
        cells = [(cell["cell_type"], cell["source"]) for cell in book]
        _require_exercises(cells, asked["names"], asked["homes"])
        code = own_code(cells, set(asked["released"]), asked["names"])
        code.words = words_in(book, asked["words"])
        answer = asdict(code) if asked["what"] == "code" else _shapes(code)
    except Refused as reason:
        answer = str(reason)
    except MemoryError:
        answer = TOO_MUCH.format("memory")
    print(json.dumps(answer))
