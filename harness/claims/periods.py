"""Expected days where a calendar is promised: which delivery is for which period, and what lacks.

A period begins when a delivery is due and ends when the next one is. A delivery is for the period

- of the day, or the time, that its name tells: it is over by the end of that day;
- in which its newest event lies;
- that was due a lag before we read it, where it is a reading of ours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.calendar import Calendar, Due, day_begins
from contracts.calendar_text import calendar
from contracts.promises import Promises
from harness.claims import wording
from harness.claims.came import By, Came, Night, came, made_by_readings
from harness.claims.judged import WINDOW_DAYS, Judged, judge_day, over_until
from harness.claims.nights import date_in
from harness.claims.readings import utc
from harness.facts import Reading

_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
_NAMED = 2
"""Periods named in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A delivery and the periods that it fills: none, one, or any one of its day."""

    delivery: Came
    periods: tuple[int, ...]
    """By their number; those of one hour that occurs twice have one name."""
    loose: date | None = None
    """The day of which it fills any one period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """The periods of a calendar, in order, and by day."""

    due: tuple[Due, ...]
    after: datetime
    """When the last of them ends."""

    def ends(self, n: int) -> datetime:
        """When the next period begins."""
        return self.due[n + 1].at if n + 1 < len(self.due) else self.after

    def by_day(self) -> Mapping[date, list[int]]:
        """The numbers of each day's periods."""
        days: dict[date, list[int]] = {}
        for n, due in enumerate(self.due):
            days.setdefault(due.wall.date(), []).append(n)
        return days

    def at(self, moment: datetime) -> int | None:
        """The period that a moment lies in; None before the first."""
        n = bisect_right(self.due, moment, key=lambda due: due.at) - 1
        return n if n >= 0 else None


def expand(promised: Calendar, first: date, last: date) -> Periods:
    """The periods that begin on these days, both included."""
    due = promised.due(first, last)
    after = promised.next_after(due[-1].at) if due else None
    return Periods(due=due, after=after or _NEVER)


def judge_periods(
    promises: Promises, cadence: str, taken: Sequence[Reading]
) -> dict[date, Judged]:
    """How each day went on which something was due, from the first one seen to the last one that
    is over or delivered.
    """
    zone = ZoneInfo(promises.zone)
    found = list(came(promises, taken))
    if not found:
        return {}
    today = date_in(zone, utc(taken[-1].started_at))
    first = max(min(one.place.day for one in found), _before(today, WINDOW_DAYS))
    periods = expand(calendar(cadence, zone, promises.excluded), _before(first, 1), today)
    matches = list(match(periods, found, lag=promises.lag or timedelta()))
    until = over_until(promises, taken[-1])
    if all(one.place.by is By.NAME for one in found):
        over = {n for n in range(len(periods.due)) if _named_ends(periods, n, zone) <= until}
    else:
        over = {n for n in range(len(periods.due)) if periods.ends(n) <= until}
    absent = Night.UNSEEN if made_by_readings(taken) else Night.MISSING
    return dict(_judge(periods, matches, over, absent))


def match(periods: Periods, found: Sequence[Came], *, lag: timedelta) -> Iterator[Match]:
    """The periods of each delivery; none of one that nobody expected."""
    days = periods.by_day()
    for one in found:
        where = one.place
        if where.by is By.NAME:
            numbers = days.get(where.day, [])
            if where.wall is None and len(numbers) > 1:
                yield Match(delivery=one, periods=(), loose=where.day)
            else:
                yield Match(delivery=one, periods=_named(periods, numbers, one))
            continue
        moment = where.at or _NEVER
        n = periods.at(_less(moment, lag) if where.by is By.READING else moment)
        if n is None:
            yield Match(delivery=one, periods=())
        else:
            yield Match(delivery=_as_of(one, periods.due[n]), periods=(n,))


def _named(periods: Periods, numbers: Sequence[int], one: Came) -> tuple[int, ...]:
    """The last period of the day that had begun at the time in the name, else its first."""
    where = one.place
    if len(numbers) <= 1 or where.wall is None:
        return tuple(numbers)
    if where.at is not None:
        begun = [n for n in numbers if periods.due[n].at <= where.at]
        return (begun[-1] if begun else numbers[0],)
    walls = [periods.due[n].wall for n in numbers]
    wall = max((known for known in walls if known <= where.wall), default=walls[0])
    return tuple(n for n in numbers if periods.due[n].wall == wall)


def _as_of(one: Came, due: Due) -> Came:
    """A reading shows what came since it was due, also if an earlier reading had seen it."""
    was_new = one.new_since is not None and one.new_since >= due.at
    if one.place.by is By.READING and one.how in (Night.STALE, Night.NOT_NEW) and was_new:
        return Came(place=one.place, how=Night.GOOD)
    return one


def _judge(
    periods: Periods, matches: Sequence[Match], over: set[int], absent: Night
) -> Iterator[tuple[date, Judged]]:
    days = periods.by_day()
    of_day: dict[date, list[Match]] = {}
    for one in matches:
        days_of = {periods.due[n].wall.date() for n in one.periods}
        for day in days_of or ({one.loose} if one.loose else ()):
            of_day.setdefault(day, []).append(one)
    first = min([*of_day, *(one.delivery.place.day for one in matches)])
    for day, numbers in days.items():
        if day < first:
            continue
        some = of_day.get(day, [])
        good = [one for one in some if one.delivery.how is Night.GOOD]
        filled = {n for one in good for n in one.periods}
        loose = sum(one.loose is not None for one in good)
        lacking = [n for n in numbers if n not in filled]
        overdue = [n for n in lacking if n in over]
        bad = [one.delivery.how for one in some if not filled.issuperset(one.periods) or one.loose]
        short = Night.SHORT if absent is Night.MISSING and some else absent
        how = judge_day(
            bad, lacking=len(lacking) - loose, overdue=len(overdue) - loose, absent=short
        )
        # What came before the first file that is still there, nobody can tell.
        is_cut = day == first and len(numbers) > 1 and how in (Night.SHORT, Night.UNSEEN)
        if how is not None and not is_cut:
            note = _note(periods, overdue) if how is Night.SHORT and not loose else ""
            yield day, Judged(how=how, note=note)


def _note(periods: Periods, lacking: Sequence[int]) -> str:
    times = [f"{periods.due[n].wall:%H:%M}" for n in lacking]
    return f" (none for {wording.first(times, at_most=_NAMED)})"


def _named_ends(periods: Periods, n: int, zone: ZoneInfo) -> datetime:
    """What is named after a day is to be there by its end."""
    return min(periods.ends(n), day_begins(periods.due[n].wall.date() + _DAY, zone))


def _before(day: date, n: int) -> date:
    return date.fromordinal(max(1, day.toordinal() - n))


def _less(moment: datetime, lag: timedelta) -> datetime:
    try:
        return moment - lag
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
