"""`arrives` and `fresh` by a calendar: good sources once accused, bad nights once missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.promises import Promises, Volume
from harness.claims import arrives, fresh
from harness.claims.nights import own_delivery
from harness.claims.wholeness import whole_enough
from harness.facts import Delivery, Reading
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import DAY, EMPTY, HOUR, NIGHTLY, TODAY, drop, file, files, reading

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY, MONDAY = TODAY, date(2026, 11, 16)
WORKDAYS = replace(NIGHTLY, cadence="0 6 * * 1-5")
HOURLY = replace(NIGHTLY, cadence=HOUR, lag=HOUR)
STAMPED = replace(WORKDAYS, named="x_%Y%m%d%H%M%S.csv")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def workdays(last: date, weeks: int) -> list[date]:
    days = [last - n * DAY for n in reversed(range(7 * weeks))]
    return [day for day in days if day.isoweekday() <= 5]


def hour(day: date, n: int, **given: Any) -> Delivery:
    begins = at(day, 0) + n * HOUR
    usual = {
        "name": f"h_{begins:%Y%m%d%H%M%S}.csv",
        "available_at": begins + HOUR,
        "newest_event_at": begins + 59 * timedelta(minutes=1),
        "sha256": f"{begins}",
    }
    return file(begins.date(), **{**usual, **given})


def prove(promises: Promises, some: Sequence[Delivery], now: datetime) -> Verdict:
    return arrives.prove(promises, [drop(some, started_at=now)])


def test_a_feed_from_monday_to_friday_is_good_on_sunday_and_on_monday_morning() -> None:
    """It was BROKEN each weekend under a cadence of a day."""
    sent = [file(day) for day in workdays(FRIDAY, 9)]
    for now in (at(FRIDAY + 2 * DAY, 12), at(FRIDAY + 3 * DAY, 5)):
        verdict = prove(WORKDAYS, sent, now)
        assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 45)
        assert prove(NIGHTLY, sent, now).outcome is Outcome.BROKEN
        aged = fresh.prove(WORKDAYS, [drop(sent, started_at=now)])
        assert aged.outcome is not Outcome.BROKEN


def test_its_monday_that_did_not_come_is_named_once_the_lag_is_over() -> None:
    sent = [file(day) for day in workdays(FRIDAY, 9) if day != MONDAY]
    before, after = at(MONDAY + 2 * DAY, 0) - HOUR, at(MONDAY + 2 * DAY, 0)
    until = [one for one in sent if one.day and one.day < MONDAY + DAY]
    assert prove(WORKDAYS, until, before).outcome is Outcome.PROVEN
    assert prove(WORKDAYS, until, after).because == (
        "1 bad night of 41: Monday 2026-11-16 did not come."
    )


def test_an_hourly_feed_is_good_when_it_is_looked_at_in_mid_day() -> None:
    """It was BROKEN: the day had brought too few deliveries so far."""
    now = at(TODAY, 12, 30)
    sent = [hour(TODAY - n * DAY, h) for n in range(31) for h in range(24)]
    so_far = [one for one in sent if one.available_at <= now]
    for cadence in (HOUR, "@hourly", "FREQ=HOURLY"):
        named = "h_%Y%m%d%H%M%S.csv" if isinstance(cadence, str) else None
        verdict = prove(replace(HOURLY, cadence=cadence, named=named), so_far, now)
        assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 30)


def test_the_hours_that_lack_are_named_on_the_same_day() -> None:
    now = at(TODAY, 12, 30)
    promises = replace(HOURLY, cadence="@hourly", named="h_%Y%m%d%H%M%S.csv")
    sent = [hour(TODAY - n * DAY, h) for n in range(3) for h in range(24)]
    so_far = [one for one in sent if one.available_at <= now]
    without = [one for one in so_far if one.name not in {hour(TODAY, h).name for h in (4, 9)}]
    assert prove(promises, without, now).because == (
        "1 bad night of 3: Friday 2026-11-20 brought too few deliveries "
        "(none for 04:00 and 09:00)."
    )


@pytest.mark.parametrize("cadence", [HOUR, "@hourly"])
def test_a_repeat_that_came_before_what_it_repeats_is_told(cadence: timedelta | str) -> None:
    """It was called not looked at, as a reading is that comes too soon after another."""
    promises = replace(HOURLY, cadence=cadence, named="h_%Y%m%d%H%M%S.csv")
    sent = [hour(TODAY - DAY * n, h) for n in (2, 1) for h in range(24)]
    late = replace(sent[32], available_at=sent[32].available_at + 70 * timedelta(minutes=1))
    repeat = replace(sent[33], sha256=late.sha256, newest_event_at=late.newest_event_at)
    verdict = prove(promises, [*sent[:32], late, repeat, *sent[34:]], at(TODAY, 6))
    assert "Thursday 2026-11-19 brought the content of an earlier delivery" in verdict.because


def quarter(day: date, n: int, *, content: int | None = None) -> Reading:
    """A table read at ten past 0, 6, 12 and 18 o'clock."""
    begins = at(day, 6 * n) + timedelta(minutes=10)
    of = own_delivery("orders", day, at=begins)
    held = begins if content is None else at(day, 6 * content) + timedelta(minutes=10)
    delivery = Delivery(
        name=of,
        day=day,
        available_at=begins,
        rows=9,
        newest_event_at=held - HOUR,
        sha256=f"{held}",
    )
    given = {"slot": day, "started_at": begins, "deliveries": (delivery,)}
    return reading(dataset="orders", newest_event_at=held - HOUR, **given)


