"""All that the checklist is filled from, and how an item is answered; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import TypeVar

from harness.amendments.standing import gather, standing
from harness.amendments.statement import counting
from harness.claims import wording
from harness.evidence.evidence import Evidence
from harness.evidence.runs import EvidenceRun, FactEntry
from harness.facts import Fact, Probed, Reading
from harness.governance.items import By
from harness.pilot.governance_settings import Governance
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import verdicts_owed
from harness.pilot.settings import Owner
from harness.result import Excuse, Planned
from harness.signing.register import Register

_SHOWN = 4
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is known of one item."""

    by: By
    says: str
    """The answer, or what is missing, as a clause."""
    sources: tuple[str, ...] = ()
    """Where something is missing: the sources whose owners can fill it."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A pilot in one environment, with what its ledger holds; None where nothing was read yet."""

    loaded: LoadedPilot
    environment: str
    evidence: Evidence | None
    today: date
    register: Register | None = None
    """Whose keys count on an amendment; without one, each counts as its own."""

    @property
    def governance(self) -> Governance:
        """What people wrote; nothing where they wrote nothing."""
        return self.loaded.settings.governance or Governance()

    @property
    def sources(self) -> tuple[str, ...]:
        """The pilot's sources, by name."""
        return tuple(source.name for source in self.loaded.pilot.sources)

    @cached_property
    def datasets(self) -> tuple[tuple[str, str], ...]:
        """The pilot's datasets, each with its source."""
        return tuple((s.name, c.name) for s in self.loaded.pilot.sources for c in s.contracts)

    @property
    def run(self) -> EvidenceRun | None:
        """The newest run that was to prove."""
        return self.evidence.newest if self.evidence else None

    @cached_property
    def readings(self) -> Mapping[tuple[str, str], tuple[EvidenceRun, FactEntry, Reading]]:
        """The newest reading of each dataset that did not fail, with its run."""
        return {
            (fact.source, fact.dataset): (run, entry, fact)
            for run, entry in self._entries()
            if isinstance(fact := entry.fact, Reading) and fact.failure is None
        }

    @cached_property
    def probed(self) -> Mapping[str, Probed]:
        """What each source was last asked about log-ins and rights."""
        return {
            fact.source: fact
            for _, entry in self._entries()
            if isinstance(fact := entry.fact, Probed)
        }

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """Each source's newest address, as it was observed: without credentials."""
        return {
            entry.origin.source: entry.origin.endpoint
            for _, entry in self._entries()
            if entry.origin.source and entry.origin.endpoint
        }

    def word(self, source: str, claim: str) -> str | None:
        """A person's word on a claim that no fact answers, as a clause: a signature that holds all
        of today, or that it is not planned; None where there is none.
        """
        planned = Planned(source=source, dataset=None, claim=claim)
        if planned not in verdicts_owed(self.loaded.pilot):
            return "not planned"
        if (excuse := self.excuses.get(planned)) is None:
            return None
        return f"{excuse.kind} by {excuse.by} until {excuse.until:%Y-%m-%d}"

    @cached_property
    def excuses(self) -> Mapping[Planned, Excuse]:
        """What amendments excuse, all of today."""
        if self.evidence is None:
            return {}
        own, owed = self.evidence.own, verdicts_owed(self.loaded.pilot)
        of = {"pilot": self.evidence.pilot, "environment": self.evidence.environment}
        stands = standing(
            gather(own, owed, **of),
            owed,
            counting(own, register=self.register, **of),
            datetime.combine(self.today, time.max, tzinfo=self.loaded.zone),
            validity=self.loaded.settings.validity,
        )
        return {one.planned: one.excuse for one in stands if one.excuse is not None}

    def of_datasets(self, kind: type[F]) -> dict[tuple[str, str], F]:
        """The newest fact of one kind for each dataset."""
        return {
            (entry.origin.source, entry.origin.dataset): entry.fact
            for _, entry in self._entries()
            if isinstance(entry.fact, kind) and entry.origin.source and entry.origin.dataset
        }

    def owner(self, source: str) -> Owner:
        """Who answers for a source."""
        return self.loaded.settings.owners.get(source, Owner())

    def _entries(self) -> Iterable[tuple[EvidenceRun, FactEntry]]:
        runs = self.evidence.runs if self.evidence else ()
        return ((run, entry) for run in runs for entry in run.facts)


def facts(says: str) -> Answered:
    """Filled by what the harness knows."""
    return Answered(by=By.FACTS, says=says)


def people(says: str) -> Answered:
    """Filled by what somebody wrote."""
    return Answered(by=By.PEOPLE, says=says)


def missing(says: str, *, sources: Iterable[str] = ()) -> Answered:
    """Filled by nobody."""
    return Answered(by=By.MISSING, says=says, sources=tuple(dict.fromkeys(sources)))


def each(names: Iterable[str]) -> str:
    """Some names, and how many more there are."""
    return wording.first([wording.name(one) for one in names], at_most=_SHOWN)


def of_each(
    wanted: Iterable[tuple[str, str]], found: Iterable[tuple[str, str]], says: str, lacks: str
) -> Answered:
    """Filled by facts if every dataset has one; else it names those that have none."""
    known = set(found)
    without = [one for one in wanted if one not in known]
    if not without and known:
        return facts(says)
    names = each(f"{source}.{dataset}" for source, dataset in without) if without else "anything"
    return missing(f"{lacks} {names}", sources=[source for source, _ in without])
