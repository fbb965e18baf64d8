"""What our own log-in may do beyond reading its tables: asked of PostgreSQL, never tried.

    EXPLAIN of a write ─▶ 42501, or not        catalogue ─▶ grants, ownership, powers of roles

EXPLAIN checks the grants of a statement and runs nothing of it. It does so in a READ ONLY
transaction as well, and on a replica; a write itself would answer 25006 there to everybody, which
is no denial. Roles that ours may become by SET ROLE count as ours.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from connectors.connector import Probe, ProbeKind
from connectors.events import Answered, Emit
from connectors.sql.catalog import quoted
from connectors.sql.sqlstate import SUCCESS, source_error, sqlstate

GRANTED, NOT_GRANTED = "granted", "not granted"
_FORBIDDEN = "42501"
_DENIED = (_FORBIDDEN, "55000", "42809")
"""Permission denied; a view, or a materialized one, that nobody can write to."""

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
        -- what an extension brings is everybody's to read
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e'
    )))
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
        -- A grant may be for a single column: one that we may change, if there is one.
        SELECT quote_ident(attname) FROM pg_attribute
        WHERE attrelid = to_regclass(name) AND attnum > 0 AND NOT attisdropped
        ORDER BY has_column_privilege(attrelid, attnum, 'UPDATE') DESC, attnum LIMIT 1
    )
    FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS listed (name, nth) ORDER BY nth
"""


def probes(connection: Connection, tables: Sequence[str], emit: Emit) -> list[Probe]:
    """One probe for each thing that a reader of `tables` does not need: its name goes on after
    "role reader may". Raises SourceError where the source does not answer.
    """
    ask = _Asking(connection=connection, emit=emit)
    ((role, *powers),) = ask.rows("powers of roles", _POWERS, predefined=list(_PREDEFINED))
    names = [quoted(table) for table in tables]
    listed = ask.rows(f"numbers of {', '.join(tables)}", _LISTED, names=names)
    held = {
        (number, privilege): (count, first)
        for number, privilege, count, first in ask.rows(
            "grants on tables",
            _TABLES,
            listed=[number for number, _ in listed if number is not None],
            privileges=list(_VERBS),
        )
    }
    answers = dict(_of_roles(powers))
    ask.step("SAVEPOINT asked")
    for table, name, (number, column) in zip(tables, names, listed, strict=True):
        for privilege, verb in _VERBS.items():
            code = GRANTED if (number, privilege) in held else NOT_GRANTED
            if privilege in _WRITES:
                write = _WRITES[privilege].format(table=name, column=column or "none")
                asked = ask.explained(write)
                code = GRANTED if asked == _FORBIDDEN and code == GRANTED else asked
            if privilege != _NEEDED:
                answers[f"{verb} {table}"] = code
    for privilege, verb in _VERBS.items():
        count, first = held.get((None, privilege), (0, "any other table"))
        more = f" and {count - 1} more" if count > 1 else ""
        answers[f"{verb} {first}{more}"] = GRANTED if count else NOT_GRANTED
    return [
        Probe(
            kind=ProbeKind.GRANT,
            name=name,
            refused=code in (NOT_GRANTED, *_DENIED),
            status=code,
            detail=f"role {role}",
        )
        for name, code in answers.items()
    ]


def _of_roles(powers: Sequence[Any]) -> Iterator[tuple[str, str]]:
    *attributes, predefined, database, schemas = powers
    for name, held in zip(_ATTRIBUTES, attributes, strict=True):
        yield f"use {name}", GRANTED if held else NOT_GRANTED
    for name in _PREDEFINED:
        yield f"act as {name}", GRANTED if name in (predefined or ()) else NOT_GRANTED
    yield "create schemas", GRANTED if database else NOT_GRANTED
    for name in schemas:
        yield f"create tables in schema {name}", GRANTED
    if not schemas:
        yield "create tables in any schema", NOT_GRANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    connection: Connection
    emit: Emit

    def rows(self, what: str, statement: str, **values: object) -> Sequence[Sequence[Any]]:
        """All rows of a question to the catalogue, which may use `role` and `space`."""
        try:
            with self._told(f"catalogue: {what}"):
                return self.connection.execute(
                    sa.text(f"{_ROLES_AND_SCHEMAS}{statement}"), values
                ).all()
        except DBAPIError as error:
            raise source_error(f"catalogue: {what}", sqlstate(error)) from error

    def explained(self, write: str) -> str:
        """The SQLSTATE of explaining a write that would touch no row. The transaction goes on
        from the savepoint `asked`.
        """
        try:
            with self._told(f"EXPLAIN {write}"):
                # The driver reads % as the start of a place holder.
                self.connection.exec_driver_sql(f"EXPLAIN {write}".replace("%", "%%"))
        except DBAPIError as error:
            if error.connection_invalidated:  # nobody denied anything
                raise source_error(f"EXPLAIN {write}", sqlstate(error)) from error
            self.step("ROLLBACK TO SAVEPOINT asked")
            return sqlstate(error)
        return SUCCESS

    def step(self, statement: str) -> None:
        """A statement that only moves the transaction."""
        try:
            self.connection.exec_driver_sql(statement)
        except DBAPIError as error:
            raise source_error(statement, sqlstate(error)) from error

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        code = SUCCESS
        try:
            yield
        except DBAPIError as error:
            code = sqlstate(error)
            raise
        finally:
            seconds = time.perf_counter() - began
            self.emit(Answered(what=what, status=code, seconds=seconds, bytes=0, attempt=1))
