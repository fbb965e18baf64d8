from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from harness.statistics.rates import lower_bound, trials_needed, upper_bound

rates = st.floats(0.01, 0.999)


@pytest.mark.parametrize(
    ("rate", "failures", "needed"),
    [
        (0.90, 0, 29),
        (0.95, 0, 59),
        (0.99, 0, 299),
        (0.999, 0, 2_995),
        (0.9999, 0, 29_956),
        (0.90, 1, 46),
        (0.95, 2, 124),
        (0.99, 3, 773),
        (0.99, 5, 1_049),
    ],
)
def test_trials_needed_are_those_of_the_published_tables(rate, failures, needed):
    assert trials_needed(rate, 0.95, failures=failures) == needed


def test_29_nights_do_at_95_percent_confidence_and_44_at_99():
    assert (trials_needed(0.90, 0.95), trials_needed(0.90, 0.99)) == (29, 44)


@pytest.mark.parametrize(
    ("good", "nights", "percent"),
    [(7, 7, 65.2), (14, 14, 80.7), (28, 28, 89.9), (30, 30, 90.5), (90, 90, 96.7), (27, 28, 84.1)],
)
def test_good_nights_prove_the_share_of_the_tables(good, nights, percent):
    assert round(100 * lower_bound(good, nights, 0.95), 1) == percent


@given(st.integers(1, 400), st.data(), st.floats(0.5, 0.999))
def test_bounds_are_those_of_scipy(trials, data, confidence):
    """One side of scipy's exact interval, which has two: half the error on each."""
    successes = data.draw(st.integers(0, trials))
    exact = binomtest(successes, trials).proportion_ci(2 * confidence - 1, method="exact")
    assert lower_bound(successes, trials, confidence) == pytest.approx(exact.low, abs=1e-9)
    assert upper_bound(successes, trials, confidence) == pytest.approx(exact.high, abs=1e-9)


@given(st.integers(0, 10_000), st.data(), st.floats(0.5, 0.999))
def test_the_bounds_hold_the_observed_share_between_them(trials, data, confidence):
    successes = data.draw(st.integers(0, trials))
    low = lower_bound(successes, trials, confidence)
    high = upper_bound(successes, trials, confidence)
    assert 0 <= low <= high <= 1
    if trials:
        assert low - 1e-12 <= successes / trials <= high + 1e-12


def test_no_trials_prove_nothing():
    assert (lower_bound(0, 0, 0.95), upper_bound(0, 0, 0.95)) == (0.0, 1.0)


@given(rates, st.floats(0.5, 0.99), st.integers(0, 5))
def test_one_trial_less_than_needed_is_too_few(rate, confidence, failures):
    needed = trials_needed(rate, confidence, failures=failures)
    assert lower_bound(needed - failures, needed, confidence) >= rate
    assert lower_bound(needed - 1 - failures, needed - 1, confidence) < rate
