"""The runs in a ledger's entries, as evidence shows them; pure.

Nothing but entries is read: neither the pilot's files nor the tables `runs` and `cursors`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from harness import tags
from harness.claims.judge import not_run
from harness.claims.nights import counted_from, date_in
from harness.facts import EvidenceClass, Fact
from harness.ledger.body import decoded, part, told
from harness.ledger.chain import Entry
from harness.ledger.ledger import Header, Origin
from harness.result import Judged, Planned, RecordedVerdict
from harness.run.config import Job
from harness.run.keep import Kept

SIGNALS = frozenset({tags.ERRORS[KeyboardInterrupt], tags.ERRORS[SystemExit]})
"""What ended a run that a person or the machine stopped."""


class State(StrEnum):
    """How a run ended. Each has exactly one."""

    FINISHED = "finished"
    FAILED = "failed"
    """An error ended it, and it could still say so."""
    INTERRUPTED = "interrupted"
    """A signal ended it, or it was killed."""
    RUNNING = "running"
    """It has not ended, or no later run has noticed that it was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactEntry:
    """A fact with where it came from and its place in the ledger."""

    seq: int
    at: datetime
    origin: Origin
    kind: str
    """Its tag, as `reading`."""
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEntry:
    """Landed rows that were kept, with where they came from and the entry's place."""

    seq: int
    at: datetime
    origin: Origin
    kept: Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRun:
    """One run of the pilot."""

    number: int
    """Among all runs of the ledger, from 1."""
    header: Header
    job: str
    """`prove` or `drift`; what a run beside them does, as an acknowledgement, plans nothing."""
    zone: str
    """The pilot's, in which its night is counted."""
    night: date
    """In the pilot's zone; `header.slot` is the night that it was recorded for."""
    started_at: datetime
    ended_at: datetime | None
    """For a killed run, when that was noticed."""
    state: State
    because: str
    """Why it did not finish, in words; empty if it did."""
    armed: tuple[str, ...]
    """The schedules that were armed when it began."""
    planned: tuple[Planned, ...]
    promises: Mapping[str, str]
    """The digest of what it held its verdicts against, by source and by `source.dataset`; empty
    for a run that did not record it."""
    owed: int
    """Verdicts that the pilot owes as a whole, if the run has finished; else those planned."""
    judged: tuple[Judged, ...]
    """One for each of `planned`, in its order; NOT_RUN where the run recorded none."""
    verdict_seq: tuple[int | None, ...]
    """The place in the ledger of each of `judged`; None where the run recorded none."""
    facts: tuple[FactEntry, ...]
    kept: tuple[KeptEntry, ...]
    seq: tuple[int, int]
    """Its first and its last entry. Entries of other runs may lie between."""
    head: str
    """The sha256 of its last entry."""

    @property
    def judges(self) -> bool:
        """Whether it was to judge anything."""
        return bool(self.planned)


class _Started(msgspec.Struct):
    at: datetime
    planned: tuple[Planned, ...] = ()
    due_at: datetime | None = None
    armed: tuple[str, ...] = ()
    job: str = Job.PROVE
    zone: str | None = None
    promises: Mapping[str, str] = {}
    evidence_class: Mapping[str, EvidenceClass] = {}


class _Ended(msgspec.Struct):
    at: datetime
    planned: int | None = None
    by: str | None = None
    noticed_by: str | None = None


class _At(msgspec.Struct):
    at: datetime


_FACT_TYPES: Mapping[str, type[Fact]] = {tag: of for of, tag in tags.FACTS.items()}
_ENDS = {state.value for state in State}


def runs_in(
    entries: Iterable[Entry], *, pilot: str, environment: str, zone: str
) -> list[EvidenceRun]:
    """Every run of a pilot in one environment, in the ledger's order. `zone` is that of runs which
    did not record theirs.
    """
    by_run: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_run[entry.run].append(entry)
    return [
        _run(number, header, own, zone)
        for number, own in enumerate(by_run.values(), start=1)
        if (header := decoded(own[0], Header)).pilot == pilot and header.environment == environment
    ]


