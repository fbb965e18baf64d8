"""What a comparison finds of one column, in full: where the proof shows a part of it alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.evaluation import Categories, ColumnProfile
from harness.claims.drifts import Finding, Standing, Trait, compare
from tests.harness.claims.made import column, numbers, profile

EMPTY = column(missing=1_500, numbers=numbers(0, 0, 0, 0))
FULL = column(numbers=numbers(240, 510, 510, 240))
NO_MODES = column(missing=1_500, categories=Categories(names=("AIR",), counts=(0, 0)))
MODES = column(categories=Categories(names=("AIR",), counts=(900, 600)))


def of_values(reference: ColumnProfile, found: ColumnProfile) -> Finding:
    (values,) = (f for f in compare(profile(reference), profile(found)) if f.trait is Trait.VALUES)
    return values


@pytest.mark.parametrize(
    ("reference", "found", "counts"),
    [
        (EMPTY, EMPTY, (0, 0)),
        (EMPTY, FULL, (0, 1_500)),
        (FULL, EMPTY, (1_500, 0)),
        (NO_MODES, MODES, (0, 1_500)),
        (MODES, NO_MODES, (1_500, 0)),
    ],
)
def test_without_values_on_one_side_there_is_nothing_to_compare(
    reference: ColumnProfile, found: ColumnProfile, counts: tuple[int, int]
) -> None:
    values = of_values(reference, found)
    assert (values.column, values.effect, values.p) == ("price", "no values", None)
    assert (values.reference, values.found) == counts
    assert (values.size, values.categories) == (0.0, None)
    assert values.standing is Standing.TOO_FEW


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ((), "it did not come"),
        ((column(missing=None),), "it was not counted"),
        ((column(missing=None, skipped="too wide"),), "too wide"),
        ((column(numbers=numbers(1, 1, 1, 1)),), "its counts do not add up"),
        ((column(numbers=numbers(240, 510, 510, 240, edges=("-1", "0", "2"))),), "another grid"),
        ((MODES,), "another grid"),
    ],
)
def test_what_cannot_be_compared_says_why(found: tuple[ColumnProfile, ...], why: str) -> None:
    (only,) = compare(profile(FULL), profile(*found))
    assert (only.column, only.trait, only.standing) == (
        "price",
        Trait.VALUES,
        Standing.NOT_COMPARED,
    )
    assert only.effect == (f"it was counted on {why}" if why == "another grid" else why)


@pytest.mark.parametrize(
    ("skipped", "why"), [(None, "the reference does not hold it"), ("x", "x")]
)
def test_a_column_that_the_reference_lacks_is_not_compared(skipped: str | None, why: str) -> None:
    *_, new = compare(profile(FULL), profile(FULL, column("new", skipped=skipped)))
    assert (new.column, new.effect, new.standing) == ("new", why, Standing.NOT_COMPARED)


def test_the_same_values_are_the_same_with_their_sizes() -> None:
    missing, values = compare(profile(FULL), profile(FULL))
    assert (missing.trait, missing.effect) == (Trait.MISSING, "0 % missing, 0 % before")
    assert (missing.size, missing.reference, missing.found, missing.share) == (0, 1_500, 1_500, 0)
    assert (values.trait, values.effect) == (Trait.VALUES, "D 0, W1 0 sd")
    assert (values.size, values.reference, values.found) == (0, 1_500, 1_500)
    assert missing.standing is values.standing is Standing.SAME


def counted(finding: Finding) -> tuple[object, ...]:
    """All of a finding but what is computed from it: its place, effect, sizes and standing."""
    f = finding
    return (f.trait, f.effect, f.reference, f.found, f.categories, f.standing)


def measured(finding: Finding) -> tuple[float | None, ...]:
    return (finding.size, finding.share, finding.p, finding.needed, finding.hidden)


def test_numbers_and_missing_values_are_found_in_full() -> None:
    """Both sides differ in rows, missing values and counts: neither stands for the other."""
    before = column(missing=30, numbers=numbers(300, 300, 300, 70))
    now = column(missing=10, numbers=numbers(100, 100, 100, 90))
    missing, values = compare(profile(before, rows=1_000), profile(now, rows=400))
    assert counted(missing) == (
        Trait.MISSING,
        "2.5 % missing, 3 % before",
        1_000,
        400,
        None,
        Standing.SAME,
    )
    assert measured(missing) == pytest.approx((-0.5, 0.03, 0.7488992899708475, 0, 0.0500191732))
    assert counted(values) == (
        Trait.VALUES,
        "D 0.159, W1 0.159 sd",
        970,
        390,
        None,
        Standing.DRIFTED,
    )
    assert measured(values) == pytest.approx((1.586042823, 0, 2.832063456e-06, 530.212334, 0))


def test_categories_are_found_in_full() -> None:
    before = column("mode", categories=Categories(names=("AIR", "RAIL"), counts=(900, 570, 0)))
    now = column("mode", categories=Categories(names=("AIR", "RAIL"), counts=(200, 200, 50)))
    before = replace(before, missing=30)
    missing, values = compare(profile(before), profile(now, rows=450))
    assert (missing.column, missing.reference, missing.found) == ("mode", 1_500, 450)
    assert counted(values) == (Trait.VALUES, "V 0.266", 1_470, 450, 3, Standing.DRIFTED)
    assert values.column == "mode"
    assert values.p is not None
    assert values.p < 1e-30
    assert measured(replace(values, p=None)) == (
        pytest.approx(2.66, rel=1e-3),
        0,
        None,
        pytest.approx(443.535614),
        0,
    )


@pytest.mark.parametrize(
    ("before", "now", "effect"),
    [
        (9_000, 8_999, "89.99 % missing, 90 % before"),
        (8_999, 9_000, "90 % missing, 89.99 % before"),
        (9_000, 9_000, "90 % missing, 90 % before"),
        (1_234, 1_234, "12.3 % missing, 12.3 % before"),
    ],
)
def test_two_shares_of_missing_values_look_alike_only_if_they_are(
    before: int, now: int, effect: str
) -> None:
    there, here = (profile(column(missing=n), rows=10_000) for n in (before, now))
    (missing,) = compare(there, here)
    assert missing.effect == effect


def test_of_one_test_alone_nothing_is_adjusted() -> None:
    """1.645 + 1.645, squared, over the effective size of 750: no test shares its level."""
    (alone,) = compare(profile(column()), profile(column()))
    assert alone.hidden == pytest.approx((2 * 1.6448536) ** 2 / 750 / 2)


@pytest.mark.parametrize(
    ("before", "now", "effect", "size"),
    [
        ({"mean": 0.5}, {"mean": 0.1}, "D 0, W1 0.4 sd", 4),
        ({"sd": 2.0}, {"mean": 0.5}, "D 0, W1 0.25 sd", 2.5),
        ({"sd": 0.5}, {"mean": 0.5}, "D 0, W1 1 sd", 10),
        ({"sd": 2.0}, {"counts": (510, 240, 510, 240)}, "D 0.18, W1 0.09 sd", 1.8),
        ({"sd": 0.5}, {"counts": (510, 240, 510, 240)}, "D 0.18, W1 0.36 sd", 3.6),
        ({"sd": None}, {"mean": 0.5}, "D 0", 0),
        ({"sd": 0.0}, {"mean": 0.5}, "D 0", 0),
        ({"mean": None}, {"mean": 0.5}, "D 0", 0),
        ({}, {"mean": None}, "D 0", 0),
        ({"sd": 1e-300}, {"mean": 1e300}, "D 0", 0),
    ],
)
def test_how_far_numbers_moved(
    before: dict[str, Any], now: dict[str, Any], effect: str, size: float
) -> None:
    """By the larger of the distance on the grid and of the means, in the reference's sd."""
    usual = numbers(240, 510, 510, 240)
    there, here = column(numbers=replace(usual, **before)), column(numbers=replace(usual, **now))
    values = of_values(there, here)
    assert values.effect == effect
    assert values.size == pytest.approx(size)


