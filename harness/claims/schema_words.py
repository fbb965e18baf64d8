"""A difference between two schemas in words that are safe to show."""

from __future__ import annotations

from collections.abc import Collection

from harness.claims import wording
from harness.claims.schema_diff import Change, Kind
from harness.claims.wording import count

_SHOWN = 4


def count_changes(n: int, breaking: int | None) -> str:
    """`1 change`, `2 changes (1 of them breaking)`; None where that is not known."""
    if breaking is None or n == 1:
        return count(n, "change")
    return f"{count(n, 'change')} ({breaking or 'none'} of them breaking)"


def effect(change: Change | None, breaking: Collection[Change] | None) -> str:
    """What follows a change's words: whether it is among the breaking ones; "" where that is not
    known. A change that nobody kept is breaking.
    """
    if breaking is None:
        return ""
    return " (breaking)" if change is None or change in breaking else " (compatible)"


def describe(change: Change) -> str:
    """`stock (integer) was removed`, `price was narrowed from numeric(12, 2) to numeric(9, 2)`."""
    column = wording.name(change.column)
    before, now = (wording.name(each) if each else "" for each in (change.before, change.now))
    parts = wording.first([*map(wording.name, change.parts)], at_most=_SHOWN)
    match change.kind:
        case Kind.RENAMED:
            return f"{column} {change.kind} to {now}{f', {parts}' if change.parts else ''}"
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
