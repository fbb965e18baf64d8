"""What each of the last nights came to, by the ledger: the newest verdict on each claim counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from harness import tags
from harness.ledger.ledger import Ledger
from harness.ledger.tables import STARTED
from harness.report.calendar import Night, first_shown
from harness.run.config import Job
from harness.run.missed import misses_in
from harness.verdict import Outcome

_NOT_WRONG = frozenset({Outcome.PROVEN, Outcome.WAIVED, Outcome.UNPROVEN, Outcome.STALE})


class _Started(msgspec.Struct, frozen=True, kw_only=True):
    slot: date
    at: datetime
    planned: tuple[msgspec.Raw, ...] = ()
    job: str = Job.PROVE


class _Finished(msgspec.Struct, frozen=True, kw_only=True):
    ready: bool = False


class _Judged(msgspec.Struct, frozen=True, kw_only=True):
    claim: str
    outcome: Outcome


class _Verdict(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    verdict: _Judged
    dataset: str | None = None


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What the runs of one night left."""

    finished: bool = False
    ready: bool = False
    outcomes: dict[tuple[str, str | None, str], Outcome] = field(default_factory=dict)

    def came_to(self) -> Night:
        if not self.finished or not _NOT_WRONG.issuperset(self.outcomes.values()):
            return Night.BAD
        return Night.READY if self.ready else Night.LACKING


def nights(ledger: Ledger, *, pilot: str, environment: str, last: date) -> dict[date, Night]:
    """The nights that a calendar up to `last` shows, of those that ran or should have."""
    first = first_shown(last)
    seen = defaultdict[date, _Seen](_Seen)
    for run, started in _proving(ledger, pilot, environment, first):
        if first <= started.slot <= last:
            _add(seen[started.slot], ledger, run)
    found = {slot: one.came_to() for slot, one in seen.items()}
    for miss in misses_in(ledger, pilot=pilot, environment=environment):
        if first <= miss.missed.night <= last:
            found.setdefault(miss.missed.night, Night.MISSED)
    return found


def _proving(
    ledger: Ledger, pilot: str, environment: str, first: date
) -> Iterator[tuple[str, _Started]]:
    """Runs that judge what they read, newest first, until they are older than the calendar."""
    for run in ledger.runs(pilot=pilot, environment=environment):
        [entry] = ledger.entries(run=run, kind=STARTED)
        started = msgspec.json.decode(entry.body, type=_Started, strict=False)
        if started.at.date() < first:
            return
        if started.planned and started.job == Job.PROVE:
            yield run, started


def _add(night: _Seen, ledger: Ledger, run: str) -> None:
    for ended in ledger.entries(run=run, kind="finished"):
        night.finished = True
        night.ready |= msgspec.json.decode(ended.body, type=_Finished).ready
    for entry in ledger.entries(run=run, kind=tags.VERDICT):
        one = msgspec.json.decode(entry.body, type=_Verdict)
        about = (one.source, one.dataset, one.verdict.claim)
        night.outcomes.setdefault(about, one.verdict.outcome)
