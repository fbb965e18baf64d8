"""Sources that keep a calendar are accused of nothing, and what they fail to do rings."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.name_pattern import tell
from harness.simulate.dues import DAY, HOUR, dues
from harness.simulate.figures import Standing, look_ahead
from harness.simulate.naming import file_name
from harness.simulate.subject import Subject
from tests.harness.simulate.subjects import promises, subject

WORKDAYS, MONTH_ENDS = "0 6 * * 1-5", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=18"
FREEZE = tuple(date(2026, 3, 1) + n * DAY for n in range(5))
BERLIN = {"zone": "Europe/Berlin"}
CALENDARS: dict[str, dict[str, Any]] = {
    "workdays": {"cadence": WORKDAYS, "lag": 4 * HOUR, **BERLIN},
    "workdays but a freeze": {"cadence": WORKDAYS, "lag": 4 * HOUR, "excluded": FREEZE, **BERLIN},
    "every day but a freeze": {"excluded": FREEZE},
    "every day by cron": {"cadence": "30 22 * * *", "lag": 2 * HOUR},
    "Mondays": {"cadence": "0 5 * * 1", "lag": 12 * HOUR, "zone": "Asia/Tokyo"},
    "named": {"cadence": WORKDAYS, "lag": 4 * HOUR, "named": "out/x_%Y%m%d%H%M%S_*.csv"},
    "named in UTC": {"cadence": WORKDAYS, "lag": 4 * HOUR, "named": "x_%Y%m%dT%H%M%S%z.csv"},
    "four times a day": {"cadence": "0 0,6,12,18 * * *", "lag": 3 * HOUR, **BERLIN},
}


def _given(name: str, **given: Any) -> Subject:
    return subject(promised=promises(**CALENDARS[name]), zone=ZoneInfo("Europe/Berlin"), **given)


def _wrong(one: Subject) -> tuple[dict[str, int], list[str]]:
    outlook = look_ahead(one, seed=(seed := secrets.randbelow(10**6)))
    missed = {str(f.rang.fault): len(f.rang.delays) for f in outlook.of(Standing.MISSED)}
    alarms = [str(sorted(rang)) for rang in outlook.clean.rang if rang]
    return missed, [*alarms, f"seed {seed}"][: len(alarms)]


@pytest.mark.parametrize("name", CALENDARS)
def test_files_by_a_calendar_ring_and_are_not_accused(name: str) -> None:
    assert _wrong(_given(name, is_files=True, nights=80)) == ({}, [])


@pytest.mark.parametrize("name", ["workdays", "every day but a freeze", "Mondays"])
def test_tables_by_a_calendar_ring_and_are_not_accused(name: str) -> None:
    assert _wrong(_given(name, nights=120)) == ({}, [])


def test_a_table_that_is_filled_each_week_is_not_accused_on_the_nights_between() -> None:
    """Its lag leaves room for the night that passes until somebody looks."""
    weekly = subject(promised=promises(cadence=7 * DAY, lag=36 * HOUR), nights=100)
    outlook = look_ahead(weekly, seed=secrets.randbelow(10**6))
    assert [str(sorted(rang)) for rang in outlook.clean.rang if rang] == []


def test_a_monthly_close_rings() -> None:
    monthly = promises(cadence=MONTH_ENDS, lag=24 * HOUR)
    assert _wrong(subject(promised=monthly, is_files=True, nights=400)) == ({}, [])


def test_nothing_is_due_on_excluded_days() -> None:
    promised = promises(**CALENDARS["workdays but a freeze"])
    days = [due.day for due in dues(promised, FREEZE[0] - DAY, FREEZE[-1] + 3 * DAY)]
    assert days == [date(2026, 3, 6)]


@pytest.mark.parametrize("name", ["named", "named in UTC"])
def test_a_name_tells_the_day_by_the_promised_pattern(name: str) -> None:
    promised = promises(**CALENDARS[name])
    for due in dues(promised, date(2026, 3, 1), date(2026, 3, 31)):
        told = tell(str(promised.named), file_name(promised, "orders", due))
        assert told is not None
        assert told.wall == due.wall


def test_a_table_that_is_read_less_often_than_promised_says_what_is_never_proven() -> None:
    """One reading a night cannot show 24 deliveries; that each is in time it can."""
    hourly = subject(promised=promises(cadence=HOUR, lag=2 * HOUR))
    proven = look_ahead(hourly, seed=1).clean.proven
    assert proven["fresh"] == 59
    assert "arrives" not in proven
