"""T06: which nights did not run, decided from the runs that did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from harness.run.missed import Begun, missed
from harness.timetable import Schedule
from harness.verdict import Outcome

ARMED = Schedule(name="nightly", at="02:30", zone="Europe/Berlin", armed=True)
TONIGHT = date(2026, 3, 31)
DAY = timedelta(days=1)
PART = "was asked for 2 of 9 verdicts"


def begun(days_ago: int, *, lacks: str | None = None, armed: bool = True) -> Begun:
    night = TONIGHT - days_ago * DAY
    return Begun(run=f"run-{days_ago}", night=night, armed=armed, lacks=lacks)


def nights(*runs: Begun, schedule: Schedule = ARMED) -> list[tuple[int, str]]:
    found = missed(runs, schedule, night=TONIGHT)
    assert {one.outcome for one in found} <= {Outcome.NOT_RUN}
    return [((TONIGHT - one.night).days, one.because) for one in found]


def test_three_ticks_that_were_skipped_are_three_nights_by_name() -> None:
    assert nights(begun(4)) == [(n, "no run began") for n in (3, 2, 1)]


def test_each_was_due_on_the_clock_of_its_own_night() -> None:
    """On 29 March the clock of Berlin has no 02:30."""
    due = [f"{one.due_at:%d %H:%M}" for one in missed([begun(4)], ARMED, night=TONIGHT)]
    assert due == ["28 01:30", "29 01:00", "30 00:30"]


@pytest.mark.parametrize(
    "runs",
    [
        (),
        (begun(1),),
        (begun(0), begun(0, lacks=PART)),
        (begun(4, armed=False),),
        (begun(1, armed=False), begun(4, armed=False)),
        (begun(-3),),
    ],
    ids=["first run", "every night", "same night", "not armed then", "armed by this run", "ahead"],
)
def test_nothing_is_missed_that_was_not_owed(runs: tuple[Begun, ...]) -> None:
    assert nights(*runs) == []


def test_a_pilot_that_is_not_armed_owes_no_night() -> None:
    """The twin of the first test."""
    assert nights(begun(4), schedule=replace(ARMED, armed=False)) == []


def test_a_run_that_did_not_finish_or_judged_a_part_is_no_night() -> None:
    runs = (begun(1, lacks="did not finish"), begun(2, lacks=PART), begun(3))
    assert nights(*runs) == [(2, f"run run-2 {PART}"), (1, "run run-1 did not finish")]


def test_a_part_on_the_day_of_the_last_whole_run_takes_nothing_from_it() -> None:
    assert nights(begun(2, lacks=PART), begun(2)) == [(1, "no run began")]


def test_a_first_night_that_was_never_whole_is_missed_as_well() -> None:
    assert nights(begun(2, lacks="did not finish")) == [
        (2, "run run-2 did not finish"),
        (1, "no run began"),
    ]


def test_nights_after_it_was_disarmed_are_not_owed() -> None:
    """Armed until three days ago, and again now."""
    assert nights(begun(3, lacks=PART, armed=False), begun(5)) == [(4, "no run began")]


def test_a_gap_of_years_names_its_last_year() -> None:
    assert len(nights(begun(4000))) == 366