def test_one_in_twenty_is_no_drift_and_one_point_is() -> None:
    """A p-value at the level is not below it; an effect at its floor is large enough."""
    (by_chance,) = compare(profile(column(), rows=19), profile(column(missing=1), rows=1))
    assert (by_chance.size, by_chance.standing) == (100, Standing.SAME)
    assert by_chance.p == pytest.approx(0.05)
    many = 150_000
    (at_floor,) = compare(profile(column(), rows=many), profile(column(missing=1_500), rows=many))
    assert (at_floor.size, at_floor.standing) == (1, Standing.DRIFTED)


def test_no_rows_on_one_side_are_no_test() -> None:
    none = column(numbers=numbers(0, 0, 0, 0))
    assert compare(profile(none, rows=0), profile(FULL)) == ()
    assert compare(profile(FULL), profile(none, rows=0)) == ()


def categories(*counts: int) -> ColumnProfile:
    return column(categories=Categories(names=("AIR",), counts=counts))


@pytest.mark.parametrize(
    "edited",
    [
        column(missing=-1),
        column(missing=1_501),
        column(numbers=numbers(1_500, 0, 0)),
        column(numbers=numbers(1_500, 0, 0, 0, 0)),
        column(numbers=numbers(-1, 1_501, 0, 0)),
        column(numbers=numbers(1_501, 0, 0, 0)),
        column(missing=1, numbers=numbers(1_500, 0, 0, 0)),
        column(numbers=numbers(1_500, 0, 0, 0, edges=("0", "-1", "1"))),
        column(numbers=numbers(1_500, 0, 0, 0, edges=("-1", "0", "inf"))),
        column(numbers=numbers(1_500, 0, 0, 0, edges=("-1", "0", "one"))),
        categories(1_500),
        categories(1_500, 0, 0),
        categories(-1, 1_501),
        categories(1_501, 0),
        replace(categories(1_500, 0), missing=1),
    ],
)
def test_counts_that_were_edited_are_not_compared(edited: ColumnProfile) -> None:
    """On either side: the other is on the same grid, and is whole or edited as well."""
    for before, now in ((edited, edited), (edited, FULL), (FULL, edited)):
        (only,) = compare(profile(before), profile(now))
        assert only.effect == "its counts do not add up"


@pytest.mark.parametrize(
    "whole",
    [
        column(missing=100, numbers=numbers(1_400, 0, 0, 0)),
        column(numbers=numbers(1_500, 0, 0, 0, edges=("0", "0", "1"))),
        replace(categories(0, 1_400), missing=100),
    ],
)
def test_counts_that_add_up_are_compared(whole: ColumnProfile) -> None:
    assert {f.standing for f in compare(profile(whole), profile(whole))} == {Standing.SAME}


def test_a_thousand_million_rows_are_the_most_that_are_compared() -> None:
    few = profile(column(), rows=10)
    (most,) = compare(few, profile(column(), rows=10**9))
    assert most.trait is Trait.MISSING
    (more,) = compare(few, profile(column(), rows=10**9 + 1))
    assert more.standing is Standing.NOT_COMPARED


def test_other_categories_are_another_grid() -> None:
    other = column(categories=Categories(names=("SEA",), counts=(900, 600)))
    assert of_values(MODES, other).effect == "it was counted on another grid"
