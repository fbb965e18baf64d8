"""The two clocks of a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Wall time (UTC) for dates, monotonic seconds for durations."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic


def in_zone(at: datetime, zone: tzinfo) -> datetime:
    """The same moment on the zone's clock. At the ends of the calendar, which some sources use for
    "always" and "never", the clock of another zone may leave it: then it keeps its own.
    """
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at.replace(tzinfo=zone)


def in_utc(value: object, zone: ZoneInfo) -> datetime | None:
    """A time in UTC; one without a zone is of `zone`'s clock. None for anything but a time."""
    if not isinstance(value, datetime):
        return None
    return in_zone(value if value.tzinfo else value.replace(tzinfo=zone), UTC)
