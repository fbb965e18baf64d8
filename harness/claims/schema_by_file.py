"""What changed since somebody approved the columns, and in which files; pure.

Each file is held against the approval. Files that were there on the day of the approval may be
older than its columns: whoever approved saw them as they are. What the last file declares is what
the source declares now, so that is compared in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from harness.claims import wording
from harness.claims.readings import utc
from harness.claims.schema_diff import Change, Kind, changes
from harness.claims.wording import count
from harness.clock import in_zone
from harness.facts import Baseline, Delivery, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in all files."""

    changes: Mapping[Change, str] = field(default_factory=dict)
    """Each, gravest first, with the files that it is in, as ` from b.csv on`; nothing for all."""
    beyond: str | None = None
    """The files whose columns were not kept, for there were too many declarations."""
    older: int = 0
    """Files of before the approval that declare other columns, and are no change."""


def find_changes(baseline: Baseline, reading: Reading, zone: ZoneInfo) -> Found:
    """Every difference. Days are those of `zone`. Of a reading that failed no file is known to be
    the last, so one declaration as approved is enough for no difference.
    """
    if reading.declared is None:
        return Found()
    before, told = baseline.declared, reading.declarations
    if not told or reading.failure is not None:
        if any(not changes(before, one) for one in told):
            return Found()
        return Found(changes=dict.fromkeys(changes(before, reading.declared), ""))
    changed = [changes(before, one) for one in told]
    judged = dict(_judged(baseline, reading, zone))
    found: dict[Change, list[int]] = {}
    beyond = list[int]()
    for at, file in judged.items():
        if file.declares >= len(told):
            beyond.append(at)
            continue
        for change in changed[file.declares]:
            found.setdefault(change, []).append(at)
    others = [one for at, one in enumerate(reading.deliveries) if at not in judged]
    return Found(
        changes={change: _where(found[change], reading) for change in sorted(found, key=_rank)},
        beyond=_where(beyond, reading) if beyond else None,
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


def _rank(change: Change) -> int:
    return list(Kind).index(change.kind)


def _where(at: list[int], reading: Reading) -> str:
    first = wording.name(reading.deliveries[at[0]].name)
    if at == list(range(at[0], len(reading.deliveries))):
        return f" from {first} on"
    if len(at) == 1:
        return f" in {first} alone"
    return f" in {count(len(at), 'file')}, first in {first}"
