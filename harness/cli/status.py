"""`seatrial status` on the command line."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder


def status(
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Show how the pilot stands now, over all its runs: what is proven, waived, or too old.

    Reads the ledger and no source. Ends as prove does.
    """
    from harness import verdict
    from harness.ledger.ledger import utc_now
    from harness.onboarding.status import stand
    from harness.pilot.place import place
    from harness.report.summary import stands
    from harness.report.terminal import print_standing

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    found = stand(here, ledger=ledger, environ=os.environ, now=utc_now())
    name = f"{here.loaded.pilot.name} ({here.environment})"
    print_standing(found.judged, found.without_effect, stands(found.judged, name, found.at))
    raise typer.Exit(verdict.exit_code([one.outcome for one in found.judged]))
