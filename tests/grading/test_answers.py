"""Each right solution passes `check`, each wrong one is named and no other, mutants are rejected."""

import json
import re
from collections import Counter

import numpy as np
import pytest
from mutants import mutants

from tconv_helpers.exercises.checking import diagnose
from tconv_helpers.exercises.quizzes import quizzes, unseal
from tconv_helpers.exercises.table import exercises
from tconv_helpers.exercises.values import LinearMap, show
from tconv_helpers.exercises.verdicts import same
from tconv_helpers.grading import answers
from tconv_helpers.grading.answers import result_of

ANSWERS, MASTERS = answers.answers_by_name(), answers.masters()
FOLDER = answers.ROOT / "tconv_helpers/exercises"
RIGHT = [(name, f) for name, a in ANSWERS.items() for f in [MASTERS[name].solution(), *a.rights]]
WRONG = [(name, w) for name, a in ANSWERS.items() for w in a.wrongs]


def ids(part):
    return part if isinstance(part, str) else getattr(part, "name", getattr(part, "__name__", None))


def test_there_are_as_many_as_the_course_promises():
    each = Counter(master.notebook for master in MASTERS.values())
    assert len(each) == 8 and min(each.values()) >= 3 and each.total() >= 24
    assert len(WRONG) >= 100
    assert all(len(a.rights) >= 2 for a in ANSWERS.values())
    asked = Counter(name.split("-")[0] for name in quizzes())
    assert len(asked) == 8 and min(asked.values()) >= 4


def test_answers_and_masters_are_of_the_same_exercises():
    assert set(ANSWERS) == set(MASTERS) and list(MASTERS) == list(exercises())


def test_the_tables_are_those_of_these_answers():
    """`make notebooks` writes them."""
    for name, rows in {"table": answers.table(), "quizzes": answers.quizzes()}.items():
        written = FOLDER.joinpath(f"{name}.json").read_text(encoding="utf-8")
        assert written == answers.as_json_lines(rows) + "\n"
        assert json.loads(written) == rows


@pytest.mark.parametrize("name, function", RIGHT, ids=ids)
def test_a_right_solution_is_right(name, function):
    verdict = diagnose(function, exercises()[name])
    assert verdict.right, verdict


@pytest.mark.parametrize("name, wrong", WRONG, ids=ids)
def test_a_misconception_is_named_and_no_other(name, wrong):
    verdict = diagnose(wrong.function, exercises()[name])
    assert (verdict.right, verdict.misconception) == (False, wrong.name)
    assert wrong.name in verdict.sentence and verdict.hint == wrong.hint != ""
    results = [result_of(wrong.function, inputs) for inputs in exercises()[name].inputs]
    alike = [m.name for m in exercises()[name].misconceptions if all(map(same, m.results, results))]
    assert alike == [wrong.name]


@pytest.mark.parametrize("name", ANSWERS)
def test_inputs_are_at_least_eight_and_the_smallest_comes_first(name):
    sizes = [len(answers.written(inputs)) for inputs in exercises()[name].inputs]
    assert len(sizes) >= 8
    assert sizes == sorted(sizes)


def examples(name):
    """Return a statement's text and its examples: the inputs yielded first, one for each "give(s)"."""
    text = re.sub(r"[*`\s]+", " ", MASTERS[name].statement).partition("Example:")[2]
    _, *given = re.split(r"\bgives? ", text)
    made = list(ANSWERS[name].make_inputs(np.random.default_rng(answers.SEED)))
    return text, list(zip(given, made[: len(given)], strict=True))


# what a statement does not print as `show` does
IN_PART = {"icnr_start": lambda weight_and_bias: weight_and_bias[1]}
IN_WORDS = {"matrix_of", "dot_gap"}  # their functions
WITHOUT_NAMES = {"is_toeplitz", "to_torch", "board_energy"}


