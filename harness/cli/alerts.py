"""`seatrial alerts test` on the command line."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder
from harness.say import complain, say


def send_test(
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Send a test to every channel of an environment; exit code 4 if one did not take it."""
    from harness.clock import Clock
    from harness.ledger.ledger import utc_now
    from harness.onboarding.try_alerts import try_alerts
    from harness.pilot.place import place

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    tried = try_alerts(here, ledger=ledger, environ=os.environ, clock=Clock(now=utc_now))
    for one in tried:
        who = ", ".join(one.people) or "nobody: name somebody under alerts.people"
        if one.failure is None:
            say(f"{one.channel} ({one.kind}) took it, for {who}")
        else:
            complain(f"{one.channel} ({one.kind}) did not, for {who}: {one.failure}")
    raise typer.Exit(4 if any(one.failure for one in tried) else 0)
