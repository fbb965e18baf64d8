"""`seatrial init` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.say import say


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where it goes; made if need be.")],
    *,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The pilot's name; the folder's.")
    ] = None,
) -> None:
    """Lay out an engagement of your own; nothing that is there is overwritten."""
    from harness.onboarding.init import init as run_init

    for path in run_init(folder, name=name):
        say(path)
