"""The first page says what must happen, by whom and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given

from harness.claims import CLAIMS, arrives, fresh
from harness.claims.claim import BRING, MEND, DatasetProof, Who
from harness.report.summary import WORST_FIRST
from harness.report.tasks import NOBODY, desks, nights_left, registers, tasks
from harness.report.work import WHATEVER_IT_CLAIMS
from harness.result import Excuse, Judged, Kind, Planned, Result
from harness.verdict import GOOD, Measure, Outcome
from tests.harness.claims.made import NIGHTLY, TODAY, night
from tests.harness.report import sample
from tests.harness.report.results import results
from tests.harness.report.sample_facts import SLOT


def of(result: Result) -> tuple[list[str], list[str]]:
    found = tasks(result.judged, registers(result.facts), night=result.slot)
    return [one.anchor for one in found], [one.owner for one in found]


def judged(claim: str, outcome: Outcome, n: int = 1, **lacking: float) -> Judged:
    found = sample.as_found().judged[0]
    measures = tuple(
        Measure(what=f"{what} still needed", value=value) for what, value in lacking.items()
    )
    verdict = replace(found.verdict, claim=claim, outcome=outcome, n=n, measures=measures)
    planned = Planned(source="crm", dataset="customers", claim=claim)
    return replace(found, planned=planned, verdict=verdict)


@given(results)
def test_every_verdict_that_is_not_proven_is_somebodys_task(result: Result) -> None:
    """Once, and nothing is a task that is proven."""
    anchors, owners = of(result)
    assert sorted(anchors) == sorted(
        f"verdict-{place}"
        for place, one in enumerate(result.judged, 1)
        if one.outcome is not Outcome.PROVEN
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
    assert task.owner == Who.ENGINEERING


def test_nights_that_lack_are_told_with_the_day_on_which_they_may_be_there() -> None:
    lacking = judged("arrives", Outcome.UNPROVEN, nights=28)
    longer = judged("fresh", Outcome.UNPROVEN, deliveries=57)
    last = date(2026, 11, 30)
    assert nights_left([lacking], night=last) == (
        "28 more good nights: 28 December 2026 at the earliest."
    )
    assert nights_left([lacking, longer], night=last).startswith("57 more good nights: ")
    (task,) = tasks([lacking], {}, night=last)
    assert task.what.endswith(" 28 more good nights.")
    assert task.by_when == "28 December 2026 at the earliest"


def test_several_deliveries_a_night_make_fewer_nights() -> None:
    """Nine in three nights are three a night: seven more take three nights."""
    nights = judged("arrives", Outcome.PROVEN, n=3)
    lacking = judged("fresh", Outcome.UNPROVEN, n=9, deliveries=7)
    assert nights_left([nights, lacking], night=SLOT).startswith("3 more good nights: ")
    assert nights_left([lacking], night=SLOT).startswith("7 more good nights: ")


def test_no_night_is_promised_where_none_lacks() -> None:
    broken = judged("fresh", Outcome.BROKEN, nights=3)
    assert nights_left([broken], night=SLOT) == ""


def test_more_nights_than_a_calendar_has_end_with_it() -> None:
    endless = judged("fresh", Outcome.UNPROVEN, nights=1e12)
    assert "31 December 9999" in nights_left([endless], night=SLOT)


@pytest.mark.parametrize(("prove", "lacking"), [(fresh.prove, 58), (arrives.prove, 28)])
def test_real_proofs_measure_what_is_looked_for(prove: DatasetProof, lacking: int) -> None:
    """Of 59 deliveries in time and 29 good nights one is there."""
    verdict = prove(NIGHTLY, [night(TODAY)])
    one = replace(judged(verdict.claim, verdict.outcome), verdict=verdict)
    assert nights_left([one], night=TODAY).startswith(f"{lacking} more good nights: ")


def test_what_was_waived_must_be_mended_or_signed_again_until_it_ends() -> None:
    given = Excuse(
        kind=Kind.WAIVER,
        number=1,
        by="Lea Brandt",
        role="legal",
        reason="the vendor mends it",
        until=datetime(2026, 12, 24, tzinfo=UTC),
    )
    (task,) = tasks([replace(judged("fresh", Outcome.BROKEN), excuse=given)], {}, night=SLOT)
    assert (task.outcome, task.by_when) == (Outcome.WAIVED, "until 2026-12-24 00:00:00 UTC")
    assert "signed again" in task.what


def test_every_claim_and_every_outcome_has_its_words() -> None:
    of_claims = {Outcome.BROKEN, Outcome.UNPROVEN}
    assert {*of_claims, *WHATEVER_IT_CLAIMS} == {*Outcome} - {Outcome.PROVEN}
    assert MEND not in {claim.if_broken for claim in CLAIMS}
    assert BRING not in {claim.if_unproven for claim in CLAIMS}
    assert Outcome.WAIVED in GOOD & {*WHATEVER_IT_CLAIMS}
