"""The bounds of built-in checks: each is compared exactly, or refused with what to write.

polars compares a float with a whole number or a decimal as doubles, which is wrong beyond 15
digits; a time of nanoseconds with one of microseconds after cutting the former; and a date with a
number of days. A whole float is taken as the whole number it is; the contract's digest and the
rule's text keep it as it was written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contracts.rules import builtin, statistics

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl

_BOUNDS = {
    "equal_to": ("value",),
    "not_equal_to": ("value",),
    "greater_than": ("min_value",),
    "greater_than_or_equal_to": ("min_value",),
    "less_than": ("max_value",),
    "less_than_or_equal_to": ("max_value",),
    "in_range": ("min_value", "max_value"),
    "isin": ("allowed_values",),
    "notin": ("forbidden_values",),
}
_LISTS = (list, tuple, set, frozenset)
_DIGITS = 38
"""Of the widest decimal; polars answers null beyond."""
_FIRST_YEAR, _LAST_YEAR = 1678, 2261
"""Whole years that 64 bits of nanoseconds hold."""
_NUMBER = (int, float, Decimal)
WRITE: dict[str, tuple[tuple[type, ...], str]] = {
    "integer": (_NUMBER, "whole numbers, as 5"),
    "decimal": (_NUMBER, 'whole numbers or Decimal, as Decimal("0.5")'),
    "float": (_NUMBER, "floats, as 0.5"),
    "text": ((str,), 'texts, as "a"'),
    "boolean": ((bool,), "True or False"),
    "binary": ((bytes,), 'bytes, as b"a"'),
    "date": ((date,), "dates, as date(2026, 1, 31)"),
    "local time": ((date,), "times without a zone, as datetime(2026, 1, 31)"),
    "time in UTC": ((date,), "times in UTC, as datetime(2026, 1, 31, tzinfo=UTC)"),
}
"""For each kind of column the types that its bounds may have, and how to say so."""


def kind_of(dtype: pl.DataType) -> str:
    """The kind of a column, as `WRITE` lists them."""
    import polars as pl

    if dtype.is_numeric():
        integer = "integer" if dtype.is_integer() else "float"
        return "decimal" if dtype.is_decimal() else integer
    if isinstance(dtype, pl.Datetime):
        return "local time" if dtype.time_zone is None else "time in UTC"
    return {pl.Boolean: "boolean", pl.Date: "date", pl.Binary: "binary"}.get(type(dtype), "text")


def bound_problems(check: pa.Check, dtype: pl.DataType) -> Iterator[str]:
    """Why bounds of a built-in check cannot be compared exactly with a column of this type."""
    kind = kind_of(dtype)
    types, write = WRITE[kind]
    for bound in _bounds(check):
        shown = f"{check.name} has the bound {bound!r}"
        if isinstance(bound, float) and not math.isfinite(bound):
            yield f"{shown}, which is no finite number: give one, or remove the check"
        elif not isinstance(bound, types) or isinstance(bound, bool) is not (kind == "boolean"):
            yield f"{shown} and the column has the type {dtype}: give {write}"
        elif isinstance(bound, Decimal) and not bound.is_finite():
            yield f"{shown}, which is no finite number: give one, or remove the check"
        elif kind in ("integer", "decimal"):
            yield from (f"{shown}, {problem}" for problem in _exact_problems(bound))
        elif kind == "float" and isinstance(bound, int) and not _holds(dtype, bound):
            yield f"{shown}, which no {dtype} holds: give one that it holds, as {float(bound)!r}"
        elif isinstance(bound, date):
            yield from (f"{shown} and the column {problem}" for problem in _unit_problems(bound, dtype))


def _exact_problems(bound: float | Decimal) -> Iterator[str]:
    if isinstance(bound, float) and not _is_whole(bound):
        text = repr(Decimal(repr(bound)))
        yield f"a float that would be compared inexactly: give {text} or a whole number"
    elif abs(bound) >= 10**_DIGITS or len(Decimal(bound).as_tuple().digits) > _DIGITS:
        yield f"which has more than {_DIGITS} digits: no column holds so many, give a nearer one"


def _is_whole(bound: float) -> bool:
    """Whether a float is a whole number and the one that was written: 1e23 is not 10**23."""
    return bound.is_integer() and Decimal(bound) == Decimal(repr(bound))


def _holds(dtype: pl.DataType, bound: int) -> bool:
    import polars as pl

    if abs(bound) >= 10**_DIGITS:
        return False
    held = pl.Series([float(bound)], dtype=pl.Float64).cast(dtype).cast(pl.Float64)
    return bool(held.item() == bound)


def _unit_problems(bound: date, dtype: pl.DataType) -> Iterator[str]:
    unit = getattr(dtype, "time_unit", None)
    if unit == "ms" and isinstance(bound, datetime) and bound.microsecond % 1_000:
        yield "holds milliseconds: give whole milliseconds"
    if unit == "ns" and not _FIRST_YEAR <= bound.year <= _LAST_YEAR:
        yield f"holds nanoseconds: give a year from {_FIRST_YEAR} to {_LAST_YEAR}"


def exact_arguments(check: pa.Check, dtypes: tuple[pl.DataType, ...]) -> dict[str, Any]:
    """A built-in check's arguments, with bounds that compare exactly with columns of these types."""
    names = _BOUNDS.get(builtin(check) or "", ())
    return {
        name: _exactly(value, dtypes) if name in names else value
        for name, value in statistics(check).items()
    }


def _exactly(value: Any, dtypes: tuple[pl.DataType, ...]) -> Any:
    import polars as pl

    if isinstance(value, _LISTS):  # polars compares lists of times in the column's own unit
        if not any(isinstance(one, float) for one in value):
            return value
        return [_exactly(one, dtypes) if isinstance(one, float) else one for one in value]
    if isinstance(value, float) and any(d.is_integer() or d.is_decimal() for d in dtypes):
        return int(value)
    for dtype in dtypes:
        if isinstance(value, date) and isinstance(dtype, pl.Datetime) and dtype.time_unit == "ns":
            zone = value.tzinfo if isinstance(value, datetime) else dtype.time_zone
            return pl.lit(value).cast(pl.Datetime("ns", None if zone is None else str(zone)))
    return value


def _bounds(check: pa.Check) -> Iterator[Any]:
    given = statistics(check)
    for name in _BOUNDS.get(builtin(check) or "", ()):
        yield from given[name] if isinstance(given[name], _LISTS) else (given[name],)
