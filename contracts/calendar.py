"""When deliveries are due: a promised rule on the wall clock of its zone.

    days and times ─ zone, excluded days ─▶ moments due, in order

A pure decision: no clock is read. What happens at a change of the clock follows RFC 5545, 3.3.5: a
time that does not exist is taken with the offset before the gap, of a time that occurs twice the
first. A rule of every hour or minute counts the hours of that day instead: 23, 24 or 25.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HORIZON_MONTHS = 9 * 12
"""A 29 February may be eight years away; what is not due by then never is."""
EVER = (date(2000, 1, 1), date(2400, 1, 1))
"""After 400 years each date is of the same weekday again: what is not due by then never is."""
_DAY = timedelta(days=1)
_MARGIN = 2
_MOST_SHOWN = 80
_FIRST = date.min.toordinal() + _MARGIN
_LAST = date.max.toordinal() - _MARGIN


@dataclass(frozen=True, slots=True)
class Due:
    """A moment at which a delivery is due, and a period begins."""

    at: datetime
    """In UTC."""
    wall: datetime
    """What the rule says, on the zone's clock, without a zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Times of some days, before zone and holidays."""

    days: Callable[[date, date], Iterable[date]]
    """The days from the first to the last one, both included, in order."""
    times: tuple[time, ...]
    """Each once, in order."""
    is_hourly: bool = False
    """Of every hour or minute, so that an hour that occurs twice counts twice."""
    also: tuple[datetime, ...] = ()
    """Further moments, without a zone."""
    never: frozenset[datetime] = frozenset()
    """Moments that are left out, without a zone."""

    def between(self, first: date, last: date) -> Iterator[datetime]:
        """The moments of these days without a zone, in order."""
        ruled = (datetime.combine(day, at) for day in self.days(first, last) for at in self.times)
        more = (moment for moment in self.also if first <= moment.date() <= last)
        yield from (m for m in sorted({*ruled, *more}) if m not in self.never)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A rule in a zone, without the days that are excluded."""

    rule: Rule
    zone: ZoneInfo
    excluded: frozenset[date] = frozenset()

    def due(self, first: date, last: date) -> tuple[Due, ...]:
        """All that is due on these days of the zone's calendar, both included, in order."""
        if last.toordinal() < _FIRST or first.toordinal() > _LAST:
            return ()
        walls = self.rule.between(_within(first), _within(last))
        found = [
            Due(at, wall)
            for wall in walls
            if wall.date() not in self.excluded
            for at in instants(wall, self.zone, is_hourly=self.rule.is_hourly)
        ]
        return tuple(sorted(found, key=lambda due: (due.at, due.wall)))

    def next_after(self, moment: datetime) -> datetime | None:
        """The first moment due after this one; None if there is none within nine years."""
        utc = moment.astimezone(UTC)
        month = 12 * utc.year + utc.month - 2  # on the zone's clock it may be the one before
        for n in range(month, month + HORIZON_MONTHS):
            due = _of_month(self, *divmod(n, 12))
            at = bisect_right(due, utc, key=lambda one: one.at)
            if at < len(due):
                return due[at].at
        return None


@lru_cache(maxsize=600)  # some days of deliveries ask for the same months
def _of_month(promised: Calendar, year: int, month: int) -> tuple[Due, ...]:
    if not date.min.year < year < date.max.year:
        return ()
    first = date(year, month + 1, 1)
    after = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return promised.due(first, after - _DAY)


def instants(wall: datetime, zone: ZoneInfo, *, is_hourly: bool) -> list[datetime]:
    """The moments in UTC at which the zone's clock shows this time, as RFC 5545 takes it; all of
    them, be it none or two, for a rule of every hour.
    """
    taken = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = [at for at in taken if at.astimezone(zone).replace(tzinfo=None) == wall]
    if is_hourly:
        return list(dict.fromkeys(real))
    return real[:1] or taken[:1]


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """Midnight of that day on the zone's clock, in UTC."""
    return datetime.combine(_within(day), time(), zone).astimezone(UTC)


def day_length(day: date, zone: ZoneInfo) -> timedelta:
    """23, 24 or 25 hours, where a clock is set."""
    inside = _within(day)
    return day_begins(inside + _DAY, zone) - day_begins(inside, zone)


def _within(day: date) -> date:
    return _day(day.toordinal())


def _day(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, _FIRST), _LAST))


def shown(text: str) -> str:
    """A promised text as one short line names it."""
    return ascii(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…")
