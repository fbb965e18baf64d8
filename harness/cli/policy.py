"""`seatrial policy sign` and `seatrial policy show` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder
from harness.say import say

Trust = Annotated[
    Path | None,
    typer.Option("--trust", metavar="FILE", help="The register of keys; signing.trust."),
]


def sign(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="The person who signs.")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="security or legal.")],
    key: Annotated[
        str, typer.Option("--key", metavar="REF", help="Their key: file:/path, transit:, pkcs11:.")
    ],
    why: Annotated[
        str | None, typer.Option("--why", metavar="TEXT", help="Why something changes.")
    ] = None,
    trust: Trust = None,
    environment: Environment = "dev",
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Sign what is promised, how much proof is enough and what must arrive, before it is read.

    Whoever signs first makes the policy; the other role signs the same. Where the pilot promises
    something else later, the signature is on an amendment: old and new, who and why.
    """
    from harness.clock import Clock
    from harness.ledger.ledger import utc_now
    from harness.onboarding import policy
    from harness.onboarding.person import Person
    from harness.pilot.place import place

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    asked = policy.Asked(person=Person(by=by, role=role, key=key, trust=trust), why=why)
    clock = Clock(now=utc_now)
    for line in policy.sign(here, asked, ledger=ledger, environ=os.environ, clock=clock):
        say(line)


def show(
    pilot: PilotFolder = None,
    *,
    trust: Trust = None,
    environment: Environment = "dev",
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Show who signed the policy, what changed since, and what never arrived.

    Ends with 3 unless all was signed in time, kept, and arrived.
    """
    from harness.clock import Clock
    from harness.ledger.ledger import utc_now
    from harness.onboarding import policy
    from harness.pilot.place import place
    from harness.policy.words import describe

    here = place(pilot, environment=environment, out=out, start=Path.cwd())
    clock = Clock(now=utc_now)
    found = policy.look(here, ledger=ledger, environ=os.environ, trust=trust, clock=clock)
    for line in describe(found):
        say(line)
    if not found.good:
        raise typer.Exit(3)
