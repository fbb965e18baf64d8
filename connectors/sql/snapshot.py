"""One table through one connection: the catalogue's columns, the count, the rows in partitions.

Values that a driver cannot hand over exactly (infinite times, NaN, types without a Python
counterpart) are selected as PostgreSQL writes them; `fit` then takes or rescues them.
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
from connectors.sql.catalog import Table, quoted, table_clause
from connectors.sql.statement import tracked_statement

ROWS_PER_BATCH = 2_000
"""With 10,000 Python's garbage collector alone takes half as much CPU again: rows that live long
enough are walked together with all that we ever imported.
"""

_AS_DRIVEN = (sa.Integer, sa.Boolean, sa.Float, sa.String, sa.LargeBinary)
"""Types of which the driver hands over every value exactly."""
_OTHER_KINDS = (sa.Numeric, sa.Date, sa.DateTime)
"""Types that are no text: text that the contract promises there must not come of our cast."""
_COUNT = """
    SELECT (SELECT count(*) FROM {table}), pg_current_snapshot()::text, row_security_active(oid)
    FROM pg_catalog.pg_class WHERE oid = to_regclass(%s) AND relkind::text = ANY(%s)
"""
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


def count(connection: Connection, name: str, emit: Emit) -> tuple[Witness | None, str | None]:
    """The source's own count inside our snapshot, or why the one there is tells nothing. Neither
    where the database holds none for us, or where a view may hide rows from the count as well:
    nothing is counted then.
    """
    if connection.dialect.name != "postgresql":
        return None, None
    statement = _COUNT.format(table=quoted(name).replace("%", "%%"))
    with tracked_statement(" ".join(statement.split()), emit):
        values = (quoted(name), list(_TABLE_KINDS))
        found = connection.exec_driver_sql(statement, values).one_or_none()
    if found is None:
        return None, None
    rows, detail, hidden = found
    if hidden:
        return None, "row-level security decides which rows our role may see and count"
    kind = WitnessKind.SNAPSHOT_COUNT
    return Witness(kind=kind, declared=rows, unit="rows", detail=detail), None


def partitions(
    connection: Connection, name: str, selected: Mapping[str, sa.ColumnElement[Any]], emit: Emit
) -> Generator[Mapping[str, Sequence[object]], None, None]:
    """The rows, column by column, through a cursor on the server."""
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


def bounded(connection: Connection, seconds: Mapping[str, float], emit: Emit) -> None:
    """Time limits and plain writing, for the transaction alone: nothing stays behind in a session
    that a pool hands on.
    """
    settings = {name: f"{value * 1000:.0f}" for name, value in seconds.items()}
    settings |= {"timezone": "UTC", "datestyle": "ISO"}
    each = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with tracked_statement("SELECT set_config(…)", emit):
        connection.exec_driver_sql(f"SELECT {each}", tuple(chain(*settings.items())))


def _as_read(
    connection: Connection, field: pa.Field[Any], held: sa.types.TypeEngine[Any]
) -> sa.ColumnElement[Any]:
    column: sa.ColumnClause[Any] = sa.column(field.name)
    promised_text = pa.types.is_string(field.type) and isinstance(held, _OTHER_KINDS)
    as_driven = isinstance(held, _AS_DRIVEN) or promised_text
    if as_driven or connection.dialect.name != "postgresql":
        return column
    return sa.cast(column, sa.Text).label(field.name)
