"""When a night is due, on every clock; one sentence says so wherever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from dagster._utils.schedules import cron_string_iterator

from harness.timetable import Schedule, describe, next_due

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
GAP = ", for that night has no 02:30"
SECOND = ", the second 02:30 of that night"
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Asia/Beirut",
    "Atlantic/Azores",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
TIMES = ("00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "03:30", "23:30")


def schedule(at: str = "02:30", zone: str = "Europe/Berlin", *, armed: bool = True) -> Schedule:
    return Schedule(name="nightly", at=at, zone=zone, armed=armed)


def nights(of: Schedule) -> Iterator[datetime]:
    moment = BEGIN - timedelta(seconds=1)
    while (moment := next_due(of, moment)) <= END:
        yield moment


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_said_to_be_next_is_what_dagster_starts(zone: str) -> None:
    """Two springs and an autumn, each night once: T02 for what the schedule itself does."""
    for at in TIMES:
        line = f"{int(at[3:])} {int(at[:2])} * * *"
        started = cron_string_iterator(BEGIN.timestamp(), line, zone)
        theirs = list(takewhile(lambda moment: moment <= END, started))
        ours = list(nights(schedule(at, zone)))
        assert ours == [moment.astimezone(UTC) for moment in theirs]
        days = [moment.astimezone(ZoneInfo(zone)).date() for moment in ours]
        assert len(days) == len(set(days))


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("2026-11-29T00:00", "armed: next due 2026-11-29 02:30 Europe/Berlin (01:30 UTC)"),
        ("2026-11-29T01:30", "armed: next due 2026-11-30 02:30 Europe/Berlin (01:30 UTC)"),
        (
            "2026-03-29T00:00",
            "armed: next due 2026-03-29 03:00 Europe/Berlin (01:00 UTC)" + GAP,
        ),
        (
            "2026-10-25T00:45",
            "armed: next due 2026-10-25 02:30 Europe/Berlin (01:30 UTC)" + SECOND,
        ),
    ],
)
def test_it_says_when_next_in_the_pilots_zone(now: str, says: str) -> None:
    assert describe(schedule(), datetime.fromisoformat(f"{now}Z")) == says


def test_utc_is_told_once() -> None:
    assert describe(schedule(zone="UTC"), BEGIN) == "armed: next due 2026-01-01 02:30 UTC"


def test_one_that_is_not_armed_says_how_to_arm_it() -> None:
    assert describe(schedule(armed=False), BEGIN) == (
        "not armed: Seatrial starts nothing by itself; to have it start prove write "
        'nightly: {at: "02:30", armed: true} in pilot.yaml'
    )
