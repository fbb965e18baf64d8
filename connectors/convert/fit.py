"""Exact typing: a value converts to the contract's type unchanged, or it is rescued.

No value is rounded, cut, guessed or dropped. A value *fits* if it is of the promised kind and
equal in the promised type (`1.230` fits decimal(12,2), `1.234` does not). Text fits if it is the
plain notation of such a value. Whole columns are converted at once (`connectors/convert/cast.py`).
If the bulk cast fails, the column is bisected to find the rows that do not convert.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from connectors.connector import DELIVERY, RESCUED, RESERVED
from connectors.convert import calendar
from connectors.convert.cast import Column, ConversionError, cast_exactly, could_fit, kind_of
from connectors.convert.names import require_names
from connectors.convert.time_format import time_format_of
from connectors.errors import SourceChanged

Values: TypeAlias = "pa.Array[Any] | pa.ChunkedArray[Any] | Sequence[object]"
"""One column as the source sent it: an Arrow array, or Python values of any types."""


def fitted_schema(
    schema: pa.Schema, present: Iterable[str], extra: Sequence[str] = (), *, has_delivery: bool
) -> pa.Schema:
    """The schema of a batch from `fit`: fields of `schema` that are present, extra columns as
    text, `_delivery`, `_rescued`. Raises SourceChanged if the source uses one of our two names,
    has too many columns, or one whose name is too long or no text (`require_names`).
    """
    names = set(present)
    require_names({*names, *extra})
    if taken := sorted({*names, *extra}.intersection(RESERVED)):
        raise SourceChanged(
            f"the source sends a column {taken[0]}, a name we use: rename it there"
        )
    text = [*extra, *([DELIVERY] if has_delivery else []), RESCUED]
    known = [field.remove_metadata() for field in schema if field.name in names]
    return pa.schema([*known, *(pa.field(name, pa.string()) for name in text)])


def fit(  # noqa: PLR0913 - columns, and how they came
    columns: Mapping[str, Values],
    schema: pa.Schema,
    *,
    extra: Sequence[str] = (),
    delivery: str | None = None,
    as_written: Mapping[str, Values] | None = None,
    only_text: Collection[str] = (),
    no_text: Collection[str] = (),
    unplaced: Collection[str] = (),
) -> pa.RecordBatch:
    """Convert `columns` to the types of `schema` exactly.

    A value that does not fit becomes null, and `_rescued` has it as it arrived: for a column that
    was rewritten before, as `as_written` has it. The batch has `fitted_schema`. Of columns that
    neither `schema` nor `extra` names, `_rescued` has those of `unplaced`, in every row; others
    are left out. Columns of `only_text` fit text alone, even
    where theirs looks like a number, and those of `no_text` all but text: the bits 101 are no 101,
    and a date is no text.

    >>> import pyarrow
    >>> schema = pyarrow.schema({"size": pyarrow.int64()})
    >>> fit({"size": [1, "two"]}, schema).to_pylist()
    [{'size': 1, '_rescued': None}, {'size': None, '_rescued': '{"size": "two"}'}]
    """
    came = {**columns, **(as_written or {})}
    rows = len(next(iter(columns.values()), ()))
    target = fitted_schema(schema, columns, extra, has_delivery=delivery is not None)
    rescued: dict[int, dict[str, object]] = {}
    arrays: list[pa.Array[Any]] = []
    for name in (field.name for field in schema if field.name in columns):
        came_as, wanted = _whole(columns[name]), schema.field(name).type
        if name in (no_text if kind_of(wanted) == "text" else only_text):
            array, misfits = pc.cast(pa.nulls(rows), wanted), _rows_with_value(came_as)
        else:
            array, misfits = _fit_column(came_as, schema.field(name))
        arrays.append(array)
        written = _whole(came[name]) if misfits else ()
        for row in misfits:
            rescued.setdefault(row, {})[name] = _as_it_came(written[row])
    for name in unplaced:
        for row, value in enumerate(_plain_values(_whole(came[name]))):
            rescued.setdefault(row, {})[name] = _as_it_came(value)
    arrays += [_as_text(_whole(columns[name])) for name in extra]
    if delivery is not None:
        arrays.append(pa.repeat(pa.scalar(delivery, pa.string()), rows))
    arrays.append(_rescued_column(rescued, rows))
    return pa.RecordBatch.from_arrays(arrays, schema=target)


def _whole(values: Values) -> Column:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _plain_values(values: Column) -> Column:
    """In Python's types where those are what JSON has; they cost a tenth of Arrow's scalars."""
    if isinstance(values, pa.Array) and kind_of(values.type) in ("integer", "text"):
        return values.to_pylist()
    return values


def _rows_with_value(values: Column) -> list[int]:
    plain = values.to_pylist() if isinstance(values, pa.Array) else values
    return [row for row, value in enumerate(plain) if value is not None]


def _fit_column(values: Column, field: pa.Field[Any]) -> tuple[pa.Array[Any], list[int]]:
    """The column in its type, with null for each value that does not fit, and the rows
    of those.
    """
    wanted = field.type
    if (written := time_format_of(field)) is not None:
        return written.fit(values, wanted)
    try:
        return cast_exactly(values, wanted), []
    except ConversionError:
        parts: list[pa.Array[Any]] = []
        misfits: list[int] = []
        if isinstance(values, pa.Array):  # a pattern finds most misfits in one pass
            plausible = could_fit(values, wanted)
            misfits += [row for row, could in enumerate(plausible) if not could]
            values = pc.if_else(pa.array(plausible), values, pa.scalar(None, values.type))
        _split(values, wanted, 0, parts, misfits)
        return pa.concat_arrays(parts), misfits


def _split(
    values: Column, wanted: pa.DataType, start: int, parts: list[pa.Array[Any]], misfits: list[int]
) -> None:
    """Bisect the values to find each one that does not convert."""
    try:
        parts.append(cast_exactly(values, wanted))
    except ConversionError:
        if len(values) == 1:
            parts.append(pc.cast(pa.nulls(1), wanted))
            misfits.append(start)
            return
        half = len(values) // 2
        _split(values[:half], wanted, start, parts, misfits)
        _split(values[half:], wanted, start + half, parts, misfits)


def _as_text(values: pa.Array[Any] | Sequence[object]) -> pa.Array[Any]:
    """A column that the contract does not name: text unchanged, all other values as JSON."""
    if isinstance(values, pa.Array):
        if kind_of(values.type) == "text":
            return pc.cast(values, pa.string())
        values = [v if v.is_valid else None for v in values]
    return pa.array([None if v is None else _to_text(v) for v in values], pa.string())


def _to_text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(_as_it_came(value))
    return text.encode(errors="backslashreplace").decode()  # a lone surrogate is no UTF-8


def _as_it_came(value: object) -> object:
    """A value in the types of JSON. Numbers that JSON does not have, and all else, become text."""
    if isinstance(value, pa.StructScalar) and value.is_valid:
        value = _fields(value)
    elif isinstance(value, pa.ListScalar) and value.is_valid:
        value = list(value.values or ())
    elif isinstance(value, pa.Scalar):
        value = calendar.written(value) if pa.types.is_temporal(value.type) else value.as_py()
    if isinstance(value, dict):
        return {str(key): _as_it_came(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_as_it_came(part) for part in value]
    if value is None or isinstance(value, str | int):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def _fields(value: Any) -> dict[str, object] | list[object]:
    """The fields by name; where two have one name, all of them as pairs."""
    names = list(value)
    pairs = [(name, value[at]) for at, name in enumerate(names)]
    return dict(pairs) if len(set(names)) == len(names) else list(pairs)


def _rescued_column(rescued: Mapping[int, Mapping[str, object]], rows: int) -> pa.Array[Any]:
    if not rescued:
        return pa.nulls(rows, pa.string())
    return pa.array(
        [json.dumps(rescued[row]) if row in rescued else None for row in range(rows)], pa.string()
    )
