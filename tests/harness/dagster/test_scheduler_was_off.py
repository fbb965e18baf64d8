"""T06 with Dagster's own scheduler: three ticks were skipped, and it starts one run at most, for
the night that is still this one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.scheduler.instigation import InstigatorTick
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._scheduler.scheduler import launch_scheduled_runs

from harness.dagster.run import SLOT_TAG
from tests.harness.acme_layout import lay_out

pytestmark = pytest.mark.long
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@contextmanager
def scheduler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, at: datetime, armed: bool = True
) -> Iterator[WorkspaceProcessContext]:
    """Acme behind a code server, on an instance as `seatrial ui` has it, with a night at the time
    of day of `at`. What it starts waits in the queue: no daemon takes it from there.
    """
    acme = lay_out(tmp_path)
    settings = acme.folder / "pilot.yaml"
    night = f'nightly: {{at: "{at:%H:%M}", armed: {str(armed).lower()}}}'
    text = settings.read_text().replace("zone: Europe/Berlin", "zone: UTC")
    settings.write_text(re.sub("(?m)^nightly: .*$", night, text))
    monkeypatch.setenv("SEATRIAL_PILOT", str(acme.folder))
    monkeypatch.setenv("SEATRIAL_OUT", str(tmp_path / "out"))
    overrides = yaml.safe_load((files("harness.dagster") / "instance.yaml").read_text())
    with (
        dg.DagsterInstance.local_temp(str(tmp_path), overrides=overrides) as instance,
        create_test_daemon_workspace_context(
            ModuleTarget("seatrial.dagster", None, None, "acme"), instance
        ) as context,
    ):
        yield context


def look(context: WorkspaceProcessContext, at: datetime) -> list[InstigatorTick]:
    """Have the scheduler look at that time; all ticks so far."""
    for _ in launch_scheduled_runs(context, logging.getLogger("scheduler"), at, {}):
        pass
    ((repository,),) = (
        location.get_repositories().values()
        for location in context.create_request_context().code_locations
    )
    [nightly] = (one for one in repository.get_schedules() if one.name == "nightly")
    return list(context.instance.get_ticks(nightly.get_remote_origin_id(), nightly.selector_id))


def test_three_skipped_ticks_are_one_run_of_this_night(tmp_path, monkeypatch) -> None:
    now = datetime.now(UTC)
    due = now - HOUR
    with scheduler(tmp_path, monkeypatch, at=due) as context:
        assert look(context, now - 3 * DAY) == []
        (tick,) = look(context, now)
        (run,) = context.instance.get_runs()
        assert tick.run_ids == [run.run_id]
        assert run.tags[SLOT_TAG] == f"{due:%Y-%m-%d}"
        assert run.tags["dagster/schedule_name"] == "nightly"
        assert len(look(context, now + HOUR)) == 1
        assert len(context.instance.get_runs()) == 1


def test_one_that_comes_half_a_day_late_is_missed_by_name(tmp_path, monkeypatch) -> None:
    now = datetime.now(UTC)
    due = now - 13 * HOUR
    with scheduler(tmp_path, monkeypatch, at=due) as context:
        look(context, now - 3 * DAY)
        (tick,) = look(context, now)
        assert tick.skip_reason == (
            f"night {due:%Y-%m-%d} was missed: what is read now says nothing about it. "
            "The next run records it as NOT_RUN"
        )
        assert context.instance.get_runs() == []


def test_one_that_is_not_armed_has_no_tick(tmp_path, monkeypatch) -> None:
    """The twin of the first: the same scheduler, the same three days."""
    now = datetime.now(UTC)
    with scheduler(tmp_path, monkeypatch, at=now - HOUR, armed=False) as context:
        assert look(context, now - 3 * DAY) == []
        assert look(context, now) == []
        assert context.instance.get_runs() == []
