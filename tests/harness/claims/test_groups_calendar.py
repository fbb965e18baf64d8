"""Groups where deliveries are due by a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from harness.claims import arrives, fresh
from harness.claims.groups import judge_rows
from harness.verdict import Outcome
from tests.harness.claims.grouped import ALIVE, by_region, drop_of, file_of, table, tables
from tests.harness.claims.made import DAY, NOW, TODAY

WORKDAYS = replace(by_region(), cadence="0 23 * * 1-5")
FULL = {"north": 30, "south": 24}
FRIDAY, MONDAY = date(2026, 11, 13), date(2026, 11, 16)


def test_a_group_waits_over_the_weekend_as_the_calendar_does() -> None:
    """On Monday morning Friday's events are the newest that could have come."""
    ages = {"north": ALIVE + 2 * DAY, "south": ALIVE + 2 * DAY}
    monday = replace(table(MONDAY, ages), slot=MONDAY)
    assert "brought nothing new" not in fresh.CLAIM.prove(WORKDAYS, [monday]).because
    spans = replace(WORKDAYS, cadence=timedelta(hours=24), lag=timedelta(hours=24))
    dead = {**ages, "south": ALIVE}
    assert "brought nothing new" in fresh.CLAIM.prove(spans, [table(MONDAY, dead)]).because


def test_a_dead_group_is_found_by_a_calendar() -> None:
    nights = tables(60, {"north": 20 * DAY, "south": ALIVE})
    verdict = fresh.CLAIM.prove(WORKDAYS, nights)
    assert verdict.outcome is Outcome.BROKEN
    assert '"north" (newest event 2026-10-31 06:00 UTC' in verdict.because


def workdays(n: int) -> list[date]:
    days = [TODAY - i * DAY for i in reversed(range(1, n + 1))]
    return [day for day in days if day.weekday() < 5]


def test_a_file_of_a_workday_without_a_group_is_a_bad_night() -> None:
    files = [file_of(day, {"south": 9} if day == MONDAY else FULL) for day in workdays(60)]
    verdict = arrives.CLAIM.prove(WORKDAYS, [drop_of(*files)])
    assert 'Monday 2026-11-16 brought no row of "north"' in verdict.because


def test_a_file_on_a_day_on_which_nothing_is_due_may_hold_less() -> None:
    files = [file_of(day, FULL) for day in workdays(60)]
    extra = file_of(FRIDAY + DAY, {"south": 1})
    by_itself = drop_of(*files, extra)
    assert judge_rows(WORKDAYS, [by_itself]).outcome is Outcome.PROVEN
    daily = replace(WORKDAYS, cadence=DAY)
    assert judge_rows(daily, [by_itself]).outcome is Outcome.BROKEN
    closed = replace(daily, excluded=(FRIDAY + DAY,))
    assert judge_rows(closed, [by_itself]).outcome is Outcome.PROVEN


def test_a_reading_of_ours_shows_all_groups_on_any_day() -> None:
    saturday = FRIDAY + DAY
    nights = [table(saturday - DAY, dict.fromkeys(FULL, ALIVE)), table(saturday, {"south": ALIVE})]
    assert judge_rows(WORKDAYS, nights).outcome is Outcome.BROKEN


def test_an_hour_of_several_is_judged_alone_by_a_calendar() -> None:
    hourly = replace(WORKDAYS, cadence="0 * * * *")
    some = [file_of(MONDAY, FULL, part="_01"), file_of(MONDAY, {"south": 4}, part="_02")]
    late = replace(drop_of(*some), started_at=NOW)
    assert judge_rows(hourly, [late]).because.startswith("1 bad night of 2 by region: Monday")
    assert judge_rows(WORKDAYS, [late]).outcome is Outcome.PROVEN
