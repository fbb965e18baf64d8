"""Which demands a run has tested: demand -> claims -> facts -> outcomes, or why not; pure.

judged, number of entries of each kind ─ cover ─▶ one row for each demand ─ render ─▶ JSON
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.coverage.demands import Demand, demands
from harness.facts import EvidenceClass
from harness.result import Judged, NotPlanned
from harness.verdict import Outcome

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What a run shows of one demand."""

    demand: Demand
    outcomes: Mapping[Outcome, int]
    """The verdicts of its claims, NOT_RUN among them, in the order of `Outcome`."""
    classes: tuple[EvidenceClass, ...]
    """The classes of evidence of those that ran."""
    recorded: Mapping[str, int]
    """Ledger entries of each of its kinds, 0 among them. They prove nothing."""
    not_tested: tuple[str, ...]
    """Everything that is not shown, as clauses: what the demand's claims leave open, then what
    this run left out."""

    @property
    def tested(self) -> bool:
        """Whether a verdict of its claims ran. However it came out: coverage is no result."""
        return any(n for outcome, n in self.outcomes.items() if outcome is not Outcome.NOT_RUN)


def cover(
    judged: Iterable[Judged], kinds: Mapping[str, int], not_planned: Sequence[NotPlanned] = ()
) -> tuple[Covered, ...]:
    """One row for each demand. `kinds` are the numbers of ledger entries by kind, and
    `not_planned` the claims on which a source owes no verdict.
    """
    by_claim: dict[str, list[Judged]] = {}
    for one in judged:
        by_claim.setdefault(one.planned.claim, []).append(one)
    return tuple(_cover(demand, by_claim, kinds, not_planned) for demand in demands())


def document(rows: Sequence[Covered]) -> dict[str, Any]:
    """The table as JSON values."""
    return {
        "format": FORMAT,
        "demands": len(rows),
        "tested_in_part": sum(row.tested for row in rows),
        "rows": [_row(row) for row in rows],
    }


def sentence(rows: Iterable[Covered]) -> str:
    """How many demands are tested, and nothing about how that came out."""
    tested = [row.tested for row in rows]
    return (
        f"{sum(tested)} of {len(tested)} demands are tested in part, "
        f"{len(tested) - sum(tested)} by no verdict."
    )


def _cover(
    demand: Demand,
    by_claim: Mapping[str, list[Judged]],
    kinds: Mapping[str, int],
    not_planned: Sequence[NotPlanned],
) -> Covered:
    own = [one for claim in demand.claims for one in by_claim.get(claim, ())]
    ran = {one.evidence_class for one in own if one.original is not Outcome.NOT_RUN}
    counted = Counter(one.outcome for one in own)
    recorded = {kind: kinds.get(kind, 0) for kind in demand.records}
    return Covered(
        demand=demand,
        outcomes={outcome: counted[outcome] for outcome in Outcome if counted[outcome]},
        classes=tuple(known for known in EvidenceClass if known in ran),
        recorded=recorded,
        not_tested=(
            demand.not_tested,
            *_left_out(demand, by_claim, counted, recorded),
            *_not_planned(demand, not_planned),
        ),
    )


def _left_out(
    demand: Demand,
    by_claim: Mapping[str, list[Judged]],
    counted: Mapping[Outcome, int],
    recorded: Mapping[str, int],
) -> Iterator[str]:
    for claim in demand.claims:
        if claim not in by_claim:
            yield f"no verdict on {claim} was planned"
    if missed := counted.get(Outcome.NOT_RUN, 0):
        yield f"{missed} planned {'verdict' if missed == 1 else 'verdicts'} did not run"
    for kind, n in recorded.items():
        if not n:
            yield f"nothing was recorded as {kind}"


def _not_planned(demand: Demand, not_planned: Iterable[NotPlanned]) -> Iterator[str]:
    for one in not_planned:
        if one.claim in demand.claims:
            yield f"{one.claim} of {one.source} is not planned because {one.because}"


def _row(row: Covered) -> dict[str, Any]:
    demand = row.demand
    return {
        "id": demand.id,
        "source": demand.source,
        "words": demand.words,
        "asks": demand.asks,
        "threshold": demand.threshold,
        "claims": demand.claims,
        "facts": demand.facts,
        "command": demand.command and f"seatrial {demand.command}",
        "tested": row.tested,
        "outcomes": {str(outcome): n for outcome, n in row.outcomes.items()},
        "evidence_classes": [str(one) for one in row.classes],
        "recorded": dict(row.recorded),
        "not_tested_because": row.not_tested,
    }
