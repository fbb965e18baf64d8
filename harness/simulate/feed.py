"""What a good source sends on the virtual calendar: all that it promised, and no more.

A delivery comes within three quarters of the promised lag, each with newer events than the one
before it. A table that is promised once a day or more often has new rows whenever it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from contracts.promises import Promises
from harness.simulate.dues import DAY, Due, at_clock, dues
from harness.simulate.naming import file_name
from harness.simulate.subject import Subject

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


def sent(subject: Subject, chance: Random) -> list[Sent]:
    """All that comes, oldest first."""
    promises = subject.promises
    lag = promises.lag or timedelta()
    short = subject.gaps.shortest / 4
    jitter = min(_JITTER, short, lag / 10 or _JITTER)
    waits = chance.random() * _USED * lag
    found = list[Sent]()
    for due in _due(subject):
        after = chance.random() * (_USED * lag if subject.is_files else jitter)
        if subject.is_files or not reads_are_deliveries(subject):
            newest = due.at - min(_AT_ONCE, short) - chance.random() * jitter
            available = due.at + after + (timedelta() if subject.is_files else waits)
        else:
            newest = due.at - min(_AT_ONCE, short) - waits - after
            available = due.at
        found.append(
            Sent(
                day=due.day,
                due=due.at,
                available=available,
                newest=newest,
                rows=_rows(promises, chance),
                content=f"content of {due.at.isoformat()}",
                name=file_name(promises, subject.dataset, due),
            )
        )
    return found


def reads_are_deliveries(subject: Subject) -> bool:
    """Whether new rows come all the time, so that every reading should bring some."""
    cadence = subject.promises.cadence
    if subject.is_files or isinstance(cadence, str):
        return False
    return cadence is None or cadence <= DAY


def _due(subject: Subject) -> Iterator[Due]:
    """What is due, from before the first night on. In an hour that occurs twice, only the first
    of two deliveries of one name.
    """
    promises, last = subject.promises, subject.first + subject.nights * DAY
    if reads_are_deliveries(subject):
        for n, at in enumerate(moments(subject)):
            day = subject.first + n * DAY
            if day not in promises.excluded:
                yield Due(day=day, wall=datetime.combine(day, time()), at=at)
        return
    begin = subject.first - max(BEFORE * DAY, 2 * subject.gaps.longest)
    named = set[str]()
    for due in dues(promises, begin, last):
        if (name := file_name(promises, subject.dataset, due)) not in named:
            named.add(name)
            yield due


def _rows(promises: Promises, chance: Random) -> int:
    low, high = max(1, promises.volume.minimum), promises.volume.maximum
    if high is None:
        high = max(_ROWS, 2 * low)
        low = max(low, high // 2)
    return chance.randint(min(low, high), high)
