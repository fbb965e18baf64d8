"""What is to be done about a verdict that is in the way: words for all readers."""

from __future__ import annotations

from collections.abc import Mapping

from harness.claims import CLAIMS
from harness.claims.claim import BRING, MEND, Todo, Who
from harness.result import Judged
from harness.verdict import Outcome

WHATEVER_IT_CLAIMS: Mapping[Outcome, Todo] = {
    Outcome.ERROR: Todo(
        who=Who.ENGINEERING,
        what="Remove what kept this from being judged, and prove again.",
    ),
    Outcome.NOT_RUN: Todo(
        who=Who.ENGINEERING, what="Have this checked: it was planned, and nobody looked."
    ),
    Outcome.STALE: Todo(
        who=Who.ENGINEERING, what="Prove this again: what was shown is too old to count."
    ),
    Outcome.WAIVED: Todo(
        who=Who.OWNER, what="Mend what is excused, or have it signed again before it ends."
    ),
}


def work(judged: Judged) -> Todo:
    """Who is to do what about a verdict that is not PROVEN; of a claim of another release, too."""
    if judged.outcome in WHATEVER_IT_CLAIMS:
        return WHATEVER_IT_CLAIMS[judged.outcome]
    known = (claim for claim in CLAIMS if claim.name == judged.planned.claim)
    if judged.outcome is Outcome.BROKEN:
        return next((claim.if_broken for claim in known), MEND)
    return next((claim.if_unproven for claim in known), BRING)
