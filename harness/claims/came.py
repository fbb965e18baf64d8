"""Each delivery once: what it is for, and whether it is new and of the promised size.

name by the promised pattern ─▶ else the day in it ─▶ else its newest event
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from contracts.name_pattern import tell
from contracts.promises import Promises
from harness.claims.due import comes_several_times_a_day
from harness.claims.nights import has_a_time, is_the_reading
from harness.claims.readings import utc
from harness.clock import in_zone
from harness.facts import Delivery, Reading

_DAY_IN_NAME = re.compile(
    r"(?<!\d)(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)", re.ASCII
)
"""A time may follow at once, as in 20261127020000."""


class Night(StrEnum):
    """How one expected day went; worst first."""

    EMPTY = "came empty"
    STALE = "brought the content of an earlier delivery again"
    MISSING = "did not come"
    BELOW = "held fewer rows than promised"
    ABOVE = "held more rows than promised"
    NOT_NEW = "brought no newer event"
    SHORT = "brought too few deliveries"
    UNSEEN = "was not looked at"
    """We did not read that night: neither a failure of the source nor a proof of delivery."""
    GOOD = "was delivered"


class By(StrEnum):
    """What tells the period of a delivery."""

    NAME = "name"
    EVENT = "newest event"
    READING = "reading"
    """It is a reading of ours, of a source without files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a delivery is for, as far as it tells."""

    by: By
    day: date
    """In the promised zone."""
    wall: datetime | None = None
    """The time on that zone's clock, if a name tells it."""
    at: datetime | None = None
    """The moment in UTC, if it is told without the clock's ambiguity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """One delivery, compared with those before it."""

    place: Place
    how: Night
    new_since: datetime | None = None
    """When what it holds was first seen, if it is what the delivery before it held as well."""


def place(promises: Promises, delivery: Delivery, of: Reading) -> Place | None:
    """What the delivery is for; None if nothing tells it."""
    zone = ZoneInfo(promises.zone)
    if is_the_reading(delivery, of):
        if delivery.day is None:
            return None
        return Place(by=By.READING, day=delivery.day, at=utc(of.started_at))
    if promises.named is not None:
        return place_by_pattern(promises.named, delivery.name, zone)
    if not isinstance(promises.cadence, str):  # whole days, or as many as fit into one
        return _by_day(promises, delivery)
    if day := day_in_name(delivery.name):
        return Place(by=By.NAME, day=day)
    if delivery.newest_event_at is None:
        return None
    event = utc(delivery.newest_event_at)
    return Place(by=By.EVENT, day=in_zone(event, zone).date(), at=event)


def _by_day(promises: Promises, delivery: Delivery) -> Place | None:
    if delivery.day is None:
        return None
    by = By.NAME if day_in_name(delivery.name) else By.EVENT
    # Those of one day come in the order of their events, in whatever order they arrived.
    event = delivery.newest_event_at if comes_several_times_a_day(promises) else None
    return Place(by=by, day=delivery.day, at=None if event is None else utc(event))


def place_by_pattern(pattern: str, name: str, zone: ZoneInfo) -> Place | None:
    """What the name tells by a promised pattern; None for one that does not match."""
    told = tell(pattern, name)
    if told is None:
        return None
    if not told.is_utc:
        wall = told.wall if told.has_time else None
        return Place(by=By.NAME, day=told.wall.date(), wall=wall)
    at = told.wall.replace(tzinfo=UTC)
    try:
        wall = at.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return None
    return Place(by=By.NAME, day=wall.date(), wall=wall, at=at)


def day_in_name(name: str) -> date | None:
    """The date in a file's name, as 20261120, 2026-11-20, 2026_11_20 or 20261120235959; None
    without one.
    """
    if found := _DAY_IN_NAME.search(name):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            pass
    return None


def came(promises: Promises, taken: Sequence[Reading]) -> Iterator[Came]:
    """Each delivery that tells what it is for, oldest first, compared with those before it.

    Of a file that was replaced under its name, the newest content counts.
    """
    once = {d.name: (d, r) for r in taken if not r.failure for d in r.deliveries}
    placed = [(where, d, r) for d, r in once.values() if (where := place(promises, d, r))]
    contents: set[str] = set()
    newest = before = None
    known: tuple[str, datetime | None, datetime] | None = None
    for where, delivery, of in sorted(placed, key=lambda each: _in_order(*each)):
        at = utc(delivery.available_at)
        if not has_a_time(delivery, of):
            yield Came(place=where, how=Night.UNSEEN)
            continue
        event = delivery.newest_event_at and utc(delivery.newest_event_at)
        how = _judge_size(promises, delivery)
        if how is Night.GOOD and delivery.rows > 0:
            if delivery.sha256 in contents:
                how = Night.STALE
            elif promises.event_time and (event is None or (newest and event <= newest)):
                how = Night.NOT_NEW
            if how is not Night.GOOD and before is not None:
                how = Night.UNSEEN if _is_too_soon(promises, where, at - before) else how
        if how is Night.GOOD:
            known = (delivery.sha256, event, at)
        same = known and (known[0] == delivery.sha256 or (event and known[1] == event))
        yield Came(place=where, how=how, new_since=known[2] if known and same else None)
        contents.add(delivery.sha256)
        newest = max(filter(None, (newest, event)), default=None)
        before = at


def _in_order(where: Place, delivery: Delivery, _: Reading) -> tuple[datetime, datetime, str]:
    begins = datetime.combine(where.day, time())
    return where.wall or begins, where.at or utc(delivery.available_at), delivery.name


def _is_too_soon(promises: Promises, where: Place, after: timedelta) -> bool:
    """Whether a reading of ours cannot expect anything new so soon after the one before. A file
    may have been sent before one that it follows, and is judged all the same.
    """
    if where.by is not By.READING or not isinstance(promises.cadence, timedelta):
        return False
    return after < promises.cadence / 2


def _judge_size(promises: Promises, delivery: Delivery) -> Night:
    low, high = promises.volume.minimum, promises.volume.maximum
    if delivery.rows < low:
        return Night.BELOW if delivery.rows > 0 else Night.EMPTY
    return Night.ABOVE if high is not None and delivery.rows > high else Night.GOOD


def worst(some: Sequence[Night]) -> Night:
    """The worst of some."""
    return min(some, key=severity)


def severity(how: Night) -> int:
    """Less is worse."""
    return list(Night).index(how)


def made_by_readings(taken: Sequence[Reading]) -> bool:
    """Whether the source has no files: then each delivery is one of our own readings."""
    return all(is_the_reading(d, r) for r in taken for d in r.deliveries)
