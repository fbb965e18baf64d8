"""What a Parquet file looks like: its types by its own footer, its key by the first rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.capabilities import Described, DescribedColumn
from connectors.convert import calendar
from connectors.convert.cast import Column
from connectors.convert.sample import SAMPLE_ROWS, leading_key

_DIGITS = 38
_PLAIN: tuple[tuple[tuple[pa.DataType, ...], pa.DataType], ...] = (
    ((pa.bool_(),), pa.bool_()),
    ((pa.int8(), pa.uint8(), pa.int16()), pa.int16()),
    ((pa.uint16(), pa.int32()), pa.int32()),
    ((pa.uint32(), pa.int64()), pa.int64()),
    ((pa.uint64(),), pa.decimal128(20, 0)),
    ((pa.float16(), pa.float32()), pa.float32()),
    ((pa.float64(),), pa.float64()),
    ((pa.date32(), pa.date64()), pa.date32()),
    ((pa.binary(), pa.large_binary(), pa.binary_view()), pa.binary()),
    ((pa.string(), pa.large_string(), pa.string_view(), pa.null()), pa.string()),
)
"""Types as they come, and one in which `fit` lands their values unchanged."""
_OF_ARROW = re.compile(r", is_from_converted_type.*?(?=\))")


def described(file: pq.ParquetFile, name: str, rows: Mapping[str, Column]) -> Described:
    """The columns of a file, and the key that its first rows tell."""
    sample: dict[str, Any] = {one: values[:SAMPLE_ROWS] for one, values in rows.items()}
    columns = tuple(_column(file, field, sample.get(field.name)) for field in file.schema_arrow)
    flat = takewhile(lambda one: not pa.types.is_nested(sample[one].type), sample)
    return Described(
        what=f"file {name}",
        columns=columns,
        key=leading_key({one: _comparable(sample[one]) for one in flat}),
        estimated_rows=None,
        sampled_rows=len(next(iter(sample.values()), ())),
    )


def _column(
    file: pq.ParquetFile, field: pa.Field[Any], sample: pa.Array[Any] | None
) -> DescribedColumn:
    plain = lands_as(field.type)
    words = _words(file, field)
    return DescribedColumn(
        name=field.name,
        type=words if plain else f"{words}, for which no plain type stands: it would be rescued",
        lands_as=plain or pa.string(),
        nullable=sample is not None and sample.null_count > 0,
    )


def lands_as(came: pa.DataType) -> pa.DataType | None:
    """The plain type for a column of a file; None where no plain type takes its values."""
    if isinstance(came, pa.BaseExtensionType):
        return lands_as(came.storage_type)
    if isinstance(came, pa.DictionaryType):
        return lands_as(came.value_type)
    if isinstance(came, pa.TimestampType):
        return pa.timestamp("us", came.tz and "UTC")
    if pa.types.is_decimal(came):
        digits = min(came.precision, _DIGITS)
        return pa.decimal128(digits, came.scale) if 0 <= came.scale <= digits else None
    return next((plain for kinds, plain in _PLAIN if came in kinds), None)


def _words(file: pq.ParquetFile, field: pa.Field[Any]) -> str:
    """Parquet's own: `INT64 Timestamp(isAdjustedToUTC=true, timeUnit=microseconds)`."""
    leaves = [file.schema.column(at) for at in range(len(file.schema))]
    leaf = next((leaf for leaf in leaves if leaf.path == field.name), None)
    if leaf is None:
        return f"nested {field.type}"
    logical = _OF_ARROW.sub("", str(leaf.logical_type))
    return leaf.physical_type if logical == "None" else f"{leaf.physical_type} {logical}"


def _comparable(values: pa.Array[Any]) -> list[Any]:
    """Arrow knows years and zones that Python does not: times are compared as they are written."""
    if pa.types.is_temporal(values.type):
        return [calendar.written(one) for one in values]
    return values.to_pylist()
