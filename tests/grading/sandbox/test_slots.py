"""Each sandbox at work has a number, and under root a control group, of its own."""

import pytest
from sandboxes import DOUBLE, HONEST, SLOT

from tconv_helpers.grading.sandbox import run as sandbox
from tconv_helpers.grading.sandbox import slots
from tconv_helpers.grading.sandbox.slots import slot


def test_each_at_work_holds_a_slot_of_its_own():
    with slot() as first:
        with slot() as second:
            assert first != second
        with slot() as third:
            assert third == second


def test_slots_that_are_handed_out_are_no_single_processs(tmp_path, monkeypatch):
    monkeypatch.setattr(slots.tempfile, "gettempdir", lambda: str(tmp_path))
    with slot() as first:
        assert first < slots.MOST < slots.slot_of_this_process()
    with slot(most=2), slot(most=2), pytest.raises(RuntimeError, match="all 2 slots of this machine are tak"):
        slot(most=2).__enter__()


def test_a_folder_of_slots_that_is_not_ones_own_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(slots.tempfile, "gettempdir", lambda: str(tmp_path))
    with slot():
        (folder,) = tmp_path.iterdir()
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match=f"{folder} must be this user's own folder: remove it"):
        slot().__enter__()


def test_the_control_group_holds_the_memory(real_sandbox, monkeypatch):
    group = slots.make_group(SLOT + 3, 2**27)
    if group is None:
        pytest.skip("control groups can be made by root, where they are mounted for writing")
    slots.remove_group(group)
    monkeypatch.setattr(sandbox, "make_group", lambda slot, memory: slots.make_group(slot, 2**27))
    cells = ["def f():\n    return np.ones(2**25).sum()", DOUBLE]
    got = sandbox.run(cells, {"f": [()], **HONEST}, slot=SLOT + 3)
    assert got["f"][0].reason == "ended" and got["double"][0] == 4  # half of what its address space may be
