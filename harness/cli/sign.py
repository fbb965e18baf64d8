"""`seatrial sign` on the command line."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.gate import Bundle, Pilot
from harness.cli.options import Environment, LedgerReference, Out, require_places
from harness.errors import ConfigurationError, suggest
from harness.say import say


def sign(  # noqa: PLR0913 - the options of a command line
    folder: Bundle,
    pilot: Pilot = None,
    *,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="engineering, security, legal or owner.")
    ],
    trust: Annotated[
        Path, typer.Option(metavar="KEYS", help="Your register of keys, from outside the bundle.")
    ],
    by: Annotated[str | None, typer.Option(metavar="NAME", help="The person who signs.")] = None,
    key: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Their key: file:/path, transit:, pkcs11:. Shows only."),
    ] = None,
    decision: Annotated[
        str, typer.Option(metavar="WORD", help="approve, conditions or refuse.")
    ] = "approve",
    condition: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="Approved if this; repeatable.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why it is refused or revoked.")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day on which it counts; in 30 days."),
    ] = None,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Take back what this role signed of this bundle.")
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Write a page to sign by hand, and sign nothing."),
    ] = None,
    scan: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The scan of that page, signed: .pdf, .png or .jpg."),
    ] = None,
    countersigned_by: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The engineer whose key says that the scan is genuine."),
    ] = None,
    environment: Environment = "dev",
    out: Out = None,
    ledger: LedgerReference = None,
) -> None:
    """Show what a bundle proves and does not, and sign it in one role.

    Without --key nothing is signed: it shows what would be. The signature is a file in
    DIR/signoff; where PILOT is named, its ledger keeps it, too.
    """
    from harness.clock import Clock
    from harness.evidence.verify.words import paragraph
    from harness.ledger.ledger import utc_now
    from harness.pilot.place import place
    from harness.pilot.signing import read_register
    from harness.signoff import page as pages
    from harness.signoff.look import look
    from harness.signoff.records import Decision
    from harness.signoff.sign import Asked, Ledger, require_verified
    from harness.signoff.sign import sign as give

    words = ("approve", "conditions", "refuse")
    if decision not in words:
        raise ConfigurationError(
            f"--decision {decision}: unknown decision: {suggest(decision, words)}"
        )
    require_places({"--page": page})
    register = read_register(trust)
    looked = look(folder, register=register, now=utc_now())
    require_verified(folder, looked)
    for line in pages.told(looked):
        say(line)
    if page is not None:
        pages.write(page, looked, role=role, by=by)
        say(f"page to sign by hand: {page}")
        return
    if key is None or by is None:
        say("nothing was signed: --by NAME --key REF signs it")
        return
    asked = Asked(
        folder=folder,
        role=role,
        by=by,
        key=key,
        decision=Decision.REVOKE if revoke else Decision(decision),
        conditions=tuple(condition or ()),
        reason=reason,
        until=None if until is None else until.date(),
        scan=scan,
        attested_by=countersigned_by,
    )
    kept = None
    if pilot is not None:
        here = place(pilot, environment=environment, out=out, start=Path.cwd())
        kept = Ledger(here=here, reference=ledger)
    clock = Clock(now=utc_now)
    for line in give(asked, looked, register, ledger=kept, environ=os.environ, clock=clock):
        for part in paragraph("", line):
            say(part)
