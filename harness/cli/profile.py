"""`seatrial profile` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Debug, PilotFolder, log_debugging
from harness.say import say


def profile(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Training data, Parquet or CSV.")],
    pilot: PilotFolder = None,
    *,
    dataset: Annotated[str, typer.Option(metavar="D", help="The dataset that it was drawn from.")],
    debug: Debug = False,
) -> None:
    """Pin the training data's profile; stable_values compares later values with it."""
    log_debugging(debug)
    from harness.ledger.ledger import utc_now
    from harness.onboarding.profile import profile as run_profile

    for line in run_profile(pilot, file, dataset=dataset, start=Path.cwd(), now=utc_now()):
        say(line)
