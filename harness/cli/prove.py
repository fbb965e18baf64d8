"""`seatrial prove` on the command line."""

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


def prove(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    dataset: Datasets = None,
    claim: Annotated[
        list[str] | None, typer.Option(metavar="C", help="Only this claim; repeatable.")
    ] = None,
    slot: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="The night it is recorded for; today. An earlier one is good only by files that "
            "carry their own day.",
        ),
    ] = None,
    out: Out = None,
    ledger: LedgerReference = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write verdicts.json here as well.")
    ] = None,
    junit: Junit = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Read a pilot's sources, evaluate them against their contracts, and judge every claim."""
    log_debugging(debug)
    from rich.console import Console

    from harness.ledger.ledger import utc_now
    from harness.pilot import loading as pilots
    from harness.pilot.connect import require_reference
    from harness.pilot.place import results
    from harness.pilot.plan import plan
    from harness.report.progress import show_progress
    from harness.run import helper, old_report
    from harness.run.config import RunConfig
    from harness.run.launch import COMMAND_LINE, launch_by
    from harness.run.prove import prove as run_prove
    from harness.run.slot import slot as night

    now = utc_now()
    require_places({"--json": json, "--junit": junit})
    helper.start()
    if ledger is not None:
        require_reference("ledger", ledger)
    try:
        loaded = pilots.load_chosen(pilot, start=Path.cwd())
    except BaseException:
        if name := pilots.likely_name(pilot, start=Path.cwd()):
            report = (out or results(name)) / "report.html"
            old_report.refused(report, at=now)
            old_report.tell(report)
        raise
    loaded.environment(environment)
    config = RunConfig(
        loaded=loaded,
        environment=environment,
        slot=night(slot, zone=loaded.zone, now=now),
        due_at=now,
        planned=plan(loaded.pilot, datasets=dataset or (), claims=claim or ()),
        out=out or results(loaded.pilot.name),
        environ=os.environ,
        ledger=ledger,
        launch=launch_by(COMMAND_LINE),
    )
    report = config.published[-1]
    try:
        with show_progress(Console(stderr=True, quiet=quiet)) as progress:
            result = run_prove(config, progress=progress)
    except BaseException:
        old_report.tell(report, of=config.run_id)
        raise
    end(result, report, json=json, junit=junit, quietly=quiet)
