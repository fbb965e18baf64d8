"""Describes one table from its database's catalogue, and holds that against its rows.

catalogue: columns, key, constraints ─▶ what is open ─▶ one look at the rows ─▶ Described
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from connectors.capabilities import Described, ForeignKey
from connectors.errors import SourceError
from connectors.events import Emit
from connectors.sql import usage
from connectors.sql.catalog import Table, look_up
from connectors.sql.constraints import constraints
from connectors.sql.described_columns import Told
from connectors.sql.described_types import open_column
from connectors.sql.foreign_keys import foreign_keys, unsaid_keys
from connectors.sql.look import Seen, look
from connectors.sql.source_types import source_types

_MISSING_KEY = (
    "a missing key refers to nothing, and would count as one that is not found: promise it where "
    "no key is missing, and leave it out otherwise"
)


def describe_table(
    connection: Connection, name: str, datasets: Mapping[str, str], emit: Emit
) -> Described:
    """All that the catalogue says of a table or view, with types that hold each of its rows.
    `datasets` has the dataset of each table.

    Raises SourceError if there is no such table, and AccessDenied with the right that is missing
    if its schema is closed to us.
    """
    usage.require_usage(connection, name, emit)
    typed = source_types(connection, name, look_up(connection, name, emit), emit)
    table = typed.table
    enforced = constraints(connection, name, emit)
    references = enforced.references
    keys = list(foreign_keys(connection, table, references, datasets, emit))
    looked = _look(connection, name, table, emit)
    columns, unsaid = Told(
        name=name,
        table=table,
        words=typed.words,
        enforced=enforced,
        seen=looked.seen,
        unseen=looked.unseen,
        is_postgresql=connection.dialect.name == "postgresql",
    ).columns(connection, emit)
    nullable = {column.name for column in columns if column.nullable}
    key = table.declared.key if enforced.is_key_kept else ()
    return Described(
        what=f"table {name}",
        columns=columns,
        key=() if nullable.intersection(key) else key,
        estimated_rows=enforced.estimated_rows,
        sampled_rows=None,
        comment=enforced.comment,
        foreign_keys=tuple(_reconcilable(one, nullable) for one in keys),
        unsaid=(*unsaid, *unsaid_keys(references, datasets)),
        doubt=looked.doubt,
        is_empty=looked.is_empty,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What was seen of the columns whose declared type does not tell all."""

    seen: Mapping[str, Seen]
    unseen: frozenset[str] = frozenset()
    """Those that could not be looked at."""
    doubt: str | None = None
    """Why."""
    is_empty: bool = False


def _look(connection: Connection, name: str, table: Table, emit: Emit) -> _Looked:
    """Look at the columns that are open and that our role may read."""
    is_postgresql = connection.dialect.name == "postgresql"

    def opened() -> dict[str, Seen]:
        found = {
            column: open_column(type_, is_postgresql=is_postgresql)
            for column, type_ in table.types.items()
        }
        return {column: one for column, one in found.items() if one is not None}

    seen, readable = opened(), set(table.types)
    if is_postgresql:
        readable &= usage.readable_columns(connection, name, emit)
    unseen = [column for column in seen if column not in readable]
    doubt = None
    if unseen or not readable:
        grant = usage.select_grant(connection, name, unseen if readable else ())
        doubt = f"our role may not read all of it: ask its owner for {grant}"
    if not readable:
        return _Looked(seen=seen, unseen=frozenset(seen), doubt=doubt)
    try:
        visible = {column: one for column, one in seen.items() if column in readable}
        has_rows = look(connection, name, table, visible, emit)
    except SourceError as error:
        return _Looked(seen=opened(), unseen=frozenset(seen), doubt=str(error))
    return _Looked(seen=seen, unseen=frozenset(unseen), doubt=doubt, is_empty=not has_rows)


def _reconcilable(key: ForeignKey, nullable: set[str]) -> ForeignKey:
    is_doubtful = key.unsaid is None and key.column in nullable
    return replace(key, unsaid=_MISSING_KEY) if is_doubtful else key
