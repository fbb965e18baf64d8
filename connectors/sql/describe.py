"""Describes one table from its database's catalogue, and holds that against its rows.

catalogue: columns, key, constraints ─▶ what is open ─▶ one look at the rows ─▶ Described
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.capabilities import ColumnRule, Described, DescribedColumn, ForeignKey
from connectors.errors import AccessDenied, SourceError
from connectors.events import Emit
from connectors.sql import usage
from connectors.sql.catalog import Table, look_up
from connectors.sql.check_rules import rules
from connectors.sql.columns import base_type
from connectors.sql.constraints import Check, Constraints, Reference, constraints
from connectors.sql.described_types import compared_as, lands_as, open_column, type_rule
from connectors.sql.look import Seen, look


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
    foreign_keys = [
        _foreign_key(connection, table, one, datasets, emit)
        for one in enforced.references
        if len(one.columns) == 1 and one.table in datasets
    ]
    seen, doubt = _look(connection, name, table, emit)
    columns, unsaid = _columns(connection.dialect.name, table, enforced, seen, doubted=bool(doubt))
    key = table.declared.key if enforced.is_key_kept else ()
    nullable = {column.name for column in columns if column.nullable}
    return Described(
        what=f"table {name}",
        columns=columns,
        key=() if nullable.intersection(key) else key,
        estimated_rows=enforced.estimated_rows,
        sampled_rows=None,
        comment=enforced.comment,
        foreign_keys=tuple(_with_nulls(one, nullable) for one in foreign_keys),
        unsaid=(*unsaid, *_other_tables(enforced.references, datasets)),
        doubt=doubt,
    )


def _look(
    connection: Connection, name: str, table: Table, emit: Emit
) -> tuple[Mapping[str, Seen], str | None]:
    """What was seen of the columns whose declared type does not tell all, or why it was not."""

    def unseen() -> dict[str, Seen]:
        dialect = connection.dialect.name
        found = {column: open_column(dialect, type_) for column, type_ in table.types.items()}
        return {column: one for column, one in found.items() if one is not None}

    seen = unseen()
    try:
        if seen:
            look(connection, name, table, seen, emit)
    except AccessDenied:
        grant = usage.select_grant(connection, name)
        return unseen(), f"our role may not read them: ask its owner for {grant}"
    except SourceError as error:
        return unseen(), str(error)
    return seen, None


def _columns(
    dialect: str,
    table: Table,
    enforced: Constraints,
    seen: Mapping[str, Seen],
    *,
    doubted: bool,
) -> tuple[tuple[DescribedColumn, ...], list[str]]:
    """The columns, and the constraints that no rule of theirs says."""
    landed = {
        name: _landed(type_, seen.get(name), doubted=doubted)
        for name, type_ in table.types.items()
    }
    kinds = {
        name: compared_as(dialect, type_, landed[name], is_folded=name in enforced.folded)
        for name, type_ in table.types.items()
    }
    said: dict[str, list[ColumnRule | None]] = {name: [] for name in table.types}
    unsaid = []
    for check in enforced.checks:
        found = _said(check, kinds)
        if found is None:
            unsaid.append(check.text)
        for column, rule in found or ():
            said[column].append(rule)
    key = table.declared.key if dialect != "postgresql" else ()
    columns = []
    for column in table.declared.columns:
        one = seen.get(column.name)
        by_type = type_rule(table.types[column.name], one)
        given = [rule for rule in (by_type, *said[column.name]) if rule is not None]
        is_declared = column.nullable is not False or column.name in enforced.perhaps_null
        may_be_null = is_declared and None not in said[column.name] and column.name not in key
        columns.append(
            DescribedColumn(
                name=column.name,
                type=column.type or "",
                lands_as=landed[column.name],
                nullable=may_be_null or bool(one and one.has_nulls),
                comment=table.comments.get(column.name),
                rules=tuple({repr(rule): rule for rule in given}.values()),
                has_control_characters=bool(one and one.has_control_characters),
            )
        )
    return tuple(columns), unsaid


def _landed(
    type_: sa.types.TypeEngine[Any], seen: Seen | None, *, doubted: bool
) -> pa.DataType | None:
    if seen is None:
        return lands_as(type_)
    return None if doubted and seen.is_unbounded else seen.lands_as


def _said(
    check: Check, kinds: Mapping[str, Any]
) -> Sequence[tuple[str, ColumnRule | None]] | None:
    """The rules that say a constraint that every row keeps."""
    if not check.is_kept:
        return None
    if check.column is None:
        return rules(check.expression, kinds)
    found = rules(check.expression, {"value": kinds[check.column]})
    return None if found is None else [(check.column, rule) for _, rule in found]


def _foreign_key(
    connection: Connection,
    table: Table,
    reference: Reference,
    datasets: Mapping[str, str],
    emit: Emit,
) -> ForeignKey:
    (ours,), (theirs,) = reference.columns, reference.theirs
    unsaid = reference.doubt
    if unsaid is None:
        other = look_up(connection, reference.table, emit)
        folded = constraints(connection, reference.table, emit).folded
        kinds = {_key_kind(table.types[ours]), _key_kind(other.types[theirs])}
        if len(kinds) > 1 or None in kinds or theirs in folded:
            unsaid = "its keys are not compared as whole numbers or plain texts"
    dataset = datasets[reference.table]
    return ForeignKey(column=ours, dataset=dataset, theirs=theirs, unsaid=unsaid)


def _key_kind(type_: sa.types.TypeEngine[Any]) -> str | None:
    """How keys of a type are compared; None for a type that a reconciliation does not know."""
    type_ = base_type(type_)
    if isinstance(type_, sa.Integer):
        return "integer"
    return "text" if type(type_) in (sa.TEXT, sa.VARCHAR) else None


def _with_nulls(key: ForeignKey, nullable: set[str]) -> ForeignKey:
    if key.unsaid is None and key.column in nullable:
        unsaid = "a missing key refers to nothing, and would count as one that is not found"
        return ForeignKey(column=key.column, dataset=key.dataset, theirs=key.theirs, unsaid=unsaid)
    return key


def _other_tables(references: Sequence[Reference], datasets: Mapping[str, str]) -> Iterator[str]:
    """Foreign keys that no reconciliation can say: of several columns, or to no dataset."""
    for one in references:
        if len(one.columns) > 1 or one.table not in datasets:
            ours, theirs = ", ".join(one.columns), ", ".join(one.theirs)
            yield f"FOREIGN KEY ({ours}) REFERENCES {one.table} ({theirs})"
