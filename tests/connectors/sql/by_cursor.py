"""The rows of a table as they were read before COPY: by the driver's values, others cast to text.

What a reading gives is held against it: it is another way to the same values.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.convert.fit import fit
from connectors.sql.catalog import look_up, table_clause
from connectors.sql.columns import base_type, select_columns
from tests.connectors.crm_fixture import Database

_EXACT = (sa.Integer, sa.Boolean, sa.Float, sa.String, sa.LargeBinary)


def read_by_cursor(crm: Database, name: str, schema: pa.Schema) -> pa.RecordBatch:
    """All rows of a small table."""
    with crm.sql(name)._session(lambda _: None) as connection:  # noqa: SLF001 - no other way in
        table = look_up(connection, name, lambda _: None)
        selected = select_columns(connection, table, name, schema)
        columns = {
            field.name: _select(field.name, base_type(table.types[field.name])) for field in schema
        }
        rows = _rows(connection, name, columns)
        values = dict(zip(columns, zip(*rows, strict=True), strict=True))
        return fit(values, schema, only_text=selected.only_text, no_text=selected.no_text)


def _select(name: str, type_: sa.types.TypeEngine[Any]) -> sa.ColumnElement[Any]:
    column: sa.ColumnClause[Any] = sa.column(name)
    if isinstance(type_, sa.REAL):
        return sa.cast(column, sa.Double).label(name)
    return column if isinstance(type_, _EXACT) else sa.cast(column, sa.Text).label(name)


def _rows(
    connection: Connection, name: str, columns: dict[str, sa.ColumnElement[Any]]
) -> list[tuple[Any, ...]]:
    statement = sa.select(*columns.values()).select_from(table_clause(name))
    sent = str(statement.compile(dialect=connection.dialect))
    return [tuple(row) for row in connection.exec_driver_sql(sent).all()]
