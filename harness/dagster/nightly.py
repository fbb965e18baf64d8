"""The schedules of Dagster: on if `pilot.yaml` arms them, and never for a night that is gone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from harness.claims.nights import counted_from, date_in
from harness.dagster.run import DUE_TAG, SLOT_TAG
from harness.timetable import Schedule, describe

Job: TypeAlias = UnresolvedAssetJobDefinition | dg.JobDefinition


def schedule(of: Schedule, job: Job) -> dg.ScheduleDefinition:
    """Its schedule in Dagster. People can stop one there; they cannot start one that is not armed,
    because it then skips every night.
    """

    def tick(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        return request(of, due=context.scheduled_execution_time, now=datetime.now(UTC))

    minute, hour = (int(part) for part in reversed(of.at.split(":")))
    on = dg.DefaultScheduleStatus.RUNNING, dg.DefaultScheduleStatus.STOPPED
    return dg.ScheduleDefinition(
        name=of.name,
        job=job,
        cron_schedule=f"{minute} {hour} * * *",
        execution_timezone=of.zone,
        default_status=on[0] if of.armed else on[1],
        description="Every night that pilot.yaml arms, for the night it was due.",
        execution_fn=tick,
    )


def request(of: Schedule, *, due: datetime, now: datetime) -> dg.RunRequest | dg.SkipReason:
    """A run for the night of this tick; no run, and why, if it is not armed or came too late:
    what is read today says nothing about yesterday.
    """
    night = date_in(ZoneInfo(of.zone), due)
    if not of.armed:
        return dg.SkipReason(describe(of, now))
    if counted_from(now, due_at=due) is not due:
        return dg.SkipReason(
            f"night {night} was missed: what is read now says nothing about it. The next run "
            "records it as NOT_RUN"
        )
    return dg.RunRequest(
        tags={SLOT_TAG: night.isoformat(), DUE_TAG: due.astimezone(UTC).isoformat()}
    )
