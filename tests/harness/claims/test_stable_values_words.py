"""Each verdict on a drift in full: what is said of it, of how much, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.evaluation import Categories, ColumnProfile
from harness.claims.stable_values import prove
from harness.facts import Fact
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import NIGHTLY, column, numbers, pinned, profile, reading
from tests.harness.claims.worded import worded

PRICE = column(numbers=numbers(240, 510, 510, 240))
MOVED = column(numbers=numbers(100, 390, 570, 440, mean=0.4))
MODES = column("mode", categories=Categories(names=("AIR", "RAIL"), counts=(900, 600, 0)))
KEY = column("order_key", skipped="part of the key")
FIVE = [f"c{place}" for place in range(1, 6)]
LARGE = column(numbers=numbers(*(1_000 * c for c in (240, 510, 510, 240))))
NUDGED = column(numbers=numbers(*(1_000 * c for c in (230, 505, 515, 250)), mean=0.03))


def each(of: ColumnProfile, names: list[str]) -> tuple[ColumnProfile, ...]:
    return tuple(replace(of, column=name) for name in names)


def facts(
    before: tuple[ColumnProfile, ...],
    now: tuple[ColumnProfile, ...],
    *,
    was: int = 1_500,
    landed: int = 1_500,
    rows: int = 1_500,
) -> list[Fact]:
    return [reading(rows=landed), pinned(*before, rows=was), profile(*now, rows=rows)]


WORDS: dict[str, tuple[list[Fact], Outcome, str, str, int]] = {
    "nothing read": ([], Outcome.UNPROVEN, "Nothing was read.", "no reading", 0),
    "no reference": (
        [reading(), profile(PRICE)],
        Outcome.UNPROVEN,
        "No reference is pinned: seatrial profile FILE --dataset logistics.shipments.",
        "no reference",
        0,
    ),
    "not counted": (
        [reading(), pinned(PRICE)],
        Outcome.UNPROVEN,
        "The rows were read, and their values were not counted.",
        "not profiled",
        0,
    ),
    "the worst drift first, and how many more": (
        facts(
            (*each(PRICE, FIVE), MODES),
            (
                *each(MOVED, FIVE[:3]),
                replace(MOVED, column="c4", numbers=numbers(100, 390, 570, 440, mean=0.9)),
                replace(PRICE, column="c5"),
                MODES,
            ),
        ),
        Outcome.BROKEN,
        (
            "c4: D 0.173, W1 0.9 sd (1,500 against 1,500), c1: D 0.173, W1 0.4 sd (1,500 against "
            "1,500), c2: D 0.173, W1 0.4 sd (1,500 against 1,500) and 1 more."
        ),
        "4 of 6 columns drifted",
        1_500,
    ),
    "sizes of each side": (
        facts((PRICE,), (column(numbers=numbers(0, 0, 0, 2_000, mean=3)),), rows=2_000),
        Outcome.BROKEN,
        "price: D 0.84, W1 3 sd (2,000 against 1,500).",
        "1 of 1 column drifted",
        2_000,
    ),
    "not all counted": (
        facts((PRICE,), (PRICE,), landed=1_501),
        Outcome.ERROR,
        "1,501 rows landed and 1,500 were counted.",
        "0 of 1 column drifted",
        1_500,
    ),
    "no rows came": (
        facts((PRICE,), (column(numbers=numbers(0, 0, 0, 0)),), landed=0, rows=0),
        Outcome.UNPROVEN,
        "0 rows came, and the reference has 1,500: there is nothing to compare.",
        "0 of 0 columns drifted",
        0,
    ),
    "no rows in the reference": (
        facts((column(numbers=numbers(0, 0, 0, 0)),), (PRICE,), was=0),
        Outcome.UNPROVEN,
        "1,500 rows came, and the reference has 0: there is nothing to compare.",
        "0 of 0 columns drifted",
        1_500,
    ),
    "a count below zero": (
        facts((PRICE,), (PRICE,), landed=-1, rows=-1),
        Outcome.UNPROVEN,
        "0 rows came, and the reference has 1,500: there is nothing to compare.",
        "0 of 1 column drifted",
        0,
    ),
    "one row in each": (
        facts((column(),), (column(),), was=1, landed=1, rows=1),
        Outcome.UNPROVEN,
        "The reference has no column whose values can be compared.",
        "nothing compared",
        1,
    ),
    "not compared": (
        facts((PRICE, MODES), (replace(PRICE, missing=None, skipped="too wide"), MODES)),
        Outcome.UNPROVEN,
        "Could not be compared: price (too wide). Mend it, or make the reference anew.",
        "0 of 2 columns drifted",
        1_500,
    ),
    "more that were not compared": (
        facts((MODES, *each(PRICE, FIVE)), (MODES,)),
        Outcome.UNPROVEN,
        (
            "Could not be compared: c1 (it did not come), c2 (it did not come), c3 (it did not "
            "come) and 2 more. Mend it, or make the reference anew."
        ),
        "0 of 6 columns drifted",
        1_500,
    ),
    "too few": (
        facts((PRICE,), (column(numbers=numbers(16, 34, 34, 16)),), landed=100, rows=100),
        Outcome.UNPROVEN,
        "No drift was seen, and too few values to see one: price has 100 of 821.",
        "0 of 1 column drifted",
        100,
    ),
    "too few in the reference": (
        facts((column(numbers=numbers(16, 34, 34, 16)),), (PRICE,), was=100),
        Outcome.UNPROVEN,
        (
            "No drift was seen, and too few values to see one: price has 1,500 and its reference "
            "100 (1,061 each would do)."
        ),
        "0 of 1 column drifted",
        1_500,
    ),
    "nothing compared": (
        facts((KEY,), (KEY,)),
        Outcome.UNPROVEN,
        "The reference has no column whose values can be compared.",
        "nothing compared",
        1_500,
    ),
    "some left out": (
        facts((PRICE, MODES, *each(KEY, FIVE)), (PRICE, MODES, *each(KEY, FIVE))),
        Outcome.PROVEN,
        (
            "2 columns compared on 1,500 rows against the reference's 1,500: none of 9 tests "
            "found a drift; so few rows may hide a rise of missing values by 1.2 %; not compared "
            "by value: c1, c2, c3 and 2 more."
        ),
        "0 of 7 columns drifted",
        1_500,
    ),
    "small changes": (
        facts((LARGE, KEY), (NUDGED, KEY), was=1_500_000, landed=1_500_000, rows=1_500_000),
        Outcome.PROVEN,
        (
            "1 column compared on 1,500,000 rows against the reference's 1,500,000: none of 3 "
            "tests found a drift; changed but small: price: D 0.01, W1 0.03 sd (1,500,000 against "
            "1,500,000); not compared by value: order_key."
        ),
        "0 of 2 columns drifted",
        1_500_000,
    ),
    "a rise that may hide": (
        facts(
            (column(missing=100, numbers=numbers(*[350] * 4)), MODES),
            (column(missing=100, numbers=numbers(*[350] * 4)), MODES),
        ),
        Outcome.PROVEN,
        (
            "2 columns compared on 1,500 rows against the reference's 1,500: none of 4 tests "
            "found a drift; so few rows may hide a rise of missing values by 4.2 %."
        ),
        "0 of 2 columns drifted",
        1_500,
    ),
}


@pytest.mark.parametrize("told", WORDS.values(), ids=WORDS)
def test_a_verdict_is_told_in_full(told: tuple[list[Fact], Outcome, str, str, int]) -> None:
    given, outcome, because, observed, n = told
    assert worded(prove(NIGHTLY, given)) == Verdict(
        claim="stable_values",
        outcome=outcome,
        because=because,
        expected="D, W1/sd, V under 0.1; no 1 % more missing",
        observed=observed,
        n=n,
        method="Kolmogorov\N{EN DASH}Smirnov, chi-square, one-sided Fisher for missing values; "
        "Benjamini\N{EN DASH}Hochberg 5 % over all, one trial a row",
    )


def test_of_several_references_and_profiles_the_last_counts() -> None:
    other = (pinned(MODES), profile(MODES))
    verdict = prove(NIGHTLY, [reading(), *other, pinned(PRICE), profile(PRICE)])
    assert verdict.outcome is Outcome.PROVEN
    verdict = prove(NIGHTLY, [reading(), pinned(PRICE), profile(PRICE), *other])
    assert "2 columns" not in verdict.because
    assert verdict.outcome is Outcome.PROVEN
    assert prove(NIGHTLY, [reading(), pinned(PRICE), *other[:1], profile(PRICE)]).outcome is (
        Outcome.UNPROVEN
    )


def test_names_from_a_source_are_shown_safely() -> None:
    evil = "x\n\x1b[2J PROVEN"
    for now in (replace(MOVED, column=evil), replace(PRICE, column=evil, missing=None)):
        because = prove(NIGHTLY, facts((replace(PRICE, column=evil),), (now,))).because
        assert because.isprintable()
