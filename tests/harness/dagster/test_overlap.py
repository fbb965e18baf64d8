"""A night is not read twice at once: the second run of it is refused by name."""

from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.storage.dagster_run import DagsterRun, DagsterRunStatus

from harness.dagster.coordinator import twin_of
from harness.dagster.run import SLOT_TAG, USER_TAG

NIGHT = {SLOT_TAG: "2026-11-29"}
ORDERS = frozenset([dg.AssetKey(["acme", "orders"])])


def run(**changes: object) -> DagsterRun:
    return DagsterRun(**{"job_name": "prove", "tags": NIGHT, **changes})  # type: ignore[arg-type]


def refused(first: DagsterRun, second: DagsterRun) -> bool:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_run(first)
        found = twin_of(second, instance)
    return found is not None and found.run_id == first.run_id


@pytest.mark.parametrize(
    "status", [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
)
def test_the_same_night_is_not_begun_again_before_it_has_ended(
    status: DagsterRunStatus,
) -> None:
    assert refused(run(status=status), run(tags={**NIGHT, USER_TAG: "eve"}))


@pytest.mark.parametrize(
    "first",
    [
        run(status=DagsterRunStatus.FAILURE),
        run(status=DagsterRunStatus.CANCELED),
        run(status=DagsterRunStatus.STARTED, tags={SLOT_TAG: "2026-11-28"}),
        run(status=DagsterRunStatus.STARTED, tags={}),
        run(status=DagsterRunStatus.STARTED, asset_selection=ORDERS),
        run(status=DagsterRunStatus.STARTED, job_name="other"),
    ],
    ids=["failed", "cancelled", "another night", "by hand", "a part", "another job"],
)
def test_what_is_another_run_waits_in_the_queue(first: DagsterRun) -> None:
    assert not refused(first, run())
