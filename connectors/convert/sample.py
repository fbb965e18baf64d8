"""What the first rows of a dataset look like, where no catalogue tells. Conservative: a type is
named only when every sampled value is its plain writing and lands in it unchanged.

Leading zeros are text (a customer number, not a number), and so is a column without a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from connectors.capabilities import Described, DescribedColumn
from connectors.convert.cast import Column, ConversionError, cast_exactly
from connectors.convert.time_texts import may_be

SAMPLE_ROWS = 10_000
_KEY_COLUMNS = 4
"""Longer keys are not guessed."""
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = rf"{_DAY}[ T][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]{{1,6}})?)?"
_WRITINGS: tuple[tuple[str, pa.DataType], ...] = (
    ("-?[1-9][0-9]{0,17}|0", pa.int64()),
    ("true|false", pa.bool_()),
    (_DAY, pa.date32()),
    (f"{_TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}})", pa.timestamp("us", "UTC")),
    (_TIME, pa.timestamp("us")),
)
_NO_TIMES = (pa.int64(), pa.string())
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_USUAL_DIGITS, _MOST_DIGITS = 18, 38
Sample: TypeAlias = "Mapping[str, Column]"


def described(what: str, sample: Sample, *, estimated_rows: int | None = None) -> Described:
    """Columns and types of a sample, and the leading columns that name each of its rows once."""
    cut = {name: values[:SAMPLE_ROWS] for name, values in sample.items()}
    plain = {name: _values(values) for name, values in cut.items()}
    rows = len(next(iter(plain.values()), ()))
    columns = []
    for name, values in cut.items():
        type_ = lands_as(values)
        columns.append(
            DescribedColumn(
                name=name,
                type=f"written as {type_}" if plain[name] != [None] * rows else "never a value",
                lands_as=type_,
                nullable=None in plain[name],
                time_written=may_be(plain[name]) if type_ in _NO_TIMES else None,
            )
        )
    return Described(
        what=what,
        columns=tuple(columns),
        key=leading_key(plain),
        estimated_rows=estimated_rows,
        sampled_rows=rows,
    )


def lands_as(values: Column) -> pa.DataType:
    """The type of one column by its values."""
    if isinstance(values, pa.Array):
        return _of_text(values)
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {str}:
        try:
            return _of_text(pa.array(values, pa.string()))
        except UnicodeEncodeError:  # half a character: text, if anything
            return pa.string()
    if kinds and kinds <= {int, Decimal}:
        numbers = [None if value is None else str(value) for value in values]
        text = _of_text(pa.array(numbers, pa.string()))
        return text if text != pa.string() else pa.float64()
    return pa.bool_() if kinds == {bool} else pa.string()


def leading_key(columns: Mapping[str, Sequence[Any]]) -> tuple[str, ...]:
    """The first columns, as few as do, whose values name every row once; none for one row."""
    names = list(columns)
    for many in range(1, _KEY_COLUMNS + 1):
        leading = [columns[name] for name in names[:many]]
        if not leading or None in leading[-1]:
            break
        rows = [repr(row) for row in zip(*leading, strict=True)]
        if len(rows) > 1 and len(set(rows)) == len(rows):
            return tuple(names[:many])
    return ()


def _of_text(values: pa.Array[Any]) -> pa.DataType:
    held = values.drop_null()
    if not len(held):
        return pa.string()
    for writing, type_ in _WRITINGS:
        if pc.all(pc.match_substring_regex(held, f"^({writing})$")).as_py():
            return type_ if _fits(held, type_) else pa.string()
    return _decimal(held)


def _decimal(held: pa.Array[Any]) -> pa.DataType:
    """Wide enough for larger numbers of the same kind."""
    parts = [_DECIMAL.fullmatch(str(text)) for text in held.to_pylist()]
    whole = max((len(part[1]) for part in parts if part), default=0)
    scale = max((len(part[2] or "") for part in parts if part), default=0)
    if None in parts or whole + scale > _MOST_DIGITS:
        return pa.string()
    digits = _USUAL_DIGITS if whole + scale <= _USUAL_DIGITS else _MOST_DIGITS
    type_ = pa.decimal128(digits, scale)
    return type_ if _fits(held, type_) else pa.string()


def _fits(held: pa.Array[Any], type_: pa.DataType) -> bool:
    try:
        cast_exactly(held, type_)
    except ConversionError:
        return False
    return True


def _values(values: Column) -> list[Any]:
    return values.to_pylist() if isinstance(values, pa.Array) else list(values)
