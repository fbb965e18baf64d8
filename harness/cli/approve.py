"""`seatrial baseline approve` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder
from harness.errors import ConfigurationError
from harness.say import say


def approve(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers for it.")],
    environment: Environment = "dev",
    dataset: Annotated[
        list[str] | None, typer.Option(metavar="D", help="Only this dataset; repeatable.")
    ] = None,
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Approve the columns that the newest run saw; what changed since the last time is shown.

    A dataset that it did not see whole is told, and the others are approved: exit code 2.
    """
    from harness.ledger.ledger import utc_now
    from harness.pilot import loading as pilots
    from harness.pins import baseline as baselines

    loaded = pilots.load_chosen(pilot, start=Path.cwd())
    told = baselines.approve(
        loaded,
        environment=environment,
        by=by,
        today=utc_now().astimezone(loaded.zone).date(),
        datasets=dataset or (),
        out=out or Path("out") / loaded.pilot.name,
        ledger=ledger,
        environ=os.environ,
    )
    for one in told:
        say(baselines.summarize(one))
    left_out = [one.dataset for one in told if isinstance(one, baselines.NotApproved)]
    if left_out:
        asked = sum(not isinstance(one, baselines.Dropped) for one in told)
        raise ConfigurationError(
            f"{len(left_out)} of {asked} datasets not approved ({', '.join(left_out)}): "
            "do what is said of each, and approve again"
        )
