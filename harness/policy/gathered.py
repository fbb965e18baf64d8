"""What a policy is compared with, of the entries of one pilot in one environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

from harness import tags
from harness.facts import Reading
from harness.ledger.body import decoded
from harness.ledger.chain import Entry
from harness.ledger.promised import Promised, promises_in
from harness.policy.records import Recorded, recorded_in
from harness.result import Planned
from harness.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A run that owed verdicts, and the digests of what it held them against."""

    run: str
    slot: date
    seq: int
    promises: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Gathered:
    """In the order of the ledger."""

    recorded: list[Recorded] = field(default_factory=list)
    promised: dict[str, Promised] = field(default_factory=dict)
    """By the digest that runs name."""
    runs: list[Held] = field(default_factory=list)
    first_reading: int | None = None
    """Its place in the ledger."""
    first_run: str | None = None
    arrived: set[Planned] = field(default_factory=set)
    """What was judged at least once."""


class _Of(msgspec.Struct):
    pilot: str
    environment: str
    source: str | None = None
    dataset: str | None = None


class _Started(msgspec.Struct):
    slot: date
    planned: list[msgspec.Raw] = []
    promises: dict[str, str] = {}


class _Judged(msgspec.Struct):
    claim: str
    outcome: str


class _Verdict(msgspec.Struct):
    verdict: _Judged


def gather(entries: Iterable[Entry], *, pilot: str, environment: str) -> Gathered:
    """Raises Unreadable, a ValueError, for a body that does not read."""
    known, own = Gathered(), list[Entry]()
    for entry in entries:
        of = decoded(entry, _Of)
        if (of.pilot, of.environment) == (pilot, environment):
            own.append(entry)
            _add(known, entry, of)
    known.recorded = list(recorded_in(own, pilot=pilot, environment=environment))
    known.promised = {one.promises.digest: one.promises for one in promises_in(own)}
    return known


def _add(known: Gathered, entry: Entry, of: _Of) -> None:
    if entry.kind == "started":
        started = decoded(entry, _Started)
        if started.planned:
            held = started.promises
            known.runs.append(Held(run=entry.run, slot=started.slot, seq=entry.seq, promises=held))
    elif entry.kind == tags.FACTS[Reading] and known.first_reading is None:
        known.first_reading, known.first_run = entry.seq, entry.run
    elif entry.kind == tags.VERDICT:
        said = decoded(entry, _Verdict).verdict
        if said.outcome != Outcome.NOT_RUN:
            source, dataset = str(of.source), of.dataset
            known.arrived.add(Planned(source=source, dataset=dataset, claim=said.claim))
