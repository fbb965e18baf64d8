"""Which right is missing to look at a table of PostgreSQL, as the statement that grants it."""

from __future__ import annotations

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


def select_grant(connection: Connection, name: str) -> str:
    """The statement that lets our role read a table. Asks nothing."""
    role = connection.engine.url.username or "PUBLIC"
    return f"GRANT SELECT ON {quote(name)} TO {quote_name(role)}"


def quote_name(name: str) -> str:
    """One name as a statement writes it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
