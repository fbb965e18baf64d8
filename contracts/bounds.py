"""The arguments of built-in checks: each is compared exactly with its column, or refused.

polars compares a float with a whole number or a decimal as doubles, which is wrong beyond 15
digits; nanoseconds with microseconds after cutting the former; and a day with a number. And it
raises, at night, on many a pair of types. A whole float is taken as the whole number it is; the
contract's digest and the rule's text keep it as it was written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

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
_LISTING = ("isin", "notin")
"""Checks of a list. polars takes a text in its place for the name of a column, in which it then
finds the column's own values.
"""
_LISTS = (list, tuple, set, frozenset)
_OF_TEXT: dict[str, tuple[tuple[type, ...], str]] = {
    "str_matches": ((str,), 'a text, as "^a"'),
    "str_contains": ((str,), 'a text, as "a"'),
    "str_startswith": ((str,), 'a text, as "a"'),
    "str_endswith": ((str,), 'a text, as "a"'),
    "str_length": ((int, type(None)), "whole numbers, as 5"),
}
"""Checks of texts, each with the types of its arguments, and how to say so."""
JUDGED = (*_BOUNDS, *_OF_TEXT)
"""Built-in checks whose arguments are known here."""
_DIGITS = 38
"""Of the widest decimal; polars answers null beyond."""
_FIRST_YEAR, _LAST_YEAR = 1678, 2261
"""Whole years that 64 bits of nanoseconds hold."""
_NUMBER = (int, float, Decimal)
_WRITE: dict[str, tuple[tuple[type, ...], str]] = {
    "integer": (_NUMBER, "whole numbers, as 5"),
    "decimal": (_NUMBER, 'whole numbers or Decimal, as Decimal("0.5")'),
    "float": (_NUMBER, "floats, as 0.5"),
    "text": ((str,), 'texts, as "a"'),
    "boolean": ((bool,), "True or False"),
    "binary": ((bytes,), 'bytes, as b"a"'),
    "date": ((date,), "dates, as date(2026, 1, 31)"),
    "local time": ((date,), "times without a zone, as datetime(2026, 1, 31)"),
    "zoned time": ((date,), "times with a zone, as datetime(2026, 1, 31, tzinfo=UTC)"),
}
"""For each kind of column the types that its bounds may have, and how to say so."""


def _kind(dtype: pl.DataType) -> str:
    import polars as pl

    if dtype.is_numeric():
        integer = "integer" if dtype.is_integer() else "float"
        return "decimal" if dtype.is_decimal() else integer
    if isinstance(dtype, pl.Datetime):
        return "local time" if dtype.time_zone is None else "zoned time"
    return {pl.Boolean: "boolean", pl.Date: "date", pl.Binary: "binary"}.get(type(dtype), "text")


def argument_problems(check: pa.Check, dtypes: tuple[pl.DataType, ...]) -> Iterator[str]:
    """Why a built-in check cannot be judged exactly on columns of these types."""
    name = builtin(check)
    if name in _BOUNDS and len(set(dtypes)) > 1:
        yield "it compares columns of several types: give the check to each column"
        return
    if (problem := _argument_problem(name, statistics(check))) is not None:
        yield problem
        return
    for dtype in dtypes:
        kind = _kind(dtype)
        if name in _OF_TEXT and kind != "text":
            yield f"it is for texts and the type is {dtype}: make it pl.String, or remove it"
        for bound in _bounds(check):
            problem = _bound_problem(bound, kind, dtype, listed=name in _LISTING)
            if problem is not None:
                yield f"its bound {bound!r} {problem}"


def _argument_problem(name: str | None, given: Mapping[str, Any]) -> str | None:
    """Why a check does not mean what it seems to, on whatever column."""
    if name in _LISTING and not isinstance(given[_BOUNDS[name][0]], _LISTS):
        return f"it takes a list: write {name}([…])"
    types, write = _OF_TEXT.get(name or "", ((object,), ""))
    for value in given.values():
        if not isinstance(value, types):
            return f"its argument is of type {type(value).__name__}: give {write}"
    return None


def _bound_problem(bound: Any, kind: str, dtype: pl.DataType, *, listed: bool) -> str | None:
    types, write = _WRITE[kind]
    if isinstance(bound, float | Decimal) and not math.isfinite(bound):
        return "is no finite number: give one, or remove the check"
    if not _is_of(kind, types, bound, listed=listed):
        return f"does not fit the type {dtype}: give {write}"
    match kind:
        case "integer" | "decimal":
            return _inexactness(bound)
        case "float" if isinstance(bound, int) and not _holds(dtype, bound):
            return f"is held by no {dtype} exactly: give a float"
        case "local time" | "zoned time":
            return _cut(bound, getattr(dtype, "time_unit", ""))
    return None


def _is_of(kind: str, types: tuple[type, ...], bound: object, *, listed: bool) -> bool:
    """Whether a bound means what it seems to: True is no 1, and a listed day is no time."""
    match bound:
        case bool():
            return bool in types
        case datetime() if listed and kind == "date":
            return False
        case datetime():
            return date in types and (kind == "zoned time") == (bound.tzinfo is not None)
        case date():
            return date in types and (kind == "date" or not listed)
    return isinstance(bound, types)


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
        name: _exact(value, dtypes[0]) if name in names else value
        for name, value in statistics(check).items()
    }


def _exact(value: Any, dtype: pl.DataType) -> Any:
    import polars as pl

    if isinstance(value, _LISTS):
        return _exact_list(value, dtype)
    if isinstance(value, float) and _kind(dtype) in ("integer", "decimal"):
        return int(value)
    if not isinstance(value, date) or not isinstance(dtype, pl.Datetime):
        return value
    if isinstance(value, datetime) and dtype.time_zone is not None:
        value = value.astimezone(ZoneInfo(dtype.time_zone))
    return pl.lit(value).cast(dtype) if dtype.time_unit == "ns" else value


def _exact_list(values: Any, dtype: Any) -> Any:
    """Listed values in the column's own type. What it cannot hold equals none of its values."""
    import polars as pl

    match _kind(dtype):
        case "integer":
            low, high = (pl.select(end).item() for end in (dtype.min(), dtype.max()))
            whole = [int(value) for value in values if value == int(value)]
            return pl.Series([value for value in whole if low <= value <= high], dtype=dtype)
        case "decimal":
            held = [Decimal(value) for value in values if _fits(Decimal(value), dtype)]
            return pl.Series(held, dtype=dtype)
        case "float":
            return pl.Series([float(value) for value in values], dtype=pl.Float64).cast(dtype)
        case "zoned time":
            return [value.astimezone(ZoneInfo(dtype.time_zone)) for value in values]
    return values


def _fits(value: Decimal, dtype: Any) -> bool:
    """Whether a decimal column can hold a value."""
    with localcontext(Context(prec=4 * _DIGITS)):
        scaled = value.scaleb(dtype.scale)
        return scaled == scaled.to_integral_value() and abs(scaled) < 10**dtype.precision


def _bounds(check: pa.Check) -> Iterator[Any]:
    given = statistics(check)
    for name in _BOUNDS.get(builtin(check) or "", ()):
        yield from given[name] if isinstance(given[name], _LISTS) else (given[name],)
