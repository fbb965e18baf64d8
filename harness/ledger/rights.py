"""What the ledger's user may do with its tables in PostgreSQL: too little, or more than adding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from harness.errors import ConfigurationError
from harness.ledger.tables import LATER

_GRANTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "runs": {"SELECT": (), "INSERT": (), "UPDATE": ("state", "head")},
    "entries": {"SELECT": (), "INSERT": ()},
    "cursors": {"SELECT": (), "INSERT": (), "DELETE": ()},
    "nights": {"SELECT": (), "INSERT": ()},
    "checkpoints": {"SELECT": (), "INSERT": ()},
}
"""The rights of a writer, and the columns where some are enough. A client who owns the tables need
not grant UPDATE on entries.
"""
_CHANGES = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
_TABLES = sa.text("""
    SELECT c.oid::bigint, relname::text AS name, relowner::regrole::text AS owner,
        pg_has_role(relowner, 'MEMBER') AS ours,
        (SELECT rolsuper FROM pg_roles WHERE pg_roles.oid = relowner)
            OR pg_has_role(relowner, nspowner, 'MEMBER') AS trusted
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = :schema AND relname IN ('runs', 'entries', 'cursors', 'nights', 'checkpoints')
    AND relkind IN ('r', 'p', 'v', 'm', 'f')
    ORDER BY relname
""")


def check_owners(connection: sa.Connection, schema: str, name: str) -> None:
    """Raise ConfigurationError for a table that another user laid there to wait for us: its
    triggers would run with our rights.
    """
    for table in _tables(connection, schema):
        if not table.ours and not table.trusted:
            raise ConfigurationError(
                f"ledger {name}: its table {table.name} is owned by {table.owner}, who owns "
                f"neither this user's tables nor the schema {schema}: name another schema"
            )


def check_later_tables(connection: sa.Connection, schema: str, name: str) -> None:
    """Raise ConfigurationError if the ledger is of an earlier release and its user may not add the
    tables that it lacks.
    """
    there = {table.name for table in _tables(connection, schema)}
    lacking = sorted(LATER - there) if there else []
    right = sa.func.has_schema_privilege(schema, "CREATE")
    if lacking and not connection.scalar(sa.select(right)):
        raise ConfigurationError(
            f"ledger {name}: it lacks the tables {', '.join(lacking)} of this release, and its "
            "user may not add them: run what docs/ledger.md shows, as their owner"
        )


def check_grants(connection: sa.Connection, schema: str, name: str) -> None:
    """Raise ConfigurationError if the user lacks a right of a writer."""
    lacking = [
        f"{_written(_GRANTS[table.name])} ON {schema}.{table.name}"
        for table in _tables(connection, schema)
        if not all(
            _may(connection, table.oid, right, columns)
            for right, columns in _GRANTS[table.name].items()
        )
    ]
    if lacking:
        raise ConfigurationError(f"ledger {name}: GRANT {'; GRANT '.join(lacking)} to its user")


def check_ours(connection: sa.Connection, schema: str, name: str) -> None:
    """Raise ConfigurationError unless the user owns every table, or is of the role that does:
    then no row is hidden from it.
    """
    for table in _tables(connection, schema):
        if not table.ours:
            raise ConfigurationError(
                f"ledger {name}: its table {table.name} is owned by {table.owner}: name a "
                "log-in of that role by --ledger to close it"
            )


def beyond_adding(connection: sa.Connection, schema: str) -> Sequence[str] | None:
    """What the user may do to what a ledger keeps for good, and what to change, as clauses; None
    if there is no ledger.
    """
    tables = {table.name: table for table in _tables(connection, schema)}
    if "entries" not in tables:
        return None
    advice = "docs/ledger.md shows the grants of a user who can only add"
    if owned := [name for name, table in tables.items() if table.ours]:
        return (f"its user owns {', '.join(owned)} and could change every entry: {advice}",)
    entries = tables["entries"].oid
    changes = [right for right in _CHANGES if _may_somewhere(connection, entries, right)]
    return (f"its user may {', '.join(changes)} entries: {advice}",) if changes else ()


def _may(connection: sa.Connection, table: int, right: str, columns: Sequence[str] = ()) -> bool:
    """Whether the user has a right on the table, or on each of these columns."""
    asked = [sa.func.has_column_privilege(table, column, right) for column in columns]
    answers = asked or [sa.func.has_table_privilege(table, right)]
    return bool(connection.scalar(sa.select(sa.and_(*answers))))


def _may_somewhere(connection: sa.Connection, table: int, right: str) -> bool:
    """Whether the user has a right on the table, or on any of its columns."""
    some = [sa.func.has_any_column_privilege(table, right)] if right == "UPDATE" else []
    answers = [sa.func.has_table_privilege(table, right), *some]
    return bool(connection.scalar(sa.select(sa.or_(*answers))))


def _written(rights: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(
        f"{right} ({', '.join(columns)})" if columns else right
        for right, columns in rights.items()
    )


def _tables(connection: sa.Connection, schema: str) -> Sequence[sa.Row[Any]]:
    return connection.execute(_TABLES, {"schema": schema}).all()
