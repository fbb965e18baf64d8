"""Columns and key of a table, from its database's catalogue. No row is read."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import CompileError, NoSuchTableError, SAWarning

from connectors.events import Declared, DeclaredColumn, Emit
from connectors.sql import names
from connectors.sql.sqlstate import source_error
from connectors.sql.statement import tracked_statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table or view, as the catalogue has it."""

    types: Mapping[str, sa.types.TypeEngine[Any]]
    """By column, in the table's order."""
    declared: Declared
    comments: Mapping[str, str]
    """By column, where its owner wrote one."""


def look_up(connection: Connection, name: str, emit: Emit) -> Table:
    """Look up `table` or `schema.table`. Raises SourceError, with the name, if it does
    not exist.
    """
    table = table_clause(name)
    try:
        with tracked_statement(f"catalogue of {name}", emit), warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # unknown types are read as text
            catalogue = sa.inspect(connection)
            columns = catalogue.get_columns(table.name, schema=table.schema)
            key = catalogue.get_pk_constraint(table.name, schema=table.schema)
    except NoSuchTableError as error:
        raise source_error(f"table {name}", "42P01") from error
    shorten(columns, lambda: names.roles_path(connection, emit))
    return table_of(connection, columns, key["constrained_columns"])


def table_of(
    connection: Connection, columns: Sequence[ReflectedColumn], key: Sequence[str]
) -> Table:
    """The table with these columns and this key."""
    return Table(
        types={column["name"]: column["type"] for column in columns},
        declared=Declared(
            by="catalogue",
            columns=tuple(
                DeclaredColumn(
                    name=column["name"],
                    type=type_text(connection, column["type"]),
                    nullable=column["nullable"],
                    labels=_labels(column["type"]),
                )
                for column in columns
            ),
            key=tuple(key),
        ),
        comments={c["name"]: text for c in columns if (text := c.get("comment"))},
    )


def shorten(columns: Iterable[ReflectedColumn], roles_path: Callable[[], Sequence[str]]) -> None:
    """Leave out the schema of a type or collation where our role looks for bare names: so it was
    always written in what a person approved and in the ledger.
    """
    written = [part for column in columns for part in _with_schema(column["type"])]
    path = roles_path() if written else ()
    for part, attribute in written:
        if getattr(part, attribute) in path:
            setattr(part, attribute, None)


def _with_schema(
    type_: sa.types.TypeEngine[Any],
) -> Iterator[tuple[sa.types.TypeEngine[Any], str]]:
    """What in a type is written with a schema, and which attribute has it."""
    is_named = isinstance(type_, postgresql.DOMAIN | postgresql.ENUM)
    attribute = "schema" if is_named else "collation_schema"
    if getattr(type_, attribute, None) is not None:
        yield type_, attribute
    if isinstance(type_, postgresql.DOMAIN):
        yield from _with_schema(type_.data_type)
    if isinstance(type_, sa.ARRAY):
        yield from _with_schema(type_.item_type)


def _labels(type_: sa.types.TypeEngine[Any]) -> tuple[str, ...] | None:
    """What the values of an enum are called, also below a domain or in an array."""
    if isinstance(type_, postgresql.DOMAIN):
        return _labels(type_.data_type)
    if isinstance(type_, sa.ARRAY):
        return _labels(type_.item_type)
    return tuple(type_.enums) if isinstance(type_, postgresql.ENUM) else None


def table_clause(name: str) -> sa.TableClause:
    """The clause for `table` or `schema.table`."""
    schema, _, table = name.rpartition(".")
    return sa.table(table, schema=schema or None)


def quote(name: str) -> str:
    """The name as PostgreSQL's statements write it."""
    table = table_clause(name)
    parts = [part.replace('"', '""') for part in (table.schema, table.name) if part]
    return ".".join(f'"{part}"' for part in parts)


def type_text(connection: Connection, type_: sa.types.TypeEngine[Any]) -> str:
    """A type in the database's own words. A domain shows its base type, an enum its values."""
    try:
        name = type_.compile(dialect=connection.dialect).lower()
    except CompileError:
        return "a type without a name"
    if isinstance(type_, postgresql.DOMAIN):
        return f"{name} ({type_text(connection, type_.data_type)})"
    if isinstance(type_, postgresql.ENUM):
        return f"{name} ({', '.join(type_.enums)})"
    return name
