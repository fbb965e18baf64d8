"""`seatrial draft` on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Debug, Environment, PilotFolder, SourceName, log_debugging
from harness.say import say


def draft(  # noqa: PLR0913 - the options of a command line
    source: SourceName,
    pilot: PilotFolder = None,
    *,
    environment: Environment = "dev",
    dataset: Annotated[
        list[str] | None,
        typer.Option(metavar="D", help="Only this dataset; repeatable. All without a contract."),
    ] = None,
    schema: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="All tables of this schema that have no contract."),
    ] = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Write contracts/D.py instead of printing it; none is overwritten."
        ),
    ] = False,
    debug: Debug = False,
) -> None:
    """Ask a source what its datasets look like; draft contracts for their owners to confirm."""
    log_debugging(debug)
    from harness.onboarding import draft as drafts
    from harness.pilot import loading as pilots

    loaded = pilots.load_chosen(pilot, start=Path.cwd())
    planned = drafts.plan_drafts(
        loaded,
        environment=environment,
        source=source,
        datasets=dataset or (),
        schema=schema,
        environ=os.environ,
    )
    if planned.fresh:
        drafts.show_tables(planned.fresh)
    if write:
        for path, says in drafts.write(planned.texts(), loaded.folder / "contracts"):
            name = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
            say(f"{name}: {says}")
    else:
        drafts.show(planned.texts())
