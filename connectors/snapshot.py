"""One table through one connection: the catalogue's columns, the count, the rows in partitions.

Values that a driver cannot hand over exactly (infinite times, NaN, types without a Python
counterpart) are selected as PostgreSQL writes them; `fit` then takes or rescues them.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.asking import asking
from connectors.catalogue import Table, table_clause
from connectors.interface import Emit, SourceChanged, Witness, WitnessKind

ROWS_PER_BATCH = 2_000
"""With 10,000 Python's garbage collector alone takes half as much CPU again: rows that live long
enough are walked together with all that we ever imported.
"""

_AS_DRIVEN = (sa.Integer, sa.Boolean, sa.Float, sa.String, sa.LargeBinary)
"""Types of which the driver hands over every value exactly."""
_OTHER_KINDS = (sa.Numeric, sa.Date, sa.DateTime)
"""Types that are no text: text that the contract promises there must not come of our cast."""
_PG_CLASS = sa.table("pg_class", sa.column("oid"), sa.column("relkind"), schema="pg_catalog")
_TABLE_KINDS = ("r", "p", "m")
"""Tables, partitioned tables and materialised views: what holds its rows itself."""


def columns(
    connection: Connection, table: Table, name: str, schema: pa.Schema
) -> Mapping[str, sa.ColumnElement[Any]]:
    """The contract's columns that the table has; no others leave the source."""
    known = {
        field.name: _as_read(connection, field, table.types[field.name])
        for field in schema
        if field.name in table.types
    }
    if not known:
        raise SourceChanged(f"table {name} has none of the contract's columns: correct either")
    return known


def count(connection: Connection, name: str, emit: Emit) -> Witness | None:
    """The source's own count inside our snapshot; None where the database holds none for us, or
    where a view may hide rows from the count as well. Nothing is counted then.
    """
    if connection.dialect.name != "postgresql":
        return None
    statement = (
        sa.select(
            sa.select(sa.func.count()).select_from(table_clause(name)).scalar_subquery(),
            sa.cast(sa.func.pg_current_snapshot(), sa.Text),
        )
        .select_from(_PG_CLASS)
        .where(
            _PG_CLASS.c.oid == sa.func.to_regclass(_quoted(name)),
            _PG_CLASS.c.relkind.in_(_TABLE_KINDS),
        )
    )
    with asking(_shape(connection, statement), emit):
        found = connection.execute(statement).one_or_none()
    if found is None:
        return None
    rows, detail = found
    return Witness(kind=WitnessKind.SNAPSHOT_COUNT, declared=rows, unit="rows", detail=detail)


def partitions(
    connection: Connection, name: str, selected: Mapping[str, sa.ColumnElement[Any]], emit: Emit
) -> Generator[Mapping[str, Sequence[object]], None, None]:
    """The rows, column by column, through a cursor on the server."""
    statement = sa.select(*selected.values()).select_from(table_clause(name))
    what = _shape(connection, statement)
    options = {"stream_results": True, "yield_per": ROWS_PER_BATCH}
    with asking(what, emit):
        result = connection.execute(statement, execution_options=options)
    with result:
        parts = result.partitions()
        while True:
            with asking(what, emit):
                rows = next(parts, None)
            if rows is None:
                return
            yield dict(zip(selected, zip(*rows, strict=True), strict=True))


def bounded(connection: Connection, seconds: Mapping[str, float], emit: Emit) -> None:
    """Time limits and plain writing, for the transaction alone: nothing stays behind in a session
    that a pool hands on.
    """
    settings = {name: f"{value * 1000:.0f}" for name, value in seconds.items()}
    settings |= {"timezone": "UTC", "datestyle": "ISO"}
    with asking("SELECT set_config(…)", emit):
        connection.execute(
            sa.select(*(sa.func.set_config(name, value, True) for name, value in settings.items()))
        )


def _quoted(name: str) -> str:
    """The name as text that PostgreSQL looks up as we do."""
    table = table_clause(name)
    parts = [part for part in (table.schema, table.name) if part]
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def _as_read(
    connection: Connection, field: pa.Field[Any], held: sa.types.TypeEngine[Any]
) -> sa.ColumnElement[Any]:
    column: sa.ColumnClause[Any] = sa.column(field.name)
    promised_text = pa.types.is_string(field.type) and isinstance(held, _OTHER_KINDS)
    as_driven = isinstance(held, _AS_DRIVEN) or promised_text
    if as_driven or connection.dialect.name != "postgresql":
        return column
    return sa.cast(column, sa.Text).label(field.name)


def _shape(connection: Connection, statement: sa.ClauseElement) -> str:
    """The statement as it is sent, on one line, its parameters as place holders."""
    return " ".join(str(statement.compile(dialect=connection.dialect)).split())
