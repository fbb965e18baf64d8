"""Writes the SQL that grants a PostgreSQL role what a reading needs, for its owner to run.

It does not connect. A reading selects the contract's columns, counts rows (which needs any one
column) and reads the catalogue, which is open to all. So the role is granted columns only. The
lock that comes first needs the whole table, and is done without (ADR 0032).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

_PUBLIC = "public"
"""Where PostgreSQL looks for a table without a schema, unless `search_path` was changed."""
_HEAD = """\
-- Gives {role} the columns that a contract names, and takes every other right on their tables.
-- For a superuser, or the owner of database and tables; running it twice changes nothing more.
-- The role is the pilot's alone: whoever else logs in with it loses those rights as well.
-- Where it does not exist yet (without a password it cannot log in; psql asks for one unseen):
--   CREATE ROLE {role} LOGIN;
--   \\password {role}
"""
_TAIL = """\
-- What the role has elsewhere, by membership or by PUBLIC, is not taken here; each is named by
--   seatrial prove --claim least_privilege
"""


def grant_script(role: str, database: str, wanted: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The script for each `table` or `schema.table` with its columns; a table may occur twice.

    Raises ValueError for a name with a character that is not printable.
    """
    tables: dict[tuple[str, str], list[str]] = {}
    for name, columns in wanted:
        schema, _, table = name.rpartition(".")
        tables.setdefault((schema or _PUBLIC, table), []).extend(columns)
    who = _quote(role)
    lines = _statements(who, _quote(database), tables)
    return _HEAD.format(role=who) + "".join(f"{line}\n" for line in lines) + _TAIL


def _statements(
    role: str, database: str, tables: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[str]:
    """Rights are revoked before they are granted, in one transaction, so no reader notices."""
    yield "BEGIN;"
    yield f"REVOKE ALL ON DATABASE {database} FROM {role};"
    yield f"GRANT CONNECT ON DATABASE {database} TO {role};"
    for schema in dict.fromkeys(_quote(schema) for schema, _ in tables):
        yield f"REVOKE ALL ON SCHEMA {schema} FROM {role};"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {role};"
    for (schema, table), columns in tables.items():
        name = f"{_quote(schema)}.{_quote(table)}"
        listed = ",\n    ".join(dict.fromkeys(_quote(column) for column in columns))
        yield f"REVOKE ALL ON TABLE {name} FROM {role};"
        yield f"GRANT SELECT (\n    {listed}\n) ON TABLE {name} TO {role};"
    yield "COMMIT;"


def _quote(name: str) -> str:
    """A quoted identifier, safe in a comment too. Other characters could end a line or reverse
    the direction of text.
    """
    if not name.isprintable():
        raise ValueError(f"the name {name!r} holds what no script can show: grant it by hand")
    return '"' + name.replace('"', '""') + '"'
