"""A difference between two schemas in words that are safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.claims import wording
from harness.claims.schema_diff import Change, Kind
from harness.claims.wording import count

_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All changes in words."""

    count: str
    """`2 changes (1 of them breaking)`."""
    changes: list[str]
    """The breaking ones first."""


def tell(found: Sequence[Change], breaking: Sequence[Change] | None) -> Told:
    """Every change with what it means for this contract; without that where it is not known."""
    number = count(len(found), "change")
    if breaking is None:
        return Told(count=number, changes=[*map(describe, found)])
    compatible = [change for change in found if change not in breaking]
    told = [f"{describe(change)} (breaking)" for change in breaking]
    told += [f"{describe(change)} (compatible)" for change in compatible]
    if len(found) == 1:
        return Told(count=number, changes=told)
    of_them = f"{len(breaking) or 'none'} of them breaking"
    return Told(count=f"{number} ({of_them})", changes=told)


def describe(change: Change) -> str:
    """`stock (integer) was removed`, `price was narrowed from numeric(12, 2) to numeric(9, 2)`."""
    column = wording.name(change.column)
    before, now = (wording.name(each) if each else "" for each in (change.before, change.now))
    parts = wording.first([*map(wording.name, change.parts)], at_most=_SHOWN)
    match change.kind:
        case Kind.RENAMED:
            return f"{column} {change.kind} to {now}"
        case Kind.REMOVED if change.parts:
            return f"{column}{_bracketed(before)} {change.kind}, or renamed: {parts} may be it"
        case Kind.REMOVED | Kind.ADDED:
            return f"{column}{_bracketed(before or now)} {change.kind}"
        case Kind.LABELS_REMOVED | Kind.LABELS_ADDED:
            labels = "the label" if len(change.parts) == 1 else "the labels"
            return f"{column} {change.kind} {labels} {parts}"
        case Kind.MAY_BE_MISSING | Kind.NEVER_MISSING | Kind.LABELS_REORDERED:
            return f"{column} {change.kind}"
        case _:
            return f"{column} {change.kind} from {before} to {now}"


def _bracketed(words: str) -> str:
    return f" ({words})" if words else ""
