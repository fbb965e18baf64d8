"""What a comparison finds of one column, in full: where the proof shows a part of it alone."""

from __future__ import annotations

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
