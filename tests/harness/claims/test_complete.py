from __future__ import annotations

import pytest

from connectors.events import Witness, WitnessKind
from contracts.promises import Promises, Volume
from harness.claims.complete import prove
from harness.verdict import Outcome
from tests.harness.claims.made import (
    DAY,
    NIGHTLY,
    TODAY,
    evaluation,
    failed,
    reading,
    rule,
)


def witness(declared: int, unit: str = "rows") -> Witness:
    return Witness(kind=WitnessKind.READ_TWICE, declared=declared, unit=unit, detail="last page")


def listing(declared: int) -> Witness:
    return Witness(
        kind=WitnessKind.SENDERS_WORD, declared=declared, unit="bytes", detail="28 files"
    )


def test_a_witness_that_agrees_proves_the_reading_whole():
    verdict = prove(NIGHTLY, [reading(witness=witness(1_500)), evaluation()])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 1_500)
    assert verdict.observed == "1,500 of 1,500 rows"


def test_one_row_less_than_declared_is_broken_with_both_numbers():
    verdict = prove(NIGHTLY, [reading(rows=9_999, witness=witness(10_000)), evaluation()])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == (
        "The source declared 10,000 rows (read twice), and 9,999 were read."
    )


def test_a_row_more_than_declared_is_broken_too():
    assert prove(NIGHTLY, [reading(witness=witness(1_499))]).outcome is Outcome.BROKEN


def test_bytes_are_held_against_bytes():
    assert prove(NIGHTLY, [reading(witness=listing(90_000))]).outcome is Outcome.PROVEN
    assert prove(NIGHTLY, [reading(witness=listing(90_001))]).outcome is Outcome.BROKEN


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([], "was not looked at (order_key)"),
        ([evaluation(rule("unique", "order_key", failed=2))], "2 rows share their order_key"),
        ([evaluation(rule("unique", "order_key", checked=0, error="x"))], "could not be"),
        ([evaluation(rule("unique", "other"), rule("x", "order_key"))], "was not looked at"),
    ],
)
def test_a_total_over_pages_agrees_by_chance_when_a_row_comes_twice(facts, said):
    """Fault P05: one row twice and another not at all make the same sum."""
    verdict = prove(NIGHTLY, [reading(witness=witness(1_500)), *facts])
    assert verdict.outcome is Outcome.UNPROVEN
    assert said in verdict.because


def test_without_a_witness_it_is_unproven_however_many_rows_came():
    verdict = prove(NIGHTLY, [reading(witness=None)])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "no witness" in verdict.observed


@pytest.mark.parametrize(
    ("declared", "outcome"), [(1_500, Outcome.PROVEN), (1_501, Outcome.BROKEN)]
)
def test_blank_lines_are_told_whatever_the_outcome(declared, outcome):
    """One may be a row that lost its values."""
    found = [reading(witness=witness(declared), blank_lines=2), evaluation()]
    verdict = prove(NIGHTLY, found)
    assert verdict.outcome is outcome
    assert verdict.because.endswith("; 2 blank lines passed over.")
    assert "blank" not in prove(NIGHTLY, [reading(witness=witness(declared))]).because


def test_rows_that_may_be_hidden_are_told():
    hidden = reading(witness=None, unwitnessed="row-level security decides")
    verdict = prove(NIGHTLY, [hidden])
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because.endswith("no witness to hold against them: row-level security decides.")


def test_an_unknown_unit_is_no_comparison():
    assert prove(NIGHTLY, [reading(witness=witness(1_500, "pages"))]).outcome is Outcome.ERROR


@pytest.mark.parametrize(("minimum", "outcome"), [(1, Outcome.BROKEN), (0, Outcome.PROVEN)])
def test_a_source_that_holds_nothing_is_broken_unless_that_is_promised(minimum, outcome):
    promises = Promises(key=("order_key",), volume=Volume(minimum=minimum))
    verdict = prove(promises, [reading(rows=0, witness=witness(0)), evaluation()])
    assert verdict.outcome is outcome


def test_files_of_headers_only_hold_nothing_though_their_bytes_agree():
    verdict = prove(NIGHTLY, [reading(rows=0, bytes=61, witness=witness(61, "bytes"))])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because.startswith("The source holds nothing")


def test_a_failed_reading_is_an_error_in_its_own_words():
    verdict = prove(NIGHTLY, [failed("SourceUnavailable", "crm did not answer: start it")])
    assert verdict.outcome is Outcome.ERROR
    assert "crm did not answer: start it" in verdict.because


def test_the_latest_night_counts_wherever_it_stands():
    good, bad = reading(slot=TODAY - DAY), reading(slot=TODAY, witness=witness(1))
    assert prove(NIGHTLY, [good, bad]).outcome is Outcome.BROKEN
    assert prove(NIGHTLY, [bad, good]).outcome is Outcome.BROKEN