@pytest.mark.parametrize("cadence", [6 * HOUR, "0 */6 * * *"])
def test_a_table_with_four_deliveries_a_day_is_proven_by_four_readings(
    cadence: timedelta | str,
) -> None:
    """It could never be: of one reading a night four were expected."""
    promises = replace(NIGHTLY, cadence=cadence, lag=timedelta(minutes=10))
    taken = [quarter(TODAY - n * DAY, q) for n in reversed(range(32)) for q in range(4)]
    verdict = arrives.prove(promises, taken)
    assert (verdict.outcome, verdict.n) in {(Outcome.PROVEN, 31), (Outcome.PROVEN, 32)}
    once = arrives.prove(promises, taken[::4])
    assert (once.outcome, "not looked at" in once.because) == (Outcome.UNPROVEN, True)
    stale = [*taken[:-1], quarter(TODAY, 3, content=2)]
    assert arrives.prove(promises, stale).outcome is Outcome.BROKEN


def test_a_cut_reading_of_this_morning_is_no_trial_this_evening() -> None:
    cut = replace(quarter(TODAY, 0), rows=1)
    assert whole_enough([cut, quarter(TODAY, 1)]) == [quarter(TODAY, 1)]


def test_a_table_that_was_early_is_not_stale_when_its_lag_is_over() -> None:
    """Loaded at 06:00, promised within a day: Friday's look at 07:00 saw it, Saturday's again."""
    looks = [
        (FRIDAY - DAY, "thu"),
        (FRIDAY, "fri"),
        (FRIDAY + DAY, "fri"),
        (FRIDAY + 2 * DAY, "fri"),
    ]

    def look(day: date, content: str) -> Reading:
        newest = at(FRIDAY if content == "fri" else FRIDAY - DAY, 5)
        delivery = Delivery(
            name=own_delivery("orders", day),
            day=day,
            available_at=at(day, 7),
            rows=9,
            newest_event_at=newest,
            sha256=content,
        )
        given = {"slot": day, "started_at": at(day, 7), "deliveries": (delivery,)}
        return reading(dataset="orders", newest_event_at=newest, **given)

    taken = [look(*one) for one in looks]
    assert arrives.prove(WORKDAYS, taken).outcome is Outcome.UNPROVEN
    assert fresh.prove(WORKDAYS, taken).outcome is not Outcome.BROKEN
    late = [*taken, look(FRIDAY + 4 * DAY, "fri")]  # Monday's was due a day before
    assert "Monday 2026-11-23 brought the content of an earlier delivery again" in (
        arrives.prove(WORKDAYS, late).because
    )
    assert fresh.prove(WORKDAYS, late).outcome is Outcome.BROKEN


def test_a_monthly_close_is_judged_once_a_month_and_its_absence_within_its_lag() -> None:
    """Under a cadence of 30 days each month of 31 broke it."""
    close = replace(NIGHTLY, cadence="FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=20", lag=2 * DAY)
    ends = [date(2026, month, 1) - DAY for month in range(2, 12)]
    sent = [file(day) for day in ends]
    good = prove(close, sent, at(TODAY, 6))
    assert (good.outcome, good.n) == (Outcome.UNPROVEN, 10)
    assert prove(close, sent[:-1], at(date(2026, 11, 2), 23)).outcome is Outcome.UNPROVEN
    assert prove(close, sent[:-1], at(date(2026, 11, 3), 0)).because == (
        "1 bad night of 10: Saturday 2026-10-31 did not come."
    )


def test_the_empty_night_of_a_file_named_by_its_second_is_broken() -> None:
    """It was not: the name told no day, and no row told a time."""
    sent = [replace(file(day), name=f"x_{day:%Y%m%d}020000.csv") for day in workdays(FRIDAY, 9)]
    empty = [replace(one, **EMPTY) if one.day == MONDAY else one for one in sent]
    assert prove(STAMPED, empty, at(FRIDAY + 2 * DAY, 6)).because == (
        "1 bad night of 45: Monday 2026-11-16 came empty."
    )


def test_names_that_do_not_match_their_pattern_are_told_with_it() -> None:
    verdict = prove(STAMPED, [file(FRIDAY, name="x_20261127.csv")], at(FRIDAY, 6))
    assert (verdict.outcome, verdict.because) == (
        Outcome.UNPROVEN,
        "1 of 1 delivery without a day: name them as x_%Y%m%d%H%M%S.csv, or correct named.",
    )


def test_what_nobody_expected_is_neither_good_nor_bad() -> None:
    saturday = file(FRIDAY + DAY, **EMPTY)
    sent = [*(file(day) for day in workdays(FRIDAY, 9)), saturday]
    assert prove(WORKDAYS, sent, at(FRIDAY + 2 * DAY, 6)).outcome is Outcome.PROVEN


