from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.evaluation import Categories, ColumnProfile
from harness.claims.stable_values import prove
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import (
    NIGHTLY,
    column,
    failed,
    numbers,
    pinned,
    profile,
    reading,
)

PRICE = column(numbers=numbers(240, 510, 510, 240))
MODES = Categories(names=("AIR", "RAIL"), counts=(900, 600, 0))


def judged(*columns: ColumnProfile, now: tuple[ColumnProfile, ...], rows: int = 1_500) -> Verdict:
    return prove(NIGHTLY, [reading(rows=rows), pinned(*columns), profile(*now, rows=rows)])


def test_the_same_values_again_are_proven():
    verdict = judged(PRICE, now=(PRICE,))
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 1_500)
    assert verdict.because == (
        "1 column compared on 1,500 rows against the reference's 1,500: "
        "none of 2 tests found a drift."
    )


def test_numbers_that_moved_are_broken_with_effect_and_sizes_and_no_value():
    moved = column(numbers=numbers(100, 390, 570, 440, mean=0.4))
    verdict = judged(PRICE, now=(moved,))
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == "price: D 0.173, W1 0.4 sd (1,500 against 1,500)."
    assert verdict.observed == "1 of 1 column drifted"


def test_values_far_beyond_the_edges_are_seen_by_the_mean():
    """One in twenty at a million: no distance between edges, and many standard deviations."""
    far = column(numbers=numbers(225, 475, 475, 325, mean=50_000))
    assert judged(PRICE, now=(far,)).outcome is Outcome.BROKEN
    near = column(numbers=numbers(225, 475, 475, 325))
    assert judged(PRICE, now=(near,)).outcome is Outcome.PROVEN


def test_categories_that_moved_are_broken_and_not_named():
    mode = column("mode", categories=MODES)
    moved = column("mode", categories=replace(MODES, counts=(600, 600, 300)))
    verdict = judged(mode, now=(moved,))
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because.startswith("mode: V 0.3")
    assert "AIR" not in verdict.because


def test_more_missing_values_are_broken_with_both_shares():
    fewer = column(missing=75, numbers=numbers(228, 484, 485, 228))
    verdict = judged(PRICE, now=(fewer,))
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == "price: 5 % missing, 0 % before (1,500 against 1,500)."


def test_fewer_missing_values_are_no_drift():
    fewer = column(missing=75, numbers=numbers(228, 484, 485, 228))
    assert judged(fewer, now=(PRICE,)).outcome is Outcome.PROVEN


def test_a_change_that_is_sure_and_small_is_named_and_breaks_nothing():
    before = column(numbers=numbers(*(1_000 * c for c in (240, 510, 510, 240))))
    after = column(numbers=numbers(*(1_000 * c for c in (230, 505, 515, 250)), mean=0.03))
    facts = [reading(rows=1_500_000), pinned(before, rows=1_500_000)]
    verdict = prove(NIGHTLY, [*facts, profile(after, rows=1_500_000)])
    assert verdict.outcome is Outcome.PROVEN
    assert "changed but small: price: D 0.01, W1 0.03 sd" in verdict.because


def test_an_effect_that_chance_may_have_made_breaks_nothing():
    """D 0.15 in 40 rows is what every tenth night brings."""
    odd = column(numbers=numbers(12, 14, 10, 4))
    assert judged(PRICE, now=(odd,), rows=40).outcome is Outcome.UNPROVEN


def test_too_few_rows_are_unproven_and_say_how_many_would_do():
    few = column(numbers=numbers(16, 34, 34, 16))
    verdict = judged(PRICE, now=(few,), rows=100)
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because.endswith("too few values to see one: price has 100 of 821.")


def test_a_reference_too_small_for_any_night_is_said_to_be():
    few = column(numbers=numbers(16, 34, 34, 16))
    facts = [reading(), pinned(few, rows=100), profile(PRICE)]
    verdict = prove(NIGHTLY, facts)
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because.endswith("price has 1,500 and its reference 100 (1,061 each would do).")


