"""Moves by hand are drawn at once and told to the model once, after the frame that shows them."""

import pytest

from tconv_helpers import TransposedExplorer

MOVE = """(then) => {
    const slider = el.querySelector("[aria-label=stride]");
    const size = () => el.querySelector(".message p:last-child").textContent.split(" = ").at(-1);
    const move = (value) => {
        slider.value = value;
        slider.dispatchEvent(new Event("input"));
        return size();
    };
    let told = 0;
    model.save_changes = () => told++;
    const state = () => ({ size: size(), stride: model.get("stride"), told });
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return eval(then);
}"""
MOVED = "[move(3), move(1), move(3)]"


@pytest.fixture
def moved(mount, page):
    """Return a function that runs JavaScript on the page of an explorer with stride 2."""
    mount(TransposedExplorer(x=[1, 2, 3], k=[1, 1], stride=2))
    return lambda then: page.evaluate(MOVE, then)


def test_each_move_is_drawn_at_once_and_all_are_told_together(moved):
    assert moved(MOVED) == ["8", "4", "8"]
    now, later = moved(f"{MOVED}; (async () => [state(), (await frame(), state())])()")
    assert now["size"] == later["size"] == "8"
    assert (now["told"], later["told"], later["stride"]) == (0, 1, 3)


def test_an_older_answer_of_the_kernel_does_not_undo_a_move(moved):
    during, after = moved(
        f"{MOVED}; model.set({{ stride: 1 }}); (async () => [state(), (await frame(), state())])()"
    )
    assert during["size"] == after["size"] == "8"
    assert after["stride"] == 3


def test_the_kernel_moves_the_picture_once_it_has_heard(moved):
    assert moved(
        f"{MOVED}; (async () => {{ await frame(); model.set({{ stride: 1 }}); return state(); }})()"
    ) == {
        "size": "4",
        "stride": 1,
        "told": 1,
    }


def test_a_view_that_is_closed_tells_its_last_move_and_draws_no_more(moved):
    closed, later = moved(
        f"{MOVED}; dispose(); (async () => [state(), (await frame(), model.set({{ stride: 1 }}), state())])()"
    )
    assert closed == {"size": "8", "stride": 3, "told": 1}
    assert later == {"size": "8", "stride": 1, "told": 1}


def test_a_refused_state_is_told_as_refused_and_not_as_what_is_still_drawn(mount, page):
    slider = mount(TransposedExplorer()).get_by_role("slider", name="choose").first
    drawn = slider.get_attribute("aria-valuetext")
    page.evaluate("model.set({ stride: 1, output_padding: 2 })")
    assert slider.get_attribute("aria-disabled") == "true"
    assert "output_padding must be smaller" in slider.get_attribute("aria-valuetext")
    page.evaluate("model.set({ stride: 3 })")
    assert slider.get_attribute("aria-disabled") == "false"
    page.evaluate("model.set(model.get('_start'))")
    assert slider.get_attribute("aria-valuetext") == drawn


def test_the_same_words_are_not_told_again(moved):
    told = """(async () => {
        const [message, changes] = [el.querySelector(".message"), []];
        new MutationObserver((some) => changes.push(...some)).observe(message, { childList: true });
        model.set({});
        await frame();
        const same = changes.length;
        move(3);
        await frame();
        return [same, changes.length > 0];
    })()"""
    assert moved(told) == [0, True]
