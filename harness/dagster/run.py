"""A Dagster run is one run of ours: one ledger entry chain, one lock, one plan.

It opens when Dagster sets up its resources and ends when Dagster tears them down. FINISHED means
that every verdict planned for the selection was judged, with or without evidence written from it;
anything less, be it a failed step, a cancelled or a killed run, is INTERRUPTED.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg

from connectors.errors import SourceError
from harness.clock import Clock
from harness.dagster import keys
from harness.errors import ConfigurationError, Unfinished
from harness.pilot.model import LoadedPilot
from harness.run.run import Run, finish, running
from harness.run.slot import slot

SLOT_TAG = "seatrial/slot"
"""A run's tag with the night it belongs to; without it, today in the pilot's zone."""


class NotStarted(dg.DagsterError):
    """The set-up is wrong, or the secret store gives nothing; no source was read. Dagster shows
    its errors without another around.
    """


def resource(  # noqa: PLR0913 - a run is of a pilot, somewhere, and leaves its mark somewhere
    loaded: LoadedPilot,
    *,
    environment: str,
    out: Path,
    environ: Mapping[str, str],
    clock: Clock,
    ledger: str | None,
) -> dg.ResourceDefinition:
    """The open run, for the steps of one Dagster run."""

    @dg.resource(description="The open run of Seatrial: its ledger, lock and plan.")
    def run(context: dg.InitResourceContext) -> Iterator[Run]:
        of = context.run
        assert of is not None
        try:
            with attended(
                loaded,
                of,
                environment=environment,
                out=out,
                environ=environ,
                clock=clock,
                ledger=ledger,
            ) as opened:
                yield opened
        except (ConfigurationError, SourceError) as error:
            raise NotStarted(str(error)) from None

    return run


@contextmanager
def attended(  # noqa: PLR0913 - a run is of a pilot, somewhere, for a night, with a plan
    loaded: LoadedPilot,
    of: dg.DagsterRun,
    *,
    environment: str,
    out: Path,
    environ: Mapping[str, str],
    clock: Clock,
    ledger: str | None = None,
) -> Iterator[Run]:
    """Our run for one of Dagster's, finished or interrupted when it ends."""
    night = slot(of.tags.get(SLOT_TAG), zone=loaded.zone, now=clock.now())
    with (
        suppress(Unfinished),
        running(
            loaded,
            environment=environment,
            slot=night,
            planned=keys.selected(loaded.pilot, of),
            out=out,
            environ=environ,
            clock=clock,
            run_id=of.run_id,
            ledger=ledger,
        ) as run,
    ):
        yield run
        if run.ledger.state(run.header.run) == "RUNNING":
            if not judged(run):
                raise Unfinished
            finish(run)


def judged(run: Run) -> bool:
    """Whether every planned verdict of the run is there."""
    return run.judged.keys() >= set(run.planned)
