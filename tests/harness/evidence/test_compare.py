"""What changed between two runs, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.errors import ConfigurationError
from harness.evidence.compare import Said, Way, compare
from harness.facts import EvidenceClass
from harness.verdict import Basis, Outcome
from tests.harness.evidence.compared import planned, said, side

PROVEN, BROKEN, UNPROVEN = Outcome.PROVEN, Outcome.BROKEN, Outcome.UNPROVEN
MADE = said(PROVEN, evidence_class=EvidenceClass.SIMULATED)
WORD = said(PROVEN, basis=Basis.ATTESTED)


def way(before: Said, now: Said) -> Way | None:
    changes = compare(side(fresh=before), side(fresh=now)).changes
    return changes[0].way if changes else None


@pytest.mark.parametrize("outcome", Outcome)
def test_a_run_compared_with_itself_changed_nothing(outcome: Outcome) -> None:
    compared = compare(side(fresh=said(outcome)), side(fresh=said(outcome)))
    assert (compared.changes, compared.same) == ((), {outcome: 1})
    assert not compared.is_worse


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (PROVEN, BROKEN, Way.WORSE),
        (PROVEN, UNPROVEN, Way.WORSE),
        (PROVEN, Outcome.NOT_RUN, Way.WORSE),
        (PROVEN, Outcome.WAIVED, Way.WORSE),
        (UNPROVEN, Outcome.ERROR, Way.WORSE),
        (BROKEN, UNPROVEN, Way.BETTER),
        (Outcome.ERROR, PROVEN, Way.BETTER),
        (Outcome.NOT_RUN, Outcome.WAIVED, Way.BETTER),
        (BROKEN, Outcome.ERROR, Way.OTHER),
        (UNPROVEN, Outcome.STALE, Way.OTHER),
    ],
)
def test_another_outcome_is_a_change(before: Outcome, now: Outcome, expected: Way) -> None:
    assert way(said(before), said(now)) is expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (said(PROVEN), MADE, Way.WORSE),
        (said(PROVEN), WORD, Way.WORSE),
        (MADE, said(PROVEN), Way.BETTER),
        (WORD, said(PROVEN), Way.BETTER),
        (said(UNPROVEN), MADE, Way.OTHER),
    ],
)
def test_weaker_evidence_is_never_better(before: Said, now: Said, expected: Way) -> None:
    assert way(before, now) is expected


@pytest.mark.parametrize("outcome", [PROVEN, UNPROVEN])
def test_other_numbers_of_what_is_not_wrong_are_no_change(outcome: Outcome) -> None:
    """Every night has its own."""
    assert way(said(outcome, "11 rows"), said(outcome, "12 rows")) is None


@pytest.mark.parametrize("outcome", [BROKEN, Outcome.ERROR])
def test_other_numbers_of_what_is_wrong_are_told(outcome: Outcome) -> None:
    assert way(said(outcome, "7 % missing"), said(outcome, "9 % missing")) is Way.OTHER


def test_a_verdict_that_is_no_longer_there_is_worse() -> None:
    """Absence never passes."""
    compared = compare(side(fresh=said(PROVEN), owned=said(PROVEN)), side(fresh=said(PROVEN)))
    (gone,) = compared.changes
    assert (gone.planned, gone.now, gone.way) == (planned("owned"), None, Way.GONE)
    assert compared.is_worse


def test_a_new_verdict_is_told_and_is_not_worse() -> None:
    compared = compare(side(fresh=said(PROVEN)), side(fresh=said(PROVEN), owned=said(BROKEN)))
    assert compared.counts == {Way.NEW: 1}
    assert not compared.is_worse


def test_changes_come_in_the_order_of_the_plan() -> None:
    before = side(owned=said(PROVEN), fresh=said(BROKEN), complete=said(PROVEN))
    now = side(new=said(PROVEN), complete=said(BROKEN), fresh=said(PROVEN))
    claims = [one.planned.claim for one in compare(before, now).changes]
    assert claims == ["owned", "fresh", "complete", "new"]


def test_two_pilots_are_not_compared() -> None:
    with pytest.raises(
        ConfigurationError, match=r"A is of the pilot acme and B of other: name two"
    ):
        compare(side("A"), side("B", pilot="other"))


def test_a_part_of_a_plan_is_never_ready() -> None:
    assert side(fresh=said(PROVEN)).ready
    assert not side(fresh=said(PROVEN), owed=2).ready
    assert not side().ready
    assert not replace(side(fresh=said(BROKEN))).ready
