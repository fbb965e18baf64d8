"""`seatrial simulate` on the command line."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import PilotFolder
from harness.say import say

_MOST = 1_000_000


def simulate(
    pilot: PilotFolder = None,
    *,
    dataset: Annotated[
        list[str] | None, typer.Option(metavar="D", help="Only this dataset; repeatable.")
    ] = None,
    nights: Annotated[
        int, typer.Option(min=60, max=2_000, help="How long the virtual calendar is.")
    ] = 400,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=_MOST, help="Repeats a run that printed it; drawn anew."),
    ] = None,
) -> None:
    """Plant faults in a virtual calendar, and say which of them the pilot's promises make ring.

    Asks no source and records nothing. Exit codes: 0 every planted fault rang and nothing else
    did - 1 one was missed, or there was a false alarm - 3 one cannot ring, for nothing is promised
    - 4 a contract cannot be judged.
    """
    from harness.ledger.ledger import utc_now
    from harness.onboarding.simulate import simulate as run_simulation
    from harness.pilot import loading

    loaded = loading.load_chosen(pilot, start=Path.cwd())
    code = run_simulation(
        loaded,
        datasets=dataset or (),
        nights=nights,
        seed=secrets.randbelow(_MOST) if seed is None else seed,
        first=utc_now().date().replace(month=1, day=1),
        say=say,
    )
    raise typer.Exit(code)
