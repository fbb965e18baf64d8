from __future__ import annotations

import pytest

from connectors.events import Witness, WitnessKind
from contracts.promises import Quota, SourcePromises
from harness.claims import DATASET_CLAIMS
from harness.claims.claim import Need
from harness.claims.judge import judge_dataset, judge_source
from harness.claims.wholeness import Wholeness, whole_enough, wholeness
from harness.facts import Reading
from harness.verdict import Outcome
from tests.harness.claims.made import DAY, NIGHTLY, TODAY, evaluation, failed, reading, rule


def witness(kind: WitnessKind, declared: int, unit: str = "rows") -> Witness:
    return Witness(kind=kind, declared=declared, unit=unit, detail="")


def read(kind: WitnessKind, declared: int, **given: object) -> Reading:
    return reading(witness=witness(kind, declared), **given)


@pytest.mark.parametrize("kind", WitnessKind)
def test_what_only_counts_refutes_and_never_proves(kind: WitnessKind) -> None:
    proves = kind not in (WitnessKind.DECLARED_TOTAL, WitnessKind.LISTING)
    assert wholeness(read(kind, 1_500)) is (Wholeness.WHOLE if proves else Wholeness.UNWITNESSED)
    assert wholeness(read(kind, 1_501)) is Wholeness.CUT
    assert wholeness(read(kind, 1_499)) is Wholeness.CUT


def test_without_a_witness_or_with_a_unit_of_its_own_nothing_is_known() -> None:
    assert wholeness(reading(witness=None)) is Wholeness.UNWITNESSED
    pages = witness(WitnessKind.READ_TWICE, 1_500, unit="pages")
    assert wholeness(reading(witness=pages)) is Wholeness.UNWITNESSED


def test_a_failed_reading_has_failed_whatever_its_witness_says() -> None:
    assert wholeness(failed("SourceUnavailable", "gone")) is Wholeness.FAILED


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


def test_an_earlier_night_that_was_cut_is_no_night() -> None:
    cut = read(WitnessKind.READ_TWICE, 9_000, slot=TODAY - DAY)
    unwitnessed = reading(witness=None, slot=TODAY - 2 * DAY)
    tonight = read(WitnessKind.READ_TWICE, 1_500)
    assert whole_enough([unwitnessed, cut, tonight]) == [unwitnessed, tonight]


def test_the_claims_on_rows_are_those_whose_words_are_about_rows() -> None:
    without = {name for name, claim in DATASET_CLAIMS.items() if Need.ROWS not in claim.needs}
    assert without == {"stable_schema"}
