"""The Arrow types in which rows land, derived from a contract's schema here alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from contracts.promises import ContractError
from contracts.time_formats import TimeFormat

if TYPE_CHECKING:
    import pandera.polars
    import polars as pl
    import pyarrow as pa


WRITTEN, ZONE = "time_written", "time_zone"
"""Under these names a field says to a connector how its times are written."""


def arrow_schema(schema: pandera.polars.DataFrameSchema) -> pa.Schema:
    """The columns of `schema` in its order, as plain Arrow types.

    All are nullable: a null must land before it can be counted. Raises ContractError for a column
    without a type, or with one that is not plain.
    """
    import pyarrow as pa

    for problem in arrow_problems(schema):
        raise ContractError(problem)
    return pa.schema(
        pa.field(name, landing)
        for name, column in schema.columns.items()
        if (landing := _landing_type(column.dtype.type)) is not None
    )


def with_formats(schema: pa.Schema, times: Mapping[str, TimeFormat]) -> pa.Schema:
    """The landing schema, whose fields say how their times are written."""
    import pyarrow as pa

    return pa.schema(
        field.with_metadata(_told(times[field.name])) if field.name in times else field
        for field in schema
    )


def _told(one: TimeFormat) -> dict[bytes | str, bytes | str]:
    return {WRITTEN: one.written, **({} if one.zone is None else {ZONE: one.zone})}


def arrow_problems(schema: pandera.polars.DataFrameSchema) -> Iterator[str]:
    """The columns in which no row can land, those without a type in one sentence."""
    untyped = [name for name, column in schema.columns.items() if column.dtype is None]
    if len(untyped) == 1:
        yield f"column {untyped[0]} has no type: give it one"
    elif untyped:
        yield f"columns {', '.join(untyped[:-1])} and {untyped[-1]} have no type: give each one"
    for name, column in schema.columns.items():
        if column.dtype is not None and _landing_type(column.dtype.type) is None:
            yield f"column {name} cannot land as {_remedy(str(column.dtype))}"


@cache  # a pilot has few types and many columns
def _landing_type(polars_type: pl.DataType | type[pl.DataType]) -> pa.DataType | None:
    """None for a type that is not plain."""
    import polars as pl
    import pyarrow as pa

    try:
        exported = pl.DataFrame(schema={"": polars_type}).to_arrow().schema.field(0).type
    except (pl.exceptions.PolarsError, pa.ArrowException):  # Int128, an unknown zone
        return None
    if pa.types.is_large_string(exported):
        return pa.string()  # every connector lands this one
    if pa.types.is_large_binary(exported):
        return pa.binary()
    is_plain = any(getattr(pa.types, f"is_{plain}")(exported) for plain in _PLAIN)
    return exported if is_plain else None


def _remedy(dtype: str) -> str:
    """The type, and what to write in its place."""
    if dtype in ("Int128", "UInt128"):
        return f"{dtype}: use Int64, or Decimal(38, 0) for larger numbers"
    if dtype.startswith("Datetime"):
        return f"{dtype}, whose zone nobody knows: use UTC"
    return f"{dtype}: use a plain type"


@cache
def type_text(landing: pa.DataType) -> str:
    """A landing type in our own words, so that no library's release changes them: `int64`,
    `string`, `decimal(12, 2)`, `timestamp(us, UTC)`.
    """
    import pyarrow as pa

    if pa.types.is_decimal(landing):
        return f"decimal({landing.precision}, {landing.scale})"
    if pa.types.is_timestamp(landing):
        return f"timestamp({landing.unit}{f', {landing.tz}' if landing.tz else ''})"
    return _texts()[landing]


@cache
def _texts() -> dict[pa.DataType, str]:
    import pyarrow as pa

    integers = {
        getattr(pa, name)(): name
        for sign in ("", "u")
        for name in (f"{sign}int{bits}" for bits in (8, 16, 32, 64))
    }
    return integers | {
        pa.float16(): "float16",
        pa.float32(): "float32",
        pa.float64(): "float64",
        pa.bool_(): "bool",
        pa.date32(): "date",
        pa.string(): "string",
        pa.binary(): "binary",
    }


_PLAIN = ("integer", "floating", "boolean", "decimal", "date", "timestamp", "string", "binary")
