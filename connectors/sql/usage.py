"""Which right is missing to look at a table of PostgreSQL, as the statement that grants it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.errors import AccessDenied
from connectors.events import Emit
from connectors.sql.catalog import quote, table_clause
from connectors.sql.statement import tracked_statement

_CLOSED = sa.text("""
    SELECT nspname::text, session_user::text
    FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relname = :table AND relkind IN ('r', 'p', 'v', 'm', 'f')
        AND nspname = coalesce(CAST(:schema AS name), nspname)
        AND NOT has_schema_privilege(n.oid, 'USAGE')
    ORDER BY nspname LIMIT 1
""")

_RIGHTS = sa.text("""
    SELECT attname::text, has_column_privilege(attrelid, attnum, 'SELECT')
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relname = :table AND nspname = :schema AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum
""")


def require_usage(connection: Connection, name: str, emit: Emit) -> None:
    """Raise AccessDenied if the schema of a table is closed to our role; for a name without a
    schema, which our role then does not find, the first closed one that holds it.
    """
    if connection.dialect.name != "postgresql":
        return
    clause = table_clause(name)
    with tracked_statement(f"catalogue: schema of {name}", emit):
        wanted = {"table": clause.name, "schema": clause.schema}
        closed = connection.execute(_CLOSED, wanted).first()
    if closed is not None:
        raise closed_schema(f"table {name}", *closed)


def closed_schema(what: str, schema: str, role: str) -> AccessDenied:
    """The error for a schema that our role may not look into."""
    return AccessDenied(
        f"{what}: schema {schema} is closed to role {role}: ask its owner for "
        f"GRANT USAGE ON SCHEMA {quote_name(schema)} TO {quote_name(role)}"
    )


def require_select(
    connection: Connection, name: str, columns: Collection[str], emit: Emit
) -> None:
    """Raise AccessDenied with the missing grant if our role may not read one of `columns`."""
    if connection.dialect.name != "postgresql":
        return
    rights = _column_rights(connection, name, emit)
    closed = [column for column, is_ours in rights.items() if column in columns and not is_ours]
    if closed:
        grant = select_grant(connection, name, closed if any(rights.values()) else ())
        raise AccessDenied(f"table {name}: 42501, permission denied: ask its owner for {grant}")


def readable_columns(connection: Connection, name: str, emit: Emit) -> set[str]:
    """The columns of a table that our role may read."""
    rights = _column_rights(connection, name, emit)
    return {column for column, is_ours in rights.items() if is_ours}


def _column_rights(connection: Connection, name: str, emit: Emit) -> dict[str, bool]:
    """Whether our role may read each column of a table."""
    clause = table_clause(name)
    with tracked_statement(f"catalogue: rights on {name}", emit):
        wanted = {"table": clause.name, "schema": clause.schema}
        found = connection.execute(_RIGHTS, wanted)
        return {row[0]: row[1] for row in found}


def select_grant(connection: Connection, name: str, columns: Sequence[str]) -> str:
    """The statement that lets our role read columns of a table, or all of it. Asks nothing."""
    role = connection.engine.url.username or "PUBLIC"
    listed = f" ({', '.join(map(quote_name, columns))})" if columns else ""
    return f"GRANT SELECT{listed} ON {quote(name)} TO {quote_name(role)}"


def quote_name(name: str) -> str:
    """One name as a statement writes it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
