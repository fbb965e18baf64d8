"""The night a run is recorded for: a date in the pilot's zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from harness.claims.nights import date_in
from harness.errors import ConfigurationError


def slot(asked: str | None, *, zone: ZoneInfo, now: datetime) -> date:
    """The asked ISO date, or today in `zone`.

    Raises ConfigurationError for another text, and for a night in the future.
    """
    today = date_in(zone, now)
    if asked is None:
        return today
    try:
        day = date.fromisoformat(asked)
    except ValueError as error:
        raise ConfigurationError(f"--slot {asked!r} is no date: write it as {today}") from error
    if day > today:
        raise ConfigurationError(
            f"--slot {day} is still to come: name a night until {today}, today in {zone}"
        )
    return day
