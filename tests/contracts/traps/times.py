"""Days before the calendar changed, the ends of time, and hours that occur twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandera.polars as pa
import polars as pl

from contracts.rules import Kind
from tests.contracts.traps.trap import a, b, one, own, two, x

_TIME = pl.Datetime("us", "UTC")
_TWICE = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
"""In Berlin for the second time: 01:30 in UTC, where the first was 00:30."""


def _utc(hour: int, minute: int = 0, *, micro: int = 0) -> datetime:
    return datetime(2026, 10, 25, hour, minute, microsecond=micro, tzinfo=UTC)


TRAPS = (
    one("date of year 1", pl.Date, [date(1, 1, 1), date(1, 1, 2)], pa.Check.le(date(1, 1, 1)), 1),
    one(
        "date before 1582",
        pl.Date,
        [date(1500, 2, 28), date(1500, 3, 1)],
        pa.Check.lt(date(1500, 3, 1)),
        1,
    ),
    two(
        "date difference before 1582",
        (pl.Date, [date(1500, 3, 1)]),
        (pl.Date, [date(1500, 2, 28)]),
        own((a - b).dt.total_days() == 1),
        0,
    ),
    one("date 9999-12-31", pl.Date, [date(9999, 12, 31)], pa.Check.le(date(9999, 12, 31)), 0),
    one(
        "date, datetime bound",
        pl.Date,
        [date(2026, 1, 1), date(2026, 1, 2)],
        pa.Check.ge(datetime(2026, 1, 1, 12)),  # noqa: DTZ001 - a day has no zone
        1,
    ),
    one(
        "UTC time, UTC bound at DST",
        _TIME,
        [_utc(0, 59), _utc(1)],
        pa.Check.ge(_utc(1)),
        1,
    ),
    one(
        "UTC time, Berlin bound, hour twice (fold=1)",
        _TIME,
        [_utc(0, 30), _utc(1, 30)],
        pa.Check.ge(_TWICE),
        1,
    ),
    one("hour of UTC time (own)", _TIME, [_utc(23, 30)], own(x.dt.hour() == 23), 0),
    one("day of UTC time (own)", _TIME, [_utc(23, 30)], own(x.dt.date() == date(2026, 10, 25)), 0),
    one("UTC time, unique at DST", _TIME, [_utc(0, 30), _utc(1, 30)], Kind.UNIQUE, 0),
    one(
        "microseconds",
        _TIME,
        [_utc(1, micro=999_999), _utc(1, micro=999_998)],
        pa.Check.lt(_utc(1, micro=999_999)),
        1,
    ),
)
