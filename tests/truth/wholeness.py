"""Kind 4: a source declares more than it gives, and every claim on its rows is told."""

from __future__ import annotations

from datetime import timedelta

from contracts.promises import Promises, Quota
from harness.verdict import Outcome, Verdict
from tests.connectors.scripted import documents, paged, scripted
from tests.truth.situation import NUMBER, Ground, Situation, contract, proven

HELD = contract("parts", {"id": NUMBER}, Promises(key=("id",), cadence=timedelta(days=1)))


def _short(claim: str) -> Situation:
    def judge(ground: Ground) -> Verdict:
        """1,000 rows are declared on each of two pages, and 100 come."""
        half = [{"id": n} for n in range(50)], [{"id": n} for n in range(50, 100)]
        with scripted(paged(documents(*half, total=1_000))) as source:
            return proven(
                ground, source.rest(), HELD, claim=claim, quota=Quota(requests=1_000, seconds=60)
            )

    return Situation(
        kind=4,
        source="REST",
        name=f"1,000 rows declared, 100 given: {claim}",
        claim=claim,
        right=Outcome.BROKEN if claim == "complete" else Outcome.UNPROVEN,
        judge=judge,
    )


SITUATIONS = tuple(map(_short, ("complete", "conforms", "arrives", "within_budget")))
