"""The result of one run: every planned verdict, the facts, and where it ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from harness.facts import EvidenceClass, Fact
from harness.timetable import Schedule
from harness.verdict import GOOD, Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One verdict that the pilot owes, planned before anything is read."""

    source: str
    dataset: str | None
    """None for a claim about the source itself."""
    claim: str


class Kind(StrEnum):
    """What a person signs of a verdict that is not PROVEN."""

    WAIVER = "waiver"
    """That a BROKEN one is excused."""
    ACCEPTANCE = "acceptance"
    """That the risk of an UNPROVEN one is accepted."""
    ATTESTATION = "attestation"
    """Their word on what the source cannot be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """A person's signature that keeps a verdict from standing in the way."""

    kind: Kind
    number: int
    """Of the amendment, by which the ledger and people name it."""
    by: str
    role: str
    reason: str
    until: datetime
    """The first moment at which it has no effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Evidence that is too old to count."""

    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A planned verdict with its outcome. The verdict is what the facts gave, and stays it."""

    planned: Planned
    verdict: Verdict
    evidence_class: EvidenceClass
    excuse: Excuse | None = None
    stale: Stale | None = None

    @property
    def outcome(self) -> Outcome:
        """What counts: STALE where the evidence is too old, WAIVED where somebody signed."""
        if self.stale is not None:
            return Outcome.STALE
        return self.original if self.excuse is None else Outcome.WAIVED

    @property
    def original(self) -> Outcome:
        """What the facts gave."""
        return self.verdict.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlanned:
    """A claim on which a source owes no verdict, because it cannot be asked."""

    source: str
    claim: str
    because: str
    """As the pilot says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedVerdict:
    """The ledger's entry of a verdict."""

    run: str
    slot: date
    at: datetime
    source: str
    evidence_class: EvidenceClass
    verdict: Verdict
    """The field has the name that `tags.VERDICT` gives a verdict."""
    dataset: str | None = None

    @property
    def planned(self) -> Planned:
        """What it is the verdict on."""
        return Planned(source=self.source, dataset=self.dataset, claim=self.verdict.claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedNight:
    """A night of an armed schedule without a whole run. Persisted by the rules of
    `harness/facts.py`: new fields are LATER.
    """

    schedule: str
    """As `nightly`."""
    night: date
    due_at: datetime
    because: str
    outcome: Outcome = Outcome.NOT_RUN


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMiss:
    """The ledger's entry of a night that did not run."""

    pilot: str
    environment: str
    run: str
    """The run that recorded it."""
    missed: MissedNight
    """The field has the name that `tags.MISSED` gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracted:
    """The digest of a contract that a run judged by."""

    source: str
    dataset: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What ties a result to its ledger, and to what it was judged by."""

    head: str
    """SHA-256 of the run's last entry, which follows every entry before it."""
    entries: int
    """How many entries the ledger has up to it."""
    runs: int
    """How many ended runs the checkpoint covers."""
    root: str
    """Of the tree over their heads, in base64."""
    signed_by: str | None
    """The id of the key that signed the checkpoint."""
    unsigned: str | None
    """Why none did."""
    commit: str | None
    """Of the pilot's checkout; None where it is in none."""
    configuration: str | None
    """The digest of `pilot.yaml` and the pilot's modules."""
    contracts: tuple[Contracted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run of one pilot. `judged` has each requested verdict once, in the plan's order."""

    pilot: str
    title: str
    environment: str
    run: str
    slot: date
    zone: str
    code: str
    """The release and digest of the code that judged, as `seatrial --version` shows it."""
    started_at: datetime
    ended_at: datetime
    judged: tuple[Judged, ...]
    facts: tuple[Fact, ...]
    by: str = ""
    """Who began it, where and how, in words."""
    omitted: int = 0
    """Verdicts that the pilot also owes but this run did not include."""
    not_planned: tuple[NotPlanned, ...] = ()
    """The claims of its sources on which no verdict is owed."""
    uncovered: tuple[Planned, ...] = ()
    """Those of `judged` that stand for datasets which a source names without a contract. They are
    NOT_RUN, so the pilot is not ready."""
    untold: tuple[str, ...] = ()
    """Who should have been told and was not, one line each. The next run tries again."""
    missed: tuple[RecordedMiss, ...] = ()
    """Nights of the last 30 that did not run, oldest first, whichever run recorded them."""
    clock_jump: timedelta = timedelta()
    """How far this machine's clock was set during the run; zero if it was not."""
    schedules: tuple[Schedule, ...] = ()
    """What is started every night, or is not armed."""
    provenance: Provenance | None = None
    """None while the run goes on."""

    @property
    def newly_missed(self) -> tuple[RecordedMiss, ...]:
        """Those that this run has recorded."""
        return tuple(one for one in self.missed if one.run == self.run)

    @property
    def planned(self) -> int:
        """Number of verdicts that the pilot owes, including those not requested."""
        return len(self.judged) + self.omitted

    @property
    def executed(self) -> int:
        """Number of verdicts whose check ran."""
        return sum(j.original is not Outcome.NOT_RUN for j in self.judged)

    @property
    def ready(self) -> bool:
        """Whether every verdict of the pilot is PROVEN or WAIVED; False for a part of the plan."""
        return self._whole and all(j.outcome in GOOD for j in self.judged)

    @property
    def proven(self) -> bool:
        """The same by the facts alone, whatever was signed: what the ledger keeps of a run."""
        return self._whole and all(j.original in GOOD for j in self.judged)

    @property
    def _whole(self) -> bool:
        return bool(self.judged) and not self.omitted
