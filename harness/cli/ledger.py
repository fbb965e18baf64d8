"""`seatrial ledger archive` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder
from harness.say import say


def archive(
    pilot: PilotFolder = None,
    *,
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="A folder that is there, for archives.")
    ],
    environment: Environment = "dev",
    ledger: LedgerReference = None,
    out: Out = None,
) -> None:
    """Close the ledger as a read-only archive, and begin one that continues it.

    The archive has all of it. The next one has what later runs take up: verdicts are as they would
    have been.
    """
    from harness.clock import Clock
    from harness.ledger.ledger import utc_now
    from harness.onboarding.archive import archive as close
    from harness.pilot.place import place

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    for line in close(here, ledger=ledger, to=to, environ=os.environ, clock=Clock(now=utc_now)):
        say(line)
