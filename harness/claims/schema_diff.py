"""What changed between the columns that were approved and those that a source declares; pure.

The order of columns is no change: every source is read by name. A type or key is compared only
where both sides declare one (a header has none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from connectors.events import Declared, DeclaredColumn


class Kind(StrEnum):
    """What happened to a column, gravest first."""

    REMOVED = "was removed"
    RENAMED = "was renamed"
    NARROWED = "was narrowed"
    RETYPED = "changed its type"
    MAY_BE_MISSING = "may be missing now"
    KEY = "changed"
    WIDENED = "was widened"
    NEVER_MISSING = "may not be missing any more"
    ADDED = "was added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference."""

    kind: Kind
    column: str
    """By its approved name; a new column by its own; `the primary key`."""
    before: str | None = None
    now: str | None = None


def changes(before: Declared, now: Declared) -> tuple[Change, ...]:
    """Every difference, gravest first."""
    found = sorted(_changes(before, now), key=lambda change: list(Kind).index(change.kind))
    return tuple(found)


def _changes(before: Declared, now: Declared) -> Iterator[Change]:
    approved = {column.name: column for column in before.columns}
    declared = {column.name: column for column in now.columns}
    renamed = dict(_renames(before.columns, now.columns))
    for name, column in approved.items():
        if name in renamed:
            yield Change(kind=Kind.RENAMED, column=name, now=renamed[name])
        elif name not in declared:
            yield Change(kind=Kind.REMOVED, column=name, before=column.type)
        else:
            yield from _alterations(column, declared[name])
    known = {*approved, *renamed.values()}
    for name, column in declared.items():  # in the source's order, the same in every process
        if name not in known:
            yield Change(kind=Kind.ADDED, column=name, now=column.type)
    key = tuple(renamed.get(name, name) for name in before.key)
    if {before.by, now.by} == {"catalogue"} and key != now.key:
        yield Change(
            kind=Kind.KEY,
            column="the primary key",
            before=", ".join(before.key) or "none",
            now=", ".join(now.key) or "none",
        )


def _renames(
    before: Sequence[DeclaredColumn], now: Sequence[DeclaredColumn]
) -> Iterator[tuple[str, str]]:
    """Columns of one type at one place under an old and a new name: taken as renamed.

    A guess, but not about whether something changed: removed and added are changes as well.
    """
    gone = {column.name for column in before} - {column.name for column in now}
    come = {column.name for column in now} - {column.name for column in before}
    for one, other in zip(before, now, strict=False):
        same = (one.type, one.nullable) == (other.type, other.nullable)
        if one.name in gone and other.name in come and same:
            yield one.name, other.name


def _alterations(before: DeclaredColumn, now: DeclaredColumn) -> Iterator[Change]:
    if before.type is not None and now.type is not None and before.type != now.type:
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


_BITS: Mapping[str, str] = {
    "tinyint": "int8",
    "smallint": "int16",
    "integer": "int32",
    "int": "int32",
    "bigint": "int64",
    "real": "float32",
    "double precision": "float64",
    "float": "float32",
    "double": "float64",
    "text": "varchar(2147483647)",
    "varchar": "varchar(2147483647)",
}
"""Types with their size in their name, or without a size."""
_NUMBER = re.compile(r"\d+")


def _kind_of_retyping(before: str, now: str) -> Kind:
    """Narrowed or widened if only sizes differ, and all in one direction."""
    was, is_ = (_BITS.get(words, words) for words in (before, now))
    if was == is_ or _NUMBER.sub("#", was) != _NUMBER.sub("#", is_):
        return Kind.RETYPED
    sizes = list(zip(_sizes(was), _sizes(is_), strict=True))
    if all(b <= a for a, b in sizes):
        return Kind.NARROWED
    return Kind.WIDENED if all(a <= b for a, b in sizes) else Kind.RETYPED


def _sizes(words: str) -> list[int]:
    """The sizes in a type's words; of a decimal, its digits before and after the point."""
    sizes = [int(number) for number in _NUMBER.findall(words)]
    if words.startswith(("numeric", "decimal")) and len(sizes) == len(("precision", "scale")):
        return [sizes[0] - sizes[1], sizes[1]]
    return sizes
