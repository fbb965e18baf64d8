"""Which types of a contract may hold a column's values, by its type in the catalogue."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from connectors.capabilities import ColumnRule
from connectors.sql.check_literals import Kind
from connectors.sql.columns import base_type
from connectors.sql.look import DIGITS, USUAL_SCALE, Seen

_UNBOUNDED = pa.decimal128(DIGITS, USUAL_SCALE)
"""For numbers without bounds in the catalogue, until their values have been looked at."""
_LOCAL, _INSTANT = pa.timestamp("us"), pa.timestamp("us", "UTC")
_CLOSED = (pa.int16(), pa.int32(), pa.int64(), pa.bool_(), pa.binary())
"""Types that hold every value of their columns on PostgreSQL, whatever the rows are."""

_PLAIN: tuple[tuple[type[sa.types.TypeEngine[Any]], pa.DataType], ...] = (
    (sa.Boolean, pa.bool_()),
    (sa.SmallInteger, pa.int16()),
    (sa.BigInteger, pa.int64()),
    (sa.Integer, pa.int32()),
    (sa.REAL, pa.float32()),
    (sa.Float, pa.float64()),
    (sa.Date, pa.date32()),
    (sa.LargeBinary, pa.binary()),
)
"""On PostgreSQL. The first match counts, so a subclass stands before its base class."""
_ANY = (pa.string(), pa.int64(), pa.float64(), pa.binary())
_LOOSE: tuple[tuple[type[sa.types.TypeEngine[Any]], tuple[pa.DataType, ...]], ...] = (
    (sa.Boolean, (pa.int64(), pa.bool_())),  # true is the number 1
    (sa.Integer, (pa.int64(), pa.float64())),
    (sa.Float, (pa.float64(),)),  # REAL as well has eight bytes
    (sa.Numeric, (pa.float64(), pa.int64())),  # a fraction is kept as a double
    (sa.Date, (pa.date32(), _LOCAL, _INSTANT)),
    (sa.DateTime, (_LOCAL, _INSTANT, pa.date32())),
    (sa.LargeBinary, (pa.binary(),)),
)
"""On SQLite, where a declared type is a wish. The best first; then any other."""


def open_column(type_: sa.types.TypeEngine[Any], *, is_postgresql: bool) -> Seen | None:
    """What has to be seen of a column, with the types that may hold it; None where its declared
    type tells all.
    """
    if not is_postgresql:
        likely = next((types for kind, types in _LOOSE if isinstance(type_, kind)), ())
        if isinstance(type_, sa.Numeric) and not isinstance(type_, sa.Float) and type_.scale == 0:
            likely = (pa.int64(), pa.float64())
        return Seen(candidates=list(dict.fromkeys((*likely, *_ANY))))
    declared = lands_as(type_)
    if declared in _CLOSED:
        return None
    return Seen(candidates=[declared], is_unbounded=declared is _UNBOUNDED)


def lands_as(type_: sa.types.TypeEngine[Any]) -> pa.DataType:
    """The narrowest plain type for a column of PostgreSQL; text for all other types."""
    type_ = base_type(type_)
    for kind, landing in _PLAIN:
        if isinstance(type_, kind):
            return landing
    if isinstance(type_, sa.DateTime):
        return _INSTANT if type_.timezone else _LOCAL
    return _decimal(type_.precision, type_.scale) if isinstance(type_, sa.Numeric) else pa.string()


def _decimal(precision: int | None, scale: int | None) -> pa.DataType:
    """The digits that a number may have: `numeric(3, -2)` rounds to hundreds below 100,000, and
    `numeric(3, 5)` is below 0.01.
    """
    if precision is None:
        return _UNBOUNDED
    scale = scale or 0
    digits = max(precision - min(scale, 0), scale)
    return pa.decimal128(digits, max(scale, 0)) if digits <= DIGITS else _UNBOUNDED


def compared_as(
    type_: sa.types.TypeEngine[Any],
    lands: pa.DataType | None,
    *,
    is_postgresql: bool,
    is_folded: bool,
) -> Kind | None:
    """How the database compares a column's values, where a contract compares them just so."""
    type_ = base_type(type_)
    if lands is None:
        return None
    if lands == pa.string():
        is_plain = type(type_) in (sa.TEXT, sa.VARCHAR) and not is_folded
        return Kind.TEXT if is_plain else None
    if not is_postgresql and (lands not in _NUMBERS or isinstance(type_, _NO_AFFINITY)):
        return None
    if pa.types.is_decimal(lands):
        return Kind.DECIMAL
    return _KINDS.get(lands)


_NO_AFFINITY = (sa.types.NullType, sa.String, sa.Date, sa.DateTime, sa.LargeBinary)
_NUMBERS = (pa.int64(), pa.float64())
_KINDS: dict[pa.DataType, Kind] = {
    pa.int16(): Kind.INTEGER,
    pa.int32(): Kind.INTEGER,
    pa.int64(): Kind.LONG,
    pa.float64(): Kind.FLOAT,
    pa.date32(): Kind.DATE,
    _LOCAL: Kind.LOCAL_TIME,
    _INSTANT: Kind.INSTANT,
}


def type_rule(type_: sa.types.TypeEngine[Any], seen: Seen | None) -> ColumnRule | None:
    """The labels of an enum, the most characters of a text. SQLite enforces no length: there it
    is a rule if no text is longer.
    """
    type_ = base_type(type_)
    if isinstance(type_, postgresql.ENUM):
        return ColumnRule(check="isin", values=(list(type_.enums),))
    if not isinstance(type_, sa.String) or isinstance(type_, sa.Enum) or seen is None:
        return None
    most = type_.length
    if most and seen.longest <= most and seen.lands_as == pa.string():
        return ColumnRule(check="str_length", values=(None, most))
    return None
