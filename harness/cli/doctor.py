"""`seatrial doctor` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Debug, Environment, PilotFolder, log_debugging


def doctor(
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where results would go; out/PILOT.")
    ] = None,
    trace: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Show one exchange with this API, or SOURCE.DATASET, and how it was read.",
        ),
    ] = None,
    debug: Debug = False,
) -> None:
    """Check the set-up: machine, pilot, variables, secret files, log-ins; no data is read.

    With --trace one page of a source is asked for, and no row of it is shown or kept.
    """
    log_debugging(debug)
    from rich.console import Console

    if trace is not None:
        from harness.onboarding.doctor_trace import trace as run_trace

        raise typer.Exit(
            run_trace(
                pilot,
                source=trace,
                start=Path.cwd(),
                environment=environment,
                environ=os.environ,
                console=Console(),
            )
        )
    from harness.ledger.ledger import utc_now
    from harness.onboarding.doctor import doctor as run_doctor

    raise typer.Exit(
        run_doctor(
            pilot,
            start=Path.cwd(),
            environment=environment,
            out=out,
            environ=os.environ,
            now=utc_now(),
            console=Console(),
        )
    )
