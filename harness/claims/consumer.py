"""Whether a change of a source's columns breaks what its contract reads; pure.

A change is *compatible* only where that is known: the contract does not read the column, or takes
every value of its new type. Whatever is left is *breaking*. Either is red until it is approved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.events import Declared
from harness.claims.schema_diff import Change, Kind
from harness.claims.value_sets import value_set
from harness.facts import Baseline, ReadColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """What a contract reads of its source."""

    columns: Mapping[str, ReadColumn]
    key: frozenset[str]
    """Columns that the contract says name a row."""
    was_key: frozenset[str]
    """The primary key as it was approved."""
    is_sent_all: bool
    """Whether all that the source has is sent: a file and a page have columns that nobody asked
    for, and a contract refuses those. A database sends what it is asked for."""


def breaking_of(
    found: Sequence[Change], key: Sequence[str], approved: Baseline, now: Declared
) -> list[Change] | None:
    """Those of all changes since the approval that break the contract with this key; None where it
    is not known what the contract reads.
    """
    if approved.reads is None:
        return None
    return breaking(found, consumer(approved.reads, key, before=approved.declared, now=now))


def consumer(
    reads: Sequence[ReadColumn], key: Sequence[str], *, before: Declared, now: Declared
) -> Consumer:
    """Who reads what was approved and is declared now."""
    return Consumer(
        columns={column.name: column for column in reads},
        key=frozenset(key),
        was_key=frozenset(before.key),
        is_sent_all=now.by != "catalogue",
    )


def breaking(found: Sequence[Change], to: Consumer) -> list[Change]:
    """Those of all changes after which the contract no longer reads what it did, or would refuse
    what may come.
    """
    new = {change.column: str(change.now) for change in found if change.kind is Kind.RENAMED}
    return [change for change in found if _breaks(change, to, new.get(change.column))]


def _breaks(change: Change, to: Consumer, new_name: str | None) -> bool:
    column = to.columns.get(change.column)
    renamed_to = to.columns.get(new_name) if new_name is not None else None
    match change.kind:
        case Kind.ADDED:
            return column is None and to.is_sent_all
        case Kind.RENAMED:
            return column is not None or (renamed_to is None and to.is_sent_all)
        case Kind.KEY:
            had, has = to.was_key, frozenset(change.parts)
            return _names_a_row(had, to) and not _names_a_row(has, to)
    read = column or renamed_to
    return read is not None and _spoils(change, read)


def _names_a_row(source_key: frozenset[str], to: Consumer) -> bool:
    """Whether the source sees to it that the contract's key names one row."""
    return bool(source_key) and source_key <= to.key


def _spoils(change: Change, column: ReadColumn) -> bool:
    """Whether the contract would refuse what may come in a column that it reads."""
    match change.kind:
        case Kind.NARROWED | Kind.WIDENED | Kind.RETYPED:
            return not _takes(column, change)
        case Kind.MAY_BE_MISSING:
            return not column.nullable
        case Kind.LABELS_ADDED:
            return column.listed is not None and not {*change.parts} <= {*column.listed}
        case Kind.LABELS_REMOVED:
            return column.listed is not None and not {*change.parts}.isdisjoint(column.listed)
        case _:
            return change.kind is Kind.REMOVED


def _takes(column: ReadColumn, change: Change) -> bool:
    """Whether the contract takes every value of the new type, and each that it lists fits."""
    takes, now = value_set(column.type), value_set(change.now or "")
    longest = max(map(len, column.listed or ("",)))
    if now.kind in ("text", "char") and now.sizes[0] < longest:
        return False
    if column.type == "string" and (now.kind == "char" or not now.is_known):
        return now.kind == "char"
    if takes.holds(now):
        return True
    was = value_set(change.before or "")
    return change.kind is Kind.NARROWED and was.kind == now.kind and takes.kind == now.kind
