"""Downloads of each platform, made up as it names them: everybody's own file, and nobody else's."""

import json
import os
import shutil
import stat
import struct
import zipfile

import pytest
from classroom import BOOK, all_right, edition, grade_here, points

from tconv_helpers.exercises.notebook import MAX_BYTES
from tconv_helpers.grading import archives
from tconv_helpers.grading.collect import collect
from tconv_helpers.grading.course import Course, Unusable
from tconv_helpers.grading.roster import Person

RIGHT, EMPTY = (json.dumps(book).encode() for book in (all_right(), edition()))
ROSTER = {
    "ann": Person("ann", "Ann", "Lee", "501"),
    "bob": Person("bob", "Bob", "O'Neill", "502"),
    "zoe": Person("zoe", "Zo\u00eb", "Kurz"),
}
MOODLE = {
    "Ann Lee_11_assignsubmission_file_/01_convolution.ipynb": RIGHT,
    "Ann Lee_11_assignsubmission_onlinetext_/onlinetext.html": b"hello",
    "Bob ONeill_12_assignsubmission_file_/my work.ipynb": EMPTY,  # Moodle takes the ' away
    "Zoe\u0308 Kurz_13_assignsubmission_file_/01_convolution.ipynb": RIGHT,
}
CANVAS = {
    "leeann_501_9001_01_convolution-1.ipynb": RIGHT,
    "oneillbob_LATE_502_9002_my_work.ipynb": EMPTY,
    "kurzzo\u00eb_503_9003_01_convolution.ipynb": RIGHT,
}
NBGRADER = {
    "submitted/ann/01_convolution/01_convolution.ipynb": RIGHT,
    "submitted/ann/01_convolution/timestamp.txt": b"2026-12-01 10:00:00 UTC",
    "submitted/ann/02_backward_pass/02_backward_pass.ipynb": EMPTY,
    "submitted/bob/01_convolution/01_convolution.ipynb": EMPTY,
    "submitted/zoe/01_convolution/01_convolution.ipynb": RIGHT,
}
FORMS = {
    "moodle": MOODLE,
    "moodle 4.1": {name.replace("file_/", "file/"): data for name, data in MOODLE.items()},
    "moodle flat": {name.replace("_/", "_"): data for name, data in MOODLE.items()},
    "moodle in a folder": {f"DL-01-77/{name}": data for name, data in MOODLE.items()},
    "canvas": CANVAS,
    "canvas in a folder": {f"submissions/{name}": data for name, data in CANVAS.items()},
    "nbgrader": NBGRADER,
    "nbgrader's folder": {name.removeprefix("submitted/"): data for name, data in NBGRADER.items()},
}


@pytest.fixture
def class_of(tmp_path):
    """Give the Course of a class of which nobody has handed in."""
    return Course(tmp_path / "course", tmp_path / "course" / "submitted", BOOK)


def zipped(tmp_path, files):
    """Return a zip of {name: bytes}, or of (ZipInfo, bytes) pairs."""
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return path


def unpacked(tmp_path, files):
    for name, data in files.items():
        path = tmp_path / "download" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "download"


def handed_in(course):
    """Return {student: bytes} of what lies in the folders."""
    return {path.parts[-3]: path.read_bytes() for path in course.submitted.glob(f"*/{BOOK}/{BOOK}.ipynb")}


@pytest.mark.parametrize("lay", [zipped, unpacked])
@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read_as_it_comes(class_of, tmp_path, form, lay):
    collected = collect(class_of, lay(tmp_path, FORMS[form]), ROSTER)
    assert handed_in(class_of) == {"ann": RIGHT, "bob": EMPTY, "zoe": RIGHT}
    assert sorted(collected.new) == ["ann", "bob", "zoe"] and not collected.trouble + collected.strange
    assert collected.late == ["bob"] * form.startswith("canvas")
    assert collected.others == (not form.startswith("canvas"))
    grade_here(class_of)
    assert points(class_of) == {"ann": 9, "bob": 0, "zoe": 9}
    stamp = class_of.result("ann")["timestamp"]
    assert stamp == ("2026-12-01 10:00:00 UTC" if form.startswith("nbgrader") else None)


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("moodle", ["Ann Lee", "Bob ONeill", "Zo\u00eb Kurz"]),
        ("canvas", ["kurzzo\u00eb_503", "leeann_501", "oneillbob_502"]),
        ("nbgrader", ["ann", "bob", "zoe"]),
    ],
)
def test_without_a_roster_people_are_called_as_the_platform_calls_them(class_of, tmp_path, form, names):
    collected = collect(class_of, zipped(tmp_path, FORMS[form]), {})
    assert sorted(handed_in(class_of)) == names and not collected.strange


