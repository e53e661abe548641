"""Dates: a strict form, one moment, and nothing that a student wrote but a time."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from classroom import BOOK, all_right, grade_here, hand_in
from hypothesis import given
from hypothesis import strategies as st

from tconv_helpers.grading.dates import (
    NoDate,
    Terms,
    kept_terms,
    parse_due,
    read_extensions,
    read_stamp,
    spoken,
    written_terms,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01 12:00:00.000000 UTC",
        "2026-12-01 12:00:00.000000",
        "2026-12-01 12:00:00 UTC\n",
        "2026-12-01 13:00 +01:00",
        "2026-12-01T13:00+0100",
        "2026-12-01T12:00:00Z",
        " 2026-12-01 12:00 GMT ",
    ],
)
def test_a_stamp_is_a_time(text):
    assert read_stamp(text) == NOON


HOSTILE = [
    "2026-11-25 10:00:00 ../../../etc/passwd",
    "2026-11-25 10:00:00 /etc/localtime",
    "2026-11-25 10:00:00 Europe/Zurich",
    "2026-11-25 10:00:00 CET",
    "2026-13-01 10:00",
    "2026-12-01 25:00",
    "0001-01-01 00:00 +23:59",
    "9999-12-31 23:59 -23:59",
    "2026-12-01",
    "10:00",
    "tomorrow",
    "٢٠٢٦-١٢-٠١ ١٢:٠٠",
    "9" * 50,
    "",
    "\0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_all_else_is_none(text):
    assert read_stamp(text) is None


@given(st.text(max_size=60) | st.text("0123456789-: .TZ+UCG/", max_size=40))
def test_any_text_is_a_time_or_none(text):
    assert read_stamp(text) is None or read_stamp(text).tzinfo is UTC


def test_no_stamp_stops_the_class_or_gives_another_grade(course):
    for number, text in enumerate(HOSTILE):
        path = hand_in(course.submitted, f"late{number}", all_right())
        (path.parent / "timestamp.txt").write_text(text)
    (course.submitted / "bob" / BOOK / "timestamp.txt").write_bytes(b"\xff\xfe")
    (course.submitted / "cem" / BOOK / "timestamp.txt").mkdir()
    summary = grade_here(course, terms=Terms(NOON, penalty=0.5))
    assert summary.graded == len(HOSTILE) + 3 and not summary.late
    assert len(summary.timeless) == summary.graded
    assert {course.result(f"late{number}")["points"] for number in range(len(HOSTILE))} == {9}


@pytest.mark.parametrize(
    "text, utc",
    [
        ("2026-12-01 23:59 Europe/Zurich", "2026-12-01T22:59"),
        ("2026-07-01 23:59 Europe/Zurich", "2026-07-01T21:59"),
        ("2026-12-01 23:59 UTC", "2026-12-01T23:59"),
        ("2026-12-01T23:59-05:00", "2026-12-02T04:59"),
        ("2026-12-01 23:59:30 +0100", "2026-12-01T22:59:30"),
    ],
)
def test_a_due_date_is_one_moment(text, utc):
    assert parse_due(text) == datetime.fromisoformat(utc + "+00:00")
    terms = Terms(parse_due(text), penalty=0.25, grace=5)
    assert written_terms(terms)


@pytest.mark.parametrize(
    "text, why",
    [
        ("soon", "a date, a time and its zone"),
        ("2026-12-01 23:59", "a date, a time and its zone"),
        ("01/12/2026 23:59 UTC", "a date, a time and its zone"),
        ("2026-02-30 23:59 UTC", "day is out of range"),
        ("2026-12-01 23:59 Europe/Zuerich", "no zone is called Europe/Zuerich"),
        ("2026-10-25 02:30 Europe/Zurich", "one moment: in Europe/Zurich clocks change"),
        ("2026-03-29 02:30 Europe/Zurich", "one moment"),
    ],
)
def test_what_is_no_moment_is_refused_with_a_way_out(text, why):
    with pytest.raises(NoDate, match=why) as refused:
        parse_due(text)
    assert "write it" in str(refused.value)


def test_a_date_is_spoken_with_its_weekday():
    assert spoken(NOON) == "Tuesday, 1 December 2026, 12:00 UTC"
    there = parse_due("2026-12-31 20:00 -05:00")
    assert spoken(there) == "Thursday, 31 December 2026, 20:00 UTC-05:00 (1 January, 01:00 UTC)"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Zurich", "+05:30"])
def test_terms_are_kept_as_they_were(tmp_path, zone):
    terms = Terms(parse_due(f"2026-12-01 23:59 {zone}"), penalty=0.125, grace=30)
    path = tmp_path / "terms.json"
    assert kept_terms(path) == {}
    for each in (terms, Terms()):
        path.write_text(written_terms(each))
        assert Terms(**kept_terms(path)) == each
    assert str(Terms(**kept_terms(path))) == str(Terms())
    for spoilt in ("", "[]", '{"due": 3}', '{"due": "soon", "penalty": 0, "grace": 0}'):
        path.write_text(spoilt)
        with pytest.raises(NoDate, match="must hold due, penalty and grace: remove it"):
            kept_terms(path)


@pytest.mark.parametrize(
    "text, why",
    [
        ("ann,01,2026-12-01 12:00 UTC", "must begin with the line student,assignment,due"),
        ("student,assignment,due\nann,01", "line 2 must have a student, an assignment and a due date"),
        ("student,assignment,due\n\nann,01,soon", "line 3: DUE must be a date"),
        (
            "student,assignment,due\nann,01_convoluton,2026-12-01 12:00 UTC",
            "line 2 must name one notebook",
        ),
        ('student,assignment,due\nann,01,"soon', "must be a table with commas between cells"),
    ],
)
def test_a_line_that_is_no_extension_is_named(tmp_path, text, why):
    (tmp_path / "extensions.csv").write_text(text)
    with pytest.raises(NoDate, match=why):
        read_extensions(tmp_path / "extensions.csv", BOOK, [BOOK])


@pytest.mark.parametrize("word", ["1", "01", BOOK, f"{BOOK}.ipynb"])
@pytest.mark.parametrize("letters", ["Zo\u00eb", "Zoe\u0308"])
def test_a_line_names_student_and_notebook_as_elsewhere(tmp_path, word, letters):
    path = tmp_path / "extensions.csv"
    lines = f"{letters},{word},2026-12-01 12:00 UTC\nbob,2,2026-12-01 12:00 UTC\n"
    path.write_text(f"student,assignment,due\n{lines}")
    assert read_extensions(path, BOOK, [BOOK, "02_backward_pass"]) == {"Zo\u00eb": NOON}


def test_another_stamp_is_seen_when_a_class_is_graded_on(course):
    terms = Terms(NOON, penalty=0.1)
    grade_here(course, terms=terms)
    stamp = course.submitted / "ann" / BOOK / "timestamp.txt"
    stamp.write_text("2026-12-02 12:00 UTC")
    assert grade_here(course, terms=terms, resume=True).late == [("ann", 1, 0.9)]
    stamp.unlink()
    assert grade_here(course, terms=terms, resume=True).late == []


@pytest.fixture
def tokyo(monkeypatch):
    """The clock of this machine is in Tokyo."""
    with monkeypatch.context() as here:
        here.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def test_no_date_depends_on_where_the_machine_is(tokyo):
    assert read_stamp("2026-12-01 12:00:00") == NOON
    assert spoken(NOON.astimezone(ZoneInfo("Europe/Zurich"))).endswith("13:00 Europe/Zurich (12:00 UTC)")