def test_the_enough_that_is_told_is_enough():
    for rows in (820, 821):
        counts = numbers(rows - 3 * (rows // 4), *[rows // 4] * 3)
        even = column(numbers=numbers(*[375] * 4))
        verdict = judged(even, now=(column(numbers=counts),), rows=rows)
        assert (verdict.outcome is Outcome.PROVEN) == (rows == 821)


def test_without_a_reference_nothing_is_proven_and_the_command_is_told():
    verdict = prove(NIGHTLY, [reading(), profile(PRICE)])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "seatrial profile FILE --dataset logistics.shipments" in verdict.because


def test_another_datasets_facts_do_not_count():
    elsewhere = replace(profile(PRICE), dataset="vendor.shipments")
    verdict = prove(NIGHTLY, [reading(), pinned(PRICE), elsewhere])
    assert (verdict.outcome, verdict.observed) == (Outcome.UNPROVEN, "not profiled")
    stranger = replace(pinned(PRICE), profile=elsewhere)
    assert prove(NIGHTLY, [reading(), stranger, profile(PRICE)]).observed == "no reference"


@pytest.mark.parametrize(
    "now",
    [
        (),
        (column(missing=None, skipped="it was not sent"),),
        (column(missing=None, skipped="it came as string"),),
        (replace(PRICE, type="double"),),
        (column(numbers=numbers(240, 510, 510, 240, edges=("-1", "0", "2"))),),
        (column(numbers=numbers(240, 510, 510, 239)),),
        (column(numbers=numbers(-10, 760, 510, 240)),),
        (PRICE, column("new", missing=None, skipped="the reference does not hold it")),
    ],
)
def test_what_cannot_be_compared_is_unproven(now):
    verdict = judged(PRICE, now=now)
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because.startswith("Could not be compared: ")


def test_a_drift_that_was_seen_counts_though_another_column_could_not_be_compared():
    moved = column(numbers=numbers(0, 0, 0, 1_500, mean=3))
    gone = column("gone", missing=None, skipped="it was not sent")
    verdict = judged(PRICE, replace(PRICE, column="gone"), now=(moved, gone))
    assert verdict.outcome is Outcome.BROKEN


def test_a_reference_that_compares_nothing_proves_nothing():
    key = column("order_key", skipped="part of the key")
    assert judged(key, now=(key,)).outcome is Outcome.UNPROVEN
    absent = column("label", missing=None, skipped="it was not sent")
    assert judged(absent, now=(column("label"),)).outcome is Outcome.UNPROVEN


def test_what_is_not_compared_by_value_is_named():
    key = column("order_key", skipped="part of the key")
    verdict = judged(PRICE, key, now=(PRICE, key))
    assert verdict.because.endswith("; not compared by value: order_key.")


def test_no_rows_prove_nothing():
    empty = column(numbers=numbers(0, 0, 0, 0))
    assert judged(PRICE, now=(empty,), rows=0).outcome is Outcome.UNPROVEN


def test_a_column_that_came_without_a_value_proves_nothing_of_its_values():
    hollow = column(missing=1_500, numbers=numbers(0, 0, 0, 0))
    verdict = judged(hollow, now=(hollow,))
    assert verdict.outcome is Outcome.UNPROVEN


def test_rows_that_were_not_counted_are_an_error():
    facts = [reading(rows=1_501), pinned(PRICE), profile(PRICE)]
    assert prove(NIGHTLY, facts).outcome is Outcome.ERROR


def test_a_failed_reading_is_an_error():
    facts = [failed("SourceChanged", "read again"), pinned(PRICE), profile(PRICE)]
    assert prove(NIGHTLY, facts).outcome is Outcome.ERROR


def test_forty_tests_need_more_than_one():
    """One p-value of 0.008 among forty is what every third night brings."""
    odd = column(numbers=numbers(57, 43, 68, 32))
    even = column(numbers=numbers(32, 68, 68, 32))
    assert judged(PRICE, now=(odd,), rows=200).outcome is Outcome.BROKEN
    names = [f"c{place}" for place in range(19)]
    before = [replace(PRICE, column=name) for name in names]
    now = [replace(even, column=name) for name in names]
    verdict = judged(PRICE, *before, now=(odd, *now), rows=200)
    assert verdict.outcome is Outcome.UNPROVEN


def test_why_a_column_was_not_counted_is_told():
    absent = column(missing=None, skipped="it was not sent")
    assert "price (it was not sent)" in judged(PRICE, now=(absent,)).because


def test_what_rows_may_hide_of_missing_values_is_told():
    some = column(missing=100, numbers=numbers(*[350] * 4))
    assert "may hide a rise of missing values by 3.9 %" in judged(some, now=(some,)).because
    large = column(numbers=numbers(*[2_500] * 4))
    facts = [reading(rows=10_000), pinned(large, rows=10_000), profile(large, rows=10_000)]
    assert "hide" not in prove(NIGHTLY, facts).because
