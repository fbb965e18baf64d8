from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.promises import Thresholds, Volume
from harness.claims.fresh import prove
from harness.verdict import Outcome
from tests.harness.claims.made import (
    DAY,
    EMPTY,
    HOUR,
    NIGHTLY,
    NOW,
    TODAY,
    drop,
    failed,
    file,
    files,
    night,
    reading,
)

YESTERDAY = TODAY - DAY


def test_a_48_hour_lag_against_24_promised_is_broken_with_both_numbers():
    late = files(TODAY - 3 * DAY, 28, lag=timedelta(hours=48), but={TODAY - 4 * DAY: EMPTY})
    verdict = prove(NIGHTLY, [drop(late)])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == (
        "27 of 28 deliveries came later than the 24 h 00 m promised "
        "(shipments/shipments_20261117.csv, shipments/shipments_20261115.csv, "
        "shipments/shipments_20261114.csv and 24 more) and 1 came empty "
        "(shipments/shipments_20261116.csv): the median lag is "
        "48 h 00 m, and the newest event (2026-11-17 22:00 UTC) is 56 h 00 m old."
    )


def test_27_deliveries_on_time_are_too_few_and_59_are_needed():
    verdict = prove(NIGHTLY, [drop(files(YESTERDAY, 27))])
    assert (verdict.outcome, verdict.n) == (Outcome.UNPROVEN, 27)
    assert verdict.because == (
        "27 of 27 deliveries on time, median lag 30 m 00 s; "
        "59 without a failure are needed for 95 %."
    )


@pytest.mark.parametrize(("nights", "outcome"), [(58, "UNPROVEN"), (59, "PROVEN")])
def test_59_deliveries_on_time_prove_95_percent(nights, outcome):
    assert prove(NIGHTLY, [drop(files(YESTERDAY, nights))]).outcome == outcome


def test_one_late_delivery_asks_for_more_of_them():
    some = files(YESTERDAY, 60, but={TODAY - 9 * DAY: EMPTY})
    verdict = prove(NIGHTLY, [drop(some)])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "93 with no more than 1 late are needed for 95 %" in verdict.because


def test_an_empty_delivery_brought_nothing_in_time_unless_it_may_be_empty():
    some = files(YESTERDAY, 60, but={TODAY - 9 * DAY: EMPTY})
    may_be_empty = replace(NIGHTLY, volume=Volume(minimum=0))
    verdict = prove(may_be_empty, [drop(some)])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 59)


def test_exactly_the_promised_lag_is_on_time():
    verdict = prove(NIGHTLY, [drop(files(YESTERDAY, 59, lag=DAY))])
    assert verdict.outcome is Outcome.PROVEN


def test_data_that_stopped_coming_are_broken_though_all_of_them_came_on_time():
    verdict = prove(NIGHTLY, [drop(files(TODAY - 5 * DAY, 80))])
    assert verdict.outcome is Outcome.BROKEN
    assert "104 h 00 m old" in verdict.because
    assert "it may be 48 h 00 m" in verdict.because


def test_a_file_listed_every_night_is_one_trial():
    earlier = drop(files(YESTERDAY - DAY, 29), slot=YESTERDAY, started_at=NOW - DAY)
    verdict = prove(NIGHTLY, [earlier, drop(files(YESTERDAY, 30))])
    assert verdict.n == 30


def test_a_file_that_is_gone_today_still_counts_from_the_night_that_saw_it():
    seen = [
        drop([file(TODAY - n * DAY)], slot=TODAY - (n - 1) * DAY, started_at=NOW - (n - 1) * DAY)
        for n in range(1, 60)
    ]
    assert prove(NIGHTLY, seen).outcome is Outcome.PROVEN


def test_nights_of_a_source_without_files_add_up():
    verdict = prove(NIGHTLY, [night(TODAY - n * DAY) for n in range(59)])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 59)


def test_one_night_alone_proves_nothing_and_breaks_nothing():
    """One late delivery is compatible with 95 % on time; data too old would not be."""
    old = night(TODAY, newest_event_at=NOW - 30 * HOUR)
    assert prove(NIGHTLY, [night(TODAY)]).outcome is Outcome.UNPROVEN
    assert prove(NIGHTLY, [old]).outcome is Outcome.UNPROVEN


@pytest.mark.parametrize(("ahead", "outcome"), [(4, "UNPROVEN"), (6, "BROKEN")])
def test_events_more_than_five_minutes_in_the_future_are_broken(ahead, outcome):
    future = NOW + timedelta(minutes=ahead)
    assert prove(NIGHTLY, [night(TODAY, newest_event_at=future)]).outcome == outcome


def test_a_file_older_than_its_own_events_has_a_wrong_clock():
    verdict = prove(NIGHTLY, [drop(files(YESTERDAY, 60, lag=-HOUR))])
    assert verdict.outcome is Outcome.BROKEN
    assert "1 h 00 m after the time at which they were read" in verdict.because


@pytest.mark.parametrize("without", [{"lag": None}, {"event_time": None}])
def test_what_is_not_promised_is_unproven_and_says_what_to_promise(without):
    verdict = prove(replace(NIGHTLY, **without), [drop(files(YESTERDAY, 60))])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "promise a lag" in verdict.because


@pytest.mark.parametrize(
    "nothing", [reading(rows=0, newest_event_at=None), drop([file(YESTERDAY, **EMPTY)])]
)
def test_without_events_the_lag_is_unknown_and_not_nothing(nothing):
    verdict = prove(NIGHTLY, [nothing])
    assert (verdict.outcome, verdict.observed) == (Outcome.UNPROVEN, "lag unknown")


def test_a_failed_reading_is_an_error_whatever_came_before():
    earlier = [night(TODAY - n * DAY) for n in range(1, 90)]
    verdict = prove(NIGHTLY, [*earlier, failed("AccessDenied", "28P01: check the password")])
    assert verdict.outcome is Outcome.ERROR


def test_thresholds_decide_how_much_is_enough():
    lenient = replace(NIGHTLY, thresholds=Thresholds(on_time=0.90))
    assert prove(lenient, [drop(files(YESTERDAY, 29))]).outcome is Outcome.PROVEN


def test_a_clock_may_differ_by_five_minutes_and_the_time_that_the_reading_took():
    for beyond, outcome in ((0, Outcome.UNPROVEN), (1, Outcome.BROKEN)):
        ahead = timedelta(minutes=5, seconds=2, microseconds=beyond)
        one = night(TODAY, deliveries=(), newest_event_at=NOW + ahead, seconds=2.0)
        assert prove(NIGHTLY, [one]).outcome is outcome


@pytest.mark.parametrize("empty", [{"rows": 0}, {"rows": -1}, {"newest_event_at": None}])
def test_a_file_without_rows_or_without_event_times_has_no_lag(empty):
    """Its lag would be good: it is none, so the file was not in time."""
    some = files(YESTERDAY, 60, but={TODAY - 9 * DAY: empty})
    assert prove(NIGHTLY, [drop(some)]).observed.startswith("59 of 60 in time")


def test_one_row_is_enough_for_a_lag():
    one = files(YESTERDAY, 60, but={TODAY - 9 * DAY: {"rows": 1}})
    assert prove(NIGHTLY, [drop(one)]).observed.startswith("60 of 60 in time")
