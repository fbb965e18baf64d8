"""The years 1 to 9999, which RFC 3339, SQL and Python know. Arrow's dates and times reach further.

Whatever compares, prints or evaluates a time after it has landed knows no others, so a time beyond
them does not convert: it is rescued, as it is written here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_DAY, _LAST_DAY = date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
DAY_SECONDS = 86_400
_MOST = (1 << 63) - 1
"""Nanoseconds do not reach the ends of the calendar."""
_PRINTED_DAYS = 30_000 * 365
"""From 1970 on, and so far back: what Arrow prints."""


def is_of_it(type_: pa.DataType) -> bool:
    """Whether values of the type are dates, or dates with a time."""
    return pa.types.is_date(type_) or pa.types.is_timestamp(type_)


def holds(array: pa.Array[Any]) -> bool:
    """False if any date or time lies beyond the calendar; other values do not."""
    if not is_of_it(array.type):
        return True
    first, last = ends(array.type)
    found: Any = pc.min_max(_counts(array)).as_py()
    return found["min"] is None or first <= found["min"] <= found["max"] <= last


def which(array: pa.Array[Any]) -> list[bool]:
    """Which dates or times lie on the calendar; True for nulls."""
    first, last = (pa.scalar(end) for end in ends(array.type))
    counts = _counts(array)
    held = pc.and_(pc.greater_equal(counts, first), pc.less_equal(counts, last))
    return [one is not False for one in held.to_pylist()]


def written(value: Any) -> str | None:
    """A date, time or duration as text; a time of a zone that nobody knows in UTC. Far beyond the
    calendar it is the number that Arrow counts.
    """
    if not value.is_valid:
        return None
    if is_of_it(value.type):
        count = value.cast(_integer(value.type)).as_py()
        if abs(count) > _PRINTED_DAYS * _per_day(value.type):
            unit = "days" if pa.types.is_date32(value.type) else getattr(value.type, "unit", "ms")
            return f"{count} {unit} since 1970"
    if pa.types.is_time(value.type):
        return _time_of_day(value)
    try:
        return str(pc.cast(value, pa.string()).as_py())
    except pa.ArrowInvalid:
        in_utc = value.cast(pa.timestamp(value.type.unit, "UTC"))
        return str(pc.cast(in_utc, pa.string()).as_py())


def _time_of_day(value: Any) -> str:
    """As Arrow writes it, and 24:00:00 as well."""
    per_second = PER_SECOND[value.type.unit]
    seconds, parts = divmod(value.cast(_integer(value.type)).as_py(), per_second)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    fraction = f".{parts:0{len(str(per_second)) - 1}}" if per_second > 1 else ""
    return f"{hour:02}:{minute:02}:{second:02}{fraction}"


def ends(type_: Any) -> tuple[int, int]:
    """The first and the last count of a type that lie on the calendar."""
    each = _per_day(type_)
    return max(_FIRST_DAY * each, -_MOST), min((_LAST_DAY + 1) * each - 1, _MOST)


def _per_day(type_: Any) -> int:
    """How many of a type's steps a day has."""
    if pa.types.is_date32(type_):
        return 1
    return DAY_SECONDS * PER_SECOND[getattr(type_, "unit", "ms")]


def _integer(type_: pa.DataType) -> pa.DataType:
    short = pa.types.is_date32(type_) or pa.types.is_time32(type_)
    return pa.int32() if short else pa.int64()


def _counts(array: pa.Array[Any]) -> Any:
    return pc.cast(array.view(_integer(array.type)), pa.int64())
