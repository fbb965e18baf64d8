"""Options that several commands share."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from harness.say import visible

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


class _Visible(logging.Formatter):
    """Log lines, tracebacks among them, of which none can steer the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(visible, super().format(record).splitlines()))


def log_debugging(debug: bool) -> None:  # noqa: FBT001 - the value of a flag
    """Log debugging messages, which show a defect in our code."""
    if debug:
        handler = logging.StreamHandler()
        handler.setFormatter(_Visible(logging.BASIC_FORMAT))
        logging.basicConfig(level=logging.WARNING, handlers=[handler])
        logging.getLogger("seatrial").setLevel(logging.DEBUG)
