"""`seatrial ack` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder
from harness.say import say


def ack(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="As it stands under owners.")],
    environment: Environment = "dev",
    source: Annotated[
        list[str] | None, typer.Option(metavar="S", help="Only this source; repeatable.")
    ] = None,
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Acknowledge: you answer for your sources, and know what is wrong with them.

    It is recorded in the ledger. Their open incidents are no longer escalated, and `owned` takes
    your word from the next run on.
    """
    from harness.clock import Clock
    from harness.ledger.ledger import utc_now
    from harness.onboarding.acknowledge import acknowledge
    from harness.pilot.place import place

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    for line in acknowledge(
        here,
        by=by,
        sources=source or (),
        ledger=ledger,
        environ=os.environ,
        clock=Clock(now=utc_now),
    ):
        say(line)
