"""`seatrial drift` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import (
    Datasets,
    Debug,
    Environment,
    Junit,
    LedgerReference,
    Out,
    PilotFolder,
    Quiet,
    log_debugging,
    require_places,
)
from harness.cli.outcome import end


def drift(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    dataset: Datasets = None,
    out: Out = None,
    ledger: LedgerReference = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write drift.json here as well.")
    ] = None,
    junit: Junit = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Ask a pilot's sources for their columns alone, and judge what changed. Reads no rows."""
    log_debugging(debug)
    from rich.console import Console

    from harness.ledger.ledger import utc_now
    from harness.pilot import loading as pilots
    from harness.pilot.connect import require_reference
    from harness.pilot.place import results
    from harness.report.progress import show_progress
    from harness.run import helper, old_report
    from harness.run.config import Job, RunConfig
    from harness.run.drift import look_for_drift, plan_drift
    from harness.run.launch import COMMAND_LINE, launch_by
    from harness.run.slot import slot

    now = utc_now()
    require_places({"--json": json, "--junit": junit})
    helper.start()
    if ledger is not None:
        require_reference("ledger", ledger)
    loaded = pilots.load_chosen(pilot, start=Path.cwd())
    loaded.environment(environment)
    config = RunConfig(
        loaded=loaded,
        environment=environment,
        slot=slot(None, zone=loaded.zone, now=now),
        due_at=now,
        planned=plan_drift(loaded.pilot, dataset or ()),
        out=out or results(loaded.pilot.name),
        environ=os.environ,
        ledger=ledger,
        launch=launch_by(COMMAND_LINE),
        job=Job.DRIFT,
    )
    report = config.published[-1]
    try:
        with show_progress(Console(stderr=True, quiet=quiet)) as progress:
            result = look_for_drift(config, progress=progress)
    except BaseException:
        old_report.tell(report, of=config.run_id)
        raise
    end(result, report, json=json, junit=junit, quietly=quiet)
