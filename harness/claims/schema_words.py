"""A difference between two schemas in words that are safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.claims import wording
from harness.claims.schema_by_file import Found
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


def tell(found: Found, breaking: Sequence[Change] | None) -> Told:
    """Every change with what it means for this contract; without that where it is not known."""
    number = count(len(found.changes) + (found.beyond is not None), "change")
    beyond = [] if found.beyond is None else [f"other columns were declared{found.beyond}"]
    if breaking is None:
        told = [f"{describe(change)}{where}" for change, where in found.changes.items()]
        return Told(count=number, changes=told + beyond)
    means = {
        change: "breaking" if change in breaking else "compatible" for change in found.changes
    }
    told = [
        f"{describe(change)}{found.changes[change]} ({means[change]})"
        for change in sorted(means, key=lambda one: means[one])
    ]
    if len(told + beyond) == 1:
        return Told(count=number, changes=told + beyond)
    of_them = f"{len(breaking) or 'none'} of them breaking"
    return Told(count=f"{number} ({of_them})", changes=told + beyond)


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
