"""Dagster's freshness follows the claim `fresh`.

Dagster 1.13 calls an asset fresh when it was made lately, and looks at nothing else. So what it
looks at is made for it: the table at the source counts as brought when `fresh` is PROVEN, and only
then; whatever else comes of the claim, that is taken back, and Dagster knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import dagster as dg
from dagster._core.definitions.freshness import FreshnessState, FreshnessStateChange
from dagster._time import get_current_timestamp

from harness.claims import fresh
from harness.dagster import keys, plain
from harness.pilot.model import Pilot
from harness.result import Judged
from harness.verdict import Outcome

A_NIGHT_OLD = timedelta(hours=26)
"""A proof of yesterday is worth nothing when the next one is two hours late."""


def policy() -> dg.FreshnessPolicy:
    """Of a table at its source."""
    return dg.FreshnessPolicy.time_window(fail_window=A_NIGHT_OLD)


def follow(
    context: dg.AssetExecutionContext | dg.OpExecutionContext,
    pilot: Pilot,
    judged: Iterable[Judged],
) -> None:
    """Let Dagster's state of each table be what became of its claim. Call it before observations
    of these tables are recorded: what was known of one is taken back with its state.
    """
    for one in judged:
        planned = one.planned
        if planned.claim != fresh.CLAIM.name or planned.dataset is None:
            continue
        table = keys.at_source(pilot, planned.source, planned.dataset)
        if one.outcome is Outcome.PROVEN:
            told = {fresh.CLAIM.name: plain.text(one.verdict.because)}
            context.log_event(dg.AssetMaterialization(table, metadata=told))
        else:
            _take_back(context.instance, table)


def _take_back(instance: dg.DagsterInstance, table: dg.AssetKey) -> None:
    """Dagster's daemon would see it within half a minute; nobody is told "fresh" until then."""
    if instance.get_latest_materialization_event(table) is None:
        return
    instance.wipe_assets([table])
    known = instance.get_freshness_state_records([table]).get(table)
    instance._report_runless_asset_event(  # noqa: SLF001 - as Dagster's own daemon does it
        FreshnessStateChange(
            key=table,
            previous_state=known.freshness_state if known else FreshnessState.UNKNOWN,
            new_state=FreshnessState.UNKNOWN,
            state_change_timestamp=get_current_timestamp(),
        )
    )