def test_graded_without_names_canvas_has_a_word_for_each(class_of, tmp_path):
    files = {"anon_aB3xY_9001_01_convolution.ipynb": RIGHT, "LATE_anon_Zz9_9002_mine.ipynb": EMPTY}
    assert collect(class_of, zipped(tmp_path, files), {}).late == ["anon_Zz9"]
    assert handed_in(class_of) == {"anon_aB3xY": RIGHT, "anon_Zz9": EMPTY}


def test_two_of_one_name_get_each_their_own(class_of, tmp_path):
    files = {
        f"Ann Lee_{number}_assignsubmission_file_/a.ipynb": data for number, data in ((1, RIGHT), (2, EMPTY))
    }
    assert collect(class_of, zipped(tmp_path, files), ROSTER).strange == ["Ann Lee 1", "Ann Lee 2"]
    assert handed_in(class_of) == {"Ann Lee 1": RIGHT, "Ann Lee 2": EMPTY}


@pytest.mark.parametrize(
    "names",
    [
        ["leeann_501_9_a.ipynb", "Ann Lee_1_assignsubmission_file_/a.ipynb"],  # two platforms in one folder
        ["ann/01_convolution/a.ipynb", "leeann_501_9_a.ipynb"],
        ["x_501_9_a.ipynb", "y_501_10_a.ipynb"],
    ],
)
def test_whose_work_it_is_must_be_clear(class_of, tmp_path, names):
    collected = collect(class_of, zipped(tmp_path, dict.fromkeys(names, RIGHT)), ROSTER)
    assert "More than one could be this student" in dict(collected.trouble)["ann"]
    assert handed_in(class_of) == {}


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("ann_7_assignsubmission_file_/a.ipynb", None),  # who calls oneself as another's id
        ("leeann_777_9_a.ipynb", "leeann_777"),  # as another in Canvas, which has another number
        ("bob_501_777_9001_01_convolution.ipynb", "bob_501_777"),  # and who takes the number into the name
        ("bob_501_777_9001_a.ipynb", None),
        ("mia_777_9_Ann Lee_1_assignsubmission_file_a.ipynb", "mia_777"),
        ("Mia_7_assignsubmission_file_Ann Lee_1_assignsubmission_file_a.ipynb", "Mia"),
        ("Mia_7_assignsubmission_file_/Ann Lee_1_assignsubmission_file_/a.ipynb", "Mia"),
        ("Mia_7_assignsubmission_file_/ann/01_convolution/a.ipynb", "Mia"),
        ("mia/01_convolution/ann/01_convolution/a.ipynb", None),
        ("mia/01_convolution/leeann_501_9_a.ipynb", "mia"),
        ("mia/02_backward_pass/leeann_501_9_a.ipynb", None),
        ("mia/02_backward_pass/Ann Lee_1_assignsubmission_file_a.ipynb", None),
        ("../mia/01_convolution/a.ipynb", "mia"),
        ("/mia/01_convolution/a.ipynb", "mia"),
        ("=1+2/01_convolution/a.ipynb", None),
        ("..\\ann/01_convolution/a.ipynb", None),
    ],
)
def test_no_name_of_a_file_or_a_person_hands_in_for_another(class_of, tmp_path, name, theirs):
    files = {name: EMPTY, "oneillbob_502_9_a.ipynb": RIGHT}
    before = set(tmp_path.rglob("*"))
    collect(class_of, zipped(tmp_path, files), ROSTER)
    got = handed_in(class_of)
    assert got.pop("bob") == RIGHT
    assert set(got) == {theirs} - {None}
    outside = set(tmp_path.rglob("*")) - before - {tmp_path / "download.zip", class_of.root}
    assert all(path.is_relative_to(class_of.root) for path in outside)


