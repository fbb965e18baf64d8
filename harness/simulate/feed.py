"""What a good source sends on the virtual calendar: all that it promised, and no more.

A delivery comes within three quarters of the promised lag, each with newer events than the one
before it. A table that is promised once a day or more often has new rows whenever it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from contracts.promises import Promises
from harness.simulate.subject import Subject

DAY = timedelta(days=1)
BEFORE = 10
"""Days on which the source already sent before our first night."""
_USED = 0.7
"""Of the lag at most."""
_AT_ONCE = timedelta(minutes=5)
_JITTER = timedelta(minutes=20)
_ROWS = 1_000
"""Of a delivery, where nothing is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One delivery, or what a table holds from then on."""

    day: date
    """The day that it is for, in the promised zone."""
    due: datetime
    available: datetime
    newest: datetime
    rows: int
    content: str
    """Equal for equal bytes."""
    name: str


def moments(subject: Subject) -> list[datetime]:
    """When each night's run reads, in UTC."""
    return [
        at_clock(subject.first + n * DAY, subject.read_at, subject.zone)
        for n in range(subject.nights)
    ]


def at_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That time on the zone's clock, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def sent(subject: Subject, chance: Random) -> list[Sent]:
    """All that comes, oldest first."""
    promises = subject.promises
    lag = promises.lag or timedelta()
    jitter = min(_JITTER, lag / 10 or _JITTER)
    waits = chance.random() * _USED * lag
    found = []
    for day, due in _due(subject):
        after = chance.random() * (_USED * lag if subject.is_files else jitter)
        if subject.is_files or not reads_are_deliveries(subject):
            newest = due - _AT_ONCE - chance.random() * jitter
            available = due + after + (timedelta() if subject.is_files else waits)
        else:
            newest = due - _AT_ONCE - waits - after
            available = due
        found.append(
            Sent(
                day=day,
                due=due,
                available=available if lag else newest + _AT_ONCE if subject.is_files else due,
                newest=newest,
                rows=_rows(promises, chance),
                content=f"content of {due.isoformat()}",
                name=f"{subject.dataset}_{day:%Y%m%d}_{due:%H%M}.csv",
            )
        )
    return found


def reads_are_deliveries(subject: Subject) -> bool:
    """Whether new rows come all the time, so that every reading should bring some."""
    cadence = subject.promises.cadence
    return not subject.is_files and (cadence is None or cadence <= DAY)


def _due(subject: Subject) -> Iterator[tuple[date, datetime]]:
    """Each delivery's day and the moment at which it is due."""
    if reads_are_deliveries(subject):
        days = (subject.first + n * DAY for n in range(subject.nights))
        yield from zip(days, moments(subject), strict=True)
        return
    zone = ZoneInfo(subject.promises.zone)
    cadence = subject.step
    begin = subject.first - max(BEFORE * DAY, 2 * cadence)
    days_ = (subject.nights + (subject.first - begin).days) * DAY
    if cadence >= DAY:
        step = cadence // DAY
        for n in range(0, days_ // DAY + 1, step):
            day = begin + n * DAY
            yield day, at_clock(day + DAY, time(), zone)
        return
    for n in range(days_ // DAY + 1):
        day = begin + n * DAY
        ends = at_clock(day + DAY, time(), zone)
        at = at_clock(day, time(), zone) + cadence
        while at <= ends:
            yield day, at
            at += cadence


def _rows(promises: Promises, chance: Random) -> int:
    low, high = max(1, promises.volume.minimum), promises.volume.maximum
    if high is None:
        high = max(_ROWS, 2 * low)
        low = max(low, high // 2)
    return chance.randint(min(low, high), high)
