"""`seatrial ui` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder


def ui(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Out = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000,
    storage: Annotated[
        str | None,
        typer.Option(
            metavar="REF",
            help="Dagster's own records: where PostgreSQL's URL is; SQLite files in --out.",
        ),
    ] = None,
    ledger: LedgerReference = None,
) -> None:
    """Open the pilot in Dagster on loopback: run proofs, read checks, schedule nights."""
    from harness.dagster.ui import ui as run_ui
    from harness.pilot.place import place

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    run_ui(here, port=port, storage=storage, ledger=ledger)
