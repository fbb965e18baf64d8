"""A claim that its source cannot be asked, and that is planned on a person's word.

Facts can still break it: a word never stands against a measurement. Where they say nothing, the
verdict stays UNPROVEN and says on whose word it waits; an attestation that is valid then counts
(`harness/amendments/effect.py`), and is shown beside it.
"""

from __future__ import annotations

from contracts.promises import SourcePromises
from harness.claims.measures import because_of
from harness.verdict import Basis, Outcome, Verdict


def by_word(promises: SourcePromises, measured: Verdict) -> Verdict:
    """The verdict on a claim of a source: as measured, unless it is planned on a person's word and
    nothing was measured.
    """
    if measured.claim not in promises.attested or measured.outcome is not Outcome.UNPROVEN:
        return measured
    said = Verdict(
        claim=measured.claim,
        outcome=Outcome.UNPROVEN,
        because=(
            "This source cannot be asked. A person's signed word counts for as long as it is "
            "valid: seatrial attest."
        ),
        expected="a person's word, signed and valid",
        observed="nothing was asked",
        n=0,
        method="a person's word, no measurement",
        basis=Basis.ATTESTED,
    )
    return because_of(said, "nothing asked")
