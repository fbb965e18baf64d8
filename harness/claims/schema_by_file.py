"""What changed since somebody approved the columns, and in which files; pure.

Each file is held against the approval. Files that were there on the day of the approval may be
older than its columns: whoever approved saw them as they are. What the last file declares is what
the source declares now, so that is compared in any case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from connectors.events import Declared
from harness.claims import wording
from harness.claims.consumer import breaking_of
from harness.claims.readings import utc
from harness.claims.schema_diff import Change, Kind, changes
from harness.claims.schema_words import describe, effect
from harness.claims.wording import count
from harness.clock import in_zone
from harness.facts import Baseline, Declaration, Delivery, Reading

OTHER = "other columns were declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in all files."""

    changes: tuple[str, ...] = ()
    """Each in words, with the files that it is in."""
    what: tuple[str, ...] = ()
    """Each in words, whichever files it is in."""
    breaking: int | None = None
    """How many of them break the contract; None where that is not known."""
    older: int = 0
    """Files of before the approval that declare other columns, and are no change."""


def find_changes(
    baseline: Baseline, reading: Reading | Declaration, key: Sequence[str], zone: ZoneInfo
) -> Found:
    """Every difference for a contract with this key: the breaking ones first. Days are those of
    `zone`. Of a reading that failed no file is known to be the last, so one declaration as
    approved is enough for no difference.
    """
    if reading.declared is None:
        return Found()
    before = baseline.declared
    told = reading.declarations if isinstance(reading, Reading) else ()
    if isinstance(reading, Declaration) or not told or reading.failure is not None:
        if any(not changes(before, one) for one in told):
            return Found()
        found_now = changes(before, reading.declared)
        breaking = breaking_of(found_now, key, baseline, reading.declared)
        told_now = sorted(found_now, key=lambda change: _rank(change, breaking))
        return Found(
            changes=tuple(describe(change) + effect(change, breaking) for change in told_now),
            what=tuple(map(describe, told_now)),
            breaking=None if breaking is None else len(breaking),
        )
    changed = [changes(before, one) for one in told]
    judged = dict(_judged(baseline, reading, zone))
    found: dict[Change | None, list[int]] = {}
    for at, file in judged.items():
        for change in changed[file.declares] if file.declares < len(told) else (None,):
            found.setdefault(change, []).append(at)
    breaking = _breaking(baseline, told, key)
    others = [one for at, one in enumerate(reading.deliveries) if at not in judged]
    return Found(
        changes=tuple(
            _words(change, found[change], reading) + effect(change, breaking)
            for change in sorted(found, key=lambda change: _rank(change, breaking))
        ),
        what=tuple(OTHER if change is None else describe(change) for change in found),
        breaking=None
        if breaking is None
        else sum(change is None or change in breaking for change in found),
        older=sum(one.declares >= len(told) or bool(changed[one.declares]) for one in others),
    )


def _judged(
    baseline: Baseline, reading: Reading, zone: ZoneInfo
) -> Iterator[tuple[int, Delivery]]:
    """The last file, and those that came after the day of the approval; by their place."""
    for at, file in enumerate(reading.deliveries, 1):
        came = in_zone(utc(file.available_at), zone).date()
        if came > baseline.approved_on or at == len(reading.deliveries):
            yield at - 1, file


def _breaking(
    baseline: Baseline, told: Sequence[Declared], key: Sequence[str]
) -> list[Change] | None:
    """What breaks the contract in any of the declarations."""
    found = [breaking_of(changes(baseline.declared, one), key, baseline, one) for one in told]
    return None if None in found else [change for some in found for change in some or ()]


def _rank(change: Change | None, breaking: Collection[Change] | None) -> tuple[bool, int]:
    """The breaking and the gravest first; last of them what was declared beyond the declarations
    that are kept.
    """
    is_breaking = breaking is None or change is None or change in breaking
    return not is_breaking, list(Kind).index(change.kind) if change else len(Kind)


def _words(change: Change | None, at: list[int], reading: Reading) -> str:
    told = OTHER if change is None else describe(change)
    first = wording.name(reading.deliveries[at[0]].name)
    if at == list(range(at[0], len(reading.deliveries))):
        return f"{told} from {first} on"
    if len(at) == 1:
        return f"{told} in {first} alone"
    return f"{told} in {count(len(at), 'file')}, first in {first}"
