"""How a source writes the times of a column: declared, so that none is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from contracts.types import require_type

if TYPE_CHECKING:
    import pandera.polars

_EPOCHS = ("epoch_s", "epoch_ms")
FORMATS = ("iso", "iso_basic", *_EPOCHS, "dotnet")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFormat:
    """How a source writes the times of one column; what is written otherwise is rescued.

    | `written` | as in |
    |---|---|
    | `iso` | `2026-11-29T10:15:00.1234567Z`, up to nine digits, as .NET writes seven |
    | `iso_basic` | `20261129T101500Z`, `20261129` |
    | `epoch_s`, `epoch_ms` | `1796084100`, a whole number or its digits as text |
    | `dotnet` | `/Date(1796084100000+0200)/`, whose number counts from 1970 in UTC |

    >>> TimeFormat(written="iso", zone="Europe/Berlin").zone
    'Europe/Berlin'
    """

    written: str
    zone: str | None = None
    """The zone of times that name none. An hour that this zone's clocks show twice or never tells
    no instant: it is rescued."""

    def __post_init__(self) -> None:
        require_type("written", self.written, str)
        if self.zone is not None:
            require_type("zone", self.zone, str)


def format_problems(
    times: Mapping[str, TimeFormat], columns: Mapping[str, pandera.polars.Column]
) -> Iterator[str]:
    """Each declaration that no time of its column can keep, with the remedy."""
    for name, one in times.items():
        dtype = str(columns[name].dtype)
        yield from (f"times of {name}: {problem}" for problem in _problems(one, dtype))


def _problems(one: TimeFormat, dtype: str) -> Iterator[str]:
    is_instant = dtype.startswith("Datetime") and "time_zone=None" not in dtype
    if one.written not in FORMATS:
        yield f"nobody writes {one.written}: use one of {', '.join(FORMATS)}"
    if not dtype.startswith("Date"):
        yield 'the column is of no time: give it the type pl.Datetime("us", "UTC")'
    elif one.written in _EPOCHS and not is_instant:
        yield f'{one.written} tells instants: give it the type pl.Datetime("us", "UTC")'
    elif one.zone is not None and not is_instant:
        yield 'a zone tells instants: give it the type pl.Datetime("us", "UTC")'
    if one.zone is None:
        return
    if one.written in _EPOCHS:
        yield f"{one.written} counts in UTC: leave the zone out"
    try:
        ZoneInfo(one.zone)
    except (KeyError, ValueError, OSError):  # unknown, malformed, a folder of zones
        yield f"zone {one.zone} is unknown: use a name such as Europe/Berlin"
