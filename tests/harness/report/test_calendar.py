"""The calendar of nights: whole weeks, each night in a word."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from harness.report.calendar import WEEKS, Night, first_shown, markdown

DAY = timedelta(days=1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_it_begins_on_a_monday_and_ends_with_the_week_of_the_last_night(last: date) -> None:
    first = first_shown(last)
    assert first.weekday() == 0
    assert timedelta(weeks=WEEKS - 1) <= last - first < timedelta(weeks=WEEKS)


def test_each_night_is_told_in_a_word_and_a_night_without_a_run_in_none() -> None:
    last = date(2026, 11, 29)
    nights = {last - n * DAY: night for n, night in enumerate(Night)}
    lines = markdown(nights, last).splitlines()
    assert lines[0] == "| Week of | Mon | Tue | Wed | Thu | Fri | Sat | Sun |"
    assert lines[6] == (
        "| 23 Nov 2026 | 23 | 24 | 25 | 26 ○ missed | 27 ✕ bad | 28 ? unproven | 29 ✓ ready |"
    )
    assert lines[2].startswith("| 26 Oct 2026 | 26 | 27 ")
    assert all(str(night) in lines[-1] for night in Night)
