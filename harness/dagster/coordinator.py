"""Who started a run: a tag of it, given by the web process and by nobody else."""

from __future__ import annotations

from dagster._core.run_coordinator.base import SubmitRunContext
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator
from dagster._core.storage.dagster_run import DagsterRun

from harness.dagster.run import USER_TAG
from harness.dagster.web.access import VISITOR, Visitor

ROLE_TAG = "seatrial/role"
"""Beside the tag with the person: as what they started the run."""


class AttributedRuns(QueuedRunCoordinator):
    """Dagster's queue of runs. Dagster offers this seam to record who starts one."""

    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        """Queue a run with the tags of who submits it, whatever the request itself claims."""
        scope = getattr(getattr(context.workspace, "source", None), "scope", {})
        visitor = scope.get(VISITOR)
        if isinstance(visitor, Visitor):
            tags = {USER_TAG: visitor.user, ROLE_TAG: str(visitor.role)}
            self._instance.add_run_tags(context.dagster_run.run_id, tags)
        return super().submit_run(context)
