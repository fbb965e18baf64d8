"""`seatrial key new` and `seatrial key show` on the command line."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, PilotFolder
from harness.say import say


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where no file is yet.")],
) -> None:
    """Make a signing key (Ed25519) in a new file that only you can read (mode 0600)."""
    import secrets

    from harness.onboarding.keys import new as write_new
    from harness.signing.ed25519 import key_id

    key = write_new(file, secrets.token_bytes(32))
    say(f"key {key_id(key.public)} written to {file}: keep a copy where nobody else reads it")
    say(f"  pilot.yaml: signing: {{key: file:{file.absolute()}}}")
    say("  register:   seatrial key show, for who checks what it signs")


def show(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="The person or system that holds it.")
    ],
    environment: Environment = "dev",
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="A key's file; the one of pilot.yaml."),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            help="prover, witness, engineering, owner, security or legal; repeatable; prover.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="Its first day without validity."),
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option("--register", metavar="FILE", help="Add it to this trust.json, too."),
    ] = None,
) -> None:
    """Show what a register of keys (trust.json) should say of a key: never its secret part.

    The register belongs to who checks evidence, outside ledger and bundle.
    """
    from harness.ledger.ledger import utc_now
    from harness.onboarding import keys
    from harness.pilot.place import place
    from harness.signing.register import line

    if file is not None:
        signer = keys.signer_in(file)
    else:
        here = place(pilot, environment=environment, out=None, start=Path.cwd())
        signer = keys.signer_of(here, os.environ)
    last = None if until is None else until.date()
    holder = keys.Holder(name=name, roles=role or ("prover",), until=last)
    entry = keys.entry(signer, holder, now=utc_now())
    if register is not None:
        keys.add(register, entry)
    say(line(entry))
