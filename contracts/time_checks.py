"""Refuses promises of time that cannot be judged, each with the remedy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.calendar_text import rule
from contracts.name_pattern import compiled
from contracts.promises import ContractError, Promises

_DAY = timedelta(days=1)


def time_problems(promises: Promises) -> Iterator[str]:
    """All that is wrong with them, each with the remedy."""
    if promises.lag is not None and promises.lag <= timedelta():
        yield "lag must be longer than nothing"
    yield from _calendar_problems(promises)
    for promise, zone in (("zone", promises.zone), ("event_zone", promises.event_zone)):
        try:
            ZoneInfo(zone or "UTC")
        except (KeyError, ValueError, OSError):  # unknown, malformed, a folder of zones
            yield f"{promise} {zone} is unknown: use a name such as Europe/Berlin"
    if promises.event_zone is not None and promises.event_time is None:
        yield "event_zone has no event_time to be of: name that column"


def _calendar_problems(promises: Promises) -> Iterator[str]:
    cadence = promises.cadence
    if isinstance(cadence, timedelta) and not _fits_days(cadence):
        yield "cadence must be whole days, or divide a day"
    try:
        if isinstance(cadence, str):
            rule(cadence)
        if promises.named is not None:
            compiled(promises.named)
    except ContractError as error:
        yield str(error)
    for promise in ("excluded", "named"):
        if getattr(promises, promise) and cadence is None:
            yield f"{promise} has no cadence to be of: promise one, or leave it out"
    for day in promises.excluded:
        if isinstance(day, datetime):
            yield f"excluded names a time, {day}: write the day, date({day:%Y, %-m, %-d})"


def _fits_days(cadence: timedelta) -> bool:
    if cadence <= timedelta():
        return False
    return not (cadence % _DAY if cadence > _DAY else _DAY % cadence)
