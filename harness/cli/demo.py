"""`seatrial demo` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Debug, log_debugging
from harness.say import complain


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where results go.")] = Path("out/demo"),
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the servers running.")] = False,
    scale: Annotated[
        float, typer.Option(min=0.01, max=1, metavar="SF", help="TPC-H scale factor.")
    ] = 0.01,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Moves every fault.")] = 7,
    debug: Debug = False,
) -> None:
    """Start five real servers, prove them as found, repair them, prove them again, and go on to
    READY by 60 replayed nights and the signatures of three roles, for practice.

    Exit code 0 when every planted fault was found, nothing else was, the repaired sources show
    nothing broken, and the gate opens; 1 otherwise.
    """
    log_debugging(debug)
    from rich.console import Console

    from harness.definitions import train
    from harness.onboarding.demo import demo as run_demo

    shortfalls = run_demo(
        out=out, keep=keep, scale=scale, seed=seed, console=Console(), train=train
    )
    for shortfall in shortfalls:
        complain(f"seatrial: the demo fell short: {shortfall}")
    raise typer.Exit(1 if shortfalls else 0)
