"""What each claim on rows says when the reading was cut, or nothing proves it whole."""

from __future__ import annotations

import pytest

from connectors.events import Witness, WitnessKind
from contracts.promises import Quota, SourcePromises
from harness.claims import DATASET_CLAIMS
from harness.claims.claim import Need
from harness.claims.judge import judge_dataset, judge_source
from harness.facts import Reading
from harness.verdict import Outcome
from tests.harness.claims.made import NIGHTLY, evaluation, reading, rule


def witness(kind: WitnessKind, declared: int, unit: str = "rows") -> Witness:
    return Witness(kind=kind, declared=declared, unit=unit, detail="")


def read(kind: WitnessKind, declared: int, **given: object) -> Reading:
    return reading(witness=witness(kind, declared), **given)


@pytest.mark.parametrize(
    ("declared", "outcome"), [(1_500, Outcome.PROVEN), (9_000, Outcome.UNPROVEN)]
)
def test_what_was_cut_proves_nothing_and_says_how_much_is_missing(
    declared: int, outcome: Outcome
) -> None:
    facts = [read(WitnessKind.READ_TWICE, declared), evaluation()]
    verdict = judge_dataset("conforms", NIGHTLY, facts)
    assert verdict.outcome is outcome
    told = "1,500 of the 9,000 rows that the source declares for shipments came" in verdict.because
    assert told is (outcome is Outcome.UNPROVEN)


def test_what_no_witness_covers_is_proven_of_the_rows_that_were_read_and_says_so() -> None:
    facts = [read(WitnessKind.DECLARED_TOTAL, 1_500), evaluation()]
    verdict = judge_dataset("conforms", NIGHTLY, facts)
    assert verdict.outcome is Outcome.PROVEN
    assert verdict.because.endswith("; of the rows that were read.")
    assert judge_dataset("complete", NIGHTLY, facts).outcome is Outcome.UNPROVEN


def test_a_failure_that_was_seen_in_what_was_cut_stays_broken() -> None:
    facts = [read(WitnessKind.READ_TWICE, 9_000), evaluation(rule(failed=3))]
    assert judge_dataset("conforms", NIGHTLY, facts).outcome is Outcome.BROKEN


def test_the_quota_is_not_proven_by_requests_for_a_part() -> None:
    promises = SourcePromises(quota=Quota(requests=1_000, seconds=60))
    whole = judge_source("within_budget", promises, [read(WitnessKind.READ_TWICE, 1_500)])
    cut = judge_source("within_budget", promises, [read(WitnessKind.READ_TWICE, 9_000)])
    assert (whole.outcome, cut.outcome) == (Outcome.PROVEN, Outcome.UNPROVEN)


def test_one_cut_dataset_of_a_source_is_enough() -> None:
    promises = SourcePromises(quota=Quota(requests=1_000, seconds=60))
    both = [
        read(WitnessKind.READ_TWICE, 9_000),
        read(WitnessKind.READ_TWICE, 1_500, dataset="parts"),
    ]
    assert judge_source("within_budget", promises, both).outcome is Outcome.UNPROVEN


def test_the_claims_on_rows_are_those_whose_words_are_about_rows() -> None:
    without = {name for name, claim in DATASET_CLAIMS.items() if Need.ROWS not in claim.needs}
    assert without == {"stable_schema"}
