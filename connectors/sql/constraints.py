"""What a database enforces on a table, from its catalogue.

A constraint counts only where every row keeps it: not where it is NOT VALID, where rows are on
another server, or where the children of a table need not keep it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from connectors.events import Emit
from connectors.sql.catalog import quote, table_clause
from connectors.sql.statement import tracked_statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One CHECK constraint."""

    expression: str
    text: str
    """As a person reads it."""
    column: str | None = None
    """The column whose domain has it, and calls it VALUE."""
    is_kept: bool = True
    """Whether the database answers for every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One foreign key."""

    columns: Sequence[str]
    table: str
    """`schema.table` on PostgreSQL, the table on SQLite."""
    theirs: Sequence[str]
    doubt: str | None
    """Why a row may have a key that we find nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """All of one table."""

    comment: str | None = None
    estimated_rows: int | None = None
    """What the last ANALYZE saw."""
    is_key_kept: bool = True
    perhaps_null: frozenset[str] = frozenset()
    """Columns that a constraint of NOT NULL does not keep from it."""
    folded: frozenset[str] = frozenset()
    """Text columns in which different texts count as equal, by their collation."""
    checks: Sequence[Check] = ()
    references: Sequence[Reference] = field(default_factory=tuple)


_TABLE = """
    SELECT c.oid::bigint, obj_description(c.oid, 'pg_class'), reltuples, is_foreign, has_children,
        ARRAY(SELECT attname::text FROM pg_attribute JOIN pg_collation l ON l.oid = attcollation
            WHERE attrelid = c.oid AND NOT collisdeterministic),
        ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND (
            is_foreign OR has_children OR EXISTS (
                SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'n'
                    AND attnum = ANY(conkey) AND NOT convalidated)))
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace CROSS JOIN LATERAL (
        SELECT relkind = 'f' OR EXISTS (
                SELECT FROM pg_partition_tree(c.oid) JOIN pg_class p ON p.oid = relid
                WHERE p.relkind = 'f') AS is_foreign,
            relkind = 'r' AND EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid)
                AS has_children
    ) AS told
    WHERE relname = :table AND nspname = :schema
"""
_CHECKS = """
    WITH RECURSIVE below (attname, attnum, type) AS (
        SELECT attname, attnum, atttypid FROM pg_attribute
        WHERE attrelid = CAST(:oid AS oid) AND attnum > 0 AND NOT attisdropped
        UNION ALL SELECT attname, attnum, typbasetype FROM below JOIN pg_type t ON t.oid = type
        WHERE typbasetype <> 0
    )
    SELECT NULL, pg_get_expr(conbin, conrelid), pg_get_constraintdef(oid), convalidated,
        connoinherit, 0 AS place, conname
    FROM pg_constraint WHERE contype = 'c' AND conrelid = CAST(:oid AS oid)
    UNION ALL
    SELECT attname::text, pg_get_expr(conbin, 0), pg_get_constraintdef(oid), convalidated, false,
        attnum, conname
    FROM pg_constraint JOIN below ON contypid = type WHERE contype = 'c'
    ORDER BY place, conname
