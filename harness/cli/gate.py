"""`seatrial gate` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out
from harness.say import say

Bundle = Annotated[
    Path,
    typer.Argument(metavar="DIR", help="The bundle, as `export` wrote it, with sign-offs."),
]
Pilot = Annotated[
    Path | None,
    typer.Argument(metavar="PILOT", help="Its pilot, whose ledger tells how last night went."),
]


def gate(  # noqa: PLR0913 - the options of a command line
    folder: Bundle,
    pilot: Pilot = None,
    *,
    trust: Annotated[
        Path, typer.Option(metavar="KEYS", help="Your register of keys, from outside the bundle.")
    ],
    environment: Environment = "dev",
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Ask whether a model may be trained: all signed, and the newest night still what was signed.

    Exit code 0 where it is open, 1 where it is refused, 3 where a signature, the ledger or a fresh
    night is missing.
    """
    from harness.ledger.ledger import utc_now
    from harness.pilot.place import place
    from harness.pilot.signing import read_register
    from harness.signoff.ask import ask
    from harness.signoff.words import lines

    here = None
    if pilot is not None:
        here = place(pilot, environment=environment, out=out, start=Path.cwd())
    decision = ask(
        folder,
        here,
        environment=environment,
        register=read_register(trust),
        ledger=ledger,
        environ=os.environ,
        now=utc_now(),
    )
    for line in lines(decision):
        say(line)
    raise typer.Exit(decision.code)
