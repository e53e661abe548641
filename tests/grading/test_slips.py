"""Half of the points are for those misconceptions that are wrong in a corner, and for no others."""

import pytest

from tconv_helpers.grading.answers import masters, result_of
from tconv_helpers.grading.score import HALF, draw, load_assignment, score

BOOKS = sorted({master.notebook for master in masters().values()})
SEEDS = [b"a", b"b", b"c", b"d"]
# Why half -> exercise -> misconceptions that get it for some students or for all
SLIPS = {
    "wrong where a number has a fraction, or is large: right with the small whole numbers of the page": {
        "by_phases": {
            "fractions are cut off",
        },
        "chain_parameters": {
            "a large number overflows",
        },
        "conv_by_kernel": {
            "fractions are cut off",
        },
        "dk_by_loops": {
            "fractions are cut off",
        },
        "dx_by_loops": {
            "fractions are cut off",
        },
        "matrix_of": {
            "fractions are cut off",
        },
        "merged_kernel": {
            "fractions are cut off",
        },
        "settings_matrix": {
            "fractions are cut off",
        },
        "shuffle": {
            "fractions are cut off",
        },
        "split_kernel": {
            "fractions are compared exactly",
        },
        "stamp": {
            "fractions are always cut off",
            "fractions are cut off where x holds whole numbers",
        },
        "stamp_2d": {
            "fractions are cut off",
        },
        "strided_dx": {
            "fractions are cut off",
        },
        "toeplitz_matrix": {
            "fractions are cut off",
        },
        "transpose_times": {
            "fractions are cut off",
        },
        "zero_insert": {
            "fractions are cut off",
        },
    },
    "wrong where padding, or another setting, is 0: right with any other": {
        "crop_stamps": {
            "nothing is left when padding is 0",
        },
        "repaired": {
            "nothing is left when padding is 0",
        },
        "transpose_times": {
            "nothing is left when padding is 0",
        },
        "wanted_output_padding": {
            "it returns None instead of 0",
        },
    },
    "wrong at a bound of the settings: right within": {
        "design_chain": {
            "an odd size is halved and rounded",
            "at an odd size the first kernel gets too large",
        },
        "inputs_behind": {
            "a place that no stamp reaches gets inputs all the same",
            "samples that were cropped between the layers count as well",
        },
        "outputs_reached": {
            "the kernel reaches one sample too far",
        },
        "port_same": {
            "m < s is treated like m > s",
            "the missing zeros are split between both sides",
            "where m < s, only half of the missing samples are appended, rounded up",
            "where m < s, output_padding is s − 1 and the rest is dropped",
        },
        "wanted_output_padding": {
            "an output_padding below the dilation is let through",
            "it returns a number equal to the stride instead of None",
            "only an output_padding of 0 is found, as if no other were tried",
            "it returns only half, as if output_padding were added at both ends",
        },
        "zero_insert": {
            "it fails, or loses the samples, when m = 1",
        },
    },
    "wrong where nothing would be left, or below the first place: right wherever there is an output": {
        "inputs_behind": {
            "places outside the signal are listed",
        },
        "output_size": {
            "a kernel that does not fit may give a negative size",
            "a kernel that is too long by less than the stride gives one output, not none",
        },
        "outputs_reached": {
            "it also lists outputs after the last one",
            "negative numbers are in the list",
        },
        "shared_sizes": {
            "a size of 0 is listed where it fits",
            "signals too short for the kernel are listed, as if a negative number were rounded towards 0",
            "sizes below 1 are listed",
        },
        "transposed_size": {
            "a negative number of outputs is returned where nothing is left",
        },
    },
    "wrong for a matrix or kernel of a special form: right for all others": {
        "lost_dimensions": {
            "a singular square matrix is taken to lose exactly one dimension",
            "it is n minus the number of rows, at least 0, as if rows never depended on each other",
        },
        "split_kernel": {
            "the answer is as if only the four corners of k were tested",
            "no pair is found where k[0, 0] is 0",
            "the answer is as if only the sum of all entries were compared",
        },
    },
    "wrong where one part is longer than another, or one step hides the next: right elsewhere": {
        "exact_shift": {
            "only the whole chain is looked at, not the steps between",
            'the input\'s shift is the product of all "down" strides, which can be too large',
        },
        "next_piece": {
            "what is left of the old `ringing` after sn outputs is added at the end of the new one",
            "what is left of the old `ringing` after sn outputs is lost",
        },
    },
    "wrong in one of the cases that the statement lists: right in the others": {
        "dot_gap": {
            "it is 0 as soon as one side is 0",
        },
        "to_torch": {
            "the axes of the weight from ONNX change places, too",
        },
    },
}


@pytest.mark.parametrize("book", BOOKS)
def test_half_is_for_slips(book):
    slips = {(name, wrong) for each in SLIPS.values() for name, all_of in each.items() for wrong in all_of}
    questions = load_assignment(book).questions
    drawn = {name: [draw(question, seed, "ann") for seed in SEEDS] for name, question in questions.items()}
    got = {
        (name, wrong.name): {share(each, wrong) for each in drawn[name]}
        for name, question in questions.items()
        for wrong in question.answers.wrongs
    }
    assert all(shares <= {0, HALF} for shares in got.values())
    halves = {each for each, shares in got.items() if HALF in shares}
    assert halves == {(name, wrong) for name, wrong in slips if name in questions}


def share(drawn, wrong):
    """Return the share of the points that a misconception gets for the inputs of a seed."""
    row = score(drawn, [result_of(wrong.function, each) for each in drawn.inputs])
    return row["points"] / row["of"]
