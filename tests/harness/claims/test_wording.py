from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.claims import wording


@pytest.mark.parametrize(
    ("share", "beside", "text"),
    [
        (107 / 1_500, 0.02, "7.1 %"),
        (0.02, None, "2 %"),
        (0.899, 0.9, "89.9 %"),
        (0.8999, 0.9, "89.99 %"),
        (0.00004, None, "0.004 %"),
        (0.99996, None, "99.996 %"),
        (0.0, 0.02, "0 %"),
        (1.0, None, "100 %"),
        (0.5, 1.0, "50 %"),
        (0.01, 0.0, "1 %"),
        (0.0004, 0.0, "0.04 %"),
        (0.9996, 1.0, "99.96 %"),
        (1e-8, None, "0.000001 %"),
        (1e-9, None, "0 %"),
        (0.1234567891, 0.1234567899, "12.345679 %"),
        (0.1, 0.1, "10 %"),
        (0.1234, 0.1234, "12.3 %"),
    ],
)
def test_percentages_are_short_and_never_round_to_what_they_are_not(share, beside, text):
    assert wording.percent(share, beside=beside) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (172_800, "48 h 00 m"),
        (90_060, "25 h 01 m"),
        (3_600_000, "1,000 h 00 m"),
        (3_600, "1 h 00 m"),
        (3_599, "59 m 59 s"),
        (725, "12 m 05 s"),
        (60, "1 m 00 s"),
        (59.9, "59 s"),
        (9, "9 s"),
        (0, "0 s"),
        (-9, "-9 s"),
        (-725, "-12 m 05 s"),
        (-90_060, "-25 h 01 m"),
    ],
)
def test_durations_read_as_people_say_them(seconds, text):
    assert wording.duration(timedelta(seconds=seconds)) == text


def test_numbers_have_separators_and_nouns_agree():
    assert wording.count(1, "row") == "1 row"
    assert wording.count(1_500, "row") == "1,500 rows"
    assert wording.count(2, "delivery") == "2 deliveries"
    assert wording.count(2, "key") == "2 keys"
    assert wording.count(0, "row") == "0 rows"
    assert [wording.plural(f"{vowel}y") for vowel in "aeou"] == ["ays", "eys", "oys", "uys"]
    assert wording.plural("query") == "queries"
    assert wording.number(1_500) == "1,500"


def test_a_method_names_its_bound_and_its_trial():
    told = "Clopper\N{EN DASH}Pearson, one-sided 97.5 %, one trial a delivery"
    assert wording.method(0.975, "delivery") == told


def test_a_moment_names_its_zone_and_one_without_is_in_utc():
    at = datetime(2026, 11, 16, 23, 5)  # noqa: DTZ001 - a fact that forgot it
    assert wording.moment(at) == wording.moment(at.replace(tzinfo=UTC)) == "2026-11-16 23:05 UTC"
    berlin = at.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assert wording.moment(berlin) == "2026-11-16 23:05 CET"


def test_days_have_their_weekday():
    assert wording.weekday(date(2026, 11, 16)) == "Monday 2026-11-16"
    assert wording.weekday(date(2026, 11, 22)) == "Sunday 2026-11-22"


def test_lists_end_in_how_many_more():
    assert wording.first(["a", "b", "c"], at_most=3) == "a, b and c"
    assert wording.first(["a", "b", "c", "d"], at_most=2) == "a, b and 2 more"
    assert wording.first(["a", "b"], at_most=1) == "a and 1 more"
    assert wording.first(["a"] * 1_500, at_most=0) == "1,500 more"
    assert wording.first([], at_most=2) == "nothing"
    assert wording.listed(iter("ab")) == "a and b"
    assert wording.listed(["a"]) == "a"


@pytest.mark.parametrize("forging", ["a\nb", "a\rb", "\x1b[2Ja", "a\u2028b", "\u202ea", "\u0085a"])
def test_no_name_forges_a_line(forging):
    assert wording.name(forging).isprintable()
    assert wording.message(forging).isprintable()


@given(st.text(max_size=200))
def test_a_name_from_a_source_is_one_short_printable_line(text):
    """No line of a report or a terminal can be forged by a file's or a column's name."""
    shown = wording.name(text)
    assert shown.isprintable()
    assert len(shown) <= 60


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Read.  Again,\tlater. . ", "Read. Again, later"),
        ("a\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}b", "a\ufffd[2J\ufffdb"),
        ("no.X", "no.X"),
        (" . ", "it gave no reason"),
        ("", "it gave no reason"),
        ("x" * 300, "x" * 300),
        ("x" * 301, "x" * 299 + "\N{HORIZONTAL ELLIPSIS}"),
    ],
)
def test_a_message_is_one_line_without_its_last_stop(text, told):
    assert wording.message(text) == told


def test_a_long_name_is_cut_and_ends_in_an_ellipsis():
    assert wording.name("x" * 60) == "x" * 60
    assert wording.name("x" * 61) == "x" * 59 + "\N{HORIZONTAL ELLIPSIS}"