def link(name, to):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, to


def locked(name):
    info = zipfile.ZipInfo(name)
    info.flag_bits |= 1
    return info


def as_bzip2(name):
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_BZIP2
    return info, RIGHT


HOSTILE = {
    "a link": (link("mia_7_9_a.ipynb", "/etc/passwd"), "this one is a link"),
    "a bomb": (("mia_7_9_a.ipynb", b"\0" * (MAX_BYTES + 2)), "at most 16 MB"),
    "another way": (as_bzip2("mia_7_9_a.ipynb"), "in another way"),
    "no notebook": (("mia_7_9_a.zip", b"PK"), "found none"),
    "two notebooks": ((("mia_7_9_a.ipynb", b"1"), ("mia_7_9_b.ipynb", b"2")), "found 2 others"),
    "twice": ((("mia_7_9_a.ipynb", b"1"), ("mia_7_8_a.ipynb", b"2")), "found 2 of that name"),
    "a name": (("Mi,a_7_assignsubmission_file_/a.ipynb", b"1"), "cannot be a student's"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_strangers_file_never_stops_the_others(class_of, tmp_path, what):
    entry, says = HOSTILE[what]
    entries = entry if isinstance(entry[0], tuple) else (entry,)
    files = [("leeann_501_9_a.ipynb", RIGHT), *entries, ("oneillbob_502_9_a.ipynb", EMPTY)]
    collected = collect(class_of, zipped(tmp_path, files), ROSTER)
    assert handed_in(class_of) == {"ann": RIGHT, "bob": EMPTY}
    ((_, why),) = collected.trouble
    assert says in why


def spoilt(data, name, change):
    """Return a zip's bytes with the header of one of its files changed in the directory."""
    data = bytearray(data)
    place = data.index(b"PK\x01\x02", data.index(name.encode()))
    while data[place + 46 : place + 46 + len(name)] != name.encode():
        place = data.index(b"PK\x01\x02", place + 1)
    change(data, place)
    return bytes(data)


def encrypt(data, place):
    data[place + 8] |= 1


def lie_of_sizes(data, place):
    struct.pack_into("<II", data, place + 20, 10, 10)


def wrong_sum(data, place):
    struct.pack_into("<I", data, place + 16, 1)


def outside_of_the_file(data, place):
    struct.pack_into("<I", data, place + 42, 2**30)


def test_no_more_of_a_file_is_unpacked_than_is_taken(class_of, tmp_path, monkeypatch):
    read, sizes = zipfile.ZipExtFile.read, []
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda file, n=-1: sizes.append(n) or read(file, n))
    collect(class_of, zipped(tmp_path, NBGRADER | {"mia/01_convolution/a.csv": b"1"}), ROSTER)
    assert sorted(sizes) == [101, *[MAX_BYTES + 1] * 3]


@pytest.mark.parametrize("change", [encrypt, lie_of_sizes, wrong_sum, outside_of_the_file])
def test_a_damaged_entry_costs_its_own_student_only(class_of, tmp_path, change):
    path = zipped(tmp_path, {"mia_7_9_a.ipynb": EMPTY, "leeann_501_9_a.ipynb": RIGHT})
    path.write_bytes(spoilt(path.read_bytes(), "mia_7_9_a.ipynb", change))
    collected = collect(class_of, path, ROSTER)
    assert handed_in(class_of) == {"ann": RIGHT}
    assert "cannot be unpacked" in dict(collected.trouble)["mia_7"]


def test_links_in_a_folder_are_not_followed(class_of, tmp_path):
    folder = unpacked(tmp_path, CANVAS)
    (folder / "mia_7_9_a.ipynb").symlink_to(folder / next(iter(CANVAS)))
    os.mkfifo(folder / "max_8_9_a.ipynb")
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "a.ipynb").write_bytes(RIGHT)
    (folder / "Mo_9_assignsubmission_file_").symlink_to(tmp_path / "else")
    collected = collect(class_of, folder, ROSTER)
    assert sorted(handed_in(class_of)) == ["ann", "bob", "zoe"]
    assert sorted(name for name, _ in collected.trouble) == ["max_8", "mia_7"]


