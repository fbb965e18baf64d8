from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.promises import Volume
from harness.claims.arrives import prove
from harness.verdict import Outcome
from tests.harness.claims.made import (
    DAY,
    EMPTY,
    HOUR,
    NIGHTLY,
    NOW,
    TODAY,
    drop,
    file,
    files,
    night,
    reading,
)

YESTERDAY = TODAY - DAY
MONDAY = date(2026, 11, 16)


def test_28_good_nights_of_28_prove_89_9_percent_and_29_are_needed():
    verdict = prove(NIGHTLY, [drop(files(YESTERDAY, 28))])
    assert (verdict.outcome, verdict.n) == (Outcome.UNPROVEN, 28)
    assert verdict.because == (
        "28 of 28 nights good: at least 89.9 % are, with 95 % confidence; 29 are needed for 90 %."
    )


def test_29_good_nights_are_proven():
    assert prove(NIGHTLY, [drop(files(YESTERDAY, 29))]).outcome is Outcome.PROVEN


def test_the_monday_that_came_empty_is_named():
    verdict = prove(NIGHTLY, [drop(files(YESTERDAY, 28, but={MONDAY: EMPTY}))])
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, "27 of 28 nights good")
    assert verdict.because == "1 bad night of 28: Monday 2026-11-16 came empty."


def test_nights_between_the_last_file_and_the_promised_lag_did_not_come():
    """Wednesday was over 24 h before the reading, Thursday was not."""
    verdict = prove(NIGHTLY, [drop(files(date(2026, 11, 17), 28, but={MONDAY: EMPTY}))])
    assert verdict.because == (
        "2 bad nights of 29: Monday 2026-11-16 came empty and Wednesday 2026-11-18 did not come."
    )


def test_a_file_that_is_missing_between_two_others_is_named():
    some = [f for f in files(YESTERDAY, 40) if f.day != MONDAY]
    verdict = prove(NIGHTLY, [drop(some)])
    assert verdict.because == "1 bad night of 40: Monday 2026-11-16 did not come."


def test_the_same_content_again_is_no_new_delivery():
    again = {MONDAY: {"sha256": f"content of {MONDAY - DAY}"}}
    verdict = prove(NIGHTLY, [drop(files(YESTERDAY, 40, but=again))])
    assert verdict.outcome is Outcome.BROKEN
    assert "Monday 2026-11-16 brought the content of an earlier delivery again" in verdict.because


def test_other_bytes_without_a_newer_event_are_no_new_delivery():
    old = {MONDAY: {"newest_event_at": NOW - 9 * DAY}}
    verdict = prove(NIGHTLY, [drop(files(YESTERDAY, 40, but=old))])
    assert "Monday 2026-11-16 brought no newer event" in verdict.because


@pytest.mark.parametrize(("rows", "outcome"), [(9, "BROKEN"), (10, "PROVEN"), (101, "BROKEN")])
def test_a_delivery_keeps_the_promised_volume(rows, outcome):
    promises = replace(NIGHTLY, volume=Volume(minimum=10, maximum=100))
    some = drop(files(YESTERDAY, 40, but={MONDAY: {"rows": rows}}))
    assert prove(promises, [some]).outcome == outcome


def test_a_night_that_may_be_empty_is_good_when_it_is():
    promises = replace(NIGHTLY, volume=Volume(minimum=0))
    some = drop(files(YESTERDAY, 40, but={MONDAY: EMPTY, MONDAY - 7 * DAY: EMPTY}))
    assert prove(promises, [some]).outcome is Outcome.PROVEN


def test_nights_that_may_all_be_empty_and_were_prove_nothing():
    promises = replace(NIGHTLY, volume=Volume(minimum=0))
    days = [YESTERDAY - n * DAY for n in range(40)]
    verdict = prove(promises, [drop(files(YESTERDAY, 40, but=dict.fromkeys(days, EMPTY)))])
    assert (verdict.outcome, verdict.because) == (
        Outcome.UNPROVEN,
        "No delivery has held a row yet.",
    )


def test_an_empty_file_that_was_sent_again_whole_is_a_good_night():
    again = file(MONDAY, name="shipments/shipments_20261116_2.csv")
    some = drop([*files(YESTERDAY, 40, but={MONDAY: EMPTY}), again])
    assert prove(NIGHTLY, [some]).outcome is Outcome.PROVEN


def test_a_file_that_was_emptied_after_it_was_read_is_no_good_night_any_more():
    before = drop(files(YESTERDAY - DAY, 39), slot=YESTERDAY, started_at=NOW - DAY)
    now = drop(files(YESTERDAY, 40, but={MONDAY: EMPTY}))
    verdict = prove(NIGHTLY, [before, now])
    assert verdict.because == "1 bad night of 40: Monday 2026-11-16 came empty."


def test_no_rows_at_all_is_broken():
    verdict = prove(NIGHTLY, [reading(rows=0)])
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, "0 rows")


