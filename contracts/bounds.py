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
    for bound in _bounds(check):
        problem = _bound_problem(bound, kind, dtype)
        if problem is not None:
            yield f"its bound {bound!r} {problem}"


def _bound_problem(bound: Any, kind: str, dtype: pl.DataType) -> str | None:
    types, write = WRITE[kind]
    if isinstance(bound, float | Decimal) and not math.isfinite(bound):
        return "is no finite number: give one, or remove the check"
    if not _is_one_of(bound, types):
        return f"does not fit the type {dtype}: give {write}"
    match kind:
        case "integer" | "decimal":
            return _inexactness(bound)
        case "float" if isinstance(bound, int) and not _holds(dtype, bound):
            return f"is held by no {dtype} exactly: give a float"
        case "local time" | "time in UTC":
            return _cut(bound, getattr(dtype, "time_unit", ""))
    return None


def _is_one_of(bound: Any, types: tuple[type, ...]) -> bool:
    return isinstance(bound, types) and (bool in types or not isinstance(bound, bool))


def _cut(bound: date, unit: str) -> str | None:
    """What a column's unit would cut off a bound."""
    if unit == "ms" and isinstance(bound, datetime) and bound.microsecond % 1_000:
        return "is finer than the column: give whole milliseconds"
    if unit == "ns" and not _FIRST_YEAR <= bound.year <= _LAST_YEAR:
        return f"is beyond nanoseconds: give a year from {_FIRST_YEAR} to {_LAST_YEAR}"
    return None


def _inexactness(bound: float | Decimal) -> str | None:
    """What keeps a bound from being compared exactly with whole numbers and decimals."""
    if isinstance(bound, float) and not _is_whole(bound):
        text = repr(Decimal(repr(bound)))
        return f"is a float, which is compared inexactly here: give {text} or a whole number"
    _, digits, exponent = Decimal(bound).as_tuple()
    if abs(bound) >= 10**_DIGITS or max(len(digits), -int(exponent)) > _DIGITS:
        return f"has more than {_DIGITS} digits, and no column has so many: give a nearer one"
    return None


def _is_whole(bound: float) -> bool:
    """Whether a float is a whole number and the one that was written: 1e23 is not 10**23."""
    return bound.is_integer() and Decimal(bound) == Decimal(repr(bound))


def _holds(dtype: pl.DataType, bound: int) -> bool:
    import polars as pl

    if abs(bound) >= 10**_DIGITS:
        return False
    held = pl.Series([float(bound)], dtype=pl.Float64).cast(dtype).cast(pl.Float64)
    return bool(held.item() == bound)


def exact_arguments(check: pa.Check, dtypes: tuple[pl.DataType, ...]) -> dict[str, Any]:
    """The arguments of a built-in check, whose bounds compare exactly with these types."""
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
