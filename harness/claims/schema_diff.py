"""What changed between the columns that were approved and those that a source declares; pure.

The order of columns is no change: every source is read by name. A type, label or key is compared
only where both sides declare one (a header has none).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from connectors.events import Declared, DeclaredColumn
from harness.claims.renames import Renames, are_alike, renames
from harness.claims.value_sets import value_set


class Kind(StrEnum):
    """What happened to a column, gravest first."""

    REMOVED = "was removed"
    RENAMED = "was renamed"
    NARROWED = "was narrowed"
    RETYPED = "changed its type"
    LABELS_REMOVED = "lost"
    MAY_BE_MISSING = "may be missing now"
    KEY = "changed"
    WIDENED = "was widened"
    LABELS_ADDED = "gained"
    LABELS_REORDERED = "has its labels in another order"
    NEVER_MISSING = "may not be missing any more"
    ADDED = "was added"


BY_PLACE = "by its place alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference."""

    kind: Kind
    column: str
    """By its approved name; a new column by its own; `the primary key`."""
    before: str | None = None
    now: str | None = None
    parts: tuple[str, ...] = ()
    """Labels that went or came; columns of the key now, by their approved names; of a column that
    was removed those that may be it under a new name, where several may; BY_PLACE of a new name
    for which neither a type nor the old name speaks."""


def changes(before: Declared, now: Declared) -> tuple[Change, ...]:
    """Every difference, gravest first."""
    found = sorted(_changes(before, now), key=lambda change: list(Kind).index(change.kind))
    return tuple(found)


def _changes(before: Declared, now: Declared) -> Iterator[Change]:
    declared = {column.name: column for column in now.columns}
    renamed = renames(before.columns, now.columns)
    approved = {column.name for column in before.columns}
    for column in before.columns:
        name = renamed.sure.get(column.name, column.name)
        if name not in declared:
            yield _removed(column, renamed)
            continue
        if name != column.name:
            sure = column.type is not None or are_alike(column.name, name)
            parts = () if sure else (BY_PLACE,)
            yield Change(kind=Kind.RENAMED, column=column.name, now=name, parts=parts)
        yield from _alterations(column, declared[name])
    known = {*approved, *renamed.sure.values()}
    for name, column in declared.items():  # in the source's order, the same in every process
        if name not in known:
            yield Change(kind=Kind.ADDED, column=name, now=column.type)
    yield from _key(before, now, renamed)


def _removed(column: DeclaredColumn, renamed: Renames) -> Change:
    perhaps = renamed.perhaps.get(column.name, ())
    return Change(kind=Kind.REMOVED, column=column.name, before=column.type, parts=perhaps)


def _key(before: Declared, now: Declared, renamed: Renames) -> Iterator[Change]:
    key = tuple(renamed.sure.get(name, name) for name in before.key)
    if {before.by, now.by} == {"catalogue"} and key != now.key:
        of_old = {new: old for old, new in renamed.sure.items()}
        yield Change(
            kind=Kind.KEY,
            column="the primary key",
            before=", ".join(before.key) or "none",
            now=", ".join(now.key) or "none",
            parts=tuple(of_old.get(name, name) for name in now.key),
        )


def _alterations(before: DeclaredColumn, now: DeclaredColumn) -> Iterator[Change]:
    if (labels := _labels(before, now)) is not None:
        yield from _relabelled(before.name, *labels)
    elif before.type is not None and now.type is not None and before.type != now.type:
        yield Change(
            kind=_kind_of_retyping(before.type, now.type),
            column=before.name,
            before=before.type,
            now=now.type,
        )
    if before.nullable is not None and now.nullable is not None:
        if now.nullable and not before.nullable:
            yield Change(kind=Kind.MAY_BE_MISSING, column=before.name)
        if before.nullable and not now.nullable:
            yield Change(kind=Kind.NEVER_MISSING, column=before.name)


def _labels(
    before: DeclaredColumn, now: DeclaredColumn
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Those of one enum then and now. What was approved before labels were declared has them in
    its type's words alone; there a label with a comma is read as two.
    """
    if before.type is None or now.type is None or now.labels is None:
        return None
    (was, old), (is_, new) = _without_labels(before), _without_labels(now)
    return (old, new) if was == is_ and old is not None and new is not None else None


def _without_labels(column: DeclaredColumn) -> tuple[str, tuple[str, ...] | None]:
    """A type's words without the labels in them, and the labels."""
    words = column.type or ""
    if column.labels is not None:
        return words.replace(f"({', '.join(column.labels)})", "()"), column.labels
    head, bracket, labels = words.partition("(")
    if not bracket or not labels.endswith(")"):
        return words, None
    return f"{head}()", tuple(labels[:-1].split(", "))


def _relabelled(column: str, before: tuple[str, ...], now: tuple[str, ...]) -> Iterator[Change]:
    gone = tuple(label for label in before if label not in now)
    come = tuple(label for label in now if label not in before)
    if gone:
        yield Change(kind=Kind.LABELS_REMOVED, column=column, parts=gone)
    if come:
        yield Change(kind=Kind.LABELS_ADDED, column=column, parts=come)
    if [one for one in before if one in now] != [one for one in now if one in before]:
        yield Change(kind=Kind.LABELS_REORDERED, column=column)


def _kind_of_retyping(before: str, now: str) -> Kind:
    """Narrowed or widened if one type holds all values of the other; types that hold the same
    under two names are another type.
    """
    was, is_ = value_set(before), value_set(now)
    if was.holds(is_) == is_.holds(was):
        return Kind.RETYPED
    return Kind.NARROWED if was.holds(is_) else Kind.WIDENED
