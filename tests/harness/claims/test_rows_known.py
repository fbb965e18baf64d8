"""Whatever the facts, a claim on rows is never PROVEN by a reading that was cut or failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from connectors.events import Witness
from contracts.promises import Promises, SourcePromises
from harness.claims import CLAIMS, DATASET_CLAIMS
from harness.claims.claim import Need
from harness.claims.judge import judge_dataset, judge_source
from harness.claims.wholeness import Wholeness
from harness.facts import Fact, Failure, Reading
from harness.verdict import GOOD as GOOD_OUTCOMES
from harness.verdict import Outcome, Verdict
from tests.harness.claims.any_facts import any_fact, facts, overlaps, promised
from tests.harness.claims.good_facts import GOOD, Case, Cases

ON_ROWS = [claim.name for claim in CLAIMS if Need.ROWS in claim.needs]


def cut(reading: Reading, by: int, witness: Witness) -> Reading:
    """The source declares another number than was read."""
    read = reading.rows if witness.unit == "rows" else reading.bytes
    return replace(reading, failure=None, witness=replace(witness, declared=read + by))


counted = st.builds(Witness, unit=st.sampled_from(["rows", "bytes"]))
cuts = st.builds(
    lambda by, witness: lambda reading: cut(reading, by, witness),
    st.integers().filter(bool),
    counted,
)
failures = st.from_type(Failure).map(lambda why: lambda reading: replace(reading, failure=why))
SPOILED: Mapping[str, st.SearchStrategy[Callable[[Reading], Reading]]] = {
    "cut": cuts,
    "failed": failures,
}


@st.composite
def spoiled(draw: st.DrawFn, cases: Cases, how: str) -> Case:
    """A case of which one reading of the run itself, or more, is no longer whole."""
    case = draw(cases)
    chosen = draw(st.sets(st.sampled_from(case.latest), min_size=1))
    changed = [
        draw(SPOILED[how])(fact) if at in chosen and isinstance(fact, Reading) else fact
        for at, fact in enumerate(case.facts)
    ]
    return replace(case, facts=tuple(changed))


@st.composite
def anything(draw: st.DrawFn, claim: str) -> Case:
    """Facts that need not add up, among them a reading of the last day there is."""
    last = replace(draw(st.from_type(Reading)), slot=date.max)
    found: list[Fact] = draw(st.permutations([*draw(facts), last]))
    of_source = st.builds(SourcePromises, renews=st.booleans())
    made = draw(promised if claim in DATASET_CLAIMS else of_source)
    return Case(promises=made, facts=tuple(found))


@st.composite
def mixed(draw: st.DrawFn, claim: str) -> Case:
    """What proves the claim, and anything else that is no reading beside it."""
    case = draw(GOOD[claim])
    besides = st.lists((any_fact | overlaps).filter(lambda fact: not isinstance(fact, Reading)))
    return replace(case, facts=(*draw(besides), *case.facts))


def judged(claim: str, case: Case) -> Verdict:
    if isinstance(case.promises, Promises):
        return judge_dataset(claim, case.promises, case.facts)
    return judge_source(claim, case.promises, case.facts)


def test_every_claim_on_rows_has_facts_that_prove_it() -> None:
    """A new claim is one line in `good_facts.py`."""
    assert set(GOOD) == set(ON_ROWS)


@pytest.mark.parametrize("claim", ON_ROWS)
@given(data=st.data())
def test_of_whole_readings_it_is_proven(claim: str, data: st.DataObject) -> None:
    assert judged(claim, data.draw(GOOD[claim])).outcome is Outcome.PROVEN


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("claim", ON_ROWS)
@settings(max_examples=50)
@given(data=st.data())
def test_a_cut_or_failed_reading_never_proves(claim: str, how: str, data: st.DataObject) -> None:
    cases = GOOD[claim] | mixed(claim) | anything(claim)
    verdict = judged(claim, data.draw(spoiled(cases, how)))
    assert verdict.outcome not in GOOD_OUTCOMES, verdict.because


def _unjudged(*_: Any) -> None:
    """As if a failed reading were none."""


def _as_it_was(_: Any, verdict: Verdict) -> Verdict:
    return verdict


OWN_GUARDS: Mapping[str, Mapping[str, Any]] = {
    "complete": {"judge_reading": _unjudged, "wholeness": lambda _: Wholeness.WHOLE},
    "within_budget": {"_judge_unread": _unjudged},
}
"""What a proof itself has against readings that are not whole."""


def switch_off(monkeypatch: pytest.MonkeyPatch, claim: str) -> None:
    for guard, off in OWN_GUARDS.get(claim, {"judge_reading": _unjudged}).items():
        monkeypatch.setattr(f"harness.claims.{claim}.{guard}", off)


def is_ever_proven(claim: str, how: str) -> bool:
    """Whether one of fifty cases that were spoiled is."""

    def is_proven(case: Case) -> bool:
        return judged(claim, case).outcome is Outcome.PROVEN

    search = settings(max_examples=50, phases=[Phase.generate], database=None)
    try:
        find(spoiled(GOOD[claim], how), is_proven, settings=search)
    except NoSuchExample:
        return False
    return True


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("claim", ON_ROWS)
def test_without_the_guards_it_would(
    claim: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: what is held off above would come through. With the guard of
    `judge.py` alone, the proofs' own being off, nothing does.
    """
    switch_off(monkeypatch, claim)
    assert not is_ever_proven(claim, how)
    monkeypatch.setattr("harness.claims.judge.rows_known", _as_it_was)
    assert is_ever_proven(claim, how)


@pytest.mark.parametrize("claim", sorted({*ON_ROWS} - {"complete"}))
def test_a_cut_reading_proves_all_but_complete_without_the_guard_of_judge(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only `complete` asks itself."""
    assert not is_ever_proven(claim, "cut")
    monkeypatch.setattr("harness.claims.judge.rows_known", _as_it_was)
    assert is_ever_proven(claim, "cut")
