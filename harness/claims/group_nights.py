"""What came of each group, night by night, from the readings whose groups were counted.

A night is a day with all its files; where several deliveries are due a day, each is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.calendar import day_begins
from contracts.promises import Groups, Promises
from harness.claims.due import comes_several_times_a_day, is_excluded
from harness.claims.judged import WINDOW_DAYS, over_until
from harness.claims.nights import has_a_time, is_the_reading
from harness.claims.readings import utc
from harness.facts import Delivery, GroupsFound, Reading


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
    """The nights in order, but for files of a day on which nothing is due, and for a night whose
    files are still coming: it is not over, and has fewer than the one before it.
    """
    over, zone = over_until(promises, taken[-1]), ZoneInfo(promises.zone)
    nights, before = list(_nights(promises, taken)), 0
    first = max((night.day.toordinal() for night in nights), default=1) - WINDOW_DAYS
    free = {day for day in {one.day for one in nights} if is_excluded(promises, day)}
    for night in nights:
        is_coming = night.files < before and day_begins(_next(night.day), zone) > over
        before = night.files
        if night.day.toordinal() < first:
            continue
        if night.is_reading or not (is_coming or night.day in free):
            yield night


def _next(day: date) -> date:
    return date.fromordinal(min(day.toordinal() + 1, date.max.toordinal()))


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
        key = delivery.name if comes_several_times_a_day(promises) else delivery.day
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
