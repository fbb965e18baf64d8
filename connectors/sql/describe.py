"""Describes one table from its database's catalogue, and holds that against its rows.

catalogue: columns, key, constraints ─▶ what is open ─▶ one look at the rows ─▶ Described
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.engine import Connection

from connectors.capabilities import Described, ForeignKey
from connectors.errors import AccessDenied, SourceError
from connectors.events import Emit
from connectors.sql import usage
from connectors.sql.catalog import Table, look_up
from connectors.sql.constraints import constraints
from connectors.sql.described_columns import Told
from connectors.sql.described_types import open_column
from connectors.sql.foreign_keys import foreign_keys, unsaid_keys
from connectors.sql.look import Seen, look

_MISSING_KEY = "a missing key refers to nothing, and would count as one that is not found"


def describe_table(
    connection: Connection, name: str, datasets: Mapping[str, str], emit: Emit
) -> Described:
    """All that the catalogue says of a table or view, with types that hold each of its rows.
    `datasets` has the dataset of each table.

    Raises SourceError if there is no such table, and AccessDenied with the right that is missing
    if its schema is closed to us.
    """
    usage.require_usage(connection, name, emit)
    table = look_up(connection, name, emit)
    enforced = constraints(connection, name, emit)
    references = enforced.references
    keys = list(foreign_keys(connection, table, references, datasets, emit))
    seen, is_empty, doubt = _look(connection, name, table, emit)
    columns, unsaid = Told(
        name=name,
        table=table,
        enforced=enforced,
        seen=seen,
        doubted=doubt is not None,
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
        doubt=doubt,
        is_empty=is_empty,
    )


def _look(
    connection: Connection, name: str, table: Table, emit: Emit
) -> tuple[Mapping[str, Seen], bool, str | None]:
    """What was seen of the columns whose declared type does not tell all, and whether there was no
    row; or why nothing was looked at.
    """

    def unseen() -> dict[str, Seen]:
        is_postgresql = connection.dialect.name == "postgresql"
        found = {
            column: open_column(type_, is_postgresql=is_postgresql)
            for column, type_ in table.types.items()
        }
        return {column: one for column, one in found.items() if one is not None}

    seen = unseen()
    try:
        return seen, not look(connection, name, table, seen, emit), None
    except AccessDenied:
        grant = usage.select_grant(connection, name)
        return unseen(), False, f"our role may not read them: ask its owner for {grant}"
    except SourceError as error:
        return unseen(), False, str(error)


def _reconcilable(key: ForeignKey, nullable: set[str]) -> ForeignKey:
    is_doubtful = key.unsaid is None and key.column in nullable
    return replace(key, unsaid=_MISSING_KEY) if is_doubtful else key
