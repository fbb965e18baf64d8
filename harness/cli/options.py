"""Options that several commands share."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

PilotFolder = Annotated[
    Path | None,
    typer.Argument(metavar="PILOT", help="Folder with pilot.py and pilot.yaml; the one here."),
]
SourceName = Annotated[str, typer.Argument(metavar="SOURCE", help="Its name in pilot.py.")]
Environment = Annotated[
    str, typer.Option("--env", metavar="NAME", help="Which environment of pilot.yaml.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Ledger, report, verdicts; out/PILOT."),
]
LedgerReference = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="REF",
        help="Where PostgreSQL's URL is: env:NAME or file:/path; a SQLite file in --out.",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks; may show data.")]


def log_debugging(debug: bool) -> None:  # noqa: FBT001 - the value of a flag
    """Log debugging messages, which show a defect in our code."""
    if debug:
        logging.basicConfig(level=logging.WARNING)
        logging.getLogger("seatrial").setLevel(logging.DEBUG)
