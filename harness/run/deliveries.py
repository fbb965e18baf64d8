"""The files of one reading as deliveries: which day each is for, what it held, when it came."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.events import Delivered
from harness.clock import in_zone
from harness.facts import Delivery
from harness.run.landing import Extent, Landing

_DAY = re.compile(r"(?<!\d)(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?!\d)")


def deliveries(
    files: Iterable[Delivered], landing: Landing, zone: ZoneInfo
) -> tuple[Delivery, ...]:
    """One for each file, in the order in which they were read; days are counted in `zone`."""
    found = []
    for file in files:
        extent = landing.by_delivery.get(file.name, Extent())
        found.append(
            Delivery(
                name=file.name,
                day=delivery_day(file.name, extent.newest, zone),
                available_at=file.available_at,
                rows=extent.rows,
                newest_event_at=extent.newest,
                sha256=file.sha256,
                group_rows=landing.group_rows.get(file.name, ()),
            )
        )
    return tuple(found)


def delivery_day(name: str, newest_event_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The date in the file's name, else the day of its newest event; None without either."""
    found = _DAY.search(name)
    if found:
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            pass
    return in_zone(newest_event_at, zone).date() if newest_event_at else None
