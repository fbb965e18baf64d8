"""Each group's newest event is held against lag and cadence, and the worst is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from harness.claims.fresh import CLAIM
from harness.claims.groups import judge_ages, judge_rows
from harness.facts import GroupsFound
from harness.verdict import Outcome
from tests.harness.claims.grouped import ALIVE, by_region, dying, table, tables
from tests.harness.claims.made import DAY, HOUR, NIGHTLY, TODAY

SIXTY = dying(60)


def test_one_dead_region_of_60_nights_is_broken_and_named() -> None:
    verdict = CLAIM.prove(by_region(), SIXTY)
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, "1,440 h 00 m old")
    assert verdict.because == (
        '1 of 2 groups of region brought nothing new for too long: "north" (newest event '
        "2026-09-21 06:00 UTC, 1,440 h 00 m old). Ask the owner of the source; if a group ended, "
        "name it in Groups.ended."
    )


def test_without_groups_the_same_nights_are_proven() -> None:
    """The guard off: the maximum of a set hides its dead parts."""
    assert CLAIM.prove(NIGHTLY, SIXTY).outcome is Outcome.PROVEN


def test_living_groups_are_proven_and_the_oldest_is_told() -> None:
    verdict = CLAIM.prove(by_region(), tables(60, {"north": 20 * HOUR, "south": ALIVE}))
    assert verdict.outcome is Outcome.PROVEN
    assert verdict.because.endswith(
        "; of 2 groups of region the oldest is "
        '"north" (newest event 2026-11-19 10:00 UTC, 20 h 00 m old).'
    )


def test_a_group_that_ended_is_promised_no_more() -> None:
    verdict = CLAIM.prove(by_region(ended=("north",)), SIXTY)
    assert verdict.outcome is Outcome.PROVEN
    assert "of 1 group of region" in verdict.because


@pytest.mark.parametrize(
    ("age", "outcome"),
    [(48 * HOUR, Outcome.PROVEN), (48 * HOUR + timedelta(seconds=1), Outcome.BROKEN)],
)
def test_a_group_may_be_as_old_as_lag_and_cadence_together(age, outcome) -> None:  # type: ignore[no-untyped-def]
    nights = tables(60, {"north": ALIVE, "south": ALIVE}, but={0: {"north": age, "south": ALIVE}})
    before = [replace(one, groups=None) for one in nights[:-1]]
    assert CLAIM.prove(by_region(), [*before, nights[-1]]).outcome is outcome


def test_a_group_that_is_gone_keeps_the_age_of_its_last_night() -> None:
    gone = {n: {"south": ALIVE} for n in range(5)}
    verdict = CLAIM.prove(by_region(), tables(60, {"north": ALIVE, "south": ALIVE}, but=gone))
    assert verdict.outcome is Outcome.BROKEN
    assert '"north", gone (newest event 2026-11-14 22:00 UTC, 128 h 00 m old)' in verdict.because


def test_rows_without_a_region_are_a_group_that_may_end() -> None:
    """Whoever fills in missing values is not blamed for it."""
    both = {"missing": ALIVE, "south": ALIVE}
    mended = {n: {"south": ALIVE} for n in range(5)}
    assert CLAIM.prove(by_region(), tables(60, both, but=mended)).outcome is Outcome.PROVEN
    old = CLAIM.prove(by_region(), tables(60, {"missing": 60 * DAY, "south": ALIVE}))
    assert "missing (newest event" in old.because


def test_a_clock_that_once_ran_ahead_hides_no_death() -> None:
    ahead = {30: {"north": -900 * DAY, "south": ALIVE}}
    dead = {n: {"north": (n + 60) * DAY, "south": ALIVE} for n in range(30)}
    nights = tables(60, {"north": ALIVE, "south": ALIVE}, but={**dead, **ahead})
    verdict = CLAIM.prove(by_region(), nights)
    assert '"north" (newest event 2026-10-21 06:00 UTC' in verdict.because


def test_groups_without_times_are_not_known_to_be_fresh() -> None:
    verdict = CLAIM.prove(by_region(), tables(60, {"north": None, "south": ALIVE}))
    assert verdict.outcome is Outcome.UNPROVEN
    assert '1 of 2 groups of region came without a time of an event ("north")' in verdict.because


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        (None, "region was not counted"),
        (GroupsFound(by="other", found=()), "region was not counted"),
        (GroupsFound(by="region", found=(), why_not="region did not come"), "region did not come"),
        (GroupsFound(by="region", found=()), "500 rows landed and 0 were counted"),
    ],
)
def test_what_was_not_counted_is_not_proven(groups: GroupsFound | None, why: str) -> None:
    *before, latest = tables(60, {"south": ALIVE})
    verdict = CLAIM.prove(by_region(), [*before, replace(latest, groups=groups)])
    assert (verdict.outcome, verdict.because) == (
        Outcome.UNPROVEN,
        f"The groups are not known: {why}.",
    )


def test_the_whole_that_is_broken_stays_what_it_is() -> None:
    late = [
        replace(one, newest_event_at=one.started_at - 90 * DAY)
        for one in tables(60, {"north": 90 * DAY})
    ]
    assert "region" not in CLAIM.prove(by_region(), late).because


def test_too_few_nights_say_so_beside_the_groups() -> None:
    verdict = CLAIM.prove(by_region(), [table(TODAY, {"north": ALIVE})])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "59 without a failure are needed for 95 %; of 1 group of region" in verdict.because


def test_an_allowed_empty_night_keeps_what_is_known_of_each_group() -> None:
    *before, latest = tables(60, {"north": ALIVE, "south": ALIVE})
    nothing = replace(latest.deliveries[0], rows=0, newest_event_at=None)
    groups = GroupsFound(by="region", found=())
    empty = replace(latest, rows=0, groups=groups, deliveries=(nothing,))
    assert "2 groups of region" in CLAIM.prove(by_region(), [*before, empty]).because
    assert judge_rows(by_region(), [*before, empty]).outcome is Outcome.PROVEN
    alone = judge_ages(by_region(), [empty], lambda _: False)
    assert (alone.outcome, alone.because) == (
        Outcome.UNPROVEN,
        "No group of region has come yet.",
    )
