"""The 51 demands are data, and each names only what there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness import tags
from harness.claims import CLAIMS
from harness.claims.claim import Need
from harness.coverage import table
from harness.coverage.demands import FACTS, Demand, demands, facts_of
from tests.coverage_table import PAGE, rewritten
from tests.readme import fault

KINDS = {
    *tags.FACTS.values(),
    *(tags.VERDICT, tags.KEPT, tags.TOLD, tags.ACKNOWLEDGED, tags.MISSED),
    *(tags.PROMISES, tags.POLICY, tags.SIGNATURE, tags.AMENDMENT, tags.SIGNOFF),
    *("started", "finished", "interrupted"),
}
"""Kinds of ledger entries."""
COMMANDS = {demand.command for demand in demands() if demand.command}


def test_there_are_51_and_none_is_left_out() -> None:
    assert [one.id for one in demands()] == list(range(1, 52))


@pytest.mark.parametrize("demand", demands(), ids=lambda one: str(one.id))
def test_a_demand_names_only_what_there_is(demand: Demand) -> None:
    assert set(demand.claims) <= {claim.name for claim in CLAIMS}
    assert set(demand.records) <= KINDS
    assert set(demand.source) <= {"A", "B"} != set()
    assert all((demand.source, demand.words, demand.asks, demand.threshold))


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_that_answers_a_demand_exists(command: str) -> None:
    assert fault(f"seatrial {command}") is None


@pytest.mark.parametrize("demand", demands(), ids=lambda one: str(one.id))
def test_what_is_not_tested_of_a_demand_is_said(demand: Demand) -> None:
    assert demand.not_tested
    assert not demand.not_tested.endswith(".")
    assert "|" not in demand.not_tested  # it would end a cell


def test_each_claim_is_asked_for_by_a_demand() -> None:
    """A new claim is placed here, or nobody asked for it."""
    asked = {claim for demand in demands() for claim in demand.claims}
    assert asked == {claim.name for claim in CLAIMS}


def test_each_need_has_facts_and_each_claim_is_judged_by_some() -> None:
    assert FACTS.keys() == set(Need)
    for claim in CLAIMS:
        assert set(facts_of(claim.name)) <= set(tags.FACTS.values())
        assert facts_of(claim.name)
    assert facts_of("owned") == ("register",)


def test_the_page_is_current() -> None:
    """`python -m tests.coverage_table` writes its table."""
    assert PAGE.read_text() == rewritten()


def test_a_demand_that_changes_makes_the_page_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control of the test above."""
    changed = (replace(demands()[0], not_tested="something else"), *demands()[1:])
    monkeypatch.setattr(table, "demands", lambda: changed)
    assert PAGE.read_text() != rewritten()
