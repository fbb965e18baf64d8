"""One run's entries as a verdict needs them: what it was held against, its facts, its verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from harness import tags
from harness.facts import EvidenceClass, Fact
from harness.ledger.body import decoded, part
from harness.ledger.chain import Entry
from harness.ledger.earlier import Night
from harness.result import Planned

T = TypeVar("T", bound=Fact)
_FACTS: Mapping[str, type[Fact]] = {tag: kind for kind, tag in tags.FACTS.items()}


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """What a run says first. What was not said before has its default."""

    pilot: str
    environment: str
    slot: date
    code: str
    planned: tuple[Planned, ...] = ()
    job: str = "prove"
    promises: Mapping[str, str] | None = None
    """The digest of what each source and dataset promised; None in runs recorded before."""
    zone: str = "UTC"
    evidence_class: Mapping[str, EvidenceClass] = {}

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)  # raises for what is none

    @property
    def night(self) -> Night:
        """What it is recorded for."""
        zone = ZoneInfo(self.zone)
        return Night(pilot=self.pilot, environment=self.environment, slot=self.slot, zone=zone)


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """What a run says last. An acknowledgement, which judges nothing, says nothing of these."""

    planned: int | None = None
    executed: int | None = None
    ready: bool | None = None


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fact or a verdict comes from."""

    source: str
    dataset: str | None = None
    endpoint: str | None = None
    contract: str | None = None
    evidence_class: EvidenceClass | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact with its place in the ledger."""

    seq: int
    where: Where
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A recorded verdict, as bytes: what is compared."""

    seq: int
    where: Where
    claim: str
    outcome: str
    measured: bool
    verdict: bytes

    @property
    def planned(self) -> Planned:
        """What it is the verdict on."""
        return Planned(source=self.where.source, dataset=self.where.dataset, claim=self.claim)


@dataclass(slots=True, kw_only=True)
class RunEntries:
    """The entries of one run, in order."""

    run: str
    seq: int
    """Of its first entry."""
    started: Started
    facts: list[Known] = field(default_factory=list)
    verdicts: list[Given] = field(default_factory=list)
    finished: Finished | None = None

    @property
    def measured(self) -> bool:
        """Whether any of its verdicts says how bad it is; none does in an earlier release."""
        return any(one.measured for one in self.verdicts)

    def of(
        self, source: str, dataset: str | None, kind: type[T], *, before: int
    ) -> Sequence[tuple[Where, T]]:
        """The facts of one kind about a dataset that were known before a place in the ledger."""
        return [
            (one.where, one.fact)
            for one in self.facts
            if isinstance(one.fact, kind)
            and (one.where.source, one.where.dataset) == (source, dataset)
            and one.seq < before
        ]

    def classes(self, source: str) -> set[EvidenceClass]:
        """What the facts about a source say that they are worth, if they say it."""
        about = (one.where for one in self.facts if one.where.source == source)
        return {one.evidence_class for one in about if one.evidence_class is not None}

    def of_source(self, source: str, *, before: int) -> list[Fact]:
        """All facts about a source and its datasets that were known then."""
        return [one.fact for one in self.facts if one.where.source == source and one.seq < before]


def runs_of(entries: Iterable[Entry]) -> Iterator[RunEntries]:
    """Each run, by their beginnings. Raises ValueError for a body that does not read."""
    runs: dict[str, RunEntries] = {}
    for entry in entries:
        if entry.kind == "started":
            started = decoded(entry, Started)
            runs[entry.run] = RunEntries(run=entry.run, seq=entry.seq, started=started)
        elif (run := runs.get(entry.run)) is not None:
            _add(run, entry)
    yield from runs.values()


def _add(run: RunEntries, entry: Entry) -> None:
    if entry.kind in _FACTS:
        fact: Any = part(entry, entry.kind, _FACTS[entry.kind])
        run.facts.append(Known(seq=entry.seq, where=_where(entry), fact=fact))
    elif entry.kind == tags.VERDICT:
        says = part(entry, tags.VERDICT, _Says)
        run.verdicts.append(
            Given(
                seq=entry.seq,
                where=_where(entry),
                claim=says.claim,
                outcome=says.outcome,
                measured=bool(says.measures),
                verdict=bytes(part(entry, tags.VERDICT, msgspec.Raw)),
            )
        )
    elif entry.kind == "finished":
        run.finished = decoded(entry, Finished)


class _Says(msgspec.Struct):
    claim: str
    outcome: str
    measures: tuple[msgspec.Raw, ...] = ()


def _where(entry: Entry) -> Where:
    return decoded(entry, Where)
