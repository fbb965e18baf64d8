"""Ends, in Dagster's storage, runs whose processes are gone: they were killed with `seatrial ui`.

Dagster asks a launcher whether a run's process lives; its launcher for one machine cannot tell.
Such a run would be started for ever. As one run is done at a time, no night would begin after it,
and to start it again would be refused (fault L13). In the ledger the next run marks it.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from harness.errors import ConfigurationError
from harness.ledger import lock

_SAYS = "the processes that it ran in are gone: seatrial ui was killed, or its machine went down"
_UNDER_WAY = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]


def end_leftovers(instance: DagsterInstance, out: Path) -> tuple[str, ...]:
    """The ids of the runs that were ended; none while a run writes its results to `out`, for then
    somebody's processes live. Call it before anything that starts runs.
    """
    with suppress(ConfigurationError), lock.hold(out / "run.lock", what=str(out)):
        gone = instance.get_runs(RunsFilter(statuses=_UNDER_WAY))
        for run in gone:
            instance.report_run_failed(run, _SAYS)
        return tuple(run.run_id for run in gone)
    return ()


def main(out: str) -> None:
    """Of the instance that the environment names."""
    with DagsterInstance.get() as instance:
        end_leftovers(instance, Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
