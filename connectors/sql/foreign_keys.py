"""Foreign keys as reconciliations between datasets, where they say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.capabilities import ForeignKey
from connectors.events import Emit
from connectors.sql.catalog import Table, look_up
from connectors.sql.columns import base_type
from connectors.sql.constraints import Reference, constraints


def foreign_keys(
    connection: Connection,
    table: Table,
    references: Sequence[Reference],
    datasets: Mapping[str, str],
    emit: Emit,
) -> Iterator[ForeignKey]:
    """Those of one column to a table that is a dataset."""
    for reference in references:
        if not _is_single(reference, datasets):
            continue
        (ours,), (theirs,) = reference.columns, reference.theirs
        unsaid = reference.doubt
        if unsaid is None:
            other = look_up(connection, reference.table, emit)
            folded = constraints(connection, reference.table, emit).folded
            theirs = _as_named(theirs, other)
            kinds = {_kind(table.types[ours]), _kind(other.types.get(theirs))}
            if len(kinds) > 1 or None in kinds or theirs in folded:
                unsaid = "its keys are not compared as whole numbers or plain texts: leave it out"
        dataset = datasets[reference.table]
        yield ForeignKey(column=ours, dataset=dataset, theirs=theirs, unsaid=unsaid)


def unsaid_keys(references: Sequence[Reference], datasets: Mapping[str, str]) -> Iterator[str]:
    """The others, in SQL's words."""
    for one in references:
        if not _is_single(one, datasets):
            ours, theirs = ", ".join(one.columns), ", ".join(one.theirs)
            yield f"FOREIGN KEY ({ours}) REFERENCES {one.table} ({theirs})"


def _is_single(one: Reference, datasets: Mapping[str, str]) -> bool:
    """SQLite lets a foreign key name a table or columns that do not exist."""
    return len(one.columns) == len(one.theirs) == 1 and one.table in datasets


def _as_named(column: str, table: Table) -> str:
    """The column as its table has it: SQLite does not mind capitals."""
    if column in table.types:
        return column
    return next((name for name in table.types if name.lower() == column.lower()), column)


def _kind(type_: sa.types.TypeEngine[Any] | None) -> str | None:
    """How keys of a type are compared; None for a type that a reconciliation does not know."""
    if type_ is None:
        return None
    type_ = base_type(type_)
    if isinstance(type_, sa.Integer):
        return "integer"
    return "text" if type(type_) in (sa.TEXT, sa.VARCHAR) else None