@pytest.mark.parametrize("name", MASTERS)
def test_the_examples_of_a_statement_are_inputs_and_right(name):
    text, found = examples(name)
    assert found
    for said, inputs in found:
        result = result_of(MASTERS[name].solution(), inputs)
        result = show(IN_PART.get(name, lambda whole: whole)(result))
        said = said.removeprefix("the bias ")
        assert said.startswith(result) and not re.match(r"\w|\.\d", said[len(result) :]), (said, result)
    for parameter, value in zip(exercises()[name].parameters, found[0][1], strict=True):
        if isinstance(value, LinearMap):
            assert name in IN_WORDS
        else:
            written = show(value).replace("'", '"')
            assert (written if name in WITHOUT_NAMES else f"{parameter} = {written}") in text


# which parts of a result must have fractions, where not all can
ENOUGH = {
    "claim_holds": lambda parts: True,  # True or False has none
    "icnr_start": any,  # each part depends on one argument alone
}


def has_fractions(value):
    return isinstance(value, np.ndarray | float) and bool(np.any(np.mod(value, 1)))


@pytest.mark.parametrize("name", MASTERS)
def test_each_array_argument_is_once_of_integers_where_another_brings_fractions(name):
    """Else an array made with that argument's dtype would pass."""
    exercise = exercises()[name]
    arrays = [i for i, value in enumerate(exercise.inputs[0]) if isinstance(value, np.ndarray)]
    for place in arrays if len(arrays) > 1 else []:
        mixed = [
            result if isinstance(result, tuple) else (result,)
            for inputs, result in zip(exercise.inputs, exercise.results, strict=True)
            if inputs[place].dtype.kind == "i" and any(has_fractions(inputs[i]) for i in arrays)
        ]
        enough = ENOUGH.get(name, all)
        assert any(enough([*map(has_fractions, parts)]) for parts in mixed), exercise.parameters[place]


def test_mutants_of_the_solutions_are_rejected():
    """Above 99 % of those that compute another function; which those are, 40 times as many inputs tell."""
    tried, rejected, equal, survivors = 0, 0, 0, []
    for name, master in MASTERS.items():
        make, right = ANSWERS[name].make_inputs, master.solution()
        fresh = [inputs for seed in range(1, 41) for inputs in make(np.random.default_rng(seed))]
        expected = [result_of(right, inputs) for inputs in fresh]
        for what, source in mutants(master.source):
            namespace = {"np": np}
            exec(source, namespace)
            mutant = namespace[name]
            tried += 1
            if not diagnose(mutant, exercises()[name], seconds=1).right:
                rejected += 1
            elif all(same(result_of(mutant, i), e) for i, e in zip(fresh, expected, strict=True)):
                equal += 1
            else:
                survivors.append(f"{name}, {what}")
    other = tried - equal
    rate = f"{rejected} of {other} rejected: {rejected / other:.2%}"
    print(f"{tried} mutants, {equal} of them the same function; {rate}")
    assert tried > 500
    assert rejected > 0.99 * other, survivors


def test_each_quiz_has_one_right_answer_and_a_reason_for_every_wrong_one():
    for name, row in answers.quiz_sources().items():
        reasons = {**row.get("choices", {}), **row.get("numbers", {})}
        assert sum(why.startswith("Right") for why in reasons.values()) == 1, name
        assert all(len(why) > 20 for why in reasons.values()), name
        assert ("choices" in row) != ("numbers" in row) and ("numbers" in row) == ("otherwise" in row), name
        assert not quizzes()[name]["choices"] or len(reasons) >= 3, name
        for answer, why in reasons.items():
            assert unseal(name, answer, quizzes()[name]["sealed"]) == why


@pytest.mark.parametrize("name", MASTERS)
def test_the_worked_case_is_right_and_of_other_numbers(name):
    """And no hint holds a line of the solution."""
    idea, worked, given, result = (
        answers.hints()[name][part] for part in ("idea", "worked", "given", "result")
    )
    inputs = eval(given, {"np": np, "LinearMap": LinearMap})
    shown = show(result_of(MASTERS[name].solution(), inputs))
    assert f"`{result}`" in worked and result == shown
    assert answers.written(inputs) not in map(answers.written, exercises()[name].inputs)
    assert exercises()[name].hints == [idea, worked]
    lines = [line.strip() for line in MASTERS[name].source.splitlines() if len(line.strip()) > 12]
    assert not [line for line in lines[1:] if line in idea or line in worked]
    assert all(40 < len(text) <= 420 for text in (idea, worked))
