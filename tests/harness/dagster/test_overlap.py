"""A night is not read twice at once: the second run of it is refused by name."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.storage.dagster_run import DagsterRun, DagsterRunStatus

from harness.dagster.coordinator import AttributedRuns
from harness.dagster.run import SLOT_TAG, USER_TAG

NIGHT = {SLOT_TAG: "2026-11-29"}
ORDERS = frozenset([dg.AssetKey(["acme", "orders"])])


def run(**changes: object) -> DagsterRun:
    return DagsterRun(**{"job_name": "prove", "tags": NIGHT, **changes})  # type: ignore[arg-type]


@pytest.fixture
def queue() -> Iterator[AttributedRuns]:
    with dg.DagsterInstance.ephemeral() as instance:
        made = AttributedRuns()
        made.register_instance(instance)
        yield made


def twin(queue: AttributedRuns, first: DagsterRun, second: DagsterRun) -> bool:
    queue._instance.add_run(first)
    found = queue._twin(second)
    return found is not None and found.run_id == first.run_id


@pytest.mark.parametrize(
    "status", [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
)
def test_the_same_night_is_not_begun_again_before_it_has_ended(
    queue: AttributedRuns, status: DagsterRunStatus
) -> None:
    assert twin(queue, run(status=status), run(tags={**NIGHT, USER_TAG: "eve"}))


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
def test_what_is_another_run_waits_in_the_queue(queue: AttributedRuns, first: DagsterRun) -> None:
    assert not twin(queue, first, run())