"""
_REFERENCES = """
    SELECT nspname::text, relname::text,
        ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (n, place)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY place),
        ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS k (n, place)
            JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY place),
        convalidated, row_security_active(confrelid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = confrelid
    JOIN pg_namespace s ON s.oid = relnamespace
    WHERE contype = 'f' AND conrelid = CAST(:oid AS oid) ORDER BY conname
"""


def constraints(connection: Connection, name: str, emit: Emit) -> Constraints:
    """What a table's catalogue says beyond columns and key."""
    if connection.dialect.name == "postgresql":
        return _postgresql(connection, name, emit)
    return _sqlite(connection, name, emit)


def _postgresql(connection: Connection, name: str, emit: Emit) -> Constraints:
    clause = table_clause(name)
    with tracked_statement(f"catalogue: constraints of {name}", emit):
        wanted = {"table": clause.name, "schema": clause.schema}
        row = connection.execute(sa.text(_TABLE), wanted).first()
        if row is None:
            return Constraints()
        oid, comment, estimate, is_foreign, has_children, folded, perhaps_null = row
        checks = connection.execute(sa.text(_CHECKS), {"oid": oid}).all()
        references = connection.execute(sa.text(_REFERENCES), {"oid": oid}).all()
    return Constraints(
        comment=comment,
        estimated_rows=int(estimate) if estimate >= 0 else None,  # -1: never analysed
        is_key_kept=not has_children,  # their rows are read with it, and it spans none of them
        perhaps_null=frozenset(perhaps_null),
        folded=frozenset(folded),
        checks=[
            Check(
                column=column,
                expression=expression,
                text=text if column is None else f"{column}: {text}",
                is_kept=is_valid and not is_foreign and not (has_children and is_not_inherited),
            )
            for column, expression, text, is_valid, is_not_inherited, _, _ in checks
        ],
        references=[
            Reference(
                columns=ours,
                table=f"{schema}.{table}",
                theirs=theirs,
                doubt=_doubt(is_valid=is_valid, has_children=has_children, is_hidden=is_hidden),
            )
            for schema, table, ours, theirs, is_valid, is_hidden in references
        ],
    )


def _doubt(*, is_valid: bool, has_children: bool, is_hidden: bool) -> str | None:
    if not is_valid:
        return "it is not valid for all rows"
    if has_children:
        return "its inheritance children need not keep it"
    return "row security may hide rows of the other table" if is_hidden else None


_NOT_BINARY = re.compile(r"\bcollate\b", re.IGNORECASE)


def _sqlite(connection: Connection, name: str, emit: Emit) -> Constraints:
    """SQLite enforces foreign keys only where it is told to: it is asked which rows keep them."""
    clause = table_clause(name)
    inspector = sa.inspect(connection)
    with tracked_statement(f"catalogue: constraints of {name}", emit):
        if clause.name not in inspector.get_table_names(clause.schema):
            return Constraints()  # a view
        checks = inspector.get_check_constraints(clause.name, schema=clause.schema)
        references = inspector.get_foreign_keys(clause.name, schema=clause.schema)
        columns = [one["name"] for one in inspector.get_columns(clause.name, clause.schema)]
        master = sa.table("sqlite_master", sa.column("sql"), sa.column("name"))
        master.schema = clause.schema
        written = connection.execute(sa.select(master.c.sql).where(master.c.name == clause.name))
        is_folded = bool(_NOT_BINARY.search(written.scalar() or ""))
        lost = _lost(connection, name)
    return Constraints(
        folded=frozenset(columns if is_folded else ()),
        checks=[
            Check(expression=check["sqltext"], text=f"CHECK ({check['sqltext']})")
            for check in checks
        ],
        references=[
            Reference(
                columns=key["constrained_columns"],
                table=key["referred_table"],
                theirs=key["referred_columns"],
                doubt="not every row keeps it: have that corrected, or leave it out"
                if tuple(key["constrained_columns"]) in lost
                else None,
            )
            for key in references
        ],
    )


def _lost(connection: Connection, name: str) -> Collection[tuple[str, ...]]:
    """The columns of foreign keys that some row does not keep."""
    columns: dict[object, list[str]] = {}
    for row in sorted(_pragma(connection, "foreign_key_list", name), key=lambda row: row[1]):
        columns.setdefault(row[0], []).append(row[3])
    try:
        lost = {row[3] for row in _pragma(connection, "foreign_key_check", name)}
    except DBAPIError:  # the other table is no such table, or has no such key
        lost = set(columns)
    return {tuple(named) for number, named in columns.items() if number in lost}


def _pragma(connection: Connection, pragma: str, name: str) -> list[tuple[Any, ...]]:
    schema, _, table = quote(name).rpartition(".")
    sent = f"PRAGMA {schema + '.' if schema else ''}{pragma}({table})"
    return [tuple(row) for row in connection.exec_driver_sql(sent)]