def test_a_delivery_of_no_day_cannot_be_placed():
    verdict = prove(NIGHTLY, [drop([replace(file(YESTERDAY), day=None)])])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "1 of 1 delivery without a day" in verdict.because


def test_no_cadence_is_no_expectation():
    verdict = prove(replace(NIGHTLY, cadence=None), [drop(files(YESTERDAY, 40))])
    assert (verdict.outcome, verdict.observed) == (Outcome.UNPROVEN, "not promised")


def test_nights_of_a_source_without_files_add_up():
    assert prove(NIGHTLY, [night(TODAY - n * DAY) for n in range(28)]).outcome is Outcome.UNPROVEN
    assert prove(NIGHTLY, [night(TODAY - n * DAY) for n in range(29)]).outcome is Outcome.PROVEN


def test_a_night_we_did_not_look_is_neither_good_nor_bad():
    """28 of 29 looked at: not the source's failure, and no proof that it delivered."""
    verdict = prove(NIGHTLY, [night(TODAY - n * DAY) for n in range(29) if n != 9])
    assert (verdict.outcome, verdict.n) == (Outcome.UNPROVEN, 29)
    assert "1 night not looked at; 46 are needed for 90 %" in verdict.because


def test_a_table_that_did_not_change_overnight_brought_nothing():
    same = night(TODAY)
    stale = replace(same.deliveries[0], sha256=f"table of {YESTERDAY}")
    verdict = prove(NIGHTLY, [night(YESTERDAY), replace(same, deliveries=(stale,))])
    assert verdict.outcome is Outcome.BROKEN


def test_two_slots_read_within_the_hour_are_one_look():
    """`prove --slot` fills a gap by reading today's table: that it is the same says nothing."""
    same = night(TODAY)
    at = night(YESTERDAY).deliveries[0]
    again = replace(at, name=f"customers@{TODAY}", day=TODAY, available_at=at.available_at + HOUR)
    verdict = prove(NIGHTLY, [night(YESTERDAY), replace(same, deliveries=(again,))])
    assert (verdict.outcome, verdict.observed) == (Outcome.UNPROVEN, "1 of 2 nights good")


def test_nights_are_days_of_the_zone_and_not_24_hours():
    """31 nights over the end of summer time in Berlin, none lost to its 25th hour."""
    promises = replace(NIGHTLY, zone="Europe/Berlin", lag=HOUR)
    some = files(date(2026, 11, 10), 31)
    at_two = datetime(2026, 11, 11, 1, 0, tzinfo=UTC)  # 02:00 there
    verdict = prove(promises, [drop(some, slot=date(2026, 11, 11), started_at=at_two)])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 31)


def test_the_last_night_due_is_told_by_the_zones_midnight():
    promises = replace(NIGHTLY, zone="Asia/Tokyo", lag=HOUR)
    some = files(TODAY - 2 * DAY, 40)
    before, after = (datetime(2026, 11, 19, hour, 30, tzinfo=UTC) for hour in (15, 16))
    assert prove(promises, [drop(some, started_at=before)]).outcome is Outcome.PROVEN
    assert prove(promises, [drop(some, started_at=after)]).outcome is Outcome.BROKEN


def test_a_weekly_cadence_expects_one_delivery_a_week():
    weekly = replace(NIGHTLY, cadence=7 * DAY)
    sent = [file(TODAY - n * 7 * DAY) for n in range(1, 31)]
    assert prove(weekly, [drop(sent)]).outcome is Outcome.PROVEN
    verdict = prove(weekly, [drop([f for f in sent if f.day != TODAY - 35 * DAY])])
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, "29 of 30 nights good")


def test_one_of_24_hourly_files_missing_is_a_gap():
    hourly = replace(NIGHTLY, cadence=HOUR, lag=HOUR)

    def sent(day: date, hour: int):
        at = datetime(day.year, day.month, day.day, hour, 59, tzinfo=UTC)
        return file(day, name=f"{at}", newest_event_at=at, available_at=at, sha256=f"{at}")

    days = [YESTERDAY - n * DAY for n in range(30)]
    whole = [sent(day, hour) for day in days for hour in range(24)]
    assert prove(hourly, [drop(whole)]).outcome is Outcome.PROVEN
    verdict = prove(hourly, [drop([f for f in whole if f.name != f"{MONDAY} 13:59:00+00:00"])])
    assert verdict.because == "1 bad night of 30: Monday 2026-11-16 brought too few deliveries."


def test_bad_nights_of_more_than_a_year_ago_are_past():
    long_ago = files(YESTERDAY, 400, but={TODAY - 390 * DAY: EMPTY})
    verdict = prove(NIGHTLY, [drop(long_ago)])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 367)


def test_a_promise_of_longer_than_there_are_dates_does_not_raise():
    assert prove(replace(NIGHTLY, lag=timedelta.max), [drop(files(YESTERDAY, 3))]).n == 3
