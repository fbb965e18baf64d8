"""The tables of a schema, as datasets."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.errors import SourceChanged
from connectors.events import Emit
from connectors.near import nearest
from connectors.sql import usage
from connectors.sql.statement import tracked_statement

_SCHEMAS = sa.text("""
    SELECT nspname::text, has_schema_privilege(oid, 'USAGE'), session_user::text
    FROM pg_namespace ORDER BY nspname
""")
_TABLES = sa.text("""
    SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = :schema AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition
        AND NOT EXISTS (
            SELECT FROM pg_depend
            WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e'
        )
    ORDER BY relname
""")
MAIN = "main."
"""The schema of a SQLite file's own tables."""
_SHOWN = 10
"""Schemas that an error names."""


def tables(connection: Connection, schema: str, emit: Emit) -> Sequence[str]:
    """Tables and views, without those of an extension and the partitions of a table.

    Raises SourceError if the database has no such schema, it is closed to us, or empty.
    """
    with tracked_statement(f"catalogue: tables of schema {schema}", emit):
        if connection.dialect.name == "postgresql":
            schemas = {name: (may, role) for name, may, role in connection.execute(_SCHEMAS)}
            _require(schema, schemas)
            may_look, role = schemas[schema]
            if not may_look:
                raise usage.closed_schema("draft", schema, role)
            found = [row[0] for row in connection.execute(_TABLES, {"schema": schema})]
        else:
            inspector = sa.inspect(connection)
            _require(schema, inspector.get_schema_names())
            found = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
    if not found:
        raise SourceChanged(f"schema {schema} holds no table: correct its name")
    return found


def _require(schema: str, schemas: Collection[str]) -> None:
    if schema not in schemas:
        if near := nearest(schema, schemas):
            raise SourceChanged(f"there is no schema {schema}: did you mean {near}?")
        shown = [name for name in schemas if not name.startswith("pg_")][:_SHOWN]
        raise SourceChanged(f"there is no schema {schema}: there are {', '.join(shown)}")


_OTHER = re.compile(r"[^a-z0-9_]+")
_LONGEST = 60
"""Characters, so that a number can be added to the name of a dataset."""


def datasets(schema: str, tables: Sequence[str], known: Mapping[str, str]) -> Mapping[str, str]:
    """`schema.table` by dataset: under its known name, or one made of the table's."""
    named: dict[str, str] = {}
    taken = set(known.values())
    for table in tables:
        place = f"{schema}.{table}"
        name = known.get(place.removeprefix(MAIN))
        if name is None:
            plain = _OTHER.sub("_", table.lower()).strip("_")[:_LONGEST]
            plain = plain if plain[:1].isalpha() else f"t_{plain}".rstrip("_")
            number = 2
            name = plain
            while name in taken:
                name, number = f"{plain}_{number}", number + 1
        taken.add(name)
        named[name] = place
    return named
