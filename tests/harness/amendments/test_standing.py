"""How a pilot stands: the newest verdict on each claim, whichever run gave it, until it is old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.amendments.standing import Known, Newest, gather, standing
from harness.facts import EvidenceClass
from harness.pilot.amendment_settings import Validity
from harness.result import Planned, RecordedVerdict
from harness.verdict import Outcome
from tests.harness.amendments.test_effect import CONTRACT, FRESH, LATE, NOON, WAIVER

HOUR = timedelta(hours=1)
VALIDITY = Validity()


def recorded(claim: str = "fresh", outcome: Outcome = Outcome.BROKEN) -> RecordedVerdict:
    return RecordedVerdict(
        run="run-1",
        slot=NOON.date(),
        at=NOON,
        source="shop",
        dataset="orders",
        evidence_class=EvidenceClass.STAGING,
        verdict=replace(LATE, claim=claim, outcome=outcome),
    )


def outcome(one: RecordedVerdict, after: timedelta, validity: Validity = VALIDITY) -> Outcome:
    known = Known(newest={one.planned: Newest(recorded=one, contract=CONTRACT)})
    [found] = standing(known, [one.planned], [WAIVER], NOON + after, validity=validity)
    assert found.original is one.verdict.outcome
    return found.outcome


@given(st.timedeltas(timedelta(0), timedelta(days=10)))
def test_evidence_counts_until_the_moment_at_which_it_is_too_old(after: timedelta) -> None:
    stale = after >= 26 * HOUR
    assert outcome(recorded(), after) is (Outcome.STALE if stale else Outcome.WAIVED)
    proven = recorded(outcome=Outcome.PROVEN)
    assert outcome(proven, after) is (Outcome.STALE if stale else Outcome.PROVEN)


@pytest.mark.parametrize("claim", ["stable_schema", "stable_values"])
def test_a_look_for_drift_counts_for_a_week(claim: str) -> None:
    one = recorded(claim, Outcome.PROVEN)
    assert outcome(one, timedelta(days=7) - timedelta(microseconds=1)) is Outcome.PROVEN
    assert outcome(one, timedelta(days=7)) is Outcome.STALE
    short = Validity(drift="2 h")  # type: ignore[arg-type] - as pilot.yaml writes it
    assert outcome(one, 2 * HOUR, short) is Outcome.STALE


@pytest.mark.parametrize("what", [Outcome.ERROR, Outcome.NOT_RUN])
def test_what_was_not_judged_rests_on_no_evidence_that_grows_old(what: Outcome) -> None:
    assert outcome(recorded(outcome=what), timedelta(days=99)) is what


def test_what_nobody_judged_is_there_and_not_run() -> None:
    other = Planned(source="shop", dataset=None, claim="owned")
    [one] = standing(Known(), [other], [], NOON, validity=VALIDITY)
    assert (one.planned, one.outcome) == (other, Outcome.NOT_RUN)
    assert gather([], [FRESH], pilot="acme", environment="dev") == Known()


@pytest.mark.parametrize("text", ["", "7", "0 days", "7 weeks", "-1 h", "99999 h", "1.5 days"])
def test_an_age_is_hours_or_days(text: str) -> None:
    with pytest.raises(ValueError, match="is no age: write it as 26 h or 7 days"):
        Validity(rest=text)  # type: ignore[arg-type] - as pilot.yaml writes it
