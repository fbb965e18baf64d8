"""`seatrial compare` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import LedgerReference

_OF = "A verdicts.json, a folder of results, a bundle, or a run's id."


def compare(
    before: Annotated[str, typer.Argument(metavar="A", help=_OF)],
    now: Annotated[str, typer.Argument(metavar="B", help="Another of the same pilot.")],
    *,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the ledger of a run named by its id is.")
    ] = Path(),
    ledger: LedgerReference = None,
) -> None:
    """Tell what changed from A to B, two runs of one pilot, and nothing else. Reads no source.

    Exit code 1 if anything is worse in B or no longer judged there, 0 otherwise: it speaks of the
    difference alone. Whether a bundle is intact, and who signed it, is what verify says.
    """
    from rich.console import Console

    from harness.evidence.changes import print_changes
    from harness.evidence.compare import compare as compare_sides
    from harness.evidence.sides import side
    from harness.ledger.ledger import utc_now
    from harness.pilot.connect import ledger_at
    from harness.pilot.references import References

    references = References(os.environ, vault=None, where="--ledger")
    place = ledger_at(ledger, out=out, references=references)
    at = utc_now()
    compared = compare_sides(side(before, place, now=at), side(now, place, now=at))
    print_changes(compared, Console())
    if compared.is_worse:
        raise typer.Exit(1)
