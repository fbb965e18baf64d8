"""Who started a run: a tag of it, given by the web process and by nobody else. And that nobody
starts the same twice: the sources would be read twice for one night.
"""

from __future__ import annotations

from dagster._core.instance import DagsterInstance
from dagster._core.run_coordinator.base import SubmitRunContext
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator
from dagster._core.storage.dagster_run import DagsterRun, DagsterRunStatus, RunsFilter

from harness.dagster.run import SLOT_TAG, USER_TAG
from harness.dagster.web.access import VISITOR, Visitor

ROLE_TAG = "seatrial/role"
"""Beside the tag with the person: as what they started the run."""
_LIVE = (
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
)


class AttributedRuns(QueuedRunCoordinator):
    """Dagster's queue of runs. Dagster offers this seam to record who starts one."""

    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        """Queue a run with the tags of who submits it, whatever the request itself claims."""
        scope = getattr(getattr(context.workspace, "source", None), "scope", {})
        visitor = scope.get(VISITOR)
        if isinstance(visitor, Visitor):
            tags = {USER_TAG: visitor.user, ROLE_TAG: str(visitor.role)}
            self._instance.add_run_tags(context.dagster_run.run_id, tags)
        if (twin := twin_of(context.dagster_run, self._instance)) is not None:
            says = (
                f"refused: run {twin.run_id} of the same night and the same checks has not ended; "
                "wait until it has, or end it first"
            )
            self._instance.report_run_canceled(context.dagster_run, message=says)
            return context.dagster_run
        return super().submit_run(context)


def is_ours(instance: DagsterInstance) -> bool:
    """Whether `seatrial ui` set the instance up: our door is then before its pages."""
    return isinstance(instance.run_coordinator, AttributedRuns)


def twin_of(run: DagsterRun, instance: DagsterInstance) -> DagsterRun | None:
    """Another run that is to judge the same for the same night, and has not ended."""
    live = instance.get_runs(RunsFilter(job_name=run.job_name, statuses=_LIVE))
    same = (one for one in live if one.run_id != run.run_id and _owes(one) == _owes(run))
    return next(same, None)


def _owes(run: DagsterRun) -> tuple[object, ...]:
    """The night, and what is judged of it. A run by hand has no tag of a night: it is of the day
    on which it is started.
    """
    night = run.tags.get(SLOT_TAG)
    return night, run.asset_selection, run.asset_check_selection, run.step_keys_to_execute
