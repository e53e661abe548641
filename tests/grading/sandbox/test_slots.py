"""Each sandbox at work has a number, and under root a control group, of its own."""

import os

import pytest
from sandboxes import DOUBLE, HONEST, SLOT

from tconv_helpers.grading.sandbox import run as sandbox
from tconv_helpers.grading.sandbox import slots
from tconv_helpers.grading.sandbox.slots import slot


@pytest.fixture
def root():
    if os.geteuid():
        pytest.skip("root's sandboxes alone have accounts and control groups of their own")


def test_each_at_work_holds_a_slot_of_its_own(root):
    with slot() as first:
        with slot() as second:
            assert first != second
        with slot() as third:
            assert third == second


def test_slots_that_are_handed_out_are_no_single_processs(root, tmp_path, monkeypatch):
    monkeypatch.setattr(slots, "HOME", tmp_path)
    with slot() as first:
        assert first < slots.MOST < slots.slot_of_this_process()
    with slot(most=2), slot(most=2), pytest.raises(RuntimeError, match="all 2 slots of this machine are tak"):
        slot(most=2).__enter__()


def test_nothing_that_another_account_could_have_made_is_asked(monkeypatch):
    assert slots.HOME.stat().st_uid == os.getuid() and not slots.HOME.stat().st_mode & 0o022
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(slots, "HOME", None)  # an account of its own has no folder of slots
    with slot() as number:
        assert number == slots.slot_of_this_process()


def test_the_groups_of_killed_graders_are_swept_and_no_others(root):
    with slot() as mine:
        numbers = [mine, slots.MOST - 7, slots.MOST + 2**22 + 1, slots.slot_of_this_process()]
        groups = [slots.make_group(number, 2**27) for number in numbers]
        if None in groups:
            pytest.skip("control groups can be made by root, where they are mounted for writing")
        slots.sweep_groups()
        assert [group.exists() for group in groups] == [True, False, False, True]
        for group in groups:
            slots.remove_group(group)


def test_the_control_group_holds_the_memory(real_sandbox, monkeypatch):
    group = slots.make_group(SLOT + 3, 2**27)
    if group is None:
        pytest.skip("control groups can be made by root, where they are mounted for writing")
    slots.remove_group(group)
    monkeypatch.setattr(sandbox, "make_group", lambda slot, memory: slots.make_group(slot, 2**27))
    cells = ["def f():\n    return np.ones(2**25).sum()", DOUBLE]
    got = sandbox.run(cells, {"f": [()], **HONEST}, slot=SLOT + 3)
    assert got["f"][0].reason == "ended" and got["double"][0] == 4  # half of what its address space may be