def test_a_folder_that_is_a_link_is_not_written_through(class_of, tmp_path):
    class_of.submitted.mkdir(parents=True)
    (tmp_path / "else").mkdir()
    (class_of.submitted / "ann").symlink_to(tmp_path / "else")
    collected = collect(class_of, zipped(tmp_path, CANVAS), ROSTER)
    assert not list((tmp_path / "else").iterdir()) and "this one is a link" in dict(collected.trouble)["ann"]
    assert sorted(collected.new) == ["bob", "zoe"]


def test_what_was_handed_in_before_is_never_lost(class_of, tmp_path):
    collect(class_of, zipped(tmp_path, NBGRADER), ROSTER)
    again = zipped(tmp_path, CANVAS | {"leeann_501_9001_01_convolution-1.ipynb": EMPTY})
    collected = collect(class_of, again, ROSTER)
    assert sorted(collected.same) == ["bob", "zoe"] and "--replace" in dict(collected.trouble)["ann"]
    assert handed_in(class_of)["ann"] == RIGHT
    assert collect(class_of, again, ROSTER, replace=True).replaced == ["ann"]
    folder = class_of.submitted / "ann" / BOOK
    assert handed_in(class_of)["ann"] == EMPTY
    assert (folder / f".{BOOK}.ipynb.1.before").read_bytes() == RIGHT
    assert not (folder / "timestamp.txt").exists() and (folder / ".timestamp.txt.1.before").exists()
    collect(class_of, zipped(tmp_path, CANVAS), ROSTER, replace=True)
    assert (folder / f".{BOOK}.ipynb.2.before").read_bytes() == EMPTY
    grade_here(class_of)
    assert points(class_of)["ann"] == 9


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 10])
def test_what_is_no_zip_is_named(class_of, tmp_path, data):
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(Unusable, match="DOWNLOADED must be a zip or a folder"):
        collect(class_of, tmp_path / "x.zip", {})
    assert not class_of.root.exists()


def test_a_zip_of_too_many_files_is_refused(class_of, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILES", 2)
    for lay in (zipped, unpacked):
        with pytest.raises(Unusable, match="must hold at most 2 files: it has more; take out"):
            collect(class_of, lay(tmp_path, CANVAS), {})


def test_the_command_collects_and_tells(tconv, course):
    shutil.rmtree(course.submitted)
    course.roster_path.write_text(
        "id,first_name,last_name,lms_user_id\nann,Ann,Lee,501\nbob,Bob,ONeill,502\n"
    )
    with zipfile.ZipFile(course.root / "canvas.zip", "w") as archive:
        for name, data in (CANVAS | {"x_1_2_a.zip": b""}).items():
            archive.writestr(name, data)
    done = tconv("collect", "01", "canvas.zip")
    said = " ".join(done.output.split())
    assert done.exit_code == 2 and "3 new, 0 as they were, 0 replaced, 1 not collected" in said, done.output
    assert "not how late: bob." in said
    assert "Not in students.csv: kurzzoë_503, x_1." in said and "found none" in said
    assert tconv("grade", "01").exit_code == 0 and points(course)["ann"] == 9
    done = tconv("collect", "02", "canvas.zip")
    assert done.exit_code in (1, 2)
    (course.root / "empty").mkdir()
    done = tconv("collect", "01", "empty")
    assert done.exit_code == 1 and "DOWNLOADED must hold files named as Moodle" in " ".join(
        done.output.split()
    )
    done = tconv("collect", "01", "nowhere.zip")
    assert done.exit_code == 1 and "DOWNLOADED must be a zip or a folder" in " ".join(done.output.split())
