"""Each group that ever came is expected again, in its promised volume."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.promises import Volume
from harness.claims.arrives import CLAIM
from harness.claims.groups import judge_rows
from harness.verdict import Outcome
from tests.harness.claims.grouped import ALIVE, by_region, drop_of, file_of, table, tables
from tests.harness.claims.made import DAY, HOUR, NIGHTLY, NOW, TODAY

BOTH = {"north": ALIVE, "south": ALIVE}
MONDAY = date(2026, 11, 16)
YESTERDAY = TODAY - DAY
FULL = {"north": 30, "south": 24}


def days(n: int) -> list[date]:
    """As many days as had files, oldest first."""
    return [YESTERDAY - i * DAY for i in reversed(range(n))]


def test_a_group_of_the_night_before_that_is_gone_is_a_bad_night() -> None:
    verdict = CLAIM.prove(by_region(), tables(40, BOTH, but={0: {"south": ALIVE}}))
    assert (verdict.outcome, verdict.observed) == (
        Outcome.BROKEN,
        "39 of 40 nights good by region",
    )
    assert verdict.because == (
        '1 bad night of 40 by region: Friday 2026-11-20 brought no row of "north". '
        "Ask the owner of the source; if a group ended, name it in Groups.ended."
    )


def test_without_groups_the_same_nights_are_proven() -> None:
    """The guard off."""
    assert CLAIM.prove(NIGHTLY, tables(40, BOTH, but={0: {"south": ALIVE}})).outcome == "PROVEN"


def test_a_group_stays_gone_until_the_contract_says_that_it_ended() -> None:
    nights = tables(40, BOTH, but={n: {"south": ALIVE} for n in range(3)})
    assert "3 bad nights of 40 by region" in CLAIM.prove(by_region(), nights).because
    assert CLAIM.prove(by_region(ended=("north",)), nights).outcome is Outcome.PROVEN


def test_a_group_that_appears_is_told_once_and_expected_from_then_on() -> None:
    verdict = CLAIM.prove(by_region(), tables(40, {"south": ALIVE}, but={0: BOTH}))
    assert verdict.outcome is Outcome.PROVEN
    assert verdict.because.endswith('; 2 groups of region, "north" for the first time.')
    later = CLAIM.prove(by_region(), tables(40, {"south": ALIVE}, but={0: BOTH, 1: BOTH}))
    assert later.because.endswith("; 2 groups of region.")


def test_rows_without_a_region_may_be_gone() -> None:
    nights = tables(40, {**BOTH, "missing": ALIVE}, but={0: BOTH})
    assert CLAIM.prove(by_region(), nights).outcome is Outcome.PROVEN


@pytest.mark.parametrize(
    ("volume", "told"),
    [
        (Volume(minimum=501), 'brought fewer rows than promised of "north" and "south"'),
        (Volume(minimum=1, maximum=499), 'brought more rows than promised of "north" and "south"'),
    ],
)
def test_each_group_has_its_volume(volume: Volume, told: str) -> None:
    verdict = CLAIM.prove(by_region(volume=volume), tables(2, BOTH))
    assert verdict.outcome is Outcome.BROKEN
    assert f"2 bad nights of 2 by region: Friday 2026-11-20 {told} and Thursday" in verdict.because
    assert CLAIM.prove(
        by_region(volume=Volume(minimum=500, maximum=500)), tables(40, BOTH)
    ).outcome


def test_a_minimum_of_0_lets_a_group_stay_away() -> None:
    nights = tables(40, BOTH, but={0: {"south": ALIVE}})
    assert CLAIM.prove(by_region(volume=Volume(minimum=0)), nights).outcome is Outcome.PROVEN


def test_a_file_without_a_group_of_the_day_before_is_named_by_its_day() -> None:
    files = [file_of(day, {"south": 24} if day == MONDAY else FULL) for day in days(40)]
    verdict = CLAIM.prove(by_region(), [drop_of(*files)])
    assert 'Monday 2026-11-16 brought no row of "north"' in verdict.because


def test_files_of_one_day_are_taken_together() -> None:
    """One file a region; and a short file that was sent again under another name."""
    split = [
        file_of(day, {name: 30}, part=f"_{name}")
        for day in days(40)
        for name in ("north", "south")
    ]
    assert CLAIM.prove(by_region(), [drop_of(*split)]).outcome is Outcome.PROVEN
    whole = [file_of(day, {"south": 24} if day == MONDAY else FULL) for day in days(40)]
    again = drop_of(*whole, file_of(MONDAY, FULL, part="_again"))
    enough = by_region(volume=Volume(minimum=1, maximum=40))
    assert CLAIM.prove(enough, [again]).outcome is Outcome.PROVEN


def test_a_day_whose_files_are_still_coming_is_not_judged_until_it_is_over() -> None:
    split = [
        file_of(day, {name: 30}, part=f"_{name}")
        for day in days(40)
        for name in ("north", "south")
    ]
    assert CLAIM.prove(by_region(), [drop_of(*split[:-1])]).outcome is Outcome.PROVEN
    over = replace(drop_of(*split[:-1]), started_at=NOW + 18 * HOUR)
    assert (
        'Thursday 2026-11-19 brought no row of "south"' in CLAIM.prove(by_region(), [over]).because
    )


def test_a_group_that_went_away_more_than_a_year_ago_is_forgotten() -> None:
    nights = [table(TODAY - n * DAY, {"south": ALIVE}) for n in reversed(range(367))]
    first = table(TODAY - 367 * DAY, BOTH)
    assert CLAIM.prove(by_region(), [first, *nights]).outcome is Outcome.PROVEN
    second = table(TODAY - 366 * DAY, BOTH)
    assert CLAIM.prove(by_region(), [second, *nights[1:]]).outcome is Outcome.BROKEN


def test_hourly_deliveries_are_judged_one_by_one() -> None:
    hourly = replace(by_region(), cadence=timedelta(hours=1))
    files = [file_of(day, FULL, part=f"_{h}") for day in days(2) for h in range(24)]
    lacking = [*files, file_of(YESTERDAY, {"south": 5}, part="_24")]
    found = judge_rows(hourly, [drop_of(*lacking)])
    assert found.because.startswith("1 bad night of 49 by region: Thursday 2026-11-19 brought no")
    assert judge_rows(by_region(), [drop_of(*lacking)]).outcome is Outcome.PROVEN
