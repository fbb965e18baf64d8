"""What a clock showed, by each way to write it; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

SECOND, _MILLISECOND = 1_000_000_000, 1_000_000
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - of a clock without a zone
_INTEGER = re.compile(r"-?[0-9]{1,20}")
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"(?:(Z)|([+-])([0-9]{2})(?::([0-9]{2}))?)?)?"
)
_ISO_BASIC = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})"
    r"(?:T([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"(?:(Z)|([+-])([0-9]{2})([0-9]{2})?)?)?"
)
"""ISO 8601-1 5.4.2.1; a day alone is often written as a number."""
_DOTNET = re.compile(r"/Date\((-?[0-9]{1,17})([+-][0-9]{4})?\)/")
"""The number counts in UTC also where an offset stands beside it, which says how to show it
(Microsoft, Stand-Alone JSON Serialization; OData 2.0, JSON format)."""
_HOURS, _MINUTES = 24, 60


class Clock(NamedTuple):
    """A moment as a clock showed it."""

    shown: int
    """In nanoseconds since 1970 there."""
    offset: int | None
    """Its seconds east of UTC; None where nothing is said of them."""
    has_time: bool = True
    """Whether more than a day is told."""


def _calendar(form: re.Pattern[str]) -> Callable[[object], Clock | None]:
    def read(value: object) -> Clock | None:
        text = str(value) if type(value) is int else value
        found = form.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            return None
        year, month, day, hour, minute, second, part, utc, sign, east, past = found.groups()
        time = int(hour or 0), int(minute or 0), int(second or 0)
        try:
            since = datetime(int(year), int(month), int(day), *time) - _EPOCH  # noqa: DTZ001
        except ValueError:  # the 30th of February, 24:00, a leap second
            return None
        shown = (since.days * 86_400 + since.seconds) * SECOND + int((part or "").ljust(9, "0"))
        if sign is None:
            return Clock(shown, 0 if utc else None, hour is not None)
        hours, minutes = int(east), int(past or 0)
        if hours >= _HOURS or minutes >= _MINUTES:
            return None
        return Clock(shown, int(f"{sign}1") * (hours * 3_600 + minutes * 60))

    return read


def _epoch(nanoseconds: int) -> Callable[[object], Clock | None]:
    def read(value: object) -> Clock | None:
        if type(value) is int:
            return Clock(value * nanoseconds, 0)
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return Clock(int(value) * nanoseconds, 0)
        return None

    return read


def _dotnet(value: object) -> Clock | None:
    found = _DOTNET.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    return Clock(int(found[1]) * _MILLISECOND, None if found[2] is None else 0)


READERS: Mapping[str, Callable[[object], Clock | None]] = {
    "iso": _calendar(_ISO),
    "iso_basic": _calendar(_ISO_BASIC),
    "epoch_s": _epoch(SECOND),
    "epoch_ms": _epoch(_MILLISECOND),
    "dotnet": _dotnet,
}
"""Each way by the name that a contract has for it."""

_FROM, _TO = 946_684_800 * SECOND, 4_102_444_800 * SECOND
"""From 2000 to 2100: numbers that count to a time there may be times, and mostly are none."""
_LIKELY = ("dotnet", "iso_basic", "epoch_s", "epoch_ms", "iso")


def may_be(values: Iterable[object]) -> str | None:
    """The first format in which all values are times of this century; for a person to confirm."""
    held = [value for value in values if value is not None]
    for name in _LIKELY:
        clocks = [READERS[name](value) for value in held]
        if held and all(one is not None and _FROM <= one.shown < _TO for one in clocks):
            return name
    return None
