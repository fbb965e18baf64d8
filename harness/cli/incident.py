"""`seatrial incident` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder
from harness.say import say


def incident(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    source: Annotated[
        list[str] | None, typer.Option(metavar="S", help="Only this source; repeatable.")
    ] = None,
    mended: Annotated[bool, typer.Option("--all", help="Those that are mended, too.")] = False,
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Tell each open incident: onset, detected, told, acknowledged, mended, what next and who."""
    from harness.ledger.ledger import utc_now
    from harness.onboarding.incidents import tell_incidents
    from harness.pilot.place import place

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    for line in tell_incidents(
        here,
        sources=source or (),
        mended=mended,
        ledger=ledger,
        environ=os.environ,
        now=utc_now(),
    ):
        say(line)
