"""Expected days where a cadence is a time between deliveries: of some days, or within one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.calendar import day_begins, day_length
from contracts.promises import Promises
from harness.claims.came import By, Came, Night, came, made_by_readings
from harness.claims.judged import WINDOW_DAYS, Judged, judge_day, over_until
from harness.claims.nights import date_in
from harness.facts import Reading

_DAY = timedelta(days=1)


def judge_spans(
    promises: Promises, cadence: timedelta, taken: Sequence[Reading]
) -> dict[date, Judged]:
    """How each expected day went, from the first one seen to the last one over or delivered.

    Days are counted on the promised zone's calendar, never in steps of 24 hours. A cadence of
    several days expects one delivery in each such span; one under a day as many as that day has
    room for: 23, 24 or 25 of an hourly one.
    """
    found = list(came(promises, taken))
    if not found:
        return {}
    zone, until = ZoneInfo(promises.zone), over_until(promises, taken[-1])
    days = [one.place.day for one in found]
    last_over = _last_over(until, zone)
    last = max(*days, last_over)
    first = max(min(days), date.fromordinal(max(1, last.toordinal() - WINDOW_DAYS)))
    step = max(1, cadence // _DAY)
    spans: dict[int, list[Came]] = {}
    for one in found:
        spans.setdefault((one.place.day - first).days // step, []).append(one)
    if made_by_readings(taken):
        absent = short = Night.UNSEEN
    else:
        absent, short = Night.MISSING, Night.SHORT
    judged: dict[date, Judged] = {}
    for index in range((last - first).days // step + 1):
        day, some = first + index * step * _DAY, spans.get(index, [])
        if all(_is_excluded(day, n, promises) for n in range(step)):
            continue
        if cadence < _DAY:
            wanted, over = _within_a_day(day, cadence, zone, some, until)
        else:
            wanted, over = 1, int(day.toordinal() + step - 1 <= last_over.toordinal())
        good = sum(one.how is Night.GOOD for one in some)
        how = judge_day(
            [one.how for one in some],
            lacking=wanted - good,
            overdue=over - good,
            absent=short if some else absent,
        )
        # What came before the first file that is still there, nobody can tell.
        is_cut = index == 0 and cadence < _DAY and how in (Night.SHORT, Night.UNSEEN)
        if how is not None and not is_cut:
            judged[day] = Judged(how=how)
    return judged


def _is_excluded(first: date, n: int, promises: Promises) -> bool:
    return date.fromordinal(min(first.toordinal() + n, date.max.toordinal())) in promises.excluded


def _within_a_day(
    day: date, cadence: timedelta, zone: ZoneInfo, some: Sequence[Came], until: datetime
) -> tuple[int, int]:
    """How many deliveries that day has room for, and how many of them are over."""
    length = day_length(day, zone)
    if any(one.place.by is By.NAME for one in some):  # an hour that occurs twice has one name
        length = min(length, _DAY)
    wanted = max(1, length // cadence)
    return wanted, min(wanted, max(0, (until - day_begins(day, zone)) // cadence))


def _last_over(until: datetime, zone: ZoneInfo) -> date:
    """The last day that had ended by then."""
    try:
        return date_in(zone, until) - _DAY
    except OverflowError:
        return date.min
