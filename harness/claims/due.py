"""Which days have nothing due, and how long what could be delivered has waited."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.calendar_text import calendar, rule
from contracts.promises import Promises
from harness.clock import in_zone

_DAY = timedelta(days=1)


def comes_several_times_a_day(promises: Promises) -> bool:
    """Whether more than one delivery is due on a day; then each reading is one by itself."""
    if isinstance(promises.cadence, str):
        return len(rule(promises.cadence).times) > 1
    return promises.cadence is not None and promises.cadence < _DAY


def is_excluded(promises: Promises, day: date) -> bool:
    """Whether nothing is due on that day."""
    if isinstance(promises.cadence, str):
        zone = ZoneInfo(promises.zone)
        return not calendar(promises.cadence, zone, promises.excluded).due(day, day)
    return day in promises.excluded


def due_after(promises: Promises, moment: datetime) -> datetime:
    """When the next delivery is due by the promised calendar; at once without one."""
    if not isinstance(promises.cadence, str):
        return moment
    promised = calendar(promises.cadence, ZoneInfo(promises.zone), promises.excluded)
    return promised.next_after(moment) or datetime.max.replace(tzinfo=UTC)


def waited(promises: Promises, event: datetime, at: datetime) -> timedelta:
    """How long an event that is available at a moment has waited since it could be delivered: from
    when it happened, without the days that are excluded; by a calendar, from when the next
    delivery was due.
    """
    if isinstance(promises.cadence, str):
        return max(timedelta(), at - due_after(promises, event))
    zone = ZoneInfo(promises.zone)
    first, last = in_zone(event, zone).date(), in_zone(at, zone).date()
    return at - event - sum(first < day <= last for day in promises.excluded) * _DAY
