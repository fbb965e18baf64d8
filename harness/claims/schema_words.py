"""A difference between two schemas in words that are safe to show."""

from __future__ import annotations

from harness.claims import wording
from harness.claims.schema_diff import Change, Kind


def describe(change: Change) -> str:
    """`stock (integer) was removed`, `price was narrowed from numeric(12, 2) to numeric(9, 2)`."""
    column = wording.name(change.column)
    before, now = (wording.name(each) if each else "" for each in (change.before, change.now))
    match change.kind:
        case Kind.RENAMED:
            return f"{column} {change.kind} to {now}"
        case Kind.REMOVED | Kind.ADDED:
            words = before or now
            return f"{column}{f' ({words})' if words else ''} {change.kind}"
        case Kind.MAY_BE_MISSING | Kind.NEVER_MISSING:
            return f"{column} {change.kind}"
        case _:
            return f"{column} {change.kind} from {before} to {now}"
