"""What the start page says of the schedules: as Dagster has them now, not as at our start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dagster._core.remote_representation.external import RemoteSchedule
from dagster._core.workspace.context import WorkspaceRequestContext

from harness.timetable import Schedule, describe


def schedules(dagster: WorkspaceRequestContext, now: datetime) -> Iterator[tuple[str, str]]:
    """Each schedule's name, whether it starts anything, and when."""
    for location in dagster.code_locations:
        for repository in location.get_repositories().values():
            for found in repository.get_schedules():
                yield found.name, _says(dagster, found, now)


def _says(dagster: WorkspaceRequestContext, found: RemoteSchedule, now: datetime) -> str:
    minute, hour, *_ = str(found.cron_schedule).split()
    known = Schedule(
        name=found.name,
        at=f"{int(hour):02}:{int(minute):02}",
        zone=found.execution_timezone or "UTC",
        armed=found.default_status.value == "RUNNING",
        job=found.job_name,
    )
    stored = dagster.instance.get_instigator_state(found.get_remote_origin_id(), found.selector_id)
    if known.armed and not found.get_current_instigator_state(stored).is_running:
        return "armed in pilot.yaml, and stopped in Dagster: nothing starts until it is on there"
    return describe(known, now)
