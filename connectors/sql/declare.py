"""What the catalogue declares of many tables, in few statements. No table is read.

names, keys ─▶ columns of all tables of a schema ─▶ Declared for each

A schema costs at most 5 statements, however many of its tables are asked for. A row of a catalogue
is about a column, never about a row of the table.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.reflection import ObjectKind, ObjectScope
from sqlalchemy.exc import NoSuchTableError, SAWarning

from connectors.events import Declared, Emit
from connectors.sql import names
from connectors.sql.catalog import shorten, table_clause, table_of
from connectors.sql.sqlstate import source_error
from connectors.sql.statement import tracked_statements

_FOUND = sa.text("""
    SELECT sought.given::text, nspname::text, array(
        SELECT attname::text
        FROM pg_constraint JOIN unnest(conkey) WITH ORDINALITY AS part (number, place) ON true
        JOIN pg_attribute ON attrelid = conrelid AND attnum = part.number
        WHERE conrelid = pg_class.oid AND contype = 'p'
        ORDER BY part.place)
    FROM unnest(CAST(:given AS text[]), CAST(:names AS name[]), CAST(:schemas AS name[]))
        AS sought (given, name, schema)
    JOIN pg_class ON relname = sought.name AND relkind IN ('r', 'p', 'v', 'm', 'f')
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    LEFT JOIN unnest(CAST(:path AS name[])) WITH ORDINALITY AS path (schema, place)
        ON path.schema = nspname
    WHERE nspname = sought.schema OR (sought.schema IS NULL AND path.place IS NOT NULL)
    ORDER BY path.place
""")
"""Each table as the pilot writes it, the schemas that hold it, and its primary key."""


@dataclass(slots=True, kw_only=True)
class Catalogue:
    """What one session has looked up so far."""

    tables: Sequence[str]
    """All that may be asked for, as the pilot writes them."""
    known: dict[str, Declared] = field(default_factory=dict)
    """By table, what need not be asked for again."""
    _path: Sequence[str] | None = None
    _schemas: dict[str, list[str]] | None = None
    _keys: dict[str, Sequence[str]] = field(default_factory=dict)

    def look_up(self, connection: Connection, name: str, emit: Emit) -> Declared:
        """What it declares of a table. Raises SourceError."""
        if connection.dialect.name != "postgresql":
            return _of_sqlite(connection, name, emit)
        schemas = self._find(connection, emit)
        if name in schemas:
            if "." not in name:
                names.with_schema(name, schemas)
            self._look_up(connection, schemas[name][0], emit)
        if name not in self.known:
            raise source_error(f"table {name}", "42P01")
        return self.known[name]

    def _find(self, connection: Connection, emit: Emit) -> Mapping[str, Sequence[str]]:
        """The schemas that hold each table, and the key of each."""
        if self._schemas is not None:
            return self._schemas
        clauses = [table_clause(table) for table in self.tables]
        is_bare = any(clause.schema is None for clause in clauses)
        sought = {
            "given": list(self.tables),
            "names": [clause.name for clause in clauses],
            "schemas": [clause.schema for clause in clauses],
            "path": list(self._roles_path(connection, emit)) if is_bare else [],
        }
        with tracked_statements(connection, "catalogue: names and keys", emit):
            rows = connection.execute(_FOUND, sought).all()
        self._schemas = {}
        for given, schema, key in rows:
            self._schemas.setdefault(given, []).append(schema)
            self._keys[given] = key
        return self._schemas

    def _look_up(self, connection: Connection, schema: str, emit: Emit) -> None:
        """The columns of all tables that are in one schema."""
        held = {name for name, schemas in (self._schemas or {}).items() if schemas == [schema]}
        wanted = sorted({table_clause(name).name for name in held})
        with (
            tracked_statements(connection, f"catalogue of schema {schema}", emit),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore", SAWarning)  # unknown types are read as text
            found = sa.inspect(connection).get_multi_columns(
                schema=schema, filter_names=wanted, kind=ObjectKind.ANY, scope=ObjectScope.ANY
            )
        shorten(
            [column for columns in found.values() for column in columns],
            lambda: self._roles_path(connection, emit),
        )
        for name in held:
            if columns := found.get((schema, table_clause(name).name)):
                self.known[name] = table_of(connection, columns, self._keys[name]).declared

    def _roles_path(self, connection: Connection, emit: Emit) -> Sequence[str]:
        if self._path is None:
            self._path = names.roles_path(connection, emit)
        return self._path


def _of_sqlite(connection: Connection, name: str, emit: Emit) -> Declared:
    """From the pragmas of one table."""
    table = table_clause(name)
    try:
        with tracked_statements(connection, f"catalogue of {name}", emit):
            catalogue = sa.inspect(connection)
            columns = catalogue.get_columns(table.name, schema=table.schema)
            key = catalogue.get_pk_constraint(table.name, schema=table.schema)
    except NoSuchTableError as error:
        raise source_error(f"table {name}", "42P01") from error
    return table_of(connection, columns, key["constrained_columns"]).declared
