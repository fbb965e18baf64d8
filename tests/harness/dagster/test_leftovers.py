"""Fault L13: a run whose processes were killed is not started for ever, nor in others' way."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.test_utils import create_run_for_test
from dagster._daemon.monitoring.run_monitoring import monitor_started_run

from harness.dagster.coordinator import twin_of
from harness.dagster.leftovers import end_leftovers
from harness.ledger import lock

UNDER_WAY = ("STARTING", "STARTED", "CANCELING")


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """As `seatrial ui` has it."""
    overrides = yaml.safe_load((files("harness.dagster") / "instance.yaml").read_text())
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides=overrides) as made:
        yield made


def run(instance: dg.DagsterInstance, status: str) -> str:
    of = dg.DagsterRunStatus(status)
    return create_run_for_test(instance, job_name="prove", status=of).run_id


def status(instance: dg.DagsterInstance, of: str) -> str:
    found = instance.get_run_by_id(of)
    assert found is not None
    return found.status.value


def test_l13_what_was_under_way_has_failed_and_says_why(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    left = {run(instance, of) for of in UNDER_WAY}
    waiting, done = run(instance, "NOT_STARTED"), run(instance, "SUCCESS")
    assert {*end_leftovers(instance, tmp_path / "out")} == left
    assert {status(instance, one) for one in left} == {"FAILURE"}
    assert (status(instance, waiting), status(instance, done)) == ("NOT_STARTED", "SUCCESS")
    logs = instance.all_logs(next(iter(left)))
    assert any("the processes that it ran in are gone" in (one.message or "") for one in logs)
    assert end_leftovers(instance, tmp_path / "out") == ()


def test_l13_while_a_run_writes_its_results_nothing_is_ended(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """It may be the one that is started: another `seatrial ui` of the same folder."""
    started = run(instance, "STARTED")
    with lock.hold(tmp_path / "out" / "run.lock", what="it"):
        assert end_leftovers(instance, tmp_path / "out") == ()
    assert status(instance, started) == "STARTED"


def test_l13_without_this_it_stays_started_and_its_night_is_refused(
    instance: dg.DagsterInstance,
) -> None:
    """The twin: Dagster's own monitor lets it be, and a new run of the same night has a twin."""
    left = run(instance, "STARTED")
    (record,) = instance.get_run_records()
    monitor_started_run(instance, None, record, logging.getLogger("it"))
    assert status(instance, left) == "STARTED"
    again = instance.get_run_by_id(run(instance, "NOT_STARTED"))
    assert again is not None
    assert getattr(twin_of(again, instance), "run_id", None) == left
