"""Times as their source writes them, where the contract declares how: exact, and never guessed.

    written as declared ─▶ what a clock showed, in nanoseconds ─▶ and where it hung ─▶ the column

What is written otherwise, tells no one instant, or is finer than the column does not fit. A clock
of which nothing is said fits a column of local times or of dates; one with an offset, or in the
zone that the contract names, a column of instants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors.convert import calendar
from connectors.convert.cast import Column, kind_of
from connectors.convert.time_texts import READERS, SECOND, Clock

WRITTEN, ZONE = b"time_written", b"time_zone"
"""Under these names a field of the contract's schema says it."""
_DAY = calendar.DAY_SECONDS * SECOND
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - of a clock without a zone


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeFormat:
    """How the times of one column are written."""

    read: Callable[[object], Clock | None]
    zone: tzinfo | None
    """Of clocks that name none, by the contract."""
    unsaid: tzinfo | None
    """And by the format, where the contract names none either."""

    def fit(self, values: Column, wanted: pa.DataType) -> tuple[pa.Array[Any], list[int]]:
        """The column, with null for each value that does not fit, and the rows of those."""
        plain = _plain(values)
        count = self._counter(wanted)
        counts = [None if value is None else count(value) for value in plain]
        misfits = [
            row
            for row, (value, one) in enumerate(zip(plain, counts, strict=True))
            if one is None and value is not None
        ]
        integer = pa.int32() if pa.types.is_date32(wanted) else pa.int64()
        return pa.array(counts, integer).view(wanted), misfits

    def _counter(self, wanted: Any) -> Callable[[object], int | None]:
        """What Arrow counts for a value; None where it does not fit."""
        first, last = calendar.ends(wanted)
        is_date, is_instant = pa.types.is_date(wanted), kind_of(wanted) == "instant"
        step = _DAY if is_date else SECOND // calendar.PER_SECOND[wanted.unit]

        def count(value: object) -> int | None:
            clock = self.read(value)
            if clock is None or not (clock.has_time or is_date):
                return None
            nanoseconds = self._instant(clock) if is_instant else _local(clock)
            if nanoseconds is None or nanoseconds % step:
                return None
            steps = nanoseconds // step
            return steps if first <= steps <= last else None

        return count

    def _instant(self, clock: Clock) -> int | None:
        """In UTC, by the offset in the text or by the zone; both are one too many."""
        if clock.offset is not None:
            return None if self.zone else clock.shown - clock.offset * SECOND
        zone = self.zone or self.unsaid
        offset = None if zone is None else _offset(clock.shown, zone)
        return None if offset is None else clock.shown - offset * SECOND


def time_format_of(field: pa.Field[Any]) -> TimeFormat | None:
    """What the contract declares of a column; None for times in plain ISO 8601, and for others."""
    told: Mapping[bytes, bytes] = field.metadata or {}
    if WRITTEN not in told:
        return None
    written = told[WRITTEN].decode()
    return TimeFormat(
        read=READERS[written],
        zone=ZoneInfo(told[ZONE].decode()) if ZONE in told else None,
        unsaid=UTC if written == "dotnet" else None,
    )


def _plain(values: Column) -> Sequence[object]:
    """In Python's types. Arrow's own times are of no text and fit no format."""
    if not isinstance(values, pa.Array):
        return values
    if kind_of(values.type) in ("integer", "text"):
        return values.to_pylist()
    return [value if value.is_valid else None for value in values]


def _local(clock: Clock) -> int | None:
    return clock.shown if clock.offset is None else None


def _offset(shown: int, zone: tzinfo) -> int | None:
    """Seconds east of UTC; None for an hour that its clocks show twice, or never (PEP 495)."""
    try:
        local = _EPOCH + timedelta(seconds=shown // SECOND)
    except OverflowError:
        return None
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return None if first is None or first != second else int(first.total_seconds())
