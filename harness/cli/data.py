"""`seatrial data` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder
from harness.say import complain, say


def data(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="As source.dataset.")],
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Print digest and path of proven data, as sha256sum does; read no source.

    If there are none, one line says which claim is not proven: exit codes as for prove, 1 also for
    a file that was changed or is gone.
    """
    from harness.pilot.place import place
    from harness.run.data import data as find

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    answer = find(here, dataset, reference=ledger, environ=os.environ)
    if answer.code:
        complain(f"seatrial: {answer.says}")
    else:
        say(answer.says)
    raise typer.Exit(answer.code)
