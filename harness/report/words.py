"""Values as words, in one form for page, print and terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite

UNKNOWN = "not known"
THOUSAND = 1000


def count(number: int) -> str:
    """150000 is `150,000`."""
    return f"{number:,}"


def plain(value: float) -> str:
    """A number as an axis shows it: no trailing zeros, no exponent in everyday sizes."""
    if value and not round(value, 1):
        return f"{value:.2g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def size(number: int) -> str:
    """Bytes in decimal units: 1234567 is `1.2 MB`."""
    value, unit = float(number), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if round(abs(value), 1) < THOUSAND:
            break
        value, unit = value / THOUSAND, larger
    return f"{number} B" if unit == "B" else f"{value:,.1f} {unit}"


def share(part: int, whole: int) -> str:
    """7 of 100 is `7.00 %`; a share of 0 is not known."""
    return f"{part / whole:.2%}".replace("%", " %") if whole else UNKNOWN


def seconds(value: float) -> str:
    """A duration in seconds."""
    return f"{value:,.2f} s" if isfinite(value) else UNKNOWN


def milliseconds(value: float) -> str:
    """An answer time in milliseconds."""
    return f"{value:,.1f} ms" if isfinite(value) else UNKNOWN


def hours(value: timedelta | None) -> str:
    """A lag in hours: two days is `48.0 h`."""
    return UNKNOWN if value is None else f"{value / timedelta(hours=1):,.1f} h"


def instant(value: datetime | None) -> str:
    """A time in UTC, with the word UTC."""
    if value is None:
        return UNKNOWN
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'seconds')} UTC"
