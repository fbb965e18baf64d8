"""Looks up in PostgreSQL what our log-in may do beyond reading its tables. Nothing is tried.

    EXPLAIN of a write ─▶ 42501, or not        catalogue ─▶ grants, ownership, powers of roles

EXPLAIN checks the grants of a statement without running it, even in a READ ONLY transaction and on
a replica. There a real write answers 25006 to every role, which is no denial. Rights of roles that
ours may SET ROLE to count as ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from connectors.connector import Probe, ProbeKind
from connectors.events import Emit
from connectors.rights import GRANTED, NOT_GRANTED
from connectors.sql.catalog import quote
from connectors.sql.creators import creators
from connectors.sql.sqlstate import SUCCESS, source_error, sqlstate
from connectors.sql.statement import timed_statement, tracked_statement

_FORBIDDEN = "42501"
_DENIED = (_FORBIDDEN, "55000", "42809")
"""Permission denied; or a view or materialised view that no role can write to."""

_NEEDED = "SELECT"
_VERBS = {
    "INSERT": "INSERT into",
    "UPDATE": "UPDATE",
    "DELETE": "DELETE from",
    "TRUNCATE": "TRUNCATE",
    "REFERENCES": "put foreign keys on",
    "TRIGGER": "put triggers on",
    "OWNER": "own",
    _NEEDED: "SELECT from",
}
_WRITES = {
    "INSERT": "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE": "UPDATE {table} SET {column} = DEFAULT WHERE false",
    "DELETE": "DELETE FROM {table} WHERE false",
}
_ATTRIBUTES = ("SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS")
_PREDEFINED = (
    *("pg_read_all_data", "pg_write_all_data", "pg_maintain"),
    *("pg_read_server_files", "pg_write_server_files", "pg_execute_server_program"),
)
_ROLES_AND_SCHEMAS = r"""
    WITH role AS (SELECT * FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')),
    space AS (
        SELECT * FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
    )
"""
_POWERS = """
    SELECT session_user::text, bool_or(rolsuper), bool_or(rolcreaterole), bool_or(rolcreatedb),
        bool_or(rolreplication), bool_or(rolbypassrls),
        array_agg(rolname::text) FILTER (WHERE rolname = ANY(:predefined)),
        bool_or(has_database_privilege(oid, current_database(), 'CREATE')),
        ARRAY(
            SELECT format('%I', nspname) FROM space WHERE EXISTS (
                SELECT FROM role WHERE has_schema_privilege(role.oid, space.oid, 'CREATE')
            ) ORDER BY 1
        )
    FROM role
"""
_TABLES = """
    SELECT CASE WHEN c.oid = ANY(:listed) THEN c.oid::bigint END, privilege, count(*),
        min(format('%I.%I', nspname, relname))
    FROM pg_class c JOIN space ON space.oid = c.relnamespace
    CROSS JOIN unnest(CAST(:privileges AS text[])) AS privilege
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT (privilege = 'SELECT' AND (relkind = 'S' OR EXISTS (
        -- every role may read the tables of an extension
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e'
    )))
    AND NOT (privilege = 'SELECT' AND relispartition AND EXISTS (
        -- a partition holds only rows that its listed table has
        SELECT FROM pg_partition_ancestors(c.oid) AS above WHERE above = ANY(:listed)
    ))
    AND EXISTS (
        SELECT FROM role WHERE has_schema_privilege(role.oid, space.oid, 'USAGE') AND CASE
            WHEN privilege = 'OWNER' THEN role.oid = relowner
            WHEN relkind = 'S' THEN privilege = 'UPDATE'
                AND has_sequence_privilege(role.oid, c.oid, 'USAGE, UPDATE')
            WHEN privilege IN ('DELETE', 'TRUNCATE', 'TRIGGER')
                THEN has_table_privilege(role.oid, c.oid, privilege)
            ELSE has_any_column_privilege(role.oid, c.oid, privilege)
        END
    )
    GROUP BY 1, 2
"""
_LISTED = """
    SELECT to_regclass(name)::oid::bigint, (
        -- a grant may be for one column: prefer a column that we may change
        SELECT quote_ident(attname) FROM pg_attribute
        WHERE attrelid = to_regclass(name) AND attnum > 0 AND NOT attisdropped
        ORDER BY has_column_privilege(attrelid, attnum, 'UPDATE') DESC, attnum LIMIT 1
    )
    FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS listed (name, nth) ORDER BY nth
"""


def probes(connection: Connection, tables: Mapping[str, str], emit: Emit) -> list[Probe]:
    """One probe for each right that a reader of `tables` does not need; its name completes the
    sentence "role reader may …". Then what others may do beside them. Each table has its name in
    the pilot and its name with the schema. Raises SourceError if the source does not answer.
    """
    session = _Session(connection=connection, emit=emit)
    ((role, *powers),) = session.rows("powers of roles", _POWERS, predefined=list(_PREDEFINED))
    names = [quote(table) for table in tables.values()]
    listed = session.rows(f"numbers of {', '.join(tables)}", _LISTED, names=names)
    grants = {
        (number, privilege): (count, first)
        for number, privilege, count, first in session.rows(
            "grants on tables",
            _TABLES,
            listed=[number for number, _ in listed if number is not None],
            privileges=list(_VERBS),
        )
    }
    answers = dict(_role_answers(powers))
    session.execute("SAVEPOINT asked")
    for table, name, (number, column) in zip(tables, names, listed, strict=True):
        for privilege, verb in _VERBS.items():
            code = GRANTED if (number, privilege) in grants else NOT_GRANTED
            if privilege in _WRITES:
                write = _WRITES[privilege].format(table=name, column=column or "none")
                status = session.explain(write)
                code = GRANTED if status == _FORBIDDEN and code == GRANTED else status
            if privilege != _NEEDED:
                answers[f"{verb} {table}"] = code
    for privilege, verb in _VERBS.items():
        count, first = grants.get((None, privilege), (0, "any other table"))
        more = f" and {count - 1} more" if count > 1 else ""
        answers[f"{verb} {first}{more}"] = GRANTED if count else NOT_GRANTED
    ours = [
        Probe(
            kind=ProbeKind.GRANT,
            name=name,
            refused=code in (NOT_GRANTED, *_DENIED),
            status=code,
            detail=f"role {role}",
        )
        for name, code in answers.items()
    ]
    return [*ours, *_others(connection, tables.values(), emit)]


def _others(connection: Connection, tables: Iterable[str], emit: Emit) -> Iterator[Probe]:
    """One probe for each other role that may create objects where our tables are."""
    schemas = sorted({schema for schema, _, _ in (t.rpartition(".") for t in tables) if schema})
    with tracked_statement("catalogue: who may create objects beside our tables", emit):
        found = creators(connection, schemas)
    for schema, roles in found.items():
        for role in roles:
            yield Probe(
                kind=ProbeKind.OTHERS,
                name=f"create objects in schema {schema}",
                refused=False,
                status=GRANTED,
                detail=role,
            )


def _role_answers(powers: Sequence[Any]) -> Iterator[tuple[str, str]]:
    *attributes, predefined, database, schemas = powers
    for name, granted in zip(_ATTRIBUTES, attributes, strict=True):
        yield f"use {name}", GRANTED if granted else NOT_GRANTED
    for name in _PREDEFINED:
        yield f"act as {name}", GRANTED if name in (predefined or ()) else NOT_GRANTED
    yield "create schemas", GRANTED if database else NOT_GRANTED
    for name in schemas:
        yield f"create tables in schema {name}", GRANTED
    if not schemas:
        yield "create tables in any schema", NOT_GRANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    connection: Connection
    emit: Emit

    def rows(self, what: str, statement: str, **values: object) -> Sequence[Sequence[Any]]:
        """All rows of a query to the catalogue; the query may use `role` and `space`."""
        query = sa.text(f"{_ROLES_AND_SCHEMAS}{statement}")
        with tracked_statement(f"catalogue: {what}", self.emit):
            return self.connection.execute(query, values).all()

    def explain(self, write: str) -> str:
        """The SQLSTATE of EXPLAIN for a write that touches no row. After an error the transaction
        continues from the savepoint `asked`.
        """
        try:
            with timed_statement(f"EXPLAIN {write}", self.emit):
                # The driver takes % as the start of a placeholder.
                self.connection.exec_driver_sql(f"EXPLAIN {write}".replace("%", "%%"))
        except DBAPIError as error:
            if error.connection_invalidated:  # this is no denial
                raise source_error(f"EXPLAIN {write}", sqlstate(error)) from error
            self.execute("ROLLBACK TO SAVEPOINT asked")
            return sqlstate(error)
        return SUCCESS

    def execute(self, statement: str) -> None:
        """Run a statement that only moves the transaction."""
        try:
            self.connection.exec_driver_sql(statement)
        except DBAPIError as error:
            raise source_error(statement, sqlstate(error)) from error
