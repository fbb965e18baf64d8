"""Looks once at the rows of a table, for what its catalogue leaves open.

A type may hold what no contract's type does, as a NaN, an infinite date; a number may have no
declared digits; text may hold control characters; and SQLite enforces no type at all. Values are
converted by the function that reads them later, so a draft fits the rows that it was drafted from.
Of the values nothing is kept but what `Seen` has.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.connector import RESCUED
from connectors.convert.fit import Values, fit
from connectors.events import Emit
from connectors.sql import snapshot
from connectors.sql.catalog import Table, table_clause
from connectors.sql.columns import select_columns
from connectors.sql.statement import tracked_statement

DIGITS = 38
"""Of the widest number of a contract."""
USUAL_SCALE = 9
"""Digits after the point of a number without declared digits, where its values allow that many."""
_CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}]"
"""Unicode's Cc without tab, line feed and carriage return, as `contracts.rules` counts them."""
_NUMBER = r"^-?(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?$"
_TEXTS = "texts"
_KINDS: Mapping[type, str] = MappingProxyType(
    {str: _TEXTS, **dict.fromkeys((bytes, bytearray, memoryview), "bytes")}
)
_NONE = {type(None)}
_ODD = ("NaN", "Infinity", "-Infinity")
"""As PostgreSQL writes them."""


@dataclass(slots=True, kw_only=True)
class Seen:
    """What the rows say of one column."""

    candidates: list[pa.DataType]
    """Types that hold each value, the best first."""
    is_unbounded: bool = False
    """Whether it is a number without declared digits, whose scale its values tell."""
    has_nulls: bool = False
    has_control_characters: bool = False
    longest: int = 0
    """Characters of the longest text."""
    _kinds: set[str] = field(default_factory=set)
    """What the values were, as `texts`, `numbers`."""
    _is_finite: bool = True
    _whole: int = 0
    _part: int = 0

    @property
    def lands_as(self) -> pa.DataType | None:
        """The type that holds all of them."""
        if self.is_unbounded and self.candidates:
            scale = min(max(USUAL_SCALE, self._part), DIGITS - self._whole)
            return pa.decimal128(DIGITS, scale) if scale >= self._part else None
        return next(iter(self.candidates), None)

    @property
    def untyped(self) -> str:
        """Why no type holds all of them: a clause."""
        if len(self._kinds) > 1:
            return f"it mixes {' and '.join(sorted(self._kinds))}"
        if not self._is_finite:
            return "NaN or infinity is among its numbers"
        if self._whole + self._part > DIGITS:
            return (
                f"its numbers need {self._whole} digits before and {self._part} after the point, "
                f"and {DIGITS} are the most"
            )
        if self._kinds == {_TEXTS}:  # PostgreSQL's own notation of a date or time
            return "a date or time in it is infinite, or of no year from 1 to 9999"
        return "no type holds all its numbers exactly"

    def see(self, name: str, values: Sequence[object], only_text: Collection[str]) -> None:
        """Take one more part of the column."""
        self._fit(name, values, only_text)
        if self.lands_as is None:
            self._is_finite = self._is_finite and not any(map(_is_odd, values))

    def _fit(self, name: str, values: Sequence[object], only_text: Collection[str]) -> None:
        self.has_nulls = self.has_nulls or None in values
        self._kinds |= {_KINDS.get(type_, "numbers") for type_ in {*map(type, values)} - _NONE}
        if (
            _TEXTS in self._kinds and len(self._kinds) > 1
        ):  # a text that reads as a number beside that number: SQLite alone
            self.candidates = []
        if self.is_unbounded:
            self._count_digits(pa.array(values, pa.string()))
            return
        fitting = [one for one in self.candidates if _fits(name, values, one, only_text)]
        self.candidates = fitting
        if fitting and fitting[0] == pa.string():
            text = pa.array(values, pa.string())
            controls = pc.any(pc.match_substring_regex(text, _CONTROL)).as_py()
            self.has_control_characters = self.has_control_characters or bool(controls)
            self.longest = max(self.longest, pc.max(pc.utf8_length(text)).as_py() or 0)

    def _count_digits(self, written: pa.Array[Any]) -> None:
        numbers = pc.extract_regex(written, _NUMBER)
        if numbers.null_count > written.null_count:  # NaN, Infinity
            self.candidates = []
            return
        whole, part = (pc.struct_field(numbers, name) for name in ("whole", "part"))
        for which, digits in (("_whole", pc.utf8_ltrim(whole, "0")), ("_part", part)):
            longest = pc.max(pc.utf8_length(digits)).as_py() or 0
            setattr(self, which, max(getattr(self, which), longest))


def look(
    connection: Connection, name: str, table: Table, seen: Mapping[str, Seen], emit: Emit
) -> bool:
    """Show every value of the columns in `seen` to them. False if there is no row."""
    if not seen:
        return _has_rows(connection, name, emit)
    has_rows = False
    schema = pa.schema([(column, one.candidates[0]) for column, one in seen.items()])
    selected = select_columns(connection, table, name, schema)
    with closing(snapshot.partitions(connection, name, selected, emit)) as parts:
        for values in parts:
            has_rows = True
            for column, one in seen.items():
                one.see(column, _plain(values[column]), selected.only_text)
    return has_rows


def _plain(values: Values) -> Sequence[object]:
    return values if isinstance(values, Sequence) else values.to_pylist()


def _is_odd(value: object) -> bool:
    """Whether it is a NaN or infinite number, or the word for one."""
    if isinstance(value, str):
        return value in _ODD
    return isinstance(value, float) and not math.isfinite(value)


def _has_rows(connection: Connection, name: str, emit: Emit) -> bool:
    """Ask for no column."""
    anything = sa.select(sa.literal(1)).select_from(table_clause(name)).limit(1)
    with tracked_statement(f"whether {name} has a row", emit):
        return connection.execute(anything).first() is not None


def _fits(
    name: str, values: Sequence[object], type_: pa.DataType, only_text: Collection[str]
) -> bool:
    batch = fit({name: values}, pa.schema([(name, type_)]), only_text=only_text)
    return batch.column(batch.schema.get_field_index(RESCUED)).null_count == len(values)
