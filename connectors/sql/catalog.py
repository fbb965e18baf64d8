"""A table's columns and key by its database's catalogue; no row is read."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.exc import CompileError, NoSuchTableError, SAWarning

from connectors.events import Declared, DeclaredColumn, Emit
from connectors.sql.sqlstate import source_error
from connectors.sql.statement import tracked_statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the catalogue holds of one table or view."""

    types: Mapping[str, sa.types.TypeEngine[Any]]
    """In the table's order."""
    declared: Declared


def look_up(connection: Connection, name: str, emit: Emit) -> Table:
    """Ask for `table` or `schema.table`; SourceError by name where there is none."""
    table = table_clause(name)
    try:
        with tracked_statement(f"catalogue of {name}", emit), warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # types unknown to it are read as text
            catalogue = sa.inspect(connection)
            columns = catalogue.get_columns(table.name, schema=table.schema)
            key = catalogue.get_pk_constraint(table.name, schema=table.schema)
    except NoSuchTableError as error:
        raise source_error(f"table {name}", "42P01") from error
    return Table(
        types={column["name"]: column["type"] for column in columns},
        declared=Declared(
            by="catalogue",
            columns=tuple(
                DeclaredColumn(
                    name=column["name"],
                    type=words(connection, column["type"]),
                    nullable=column["nullable"],
                )
                for column in columns
            ),
            key=tuple(key["constrained_columns"]),
        ),
    )


def table_clause(name: str) -> sa.TableClause:
    """`table` or `schema.table`."""
    schema, _, table = name.rpartition(".")
    return sa.table(table, schema=schema or None)


def quoted(name: str) -> str:
    """The name as it stands in a statement of PostgreSQL's."""
    table = table_clause(name)
    parts = [part.replace('"', '""') for part in (table.schema, table.name) if part]
    return ".".join(f'"{part}"' for part in parts)


def words(connection: Connection, held: sa.types.TypeEngine[Any]) -> str:
    """A type in the database's own words; of a name that it gave to a type, also what it holds."""
    try:
        name = held.compile(dialect=connection.dialect).lower()
    except CompileError:
        return "a type without a name"
    if isinstance(held, postgresql.DOMAIN):
        return f"{name} ({words(connection, held.data_type)})"
    if isinstance(held, postgresql.ENUM):
        return f"{name} ({', '.join(held.enums)})"
    return name
