"""How whole a reading was: by the source's own word, and a count alone only refutes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.events import Witness, WitnessKind
from harness.claims.wholeness import Wholeness, rows_known, whole_enough, wholeness
from harness.facts import Reading
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import DAY, TODAY, failed, night, reading, register
from tests.harness.claims.worded import worded

COUNT_ALONE = {WitnessKind.DECLARED_TOTAL, WitnessKind.LISTING}


def witness(**given: Any) -> Witness:
    usual = {"kind": WitnessKind.SNAPSHOT_COUNT, "declared": 1_500, "unit": "rows", "detail": ""}
    return Witness(**{**usual, **given})


WHOLE = reading()
UNWITNESSED = reading(witness=None)
CUT = reading(witness=witness(declared=1_501))
FAILED = failed("SourceChanged", "gone")
KEEPS = "What was read keeps the promise, but"
CAME = "that the source declares for shipments came: see complete."
PROVEN = Verdict(
    claim="fresh",
    outcome=Outcome.PROVEN,
    because="It is so.",
    expected="so",
    observed="so",
    n=1,
    method="looked",
)


@pytest.mark.parametrize("kind", WitnessKind)
@pytest.mark.parametrize(("unit", "declared"), [("rows", 1_500), ("bytes", 90_000)])
def test_what_was_read_is_held_against_the_witness_in_its_unit(
    kind: WitnessKind, unit: str, declared: int
) -> None:
    same = reading(witness=witness(kind=kind, unit=unit, declared=declared))
    expected = Wholeness.UNWITNESSED if kind in COUNT_ALONE else Wholeness.WHOLE
    assert wholeness(same) is expected
    for other in (declared - 1, declared + 1):
        cut = reading(witness=witness(kind=kind, unit=unit, declared=other))
        assert wholeness(cut) is Wholeness.CUT


def test_a_failed_reading_is_failed_whatever_its_witness_says() -> None:
    assert wholeness(FAILED) is Wholeness.FAILED
    assert wholeness(replace(FAILED, witness=witness(declared=0))) is Wholeness.FAILED


@pytest.mark.parametrize("unknown", [None, witness(unit="pages")])
def test_without_a_witness_that_we_can_count_it_is_unwitnessed(unknown: Witness | None) -> None:
    assert wholeness(reading(witness=unknown)) is Wholeness.UNWITNESSED


def test_a_whole_reading_leaves_the_verdict_as_it_is() -> None:
    assert rows_known([WHOLE], PROVEN) == PROVEN
    assert rows_known([], PROVEN) == PROVEN


def test_an_unwitnessed_one_proves_it_of_the_rows_that_were_read() -> None:
    told = replace(PROVEN, because="It is so; of the rows that were read.")
    assert rows_known([UNWITNESSED], PROVEN) == told


@pytest.mark.parametrize(
    ("worst", "because"),
    [
        (
            CUT,
            f"{KEEPS} 1,500 of the 1,501 rows {CAME}",
        ),
        (
            reading(witness=witness(unit="bytes", declared=90_001)),
            f"{KEEPS} 90,000 of the 90,001 bytes {CAME}",
        ),
        (FAILED, "shipments was not read whole."),
        (replace(FAILED, witness=witness(declared=9)), "shipments was not read whole."),
    ],
)
def test_a_cut_or_failed_one_proves_nothing(worst: Reading, because: str) -> None:
    expected = replace(PROVEN, outcome=Outcome.UNPROVEN, because=because)
    assert worded(rows_known([worst], PROVEN)) == expected
    assert rows_known([worst], PROVEN).measures


def test_the_worst_of_several_counts_wherever_it_stands() -> None:
    ranked = [FAILED, CUT, UNWITNESSED, WHOLE]
    for number, worst in enumerate(ranked):
        better = ranked[number:]
        assert rows_known(better, PROVEN) == rows_known([worst], PROVEN)
        assert rows_known(better[::-1], PROVEN) == rows_known([worst], PROVEN)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.PROVEN}))
@pytest.mark.parametrize("last", [WHOLE, UNWITNESSED, CUT, FAILED])
def test_what_is_not_proven_stays_what_it_is(outcome: Outcome, last: Reading) -> None:
    verdict = replace(PROVEN, outcome=outcome)
    assert rows_known([last], verdict) == verdict


def test_earlier_nights_that_were_cut_are_no_trials() -> None:
    """Failed ones are: the source was asked, and gave nothing. Tonight's is judged as it is."""
    cut = replace(CUT, slot=TODAY - DAY)
    lost = failed("SourceChanged", "gone", slot=TODAY - 2 * DAY)
    unwitnessed = night(TODAY - 3 * DAY, witness=None)
    kept = [unwitnessed, lost, register(), CUT]
    assert whole_enough([unwitnessed, lost, cut, register(), CUT]) == kept
    assert whole_enough([register()]) == [register()]
    assert whole_enough([]) == []
