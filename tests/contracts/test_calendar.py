"""Calendars against a clock that is read minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.calendar import Due, day_length
from contracts.calendar_text import calendar

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
GAP, FOLD = date(2026, 3, 29), date(2026, 10, 25)
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
    )
]
days = st.dates(date(2024, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    [GAP, FOLD, date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4)]
)
minutes = st.sets(st.integers(0, 11).map(lambda n: 5 * n), min_size=1, max_size=3)
weekdays = st.sets(st.integers(1, 7), min_size=1, max_size=6)


def shown(day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Each minute of that day in UTC, and what the clock shows."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    while at < datetime(day.year, day.month, day.day, tzinfo=UTC) + 2 * DAY:
        wall = at.astimezone(zone).replace(tzinfo=None)
        if wall.date() == day:
            yield at, wall
        at += MINUTE


def listed(values: set[int]) -> str:
    return ",".join(map(str, sorted(values)))


@settings(max_examples=40, deadline=None)
@given(days, st.sampled_from(ZONES), minutes, weekdays)
def test_each_hour_is_each_hour_of_the_clock_that_day(
    day: date, zone: ZoneInfo, at: set[int], on: set[int]
) -> None:
    promised = calendar(f"{listed(at)} * * * {listed(on)}", zone)
    wanted = [
        Due(instant, wall)
        for instant, wall in shown(day, zone)
        if wall.minute in at and day.isoweekday() in on
    ]
    assert list(promised.due(day, day)) == wanted
    rule = f"FREQ=HOURLY;BYMINUTE={listed(at)};BYDAY="
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    same = calendar(rule + ",".join(names[n - 1] for n in on), zone)
    assert list(same.due(day, day)) == wanted


@settings(max_examples=40, deadline=None)
@given(days, st.sampled_from(ZONES), st.integers(0, 23), minutes)
def test_a_time_of_day_comes_once_a_day(
    day: date, zone: ZoneInfo, hour: int, at: set[int]
) -> None:
    """The first of two; in a gap, as long after its beginning as the clock would have shown."""
    found = calendar(f"{listed(at)} {hour} * * *", zone).due(day, day)
    assert [(due.wall.hour, due.wall.minute) for due in found] == [(hour, m) for m in sorted(at)]
    first: dict[datetime, datetime] = {}
    for instant, wall in shown(day, zone):
        first.setdefault(wall, instant)
    assert all(due.at == first[due.wall] for due in found if due.wall in first)


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(1, 31), min_size=1, max_size=4),
    st.sets(st.integers(1, 12), min_size=1, max_size=6),
    days,
)
def test_cron_and_rule_name_the_same_dates(on: set[int], of: set[int], begin: date) -> None:
    if min(on) > 29 and of == {2}:
        return
    span = (begin, begin + 400 * DAY)
    wanted = [
        day for day in (begin + n * DAY for n in range(401)) if day.day in on and day.month in of
    ]
    cron = calendar(f"0 6 {listed(on)} {listed(of)} *", BERLIN).due(*span)
    freqs = ("DAILY", "MONTHLY", "YEARLY")
    rules = [
        calendar(f"FREQ={freq};BYMONTHDAY={listed(on)};BYMONTH={listed(of)};BYHOUR=6", BERLIN)
        for freq in freqs
    ]
    assert [due.wall.date() for due in cron] == wanted
    assert all(rule.due(*span) == cron for rule in rules)


@settings(max_examples=60, deadline=None)
@given(days, st.integers(0, 24 * 60), st.sampled_from(["0 6 * * 1-5", "@hourly", "0 0 29 2 *"]))
def test_the_next_is_the_first_of_those_after(day: date, minute: int, cadence: str) -> None:
    promised = calendar(cadence, BERLIN)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * MINUTE
    later = [
        due.at for due in promised.due(day - DAY, day + 3000 * DAY * ("29" in cadence) + 9 * DAY)
    ]
    assert promised.next_after(at) == next(one for one in later if one > at)


@pytest.mark.parametrize(("day", "hours"), [(GAP, 23), (FOLD, 25), (date(2026, 7, 1), 24)])
def test_a_day_has_the_hours_of_its_clock(day: date, hours: int) -> None:
    assert day_length(day, BERLIN) == timedelta(hours=hours)
    assert len(calendar("@hourly", BERLIN).due(day, day)) == hours


def test_a_time_that_does_not_exist_is_taken_with_the_offset_before() -> None:
    """RFC 5545, 3.3.5: 02:30 of the night without it is 03:30."""
    (due,) = calendar("30 2 * * *", BERLIN).due(GAP, GAP)
    assert (due.wall.hour, due.at) == (2, datetime(2026, 3, 29, 1, 30, tzinfo=UTC))


def test_a_time_that_occurs_twice_is_the_first() -> None:
    (due,) = calendar("30 2 * * *", BERLIN).due(FOLD, FOLD)
    assert due.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_excluded_days_are_not_due_and_the_next_one_is() -> None:
    """Christmas of 2026: a Friday and Saturday; the Monday after is due."""
    closed = (date(2026, 12, 24), date(2026, 12, 25))
    promised = calendar("0 6 * * 1-5", BERLIN, closed)
    found = [due.wall.day for due in promised.due(date(2026, 12, 21), date(2026, 12, 29))]
    assert found == [21, 22, 23, 28, 29]
    before = datetime(2026, 12, 23, 12, tzinfo=UTC)
    assert promised.next_after(before) == datetime(2026, 12, 28, 5, tzinfo=UTC)


def test_a_shift_is_a_day_less_and_a_day_more() -> None:
    text = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=6\nEXDATE:20260406T060000\nRDATE:20260407T060000"
    found = calendar(text, BERLIN).due(date(2026, 3, 30), date(2026, 4, 13))
    assert [due.wall.isoformat() for due in found] == [
        "2026-03-30T06:00:00",
        "2026-04-07T06:00:00",
        "2026-04-13T06:00:00",
    ]


def test_the_last_working_day_of_each_month_is_found_at_once_and_over_the_year() -> None:
    text = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=18"
    found = calendar(text, BERLIN).due(date(2026, 1, 31), date(2027, 1, 31))
    last = [27, 31, 30, 29, 30, 31, 31, 30, 30, 30, 31, 29]
    assert [due.wall.day for due in found] == last


def test_an_interval_counts_from_its_beginning_at_its_time() -> None:
    text = "DTSTART:20260105T063000\nRRULE:FREQ=WEEKLY;INTERVAL=2"
    found = calendar(text, BERLIN).due(date(2025, 12, 1), date(2026, 2, 1))
    assert [due.wall.isoformat() for due in found] == [
        "2026-01-05T06:30:00",
        "2026-01-19T06:30:00",
    ]


def test_days_at_the_ends_of_the_calendar_do_not_raise() -> None:
    promised = calendar("0 6 * * *", ZoneInfo("Pacific/Apia"))
    assert len(promised.due(date.min, date(1, 1, 10))) == 8
    assert promised.due(date.max, date.max) == ()
    assert promised.next_after(datetime(9999, 12, 30, tzinfo=UTC)) is None
