"""Rows of JSON as columns, whose numbers keep their last digit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any

import msgspec
import pyarrow as pa

from connectors import bounds
from connectors.convert.cast import Column
from connectors.convert.names import require_names
from connectors.convert.strict_json import fraction
from connectors.errors import SourceChanged

_NUMBERS = {int, Decimal, bytes}
_MAY_HOLD_FRACTIONS = {bytes, list, dict}


def columns(rows: list[dict[str, Any]], where: str) -> tuple[dict[str, list[object]], set[str]]:
    """At least one row as columns: each field that any has, None where a row leaves it out; and
    the names of the fields that some row leaves out. SourceChanged, beginning with `where`, for
    names or a table beyond our bounds.
    """
    require_names(rows[0].keys(), where)
    try:
        whole = {name: list(map(itemgetter(name), rows)) for name in rows[0]}
        if len(whole) * len(rows) == sum(map(len, rows)):  # all of one shape, as most are
            return whole, set()
    except KeyError:
        pass
    names = dict.fromkeys(chain.from_iterable(rows))
    require_names(names, where)
    if len(names) * len(rows) > bounds.CELLS:
        raise SourceChanged(
            f"{where}: {len(rows):,} rows have {len(names):,} fields, most of them left out: "
            "have each row name the same ones"
        )
    found = {name: [row.get(name) for row in rows] for name in names}
    return found, names.keys() - set(names).intersection(*rows)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one page by their fields."""

    columns: Mapping[str, list[object]]
    omitted: AbstractSet[str]
    """Fields that some row leaves out."""

    def without(self, mark: str | None) -> Table:
        """The same without the fields whose names hold `mark`."""
        if mark is None or not any(mark in name for name in self.columns):
            return self
        kept = {name: values for name, values in self.columns.items() if mark not in name}
        return Table(kept, self.omitted & kept.keys())

    def digest(self, rows: list[dict[str, Any]]) -> bytes:
        """Equal for equal rows, which are `rows`; in any practical case for no others."""
        held = rows if self.omitted or not self.columns else self.columns
        try:
            text = msgspec.msgpack.encode(held)
        except (ValueError, OverflowError, RecursionError, TypeError):  # as long numbers are
            text = repr(held).encode(errors="surrogatepass")
        return hashlib.blake2b(text, digest_size=16).digest()


def as_table(rows: list[dict[str, Any]], where: str) -> Table:
    """Any rows as a table, as `columns` makes it."""
    return Table(*columns(rows, where)) if rows else Table({}, frozenset())


def plain(values: list[object], name: str, schema: pa.Schema) -> Column:
    """The values of the field `name` in kinds that `fit` knows; where the contract wants a
    fraction, JSON numbers (which may be written `1`, `1.0` or `1e0`) come as text, exact and of
    one kind.
    """
    index = schema.get_field_index(name)
    wanted = None if index < 0 else schema.field(index).type
    if wanted is not None and (array := _of_one_kind(values, wanted)) is not None:
        return array
    kinds = set(map(type, values))
    if wanted is None or not (pa.types.is_decimal(wanted) or pa.types.is_floating(wanted)):
        return values if kinds.isdisjoint(_MAY_HOLD_FRACTIONS) else numbers(values)
    if bytes in kinds and kinds <= {bytes, type(None)}:
        return pa.array(values, pa.binary()).cast(pa.string())
    if kinds.isdisjoint(_NUMBERS):
        return values
    return [_text(value) if type(value) in _NUMBERS else value for value in values]


def _of_one_kind(values: list[object], wanted: pa.DataType) -> Column | None:
    """Whole numbers or texts alone, which Arrow itself requires to be of one Python type; None for
    others, and where fractions are wanted. To look at each value's type costs as much again.
    """
    if pa.types.is_decimal(wanted) or pa.types.is_floating(wanted):
        return None
    try:
        array: pa.Array[Any] = pa.array(values)
    except (ValueError, TypeError, OverflowError, pa.ArrowException):
        return None
    return array if pa.types.is_integer(array.type) or pa.types.is_string(array.type) else None


def numbers(values: Iterable[object]) -> list[object]:
    """The values, with fractions as numbers and no longer as they were written."""
    return [_number(value) for value in values]


def _number(value: object) -> object:
    match value:
        case bytes():
            return fraction(value.decode())
        case list():
            return numbers(value)
        case dict():
            return {name: _number(held) for name, held in value.items()}
    return value


def _text(number: object) -> str:
    return number.decode() if isinstance(number, bytes) else str(number)
