"""An amendment has an effect until its last second, and none where what it excuses got worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.amendments.effect import excuse
from harness.amendments.records import Amendment, Excused
from harness.facts import EvidenceClass
from harness.result import Judged, Kind, Planned, Stale
from harness.verdict import Basis, Measure, Outcome, Verdict

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNTIL = NOON + timedelta(days=30)
CONTRACT = "12" * 32
FRESH = Planned(source="shop", dataset="orders", claim="fresh")
LATE = Verdict(
    claim="fresh",
    outcome=Outcome.BROKEN,
    because="3 of 9 deliveries were late",
    expected="95 % within 24 h",
    observed="48 h",
    n=9,
    method="exact binomial bound",
    measures=(Measure(what="hours of lag", value=48.0),),
)
BROKEN = Judged(planned=FRESH, verdict=LATE, evidence_class=EvidenceClass.STAGING)
WAIVER = Amendment(
    kind=Kind.WAIVER,
    number=1,
    before=None,
    pilot="acme",
    environment="dev",
    source="shop",
    dataset="orders",
    claim="fresh",
    reason="the vendor mends it in December",
    by="Ada",
    role="owner",
    at=NOON,
    until=UNTIL,
    excuses=Excused(
        outcome=Outcome.BROKEN,
        observed="48 h",
        measures={"hours of lag": 48.0},
        contract=CONTRACT,
    ),
)


def waived(
    judged: Judged = BROKEN,
    *amendments: Amendment,
    at: datetime = NOON,
    contract: str | None = CONTRACT,
) -> bool:
    return excuse(judged, amendments or (WAIVER,), at, contract=contract) is not None


def becoming(**changes: object) -> Judged:
    return replace(BROKEN, verdict=replace(LATE, **changes))


def test_a_waived_verdict_keeps_what_the_facts_gave() -> None:
    given_ = excuse(BROKEN, (WAIVER,), NOON, contract=CONTRACT)
    shown = replace(BROKEN, excuse=given_)
    assert (shown.outcome, shown.original) == (Outcome.WAIVED, Outcome.BROKEN)
    assert given_ is not None
    assert (given_.by, given_.role, given_.until) == ("Ada", "owner", UNTIL)
    assert replace(shown, stale=Stale(since=NOON)).outcome is Outcome.STALE


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_it_has_an_effect_up_to_the_second_it_ends_and_none_from_then_on(
    after: timedelta,
) -> None:
    assert waived(at=NOON + after) is (NOON + after < UNTIL)


def test_the_last_microsecond_counts_and_the_next_does_not() -> None:
    assert waived(at=UNTIL - timedelta(microseconds=1))
    assert not waived(at=UNTIL)
    assert not waived(at=NOON - timedelta(microseconds=1))  # nobody had signed it yet


@given(
    st.dictionaries(st.sampled_from("abc"), st.floats(0, 10), min_size=1),
    st.dictionaries(st.sampled_from("abcd"), st.floats(0, 10)),
)
def test_it_is_void_where_more_is_measured_or_a_larger_number(
    signed: dict[str, float], now: dict[str, float]
) -> None:
    excuses = replace(WAIVER.excuses, measures=signed)  # type: ignore[type-var]
    measures = tuple(Measure(what=what, value=value) for what, value in now.items())
    holds = bool(now) and all(what in signed and now[what] <= signed[what] for what in now)
    found = waived(becoming(measures=measures), replace(WAIVER, excuses=excuses))
    assert found is holds


@pytest.mark.parametrize("outcome", Outcome)
def test_a_waiver_excuses_what_is_broken_and_nothing_else(outcome: Outcome) -> None:
    assert waived(becoming(outcome=outcome)) is (outcome is Outcome.BROKEN)


def test_the_risk_of_what_is_unproven_is_accepted_and_a_word_attests_what_nobody_can_ask() -> None:
    unproven = becoming(outcome=Outcome.UNPROVEN)
    unasked = becoming(outcome=Outcome.UNPROVEN, basis=Basis.ATTESTED)
    signed = replace(WAIVER.excuses, outcome=Outcome.UNPROVEN)  # type: ignore[type-var]
    acceptance = replace(WAIVER, kind=Kind.ACCEPTANCE, excuses=signed)
    attestation = replace(WAIVER, kind=Kind.ATTESTATION, excuses=signed)
    assert [waived(unproven, one) for one in (WAIVER, acceptance, attestation)] == [0, 1, 0]
    assert [waived(unasked, one) for one in (WAIVER, acceptance, attestation)] == [0, 0, 1]


@pytest.mark.parametrize(
    "other", [{"source": "erp"}, {"dataset": "lines"}, {"dataset": None}, {"claim": "arrives"}]
)
def test_it_is_about_one_claim_of_one_dataset(other: dict[str, str | None]) -> None:
    assert not waived(BROKEN, replace(WAIVER, **other))  # type: ignore[arg-type]


def test_it_is_void_where_something_else_is_promised() -> None:
    assert waived(contract=CONTRACT)
    assert not waived(contract="34" * 32)
    assert not waived(contract=None)


def test_the_newest_decides_and_a_withdrawal_is_the_newest() -> None:
    later = NOON + timedelta(days=1)
    withdrawn = replace(WAIVER, number=2, at=later, until=later, excuses=None)
    again = replace(WAIVER, number=3, at=later + timedelta(days=1))
    assert waived(BROKEN, WAIVER, withdrawn, at=later - timedelta(seconds=1))
    assert not waived(BROKEN, WAIVER, withdrawn, at=later)
    assert waived(BROKEN, WAIVER, withdrawn, again, at=again.at)
