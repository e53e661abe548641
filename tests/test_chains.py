"""Chains of layers: their sizes against PyTorch's, repairs that repair, and text that is none."""

import random

import pytest
import torch
from any_layers import FORMS_OF_A_MODEL, NUMBERS_THAT_DO_NOT_FIT, any_layer
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers import fix_shape
from tconv_helpers.layers import MOST, read_layers

CHAINS = 2000


def by_torch(line, sizes):
    """Return the sizes after a layer as PyTorch itself makes it, None where it refuses or nothing is left."""
    try:
        layer = eval(line, {"nn": torch.nn})  # our own text
        after = tuple(layer(torch.zeros(1, 1, *sizes)).shape[2:])
    except RuntimeError:
        return None
    return after if min(after) else None


def test_sizes_are_torch_s():
    rng, refused, followed = random.Random(0), 0, 0
    for number in range(CHAINS):
        rank = rng.choice([1, 2])
        lines = [any_layer(rng, rank) for _ in range(rng.randint(1, 4))]
        sizes = tuple(rng.randint(1, 12) for _ in range(rank))
        if all(line == "nn.ReLU()" for line in lines):
            continue
        chain = fix_shape(rng.choice(["\n", ",\n", ", "]).join(lines), sizes)
        if rank == 1 or all("Upsample" in line or "ReLU" in line for line in lines):
            assert len(chain.sizes[0]) == rank
        for layer, before, after in zip(chain.layers, chain.sizes, [*chain.sizes[1:], None], strict=False):
            assert by_torch(str(layer), before) == after, (number, lines, sizes)
            followed += after is not None
            refused += after is None
        assert (chain.problem is None) == (len(chain.sizes) == len(chain.layers) + 1)
    assert followed > CHAINS and refused > 100


@given(st.randoms(use_true_random=False), st.integers(1, 30), st.integers(1, 30))
def test_each_repair_leads_to_the_wanted_size(rng, n, wanted):
    lines = [any_layer(rng, 2) for _ in range(rng.randint(1, 3))]
    if all(line == "nn.ReLU()" for line in lines):
        return
    chain = fix_shape("\n".join(lines), n, wanted)
    for repair in chain.repairs:
        if repair.startswith("at the end: y = y[..., "):
            assert min(chain.sizes[-1]) >= wanted
            continue
        repaired = list(lines)
        for part in repair.split("; "):
            line, code = part.removeprefix("line ").split(": ", 1)
            repaired[int(line) - 1] = code
        assert fix_shape("\n".join(repaired), n).sizes[-1] == (wanted, wanted)
    if chain.problem is None and chain.sizes[-1] == (wanted, wanted):
        assert chain.repairs == []


def test_a_decoder_is_led_back_size_by_size():
    down, up = "nn.Conv2d(1, 1, 3, 2, 1)\n", "nn.ConvTranspose2d(1, 1, 3, 2, 1)\n"
    more = "nn.ConvTranspose2d(1, 1, 3, 2, 1, output_padding=1)"
    assert (
        fix_shape(3 * down + 3 * up, 56, 56).repairs[0] == f"line 4: {more}; line 5: {more}; line 6: {more}"
    )
    assert fix_shape(3 * down + 3 * up, 52, 52).repairs[0] == f"line 5: {more}; line 6: {more}"


def test_one_repair_may_differ_from_axis_to_axis():
    chain = fix_shape("nn.ConvTranspose2d(8, 1, 3, 2, 1)", (14, 14), (28, 27))
    assert chain.repairs[0] == "line 1: nn.ConvTranspose2d(8, 1, 3, 2, 1, output_padding=(1, 0))"


@pytest.mark.parametrize("form", FORMS_OF_A_MODEL)
def test_a_model_is_read_in_whatever_form(form):
    assert fix_shape(FORMS_OF_A_MODEL[form], 28).sizes == [(28, 28), (14, 14), (28, 28)]


@pytest.mark.parametrize(
    "line, n, size",
    [  # keras.src.backend.common.backend_utils and keras.src.ops.operation_utils, 3.11
        ("Conv2DTranspose(1, 3, strides=2)", 7, 15),
        ("Conv2DTranspose(1, 1, strides=2)", 7, 14),
        ("Conv2DTranspose(1, 3, strides=2, padding='same')", 7, 14),
        ("Conv2DTranspose(1, 3, strides=2, padding='same', output_padding=0)", 7, 13),
        ("Conv1DTranspose(1, 3, dilation_rate=2)", 7, 11),
        ("Conv2D(1, 3, 2)", 7, 3),
        ("Conv2D(1, 3, 2, 'same')", 7, 4),
        ("MaxPooling2D()", 7, 3),
        ("MaxPooling2D(3, strides=2, padding='same')", 7, 4),
        ("UpSampling2D((2, 2))", 7, 14),
    ],
)
def test_keras_s_rules(line, n, size):
    assert set(fix_shape(line, n).sizes[-1]) == {size}


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "the text must hold a layer"),
        ("\n\nnn.Linear(3, 4)", "got nn.Linear in line 3"),
        ("nn.Conv2d(1, 2, 3", "got one that opens in line 1"),
        ("Conv2d(1, 2, 3)\nConv1d(1, 2, 3)", "got Conv2d and Conv1d"),
        ("x" * (MOST["characters"] + 1), f"at most {MOST['characters']} characters"),
        ("Conv2d(1, 2, 3)\n" * (MOST["layers"] + 1), f"at most {MOST['layers']} layers"),
    ],
)
def test_what_is_no_chain_is_told(text, says):
    with pytest.raises(ValueError, match="must") as told:
        fix_shape(text, 28)
    assert says in str(told.value)


@pytest.mark.parametrize("line, says", NUMBERS_THAT_DO_NOT_FIT)
def test_numbers_that_do_not_fit_are_told_with_what_came_before(line, says):
    chain = fix_shape(f"{line}\nConv2d(1, 1, 1)", 5, 5)
    assert chain.problem.startswith(says)
    assert chain.sizes == [(5,) * len(chain.sizes[0])]


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["Conv2d", "(", ")", ",", "=", "3", "'", "#", "\n", "["]))
)
def test_any_text_is_read_or_told(text):
    text = text if isinstance(text, str) else "".join(text)
    try:
        fix_shape(text, 9, 9)
    except ValueError as told:
        assert "must" in str(told)


def test_nothing_is_run():
    with pytest.raises(ValueError, match="must"):
        fix_shape("print(1) or __import__('os').system('exit 1')", 8)
    assert len(read_layers("nn.Conv2d(exit(), 1, 3)")) == 1
