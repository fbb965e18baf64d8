"""Describes one table from its database's catalogue. No row is read."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from connectors.capabilities import Described, DescribedColumn
from connectors.events import Emit
from connectors.sql.catalog import look_up, table_clause
from connectors.sql.statement import tracked_statement

_DIGITS = 38
_UNBOUNDED = pa.decimal128(_DIGITS, 9)
"""For numbers without bounds in the catalogue. A value that does not fit is rescued."""


def describe_table(connection: Connection, name: str, emit: Emit) -> Described:
    """Columns, types, primary key and row estimate of a table or view."""
    table = look_up(connection, name, emit)
    return Described(
        what=f"table {name}",
        columns=tuple(
            DescribedColumn(
                name=column.name,
                type=column.type or "",
                lands_as=lands_as(connection.dialect.name, table.types[column.name]),
                nullable=column.nullable is not False,
            )
            for column in table.declared.columns
        ),
        key=table.declared.key,
        estimated_rows=_estimate(connection, table_clause(name), emit),
        sampled_rows=None,
    )


def lands_as(dialect: str, type_: sa.types.TypeEngine[Any]) -> pa.DataType:
    """The narrowest plain type that holds every value of a column; text for all other types."""
    if isinstance(type_, postgresql.DOMAIN):
        type_ = type_.data_type
    if isinstance(type_, sa.Integer) and dialect != "postgresql":
        return pa.int64()  # in SQLite an integer may have one to eight bytes
    for kind, landing in _PLAIN:
        if isinstance(type_, kind):
            return landing
    if isinstance(type_, sa.DateTime):
        return pa.timestamp("us", "UTC" if type_.timezone else None)
    return _decimal(type_.precision, type_.scale) if isinstance(type_, sa.Numeric) else pa.string()


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
"""The first match counts, so a subclass stands before its base class."""


def _decimal(precision: int | None, scale: int | None) -> pa.DataType:
    if precision is None or not 0 <= (scale or 0) <= precision <= _DIGITS:
        return _UNBOUNDED
    return pa.decimal128(precision, scale or 0)


def _estimate(connection: Connection, table: sa.TableClause, emit: Emit) -> int | None:
    """What the last ANALYZE saw; -1, or a table never analysed, is no estimate."""
    if connection.dialect.name != "postgresql":
        return None
    quoted = connection.dialect.identifier_preparer.format_table(table)
    classes = sa.table("pg_class", sa.column("reltuples"), sa.column("oid"), schema="pg_catalog")
    known = classes.c.oid == sa.func.to_regclass(quoted)
    with tracked_statement("SELECT reltuples FROM pg_catalog.pg_class", emit):
        rows = connection.execute(sa.select(classes.c.reltuples).where(known)).scalar()
    return int(rows) if rows is not None and rows >= 0 else None
