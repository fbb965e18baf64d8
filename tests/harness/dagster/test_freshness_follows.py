"""Dagster never calls a table fresh whose newest claim `fresh` is not PROVEN."""

# No `from __future__ import annotations`: Dagster compares the class of `context`, not its name.

import asyncio
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.definitions.freshness_evaluator import TimeWindowFreshnessPolicyEvaluator
from dagster._core.loader import LoadingContextForTest

from harness.dagster import freshness, keys
from harness.facts import EvidenceClass
from harness.pilot.model import Pilot
from harness.result import Judged, Planned
from harness.verdict import Outcome, Verdict

PILOT = Pilot(name="acme", sources=())
TABLE = keys.at_source(PILOT, "outlet", "orders")
NOT_PROVEN = [outcome for outcome in Outcome if outcome is not Outcome.PROVEN]


@pytest.fixture
def dagster() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def night(dagster: dg.DagsterInstance, outcome: Outcome, *, follows: bool = True) -> None:
    """One run that judges the table so."""
    verdict = Verdict(
        claim="fresh", outcome=outcome, because=".", expected="", observed="", n=1, method=""
    )
    planned = Planned(source="outlet", dataset="orders", claim="fresh")
    judged = Judged(planned=planned, verdict=verdict, evidence_class=EvidenceClass.SIMULATED)

    @dg.op
    def prove(context: dg.OpExecutionContext) -> None:
        if follows:
            freshness.follow(context, PILOT, [judged])
        else:
            context.log_event(dg.AssetMaterialization(TABLE))
        context.log_event(dg.AssetObservation(TABLE))

    @dg.job
    def one() -> None:
        prove()

    assert one.execute_in_process(instance=dagster).success


def state(dagster: dg.DagsterInstance) -> FreshnessState:
    """By Dagster's own code, as its daemon calls it."""
    spec = dg.AssetSpec(TABLE, freshness_policy=freshness.policy())
    node = dg.Definitions(assets=[spec]).resolve_asset_graph().get(TABLE)
    return asyncio.run(
        TimeWindowFreshnessPolicyEvaluator().evaluate_freshness(
            context=LoadingContextForTest(dagster), node=node
        )
    )


def test_a_table_is_fresh_to_dagster_when_its_claim_is_proven(
    dagster: dg.DagsterInstance,
) -> None:
    night(dagster, Outcome.PROVEN)
    assert state(dagster) is FreshnessState.PASS


@pytest.mark.parametrize("outcome", NOT_PROVEN)
def test_it_is_not_whatever_else_comes_of_the_claim_also_the_night_after_a_proof(
    dagster: dg.DagsterInstance, outcome: Outcome
) -> None:
    night(dagster, outcome)
    assert state(dagster) is FreshnessState.UNKNOWN
    night(dagster, Outcome.PROVEN)
    night(dagster, outcome)
    assert state(dagster) is FreshnessState.UNKNOWN
    known = dagster.get_freshness_state_records([TABLE])[TABLE]
    assert known.freshness_state is FreshnessState.UNKNOWN  # at once, before any daemon looks
    assert dagster.fetch_observations(TABLE, limit=9).records  # of this night


def test_dagster_alone_would_call_a_broken_table_fresh(dagster: dg.DagsterInstance) -> None:
    """The control: a reading that is made every night, as any asset."""
    night(dagster, Outcome.BROKEN, follows=False)
    assert state(dagster) is FreshnessState.PASS
