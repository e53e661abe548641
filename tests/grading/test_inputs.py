"""The inputs of an exercise tell a right solution from one whose values or conditions are changed.

Four exercises here; `make inputs` asks all of them.
"""

import numpy as np
import pytest
from value_mutants import MOST, function_of, proposed, value_mutants

from tconv_helpers.grading import answers

SOURCE = """def f(x, n):
    if n > 2:
        return x[:n] * 2
    return abs(x)"""


def test_values_are_changed_and_conditions_shifted_and_decided():
    changed = dict(value_mutants(SOURCE))
    x = np.array([-1.5, 20, 3000, 0])
    for what, n, result in [
        ("line 2: limit +1 of `n > 2`", 3, [1.5, 20, 3000, 0]),
        ("line 2: always True of `if n > 2:\n    return x[:n] * 2`", 1, [-3]),
        ("line 3: to_1000 of `x`", 3, [-3, 40, 2000]),
        ("line 3: cut of `x[:n] * 2`", 3, [-3, 40, 6000]),
        ("line 4: without_last_zeros of `x`", 1, [1.5, 20, 3000]),
    ]:
        assert function_of("f", changed[what])(x, n).tolist() == result
    assert len(changed) > 80


@pytest.mark.parametrize("name", ["is_toeplitz", "even_phases", "merged_kernel", "blocked_matrix"])
def test_hardly_a_change_survives_that_some_input_would_tell(name):
    survivors, inputs = proposed(name, seeds=1)
    assert len(survivors) <= MOST * len(list(value_mutants(answers.masters()[name].source))), inputs
