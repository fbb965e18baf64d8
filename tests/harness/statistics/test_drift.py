"""Counts on a grid against scipy's own tests of the raw values."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from contracts.grid import BINS, edges_of
from harness.statistics import drift

few = st.lists(st.integers(0, 9), min_size=4, max_size=60)
any_numbers = st.lists(st.floats(-1e6, 1e6, width=32), min_size=4, max_size=300)
untied = st.lists(st.integers(0, 10_000), min_size=4, max_size=300, unique=True)
tables = st.integers(2, 8).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 200), min_size=n, max_size=n)] * 2)
)


def counted(values, edges):
    places = np.searchsorted(edges, values, side="left")
    return [int(n) for n in np.bincount(places, minlength=len(edges) + 1)]


def on_grid(reference, found):
    edges = [float(edge) for edge in edges_of(pl.Series(reference, dtype=pl.Float64))]
    return edges, counted(reference, edges), counted(found, edges)


@given(few, few)
def test_where_all_values_are_edges_the_distance_is_exact(reference, found):
    known = [value for value in found if value in reference] + reference
    edges, before, now = on_grid(reference, known)
    told = scipy.stats.ks_2samp(reference, known, method="asymp")
    assert drift.kolmogorov_smirnov(before, now) == pytest.approx(told.statistic)
    assert len(edges) <= BINS


@given(any_numbers, any_numbers)
def test_a_distance_on_a_grid_is_never_more_than_the_true_one(reference, found):
    _, before, now = on_grid(reference, found)
    true = scipy.stats.ks_2samp(reference, found, method="asymp")
    assert drift.kolmogorov_smirnov(before, now) <= true.statistic + 1e-12


@given(untied, untied)
def test_a_distance_on_a_grid_is_short_by_one_part_at_most_where_values_do_not_tie(
    reference, found
):
    """Each part holds 1/64 of the reference, rounded up to whole values."""
    edges, before, now = on_grid(reference, found)
    grain = max(before) / len(reference)
    assert grain <= 1 / BINS + 1 / len(reference)
    true = scipy.stats.ks_2samp(reference, found, method="asymp").statistic
    wide = max(now) / len(found)
    assert drift.kolmogorov_smirnov(before, now) >= true - max(grain, wide) - 1e-12
    assert len(edges) <= BINS


@given(st.floats(0.01, 0.6), st.integers(2, 5_000), st.integers(2, 5_000))
def test_the_p_value_is_scipys_where_it_decides_and_never_smaller(distance, n, m):
    effective = round(n * m / (n + m))
    expected = scipy.stats.kstwo.sf(distance, effective)
    told = drift.kolmogorov_smirnov_p(distance, n, m)
    assert told >= expected - 2e-5
    if expected < 0.1:
        assert told <= expected + 1e-5


@pytest.mark.parametrize("values", [3_000, 50_000, 2_000_000])
@pytest.mark.parametrize("scaled", [0.5, 1.0, 1.36, 1.63, 2.0])
def test_with_many_values_the_p_value_is_scipys(values, scaled):
    distance = scaled / math.sqrt(values / 2)
    expected = scipy.stats.kstwo.sf(distance, values // 2)
    assert drift.kolmogorov_smirnov_p(distance, values, values) == pytest.approx(
        expected, rel=3e-3
    )


def test_the_p_value_is_that_of_scipys_two_sample_test():
    draw = np.random.default_rng(1)
    reference, found = draw.integers(0, 50, 700), draw.integers(2, 50, 900)
    _, before, now = on_grid(reference, found)
    true = scipy.stats.ks_2samp(reference, found, method="asymp")
    distance = drift.kolmogorov_smirnov(before, now)
    assert distance == pytest.approx(true.statistic)
    assert drift.kolmogorov_smirnov_p(distance, 700, 900) == pytest.approx(true.pvalue, rel=1e-4)


@given(few)
def test_with_few_values_the_moved_distance_is_exact(reference):
    found = [*reference, max(reference), max(reference)]
    edges, before, now = on_grid(reference, found)
    expected = scipy.stats.wasserstein_distance(reference, found)
    assert drift.wasserstein(edges, before, now) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shift", [0.05, 0.1, 0.3, 1.0])
def test_with_many_values_the_moved_distance_is_near(shift):
    draw = np.random.default_rng(2)
    reference, found = draw.normal(size=5_000), draw.normal(shift, size=5_000)
    edges, before, now = on_grid(reference, found)
    expected = scipy.stats.wasserstein_distance(reference, found)
    assert drift.wasserstein(edges, before, now) == pytest.approx(expected, rel=0.12)


@given(tables)
def test_chi_square_is_scipys_where_no_category_is_rare(table):
    reference, found = ([count + 20 for count in counts] for counts in table)
    expected = scipy.stats.chi2_contingency([reference, found], correction=False)
    assert drift.chi_square_p(reference, found) == pytest.approx(expected.pvalue, abs=1e-9)


def test_rare_categories_are_taken_together():
    together = pytest.approx(drift.chi_square_p([500, 8], [480, 28]))
    assert drift.chi_square_p([500, 1, 1, 2, 2, 2], [480, 0, 7, 7, 7, 7]) == together
    assert drift.chi_square_p([500, 8], [480, 28]) < 0.001
    assert drift.chi_square_p([500, 0], [500, 0]) == 1.0


def test_a_category_of_just_five_expected_is_not_rare():
    reference, found = [8, 92], [2, 98]
    expected = scipy.stats.chi2_contingency([reference, found], correction=False)
    assert expected.expected_freq[0, 0] == drift.EXPECTED
    assert drift.chi_square_p(reference, found) == pytest.approx(expected.pvalue)


def test_where_nothing_can_differ_nothing_does():
    assert drift.kolmogorov_smirnov([3], [5]) == 0.0
    assert drift.effective(0, 5) == drift.effective(5, 0) == drift.effective(0, 0) == 0.0


@given(tables)
def test_v_is_scipys_for_samples_of_one_size_and_does_not_change_with_the_sizes(table):
    reference, found = ([count + 1 for count in counts] for counts in table)
    n, m = sum(found), sum(reference)
    levelled = [[count * n for count in reference], [count * m for count in found]]
    expected = scipy.stats.contingency.association(np.array(levelled), method="cramer")
    assert drift.cramers_v(reference, found) == pytest.approx(expected, abs=1e-7)
    larger = [count * 1_000 for count in reference]
    assert drift.cramers_v(larger, found) == pytest.approx(drift.cramers_v(reference, found))


@given(st.integers(0, 50), st.integers(50, 200), st.integers(0, 50), st.integers(50, 200))
def test_more_missing_is_fishers_exact_test(reference, of_reference, found, of_found):
    table = [[found, of_found - found], [reference, of_reference - reference]]
    expected = scipy.stats.fisher_exact(table, alternative="greater").pvalue
    told = drift.more_p(reference, of_reference, found, of_found)
    assert told == pytest.approx(expected, abs=1e-9)


def test_the_published_examples_of_more_missing():
    """2 % of a reference of 5,000: 10 of 200 and 150 of 5,000."""
    assert drift.more_p(100, 5_000, 10, 200) == pytest.approx(0.008, abs=0.002)
    assert drift.more_p(100, 5_000, 150, 5_000) < 0.001


def test_the_size_that_is_needed_finds_the_floor_with_the_promised_power():
    """Drawn, not computed: a step of 0.1 in a uniform, the hardest place to see D."""
    draw, floor, level = np.random.default_rng(3), 0.1, 0.05 / 20
    n = int(np.ceil(2 * drift.needed_for_distance(floor, level, 0.95)))
    found = 0
    for _ in range(400):
        before = [int(c) for c in draw.multinomial(n, [0.45, 0.55])]
        now = [int(c) for c in draw.multinomial(n, [0.55, 0.45])]
        distance = drift.kolmogorov_smirnov(before, now)
        found += drift.kolmogorov_smirnov_p(distance, n, n) < level
    assert found / 400 >= 0.93


@pytest.mark.parametrize("categories", [2, 6, 51])
def test_the_size_that_is_needed_finds_a_shift_between_categories(categories):
    draw, level = np.random.default_rng(4), 0.05 / 20
    n = int(np.ceil(2 * drift.needed_for_categories(0.1, categories, level, 0.95)))
    even = np.full(categories, 1 / categories)
    tilt = np.where(np.arange(categories) % 2, 1, -1) - (categories % 2) * 0.0
    moved = even * (1 + 0.2 * (tilt - tilt.mean()))
    assert drift.cramers_v(list(even * 1e9), list(moved * 1e9)) == pytest.approx(0.1, abs=0.02)
    found = sum(
        drift.chi_square_p(list(draw.multinomial(n, even)), list(draw.multinomial(n, moved)))
        < level
        for _ in range(400)
    )
    assert found / 400 >= 0.9


@given(st.floats(1, 2_000), st.integers(1, 10_000))
def test_the_rows_that_are_told_reach_the_size(needed, reference):
    rows = drift.rows_for(needed, reference)
    if rows is None:
        assert reference <= needed
    else:
        assert drift.effective(reference, rows) >= needed * (1 - 1e-9)
        assert rows == 1 or drift.effective(reference, rows - 1) < needed


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3])
def test_the_rise_that_may_be_hidden_is_found_with_the_promised_power(share):
    draw, n, level = np.random.default_rng(5), 3_000, 0.05 / 20
    rise = drift.hidden_rise(share, n / 2, level, 0.95)
    pairs = zip(draw.binomial(n, share, 400), draw.binomial(n, share + rise, 400), strict=True)
    found = sum(drift.more_p(int(a), n, int(b), n) <= level for a, b in pairs)
    assert found / 400 >= 0.93


def test_the_family_is_benjamini_and_hochbergs():
    p_values = [0.01, 0.02, 0.03, 0.5]
    assert drift.adjust(p_values) == pytest.approx([0.04, 0.04, 0.04, 0.5])
    assert drift.adjust([]) == []


def test_counts_of_two_grids_are_not_compared():
    for compare in (drift.kolmogorov_smirnov, drift.cramers_v, drift.chi_square_p):
        with pytest.raises(ValueError, match="shorter"):
            compare([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="shorter"):
        drift.wasserstein([0, 1, 2], [1, 2, 3], [1, 2])


@pytest.mark.parametrize(
    ("reference", "found"), [(10_000, 10_400), (10_000, 9_900), (0, 12), (3, 0), (999_990, 10**6)]
)
def test_among_a_million_rows_more_missing_is_scipys(reference, found):
    expected = scipy.stats.hypergeom.sf(found - 1, 2 * 10**6, reference + found, 10**6)
    told = drift.more_p(reference, 10**6, found, 10**6)
    assert told == pytest.approx(expected, rel=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_p_values_are_adjusted_as_by_scipy(p_values):
    expected = scipy.stats.false_discovery_control(p_values)
    assert drift.adjust(p_values) == pytest.approx(list(expected))


@pytest.mark.parametrize("categories", [2, 3, 10, 500])
def test_the_needed_size_finds_a_change_at_the_floor_with_the_power(categories):
    needed = drift.needed_for_categories(0.1, categories, 0.01, 0.95)
    critical = scipy.stats.chi2.isf(0.01, categories - 1)
    found = scipy.stats.ncx2.sf(critical, categories - 1, needed * 4 * 0.1**2)
    assert found == pytest.approx(0.95)
