"""From facts to verdicts: one proof a claim, and a verdict even where the proof itself fails."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from contracts.promises import Promises, SourcePromises
from harness.claims import DATASET_CLAIMS, SOURCE_CLAIMS, timed, wording
from harness.claims.attested import by_word
from harness.claims.claim import Claim, Need
from harness.claims.wholeness import latest_of_each, rows_known, whole_enough
from harness.facts import ContractProblem, Fact
from harness.verdict import Outcome, Verdict

_LOG = logging.getLogger("seatrial")


def judge_dataset(claim: str, promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """Judge a claim by the facts of one dataset; a broken contract is ERROR without a proof."""
    for fact in facts:
        if isinstance(fact, ContractProblem):
            return _without_proof(claim, Outcome.ERROR, f"{fact.text}; nothing was read")
    try:
        one = DATASET_CLAIMS[claim]
        if Need.TIMES in one.needs and (untimed := timed.undated(claim, facts)) is not None:
            return untimed
        usable = _usable(one, facts)
        return _given_rows(one, usable, one.prove(promises, usable))
    except Exception as error:  # noqa: BLE001 - a proof that fails must not pass for silence
        return _defect(claim, error)


def judge_source(claim: str, promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:
    """Judge a claim by the facts of one source."""
    try:
        one = SOURCE_CLAIMS[claim]
        usable = _usable(one, facts)
        return by_word(promises, _given_rows(one, usable, one.prove(promises, usable)))
    except Exception as error:  # noqa: BLE001 - as above
        return _defect(claim, error)


def _usable(claim: Claim, facts: Sequence[Fact]) -> Sequence[Fact]:
    dated = timed.dated(facts) if Need.TIMES in claim.needs else facts
    return whole_enough(dated) if Need.ROWS in claim.needs else dated


def _given_rows(claim: Claim, facts: Sequence[Fact], verdict: Verdict) -> Verdict:
    """The proof's verdict, judged by how whole the readings of this run were."""
    if Need.ROWS not in claim.needs:
        return verdict
    return rows_known(latest_of_each(facts), verdict)


def not_run(claim: str) -> Verdict:
    """The verdict of a check that did not run: never a pass."""
    because = "the run ended before this was judged"
    return _without_proof(claim, Outcome.NOT_RUN, because)


def not_covered(claim: str, source: str, dataset: str) -> Verdict:
    """The verdict on a dataset that a source names without a contract: never a pass."""
    name = wording.name(source)
    because = (
        f"Not covered: {name} names {wording.name(dataset)}, and no contract is held against it. "
        f"Draft one with seatrial draft {name}, or take it out of pilot.py."
    )
    return _without_proof(claim, Outcome.NOT_RUN, because)


def _defect(claim: str, error: Exception) -> Verdict:
    _LOG.debug("the proof of %s failed", claim, exc_info=error)
    because = f"the proof itself failed with {type(error).__name__}: a defect, report it"
    return _without_proof(claim, Outcome.ERROR, because)


def _without_proof(claim: str, outcome: Outcome, because: str) -> Verdict:
    return Verdict(
        claim=claim,
        outcome=outcome,
        because=because,
        expected="a judgement",
        observed="none",
        n=0,
        method="none",
    )
