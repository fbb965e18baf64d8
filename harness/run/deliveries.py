"""What came during a reading as deliveries: which day each is for, what it held, when it came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.events import Delivered
from contracts.promises import Promises
from harness.claims.came import day_in_name, place_by_pattern
from harness.clock import in_zone
from harness.facts import Delivery
from harness.run.landing import Extent, Landing


def deliveries(
    files: Iterable[Delivered],
    landing: Landing,
    promises: Promises,
    declares: Iterable[int],
    unreadable: Mapping[str, str],
) -> tuple[Delivery, ...]:
    """One for each file, in the order in which they were read; days are those of the promised
    zone. `declares` has the place of each one's columns among those of all, `unreadable` why a
    file could not be read to its end, by its name.
    """
    found = []
    for file, place in zip(files, declares, strict=True):
        extent = landing.by_delivery.get(file.name, Extent())
        found.append(
            Delivery(
                name=file.name,
                day=delivery_day(file.name, extent.newest, promises),
                available_at=file.available_at,
                rows=extent.rows,
                newest_event_at=extent.newest,
                sha256=file.sha256,
                declares=place,
                group_rows=landing.group_rows.get(file.name, ()),
                unreadable=unreadable.get(file.name),
            )
        )
    return tuple(found)


def delivery_day(name: str, newest_event_at: datetime | None, promises: Promises) -> date | None:
    """The day that the file's name tells, by the promised pattern if there is one; else the day of
    its newest event. None without either.
    """
    zone = ZoneInfo(promises.zone)
    if promises.named is not None:
        told = place_by_pattern(promises.named, name, zone)
        return None if told is None else told.day
    if day := day_in_name(name):
        return day
    return in_zone(newest_event_at, zone).date() if newest_event_at else None
