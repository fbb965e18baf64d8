"""What a database's catalogue says of one table; no row is read."""

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
"""For numbers to which the catalogue sets no bounds; one that does not fit is rescued."""


def described(connection: Connection, name: str, emit: Emit) -> Described:
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


def lands_as(dialect: str, held: sa.types.TypeEngine[Any]) -> pa.DataType:
    """The narrowest plain type that holds every value of a column; text for all that is odd."""
    if isinstance(held, postgresql.DOMAIN):
        held = held.data_type
    if isinstance(held, sa.Integer) and dialect != "postgresql":
        return pa.int64()  # SQLite calls everything from one byte to eight an integer
    for kind, type_ in _PLAIN:
        if isinstance(held, kind):
            return type_
    if isinstance(held, sa.DateTime):
        return pa.timestamp("us", "UTC" if held.timezone else None)
    return _decimal(held.precision, held.scale) if isinstance(held, sa.Numeric) else pa.string()


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
"""The first that is meant tells."""


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
