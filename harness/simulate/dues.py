"""When a good source delivers: by the promised calendar, or every so long on the zone's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contracts.calendar_text import calendar
from contracts.promises import Promises

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Due(NamedTuple):
    """One delivery that is due."""

    day: date
    """The day that it is for, in the promised zone."""
    wall: datetime
    """The time that its name tells, on that zone's clock."""
    at: datetime
    """In UTC."""


def at_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That time on the zone's clock, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def dues(promises: Promises, first: date, last: date) -> tuple[Due, ...]:
    """All that is due for these days, both included, oldest first."""
    return _dues(_step(promises), promises.zone, promises.excluded, first, last)


class Gaps(NamedTuple):
    """Times from one delivery to the next."""

    shortest: timedelta
    longest: timedelta
    mean: timedelta


def gaps(promises: Promises, first: date, nights: int) -> Gaps:
    """Of all that is due within so many nights; as long as these, where that is less than two."""
    last = first + nights * DAY
    return _gaps(_step(promises), promises.zone, promises.excluded, first, last)


def _step(promises: Promises) -> timedelta | str:
    """Without a cadence `fresh` takes it that something always happens: four times a lag."""
    if promises.cadence is not None:
        return promises.cadence
    lag = promises.lag
    return DAY if lag is None else min(DAY, max(HOUR, lag // 4 // HOUR * HOUR))


@cache
def _gaps(
    step: timedelta | str, zone: str, excluded: tuple[date, ...], first: date, last: date
) -> Gaps:
    due = _dues(step, zone, excluded, first, last)
    between = [later.at - earlier.at for earlier, later in pairwise(due)] or [last - first]
    return Gaps(min(between), max(between), sum(between, timedelta()) / len(between))


@cache
def _dues(
    step: timedelta | str, zone: str, excluded: tuple[date, ...], first: date, last: date
) -> tuple[Due, ...]:
    clock = ZoneInfo(zone)
    if isinstance(step, str):
        found = calendar(step, clock, excluded).due(first, last)
        return tuple(Due(day=due.wall.date(), wall=due.wall, at=due.at) for due in found)
    return tuple(due for due in _spans(step, clock, first, last) if due.day not in excluded)


def _spans(step: timedelta, zone: ZoneInfo, first: date, last: date) -> Iterator[Due]:
    """Those of some days are due at the end of the first of them, others within a day."""
    for n in range(0, (last - first).days + 1, max(1, step // DAY)):
        day = first + n * DAY
        ends = at_clock(day + DAY, time(), zone)
        if step >= DAY:
            yield Due(day=day, wall=datetime.combine(day, time(23)), at=ends)
            continue
        at = at_clock(day, time(), zone) + step
        while at <= ends:
            wall = (at - step).astimezone(zone).replace(tzinfo=None)
            yield Due(day=day, wall=wall, at=at)
            at += step
