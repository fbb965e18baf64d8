"""What came of each group, night by night, from the readings whose groups were counted.

A night is a day with all its files; where several deliveries are due a day, each is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.promises import Groups, Promises
from harness.claims.nights import date_in, has_a_time, is_the_reading
from harness.claims.readings import utc
from harness.facts import Delivery, GroupsFound, Reading

WINDOW = timedelta(days=366)
"""Nights longer ago say little about the next one."""
_DAY = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Night:
    """All that came for one day."""

    day: date
    is_reading: bool
    """Whether it is a reading of ours, of a source without files."""
    files: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    """Of each group, in all files."""
    most: dict[str, int] = field(default_factory=dict)
    """Of each group, in one file: the same may have been sent again."""


def counted(promised: Groups, taken: Iterable[Reading]) -> Iterator[tuple[Reading, GroupsFound]]:
    """The readings whose groups are known."""
    for reading in taken:
        found = reading.groups
        if reading.failure is None and found is not None and found.by == promised.by:
            yield reading, found


def due_nights(promises: Promises, taken: Sequence[Reading]) -> Iterator[Night]:
    """The nights in order, but for one whose files are still coming: it is not over, and has fewer
    than the one before it.
    """
    last_over, before = _last_over(promises, taken[-1]), 0
    nights = list(_nights(promises, taken))
    first = max((night.day.toordinal() for night in nights), default=1) - WINDOW.days
    for night in nights:
        is_coming = not night.is_reading and night.day > last_over and night.files < before
        if not is_coming and night.day.toordinal() >= first:
            yield night
        before = night.files


def _nights(promises: Promises, taken: Sequence[Reading]) -> Iterator[Night]:
    """What came, by day, or by delivery where several are due a day. Of a file that was replaced
    under its name, the newest content counts.
    """
    promised = promises.groups
    if promised is None:
        return
    once = {
        delivery.name: (delivery, reading, found)
        for reading, found in counted(promised, taken)
        if found.why_not is None
        for delivery in reading.deliveries
        if delivery.day is not None and delivery.rows > 0 and has_a_time(delivery, reading)
    }
    by_key: dict[date | str, Night] = {}
    for delivery, reading, found in sorted(once.values(), key=lambda each: _in_order(each[0])):
        assert delivery.day is not None
        key = delivery.name if _several_a_day(promises) else delivery.day
        own = is_the_reading(delivery, reading)
        night = by_key.setdefault(key, Night(day=delivery.day, is_reading=own))
        night.files += 1
        for name, rows in _rows(delivery, found, own=own).items():
            night.rows[name] = night.rows.get(name, 0) + rows
            night.most[name] = max(night.most.get(name, 0), rows)
    yield from by_key.values()


def _in_order(delivery: Delivery) -> tuple[date, datetime, str]:
    return delivery.day or date.min, utc(delivery.available_at), delivery.name


def _rows(delivery: Delivery, found: GroupsFound, *, own: bool) -> Mapping[str, int]:
    """The rows of each group in a delivery, without groups that it has no row of."""
    counts = [one.rows for one in found.found] if own else delivery.group_rows
    pairs = zip(found.found, counts, strict=False)
    return {one.name: rows for one, rows in pairs if rows > 0}


def _several_a_day(promises: Promises) -> bool:
    return promises.cadence is not None and promises.cadence < _DAY


def _last_over(promises: Promises, latest: Reading) -> date:
    """The last day that had ended at least the promised lag before the reading began."""
    try:
        over = utc(latest.started_at) - (promises.lag or timedelta())
        return date_in(ZoneInfo(promises.zone), over) - _DAY
    except OverflowError:  # before the first day there is
        return date.min
