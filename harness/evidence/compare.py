"""What changed between two runs of one pilot; pure.

    verdicts of A, verdicts of B ─ compare ─▶ only what differs, in the order of both plans

It speaks of the difference alone: what was broken and still is has not changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from harness.alerts.incident import BAD
from harness.errors import ConfigurationError
from harness.facts import EvidenceClass
from harness.report.summary import WORST_FIRST
from harness.result import Planned
from harness.verdict import GOOD, Basis, Outcome

_GOOD: Mapping[Outcome, int] = {Outcome.PROVEN: 3, Outcome.WAIVED: 2}
"""What is neither good nor bad is 1: nobody can know it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one run said of one planned verdict."""

    outcome: Outcome
    because: str
    evidence_class: EvidenceClass
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two runs."""

    name: str
    """As it was asked for."""
    pilot: str
    environment: str
    run: str
    slot: str
    """The night that it was recorded for."""
    owed: int
    """Verdicts that the pilot owes; more than there are if the run was asked for a part."""
    code: str | None
    """The code that judged; None in files that do not say."""
    contracts: Mapping[str, str]
    """The digest of each dataset's contract, as far as it is known."""
    verdicts: Mapping[Planned, Said]

    @property
    def ready(self) -> bool:
        """Whether every verdict owed is there and good."""
        whole = bool(self.verdicts) and len(self.verdicts) == self.owed
        return whole and all(one.outcome in GOOD for one in self.verdicts.values())


class Way(Enum):
    """How a verdict changed, from what we may rely on."""

    WORSE = "worse"
    """Another outcome that is less, or weaker evidence for the same one."""
    GONE = "gone"
    """A judged it and B does not have it."""
    OTHER = "other"
    """Neither better nor worse: as other numbers of what is still wrong."""
    NEW = "new"
    """B judged it and A did not have it."""
    BETTER = "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One planned verdict that differs."""

    planned: Planned
    before: Said | None
    now: Said | None
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """All that differs between two runs."""

    before: Side
    now: Side
    changes: tuple[Change, ...]
    same: Mapping[Outcome, int]
    """How many did not change, by their outcome, worst first."""

    @property
    def is_worse(self) -> bool:
        """Whether anything is worse or gone."""
        return any(one.way in (Way.WORSE, Way.GONE) for one in self.changes)

    @property
    def counts(self) -> Mapping[Way, int]:
        """How many changed in each way that occurs."""
        seen = Counter(one.way for one in self.changes)
        return {way: seen[way] for way in Way if seen[way]}


def compare(before: Side, now: Side) -> Compared:
    """What differs. Raises ConfigurationError for runs of two pilots."""
    if before.pilot != now.pilot:
        raise ConfigurationError(
            f"{before.name} is of the pilot {before.pilot} and {now.name} of {now.pilot}: "
            "name two runs of one pilot"
        )
    changes = tuple(_changes(before.verdicts, now.verdicts))
    changed = {one.planned for one in changes}
    same = Counter(said.outcome for one, said in now.verdicts.items() if one not in changed)
    return Compared(
        before=before,
        now=now,
        changes=changes,
        same={outcome: same[outcome] for outcome in WORST_FIRST if same[outcome]},
    )


def _changes(before: Mapping[Planned, Said], now: Mapping[Planned, Said]) -> Iterator[Change]:
    """In the order of A's plan, then what B alone has."""
    for planned in dict.fromkeys((*before, *now)):
        old, new = before.get(planned), now.get(planned)
        if (way := _way(old, new)) is not None:
            yield Change(planned=planned, before=old, now=new, way=way)


def _way(old: Said | None, new: Said | None) -> Way | None:
    """None where nothing changed. Other words of what is still good or unproven are no change:
    every night has numbers of its own.
    """
    if old is None or new is None:
        return Way.NEW if old is None else Way.GONE
    outcome, *evidence = (now - was for was, now in zip(_ranks(old), _ranks(new), strict=True))
    if outcome < 0 or (outcome == 0 and min(evidence) < 0):
        return Way.WORSE
    if min(evidence) >= 0 and max(outcome, *evidence) > 0:
        return Way.BETTER
    told = (old.because, new.because) if new.outcome in BAD else ("", "")
    differs = outcome > 0 or old.outcome is not new.outcome or told[0] != told[1]
    return Way.OTHER if differs else None


def _ranks(said: Said) -> tuple[int, int, int]:
    """How good the outcome is, how near its evidence is to production, whether it was measured."""
    return (
        0 if said.outcome in BAD else _GOOD.get(said.outcome, 1),
        tuple(EvidenceClass).index(said.evidence_class),
        int(said.basis is Basis.MEASURED),
    )
