"""Exact typing: a value comes into the contract's type without change, or it is rescued.

Nothing is rounded, cut, guessed or dropped. A value *fits* when it is of the promised kind and
equal in the promised type (`1.230` fits decimal(12,2), `1.234` does not); text fits when it is the
plain writing of such a value. Whole columns are cast at once; only where that fails are the rows
that do not fit looked for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from connectors.interface import DELIVERY, RESCUED, RESERVED, SourceChanged

Values: TypeAlias = "pa.Array[Any] | pa.ChunkedArray[Any] | Sequence[object]"
"""One column as the source sent it: Arrow, or Python values of any types."""

_KINDS: tuple[tuple[str, Callable[[pa.DataType], bool]], ...] = (
    ("integer", pa.types.is_integer),
    ("decimal", pa.types.is_decimal),
    ("floating", pa.types.is_floating),
    ("boolean", pa.types.is_boolean),
    ("date", pa.types.is_date),
    ("text", lambda type_: pa.types.is_string(type_) or pa.types.is_large_string(type_)),
    ("text", pa.types.is_string_view),
)
_FITS: Mapping[str, tuple[str, ...]] = {
    "integer": ("integer", "text"),
    "decimal": ("decimal", "integer", "text"),
    "floating": ("floating", "integer", "text"),
    "boolean": ("boolean", "text"),
    "date": ("date", "text"),
    "local time": ("local time", "text"),
    "instant": ("instant", "text"),
    "text": ("text",),
}
"""Promised kind → kinds that can hold it. A number is no text, a local time no instant."""

_EXACT_CHARACTERS = 15
"""Any decimal of so many digits survives the way through a double and back (DBL_DIG)."""

_ANY_INTEGER = pa.decimal128(20, 0)
"""Holds every 64-bit integer."""


class _Misfit(Exception):
    """Not every value fits."""


def fitted_schema(
    schema: pa.Schema, present: Iterable[str], extra: Sequence[str] = (), *, has_delivery: bool
) -> pa.Schema:
    """The schema that `fit` gives: known fields that are present in `schema`'s order, extra
    columns as text, `_delivery`, `_rescued`.
    """
    names = set(present)
    if taken := sorted({*names, *extra}.intersection(RESERVED)):
        raise SourceChanged(
            f"the source sends a column {taken[0]}, a name we use: rename it there"
        )
    text = [*extra, *([DELIVERY] if has_delivery else []), RESCUED]
    known = [field for field in schema if field.name in names]
    return pa.schema([*known, *(pa.field(name, pa.string()) for name in text)])


def fit(
    columns: Mapping[str, Values],
    schema: pa.Schema,
    *,
    extra: Sequence[str] = (),
    delivery: str | None = None,
) -> pa.RecordBatch:
    """Bring `columns` to `schema`'s types exactly.

    A value that does not fit becomes null and stands, as it came, in `_rescued`. The batch has
    `fitted_schema`; columns that neither `schema` nor `extra` names are left out.
    """
    rows = len(next(iter(columns.values()), ()))
    target = fitted_schema(schema, columns, extra, has_delivery=delivery is not None)
    rescued: dict[int, dict[str, object]] = {}
    arrays: list[pa.Array[Any]] = []
    for name in (field.name for field in schema if field.name in columns):
        values = _whole(columns[name])
        array, misfits = _fit_column(values, schema.field(name).type)
        arrays.append(array)
        for row in misfits:
            rescued.setdefault(row, {})[name] = _as_it_came(values[row])
    arrays += [_as_text(_whole(columns[name])) for name in extra]
    if delivery is not None:
        arrays.append(pa.repeat(pa.scalar(delivery, pa.string()), rows))
    arrays.append(_rescued_column(rescued, rows))
    return pa.RecordBatch.from_arrays(arrays, schema=target)


def _whole(values: Values) -> pa.Array[Any] | Sequence[object]:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _fit_column(
    values: pa.Array[Any] | Sequence[object], wanted: pa.DataType
) -> tuple[pa.Array[Any], list[int]]:
    """The column in its type with null where a value does not fit, and the rows of those."""
    try:
        return _convert(values, wanted), []
    except _Misfit:
        parts: list[pa.Array[Any]] = []
        misfits: list[int] = []
        _split(values, wanted, 0, parts, misfits)
        return pa.concat_arrays(parts), misfits


def _split(
    values: pa.Array[Any] | Sequence[object],
    wanted: pa.DataType,
    start: int,
    parts: list[pa.Array[Any]],
    misfits: list[int],
) -> None:
    """Halve what does not fit until the values that do not stand alone."""
    try:
        parts.append(_convert(values, wanted))
    except _Misfit:
        if len(values) == 1:
            parts.append(pc.cast(pa.nulls(1), wanted))
            misfits.append(start)
            return
        half = len(values) // 2
        _split(values[:half], wanted, start, parts, misfits)
        _split(values[half:], wanted, start + half, parts, misfits)


def _convert(values: pa.Array[Any] | Sequence[object], wanted: pa.DataType) -> pa.Array[Any]:
    """All values in the wanted type, or _Misfit."""
    array = values if isinstance(values, pa.Array) else _from_python(values)
    if pa.types.is_null(array.type):
        return pc.cast(pa.nulls(len(array)), wanted)
    kind, promised = _kind(array.type), _kind(wanted)
    if promised == "floating":
        return _to_floating(array, kind, wanted)
    if array.type == wanted:
        return array
    if kind not in _FITS.get(promised, ()) or (kind == "text" and _bends(array, promised)):
        raise _Misfit
    if (kind, promised) == ("integer", "decimal"):  # Arrow looks at the types' widths alone
        array = _cast(array, _ANY_INTEGER)
    return _cast(array, wanted)


def _from_python(values: Sequence[object]) -> pa.Array[Any]:
    """Python values of one type as Arrow; `pa.array` alone would mix and bend them."""
    types = set(map(type, values)) - {type(None)}
    if len(types) > 1 or (datetime in types and _mixes_zones(values)):
        raise _Misfit
    try:
        return pa.array(values)
    except (ValueError, TypeError, OverflowError, pa.ArrowException):
        raise _Misfit from None


def _mixes_zones(values: Sequence[object]) -> bool:
    return len({value.tzinfo is None for value in values if isinstance(value, datetime)}) > 1


def _kind(type_: pa.DataType) -> str:
    if pa.types.is_timestamp(type_):
        return "local time" if type_.tz is None else "instant"
    return next((kind for kind, holds in _KINDS if holds(type_)), "other")


def _bends(text: Any, promised: str) -> bool:
    """Whether Arrow would take a writing that is not plain."""
    if promised == "integer":  # 0x1F is read as 31
        return _any(pc.match_substring(text, "x", ignore_case=True))
    if promised == "local time":  # a date is read as its midnight
        return _any(pc.less_equal(pc.binary_length(text), pa.scalar(len("2026-11-20"))))
    return False


def _to_floating(array: pa.Array[Any], kind: str, wanted: pa.DataType) -> pa.Array[Any]:
    """Finite numbers that are the same in the wanted type. NaN and infinity do not fit: they
    would pass for numbers in every comparison.
    """
    if kind not in _FITS["floating"]:
        raise _Misfit
    came = _double(array) if kind == "text" else array
    fitted = _cast(came, wanted)
    if _any(pc.invert(pc.is_finite(fitted))):
        raise _Misfit
    if came.type != wanted and _any(pc.not_equal(pc.cast(fitted, came.type, safe=False), came)):
        raise _Misfit
    return fitted


def _double(text: Any) -> pa.Array[Any]:
    """Doubles whose shortest writing is what the text says."""
    fitted = _cast(text, pa.float64())
    long = pc.greater(pc.binary_length(text), pa.scalar(_EXACT_CHARACTERS))
    for came, number in zip(text.filter(long), fitted.filter(long), strict=True):
        if Decimal(came.as_py()) != Decimal(repr(number.as_py())):
            raise _Misfit
    return fitted


def _cast(array: pa.Array[Any], wanted: pa.DataType) -> pa.Array[Any]:
    try:
        return pc.cast(array, wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise _Misfit from None


def _any(mask: pa.Array[Any]) -> bool:
    return bool(pc.any(mask).as_py())


def _as_text(values: pa.Array[Any] | Sequence[object]) -> pa.Array[Any]:
    """A column that the contract does not name: text as it is, anything else as JSON."""
    if isinstance(values, pa.Array):
        if _kind(values.type) == "text":
            return pc.cast(values, pa.string())
        values = values.to_pylist()
    return pa.array([None if v is None else _written(v) for v in values], pa.string())


def _written(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(_as_it_came(value))
    return text.encode(errors="backslashreplace").decode()  # a lone surrogate is no UTF-8


def _as_it_came(value: object) -> object:
    """A value as JSON can hold it; numbers that JSON lacks and all other things as text."""
    if isinstance(value, pa.Scalar):
        temporal = pa.types.is_temporal(value.type)  # Arrow knows years that Python does not
        value = (pc.cast(value, pa.string()) if temporal else value).as_py()
    if isinstance(value, dict):
        return {str(key): _as_it_came(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_as_it_came(part) for part in value]
    if value is None or isinstance(value, str | int):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def _rescued_column(rescued: Mapping[int, Mapping[str, object]], rows: int) -> pa.Array[Any]:
    if not rescued:
        return pa.nulls(rows, pa.string())
    return pa.array(
        [json.dumps(rescued[row]) if row in rescued else None for row in range(rows)], pa.string()
    )
