"""The one input that feedback shows where an answer is wrong: drawn for showing, it counts for nobody."""

from ..exercises.values import show
from ..exercises.verdicts import error_name, line_of_evidence, same
from .sandbox.run import Failed
from .score import generator, key, plain

TRIED = 4  # inputs: each takes time from the student's budget


def draw_to_show(drawn, seed, student):
    """Return a few small inputs to try for a student, none of which is among the `drawn`, which count."""
    from .answers import written

    rng, answers = generator(seed, student, drawn.question.name, "to show"), drawn.question.answers
    made = [each for make in (answers.make_inputs, answers.make_unseen) if make for each in make(rng)]
    counted = set(map(key, drawn.inputs))
    free = (each for each in made if key(each) not in counted)
    return sorted(free, key=lambda inputs: len(written(inputs)))[:TRIED]


def find_counterexample(question, shown, values):
    """Return the lines that tell the first of some inputs on which a value is wrong: [] if there is none.

    The wrong value is not told: a function could return there the inputs that count, which it saw before.
    """
    from .answers import result_of

    solution = question.master.solution()
    for inputs, value in zip(shown, map(plain, values), strict=False):
        wanted = result_of(solution, inputs)
        if isinstance(value, Failed) or error_name(value) == "NotImplementedError":
            return []  # the verdict says it all
        if not same(value, wanted):
            names = solution.__code__.co_varnames
            given = ", ".join(f"{name} = {show(each)}" for name, each in zip(names, inputs, strict=False))
            return [line_of_evidence("input", given), line_of_evidence("expected", show(wanted))]
    return []