def _run(number: int, header: Header, own: Sequence[Entry], zone: str) -> EvidenceRun:
    with told(own[0]):
        return _read(number, header, own, zone)


def _read(number: int, header: Header, own: Sequence[Entry], zone: str) -> EvidenceRun:
    started: _Started = decoded(own[0], _Started)
    end = next((one for one in reversed(own) if one.kind in _ENDS), None)
    ended: _Ended | None = None if end is None else decoded(end, _Ended)
    verdicts = {
        one.planned: (entry.seq, one)
        for entry in own
        if entry.kind == tags.VERDICT
        for one in (_verdict(entry),)
    }
    state, because = _state(end, ended)
    moment = counted_from(started.at, due_at=started.due_at or started.at)
    return EvidenceRun(
        number=number,
        header=header,
        job=started.job,
        zone=started.zone or zone,
        night=date_in(ZoneInfo(started.zone or zone), moment),
        started_at=started.at,
        ended_at=None if ended is None else ended.at,
        state=state,
        because=because,
        armed=started.armed,
        planned=started.planned,
        promises=started.promises,
        owed=(ended and ended.planned) or len(started.planned),
        judged=tuple(_judged(one, verdicts, started.evidence_class) for one in started.planned),
        verdict_seq=tuple(
            verdicts[one][0] if one in verdicts else None for one in started.planned
        ),
        facts=tuple(_facts(own)),
        kept=tuple(_kept(own)),
        seq=(own[0].seq, own[-1].seq),
        head=own[-1].sha256,
    )


def _state(end: Entry | None, ended: _Ended | None) -> tuple[State, str]:
    if end is None or ended is None:
        return State.RUNNING, "the ledger holds no end of it"
    if end.kind == State.FINISHED:
        return State.FINISHED, ""
    if ended.noticed_by:
        return State.INTERRUPTED, f"it was killed; run {ended.noticed_by} noticed it"
    if ended.by is None or ended.by in SIGNALS:
        return State.INTERRUPTED, f"it was interrupted by {ended.by or 'an error'}"
    return State.FAILED, f"it was ended by {ended.by}"


def _verdict(entry: Entry) -> RecordedVerdict:
    one: RecordedVerdict = decoded(entry, RecordedVerdict)
    return one


def _judged(
    planned: Planned,
    verdicts: Mapping[Planned, tuple[int, RecordedVerdict]],
    classes: Mapping[str, EvidenceClass],
) -> Judged:
    if planned in verdicts:
        one = verdicts[planned][1]
        return Judged(planned=planned, verdict=one.verdict, evidence_class=one.evidence_class)
    same = (one.evidence_class for _, one in verdicts.values() if one.source == planned.source)
    return Judged(
        planned=planned,
        verdict=not_run(planned.claim),
        evidence_class=next(same, classes.get(planned.source, EvidenceClass.SIMULATED)),
    )


def _facts(own: Iterable[Entry]) -> Iterator[FactEntry]:
    for entry in own:
        if entry.kind in _FACT_TYPES:
            at, origin = _parts(entry)
            fact = part(entry, entry.kind, _FACT_TYPES[entry.kind])
            yield FactEntry(seq=entry.seq, at=at, origin=origin, kind=entry.kind, fact=fact)


def _kept(own: Iterable[Entry]) -> Iterator[KeptEntry]:
    for entry in own:
        if entry.kind == tags.KEPT:
            at, origin = _parts(entry)
            kept = part(entry, tags.KEPT, Kept)
            yield KeptEntry(seq=entry.seq, at=at, origin=origin, kept=kept)


def _parts(entry: Entry) -> tuple[datetime, Origin]:
    return decoded(entry, _At).at, decoded(entry, Origin)
