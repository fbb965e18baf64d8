"""Judging: whatever a proof does, there is a verdict, and nothing but a proof makes it PROVEN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contracts.promises import Promises, SourcePromises
from harness.claims import CLAIMS, DATASET_CLAIMS, SOURCE_CLAIMS
from harness.claims.claim import Need
from harness.claims.judge import judge_dataset, judge_source, not_covered, not_run
from harness.facts import ContractProblem, Fact
from harness.verdict import Basis, Outcome, Verdict
from tests.harness.claims.made import DAY, NIGHTLY, TODAY, failed, night, register
from tests.harness.claims.test_wholeness import CUT

SECRET = "Ada Lovelace"
"""A proof's error may show a value of the data; a verdict must not."""


def defective(_: Promises | SourcePromises, __: Sequence[Fact]) -> Verdict:
    raise ArithmeticError(SECRET)


def without_proof(claim: str, outcome: Outcome, because: str) -> Verdict:
    return Verdict(
        claim=claim,
        outcome=outcome,
        because=because,
        expected="a judgement",
        observed="none",
        n=0,
        method="none",
        basis=Basis.MEASURED,
    )


DEFECT = "the proof itself failed with ArithmeticError: a defect, report it"


@pytest.mark.parametrize("claim", DATASET_CLAIMS)
def test_a_proof_of_a_dataset_that_raises_is_an_error(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault C08, in a proof of ours."""
    monkeypatch.setitem(
        DATASET_CLAIMS,  # type: ignore[arg-type]
        claim,
        replace(DATASET_CLAIMS[claim], prove=defective),
    )
    verdict = judge_dataset(claim, NIGHTLY, [night(TODAY)])
    assert verdict == without_proof(claim, Outcome.ERROR, DEFECT)


@pytest.mark.parametrize("claim", SOURCE_CLAIMS)
def test_a_proof_of_a_source_that_raises_is_an_error(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        SOURCE_CLAIMS,  # type: ignore[arg-type]
        claim,
        replace(SOURCE_CLAIMS[claim], prove=defective),
    )
    verdict = judge_source(claim, SourcePromises(), [night(TODAY)])
    assert verdict == without_proof(claim, Outcome.ERROR, DEFECT)


def test_a_claim_that_is_not_there_is_an_error_too() -> None:
    because = "the proof itself failed with KeyError: a defect, report it"
    assert judge_dataset("none", NIGHTLY, []) == without_proof("none", Outcome.ERROR, because)
    none = judge_source("none", SourcePromises(), [])
    assert none == without_proof("none", Outcome.ERROR, because)


def test_the_error_is_told_whole_to_who_debugs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The positive control of the above: the text is there, and only there."""
    broken = replace(DATASET_CLAIMS["fresh"], prove=defective)
    monkeypatch.setitem(DATASET_CLAIMS, "fresh", broken)  # type: ignore[arg-type]
    with caplog.at_level("DEBUG", logger="seatrial"):
        judge_dataset("fresh", NIGHTLY, [])
    (told,) = caplog.records
    assert told.message == "the proof of fresh failed"
    assert told.exc_info is not None
    assert SECRET in str(told.exc_info[1])


@pytest.mark.parametrize("claim", DATASET_CLAIMS)
def test_a_contract_that_cannot_be_judged_is_an_error_whatever_was_read(claim: str) -> None:
    problem = ContractProblem(source="crm", dataset="customers", text="key: name a column")
    verdict = judge_dataset(claim, NIGHTLY, [night(TODAY), problem])
    because = "key: name a column; nothing was read"
    assert verdict == without_proof(claim, Outcome.ERROR, because)


def test_what_did_not_run_is_no_pass() -> None:
    because = "the run ended before this was judged"
    assert not_run("fresh") == without_proof("fresh", Outcome.NOT_RUN, because)


def test_a_dataset_that_is_named_without_a_contract_is_no_pass() -> None:
    """A name may hold anything: it is told as one word of a line."""
    because = (
        "Not covered: crm names orders.2024, and no contract is held against it. "
        "Draft one with seatrial draft crm, or take it out of pilot.py."
    )
    told = without_proof("complete", Outcome.NOT_RUN, because)
    assert not_covered("complete", "crm", "orders.2024") == told


def proves(claim: str, monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Fact]]:
    """Let the claim be PROVEN by whatever facts; they are kept to be looked at."""
    given: list[Sequence[Fact]] = []

    def prove(_: Promises | SourcePromises, facts: Sequence[Fact]) -> Verdict:
        given.append(facts)
        return without_proof(claim, Outcome.PROVEN, "It is so.")

    claims: Any = DATASET_CLAIMS if claim in DATASET_CLAIMS else SOURCE_CLAIMS
    monkeypatch.setitem(claims, claim, replace(claims[claim], prove=prove))
    return given


def judged(claim: str, facts: Sequence[Fact]) -> Verdict:
    if claim in DATASET_CLAIMS:
        return judge_dataset(claim, NIGHTLY, facts)
    return judge_source(claim, SourcePromises(), facts)


ON_ROWS = [claim.name for claim in CLAIMS if Need.ROWS in claim.needs]
OTHERS = [claim.name for claim in CLAIMS if Need.ROWS not in claim.needs]


def test_most_claims_on_a_dataset_are_on_its_rows() -> None:
    assert {"complete", "conforms", "fresh", "arrives"} <= {*ON_ROWS}


@pytest.mark.parametrize("claim", ON_ROWS)
@pytest.mark.parametrize("last", [CUT, failed("SourceChanged", "gone", slot=TODAY)])
def test_a_claim_on_rows_is_never_proven_by_a_cut_or_failed_reading(
    claim: str, last: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    proves(claim, monkeypatch)
    assert judged(claim, [night(TODAY - DAY), last]).outcome is Outcome.UNPROVEN
    assert judged(claim, [night(TODAY - DAY), night(TODAY)]).outcome is Outcome.PROVEN


@pytest.mark.parametrize("claim", ON_ROWS)
def test_an_earlier_night_that_was_cut_is_not_shown_to_the_proof(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, earlier = proves(claim, monkeypatch), replace(CUT, slot=TODAY - DAY)
    verdict = judged(claim, [register(), earlier, night(TODAY)])
    assert verdict.outcome is Outcome.PROVEN
    assert given == [[register(), night(TODAY)]]


@pytest.mark.parametrize("claim", OTHERS)
def test_a_claim_on_something_else_sees_all_and_stands_on_it(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, earlier = proves(claim, monkeypatch), replace(CUT, slot=TODAY - DAY)
    assert judged(claim, [earlier, CUT]).outcome is Outcome.PROVEN
    assert given == [[earlier, CUT]]


@pytest.mark.parametrize("claim", ON_ROWS)
def test_of_several_nights_the_last_one_is_asked_how_whole_it_was(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proves(claim, monkeypatch)
    nights = [night(TODAY - 2 * DAY), night(TODAY - DAY), CUT]
    assert judged(claim, nights).outcome is Outcome.UNPROVEN


def test_a_proof_is_given_what_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Promises | SourcePromises] = []

    def prove(promises: Promises | SourcePromises, _: Sequence[Fact]) -> Verdict:
        given.append(promises)
        return not_run("none")

    for claims in (DATASET_CLAIMS, SOURCE_CLAIMS):
        changed: Any = claims
        for name, claim in claims.items():
            monkeypatch.setitem(changed, name, replace(claim, prove=prove))
    renews = SourcePromises(renews=True)
    judge_dataset("fresh", NIGHTLY, [])
    judge_source("owned", renews, [])
    assert given == [NIGHTLY, renews]