def test_what_was_due_after_an_unexpected_file_and_did_not_come_is_missing() -> None:
    """It was said that nothing due was over yet."""
    verdict = prove(WORKDAYS, [file(FRIDAY + DAY)], at(FRIDAY + 5 * DAY, 6))
    assert verdict.because == "1 bad night of 1: Monday 2026-11-23 did not come."


@pytest.mark.parametrize(
    ("promises", "day", "outcome"),
    [
        (NIGHTLY, FRIDAY, Outcome.BROKEN),
        (replace(NIGHTLY, excluded=(FRIDAY,)), FRIDAY, Outcome.UNPROVEN),
        (WORKDAYS, FRIDAY, Outcome.BROKEN),
        (WORKDAYS, FRIDAY + DAY, Outcome.UNPROVEN),
        (replace(WORKDAYS, excluded=(FRIDAY,)), FRIDAY, Outcome.UNPROVEN),
        (replace(NIGHTLY, volume=Volume(minimum=0)), FRIDAY, Outcome.UNPROVEN),
    ],
)
def test_zero_rows_never_pass_and_break_every_day_on_which_something_is_due(
    promises: Promises, day: date, outcome: Outcome
) -> None:
    assert arrives.prove(promises, [reading(rows=0, started_at=at(day, 6))]).outcome is outcome


def test_an_excluded_day_is_no_night_and_its_file_no_late_delivery() -> None:
    closed = (MONDAY, MONDAY - DAY)
    promises = replace(NIGHTLY, excluded=closed)
    without = [one for one in files(TODAY - DAY, 40) if one.day not in closed]
    header = file(MONDAY, **EMPTY)
    for sent in (without, [*without, header]):
        of = drop(sent)
        verdict = arrives.prove(promises, [of])
        assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 38)
        assert fresh.prove(promises, [of]).outcome is not Outcome.BROKEN
        assert "MISSING" not in verdict.because
    assert arrives.prove(NIGHTLY, [drop(without)]).outcome is Outcome.BROKEN


def test_a_file_whose_time_was_reset_keeps_its_first_arrival() -> None:
    """All were copied an hour before the look: each would have come late."""
    sent = files(TODAY - DAY, 60)
    reset = [replace(one, available_at=at(TODAY, 5)) for one in sent]
    before = drop(sent, slot=TODAY - DAY, started_at=at(TODAY - DAY, 23))
    assert fresh.prove(NIGHTLY, [drop(reset)]).outcome is Outcome.BROKEN
    assert fresh.prove(NIGHTLY, [before, drop(reset)]).outcome is Outcome.PROVEN
    other = [replace(one, sha256=f"new {one.sha256}") for one in reset]
    assert fresh.prove(NIGHTLY, [before, drop(other)]).outcome is Outcome.BROKEN


def test_an_hour_that_occurs_twice_has_one_name_and_two_deliveries_by_event() -> None:
    """T02"""
    fold = date(2026, 10, 25)
    begins = [datetime(2026, 10, 23, 22, tzinfo=UTC) + n * HOUR for n in range(24 + 25 + 24)]
    local = replace(HOURLY, cadence="@hourly", zone="Europe/Berlin", named="h_%Y%m%d%H.csv")
    by_name = {
        f"h_{b.astimezone(BERLIN):%Y%m%d%H}.csv": hour(b.date(), b.hour, sha256=f"{b}")
        for b in begins
    }
    named = [
        replace(one, name=name, day=datetime.strptime(name[2:10], "%Y%m%d").date())  # noqa: DTZ007
        for name, one in by_name.items()
    ]
    assert len(named) == 72
    now = at(date(2026, 10, 27), 0, 30)
    good = prove(local, named, now)
    assert (good.outcome, good.observed) == (Outcome.UNPROVEN, "3 of 3 nights good")
    by_event = replace(local, named=None)
    parts = [hour(b.date(), b.hour, name=f"{n}.parquet") for n, b in enumerate(begins)]
    assert prove(by_event, parts, now).observed == "3 of 3 nights good"
    second = next(n for n, b in enumerate(begins) if b.astimezone(BERLIN).fold)
    lacks = prove(by_event, [one for n, one in enumerate(parts) if n != second], now)
    assert lacks.because == (
        f"1 bad night of 3: Sunday {fold} brought too few deliveries (none for 02:00)."
    )


def test_thirty_nights_over_a_change_of_the_clock_are_thirty_days_of_the_zone() -> None:
    """T08"""
    promises = replace(NIGHTLY, zone="Europe/Berlin", lag=HOUR, cadence="30 1 * * *")
    sent = files(date(2026, 11, 10), 30)
    verdict = prove(promises, sent, at(date(2026, 11, 11), 1))
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 30)


def test_nothing_is_due_yet_is_said() -> None:
    verdict = prove(WORKDAYS, [file(FRIDAY + DAY)], at(FRIDAY + DAY, 23))
    assert verdict.because == "Nothing that was due since the first delivery is over yet."
