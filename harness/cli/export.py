"""`seatrial export` on the command line."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, PilotFolder
from harness.say import say

_DAY = "%Y-%m-%d"


def export(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The bundle, a new folder; one in RESULTS."),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option("--results", metavar="RESULTS", help="Where its ledger is; out/PILOT."),
    ] = None,
    ledger: LedgerReference = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", metavar="DATE", formats=[_DAY], help="The first night; all."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--until", metavar="DATE", formats=[_DAY], help="The last night; all."),
    ] = None,
) -> None:
    """Write a signed bundle of what was proven, for people who do not trust us. Reads no source.

    It holds facts, judgements, the report, and what auditors' tools import. seatrial verify checks
    it, and so do openssl and sha256sum, as its VERIFY.md says.
    """
    from harness.evidence.export import Asked
    from harness.evidence.export import export as write
    from harness.ledger.ledger import utc_now
    from harness.pilot.place import place

    here = place(pilot, environment=environment, out=results, start=Path.cwd())
    asked = Asked(out=out, first=_day(first), last=_day(last))
    folder = write(here, asked, ledger=ledger, environ=os.environ, now=utc_now())
    say(f"Evidence bundle: {folder}")


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()
