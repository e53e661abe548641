"""The explorers' Python side: state, results, refusals, words. tests/browser/ has what is drawn."""

import re

import numpy as np
import pytest

import tconv_helpers
from tconv_helpers import (
    BackwardExplorer,
    CheckerboardExplorer,
    StampExplorer,
    ToeplitzExplorer,
    TransposedExplorer,
    conv_backward,
    conv_matrix,
    conv_transpose,
)
from tconv_helpers.explore import explorer as explore

EXPLORERS = [BackwardExplorer, CheckerboardExplorer, StampExplorer, ToeplitzExplorer, TransposedExplorer]


@pytest.fixture(params=EXPLORERS)
def explorer(request):
    return request.param()


def test_what_is_drawn_is_one_module_that_fetches_nothing(explorer):
    text = explorer._esm + explorer._css
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\(|fetch\(|^import ", text, re.M)
    assert len(re.findall("^export default", text, re.M)) == 1


def test_its_words_are_the_same_each_time(explorer):
    again = type(explorer)()
    assert repr(explorer) == repr(again) and repr(explorer).endswith(".")
    assert explorer._repr_mimebundle_()[0]["text/plain"] == repr(explorer)
    assert not re.search("0x|[0-9a-f]{32}", repr(explorer))


def test_its_state_can_be_given_and_is_what_reset_goes_back_to(explorer):
    state = {name: getattr(explorer, name) for name in explorer.state_names()}
    assert explorer._start == state
    assert type(explorer)(**state)._start == state


def test_an_unknown_name_is_refused(explorer):
    with pytest.raises(TypeError, match=f"^{type(explorer).__name__} has no speed; it has .*k"):
        type(explorer)(speed=3)


def test_every_explorer_is_here():
    made = {name for name, module in tconv_helpers._LATE.items() if module.startswith("explore.")}
    assert made == {each.__name__ for each in EXPLORERS}
    assert all(issubclass(each, explore.Explorer) for each in EXPLORERS)


def test_y_follows_the_state():
    explorer = TransposedExplorer()
    explorer.x, explorer.k = np.array([1, 10, 9]) - 2, (3, -4)
    explorer.stride, explorer.padding, explorer.output_padding, explorer.dilation = 3, 2, 1, 2
    y = conv_transpose([-1, 8, 7], [3, -4], stride=3, padding=2, output_padding=1, dilation=2)
    np.testing.assert_array_equal(explorer.y, y)


def test_dx_is_the_gradient():
    explorer = BackwardExplorer(dy=[2, -1], k=[3, 4, 5])
    explorer.n = 5
    dx, *_ = conv_backward([2, -1, 3], [0] * 5, [3, 4, 5])
    assert explorer.dx.tolist() == dx.tolist()
    with pytest.raises(ValueError, match=r"^dy must be 1 to 7 whole numbers"):
        explorer.n = 2


def test_a_stamp_is_the_adjoint_of_what_it_gathers():
    explorer = StampExplorer(y=[[1, 2], [-3, 4]], k=[[1, 0, 2], [0, 3, 0], [4, 0, 5]], stride=2, padding=1)
    A = conv_matrix(explorer.k, (3, 3), stride=2, padding=1)
    y = np.array(explorer.y)
    assert explorer.conv.ravel().tolist() == (A @ explorer.x.ravel()).tolist()
    assert explorer.stamped.ravel().tolist() == (A.T @ y.ravel()).tolist()
    assert (explorer.conv * y).sum() == (explorer.x * explorer.stamped).sum()
    assert explorer.overlap.tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_an_image_keeps_its_corner_when_it_is_resized():
    explorer = StampExplorer(y=[[5, 6], [7, 8]], k=[[1]])
    explorer.n, explorer.m = 3, 2
    assert explorer.y == ((5, 6, 3), (7, 8, 4), (3, 4, 5))
    explorer.n = 1
    assert (explorer.y, explorer.k, explorer.n, explorer.m) == (((5,),), ((1, 2), (2, 3)), 1, 2)


@pytest.mark.parametrize("value", [[], [1, 2], [[1, 2]], [[1, 2], [3]], [[10]], [["1"]], [[1] * 5] * 5, 3])
def test_an_image_that_is_not_a_small_square_is_refused(value):
    explorer = StampExplorer()
    before = repr(explorer)
    with pytest.raises(ValueError, match=r"^y must be a square of 1 to 4 rows of whole numbers from -9 to 9"):
        explorer.y = value
    assert repr(explorer) == before


def test_singular_values_approach_the_response():
    """The squares of both have one mean where no border cuts the kernel."""
    explorer = ToeplitzExplorer(k=[1, -2, 4], n=10, padding=2)
    square = (explorer.singular_values**2).mean()
    np.testing.assert_allclose([square, (explorer.response**2).mean()], [1 + 4 + 16] * 2)
    explorer.stride, explorer.padding = 3, 0
    np.testing.assert_allclose(explorer.singular_values, explorer.response)  # no two rows meet


def test_the_response_is_the_dft():
    explorer = ToeplitzExplorer(k=[1, 2, 1], n=10, padding=1)
    np.testing.assert_allclose(explorer.response, abs(np.fft.fft([1, 2, 1], 10)), atol=1e-12)
    assert repr(ToeplitzExplorer(n=2)).endswith("; use a smaller kernel or more padding.")


def test_the_kernel_of_ones_leaves_a_board_and_grows_by_ones():
    explorer = CheckerboardExplorer()
    assert explorer.sums.tolist() == [2, 1] and explorer.images.tolist() == [3, 1]
    assert explorer.y.tolist() == [1, 1, *[2, 1] * 7, 1]
    explorer.m = 4
    assert (explorer.k, explorer.sums.tolist()) == ((1, 1, 1, 1), [2, 2])
    assert "; flat: phase sums 2 2, " in repr(explorer)
    explorer.stride, explorer.k = 1, [-9]
    assert repr(explorer) == "CheckerboardExplorer: k = −9, stride=1; flat: phase sums −9."


def test_sizes_resize_and_a_new_value_is_its_index():
    explorer = TransposedExplorer(x=[5, 7], k=[1])
    explorer.n, explorer.m = 4, 3
    assert (explorer.x, explorer.k) == ((5, 7, 3, 4), (1, 2, 3))
    explorer.n = 1
    assert (explorer.n, explorer.x, explorer.m) == (1, (5,), 3)


def test_an_invalid_combination_is_shown_and_not_forbidden():
    explorer = TransposedExplorer(output_padding=2)
    with pytest.raises(
        ValueError, match=r"^output_padding must be smaller than stride or dilation"
    ) as caught:
        print(explorer.y)
    assert repr(explorer).endswith(f"; {caught.value}.")


REFUSED = {
    "stride": [0, 4, 2.5, "2", True, None],
    "u": [0],
    "x": [[], [1] * 7, [10], [0.5], 3, "12", [[1, 2], [3, 4]]],
    "k": [[1] * 5],
    "n": [0, 7],
}


@pytest.mark.parametrize(
    "name, value", [(name, value) for name, values in REFUSED.items() for value in values]
)
def test_a_value_that_does_not_fit_is_refused_in_one_sentence_and_changes_nothing(name, value):
    explorer = TransposedExplorer()
    before = repr(explorer)
    shown = "x" if name == "n" else name
    with pytest.raises(ValueError, match=rf"^{shown} must be .* in this explorer: got {shown}=.*; use "):
        setattr(explorer, name, value)
    assert repr(explorer) == before
