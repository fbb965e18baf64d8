"""The type of each column in the source's own words, where SQLAlchemy's are another or none.

Only descriptions say them: what a person approved and the ledger holds was written in SQLAlchemy's
words, and would be another type in these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

from connectors.events import Emit
from connectors.sql.catalog import Table, table_clause, type_text
from connectors.sql.statement import tracked_statement

_POSTGRESQL = sa.text("""
    WITH RECURSIVE below AS (
        SELECT attname, format_type(atttypid, atttypmod) AS said, atttypid AS type,
            atttypmod AS digits
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relname = :table AND nspname = :schema AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT attname, said, typbasetype, typtypmod
        FROM below JOIN pg_type ON pg_type.oid = type WHERE typtype = 'd'
    )
    SELECT attname::text, said, format_type(type, digits)
    FROM below JOIN pg_type ON pg_type.oid = type WHERE typtype <> 'd'
""")
"""Each column, its type, and below a domain the type that the domain is made of."""
_SQLITE = sa.text("SELECT name, type, type FROM pragma_table_xinfo(:table, :schema)")
_DIGITS = re.compile(r"numeric\((\d+),(-?\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTypes:
    """One table with the digits of its domains, and its types in words."""

    table: Table
    words: Mapping[str, str]
    """By column."""


def source_types(connection: Connection, name: str, table: Table, emit: Emit) -> SourceTypes:
    """Ask the catalogue. A type that it does not say keeps SQLAlchemy's words."""
    is_postgresql = connection.dialect.name == "postgresql"
    clause = table_clause(name)
    wanted = {"table": clause.name, "schema": clause.schema or (None if is_postgresql else "main")}
    with tracked_statement(f"catalogue: types of {name}", emit):
        found = connection.execute(_POSTGRESQL if is_postgresql else _SQLITE, wanted).all()
    words = {name: type_text(connection, type_) for name, type_ in table.types.items()}
    types = dict(table.types)
    for column, said, base in found:
        type_ = types.get(column)
        if type_ is None or isinstance(type_, postgresql.ENUM):  # SQLAlchemy says its labels
            continue
        words[column] = said if said == base else f"{said} ({base})"
        if not said:
            words[column] = "no declared type"
        if isinstance(type_, postgresql.DOMAIN):
            types[column] = _with_digits(type_, base)
    return SourceTypes(table=replace(table, types=types), words=words)


def _with_digits(domain: postgresql.DOMAIN, base: str) -> sa.types.TypeEngine[Any]:
    """The number below a domain with its digits, which SQLAlchemy leaves out."""
    digits = _DIGITS.fullmatch(base)
    return sa.Numeric(int(digits[1]), int(digits[2])) if digits else domain
