"""Reads one table in one transaction: selects columns, counts rows, yields rows in partitions.

Values that a driver cannot pass on exactly (infinite times, NaN, types without a Python
counterpart) are selected as text. `fit` then converts or rescues them.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from itertools import chain
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.errors import SourceChanged
from connectors.events import Emit, Witness, WitnessKind
from connectors.sql.catalog import Table, quote, table_clause
from connectors.sql.statement import tracked_statement

ROWS_PER_BATCH = 2_000
"""10,000 would cost half as much CPU again in Python's garbage collector: rows that live longer
are scanned together with every imported module.
"""

_EXACT_TYPES = (sa.Integer, sa.Boolean, sa.Float, sa.String, sa.LargeBinary)
"""Types whose values the driver passes on exactly."""
_NOT_TEXT = (sa.Numeric, sa.Date, sa.DateTime)
"""Types that are no text. If the contract promises text for them, our cast must not make it so."""
_COUNT = """
    SELECT (SELECT count(*) FROM {table}), pg_current_snapshot()::text, row_security_active(oid)
    FROM pg_catalog.pg_class WHERE oid = to_regclass(%s) AND relkind::text = ANY(%s)
"""
_TABLE_KINDS = ("r", "p", "m")
"""Tables, partitioned tables and materialised views: the kinds that store their rows."""


def columns(
    connection: Connection, table: Table, name: str, schema: pa.Schema
) -> Mapping[str, sa.ColumnElement[Any]]:
    """The contract's columns that the table has; no other column leaves the source. Raises
    SourceChanged if it has none of them.
    """
    known = {
        field.name: _select(connection, field, table.types[field.name])
        for field in schema
        if field.name in table.types
    }
    if not known:
        raise SourceChanged(f"table {name} has none of the contract's columns: correct either")
    return known


def count(connection: Connection, name: str, emit: Emit) -> tuple[Witness | None, str | None]:
    """The source's own count in our snapshot, or why its count is no witness. Both are None for a
    database without snapshots, and for a view, which may hide rows from the count as well.
    """
    if connection.dialect.name != "postgresql":
        return None, None
    statement = _COUNT.format(table=quote(name).replace("%", "%%"))
    with tracked_statement(" ".join(statement.split()), emit):
        values = (quote(name), list(_TABLE_KINDS))
        row = connection.exec_driver_sql(statement, values).one_or_none()
    if row is None:
        return None, None
    rows, detail, hidden = row
    if hidden:
        return None, "row-level security decides which rows our role may see and count"
    kind = WitnessKind.SNAPSHOT_COUNT
    return Witness(kind=kind, declared=rows, unit="rows", detail=detail), None


def partitions(
    connection: Connection, name: str, selected: Mapping[str, sa.ColumnElement[Any]], emit: Emit
) -> Generator[Mapping[str, Sequence[object]], None, None]:
    """Yield the rows through a server-side cursor, each part as columns."""
    statement = sa.select(*selected.values()).select_from(table_clause(name))
    sent = str(statement.compile(dialect=connection.dialect))
    what = " ".join(sent.split())
    options = {"stream_results": True, "max_row_buffer": ROWS_PER_BATCH}
    with tracked_statement(what, emit):
        result = connection.exec_driver_sql(sent, execution_options=options)
        result = result.yield_per(ROWS_PER_BATCH)
    with result:
        parts = result.partitions()
        while True:
            with tracked_statement(what, emit):
                rows = next(parts, None)
            if rows is None:
                return
            yield dict(zip(selected, zip(*rows, strict=True), strict=True))


def set_limits(connection: Connection, seconds: Mapping[str, float], emit: Emit) -> None:
    """Set time limits and plain notation for this transaction only, so that a pooler's session
    keeps none of it.
    """
    settings = {name: f"{value * 1000:.0f}" for name, value in seconds.items()}
    settings |= {"timezone": "UTC", "datestyle": "ISO"}
    each = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with tracked_statement("SELECT set_config(…)", emit):
        connection.exec_driver_sql(f"SELECT {each}", tuple(chain(*settings.items())))


def _select(
    connection: Connection, field: pa.Field[Any], type_: sa.types.TypeEngine[Any]
) -> sa.ColumnElement[Any]:
    column: sa.ColumnClause[Any] = sa.column(field.name)
    promised_text = pa.types.is_string(field.type) and isinstance(type_, _NOT_TEXT)
    as_it_is = isinstance(type_, _EXACT_TYPES) or promised_text
    if as_it_is or connection.dialect.name != "postgresql":
        return column
    return sa.cast(column, sa.Text).label(field.name)
