"""The SQL that gives a role of PostgreSQL what a reading needs, for its owner to read and run.

Text in, text out: nothing is connected to. A reading selects the contract's columns, counts rows
(any one column will do) and asks the catalogue, which is open to all: so columns are all it gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

_PUBLIC = "public"
"""Where PostgreSQL finds a table without a schema, unless somebody set a `search_path`."""
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
    """The script for each `table` or `schema.table` with its columns; one may come twice.

    Raises ValueError for a name with a character that could not be seen in it.
    """
    tables: dict[tuple[str, str], list[str]] = {}
    for name, columns in wanted:
        schema, _, table = name.rpartition(".")
        tables.setdefault((schema or _PUBLIC, table), []).extend(columns)
    who = _quoted(role)
    lines = _statements(who, _quoted(database), tables)
    return _HEAD.format(role=who) + "".join(f"{line}\n" for line in lines) + _TAIL


def _statements(
    role: str, database: str, tables: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[str]:
    """Everything is taken before anything is given, in one transaction: no reader notices."""
    yield "BEGIN;"
    yield f"REVOKE ALL ON DATABASE {database} FROM {role};"
    yield f"GRANT CONNECT ON DATABASE {database} TO {role};"
    for schema in dict.fromkeys(_quoted(schema) for schema, _ in tables):
        yield f"REVOKE ALL ON SCHEMA {schema} FROM {role};"
        yield f"GRANT USAGE ON SCHEMA {schema} TO {role};"
    for (schema, table), columns in tables.items():
        name = f"{_quoted(schema)}.{_quoted(table)}"
        listed = ",\n    ".join(dict.fromkeys(_quoted(column) for column in columns))
        yield f"REVOKE ALL ON TABLE {name} FROM {role};"
        yield f"GRANT SELECT (\n    {listed}\n) ON TABLE {name} TO {role};"
    yield "COMMIT;"


def _quoted(name: str) -> str:
    """An identifier that stays one, also in a comment: what is not printable could end a line or
    turn the writing around.
    """
    if not name.isprintable():
        raise ValueError(f"the name {name!r} holds what no script can show: grant it by hand")
    return '"' + name.replace('"', '""') + '"'
