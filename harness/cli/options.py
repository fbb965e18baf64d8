"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from harness import say
from harness.errors import ConfigurationError
from harness.folders import require_replaceable

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
Datasets = Annotated[
    list[str] | None,
    typer.Option("--dataset", metavar="D", help="Only this dataset; repeatable."),
]
Junit = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="Write JUnit XML for a CI server."),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", help="Print nothing unless something is not proven.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks; may show data.")]


def log_debugging(debug: bool) -> None:  # noqa: FBT001 - the value of a flag
    """Log debugging messages, which show a defect in our code."""
    if debug:
        say.log_debugging()


def require_places(files: Mapping[str, Path | None]) -> None:
    """Raise ConfigurationError for a file, by its option, that cannot be one."""
    for option, file in files.items():
        if file is not None and (file.is_dir() or not file.parent.is_dir()):
            raise ConfigurationError(f"{option} {file}: name a file in a folder that exists")
        if file is not None:
            try:
                require_replaceable(file)
            except ConfigurationError as error:
                raise ConfigurationError(f"{option} {error}") from error
