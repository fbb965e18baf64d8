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
    ],
)
def test_percentages_are_short_and_never_round_to_what_they_are_not(share, beside, text):
    assert wording.percent(share, beside=beside) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(172_800, "48 h 00 m"), (90_060, "25 h 01 m"), (725, "12 m 05 s"), (9, "9 s"), (-9, "-9 s")],
)
def test_durations_read_as_people_say_them(seconds, text):
    assert wording.duration(timedelta(seconds=seconds)) == text


def test_numbers_have_separators_and_nouns_agree():
    assert wording.count(1, "row") == "1 row"
    assert wording.count(1_500, "row") == "1,500 rows"
    assert wording.count(2, "delivery") == "2 deliveries"
    assert wording.count(2, "key") == "2 keys"


def test_a_moment_names_its_zone_and_one_without_is_in_utc():
    at = datetime(2026, 11, 16, 23, 5)  # noqa: DTZ001 - a fact that forgot it
    assert wording.moment(at) == wording.moment(at.replace(tzinfo=UTC)) == "2026-11-16 23:05 UTC"
    berlin = at.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assert wording.moment(berlin) == "2026-11-16 23:05 CET"


def test_days_have_their_weekday():
    assert wording.weekday(date(2026, 11, 16)) == "Monday 2026-11-16"


def test_lists_end_in_how_many_more():
    assert wording.first(["a", "b", "c"], at_most=3) == "a, b and c"
    assert wording.first(["a", "b", "c", "d"], at_most=2) == "a, b and 2 more"


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
