"""The first page says what must happen, by whom and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given

from harness.claims import CLAIMS
from harness.report.summary import WORST_FIRST
from harness.report.tasks import NOBODY, desks, nights_left, registers, tasks
from harness.report.work import BY_CLAIM, ENGINEERING, WHATEVER_IT_CLAIMS
from harness.result import Judged, Planned, Result
from harness.verdict import GOOD, Outcome
from tests.harness.report import sample
from tests.harness.report.results import results
from tests.harness.report.sample_facts import SLOT


def of(result: Result) -> tuple[list[str], list[str]]:
    found = tasks(result.judged, registers(result.facts), night=result.slot)
    return [one.anchor for one in found], [one.owner for one in found]


def judged(claim: str, outcome: Outcome, because: str = "", n: int = 1) -> Judged:
    found = sample.as_found().judged[0]
    verdict = replace(found.verdict, claim=claim, outcome=outcome, because=because, n=n)
    planned = Planned(source="crm", dataset="customers", claim=claim)
    return replace(found, planned=planned, verdict=verdict)


@given(results)
def test_every_verdict_that_is_not_proven_is_somebodys_task(result: Result) -> None:
    """Once, and nothing is a task that is proven."""
    anchors, owners = of(result)
    assert sorted(anchors) == sorted(
        f"verdict-{place}"
        for place, one in enumerate(result.judged, 1)
        if one.verdict.outcome is not Outcome.PROVEN
    )
    assert all(owners)


@given(results)
def test_desks_have_every_task_once_and_the_worst_first(result: Result) -> None:
    owners = registers(result.facts)
    found = tasks(result.judged, owners, night=result.slot)
    there = desks(found, owners)
    assert len({one.owner for one in there}) == len(there)
    laid = [task for desk in there for work in desk.works for task in work.tasks]
    assert sorted(one.anchor for one in laid) == sorted(one.anchor for one in found)
    worst = [
        min(WORST_FIRST.index(task.outcome) for work in desk.works for task in work.tasks)
        for desk in there
    ]
    assert all(first <= second for first, second in pairwise(worst))


def test_the_demo_as_found_lies_on_the_right_desks() -> None:
    found = sample.as_found()
    owners = registers(found.facts)
    (desk,) = desks(tasks(found.judged, owners, night=found.slot), owners)
    assert desk.owner == "Ada Lovelace"
    assert desk.reach == ("deputy Grace Hopper", "then data-platform@example.org")
    assert [work.what for work in desk.works][:2] == [
        "Correct the values that break the contract.",
        "Deliver within the promised time.",
    ]
    assert desk.works[0].by_when == "until 25 November 2026"


def test_a_source_without_an_owner_is_nobodys_and_says_so() -> None:
    (task,) = tasks([judged("fresh", Outcome.BROKEN)], {}, night=SLOT)
    assert task.owner == NOBODY


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.NOT_RUN, Outcome.STALE])
def test_what_nobody_could_judge_is_for_whoever_runs_the_pilot(outcome: Outcome) -> None:
    (task,) = tasks([judged("fresh", outcome)], {}, night=SLOT)
    assert task.owner == ENGINEERING


def test_nights_that_lack_are_told_with_the_day_on_which_they_may_be_there() -> None:
    lacking = judged("arrives", Outcome.UNPROVEN, "1 of 1; 29 are needed for 90 %.", n=1)
    longer = judged("fresh", Outcome.UNPROVEN, "2; 59 without a failure are needed for 95 %.", n=2)
    night = date(2026, 11, 30)
    assert nights_left([lacking], night=night) == (
        "28 more good nights: 28 December 2026 at the earliest."
    )
    assert nights_left([lacking, longer], night=night).startswith("57 more good nights: ")
    (task,) = tasks([lacking], {}, night=night)
    assert task.what.endswith(" 28 more good nights.")
    assert task.by_when == "28 December 2026 at the earliest"


def test_no_night_is_promised_where_none_lacks() -> None:
    broken = judged("fresh", Outcome.BROKEN, "1; 59 without a failure are needed for 95 %.")
    assert nights_left([broken], night=SLOT) == ""


def test_more_nights_than_a_calendar_has_end_with_it() -> None:
    endless = judged("fresh", Outcome.UNPROVEN, "1; 999,999,999,999 are needed for 100 %.")
    assert "31 December 9999" in nights_left([endless], night=SLOT)


def test_every_claim_and_every_outcome_has_its_words() -> None:
    assert set(BY_CLAIM) == {claim.name for claim in CLAIMS}
    for said in BY_CLAIM.values():
        assert {*said, *WHATEVER_IT_CLAIMS} == {*Outcome} - {Outcome.PROVEN}
    assert Outcome.WAIVED in GOOD & {*WHATEVER_IT_CLAIMS}
