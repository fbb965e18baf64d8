"""Nights over changes of the clock, ends of years and days that come seldom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.promises import Promises, Thresholds
from harness.claims import arrives, fresh
from harness.facts import Delivery
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import DAY, HOUR, NIGHTLY, drop, file, files

NEW_YORK = ZoneInfo("America/New_York")
GAP, FOLD = date(2013, 3, 10), date(2013, 11, 3)
MINUTE = timedelta(minutes=1)
HOURLY = replace(NIGHTLY, cadence=HOUR, lag=HOUR, zone=NEW_YORK.key)


def begins(day: date) -> datetime:
    return datetime.combine(day, time(), NEW_YORK).astimezone(UTC)


def hours(first: date, after: date) -> list[Delivery]:
    """A file for each hour that passes, which tells its day by its events alone."""
    found, at = list[Delivery](), begins(first)
    while at < begins(after):
        day = at.astimezone(NEW_YORK).date()
        given = {"newest_event_at": at + 50 * MINUTE, "available_at": at + 55 * MINUTE}
        found.append(file(day, name=f"part-{at:%s}", sha256=f"{at}", **given))
        at += HOUR
    return found


def prove(promises: Promises, some: Sequence[Delivery], now: datetime) -> Verdict:
    return arrives.prove(promises, [drop(some, started_at=now)])


@pytest.mark.parametrize(("day", "length"), [(GAP, 23), (FOLD, 25)], ids=["23", "25"])
@pytest.mark.parametrize("cadence", [HOUR, "@hourly"])
def test_a_day_has_as_many_hours_as_its_clock_shows(
    day: date, length: int, cadence: timedelta | str
) -> None:
    """T02: all of them are good, one less is a bad night."""
    promises, now = replace(HOURLY, cadence=cadence), begins(day + 2 * DAY) + HOUR
    sent = hours(day - 2 * DAY, day + 2 * DAY)
    assert len([one for one in sent if one.day == day]) == length
    assert prove(promises, sent, now).observed == "4 of 4 nights good"
    lacks = [one for n, one in enumerate(sent) if n != 48 + 5]
    assert f"{day} brought too few deliveries" in prove(promises, lacks, now).because


def test_by_a_day_of_24_hours_it_would_be_accused_and_one_hour_be_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T02, T08: the length of a day is not taken from its clock."""
    monkeypatch.setattr("harness.claims.spans.day_length", lambda *_: DAY)
    good = hours(GAP - 2 * DAY, GAP + 2 * DAY)
    assert prove(HOURLY, good, begins(GAP + 2 * DAY) + HOUR).outcome is Outcome.BROKEN
    sent = hours(FOLD - 2 * DAY, FOLD + 2 * DAY)
    lacks = [one for n, one in enumerate(sent) if n != 48 + 5]
    assert prove(HOURLY, lacks, begins(FOLD + 2 * DAY) + HOUR).outcome is not Outcome.BROKEN


def late_over_the_fold() -> Verdict:
    """Events of the first 01:30, there at 01:40 of the second: 70 minutes. Told on one clock."""
    once = datetime(2013, 11, 3, 1, 30, tzinfo=NEW_YORK)
    given: dict[str, Any] = {
        "newest_event_at": once,
        "available_at": once.replace(minute=40, fold=1),
    }
    promises = replace(HOURLY, thresholds=Thresholds(on_time=0.5, arrivals=0.5))
    sent = [file(FOLD, name=f"{n}", sha256=f"{n}", **given) for n in range(9)]
    return fresh.prove(promises, [drop(sent, started_at=begins(FOLD) + 165 * MINUTE)])


def test_a_lag_over_the_hour_that_occurs_twice_is_exact() -> None:
    """T02"""
    verdict = late_over_the_fold()
    assert verdict.outcome is Outcome.BROKEN
    assert "the median lag is 1 h 10 m" in verdict.because


def test_on_the_clock_of_their_zone_the_two_would_be_ten_minutes_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T02: the conversion is off."""
    monkeypatch.setattr("harness.claims.fresh.utc", lambda at: at)
    assert late_over_the_fold().outcome is Outcome.PROVEN


@pytest.mark.parametrize(
    ("cadence", "last", "nights"),
    [
        ("0 2 * * *", date(2028, 3, 2), 7),  # 29 February
        (DAY, date(2028, 3, 2), 7),
        ("0 2 * * *", date(2027, 1, 3), 7),  # the end of a year
        (DAY, date(2027, 1, 3), 7),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,TU,WE,TH,FR,SA,SU", date(2027, 1, 3), 7),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2028, 3, 1), 1),
        ("FREQ=YEARLY;BYYEARDAY=-1", date(2027, 1, 2), 1),
    ],
)
def test_days_that_come_seldom_are_days(cadence: timedelta | str, last: date, nights: int) -> None:
    """T03: each is expected, and named where it did not come."""
    promises = replace(NIGHTLY, cadence=cadence)
    seldom = {2028: date(2028, 2, 29), 2027: date(2026, 12, 31)}[last.year]
    sent = files(last, 7)
    now = datetime.combine(last + 2 * DAY, time(), tzinfo=UTC)
    good = prove(promises, sent, now)
    assert good.observed == f"{nights} of {nights} {'night' if nights == 1 else 'nights'} good"
    lacks = [one for one in sent if one.day != seldom]
    assert f"{seldom} did not come" in prove(promises, lacks, now).because
