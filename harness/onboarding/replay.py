"""A run that was made, told again for the nights before it: for practice alone.

    recorded facts of one run ─ shifted by whole days ─▶ what children would tell ─▶ ledger

No source is asked. Whoever begins such a run says so in its launch, which every entry carries.
Only simulated evidence is told again, and it stays simulated: a gate takes it only under a policy
that is marked `practice`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from contracts.evaluation import Evaluation, Profile
from harness.claims.nights import is_the_reading, own_delivery
from harness.errors import ConfigurationError
from harness.evidence.run_entries import RunEntries, runs_of
from harness.facts import Delivery, EvidenceClass, Fact, Overlap, Probed, Reading
from harness.folders import make_file, take_folder
from harness.ledger.ledger import entries
from harness.run.config import Job
from harness.run.run import Run, Work
from harness.run.task import AskColumns, Asked, Count, Counted, Done, Read, Task, Tell
from harness.run.workplace import Workplace

_DAY = timedelta(days=1)
_DATES = ("%Y-%m-%d", "%Y%m%d")
"""How the names of files write their day."""
_T = TypeVar("_T", bound=Fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A recorded run, as if it had been made so many days before."""

    of: RunEntries
    days: int

    @property
    def slot(self) -> date:
        """The night that it is told for."""
        return self.of.started.slot - self.days * _DAY

    def fact(self, source: str, dataset: str | None, kind: type[_T]) -> _T | None:
        """What the run observed of this kind, if it did."""
        about = (source, dataset)
        return next(
            (
                one.fact
                for one in self.of.facts
                if isinstance(one.fact, kind) and (one.where.source, one.where.dataset) == about
            ),
            None,
        )


def newest_proof(ledger: Path) -> RunEntries:
    """The last run of a ledger that proved all it had planned."""
    proofs = [one for one in runs_of(entries(ledger)) if one.started.job == Job.PROVE]
    return [one for one in proofs if one.finished is not None and one.verdicts][-1]


def require_simulated(of: RunEntries) -> None:
    """Raise ConfigurationError unless all that the run observed is simulated: what a real source
    said on one night says nothing of another.
    """
    known = {*of.started.evidence_class.values()}
    known |= {one.where.evidence_class for one in of.facts if one.where.evidence_class}
    if not known or known != {EvidenceClass.SIMULATED}:
        found = ", ".join(sorted(known)) or "unknown"
        raise ConfigurationError(
            f"run {of.run} has evidence of class {found}: replay practice servers alone, and "
            "prove other sources night after night"
        )


def replaying(before: Before) -> Workplace:
    """Where a run is answered with what was recorded. Raises as `require_simulated` does."""
    require_simulated(before.of)

    @contextmanager
    def workplace() -> Iterator[Work]:
        yield lambda run, task, tell: _tell_again(before, run, task, tell)

    return workplace


def _require_said(before: Before, run: Run) -> None:
    launch = run.config.launch
    if launch is None or launch.replays != before.of.run:
        raise ConfigurationError(
            f"a run that replays {before.of.run} must say so in its launch: name it as replays"
        )


def _tell_again(before: Before, run: Run, task: Task, tell: Tell) -> None:
    _require_said(before, run)
    match task:
        case Read():
            if run.systems[task.source].evidence_class is not EvidenceClass.SIMULATED:
                raise ConfigurationError(f"{task.source} is no practice server: prove it instead")
            probed = before.fact(task.source, None, Probed)
            if task.probe and probed is not None:
                tell(Asked(probed=probed))
            for one in task.datasets:
                take_folder(one.path.parent)
                os.close(make_file(one.path))  # empty: no row lands again
                tell(_read(before, task.source, one.dataset))
        case Count(promised=promised):
            facts = (one.fact for one in before.of.facts)
            [found] = [f for f in facts if isinstance(f, Overlap) and f.promised == promised]
            tell(Counted(found=found.found, failure=found.failure))
        case AskColumns():
            raise ConfigurationError(
                "a replay of this pilot asks no source for columns: run seatrial drift"
            )


def _read(before: Before, source: str, dataset: str) -> Done:
    reading = before.fact(source, dataset, Reading)
    if reading is None:
        raise ConfigurationError(
            f"run {before.of.run} did not read {source}.{dataset}: replay one that read all"
        )
    return Done(
        reading=shifted(reading, before.days * _DAY),
        evaluation=before.fact(source, dataset, Evaluation),
        profile=before.fact(source, dataset, Profile),
    )


def shifted(reading: Reading, by: timedelta) -> Reading:
    """The same reading, made so long before.

    A source with files keeps as many of them: those that were not there yet are told again under
    earlier days, by whole rounds of all their days, so that a file of one day is the same on every
    night. Other sources deliver what is read, at the time it is read. What is told of another day
    has another digest: the same bytes twice would be no new delivery.
    """
    slot = reading.slot - by
    days = [one.day for one in reading.deliveries if one.day is not None]
    round_ = max(days) - min(days) + _DAY if days else _DAY
    deliveries = [_earlier(one, reading, slot, by, round_) for one in reading.deliveries]
    events = [one.newest_event_at for one in deliveries if one.newest_event_at is not None]
    return replace(
        reading,
        slot=slot,
        night=reading.night and reading.night - by,
        started_at=reading.started_at - by,
        newest_event_at=max(events, default=None),
        sha256=reading.sha256 and _other_digest(reading.sha256, slot),
        oldest_event_at=reading.oldest_event_at and reading.oldest_event_at - by,
        deliveries=tuple(sorted(deliveries, key=lambda one: (one.day or slot, one.name))),
    )


def _earlier(
    one: Delivery, reading: Reading, slot: date, by: timedelta, round_: timedelta
) -> Delivery:
    if is_the_reading(one, reading):
        back, name = by, own_delivery(reading.dataset, slot)
    elif one.day is None:
        back, name = by, one.name
    else:
        back = round_ * max(0, -(-(one.day - slot + _DAY) // round_))
        name = one.name
        for form in _DATES:
            name = name.replace(f"{one.day:{form}}", f"{one.day - back:{form}}")
    if not back:
        return one
    return replace(
        one,
        name=name,
        sha256=_other_digest(one.sha256, name),
        day=one.day and one.day - back,
        available_at=one.available_at - back,
        newest_event_at=one.newest_event_at and one.newest_event_at - back,
    )


def _other_digest(digest: str, of: object) -> str:
    return hashlib.sha256(f"{digest} replayed {of}".encode()).hexdigest()
