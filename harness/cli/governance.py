"""`seatrial governance` on the command line."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from harness.cli.options import Environment, LedgerReference, PilotFolder, require_places
from harness.say import complain, say

if TYPE_CHECKING:
    from harness.governance.decision_log import Malformed
    from harness.onboarding.governance import Looked

Log = Annotated[Path, typer.Argument(metavar="LOG", help="Sample decisions, one JSON each line.")]
Results = Annotated[
    Path | None,
    typer.Option("--results", metavar="RESULTS", help="Where its ledger is; out/PILOT."),
]
Page = Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write, in HTML.")]


def show(
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the list, and the lineage as a picture."),
    ] = None,
    results: Results = None,
    ledger: LedgerReference = None,
) -> None:
    """Show what of governance is filled by facts, what by people, what is missing and whose it is.

    Ends with 3 unless nothing is missing. Reads pilot, contracts and ledger, and no source.
    """
    from harness.governance.words import describe
    from harness.onboarding.governance import write

    looked = _look(pilot, environment, results, ledger)
    found = looked.checklist
    for line in describe(found):
        say(line)
    for path in write(looked, out) if out else ():
        say(f"  {path}")
    if not found.complete:
        raise typer.Exit(3)


def log(
    file: Log,
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    results: Results = None,
    ledger: LedgerReference = None,
) -> None:
    """Check sample decisions against the format that pilot.yaml declares; repeat no value of them.

    Ends with 1 at the first line that breaks it, and with 3 for a log without any decision.
    """
    from harness.governance.decision_log import Malformed
    from harness.onboarding.governance import read_log

    looked = _look(pilot, environment, results, ledger)
    try:
        checked = sum(1 for _ in read_log(looked.known, file))
    except Malformed as malformed:
        _refuse(file, malformed)
    if not checked:
        _empty(file)
    say(f"{file}: {checked:,} decisions keep the format, in an unbroken sequence")


def trace(  # noqa: PLR0913 - the options of a command line
    file: Log,
    pilot: PilotFolder = None,
    *,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="Which decision; chance chooses without it."),
    ] = None,
    environment: Environment = "dev",
    results: Results = None,
    ledger: LedgerReference = None,
) -> None:
    """Follow one decision, chosen by chance, to the data in the ledger that it was made of.

    Ends with 3 where it cannot be followed to its end. The seed that is shown chooses it again.
    """
    from harness.governance.decision_log import Malformed
    from harness.governance.words import follow as lines
    from harness.onboarding.governance import follow

    looked = _look(pilot, environment, results, ledger)
    by = secrets.randbelow(1 << 32) if seed is None else seed
    try:
        found = follow(looked.known, file, seed=by)
    except Malformed as malformed:
        _refuse(file, malformed)
    if found is None:
        _empty(file)
    say(f"seed {by}: --seed {by} chooses the same decision again")
    for line in lines(found):
        say(line)
    if found.gaps:
        raise typer.Exit(3)


def letter(  # noqa: PLR0913 - the options of a command line
    file: Log,
    pilot: PilotFolder = None,
    *,
    decision: Annotated[str, typer.Option("--decision", metavar="ID", help="Which decision.")],
    out: Page,
    environment: Environment = "dev",
    results: Results = None,
    ledger: LedgerReference = None,
) -> None:
    """Write the letter to whom a decision affects: why, of what, and what they can do."""
    from harness.governance.decision_log import Malformed
    from harness.onboarding.governance import write_letter

    require_places({"--out": out})
    looked = _look(pilot, environment, results, ledger)
    try:
        write_letter(looked, file, decision=decision, out=out)
    except Malformed as malformed:
        _refuse(file, malformed)
    say(f"Letter: {out}")


def closing(  # noqa: PLR0913 - the options of a command line
    pilot: PilotFolder = None,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who ends the pilot.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="For what reason.")],
    out: Page,
    environment: Environment = "dev",
    results: Results = None,
    ledger: LedgerReference = None,
) -> None:
    """Write the closing report of a pilot that ends: every run, the outcome, what is open."""
    from harness.onboarding.governance import write_closing

    require_places({"--out": out})
    looked = _look(pilot, environment, results, ledger)
    write_closing(looked, by=by, why=why, out=out)
    say(f"Closing report: {out}")


def _look(
    pilot: Path | None, environment: str, results: Path | None, ledger: str | None
) -> Looked:
    from harness.ledger.ledger import utc_now
    from harness.onboarding.governance import look
    from harness.pilot.place import place

    here = place(pilot, environment=environment, out=results, start=Path.cwd())
    return look(here, ledger=ledger, environ=os.environ, now=utc_now())


def _refuse(file: Path, malformed: Malformed) -> NoReturn:
    complain(f"seatrial: {file}: {malformed}")
    raise typer.Exit(1)


def _empty(file: Path) -> NoReturn:
    complain(f"seatrial: {file}: it holds no decision, and nothing is shown by none")
    raise typer.Exit(3)
